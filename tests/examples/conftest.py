from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.server.scripted_model import ScriptedModel, sensible

if TYPE_CHECKING:
    from collections.abc import Iterator


def companion(body: dict[str, Any]) -> Any:
    """Answer the service as it asks; answer a chat with the prompt it came with, on one line."""
    if "response_format" in body:
        return sensible(body)
    return " / ".join(body["messages"][0]["content"].splitlines())


@pytest.fixture
def model() -> Iterator[ScriptedModel]:
    """An endpoint that makes memories of what is said, and shows what a chat bot tells it."""
    with ScriptedModel() as scripted:
        scripted.default(companion)
        yield scripted


@pytest.fixture
def environment(model: ScriptedModel) -> dict[str, str]:
    """What a person sets to run an example: where the model is, for the example and the service."""
    return {
        "OPENAI_BASE_URL": model.base_url,
        "OPENAI_API_KEY": "unused",
        "LANGMEM_LLM_MODEL": "scripted",
    }
