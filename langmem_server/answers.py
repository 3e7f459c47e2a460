"""A model's answer, from text to a value that fits: parsed, and patches applied. Pure."""

from __future__ import annotations

import json
import math
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import jsonpatch

from langmem_server import json_body
from langmem_server.errors import RequestError
from langmem_server.schemas import Checker, SchemaError

if TYPE_CHECKING:
    from langmem_server.chat import Answer

MAX_OPERATIONS: Final = 1000
PATCH_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "patch": {
            "type": "array",
            "maxItems": MAX_OPERATIONS,
            "items": {
                "type": "object",
                "properties": {
                    "op": {"enum": ["add", "remove", "replace"]},
                    # Never the empty path: it would replace the document as a whole.
                    "path": {"type": "string", "pattern": "^/"},
                    "value": {},
                },
                "required": ["op", "path"],
            },
        }
    },
    "required": ["patch"],
}
_MAX_REASON: Final = 200


class AnswerError(Exception):
    """An answer cannot be used.

    Attributes:
        problems: What is wrong with it, one sentence each, written for the model to mend.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def parse(answer: Answer) -> Any:
    """Read the JSON of an answer, also out of the prose or code fence some models put around it.

    Returns:
        The JSON value, one that can be stored: finite numbers, valid text.

    Raises:
        AnswerError: There is no JSON in it, or it was cut off.

    Example:
        >>> from langmem_server.chat import Answer
        >>> parse(Answer('Here you are: {"name": "Will"}'))
        {'name': 'Will'}
    """
    if answer.cut_off:
        raise AnswerError("the answer was cut off before its end: answer with less text")
    try:
        return _read(answer.text)
    except (ValueError, RecursionError):
        inner = _outermost(answer.text)
    try:
        return _read(inner)
    except (ValueError, RecursionError) as error:
        raise AnswerError(f"the answer is no valid JSON: {error}") from None


def check(value: Any, schema: dict[str, Any]) -> dict[str, Any]:
    """Return the value if it is an object that fits the schema.

    Raises:
        AnswerError: It does not fit.
        SchemaError: The schema cannot be used.
    """
    problems = Checker(schema).problems(value)
    if problems or not isinstance(value, dict):
        raise AnswerError(*(problems or ["$: this is no JSON object"]))
    return value


def patched(value: Any, document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Return the document with a patch applied; what the patch does not name stays as it is.

    Args:
        value: `{"patch": [...]}`, the list in the form of RFC 6902 (add, remove, replace).
        document: The current document; it is not changed.
        schema: What the document should be. Faults it had before do not count.

    Raises:
        AnswerError: This is no patch, it does not apply, or its result does not fit.
        SchemaError: The schema cannot be used.

    Example:
        >>> patched({"patch": [{"op": "add", "path": "/age", "value": 9}]}, {"name": "Will"}, {})
        {'name': 'Will', 'age': 9}
    """
    try:
        problems = _patch_checker().problems(value)
    except SchemaError:
        raise AnswerError(
            f"the patch is too large: {MAX_OPERATIONS:,} operations at most"
        ) from None
    if problems:
        raise AnswerError(*problems)
    result = _applied(value["patch"], document)
    checker = Checker(schema)
    before = set(checker.problems(document))
    fresh = [problem for problem in checker.problems(result) if problem not in before]
    if fresh:
        raise AnswerError(*(f"after the patch, {problem}" for problem in fresh))
    return dict(result)


@cache  # made when first needed: it would slow the start of the service
def _patch_checker() -> Checker:
    return Checker(PATCH_SCHEMA)


def _outermost(text: str) -> str:
    """Cut a text down to its outermost brackets, if it has any."""
    starts = [place for place in map(text.find, "[{") if place >= 0]
    end = max(map(text.rfind, "]}"))
    return text[min(starts) : end + 1] if starts and min(starts) < end else text


def _applied(patch: list[Any], document: dict[str, Any]) -> dict[str, Any]:
    try:
        result: dict[str, Any] = jsonpatch.apply_patch(document, patch)
    except (
        jsonpatch.JsonPatchException,
        jsonpatch.JsonPointerException,
        TypeError,
        ValueError,  # of int(), which takes at most 4,300 digits
    ) as error:
        reason = str(error)[:_MAX_REASON]  # it may quote the whole document
        raise AnswerError(f"the patch does not apply to the document: {reason}") from None
    try:
        # Each value is shallow, and the document was, but one put into the other may not be.
        json_body.check(result, "$")
    except RequestError as error:
        raise AnswerError(f"after the patch, {error.detail}") from None
    return result


def _read(text: str) -> Any:
    value = json.loads(text, parse_constant=_refuse, parse_float=_finite)
    try:
        json_body.check(value, "$")
    except RequestError as error:
        raise ValueError(error.detail) from None
    return value


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no number of JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is too large a number")
    return number
