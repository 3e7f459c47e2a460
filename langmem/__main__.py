"""`python -m langmem` is the command `langmem`."""

from __future__ import annotations

import sys

from langmem._cli.entry import main

if __name__ == "__main__":
    sys.exit(main())
