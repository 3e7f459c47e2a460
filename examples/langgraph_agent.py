"""A LangGraph agent that reads memories before it answers and posts the messages afterwards.

    export OPENAI_BASE_URL=http://127.0.0.1:11434/v1 OPENAI_API_KEY=unused
    export LANGMEM_LLM_MODEL=llama3.2
    python examples/langgraph_agent.py

LangGraph's checkpoints hold one conversation; LangMem holds what is known across conversations.
"""

from __future__ import annotations

import os
import uuid
from typing import TYPE_CHECKING, Any

from langchain_core.messages import AIMessage, HumanMessage, convert_to_openai_messages
from langgraph.graph import END, START, MessagesState, StateGraph
from openai import OpenAI

from langmem import Client

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph


class State(MessagesState):
    """The messages of the conversation, whose they are, and what is remembered."""

    user_id: str
    thread_id: str
    memories: list[str]


def build(memory: Client, model: OpenAI) -> CompiledStateGraph[Any, Any, Any, Any]:
    """Make the graph: recall, answer, remember."""

    def recall(state: State) -> dict[str, Any]:
        text = state["messages"][-1].text
        found = memory.query_user_memory(state["user_id"], text, k=10)
        return {"memories": [one["text"] for one in found["memories"]]}

    def answer(state: State) -> dict[str, Any]:
        known = "\n".join(state["memories"]) or "nothing yet"
        prompt: list[Any] = [
            {"role": "system", "content": f"Be brief. You know of the user:\n{known}"},
            *convert_to_openai_messages(state["messages"]),
        ]
        completion = model.chat.completions.create(
            model=os.environ["LANGMEM_LLM_MODEL"], messages=prompt
        )
        return {"messages": [AIMessage(completion.choices[0].message.content or "")]}

    def remember(state: State) -> None:
        memory.add_messages(state["thread_id"], state["messages"][-2:])

    graph = StateGraph(State)
    for node in (recall, answer, remember):
        graph.add_node(node)
    graph.add_edge(START, "recall")
    graph.add_edge("recall", "answer")
    graph.add_edge("answer", "remember")
    graph.add_edge("remember", END)
    return graph.compile()


def main() -> None:
    """Say something in one conversation and ask for it in another."""
    user_id = str(uuid.uuid4())
    with Client(os.environ.get("LANGMEM_API_URL") or "memory://") as memory, OpenAI() as model:
        agent = build(memory, model)
        for text in ("My sister Ada keeps bees.", "Who keeps bees?"):
            thread = {"user_id": user_id, "thread_id": str(uuid.uuid4())}
            # The user_id of a message says whose memories it makes.
            message = HumanMessage(text, additional_kwargs={"user_id": user_id})
            state = agent.invoke({"messages": [message], **thread})
            print(f"recalled: {state['memories']}")
            print(f"answered: {state['messages'][-1].text}")
            memory.trigger_all_for_thread(thread["thread_id"], wait=120)


if __name__ == "__main__":
    main()
