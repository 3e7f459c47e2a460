from __future__ import annotations

import contextlib
import uuid
from typing import TYPE_CHECKING, Any

import pytest

import langmem
from tests.parity import effects, legacy, printed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.parity.conftest import StartService

    GetPlay = Callable[[str], tuple[printed.Play, langmem.Client]]

EFFECTS = "effects"
"""In place of an example's number: what must have come of all of them."""
EXAMPLES = [
    pytest.param(name, number, id=f"{name}[{number}]")
    for name, examples in printed.documents().items()
    for number in [*range(len(examples)), EFFECTS]
]
DISRUPTIVE = "Client.update_memory_function"
"""Changes whichever function is first, so it gets a service to itself."""


def method_of(name: str) -> str:
    """Return the method of a docstring's name; empty for a class."""
    return name.partition(".")[2]


def supplied(client: langmem.Client, name: str) -> dict[str, Any]:
    """Return the names that the examples of a docstring use and do not make."""
    effects.clear(client)
    always = {"List": list, "Dict": dict, "uuid": uuid, "AsyncClient": langmem.AsyncClient}
    return always | {"__name__": "examples"} | effects.BEFORE[method_of(name)](client)


@pytest.fixture(scope="module")
def get_play(start_service: StartService) -> Iterator[GetPlay]:
    """The play of a docstring's examples, and a client for looking at what they did."""
    url = start_service(LANGMEM_PROCESSING_DELAY="3600")
    plays: dict[str, tuple[printed.Play, langmem.Client]] = {}
    urls: dict[str, str] = {}
    with contextlib.ExitStack() as closing, pytest.MonkeyPatch.context() as patch:

        def get(name: str) -> tuple[printed.Play, langmem.Client]:
            if name not in urls:
                urls[name] = start_service() if name == DISRUPTIVE else url
            patch.setenv("LANGMEM_API_URL", urls[name])
            if name not in plays:
                client = closing.enter_context(langmem.Client(urls[name]))
                play = printed.Play(printed.corrected(name), supplied(client, name))
                closing.callback(play.close)
                plays[name] = play, client
            return plays[name]

        yield get


def test_examples_are_found() -> None:
    """Every docstring with examples is known here, with what must come of them."""
    legacy.require()
    methods = {method_of(name) for name in printed.documents()}
    assert methods == set(effects.BEFORE) == set(effects.AFTER)
    assert {name for name in printed.documents() if "Async" in name} == {
        f"Async{name}" for name in printed.documents() if "Async" not in name
    } - {f"Async{DISRUPTIVE}"}


@pytest.mark.parametrize(("name", "number"), EXAMPLES)
def test_example(name: str, number: int | str, get_play: GetPlay) -> None:
    """An example of the reference runs as it is printed, and its docstring has its effects."""
    play, client = get_play(name)
    if isinstance(number, int):
        play.until(number)
    else:
        play.until(len(printed.documents()[name]) - 1)
        effects.AFTER[method_of(name)](play, client)


@pytest.mark.parametrize("name", printed.CORRECTIONS)
def test_corrections_are_needed(name: str, get_play: GetPlay) -> None:
    """What is corrected is printed once, and without the correction no program would run it."""
    legacy.require()
    examples = printed.documents()[name]
    assert sum(one.count(printed.CORRECTIONS[name].printed) for one in examples) == 1
    _, client = get_play(name)
    uncorrected = printed.Play(examples, supplied(client, name))
    with contextlib.closing(uncorrected), pytest.raises((SyntaxError, TypeError)):
        uncorrected.until(len(examples) - 1)
