from __future__ import annotations

import ast
import asyncio
import contextlib
import doctest
import importlib
import inspect
import io
import json
import pkgutil
import re
import traceback
import uuid
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import respx
from pydantic import BaseModel

import langmem
from langmem import AsyncClient, Client
from langmem_api.api import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

URL = "http://127.0.0.1:8100"
SPEC = json.loads(files("langmem_api").joinpath("openapi.json").read_text())


class UserProfile(BaseModel):
    """What is known of a user, in the examples of typed memories."""

    name: str
    interests: list[str] = []


@dataclass
class Fact:
    """Something known of a user."""

    subject: str
    predicate: str
    object: str


@dataclass
class Summary:
    """What a conversation was about."""

    title: str
    summary: str
    topic: list[str]


def documented() -> Iterator[tuple[str, str]]:
    """The name and the docstring of everything in the package that shows an example."""
    for info in pkgutil.walk_packages(langmem.__path__, "langmem."):
        module = importlib.import_module(info.name)
        yield info.name, module.__doc__ or ""
        for name, value in vars(module).items():
            if getattr(value, "__module__", "") == info.name:
                yield f"{info.name}.{name}", value.__doc__ or ""
                members = vars(value) if inspect.isclass(value) else {}
                for member, function in members.items():
                    yield f"{info.name}.{name}.{member}", getattr(function, "__doc__", "") or ""
    yield "langmem", langmem.__doc__ or ""


EXAMPLES = {
    name: examples
    for name, text in documented()
    if (examples := doctest.DocTestParser().get_examples(text))
}


def test_every_method_shows_an_example() -> None:
    """A reader of any method sees how it is used, in both colours."""
    shown = {name.rsplit(".", 1)[-1] for name in EXAMPLES if name.startswith("langmem._async.")}
    assert set(OPERATIONS) <= shown
    shown = {name.rsplit(".", 1)[-1] for name in EXAMPLES if name.startswith("langmem._sync.")}
    assert set(OPERATIONS) <= shown


def answer(request: httpx.Request) -> httpx.Response:
    """What the API's description gives as the example of an answer to this request."""
    for path, item in SPEC["paths"].items():
        operation = item.get(request.method.lower())
        pattern = re.sub(r"\{\w+\}", "[0-9a-f-]{36}", path)
        if operation and re.fullmatch(pattern, request.url.path):
            response = operation["responses"]["200"]
            named = response.get("$ref", "").rpartition("/")[2]
            response = SPEC["components"]["responses"].get(named, response)
            return httpx.Response(200, json=response["content"]["application/json"]["example"])
    return httpx.Response(404)


async def show(example: doctest.Example, names: dict[str, Any]) -> str:
    """Run one example; return what an interactive Python would print."""
    code = compile(example.source, "<example>", "single", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        try:
            result = eval(code, names)
            if inspect.iscoroutine(result):
                await result
        except Exception as error:
            if "".join(traceback.format_exception_only(error)) != example.exc_msg:
                raise
            return example.want
    return output.getvalue()


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_examples_run(name: str) -> None:
    """Each example in a docstring runs, against a service that answers as the API's examples do."""
    colour = Client if "_sync" in name or "langchain" in name else AsyncClient
    names = {
        "client": colour(URL),
        "user_id": uuid.UUID("2d1a8daf-2319-4e3e-9fd0-6d7981ceb8a6"),
        "memory_function_id": uuid.UUID("cb217ff7-963e-44fc-b222-01f01058d64b"),
        "thread_id": uuid.UUID("e4d2c7a0-9441-4ea2-8ebe-2204f3e95a28"),
        "run_id": uuid.UUID("7d7c1d4e-5f0b-4c5e-9d39-2b8a4f6c1e02"),
        "UserProfile": UserProfile,
        "Fact": Fact,
        "Summary": Summary,
    }

    async def run() -> None:
        for example in EXAMPLES[name]:
            assert await show(example, names) == example.want, example.source

    with respx.mock:
        respx.route(host="127.0.0.1").mock(side_effect=answer)
        asyncio.run(run())
