"""The SQL of the first migration. Never edited once released: a change is a new migration."""

from __future__ import annotations

import json
from typing import Final

_USERS = """
CREATE TABLE users (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT,
    named INTEGER NOT NULL, -- 1 when a call gave the name, 0 when a message did
    tags TEXT,
    metadata TEXT,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID
"""

_FUNCTIONS = """
CREATE TABLE memory_functions (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    parameters TEXT NOT NULL,
    custom_instructions TEXT,
    status TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT
"""

_THREADS = """
CREATE TABLE threads (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    metadata TEXT,
    created_at TEXT NOT NULL,
    last_message_timestamp TEXT,
    last_message_batch_id INTEGER,
    last_seq INTEGER NOT NULL DEFAULT 0, -- never falls, so that no seq is given twice
    due_at REAL, -- epoch seconds; NULL when nothing waits
    PRIMARY KEY (tenant, id)
) STRICT
"""

_MESSAGES = """
CREATE TABLE messages (
    tenant TEXT NOT NULL,
    thread_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    role TEXT NOT NULL,
    content TEXT, -- JSON
    name TEXT,
    user_id TEXT,
    timestamp TEXT NOT NULL,
    extra TEXT NOT NULL, -- JSON
    fingerprint TEXT, -- of sender, content and timestamp, where the sender gave a timestamp
    PRIMARY KEY (tenant, thread_id, seq),
    UNIQUE (tenant, thread_id, id),
    FOREIGN KEY (tenant, thread_id) REFERENCES threads (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE
) STRICT
"""

_PARTICIPANTS = """
CREATE TABLE participants (
    tenant TEXT NOT NULL,
    user_id TEXT NOT NULL,
    thread_id TEXT NOT NULL,
    last_seq INTEGER NOT NULL, -- the user's last message in the thread
    PRIMARY KEY (tenant, user_id, thread_id),
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, thread_id) REFERENCES threads (tenant, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID
"""

_THREAD_STATES = """
CREATE TABLE thread_states (
    tenant TEXT NOT NULL,
    thread_id TEXT NOT NULL,
    key TEXT NOT NULL, -- JSON: null is the nameless slot
    state TEXT NOT NULL, -- JSON
    PRIMARY KEY (tenant, thread_id, key),
    FOREIGN KEY (tenant, thread_id) REFERENCES threads (tenant, id) ON DELETE CASCADE
) STRICT
"""

_MEMORIES = """
CREATE TABLE memories (
    ordinal INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    function_id TEXT NOT NULL,
    owner TEXT NOT NULL, -- token of tenant and user, indexed beside the text
    text TEXT NOT NULL,
    content TEXT NOT NULL, -- JSON
    importance REAL,
    created_at TEXT NOT NULL,
    last_accessed TEXT NOT NULL,
    digest TEXT NOT NULL, -- of the case-folded text: what makes two memories the same
    UNIQUE (tenant, id),
    UNIQUE (tenant, user_id, function_id, digest),
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, function_id) REFERENCES memory_functions (tenant, id) ON DELETE CASCADE
) STRICT
"""

_MEMORY_THREADS = """
CREATE TABLE memory_threads (
    tenant TEXT NOT NULL,
    thread_id TEXT NOT NULL,
    memory_id TEXT NOT NULL,
    PRIMARY KEY (tenant, thread_id, memory_id),
    FOREIGN KEY (tenant, thread_id) REFERENCES threads (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, memory_id) REFERENCES memories (tenant, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID
"""

# SQLite keeps only the index here; the triggers below hold it equal to the table.
_MEMORIES_FTS = """
CREATE VIRTUAL TABLE memories_fts USING fts5 (
    text, owner, content='memories', content_rowid='ordinal', tokenize='porter unicode61'
)
"""

_FTS_INSERT = """
CREATE TRIGGER memories_fts_insert AFTER INSERT ON memories BEGIN
    INSERT INTO memories_fts (rowid, text, owner) VALUES (new.ordinal, new.text, new.owner);
END
"""

_FTS_DELETE = """
CREATE TRIGGER memories_fts_delete AFTER DELETE ON memories BEGIN
    INSERT INTO memories_fts (memories_fts, rowid, text, owner)
    VALUES ('delete', old.ordinal, old.text, old.owner);
END
"""

_USER_STATES = """
CREATE TABLE user_states (
    tenant TEXT NOT NULL,
    user_id TEXT NOT NULL,
    function_id TEXT NOT NULL,
    state TEXT NOT NULL, -- JSON
    version INTEGER NOT NULL,
    PRIMARY KEY (tenant, user_id, function_id),
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, function_id) REFERENCES memory_functions (tenant, id) ON DELETE CASCADE
) STRICT
"""

_THREAD_OUTPUTS = """
CREATE TABLE thread_outputs (
    tenant TEXT NOT NULL,
    thread_id TEXT NOT NULL,
    function_id TEXT NOT NULL,
    output TEXT NOT NULL, -- JSON
    version INTEGER NOT NULL,
    PRIMARY KEY (tenant, thread_id, function_id),
    FOREIGN KEY (tenant, thread_id) REFERENCES threads (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, function_id) REFERENCES memory_functions (tenant, id) ON DELETE CASCADE
) STRICT
"""

