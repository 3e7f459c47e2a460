"""A web application with memory: FastAPI, and one `AsyncClient` for all requests.

    export OPENAI_BASE_URL=http://127.0.0.1:11434/v1 OPENAI_API_KEY=unused
    export LANGMEM_LLM_MODEL=llama3.2
    python examples/fastapi_app.py          # http://127.0.0.1:8000/docs

It keeps memories in ./fastapi_app.db, or where LANGMEM_API_URL says. With more than one worker
process, run `langmem-server` and set that to its URL.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated
from uuid import UUID

import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Request
from openai import AsyncOpenAI
from pydantic import BaseModel

from langmem import AsyncClient
from langmem.errors import NotFoundError

URL = os.environ.get("LANGMEM_API_URL") or Path("fastapi_app.db").absolute().as_uri()


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open the clients with the application and close them with it."""
    async with AsyncClient(URL) as memory, AsyncOpenAI() as model:
        app.state.memory, app.state.model = memory, model
        yield


app = FastAPI(title="Chat with memory", lifespan=lifespan)


def memory_of(request: Request) -> AsyncClient:
    memory: AsyncClient = request.app.state.memory
    return memory


Memory = Annotated[AsyncClient, Depends(memory_of)]


class Said(BaseModel):
    """What a user says in a conversation."""

    user_id: UUID
    thread_id: UUID
    text: str


@app.post("/chat")
async def chat(said: Said, memory: Memory, request: Request) -> dict[str, str]:
    """Answer with what is remembered of the user, and keep both messages."""
    found = await memory.query_user_memory(said.user_id, said.text, k=10)
    known = "\n".join(one["text"] for one in found["memories"]) or "nothing yet"
    completion = await request.app.state.model.chat.completions.create(
        model=os.environ["LANGMEM_LLM_MODEL"],
        messages=[
            {"role": "system", "content": f"Be brief. You know of the user:\n{known}"},
            {"role": "user", "content": said.text},
        ],
    )
    reply = completion.choices[0].message
    question = {"role": "user", "content": said.text, "metadata": {"user_id": said.user_id}}
    await memory.add_messages(said.thread_id, [question, reply])
    return {"reply": reply.content or ""}


@app.get("/users/{user_id}/memories")
async def memories(user_id: UUID, memory: Memory, about: str = "") -> list[str]:
    """List what is remembered of a user, what is about something first."""
    found = await memory.query_user_memory(user_id, about, k=50)
    return [one["text"] for one in found["memories"]]


@app.delete("/users/{user_id}")
async def erase(user_id: UUID, memory: Memory) -> None:
    """Erase a user, with their messages and all that is remembered of them."""
    try:
        await memory.delete_user(user_id)
    except NotFoundError:
        raise HTTPException(404, "This user is not known.") from None


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=8000)
