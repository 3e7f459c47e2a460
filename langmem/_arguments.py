"""Arguments checked and brought into the form they are sent in; an error names the argument."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from langmem._json import JSONValue, a_type, to_json

if TYPE_CHECKING:
    from langmem.schemas import ID_T

_MAX_RECORDS = 1000
_WEIGHTS = ("relevance", "recency", "importance")


def one_id(value: ID_T, argument: str) -> str:
    """Write an id as canonical UUID text: lower case, with hyphens.

    Raises:
        ValueError: The text is not a UUID.
        TypeError: The value is neither a UUID nor text.
    """
    if isinstance(value, UUID):
        return str(value)
    if not isinstance(value, str):
        raise TypeError(f"{argument}: expected a UUID or its text, not {a_type(value)}")
    digits = value.removeprefix("urn:uuid:").strip("{}").replace("-", "")
    # `uuid.UUID` alone would also read underscores and digits of other scripts.
    if not re.fullmatch("[0-9a-fA-F]{32}", digits):
        raise ValueError(
            f"{argument}: {value!r} is not a UUID; expected one such as "
            "'2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6'"
        )
    return str(UUID(digits))


def many(values: object, argument: str) -> list[Any]:
    """Read a list of values once. A single text or UUID counts as a list of one.

    Raises:
        TypeError: The value is no list.
    """
    if isinstance(values, str | UUID):
        return [values]
    if not isinstance(values, Iterable) or isinstance(values, Mapping | bytes | bytearray):
        raise TypeError(f"{argument}: expected a list, not {a_type(values)}")
    return list(values)


def ids(values: Iterable[ID_T] | ID_T | None, argument: str) -> list[JSONValue] | None:
    """Read a list of ids, each as `one_id` does; None stays None."""
    if values is None:
        return None
    return [one_id(value, f"{argument}[{i}]") for i, value in enumerate(many(values, argument))]


def texts(values: Iterable[str] | None, argument: str) -> JSONValue:
    """Read a list of texts; None stays None."""
    return None if values is None else to_json(many(values, argument), argument)


def records(values: Iterable[Mapping[str, Any]], argument: str) -> JSONValue:
    """Read a list of records to import.

    Raises:
        TypeError: The value is no list, or something in it is no record or cannot be sent.
        ValueError: There are more than one request may hold.
    """
    found = many(values, argument)
    if len(found) > _MAX_RECORDS:
        raise ValueError(
            f"{argument}: expected at most {_MAX_RECORDS} records in one call, not {len(found)}"
        )
    return [_record(value, f"{argument}[{i}]") for i, value in enumerate(found)]


def _record(value: object, place: str) -> JSONValue:
    record = to_json(value, place)
    if not isinstance(record, dict) or not isinstance(record.get("type"), str):
        raise TypeError(
            f'{place}: expected a record such as {{"type": "message", "thread_id": ..., "role": '
            f'"user", "content": "..."}}, not {a_type(value)}'
        )
    return record


def weights(values: Mapping[str, object] | None) -> JSONValue:
    """Read the weights of a search; None stays None.

    Raises:
        TypeError: The value is no mapping.
        ValueError: A weight has a name the service does not know.
    """
    result = to_json(values, "weights")
    if result is None:
        return None
    if not isinstance(result, dict):
        raise TypeError(f"weights: expected a dict, not {a_type(values)}")
    if unknown := sorted(set(result) - set(_WEIGHTS)):
        raise ValueError(f"weights: {unknown[0]!r} is not one of {', '.join(_WEIGHTS)}")
    return result


def whole(value: int, argument: str, *, at_least: int) -> int:
    """Read a whole number.

    Raises:
        TypeError: The value is not a whole number.
        ValueError: It is too small.
    """
    try:
        number = operator.index(value)
    except TypeError as error:
        raise TypeError(f"{argument}: expected a whole number, not {a_type(value)}") from error
    if number < at_least:
        raise ValueError(f"{argument}: must be at least {at_least}, not {number}")
    return number


def optional_date(value: date | str | None, argument: str) -> str | None:
    """Write a day as `YYYY-MM-DD`; of a time it is the day in its own zone. None stays None.

    Raises:
        ValueError: The text is no date.
        TypeError: The value is neither a date nor text.
    """
    if value is None:
        return None
    if isinstance(value, date):
        return date(value.year, value.month, value.day).isoformat()
    if not isinstance(value, str):
        raise TypeError(f"{argument}: expected a date or its text, not {a_type(value)}")
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError(
            f"{argument}: {value!r} is not a date; expected one such as '2026-01-31'"
        ) from None


def optional_whole(value: int | None, argument: str, *, at_least: int) -> int | None:
    """Read a whole number as `whole` does; None stays None."""
    return None if value is None else whole(value, argument, at_least=at_least)
