"""schemathesis against the running service: every operation of the document, all its phases.

scripts/prove contract

LANGMEM_PROOF_CONTRACT=1000 tries so many examples of each operation instead of a few, within
LANGMEM_PROOF_CONTRACT_SECONDS (600).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from langmem_api import operations

from langmem_server import admin
from tests.server.service_process import service_process

if TYPE_CHECKING:
    import pytest

ROOT: Final = Path(__file__).parents[2]
DOCUMENT: Final = ROOT / "generated/langmem_api/openapi.json"
EXAMPLES: Final = os.environ.get("LANGMEM_PROOF_CONTRACT")
SECONDS: Final = os.environ.get("LANGMEM_PROOF_CONTRACT_SECONDS", "600") if EXAMPLES else "40"
SEED: Final = "6"
PHASES: Final = ("examples", "coverage", "fuzzing", "stateful")
