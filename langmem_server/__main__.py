"""`python -m langmem_server`: the same as `langmem-server`."""

from __future__ import annotations

import sys

from langmem_server.cli import main

sys.exit(main())
