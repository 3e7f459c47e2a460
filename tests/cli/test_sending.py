from __future__ import annotations

import asyncio
import io
import json
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem._cli import lines
from langmem._cli.failures import CommandError
from langmem._cli.journal import Imported
from langmem._cli.sending import Watermark, send_all
from langmem.errors import (
    APIConnectionError,
    ConflictError,
    NotFoundError,
    UnprocessableEntityError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from langmem.client import AsyncClient

BEGIN = Imported("http://127.0.0.1:8100")


class Service:
    """Takes records, each request for as many turns of the loop as its first record says.

    Attributes:
        log: What happened: "+" and the numbers of the records that came, "-" when they were done.
        most: How many requests there were at a time.
    """

    def __init__(self, refuse: Callable[[list[int]], Exception | None] = lambda _: None) -> None:
        self.log: list[str] = []
        self.most = 0
        self._now = 0
        self._refuse = refuse

    async def import_records(self, records: list[dict[str, Any]]) -> dict[str, int]:
        """Take records, or refuse them."""
        numbers = [record["n"] for record in records]
        self.log.append(f"+{numbers}")
        self._now += 1
        self.most = max(self.most, self._now)
        for _ in range(records[0]["turns"]):
            await asyncio.sleep(0)
        self._now -= 1
        if error := self._refuse(numbers):
            raise error
        self.log.append(f"-{numbers}")
        return {"created": len(records), "updated": 0, "unchanged": 0}


class Patient(Service):
    """Tells when it has three requests to answer.

    Attributes:
        third: Set when the third one comes.
    """

    def __init__(self) -> None:
        super().__init__()
        self.third = asyncio.Event()

    async def import_records(self, records: list[dict[str, Any]]) -> dict[str, int]:
        """Take records."""
        if len(self.log) == 2:
            self.third.set()
        return await super().import_records(records)


def batches_of(
    *given: tuple[str, str | None, int], most: int, monkeypatch: pytest.MonkeyPatch
) -> list[lines.Batch]:
    """Batches of records: their types, their threads, and how long they take."""
    records = [
        {"type": kind, "thread_id": thread, "seq": 1, "n": n, "turns": turns}
        for n, (kind, thread, turns) in enumerate(given)
    ]
    text = b"".join(json.dumps(record).encode() + b"\n" for record in records)
    monkeypatch.setattr(lines, "MAX_RECORDS", most)
    return list(lines.batches(lines.Lines(io.BytesIO(text), "in.jsonl")))


def sent(service: Service, batches: list[lines.Batch], concurrency: int) -> Imported:
    """Send batches, and return how far the file is imported then."""
    watermark = Watermark(BEGIN)

    def end(batch: lines.Batch, result: object) -> None:
        assert result == {"created": len(batch.lines), "updated": 0, "unchanged": 0}
        watermark.end(batch)

    client = cast("AsyncClient", service)
    try:
        asyncio.run(send_all(client, batches, concurrency, begin=watermark.begin, end=end))
    except CommandError as error:
        error.add_note(str(watermark.done.lines))
        raise
    return watermark.done


@pytest.mark.parametrize("concurrency", [1, 3])
def test_requests_at_a_time_are_bounded(monkeypatch: pytest.MonkeyPatch, concurrency: int) -> None:
    """There are as many requests as allowed, and no more."""
    given = [("user", None, 1 + n % 3) for n in range(20)]
    service = Service()
    done = sent(service, batches_of(*given, most=2, monkeypatch=monkeypatch), concurrency)
    assert service.most == concurrency
    assert done.lines == 20


def test_a_type_waits_for_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Records that others need are stored before those are sent."""
    given = [("user", None, 9), ("user", None, 1), ("thread", None, 1)]
    service = Service()
    sent(service, batches_of(*given, most=1, monkeypatch=monkeypatch), 4)
    assert service.log == ["+[0]", "+[1]", "-[1]", "-[0]", "+[2]", "-[2]"]


def test_messages_of_a_thread_keep_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages of one thread go one request after the other, those of others at once."""
    given = [("message", "a", 9), ("message", "b", 1), ("message", "a", 1)]
    service = Service()
    sent(service, batches_of(*given, most=1, monkeypatch=monkeypatch), 4)
    assert service.log == ["+[0]", "+[1]", "-[1]", "-[0]", "+[2]", "-[2]"]


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (
            UnprocessableEntityError("records[1].role: must be text"),
            2,
            "line 4: role: must be text",
        ),
        (UnprocessableEntityError("body.records[0].x: no"), 2, "line 3: x: no"),
        (UnprocessableEntityError("records: too many"), 2, "lines 3 to 4: records: too many"),
        (UnprocessableEntityError("records[9]: what?"), 2, "lines 3 to 4: records[9]: what?"),
        (ConflictError("records[0]: the name is taken"), 2, "line 3: the name is taken"),
        (TypeError('records[0]["x"]: cannot be sent'), 2, 'line 3: ["x"]: cannot be sent'),
        (NotFoundError("Nothing here"), 3, "Nothing here."),
        (
            APIConnectionError("refused", method="POST", path="/import"),
            1,
            "POST /import: refused; `langmem doctor` shows what is wrong.",
        ),
    ],
)
def test_a_refusal_ends_it_in_terms_of_the_file(
    monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, sentence: str
) -> None:
    """The line is named; what was sent before comes to its end, and nothing more is sent."""
    given = [("user", None, 5)] * 2 + [("user", None, 1)] * 2 + [("user", None, 5)] * 4
    service = Service(lambda numbers: error if numbers[0] == 2 else None)
    with pytest.raises(CommandError) as caught:
        sent(service, batches_of(*given, most=2, monkeypatch=monkeypatch), 3)
    assert (caught.value.status, str(caught.value)) == (status, sentence)
    assert service.log == ["+[0, 1]", "+[2, 3]", "+[4, 5]", "-[0, 1]", "-[4, 5]"]
    assert caught.value.__notes__ == ["2"]


