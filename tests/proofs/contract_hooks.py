"""What schemathesis cannot know from the document; `schemathesis.toml` names this file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

import schemathesis
from schemathesis.openapi.checks import UseAfterFree

if TYPE_CHECKING:
    from schemathesis import Case, HookContext, Response

KEY: Final = "Idempotency-Key"

TOO_LARGE: Final = 431

ALLOWED_REFUSALS: Final = (
    "must be the next_cursor of a page of this list",  # a cursor is what a page said, and opaque
    "must be an ISO 8601 date and time",  # of which date-time of JSON Schema is but a part
    "must be a memory function of type",  # an id may be that of another kind of thing
    "body.records[",  # the parts of a record must agree, and what it refers to be there
    'must be a UUID, not ""',  # schemathesis takes an empty text for a UUID where null is one, too
    "is after the last day",  # of two days the first comes first, which JSON Schema cannot say
)
"""What may be refused though it fits the document."""


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    """Give each good request a key of its own: one used for another request is refused."""
    del context, kwargs
    if _is_good(case) and case.headers is not None and KEY in case.headers:
        case.headers[KEY] = str(uuid4())


@schemathesis.hook
def filter_failure(context: HookContext, failure: Any, case: Case[Any], response: Response) -> bool:
    """Tell whether a failure is one."""
    del context
    if response.status_code == TOO_LARGE:
        return False  # the document has it for all operations, in its introduction
    if isinstance(failure, UseAfterFree):
        # Some lists of what is not there are empty instead of 404, as the document says; and a
        # message makes its thread anew. `scripts/prove erasure` shows that threads are deleted.
        made_anew = case.operation.path.startswith("/threads/")
        return not made_anew and (response.status_code != 200 or _tells_something(response.json()))
    if _is_good(case):
        return not (
            response.status_code == 422
            and any(text in response.json()["detail"] for text in ALLOWED_REFUSALS)
        )
    # An empty value counts as not given: the SDK of 2024 sends None so.
    return response.status_code != 200 or "" not in (case.query or {}).values()


def _tells_something(value: Any) -> bool:
    members = value.values() if isinstance(value, dict) else value
    return any(map(_tells_something, members)) if isinstance(value, dict | list) else bool(value)


def _is_good(case: Case[Any]) -> bool:
    return case.meta is None or case.meta.generation.mode.is_positive
