from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem_server.errors import RequestError
from langmem_server.messages import parse, parse_all, render
from langmem_server.store.records import Message, NewMessage, iso

WILL = "2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6"
NOON = "2026-01-31T12:00:00.000000Z"
STORED = Message(
    seq=1,
    batch_id=0,
    id="m-1",
    role="assistant",
    content="Pikas make haypiles.",
    name="Bot",
    user_id=None,
    timestamp=NOON,
    extra={"mood": "calm"},
)
JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=4)
KEYS = st.text().filter(lambda key: key not in {"user_id", "user_name", "timestamp", "id"})
# Away from the first and the last year, which no zone can be added to.
MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31))  # noqa: DTZ001 - naive is UTC
STORED_MESSAGES = st.builds(
    Message,
    seq=st.just(1),
    batch_id=st.just(0),
    id=st.text(min_size=1),
    role=st.text().filter(lambda role: role not in {"human", "ai"}),
    content=st.text() | st.none() | st.lists(st.dictionaries(st.text(), JSON, max_size=2)),
    name=st.none() | st.text(min_size=1),
    user_id=st.none() | st.uuids().map(str),
    timestamp=MOMENTS.map(iso),
    extra=st.dictionaries(KEYS, JSON, max_size=3),
)


def as_posted(message: Message) -> NewMessage:
    """What a stored message was before it had a place in a thread."""
    return NewMessage(
        id=message.id,
        role=message.role,
        content=message.content,
        name=message.name,
        user_id=message.user_id,
        timestamp=message.timestamp,
        extra=message.extra,
    )


@given(STORED_MESSAGES)
def test_the_openai_form_keeps_everything(message: Message) -> None:
    """A message written in the openai form and posted again is the same message."""
    assert parse(render(message, "openai"), "body") == as_posted(message)


@given(STORED_MESSAGES)
def test_the_langmem_form_keeps_all_but_free_metadata(message: Message) -> None:
    """A message written in the langmem form and posted again is the same, but for `extra`."""
    assert parse(render(message, "langmem"), "body") == replace(as_posted(message), extra={})


def test_the_openai_form_has_exactly_its_keys() -> None:
    """Model APIs refuse other keys at the top, so everything else is in metadata."""
    assert render(STORED, "openai") == {
        "content": "Pikas make haypiles.",
        "role": "assistant",
        "name": "Bot",
        "metadata": {
            "user_id": None,
            "timestamp": "2026-01-31T12:00:00.000000",
            "id": "m-1",
            "mood": "calm",
        },
    }


def test_the_langmem_form_has_exactly_its_keys() -> None:
    """In this form the assistant is `ai`."""
    assert render(STORED, "langmem") == {
        "id": "m-1",
        "content": "Pikas make haypiles.",
        "timestamp": "2026-01-31T12:00:00.000000",
        "user": {"user_id": None, "user_name": "Bot", "role": "ai"},
    }


@pytest.mark.parametrize(
    ("given_role", "role"),
    [("human", "user"), ("ai", "assistant"), ("user", "user"), ("tool", "tool"), ("AI", "AI")],
)
def test_roles(given_role: str, role: str) -> None:
    """`human` and `ai` are other words for `user` and `assistant`, in both forms."""
    assert parse({"role": given_role, "content": ""}, "body").role == role
    assert parse({"user": {"role": given_role}, "content": ""}, "body").role == role


def test_the_langmem_form_without_a_role() -> None:
    """Who speaks is a user unless said otherwise."""
    assert parse({"user": {}, "content": "Hi"}, "body") == NewMessage(None, "user", "Hi")


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ({"name": "Will", "metadata": {"user_name": "William"}}, "Will"),
        ({"name": None, "metadata": {"user_name": "William"}}, "William"),
        ({"name": "", "metadata": {"user_name": ""}}, None),
        ({"metadata": None}, None),
        ({}, None),
    ],
)
def test_names(message: dict[str, Any], name: str | None) -> None:
    """The name is the message's own, else `metadata.user_name`; an empty one is none."""
    assert parse({"role": "user", "content": "", **message}, "body").name == name