def test_two_refusals_tell_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second failure among what was under way hides nothing."""
    given = [("user", None, turns) for turns in (1, 3, 5)]
    service = Service(lambda numbers: NotFoundError(f"no {numbers[0]}") if numbers[0] < 2 else None)
    with pytest.raises(CommandError, match="no 0"):
        sent(service, batches_of(*given, most=1, monkeypatch=monkeypatch), 3)
    assert service.log[-1] == "-[2]"


def test_a_bad_line_lets_what_was_sent_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault found while reading ends it as a refusal does."""
    service = Service()
    good = batches_of(("user", None, 3), most=1, monkeypatch=monkeypatch)
    watermark = Watermark(BEGIN)

    def broken() -> Any:
        yield from good
        raise CommandError(2, "line 2: bad")

    with pytest.raises(CommandError, match="line 2: bad"):
        asyncio.run(
            send_all(
                cast("AsyncClient", service),
                broken(),
                4,
                begin=watermark.begin,
                end=lambda batch, _: watermark.end(batch),
            )
        )
    assert service.log == ["+[0]", "-[0]"]
    assert watermark.done.lines == 1


def test_being_stopped_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cancelled import cancels its requests and waits for them to be gone."""
    given = [("user", None, 1_000_000)] * 3
    batches = batches_of(*given, most=1, monkeypatch=monkeypatch)

    async def stop() -> int:
        watermark = Watermark(BEGIN)
        service = Patient()
        sending = asyncio.create_task(
            send_all(
                cast("AsyncClient", service),
                batches,
                4,
                begin=watermark.begin,
                end=lambda batch, _: watermark.end(batch),
            )
        )
        await service.third.wait()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        return len(asyncio.all_tasks())

    assert asyncio.run(stop()) == 1


@given(st.permutations(range(6)), st.integers(0, 6))
def test_the_mark_has_nothing_missing_below_it(order: list[int], ended: int) -> None:
    """Whatever the order of the ends, the mark is before the first batch that has not ended."""
    text = b'{"type": "user"}\n{"type": "thread"}\n' * 3
    batches = list(lines.batches(lines.Lines(io.BytesIO(text), "in.jsonl")))
    watermark = Watermark(BEGIN)
    for batch in batches:
        watermark.begin(batch)
    for place in order[:ended]:
        watermark.end(batches[place])
    whole = next((place for place in range(6) if place not in order[:ended]), 6)
    assert watermark.done == (batches[whole - 1].after(BEGIN.service) if whole else BEGIN)
