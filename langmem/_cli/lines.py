"""A file of JSON Lines, read as batches of records, one batch in memory at a time."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final
from uuid import UUID, uuid5

from langmem._cli.failures import MISUSED, CommandError
from langmem._cli.journal import Imported

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MAX_RECORDS: Final = 500
MAX_BYTES: Final = 4 * 1024 * 1024
MAX_LINE: Final = 10 * 1024 * 1024

_MESSAGE_IDS: Final = UUID("3b8f0a52-6c1d-4f0e-9a77-52d1c0e6b9d4")


@dataclass(frozen=True, slots=True)
class Line:
    """A record and where it was.

    Attributes:
        record: The record.
        derived: Whether its id was made of the file's text up to it.
        number: The number of its line, from 1.
        size: How many bytes it has.
        end: How many bytes of the file come before the next line.
        digest: The SHA-256 of the file's text up to there.
    """

    record: dict[str, Any]
    derived: bool
    number: int
    size: int
    end: int
    digest: str


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Records that are imported by one request, all or none."""

    lines: Sequence[Line]
    kind: str
    threads: frozenset[object]
    derived: bool

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Batch:
        """Make a batch of lines of one type."""
        threads = frozenset(_thread(line) for line in lines)
        derived = any(line.derived for line in lines)
        return cls(lines, lines[0].record["type"], threads - {None}, derived)

    def waits_for(self, other: Batch) -> bool:
        """Tell whether an earlier batch must be imported before this one is sent.

        A record needs those of other types before it, and messages keep their order in a thread.
        Ids made of the text up to a line are right only if all before it is imported: the rest of
        a file may be mended before it is imported again.
        """
        return self.kind != other.kind or self.derived or not self.threads.isdisjoint(other.threads)

    def after(self, service: str) -> Imported:
        """Return how far the file is imported if all up to this batch's end is."""
        last = self.lines[-1]
        return Imported(service, last.end, last.number, last.digest)


class Lines:
    """Reads a file line by line.

    Args:
        file: The file, open at its beginning.
        name: What to call it.
    """

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name
        self._digest = hashlib.sha256()
        self._size = 0
        self._number = 0

    def skip(self, done: Imported) -> bool:
        """Pass over what is imported; return whether the file begins with it, unchanged."""
        while self._size < done.size and self._read():
            pass
        here = (self._size, self._number, self._digest.hexdigest())
        return here == (done.size, done.lines, done.digest)

    def __iter__(self) -> Iterator[Line]:
        while text := self._read():
            if not text.strip():
                continue
            record = self._record(text)
            digest = self._digest.hexdigest()
            derived = _identify(record, digest)
            yield Line(record, derived, self._number, len(text), self._size, digest)

    def _read(self) -> bytes:
        text = self._file.readline(MAX_LINE + 1)
        self._number += bool(text)
        if len(text) > MAX_LINE:
            raise self._error(f"longer than {MAX_LINE:,} bytes; no record can be")
        self._size += len(text)
        if text:  # an end of line that is added later does not make it another line
            self._digest.update(text.rstrip(b"\r\n") + b"\n")
        return text

    def _record(self, text: bytes) -> dict[str, Any]:
        try:
            record = json.loads(text.strip(), parse_constant=_refuse)
        except json.JSONDecodeError as error:
            raise self._error(f"not JSON: {error.msg} at column {error.colno}") from None
        except (ValueError, RecursionError) as error:
            raise self._error(f"not JSON: {error}") from None
        if not isinstance(record, dict):
            raise self._error('not a record, which is an object with "type"')
        if not isinstance(record.get("type"), str):
            raise self._error('type: missing; give what the record is, such as "message"')
        return record

    def _error(self, fault: str) -> CommandError:
        return CommandError(MISUSED, f"{self._name}, line {self._number}: {fault}.")


def batches(lines: Iterable[Line]) -> Iterator[Batch]:
    """Put lines together, in order: of one type, and no more than a request may hold."""
    held: list[Line] = []
    size = 0
    for line in lines:
        if held and line.record["type"] != held[0].record["type"]:
            yield Batch.of(held)
            held, size = [], 0
        elif held and (len(held) == MAX_RECORDS or size + line.size > MAX_BYTES):
            seam = _seam(held)
            yield Batch.of(held[:seam])
            held = held[seam:]
            size = sum(kept.size for kept in held)
        held.append(line)
        size += line.size
    if held:
        yield Batch.of(held)


def _seam(held: Sequence[Line]) -> int:
    """Return where to cut: between two threads, so that the next batch need not wait for this."""
    last = _thread(held[-1])
    start = next((i for i in range(len(held), 0, -1) if _thread(held[i - 1]) != last), 0)
    return start if last is not None and start > len(held) // 2 else len(held)


def _thread(line: Line) -> object:
    """Return the thread of a message: a value that may be anything, and is not checked here."""
    thread = line.record.get("thread_id") if line.record["type"] == "message" else None
    return thread.lower() if isinstance(thread, str) else None


def _identify(record: dict[str, Any], digest: str) -> bool:
    """Give a message without an id one that it will have again when the file is imported again."""
    metadata = record.get("metadata") or {}
    own = record["type"] == "message" and "seq" not in record and isinstance(metadata, dict)
    if not own or metadata.get("id") is not None:
        return False
    record["metadata"] = {**metadata, "id": str(uuid5(_MESSAGE_IDS, digest))}
    return True


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number of JSON")
