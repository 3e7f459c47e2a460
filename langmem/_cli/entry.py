"""`langmem` and `python -m langmem`: run the command, or say what is missing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_FAILED = 1
_INTERRUPTED = 130
_LIBRARIES = {"rich", "typer"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: The command line without the program's name; None reads the real one.

    Returns:
        The exit status; docs/cli.md lists them.

    Example:
        >>> from langmem._cli.entry import main
        >>> status = main(["--version"])
        langmem 0.1.0
    """
    try:
        # The base install has this package without the libraries it stands on.
        from langmem._cli.app import run  # noqa: PLC0415
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library not in _LIBRARIES:
            raise
        sentence = f'{library} is not installed: pip install "langmem[cli]"'
        print(f"langmem: {sentence}", file=sys.stderr)  # noqa: T201 - a program speaks
        return _FAILED
    except KeyboardInterrupt:
        return _INTERRUPTED
    return run(arguments)
