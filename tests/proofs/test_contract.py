"""schemathesis against the running service: every operation of the document, in all its phases.

scripts/prove contract

LANGMEM_PROOF_CONTRACT=1000 tries so many examples of each operation instead of two, and
LANGMEM_PROOF_CONTRACT_SECONDS=600 goes on trying until that time is spent.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from langmem_server import admin
from langmem_server.auth import APPLICATION
from langmem_server.contract import Contract
from tests.server.service_process import service_process

if TYPE_CHECKING:
    import httpx

ROOT: Final = Path(__file__).parents[2]
DOCUMENT: Final = ROOT / "generated/langmem_api/openapi.json"
EXAMPLES: Final = os.environ.get("LANGMEM_PROOF_CONTRACT", "2")
SECONDS: Final = int(os.environ.get("LANGMEM_PROOF_CONTRACT_SECONDS", "0"))
SEED: Final = 6
PHASES: Final = {"examples", "coverage", "fuzzing", "stateful"}


def test_the_service_does_as_the_document_says(tmp_path: Path) -> None:
    """All phases of schemathesis try all operations of a service with keys, and find nothing."""
    database, report = tmp_path / "langmem.db", tmp_path / "report.json"
    _, key = admin.create_key(database, "schemathesis", "tried", APPLICATION)
    with service_process(tmp_path) as (_, client, log):
        done = _schemathesis(client, key, report)
        assert client.get("/health").is_success
    print(done.stdout[done.stdout.rfind("=== SUMMARY") :], done.stderr)
    found = json.loads(report.read_bytes())
    _show(found)
    assert done.returncode == 0, done.stdout
    assert found["failures"] == []
    assert found["errors"] == []
    statuses = {name: phase["status"] for name, phase in found["phases"].items()}
    assert statuses == dict.fromkeys(PHASES, "success")
    assert found["operations"]["tested"] == len(Contract.load().operations)
    assert log.read_text() == ""


def _schemathesis(client: httpx.Client, key: str, report: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("schemathesis")
    options: dict[str, Any] = {
        "url": client.base_url,
        "header": f"x-api-key: {key}",
        "seed": SEED,
        "max-examples": EXAMPLES,
        "request-timeout": 30,
        "warnings": "off",
        "report": "json",
        "report-json-path": report,
    }
    given = [f"--{name}={value}" for name, value in options.items()]
    if SECONDS:
        given.append(f"--max-time={SECONDS}")
    return subprocess.run(
        [program, "run", DOCUMENT, *given, "--no-color"],
        cwd=ROOT,  # where schemathesis.toml is
        capture_output=True,
        text=True,
        check=False,
        timeout=2 * SECONDS + 300,
    )


def _show(found: dict[str, Any]) -> None:
    print(f"schemathesis {found['schemathesis_version']}, seed {found['seed']}", end=": ")
    print(f"{found['test_cases']['generated']} requests in {found['running_time']:.0f} s", end=", ")
    print(f"{len(found['failures'])} failures, {found['filtered']} refusals as they should be")
