"""A model that says what a test tells it to."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from langmem._json import to_json
from langmem.testing._faults import checked_times
from langmem.testing._question import MisfitError, Question, fit, list_key, read, rejected

if TYPE_CHECKING:
    from langmem._json import JSONValue

# A status that the service does not ask again after.
_REFUSED = 404
_SHOWN = 120


@dataclass(slots=True)
class _Reply:
    """What to say, or, where there is a reason, that the model fails.

    `left` is how many more times, or None for any number.
    """

    shown: str
    function: str | None
    left: int | None
    value: JSONValue = None
    reason: str | None = None
    misfits: dict[str, str] = field(default_factory=dict)

    def response(self, question: Question) -> httpx.Response:
        """Answer a question.

        Raises:
            MisfitError: The reply does not fit it.
        """
        if self.reason is not None:
            return httpx.Response(_REFUSED, text=self.reason)
        return _said(fit(self.value, question), question)

    def complaint(self) -> str:
        """Say that it was not asked for, and why it did not fit what was."""
        misfits = [f"it does not fit {name!r}: {why}" for name, why in self.misfits.items()]
        why = "; ".join(misfits) or "no memory function asked for it"
        return f"{self.shown} ({self.left} left): {why}"


class ScriptedModel:
    """The model of a `Service`.

    A reply goes to the first question that it fits; so the order in which memory functions ask
    does not matter. Lists of memories that nobody scripted are empty. A document that nobody
    scripted is not made up: its run ends `failed`, and its error says so.

    Attributes:
        questions: What was asked, oldest first.

    Example:
        >>> from langmem.testing import Service
        >>> with Service() as service:
        ...     service.model.reply({"belief": "Bees are kind."}, function="Belief", times=None)
        ...     service.model.fail("the model is tired", function="User Profile", times=None)
        ...     len(service.model.questions)
        0
    """

    def __init__(self) -> None:
        self.questions: list[Question] = []
        self._script: list[_Reply] = []
        self._lock = threading.Lock()

    def reply(self, answer: object, *, function: str | None = None, times: int | None = 1) -> None:
        """Answer a question.

        Args:
            answer: The whole document, as it shall be then; or a memory; or a list of memories.
                Semantic memories have a `subject`, a `predicate`, an `object` and an `importance`
                from 1 to 10. Dicts, dataclasses and pydantic models will do.
            function: The name of the memory function to answer. Without it, the first that asks
                for something of this form.
            times: How many questions to answer, or None for any number, even 0.

        Raises:
            TypeError: The answer is no object and no list, or cannot be JSON.
            ValueError: `times` is not at least 1.

        Example:
            >>> from langmem.testing import ScriptedModel
            >>> model = ScriptedModel()
            >>> model.reply({"name": "Will"}, function="User Profile")
            >>> model.reply([{"belief": "Bees are kind."}, {"belief": "Honey is good."}])
            >>> len(model.leftovers())
            2
        """
        value = to_json(answer, "answer")
        if not isinstance(value, dict | list):
            raise TypeError(f"answer: must be an object or a list, not {type(answer).__name__}.")
        text = json.dumps(value, ensure_ascii=False)
        shown = f"reply({text if len(text) <= _SHOWN else text[:_SHOWN] + ' ...'})"
        self._add(_Reply(shown, function, checked_times(times), value=value))

    def fail(
        self,
        reason: str = "the test has the model fail",
        *,
        function: str | None = None,
        times: int | None = 1,
    ) -> None:
        """Give no answer: the run ends `failed`.

        Args:
            reason: What the model says; it becomes part of the run's `error`.
            function: The name of the memory function to leave without an answer. Without it, the
                first that asks for anything.
            times: How many questions to leave so, or None for any number, even 0.

        Raises:
            ValueError: `times` is not at least 1.

        Example:
            >>> from langmem.testing import ScriptedModel
            >>> model = ScriptedModel()
            >>> model.fail("overloaded", function="User Profile")
            >>> model.leftovers()
            ["fail('overloaded') (1 left): no memory function asked for it"]
        """
        self._add(_Reply(f"fail({reason!r})", function, checked_times(times), reason=reason))

    def leftovers(self) -> list[str]:
        """Describe the replies and failures that were not asked for as often as scripted."""
        with self._lock:
            return [each.complaint() for each in self._script if each.left]

    def respond(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of the service.

        Raises:
            ValueError: It is none of the service's.
        """
        question = read(json.loads(request.content))
        with self._lock:
            self.questions.append(question)
            return self._respond(question)

    def _add(self, reply: _Reply) -> None:
        with self._lock:
            self._script.append(reply)

    def _respond(self, question: Question) -> httpx.Response:
        for each in self._script:
            if each.left == 0 or each.function not in (None, question.function):
                continue
            try:
                response = each.response(question)
            except MisfitError as error:
                each.misfits[question.function] = str(error)
                continue
            if each.left is not None:
                each.left -= 1
            return response
        return self._unscripted(question)

    def _unscripted(self, question: Question) -> httpx.Response:
        """Remember nothing, where that is an answer; what was meant for another is no reason."""
        name, key = question.function, list_key(question)
        misfits = [
            (each.function != name, each.misfits[name])
            for each in self._script
            if each.left != 0 and name in each.misfits and (key is None or each.function == name)
        ]
        why = min(misfits)[1] if misfits else rejected(question)
        if key is not None and why is None:
            return _said({key: []}, question)
        reason = f"no reply is scripted for {name!r}" + (f": {why}" if why else "")
        return httpx.Response(_REFUSED, text=reason)


def _said(value: JSONValue, question: Question) -> httpx.Response:
    text = json.dumps(value)
    choice = {"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    read = sum(len(message["content"].split()) for message in question.prompt)
    usage = {"prompt_tokens": read, "completion_tokens": len(text.split())}
    return httpx.Response(200, json={"choices": [choice], "usage": usage})
