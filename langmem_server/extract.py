"""One memory function over one range of messages: what a model makes of them, checked.

The answer must fit the function's schema. One that does not is shown back to the model with what
is wrong, at most twice; then the run has failed. A document that exists is changed by a patch, so
that what the conversation does not speak of stays as it is. Without a model nothing is made up:
only the user's own words are kept.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from langmem_server import answers, prompts, schemas, texts
from langmem_server.llm import ModelError
from langmem_server.store.records import NewMemory, Outcome
from langmem_server.store.schema import SEMANTIC_PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from langmem_server.chat import Answer
    from langmem_server.llm import Model
    from langmem_server.store.records import User, Work

REPAIRS: Final = 2
NO_MODEL: Final = (
    "no model is configured: set LANGMEM_LLM_MODEL (and LANGMEM_LLM_BASE_URL, unless the model is "
    "OpenAI's), start the service again and trigger the run again"
)
_MAX_REASON = 500
_PARTS = ("subject", "predicate", "object")
# What every list of objects must be, also by a schema of an old draft, which may say it in words of
# its own.
_OBJECTS: Final[dict[str, Any]] = {
    "properties": {"memories": {"type": "array", "items": {"type": "object"}}},
    "required": ["memories"],
}
# What every list of triples must hold, also by a schema of the application's own.
_TRIPLES: Final[dict[str, Any]] = {
    "properties": {
        "triples": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    **{part: {"type": "string"} for part in _PARTS},
                    "importance": {"type": ["number", "null"]},
                },
                "required": list(_PARTS),
            },
        }
    },
    "required": ["triples"],
}


@dataclass(frozen=True, slots=True)
class _Found:
    state: dict[str, Any] | None = None
    memories: list[NewMemory] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Question:
    """What the model is asked, and how its answer is read.

    `schema` is the answer's; `key` names the one list in it, if that is its shape; `of_document`
    is the schema of the document to be patched, if there is one.
    """

    task: str
    schema: dict[str, Any]
    read: Callable[[Any], _Found]
    key: str | None = None
    of_document: dict[str, Any] | None = None


@dataclass(slots=True)
class _Cost:
    attempts: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0

    def add(self, answer: Answer) -> None:
        self.attempts += answer.attempts
        self.prompt_tokens += answer.prompt_tokens
        self.completion_tokens += answer.completion_tokens


def extract(work: Work, model: Model | None) -> Outcome:
    """Do the work of one run.

    Args:
        work: The run, its memory function and messages, and the current document, if any.
        model: The model to ask, or None when none is configured.

    Returns:
        `succeeded` with the new document or memories; `failed` with the reason when the model
        gives no usable answer or the function's schema cannot be used; `skipped` when a model is
        needed and there is none. What was asked is counted in every case.

    Raises:
        ModelClosedError: The service is stopping; nothing is known about the run.
    """
    if model is None:
        return _without_model(work)
    cost = _Cost()
    try:
        found = _ask(work, _question(work), model, cost)
    except schemas.SchemaError as error:
        return _outcome("failed", cost, error=f"the schema of the function is unusable: {error}")
    except ModelError as error:
        cost.attempts += error.attempts
        return _outcome("failed", cost, error=str(error))
    except answers.AnswerError as error:
        return _outcome("failed", cost, error=f"the model gave no usable answer: {error}")
    return _outcome("succeeded", cost, found)


def _ask(work: Work, question: _Question, model: Model, cost: _Cost) -> _Found:
    messages = prompts.first(work, question.task, question.schema, of_document=question.of_document)
    repairs = 0
    while True:
        answer = model.complete(messages, question.schema, work.function.name)
        cost.add(answer)
        try:
            value = answers.parse(answer)
            if question.key is not None and isinstance(value, list):
                value = {question.key: value}  # a frequent slip, and clear enough
            return question.read(value)
        except answers.AnswerError as error:
            if repairs == REPAIRS:
                raise
            repairs += 1
            messages += prompts.again(answer, error.problems)


def _question(work: Work) -> _Question:
    parameters = work.function.parameters
    schemas.Checker(parameters)  # an unusable schema is not worth a question
    schemas.check_references(parameters)
    if work.function.type == "user_semantic_memory":
        return _triples(parameters)
    if work.function.type == "user_append_state":
        return _objects(parameters)
    if work.function.type == "user_state":
        parameters = schemas.only_known(parameters)
    return _document(parameters, work.state or {}, sparse=work.function.type == "user_state")


def _document(schema: dict[str, Any], current: dict[str, Any], *, sparse: bool) -> _Question:
    def read(value: Any) -> _Found:
        new = answers.patched(value, current, schema) if current else answers.check(value, schema)
        return _Found(state=_known(new, current) if sparse else new)

    if current:
        return _Question(prompts.PATCH, answers.PATCH_SCHEMA, read, "patch", of_document=schema)
    return _Question(prompts.DOCUMENT, schema, read)


def _known(document: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    return {key: item for key, item in document.items() if item is not None or key in before}


def _objects(item: dict[str, Any]) -> _Question:
    schema = schemas.list_of(item | {"type": "object"}, "memories")

    def read(value: Any) -> _Found:
        contents = answers.check(answers.check(value, schema), _OBJECTS)["memories"]
        return _Found(memories=_distinct(NewMemory(texts.readable(c), c, None) for c in contents))

    return _Question(prompts.MEMORIES, schema, read, key="memories")


def _triples(parameters: dict[str, Any]) -> _Question:
    own = "triples" in parameters.get("properties", {})
    schema = parameters if own else json.loads(SEMANTIC_PARAMETERS)

    def read(value: Any) -> _Found:
        triples = answers.check(answers.check(value, schema), _TRIPLES)["triples"]
        return _Found(memories=_distinct(map(_triple, triples)))

    return _Question(prompts.MEMORIES, schema, read, key="triples")


def _triple(entry: dict[str, Any]) -> NewMemory:
    content = {part: entry[part].strip() for part in _PARTS}
    text = " ".join(filter(None, content.values()))
    return NewMemory(text, content, entry.get("importance"))


def _distinct(memories: Iterable[NewMemory]) -> list[NewMemory]:
    first: dict[str, NewMemory] = {}
    for memory in memories:
        first.setdefault(memory.text.casefold(), memory)
    first.pop("", None)  # an object that says nothing is no memory
    return list(first.values())


def _without_model(work: Work) -> Outcome:
    if work.function.type != "user_semantic_memory" or work.user is None:
        return _outcome("skipped", _Cost(), error=NO_MODEL)
    return _outcome("succeeded", _Cost(), _Found(memories=_distinct(_statements(work, work.user))))


def _statements(work: Work, user: User) -> Iterator[NewMemory]:
    for message in work.messages:
        words = texts.said(message.content).strip()
        if message.user_id == user.id and message.role == "user" and words:
            yield _triple({"subject": user.name or "user", "predicate": "said", "object": words})


def _outcome(
    status: str, cost: _Cost, found: _Found | None = None, *, error: str | None = None
) -> Outcome:
    found = found or _Found()
    return Outcome(
        status=status,
        error=None if error is None else error[:_MAX_REASON],
        attempts=cost.attempts,
        prompt_tokens=cost.prompt_tokens,
        completion_tokens=cost.completion_tokens,
        state=found.state,
        memories=found.memories,
    )
