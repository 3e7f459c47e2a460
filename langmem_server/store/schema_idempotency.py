"""The SQL of the second migration. Never edited once released: a change is a new migration."""

from __future__ import annotations

from typing import Final

_KEYS = """
CREATE TABLE idempotency_keys (
    tenant TEXT NOT NULL,
    key TEXT NOT NULL, -- token of the caller's key, which may have been made from an id
    fingerprint TEXT NOT NULL, -- token of the request
    answered INTEGER NOT NULL, -- 0 when the answer was null, 1 when it was kept
    created_at TEXT NOT NULL,
    PRIMARY KEY (tenant, key)
) STRICT, WITHOUT ROWID
"""

# Apart from the keys, so that an answer goes with whom it is about while its key still counts.
_ANSWERS = """
CREATE TABLE idempotency_answers (
    tenant TEXT NOT NULL,
    key TEXT NOT NULL,
    answer TEXT NOT NULL, -- JSON
    user_id TEXT,
    thread_id TEXT,
    function_id TEXT,
    PRIMARY KEY (tenant, key),
    FOREIGN KEY (tenant, key) REFERENCES idempotency_keys (tenant, key) ON DELETE CASCADE,
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, thread_id) REFERENCES threads (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, function_id) REFERENCES memory_functions (tenant, id) ON DELETE CASCADE
) STRICT
"""

TABLES: Final = (
    _KEYS,
    _ANSWERS,
    "CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at)",
    "CREATE INDEX idempotency_answers_of_user ON idempotency_answers (tenant, user_id)",
    "CREATE INDEX idempotency_answers_of_thread ON idempotency_answers (tenant, thread_id)",
    "CREATE INDEX idempotency_answers_of_function ON idempotency_answers (tenant, function_id)",
)
