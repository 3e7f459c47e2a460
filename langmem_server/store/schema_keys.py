"""The SQL of the third migration. Never edited once released: a change is a new migration."""

from __future__ import annotations

from typing import Final

# Revoked keys stay: a service that ever had a key is never open again.
_KEYS = """
CREATE TABLE api_keys (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    scope TEXT NOT NULL, -- 'application', or 'metrics': to read what all tenants add up to
    digest TEXT NOT NULL UNIQUE, -- SHA-256 of the key, which is as random as it is long
    created_at TEXT NOT NULL,
    revoked_at TEXT,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID
"""

# Apart from the runs: what was paid for is not forgotten with those it was paid for.
_USAGE = """
CREATE TABLE token_usage (
    tenant TEXT NOT NULL,
    date TEXT NOT NULL,
    runs INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    PRIMARY KEY (tenant, date)
) STRICT, WITHOUT ROWID
"""

# What the service alone knows, such as what it seals cursors with.
_SECRETS = """
CREATE TABLE service_secrets (
    name TEXT NOT NULL PRIMARY KEY,
    secret BLOB NOT NULL
) STRICT, WITHOUT ROWID
"""

STATEMENTS: Final = (
    _KEYS,
    _USAGE,
    _SECRETS,
    "INSERT INTO service_secrets VALUES ('cursors', randomblob(32))",
    # A run may only be ended by whoever began it last; counts do not go back as clocks do.
    "ALTER TABLE runs ADD COLUMN begun_count INTEGER NOT NULL DEFAULT 0",
    # How often in a row the service was killed while the run was at work.
    "ALTER TABLE runs ADD COLUMN interrupted_count INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX memories_by_ordinal ON memories (tenant, ordinal)",
    # Files of the very first version lack it.
    (
        "CREATE INDEX IF NOT EXISTS memory_functions_by_age"
        " ON memory_functions (tenant, created_at, id)"
    ),
)
