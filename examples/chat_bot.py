"""A chat bot that remembers the person it talks to, on any OpenAI-compatible endpoint.

    export OPENAI_BASE_URL=http://127.0.0.1:11434/v1 OPENAI_API_KEY=unused
    export LANGMEM_LLM_MODEL=llama3.2
    python examples/chat_bot.py Will

Talk to it, end the input (Ctrl-D), start it again: it knows what you said. Memories are kept in
./chat_bot.db, or where LANGMEM_API_URL says. One model answers and makes the memories.
"""

from __future__ import annotations

import os
import sys
import uuid
from pathlib import Path
from typing import Any

from openai import OpenAI

from langmem import Client

MODEL = os.environ.get("LANGMEM_LLM_MODEL", "")
PROMPT = """You are a friendly companion. Be brief.
What you remember of {name} from earlier conversations:
{memories}"""


class ChatBot:
    """One conversation with one person."""

    def __init__(self, memory: Client, model: OpenAI, name: str) -> None:
        self.memory = memory
        self.model = model
        self.name = name
        # The same person has the same id each time; each conversation is a thread of its own.
        self.user_id = uuid.uuid5(uuid.NAMESPACE_URL, f"https://example.com/users/{name}")
        self.thread_id = uuid.uuid4()

    def answer(self, text: str) -> str:
        """Answer what the person says, and keep both in the thread."""
        found = self.memory.query_user_memory(self.user_id, text, k=10)
        memories = "\n".join(f"- {memory['text']}" for memory in found["memories"]) or "nothing yet"
        question = {"role": "user", "content": text}
        prompt: list[Any] = [
            {"role": "system", "content": PROMPT.format(name=self.name, memories=memories)},
            *self.said(),
            question,
        ]
        completion = self.model.chat.completions.create(model=MODEL, messages=prompt)
        reply = completion.choices[0].message
        speaker = {"name": self.name, "metadata": {"user_id": self.user_id}}
        self.memory.add_messages(self.thread_id, [question | speaker, reply])
        return reply.content or ""

    def said(self) -> list[dict[str, Any]]:
        """Return the conversation so far, in the form the model takes."""
        return [
            {"role": message["role"], "content": message["content"]}
            for message in self.memory.list_messages(self.thread_id)
        ]

    def end(self) -> None:
        """Have the memories made now that the conversation is over."""
        if not self.said():
            return
        outcomes = self.memory.trigger_all_for_thread(self.thread_id, wait=120)
        for run in outcomes.failed + outcomes.skipped:
            print(f"{run['memory_function_name']}: {run['error']}", file=sys.stderr)


def main() -> None:
    if not MODEL:
        raise SystemExit("Set LANGMEM_LLM_MODEL to the name of a model; see the top of this file.")
    name = sys.argv[1] if len(sys.argv) > 1 else "Will"
    url = os.environ.get("LANGMEM_API_URL") or Path("chat_bot.db").absolute().as_uri()
    with Client(url) as memory, OpenAI() as model:
        bot = ChatBot(memory, model, name)
        for line in sys.stdin:
            print(bot.answer(line.strip()), flush=True)
        bot.end()


if __name__ == "__main__":
    main()
