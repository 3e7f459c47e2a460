"""The examples printed in the reference's docstrings, and playing them one after another.

The text comes from the last published SDK at run time; none of it is kept here but the few words
that must be corrected.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import doctest
import functools
import inspect
import io
from typing import Any, NamedTuple

from tests.parity import legacy


class Correction(NamedTuple):
    """A fault of print: what an example says, and what it must say to be Python at all."""

    printed: str
    corrected: str
    why: str


WRONG_CLIENT = Correction(
    "client = Client()", "client = AsyncClient()", "awaits the methods of a client that is sync"
)
CORRECTIONS = {
    "Client.query_user_memory": Correction(
        '"user_append_state"\n)', '"user_append_state"\n]', "closes a list with a parenthesis"
    ),
    "AsyncClient.add_messages": WRONG_CLIENT,
    "AsyncClient.trigger_all_for_thread": WRONG_CLIENT,
}
"""By docstring."""


@functools.cache
def documents() -> dict[str, list[str]]:
    """Return the source of each example, by docstring: `Client`, `Client.add_messages`, ..."""
    if legacy.missing():
        return {}
    texts: dict[str, str] = {}
    for cls, said in legacy.lines("describe.py", ours=False)[0]["classes"].items():
        texts[cls] = said["doc"] or ""
        texts |= {f"{cls}.{name}": one["doc"] or "" for name, one in said["methods"].items()}
    parser = doctest.DocTestParser()
    sources = {
        name: [one.source for one in parser.get_examples(text)] for name, text in texts.items()
    }
    return {name: examples for name, examples in sources.items() if examples}


def corrected(name: str) -> list[str]:
    """Return the examples of a docstring as they must have been meant."""
    examples = documents()[name]
    if name not in CORRECTIONS:
        return examples
    wrong = CORRECTIONS[name]
    return [source.replace(wrong.printed, wrong.corrected) for source in examples]


class Play:
    """The examples of one docstring, run in order in one namespace and one event loop.

    Attributes:
        namespace: The names the examples have made, after those supplied.
        values: What the examples that are expressions came to, in order.
        output: What the examples printed.
    """

    def __init__(self, examples: list[str], namespace: dict[str, Any]) -> None:
        self.namespace = namespace
        self.values: list[Any] = []
        self.output = io.StringIO()
        self._waiting = list(enumerate(examples))
        self._failed: tuple[int, Exception] | None = None
        self._runner = asyncio.Runner()
        self._clients: dict[int, Any] = {}

    def until(self, number: int) -> None:
        """Run all examples up to this one, unless they have been run.

        Raises:
            Exception: What it raised, or one before it.
        """
        while self._waiting and self._waiting[0][0] <= number and self._failed is None:
            at, source = self._waiting.pop(0)
            try:
                with contextlib.redirect_stdout(self.output):
                    self._run(source)
            except Exception as error:  # noqa: BLE001 - reported by the test of that example
                self._failed = at, error
        if self._failed and self._failed[0] <= number:
            raise self._failed[1]

    def _run(self, source: str) -> None:
        body = ast.parse(source).body
        mode = "eval" if len(body) == 1 and isinstance(body[0], ast.Expr) else "exec"
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        code = compile(source, "example", mode, flags=flags, dont_inherit=True)
        value = eval(code, self.namespace)
        # Code with a top-level await is a coroutine; so is the value of a forgotten await.
        if code.co_flags & inspect.CO_COROUTINE:
            value = self._runner.run(value)
        if (client := self.namespace.get("client")) is not None:
            self._clients[id(client)] = client
        if mode == "eval":
            self.values.append(value)

    def close(self) -> None:
        """Close every client the examples made."""
        for client in self._clients.values():
            if hasattr(client, "aclose"):
                self._runner.run(client.aclose())
            else:
                client.close()
        self._runner.close()