_PROGRESS = """
CREATE TABLE progress (
    tenant TEXT NOT NULL,
    thread_id TEXT NOT NULL,
    lane TEXT NOT NULL,
    function_id TEXT NOT NULL,
    user_id TEXT, -- NULL for a function over threads
    planned_seq INTEGER NOT NULL,
    PRIMARY KEY (tenant, thread_id, lane),
    FOREIGN KEY (tenant, thread_id) REFERENCES threads (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, function_id) REFERENCES memory_functions (tenant, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID
"""

_RUNS = """
CREATE TABLE runs (
    ordinal INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    thread_id TEXT NOT NULL,
    user_id TEXT, -- NULL for a function over threads
    function_id TEXT NOT NULL,
    lane TEXT NOT NULL,
    status TEXT NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    error TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    prompt_tokens INTEGER NOT NULL DEFAULT 0,
    completion_tokens INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    started_at TEXT,
    finished_at TEXT,
    queued_count INTEGER NOT NULL DEFAULT 1,
    dispatched INTEGER NOT NULL DEFAULT 0,
    UNIQUE (tenant, id),
    FOREIGN KEY (tenant, thread_id) REFERENCES threads (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, function_id) REFERENCES memory_functions (tenant, id) ON DELETE CASCADE
) STRICT
"""

_INDEXES = (
    "CREATE INDEX users_by_name ON users (tenant, name, id)",
    (
        "CREATE UNIQUE INDEX memory_functions_by_name ON memory_functions (tenant, type, name)"
        " WHERE name <> ''"
    ),
    "CREATE INDEX memory_functions_by_age ON memory_functions (tenant, created_at, id)",
    (
        "CREATE INDEX threads_by_last_message"
        " ON threads (tenant, last_message_timestamp DESC, created_at DESC, id)"
    ),
    "CREATE INDEX threads_due ON threads (due_at) WHERE due_at IS NOT NULL",
    "CREATE INDEX messages_of_user ON messages (tenant, user_id)",
    (
        "CREATE UNIQUE INDEX messages_by_fingerprint ON messages (tenant, thread_id, fingerprint)"
        " WHERE fingerprint IS NOT NULL"
    ),
    "CREATE INDEX participants_of_thread ON participants (tenant, thread_id, user_id, last_seq)",
    "CREATE INDEX memories_by_access ON memories (tenant, user_id, last_accessed, ordinal)",
    "CREATE INDEX memories_of_function ON memories (tenant, function_id)",
    "CREATE INDEX memory_threads_of_memory ON memory_threads (tenant, memory_id)",
    "CREATE INDEX user_states_of_function ON user_states (tenant, function_id)",
    "CREATE INDEX thread_outputs_of_function ON thread_outputs (tenant, function_id)",
    "CREATE INDEX progress_of_user ON progress (tenant, user_id)",
    "CREATE INDEX progress_of_function ON progress (tenant, function_id, thread_id, user_id)",
    "CREATE INDEX runs_of_thread ON runs (tenant, thread_id, ordinal)",
    "CREATE INDEX runs_of_user ON runs (tenant, user_id, ordinal)",
    "CREATE INDEX runs_of_function ON runs (tenant, function_id)",
    "CREATE INDEX runs_pending ON runs (lane, ordinal) WHERE status IN ('queued', 'running')",
    "CREATE INDEX runs_undispatched ON runs (ordinal) WHERE status = 'queued' AND dispatched = 0",
)

FIRST_TABLES: Final = (
    _USERS,
    _FUNCTIONS,
    _THREADS,
    _MESSAGES,
    _PARTICIPANTS,
    _THREAD_STATES,
    _MEMORIES,
    _MEMORY_THREADS,
    _MEMORIES_FTS,
    _FTS_INSERT,
    _FTS_DELETE,
    _USER_STATES,
    _THREAD_OUTPUTS,
    _PROGRESS,
    _RUNS,
    *_INDEXES,
)

SEMANTIC_FUNCTION_ID: Final = "5e3a0c9e-7d1b-4f6a-9c52-0b8d4e6f1a27"
"""The id of the unstructured memory of the tenant `default`, the same in every deployment."""

SEMANTIC_NAME: Final = "SemanticUserMemory"
SEMANTIC_DESCRIPTION: Final = "Facts about the user as subject, predicate and object."

SEED_FUNCTION: Final = f"""
INSERT INTO memory_functions VALUES (
    'default', '{SEMANTIC_FUNCTION_ID}', 'user_semantic_memory', '{SEMANTIC_NAME}',
    '{SEMANTIC_DESCRIPTION}', ?, NULL, 'active', ?
)
"""  # noqa: S608 - the values put in are the constants above

_TRIPLE = {
    "title": "Triple",
    "type": "object",
    "description": "One fact.",
    "properties": {
        "subject": {
            "title": "Subject",
            "type": "string",
            "description": "Who or what it is about.",
        },
        "predicate": {"title": "Predicate", "type": "string", "description": "How they relate."},
        "object": {"title": "Object", "type": "string", "description": "What is said of it."},
        "importance": {
            "title": "Importance",
            "type": "integer",
            "minimum": 1,
            "maximum": 10,
            "description": "How much it matters: 1 is mundane, 10 must not be forgotten.",
        },
    },
    "required": ["subject", "predicate", "object", "importance"],
}

SEMANTIC_PARAMETERS: Final = json.dumps(
    {
        "$defs": {"Triple": _TRIPLE},
        "title": "extractTriplet",
        "type": "object",
        "properties": {
            "triples": {
                "title": "Triples",
                "type": "array",
                "items": {"$ref": "#/$defs/Triple"},
                "description": "The facts worth remembering.",
            }
        },
        "required": ["triples"],
    }
)
