"""What the stub answers to other clients: to all the same thing fetched, to each its own answer."""

from __future__ import annotations

from typing import Any

from benchmarks.answers import MESSAGES, PROFILE, THREAD, USER

_NOW = "2024-04-06T09:30:00.000000Z"

_FETCHED = PROFILE | {
    "created": 1712395800,
    "object": "model",
    "owned_by": "nobody",
    "thread_id": THREAD,
    "peer_card": ["Will keeps bees.", "Will rises early."],
}

_HONCHO = "/v3/workspaces"
_HONCHO_ENTITY = {"workspace_id": "w", "created_at": _NOW, "metadata": {}, "configuration": {}}

# Path to fetch from, path to post to, what the post answers.
_CALLS: dict[str, tuple[str, str, Any]] = {
    "langmem": (f"/users/{USER}", f"/threads/{THREAD}/add_messages", None),
    "zep-cloud": (
        f"/users/{USER}",
        f"/threads/{THREAD}/messages",
        {"messages": [{**message, "uuid": USER, "created_at": _NOW} for message in MESSAGES]},
    ),
    "honcho-ai": (
        f"{_HONCHO}/w/peers/will/card",
        f"{_HONCHO}/w/sessions/s/messages",
        [
            {
                "id": str(number),
                "content": message["content"],
                "peer_id": "will",
                "session_id": "s",
                "created_at": _NOW,
                "workspace_id": "w",
                "token_count": 15,
            }
            for number, message in enumerate(MESSAGES)
        ],
    ),
    "mem0ai": (
        f"/v1/memories/{USER}/",
        "/v3/memories/add/",
        {"message": "Memory processing has been queued", "status": "PENDING", "event_id": USER},
    ),
    "langgraph-sdk": (
        f"/threads/{THREAD}",
        f"/threads/{THREAD}/state",
        {"checkpoint": {"thread_id": THREAD, "checkpoint_ns": "", "checkpoint_id": USER}},
    ),
    "openai": (
        "/models/m",
        "/chat/completions",
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1712395800,
            "model": "m",
            "choices": [
                {
                    "index": 0,
                    "finish_reason": "stop",
                    "message": {"role": "assistant", "content": "They do."},
                }
            ],
            "usage": {"prompt_tokens": 200, "completion_tokens": 3, "total_tokens": 203},
        },
    ),
}

# What some clients ask before the first call.
_BEFORE: dict[tuple[str, str], Any] = {
    ("POST", _HONCHO): _HONCHO_ENTITY | {"id": "w"},
    ("POST", f"{_HONCHO}/w/peers"): _HONCHO_ENTITY | {"id": "will"},
    ("POST", f"{_HONCHO}/w/sessions"): _HONCHO_ENTITY | {"id": "s", "is_active": True},
    ("GET", "/v1/ping/"): {
        "status": "ok",
        "org_id": "o",
        "project_id": "p",
        "user_email": "will@example.com",
    },
}


def paths(name: str) -> tuple[str, str]:
    """Return the paths that a client fetches from and posts to."""
    fetched, posted, _ = _CALLS[name]
    return fetched, posted


def answers() -> dict[tuple[str, str], Any]:
    """Return the answer for each method and path."""
    fetched = {("GET", path): _FETCHED for path, _, _ in _CALLS.values()}
    posted = {("POST", path): answer for _, path, answer in _CALLS.values()}
    return fetched | posted | _BEFORE
