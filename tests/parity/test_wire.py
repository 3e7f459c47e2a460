from __future__ import annotations

import collections
import json
import uuid
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import pytest

from tests.parity import calls_threads, calls_users, failures
from tests.parity.mended import MENDED, Mended

CALLS = [
    *calls_users.CASES,
    *calls_threads.CASES,
    *failures.SILENT,
    *failures.NOT_JSON,
]

if TYPE_CHECKING:
    from tests.parity.conftest import Records

COLOURS = ("sync", "async")
ABSENT = "(absent)"
Differences = dict[str, tuple[Any, Any]]


def differences(old: Any, ours: Any, place: str = "") -> Differences:
    """Where two JSON values differ: dotted place -> (old value, our value)."""
    if isinstance(old, dict) and isinstance(ours, dict):
        pairs = {key: (old.get(key, ABSENT), ours.get(key, ABSENT)) for key in old | ours}
    elif isinstance(old, list) and isinstance(ours, list) and len(old) == len(ours):
        pairs = {str(at): pair for at, pair in enumerate(zip(old, ours, strict=True))}
    else:
        return {} if json.dumps(old) == json.dumps(ours) else {place: (old, ours)}
    found: Differences = {}
    for key, (one, other) in pairs.items():
        found |= differences(one, other, f"{place}.{key}" if place else key)
    return found


def comparable(value: Any) -> Any:
    """`value` with every identifier a client made itself (UUID version 4) replaced by a word."""
    if isinstance(value, dict):
        return {key: comparable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [comparable(item) for item in value]
    return "(new id)" if is_new_id(value) else value


def is_new_id(value: Any) -> bool:
    """Whether a client made this identifier up."""
    try:
        return str(uuid.UUID(value)) == value and uuid.UUID(value).version == 4
    except (TypeError, ValueError, AttributeError):
        return False


def record(records: Records, name: str, colour: str) -> dict[str, Any]:
    """One record without what is new by design: the message of an error and its own classes."""
    seen = {key: value for key, value in records[name, colour].items() if key != "message"}
    if seen["raised"]:
        known = [base for base in seen["raised"] if not base.startswith("langmem.")]
        seen["raised"] = " < ".join(known)
    return dict(comparable(seen))


def applies(mended: Mended, name: str, colour: str) -> bool:
    """Whether a row speaks of this case."""
    return colour in mended.colours and any(fnmatchcase(name, one) for one in mended.cases)


def expected(name: str, colour: str, old: dict[str, Any]) -> Differences:
    """The differences `MENDED` allows; those inside a request count where the old code sent it."""
    rows = [row.differs for row in MENDED if applies(row, name, colour)]
    return {
        place: pair
        for row in rows
        for place, pair in row.items()
        if not place.startswith("requests.") or int(place.split(".")[1]) < len(old["requests"])
    }


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("name", [case.name for case in CALLS])
def test_wire(name: str, colour: str, old_records: Records, our_records: Records) -> None:
    """Old code and ours send the same and get the same, but for the faults listed as mended."""
    old, ours = (record(seen, name, colour) for seen in (old_records, our_records))
    assert differences(old, ours) == expected(name, colour, old)


def test_mended_faults_are_used(old_records: Records) -> None:
    """Every row of the table of mended faults concerns a call that was made."""
    for row in MENDED:
        seen = [
            (name, colour)
            for name, colour in old_records
            if applies(row, name, colour)
            and set(row.differs) <= set(expected(name, colour, record(old_records, name, colour)))
        ]
        assert seen, row


def test_case_names_are_unique() -> None:
    """No case hides behind another of the same name."""
    names = collections.Counter(case.name for case in [*CALLS, *failures.ERRORS])
    assert [name for name, times in names.items() if times > 1] == []


def test_every_method_is_in_the_table() -> None:
    """Each method of the last published SDK has at least one case besides its error cases."""
    assert {case.method for case in CALLS} == set(failures.LEAST)
