"""Prints how fast the client is, beside httpx alone and beside other clients.

python benchmarks/client.py            the client beside httpx
python benchmarks/client.py --peers    other clients too, each in an environment of its own
python benchmarks/client.py --write    keeps the table in docs/performance.md
python benchmarks/client.py --quick    few rounds and small numbers: does it run?
"""

from __future__ import annotations

import sys
from pathlib import Path

# It is run by its path; what it consists of is found from the root.
sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks.report import main  # noqa: E402 - found by the line above

if __name__ == "__main__":
    main()
