from __future__ import annotations

import io
import json
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem._cli import lines as module
from langmem._cli.failures import CommandError
from langmem._cli.journal import Imported
from langmem._cli.lines import Batch, Line, Lines, batches

THREADS = [str(uuid.uuid4()) for _ in range(4)]


def message(thread: str = THREADS[0], **more: Any) -> dict[str, Any]:
    """A message of somebody's own data."""
    return {"type": "message", "thread_id": thread, "role": "user", "content": "Hi!", **more}


def text_of(*records: Any) -> bytes:
    """Records as JSON Lines."""
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def read(text: bytes) -> list[Line]:
    """All lines of a text."""
    return list(Lines(io.BytesIO(text), "in.jsonl"))


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b"{", "not JSON: Expecting property name enclosed in double quotes at column 2"),
        (b'{"type": NaN}', "not JSON: NaN is no number of JSON"),
        (b"\xff\xfe{", "not JSON: "),
        (b"[" * 100_000, "not JSON: "),
        (b"[]", 'not a record, which is an object with "type"'),
        (b"{}", 'type: missing; give what the record is, such as "message"'),
        (b'{"type": 1}', "type: missing"),
    ],
)
def test_a_bad_line_is_named(line: bytes, fault: str) -> None:
    """The file, the number of the line and the fault are told, and the status is misuse."""
    with pytest.raises(CommandError) as caught:
        read(text_of({"type": "user"}) + b"\n" + line + b"\n")
    assert str(caught.value).startswith(f"in.jsonl, line 3: {fault}")
    assert caught.value.status == 2


def test_a_line_that_no_request_could_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is no JSON Lines is not read into memory to find out."""
    monkeypatch.setattr(module, "MAX_LINE", 10)
    with pytest.raises(CommandError, match="line 1: longer than 10 bytes"):
        read(b'"' + b"x" * 100)


def test_messages_without_an_id_get_one_that_comes_again() -> None:
    """It follows from the file's text: the same again, another for the same words said twice."""
    text = text_of(message(), message(), message(metadata={"user_id": THREADS[1]}))
    first, again = read(text), read(text)
    ids = [line.record["metadata"]["id"] for line in first]
    assert [line.record["metadata"]["id"] for line in again] == ids
    assert len({uuid.UUID(name) for name in ids}) == 3
    assert first[2].record["metadata"]["user_id"] == THREADS[1]
    assert all(line.derived for line in first)


@pytest.mark.parametrize(
    "end",
    [b"", b"\n", b"\r\n", b"\n" + text_of(message(THREADS[1]))],
    ids=["nothing", "a line end", "a line end of Windows", "another line"],
)
def test_what_comes_after_changes_no_id(end: bytes) -> None:
    """A file may grow, and its ends of lines may differ."""
    text = text_of(message()).rstrip()
    (line, *_) = read(text + end)
    assert line.record == read(text)[0].record


@pytest.mark.parametrize(
    "record",
    [
        {"type": "user"},
        message(metadata={"id": "mine"}),
        message(metadata="wrong"),
        message(seq=1, metadata={"id": "mine"}),
        message(seq=1),
    ],
)
def test_other_records_stay_as_they_are(record: dict[str, Any]) -> None:
    """A record of an export has its ids, and what is wrong is for the service to refuse."""
    (line,) = read(text_of(record))
    assert (line.record, line.derived) == (record, False)


@given(
    st.lists(
        st.tuples(st.sampled_from(["user", "thread", "message"]), st.sampled_from(THREADS)),
        max_size=60,
    ),
    st.integers(1, 8),
    st.integers(60, 500),
)
def test_batches_hold_every_line_once_in_order(
    kinds: list[tuple[str, str]], most: int, size: int
) -> None:
    """Batches are of one type, keep the order, and are no greater than a request may be."""
    text = text_of(*({"type": kind, "thread_id": thread, "seq": 1} for kind, thread in kinds))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MAX_RECORDS", most)
        patch.setattr(module, "MAX_BYTES", size)
        made = list(batches(read(text)))
    assert [line for batch in made for line in batch.lines] == read(text)
    for batch in made:
        assert {line.record["type"] for line in batch.lines} == {batch.kind}
        assert 0 < len(batch.lines) <= most
        assert len(batch.lines) == 1 or sum(line.size for line in batch.lines) <= size


def test_a_batch_ends_between_two_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two batches share a thread only if it fills more than half of one."""
    monkeypatch.setattr(module, "MAX_RECORDS", 4)
    of = [THREADS[0]] * 3 + [THREADS[1]] * 5 + [THREADS[2]]
    made = list(batches(read(text_of(*(message(thread, seq=1) for thread in of)))))
    assert [len(batch.lines) for batch in made] == [3, 4, 2]
    assert not made[1].waits_for(made[0])
    assert made[2].waits_for(made[1])
    assert not made[2].waits_for(made[0])


def test_no_more_than_a_batch_is_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a file is, it is read only as far as the next batch needs."""
    monkeypatch.setattr(module, "MAX_RECORDS", 3)
    file = io.BytesIO(text_of({"type": "user"}) * 1000)
    next(batches(Lines(file, "in.jsonl")))
    assert file.tell() == 4 * len(text_of({"type": "user"}))


def batch_of(*records: dict[str, Any]) -> Batch:
    """A batch of records."""
    return Batch.of(read(text_of(*records)))


def test_what_must_wait_for_what() -> None:
    """Types come one after the other, threads keep their order, the rest goes at once."""
    first = batch_of(message(THREADS[0], seq=1))
    assert batch_of(message(THREADS[0].upper(), seq=2)).waits_for(first)
    assert not batch_of(message(THREADS[1], seq=1)).waits_for(first)
    assert batch_of({"type": "user"}).waits_for(first)
    assert not batch_of({"type": "user"}).waits_for(batch_of({"type": "user"}))
    assert not batch_of(message(thread_id=[], seq=1)).waits_for(
        batch_of(message(thread_id=[], seq=1))
    )


def test_ids_made_of_the_text_before_wait_for_it() -> None:
    """A file that is mended where it was refused has other text before what follows."""
    assert batch_of(message(THREADS[1])).waits_for(batch_of(message(THREADS[0], seq=1)))


@given(st.lists(st.sampled_from([b"{}\n", b'{"a": 1}\r\n', b"\n", b"x" * 40]), max_size=20))
def test_a_beginning_is_passed_over_if_it_is_the_same(pieces: list[bytes]) -> None:
    """Reading goes on where it was, if all before it is unchanged; else it does not."""
    text = b"".join(pieces)
    reader = Lines(io.BytesIO(text), "in.jsonl")
    marks = []
    while reader._read():
        mark = Imported("", reader._size, reader._number, reader._digest.hexdigest())
        marks.append(mark)
    for mark in marks:
        again = Lines(io.BytesIO(text), "in.jsonl")
        assert again.skip(mark)
        assert again._file.read() == text[mark.size :]
        assert not Lines(io.BytesIO(b"{ }" + text), "in.jsonl").skip(mark)
        assert not Lines(io.BytesIO(text[: max(0, mark.size - 3)]), "in.jsonl").skip(mark)
