CREATE TABLE langmem_migrations (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL) STRICT;
CREATE TABLE users (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT,
    named INTEGER NOT NULL, -- 1 when a call gave the name, 0 when a message did
    tags TEXT,
    metadata TEXT,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;
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
) STRICT;
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
) STRICT;
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
) STRICT;
CREATE TABLE participants (
    tenant TEXT NOT NULL,
    user_id TEXT NOT NULL,
    thread_id TEXT NOT NULL,
    last_seq INTEGER NOT NULL, -- the user's last message in the thread
    PRIMARY KEY (tenant, user_id, thread_id),
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, thread_id) REFERENCES threads (tenant, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE thread_states (
    tenant TEXT NOT NULL,
    thread_id TEXT NOT NULL,
    key TEXT NOT NULL, -- JSON: null is the nameless slot
    state TEXT NOT NULL, -- JSON
    PRIMARY KEY (tenant, thread_id, key),
    FOREIGN KEY (tenant, thread_id) REFERENCES threads (tenant, id) ON DELETE CASCADE
) STRICT;
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
) STRICT;
CREATE TABLE memory_threads (
    tenant TEXT NOT NULL,
    thread_id TEXT NOT NULL,
    memory_id TEXT NOT NULL,
    PRIMARY KEY (tenant, thread_id, memory_id),
    FOREIGN KEY (tenant, thread_id) REFERENCES threads (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, memory_id) REFERENCES memories (tenant, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE memories_fts USING fts5 (
    text, owner, content='memories', content_rowid='ordinal', tokenize='porter unicode61'
);
CREATE TRIGGER memories_fts_insert AFTER INSERT ON memories BEGIN
    INSERT INTO memories_fts (rowid, text, owner) VALUES (new.ordinal, new.text, new.owner);
END;
CREATE TRIGGER memories_fts_delete AFTER DELETE ON memories BEGIN
    INSERT INTO memories_fts (memories_fts, rowid, text, owner)
    VALUES ('delete', old.ordinal, old.text, old.owner);
END;
CREATE TABLE user_states (
    tenant TEXT NOT NULL,
    user_id TEXT NOT NULL,
    function_id TEXT NOT NULL,
    state TEXT NOT NULL, -- JSON
    version INTEGER NOT NULL,
    PRIMARY KEY (tenant, user_id, function_id),
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, function_id) REFERENCES memory_functions (tenant, id) ON DELETE CASCADE
) STRICT;
CREATE TABLE thread_outputs (
    tenant TEXT NOT NULL,
    thread_id TEXT NOT NULL,
    function_id TEXT NOT NULL,
    output TEXT NOT NULL, -- JSON
    version INTEGER NOT NULL,
    PRIMARY KEY (tenant, thread_id, function_id),
    FOREIGN KEY (tenant, thread_id) REFERENCES threads (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, function_id) REFERENCES memory_functions (tenant, id) ON DELETE CASCADE
) STRICT;
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
) STRICT, WITHOUT ROWID;
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
) STRICT;
CREATE INDEX users_by_name ON users (tenant, name, id);
CREATE UNIQUE INDEX memory_functions_by_name ON memory_functions (tenant, type, name) WHERE name <> '';
CREATE INDEX threads_by_last_message ON threads (tenant, last_message_timestamp DESC, created_at DESC, id);
CREATE INDEX threads_due ON threads (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX messages_of_user ON messages (tenant, user_id);
CREATE UNIQUE INDEX messages_by_fingerprint ON messages (tenant, thread_id, fingerprint) WHERE fingerprint IS NOT NULL;
CREATE INDEX participants_of_thread ON participants (tenant, thread_id, user_id, last_seq);
CREATE INDEX memories_by_access ON memories (tenant, user_id, last_accessed, ordinal);
CREATE INDEX memories_of_function ON memories (tenant, function_id);
CREATE INDEX memory_threads_of_memory ON memory_threads (tenant, memory_id);
CREATE INDEX user_states_of_function ON user_states (tenant, function_id);
CREATE INDEX thread_outputs_of_function ON thread_outputs (tenant, function_id);
CREATE INDEX progress_of_user ON progress (tenant, user_id);
CREATE INDEX progress_of_function ON progress (tenant, function_id, thread_id, user_id);
CREATE INDEX runs_of_thread ON runs (tenant, thread_id, ordinal);
CREATE INDEX runs_of_user ON runs (tenant, user_id, ordinal);
CREATE INDEX runs_of_function ON runs (tenant, function_id);
CREATE INDEX runs_pending ON runs (lane, ordinal) WHERE status IN ('queued', 'running');
CREATE INDEX runs_undispatched ON runs (ordinal) WHERE status = 'queued' AND dispatched = 0;
CREATE TABLE idempotency_keys (
    tenant TEXT NOT NULL,
    key TEXT NOT NULL, -- token of the caller's key, which may have been made from an id
    fingerprint TEXT NOT NULL, -- token of the request
    answered INTEGER NOT NULL, -- 0 when the answer was null, 1 when it was kept
    created_at TEXT NOT NULL,
    PRIMARY KEY (tenant, key)
) STRICT, WITHOUT ROWID;
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
) STRICT;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
CREATE INDEX idempotency_answers_of_user ON idempotency_answers (tenant, user_id);
CREATE INDEX idempotency_answers_of_thread ON idempotency_answers (tenant, thread_id);
CREATE INDEX idempotency_answers_of_function ON idempotency_answers (tenant, function_id);
INSERT INTO langmem_migrations VALUES ('m001_first_tables', '2026-11-28T06:01:27.974530Z');
INSERT INTO langmem_migrations VALUES ('m002_idempotency_keys', '2026-11-28T06:01:27.974929Z');
INSERT INTO users VALUES ('default', '0a000000-0000-4000-8000-00000000000a', 'Ann', 1, '["vip"]', '{"city": "Lyon"}');
INSERT INTO users VALUES ('default', '0b000000-0000-4000-8000-00000000000b', 'Bob', 0, NULL, NULL);
INSERT INTO memory_functions VALUES ('default', '5e3a0c9e-7d1b-4f6a-9c52-0b8d4e6f1a27', 'user_semantic_memory', 'SemanticUserMemory', 'Facts about the user as subject, predicate and object.', '{"$defs": {"Triple": {"title": "Triple", "type": "object", "description": "One fact.", "properties": {"subject": {"title": "Subject", "type": "string", "description": "Who or what it is about."}, "predicate": {"title": "Predicate", "type": "string", "description": "How they relate."}, "object": {"title": "Object", "type": "string", "description": "What is said of it."}, "importance": {"title": "Importance", "type": "integer", "minimum": 1, "maximum": 10, "description": "How much it matters: 1 is mundane, 10 must not be forgotten."}}, "required": ["subject", "predicate", "object", "importance"]}}, "title": "extractTriplet", "type": "object", "properties": {"triples": {"title": "Triples", "type": "array", "items": {"$ref": "#/$defs/Triple"}, "description": "The facts worth remembering."}}, "required": ["triples"]}', NULL, 'active', '2026-11-28T06:01:27.974434Z');
INSERT INTO memory_functions VALUES ('default', 'f1000000-0000-4000-8000-000000000001', 'user_state', 'My user_state', 'What to keep.', '{"type": "object", "properties": {"text": {"type": "string"}}}', NULL, 'active', '2026-11-28T06:01:27.977633Z');
INSERT INTO memory_functions VALUES ('default', 'f2000000-0000-4000-8000-000000000002', 'user_append_state', 'My user_append_state', 'What to keep.', '{"type": "object", "properties": {"text": {"type": "string"}}}', NULL, 'active', '2026-11-28T06:01:27.978232Z');
INSERT INTO memory_functions VALUES ('default', 'f3000000-0000-4000-8000-000000000003', 'thread_summary', 'My thread_summary', 'What to keep.', '{"type": "object", "properties": {"text": {"type": "string"}}}', NULL, 'active', '2026-11-28T06:01:27.978538Z');
INSERT INTO threads VALUES ('default', '07000000-0000-4000-8000-000000000007', '{"topic": "animals"}', '2026-11-28T06:01:27.978811Z', '2026-11-28T06:01:27.997175Z', 2, 3, 1.79584568299710130691e+09);
INSERT INTO threads VALUES ('default', '08000000-0000-4000-8000-000000000008', NULL, '2026-11-28T06:01:27.993260Z', '2026-11-28T06:01:27.993326Z', 0, 1, NULL);
INSERT INTO messages VALUES ('default', '07000000-0000-4000-8000-000000000007', 1, 0, '4f43f955-ecdc-471b-bccd-1b5ff5f75034', 'user', '"I keep two pikas."', 'Ann', '0a000000-0000-4000-8000-00000000000a', '2026-01-31T12:00:00.000000Z', '{"channel": "web"}', '403bfbb5ac6f41108024828178c4d2ca');
INSERT INTO messages VALUES ('default', '07000000-0000-4000-8000-000000000007', 2, 1, '7f912e26-91e0-4073-a839-d419ceff914d', 'user', '"I ride horses."', 'Bob', '0b000000-0000-4000-8000-00000000000b', '2026-01-31T12:00:00.000000Z', '{"channel": "web"}', 'e307e4dbf1fcdabc94ebedfedbcecb61');
INSERT INTO messages VALUES ('default', '08000000-0000-4000-8000-000000000008', 1, 0, '0ffc0b5e-2f1c-45cf-b6ad-5dace101394c', 'user', '"One is ill."', 'Ann', '0a000000-0000-4000-8000-00000000000a', '2026-01-31T12:00:00.000000Z', '{"channel": "web"}', 'd67109c9be3f136347ab2de1e00c4672');
INSERT INTO messages VALUES ('default', '07000000-0000-4000-8000-000000000007', 3, 2, '521ff81d-1c33-4448-990d-164eac705c0b', 'user', '"And donkeys."', 'Bob', '0b000000-0000-4000-8000-00000000000b', '2026-01-31T12:00:00.000000Z', '{"channel": "web"}', '454a4185c3cde30c4e759d6135aedf98');
INSERT INTO participants VALUES ('default', '0a000000-0000-4000-8000-00000000000a', '07000000-0000-4000-8000-000000000007', 1);
INSERT INTO participants VALUES ('default', '0b000000-0000-4000-8000-00000000000b', '07000000-0000-4000-8000-000000000007', 3);
INSERT INTO participants VALUES ('default', '0a000000-0000-4000-8000-00000000000a', '08000000-0000-4000-8000-000000000008', 1);
INSERT INTO thread_states VALUES ('default', '07000000-0000-4000-8000-000000000007', '"step"', '{"step": 2}');
INSERT INTO memories VALUES (1, 'default', '0cb02a96-b7e8-406a-9f08-b55bf46b7f73', '0a000000-0000-4000-8000-00000000000a', '5e3a0c9e-7d1b-4f6a-9c52-0b8d4e6f1a27', 'e444b5a2162bb750f7848d97e5e7a4de', 'I keep two pikas.', '{"text": "I keep two pikas."}', 5.0, '2026-11-28T06:01:27.986278Z', '2026-11-28T06:01:27.986278Z', '04f4435bcfd22bcee67f7e2c982b16f4');
INSERT INTO memories VALUES (2, 'default', '4fed071f-c6c3-4d54-b6da-7eab811f1841', '0b000000-0000-4000-8000-00000000000b', '5e3a0c9e-7d1b-4f6a-9c52-0b8d4e6f1a27', 'b1b206fbc2e9f3b7f425920b163a5f90', 'I ride horses.', '{"text": "I ride horses."}', 5.0, '2026-11-28T06:01:27.987743Z', '2026-11-28T06:01:27.987743Z', '1682b9ee370ef3cfb5fad99db32a9e54');
INSERT INTO memories VALUES (3, 'default', 'ef4683c9-fa70-4eae-9de3-6656404c258c', '0a000000-0000-4000-8000-00000000000a', 'f2000000-0000-4000-8000-000000000002', 'e444b5a2162bb750f7848d97e5e7a4de', 'I keep two pikas.', '{"text": "I keep two pikas."}', NULL, '2026-11-28T06:01:27.990682Z', '2026-11-28T06:01:27.990682Z', '04f4435bcfd22bcee67f7e2c982b16f4');
INSERT INTO memories VALUES (4, 'default', '8a0fe253-9fdb-45b1-a274-e948b58b1792', '0b000000-0000-4000-8000-00000000000b', 'f2000000-0000-4000-8000-000000000002', 'b1b206fbc2e9f3b7f425920b163a5f90', 'I ride horses.', '{"text": "I ride horses."}', NULL, '2026-11-28T06:01:27.991637Z', '2026-11-28T06:01:27.991637Z', '1682b9ee370ef3cfb5fad99db32a9e54');
INSERT INTO memory_threads VALUES ('default', '07000000-0000-4000-8000-000000000007', '0cb02a96-b7e8-406a-9f08-b55bf46b7f73');
INSERT INTO memory_threads VALUES ('default', '07000000-0000-4000-8000-000000000007', '4fed071f-c6c3-4d54-b6da-7eab811f1841');
INSERT INTO memory_threads VALUES ('default', '07000000-0000-4000-8000-000000000007', '8a0fe253-9fdb-45b1-a274-e948b58b1792');
INSERT INTO memory_threads VALUES ('default', '07000000-0000-4000-8000-000000000007', 'ef4683c9-fa70-4eae-9de3-6656404c258c');
INSERT INTO user_states VALUES ('default', '0a000000-0000-4000-8000-00000000000a', 'f1000000-0000-4000-8000-000000000001', '{"text": "I keep two pikas."}', 152903997419835427);
INSERT INTO user_states VALUES ('default', '0b000000-0000-4000-8000-00000000000b', 'f1000000-0000-4000-8000-000000000001', '{"text": "I ride horses."}', 2842241897948324203);
INSERT INTO thread_outputs VALUES ('default', '07000000-0000-4000-8000-000000000007', 'f3000000-0000-4000-8000-000000000003', '{"text": "I keep two pikas. I ride horses."}', 973926824116368037);
INSERT INTO progress VALUES ('default', '07000000-0000-4000-8000-000000000007', 'thread:296837cb58677767b0a62e836bdbc455', 'f3000000-0000-4000-8000-000000000003', NULL, 2);
INSERT INTO progress VALUES ('default', '07000000-0000-4000-8000-000000000007', 'user:58136483e26a4e99792bc72f62ee2e7f', 'f2000000-0000-4000-8000-000000000002', '0b000000-0000-4000-8000-00000000000b', 2);
INSERT INTO progress VALUES ('default', '07000000-0000-4000-8000-000000000007', 'user:61d766788223e8ac8900a503508bb41a', 'f2000000-0000-4000-8000-000000000002', '0a000000-0000-4000-8000-00000000000a', 2);
INSERT INTO progress VALUES ('default', '07000000-0000-4000-8000-000000000007', 'user:87010fbd1d67bc49ac29d6701218537b', 'f1000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-00000000000a', 2);
INSERT INTO progress VALUES ('default', '07000000-0000-4000-8000-000000000007', 'user:c187ad563704ae736f162df94f01fa2d', '5e3a0c9e-7d1b-4f6a-9c52-0b8d4e6f1a27', '0a000000-0000-4000-8000-00000000000a', 2);
INSERT INTO progress VALUES ('default', '07000000-0000-4000-8000-000000000007', 'user:dcd64f2b5eb8ee85c1ddf6b35f6e5646', '5e3a0c9e-7d1b-4f6a-9c52-0b8d4e6f1a27', '0b000000-0000-4000-8000-00000000000b', 2);
INSERT INTO progress VALUES ('default', '07000000-0000-4000-8000-000000000007', 'user:e1a96eafc8d1938a4f2adf44d8fb9abd', 'f1000000-0000-4000-8000-000000000001', '0b000000-0000-4000-8000-00000000000b', 2);
INSERT INTO progress VALUES ('default', '08000000-0000-4000-8000-000000000008', 'thread:cc99cdeceb498fd13f2e9c214b175833', 'f3000000-0000-4000-8000-000000000003', NULL, 1);
INSERT INTO progress VALUES ('default', '08000000-0000-4000-8000-000000000008', 'user:61d766788223e8ac8900a503508bb41a', 'f2000000-0000-4000-8000-000000000002', '0a000000-0000-4000-8000-00000000000a', 1);
INSERT INTO progress VALUES ('default', '08000000-0000-4000-8000-000000000008', 'user:87010fbd1d67bc49ac29d6701218537b', 'f1000000-0000-4000-8000-000000000001', '0a000000-0000-4000-8000-00000000000a', 1);
INSERT INTO progress VALUES ('default', '08000000-0000-4000-8000-000000000008', 'user:c187ad563704ae736f162df94f01fa2d', '5e3a0c9e-7d1b-4f6a-9c52-0b8d4e6f1a27', '0a000000-0000-4000-8000-00000000000a', 1);
INSERT INTO runs VALUES (1, 'default', '9b14d64b-ccb2-413b-b310-b3c7d1d158f4', '07000000-0000-4000-8000-000000000007', '0a000000-0000-4000-8000-00000000000a', '5e3a0c9e-7d1b-4f6a-9c52-0b8d4e6f1a27', 'user:c187ad563704ae736f162df94f01fa2d', 'succeeded', 1, 2, NULL, 1, 10, 5, '2026-11-28T06:01:27.981358Z', '2026-11-28T06:01:27.985374Z', '2026-11-28T06:01:27.986278Z', 1, 0);
INSERT INTO runs VALUES (2, 'default', '454ed560-5627-4603-b42c-709bcfa227c2', '07000000-0000-4000-8000-000000000007', '0b000000-0000-4000-8000-00000000000b', '5e3a0c9e-7d1b-4f6a-9c52-0b8d4e6f1a27', 'user:dcd64f2b5eb8ee85c1ddf6b35f6e5646', 'succeeded', 1, 2, NULL, 1, 10, 5, '2026-11-28T06:01:27.981358Z', '2026-11-28T06:01:27.987231Z', '2026-11-28T06:01:27.987743Z', 1, 0);
INSERT INTO runs VALUES (3, 'default', 'f305d75a-dbbf-498b-8126-b9fa88d61704', '07000000-0000-4000-8000-000000000007', '0a000000-0000-4000-8000-00000000000a', 'f1000000-0000-4000-8000-000000000001', 'user:87010fbd1d67bc49ac29d6701218537b', 'succeeded', 1, 2, NULL, 1, 10, 5, '2026-11-28T06:01:27.981358Z', '2026-11-28T06:01:27.988371Z', '2026-11-28T06:01:27.988896Z', 1, 0);
INSERT INTO runs VALUES (4, 'default', '8432c04f-31d2-46d1-a940-b463d1cb2368', '07000000-0000-4000-8000-000000000007', '0b000000-0000-4000-8000-00000000000b', 'f1000000-0000-4000-8000-000000000001', 'user:e1a96eafc8d1938a4f2adf44d8fb9abd', 'succeeded', 1, 2, NULL, 1, 10, 5, '2026-11-28T06:01:27.981358Z', '2026-11-28T06:01:27.989458Z', '2026-11-28T06:01:27.989942Z', 1, 0);
INSERT INTO runs VALUES (5, 'default', '98eea52d-4ad3-42a4-8f8c-cbedbbd3cd85', '07000000-0000-4000-8000-000000000007', '0a000000-0000-4000-8000-00000000000a', 'f2000000-0000-4000-8000-000000000002', 'user:61d766788223e8ac8900a503508bb41a', 'succeeded', 1, 2, NULL, 1, 10, 5, '2026-11-28T06:01:27.981358Z', '2026-11-28T06:01:27.990263Z', '2026-11-28T06:01:27.990682Z', 1, 0);
INSERT INTO runs VALUES (6, 'default', '6ea560a0-931a-4f1f-be98-8ab74a1e08c5', '07000000-0000-4000-8000-000000000007', '0b000000-0000-4000-8000-00000000000b', 'f2000000-0000-4000-8000-000000000002', 'user:58136483e26a4e99792bc72f62ee2e7f', 'succeeded', 1, 2, NULL, 1, 10, 5, '2026-11-28T06:01:27.981358Z', '2026-11-28T06:01:27.991204Z', '2026-11-28T06:01:27.991637Z', 1, 0);
INSERT INTO runs VALUES (7, 'default', '8f638683-ca4e-414d-a9bb-abc872b244f4', '07000000-0000-4000-8000-000000000007', NULL, 'f3000000-0000-4000-8000-000000000003', 'thread:296837cb58677767b0a62e836bdbc455', 'succeeded', 1, 2, NULL, 1, 10, 5, '2026-11-28T06:01:27.981358Z', '2026-11-28T06:01:27.992188Z', '2026-11-28T06:01:27.992792Z', 1, 0);
INSERT INTO runs VALUES (8, 'default', '8ade05c2-626a-4f66-836e-56d696c605a0', '08000000-0000-4000-8000-000000000008', '0a000000-0000-4000-8000-00000000000a', '5e3a0c9e-7d1b-4f6a-9c52-0b8d4e6f1a27', 'user:c187ad563704ae736f162df94f01fa2d', 'failed', 1, 1, 'the model gave no answer', 1, 10, 0, '2026-11-28T06:01:27.993885Z', '2026-11-28T06:01:27.995487Z', '2026-11-28T06:01:27.996008Z', 1, 0);
INSERT INTO runs VALUES (9, 'default', 'ba60d1bf-2b0a-443e-92d4-37e8cb91884b', '08000000-0000-4000-8000-000000000008', '0a000000-0000-4000-8000-00000000000a', 'f1000000-0000-4000-8000-000000000001', 'user:87010fbd1d67bc49ac29d6701218537b', 'running', 1, 1, NULL, 0, 0, 0, '2026-11-28T06:01:27.993885Z', '2026-11-28T06:01:27.996646Z', NULL, 1, 0);
INSERT INTO runs VALUES (10, 'default', '59192daa-2ac9-453c-a024-d613ae8cf607', '08000000-0000-4000-8000-000000000008', '0a000000-0000-4000-8000-00000000000a', 'f2000000-0000-4000-8000-000000000002', 'user:61d766788223e8ac8900a503508bb41a', 'queued', 1, 1, NULL, 0, 0, 0, '2026-11-28T06:01:27.993885Z', NULL, NULL, 1, 0);
INSERT INTO runs VALUES (11, 'default', 'e9bad7bd-afe7-4df9-bcab-7b4735503cca', '08000000-0000-4000-8000-000000000008', NULL, 'f3000000-0000-4000-8000-000000000003', 'thread:cc99cdeceb498fd13f2e9c214b175833', 'queued', 1, 1, NULL, 0, 0, 0, '2026-11-28T06:01:27.993885Z', NULL, NULL, 1, 0);
INSERT INTO idempotency_keys VALUES ('default', '4d03d05f318b795059092ada11474bc8', '5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f', 1, '2026-11-28T06:01:27.999060Z');
INSERT INTO idempotency_keys VALUES ('default', 'a4c4b95f9aa2a4f01c5b0e038d795be0', '6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6f', 0, '2026-11-28T06:01:27.999685Z');
INSERT INTO idempotency_answers VALUES ('default', '4d03d05f318b795059092ada11474bc8', '{"id": "0a000000-0000-4000-8000-00000000000a", "name": "Ann"}', '0a000000-0000-4000-8000-00000000000a', NULL, NULL);
