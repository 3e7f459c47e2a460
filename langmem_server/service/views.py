"""What the store's records look like to a caller. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langmem_server import messages

if TYPE_CHECKING:
    from langmem_server.retrieve import Scored
    from langmem_server.store.records import (
        DailyUsage,
        Function,
        Message,
        Output,
        Run,
        Thread,
        User,
    )


def user(record: User) -> dict[str, Any]:
    """Show a user; tags and metadata only once they have been set."""
    optional = {"tags": record.tags, "metadata": record.metadata}
    shown = {key: value for key, value in optional.items() if value is not None}
    return {"id": record.id, "name": record.name, **shown}


def function(record: Function) -> dict[str, Any]:
    """Show a memory function, its keys in the order the service of 2024 had."""
    return {
        "id": record.id,
        "type": record.type,
        "custom_instructions": record.custom_instructions,
        "schema": {
            "name": record.name,
            "description": record.description,
            "parameters": record.parameters,
        },
        "status": record.status,
        "target_type": record.target_type,
    }


def thread_item(record: Thread) -> dict[str, Any]:
    """Show a thread in a list."""
    return {
        "id": record.id,
        "last_message_timestamp": record.last_message_timestamp,
        "last_message_batch_id": record.last_message_batch_id,
    }


def thread(record: Thread, newest: list[Message]) -> dict[str, Any]:
    """Show a thread with messages, given oldest first."""
    return {
        "id": record.id,
        "metadata": record.metadata,
        "created_at": record.created_at,
        "last_message_timestamp": record.last_message_timestamp,
        "last_message_batch_id": record.last_message_batch_id,
        "messages": [messages.render(message, "openai") for message in newest],
    }


def output(record: Output) -> dict[str, Any]:
    """Show what a function holds about a user or a thread."""
    target = f"/users/{record.user_id}" if record.user_id else f"/threads/{record.thread_id}"
    return {
        "memory_function_id": record.function_id,
        "memory_function_name": record.function_name,
        "memory_function_type": record.function_type,
        "target": target,
        "output": record.value,
    }


def memory(scored: Scored) -> dict[str, Any]:
    """Show a memory a search found."""
    return {
        "id": scored.memory.id,
        "created_at": scored.memory.created_at,
        "last_accessed": scored.memory.last_accessed,
        "text": scored.memory.text,
        "content": scored.memory.content,
        "scores": {
            "recency": scored.recency,
            "importance": scored.importance,
            "relevance": scored.relevance,
        },
    }


def run(record: Run) -> dict[str, Any]:
    """Show a run."""
    return {
        "id": record.id,
        "memory_function_id": record.function_id,
        "memory_function_name": record.function_name,
        "memory_function_type": record.function_type,
        "thread_id": record.thread_id,
        "user_id": record.user_id,
        "message_ids": record.message_ids,
        "status": record.status,
        "error": record.error,
        "attempts": record.attempts,
        "created_at": record.created_at,
        "started_at": record.started_at,
        "finished_at": record.finished_at,
        "usage": _tokens(record),
    }


def daily_usage(record: DailyUsage) -> dict[str, Any]:
    """Show what a day used."""
    return {
        "date": record.date,
        "runs": record.runs,
        "attempts": record.attempts,
        "usage": _tokens(record),
    }


def _tokens(record: Run | DailyUsage) -> dict[str, int]:
    return {
        "prompt_tokens": record.prompt_tokens,
        "completion_tokens": record.completion_tokens,
        "total_tokens": record.prompt_tokens + record.completion_tokens,
    }
