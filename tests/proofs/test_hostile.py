"""Hostile inputs, and what the service answers to each; its memory before and after.

scripts/prove hostile
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from tests.proofs.hostile import inputs
from tests.server.raw_client import exchange
from tests.server.service_process import service_process

if TYPE_CHECKING:
    from tests.proofs.hostile import Input
    from tests.server.raw_client import Answer

MOST_MIB = 300
"""How much the service may grow: a body of 10 MiB as Python's objects is a multiple of that."""

# The times of the real service, shortened so that the slow ones do not take minutes.
SHORTER = """
from langmem_server.connections import Connection
Connection.head_seconds, Connection.body_seconds = 1.0, 3.0
"""


def test_no_hostile_input_does_harm(tmp_path: Path) -> None:
    """Each gets one answer of 4xx with `detail`, or one that is right; the service goes on."""
    with service_process(tmp_path, SHORTER) as (process, client, log):
        address = ("127.0.0.1", client.base_url.port or 0)
        before = _mib(process.pid, "VmRSS")
        wrong = []
        for each in inputs():
            options = {"then_leave": each.leaves, "half_close": each.half_closes}
            found = exchange(address, *each.sent, **options)
            shown = _shown(each, found)
            print(f"{each.name:48} {shown}")
            if not _is_right(each, found):
                wrong.append(f"{each.name}: {shown}")
            assert client.get("/health").is_success, each.name
        after, most = _mib(process.pid, "VmRSS"), _mib(process.pid, "VmHWM")
    print(f"memory: {before} MiB before, {after} MiB after, {most} MiB at most")
    assert wrong == []
    assert most - before < MOST_MIB
    assert log.read_text() == ""


def _is_right(each: Input, found: list[Answer]) -> bool:
    if each.leaves:
        return found == []
    if len(found) != 1 or b"x-request-id: " not in found[0].head:
        return False
    [answer] = found
    if each.right:
        return 200 <= answer.status < 300
    return 400 <= answer.status < 500 and list(json.loads(answer.body)) == ["detail"]


def _shown(each: Input, found: list[Answer]) -> str:
    if not found:
        return "no answer: nobody is there"
    said = "; ".join(f"{a.status} {a.body[:70].decode(errors='replace')}" for a in found)
    return f"{found[0].status} right: {each.right}" if found[0].status < 300 else said


def _mib(pid: int, name: str) -> int:
    """Read how much memory a process has."""
    text = Path(f"/proc/{pid}/status").read_text()
    found = re.search(rf"{name}:\s+([0-9]+) kB", text)
    assert found is not None
    return int(found[1]) // 1024
