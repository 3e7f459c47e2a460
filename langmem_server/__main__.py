"""`langmem-server` and `python -m langmem_server`: run the service, or say what is missing."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the service with the real command line; return the exit status."""
    try:
        # The base install has this package without the libraries it stands on.
        from langmem_server import cli  # noqa: PLC0415
    except ModuleNotFoundError as error:
        sentence = f'{error.name} is not installed: pip install "langmem[server]"'
        print(f"langmem-server: {sentence}", file=sys.stderr)  # noqa: T201 - a program speaks
        return 1
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