def test_free_metadata_is_kept_and_other_keys_are_not() -> None:
    """Keys of the caller's own live in metadata; most of what model APIs add at the top goes."""
    message = parse(
        {
            "role": "assistant",
            "content": None,
            "usage": {"input_tokens": 3},
            "audio": None,
            "metadata": {"user_id": WILL, "user_name": "W", "id": "7", "lang": "en", "n": [1]},
        },
        "body",
    )
    assert message == NewMessage("7", "assistant", None, "W", WILL, None, {"lang": "en", "n": [1]})


TOOLS = {
    "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
    "tool_call_id": "c",
    "function_call": {"name": "f", "arguments": "{}"},
    "refusal": "I cannot say.",
}


@pytest.mark.parametrize("key", TOOLS)
def test_what_a_message_says_of_tools_is_kept_in_its_metadata(key: str) -> None:
    """No key but the form's own stands at the top, and yet nothing is lost; null says nothing."""
    message = {"role": "assistant", "content": None, "metadata": {"lang": "en"}}
    assert parse(message | {key: TOOLS[key]}, "body").extra == {"lang": "en", key: TOOLS[key]}
    assert parse(message | {key: None}, "body").extra == {"lang": "en"}
    own = message | {key: TOOLS[key], "metadata": {key: "mine"}}
    assert parse(own, "body").extra == {key: "mine"}


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("2026-01-31T12:00:00", "2026-01-31T12:00:00.000000Z"),
        ("2026-01-31T12:00:00.123", "2026-01-31T12:00:00.123000Z"),
        ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000000Z"),
        ("2026-01-31T12:00:00+02:00", "2026-01-31T10:00:00.000000Z"),
        ("2026-01-31 12:00", "2026-01-31T12:00:00.000000Z"),
        ("2026-01-31", "2026-01-31T00:00:00.000000Z"),
    ],
)
def test_timestamps_become_utc(text: str, stored: str) -> None:
    """A zone is converted, none means UTC; in metadata, at the top, and in the langmem form."""
    for message in (
        {"role": "user", "content": "", "metadata": {"timestamp": text}, "timestamp": "2020-01-01"},
        {"role": "user", "content": "", "timestamp": text, "metadata": {"timestamp": None}},
        {"user": {}, "content": "", "timestamp": text},
    ):
        assert parse(message, "body").timestamp == stored


@pytest.mark.parametrize("text", ["", "yesterday", "12:00", "0001-01-01T00:00:00+14:00", "x" * 999])
@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("body.messages[1].metadata.timestamp", {"metadata": {"timestamp": "{}"}}),
        ("body.messages[1].timestamp", {"timestamp": "{}"}),
    ],
)
def test_a_bad_timestamp_is_refused(place: str, message: dict[str, Any], text: str) -> None:
    """The error names the message and the key, and shows at most 100 characters."""
    good = {"role": "user", "content": ""}
    filled = {key: text if value == "{}" else {"timestamp": text} for key, value in message.items()}
    with pytest.raises(RequestError) as caught:
        parse_all([good, good | filled])
    assert caught.value.status == 422
    assert caught.value.detail.startswith(f"{place}: must be an ISO 8601 date and time")
    assert len(caught.value.detail) < 250


@given(MOMENTS, st.timezones())
def test_a_moment_is_stored_the_same_whatever_its_zone(moment: datetime, zone: Any) -> None:
    """One moment written in two zones is one timestamp, so that a re-post is known."""
    local = moment.replace(tzinfo=UTC).astimezone(zone)
    for text in (local.isoformat(), moment.isoformat()):
        message = {"role": "user", "content": "", "timestamp": text}
        assert parse(message, "body").timestamp == iso(moment)
