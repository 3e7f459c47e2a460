"""How far a long job has come, in a small file beside what it writes or reads."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, BinaryIO, TypeVar

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T", bound="Exported | Imported")


@dataclass(frozen=True, slots=True)
class Exported:
    """What of an export is safely in its file.

    Attributes:
        service: The service's URL.
        user: The user whose share it is, or None for everything.
        cursor: Where the next page begins.
        size: How many bytes of the file count.
        records: How many records those are.
        finished: Whether that is all.
    """

    service: str
    user: str | None
    cursor: str | None = None
    size: int = 0
    records: int = 0
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """Up to where a file has been imported.

    Attributes:
        service: The service's URL.
        size: How many bytes of the file are done.
        lines: How many lines those are.
        digest: The SHA-256 of those bytes, in hexadecimal.
    """

    service: str
    size: int = 0
    lines: int = 0
    digest: str = ""


def load(path: Path, kind: type[T]) -> T | None:
    """Return what a file says, or None where there is none, or none that can be read."""
    try:
        return kind(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def save(path: Path, progress: Exported | Imported) -> None:
    """Write how far a job is, whole or not at all."""
    beside = path.with_name(f"{path.name}.new")
    with private(beside) as file:
        file.write(json.dumps(asdict(progress)).encode())
        flush(file)
    beside.replace(path)


def private(path: Path, flags: int = os.O_TRUNC) -> BinaryIO:
    """Open a file to write that only its owner may read, for it holds what users said."""
    # Without O_BINARY, Windows would write two bytes for each end of a line.
    flags |= os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def flush(file: BinaryIO) -> None:
    """Have what was written be there after a loss of power."""
    file.flush()
    os.fsync(file.fileno())


def reason(error: OSError) -> str:
    """Return what the system says is wrong, as the end of a sentence."""
    return (error.strerror or str(error)).lower()
