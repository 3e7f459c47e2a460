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
INSERT INTO langmem_migrations VALUES ('m001_first_tables', '2026-11-28T06:01:27.648648Z');
INSERT INTO users VALUES ('default', '0a000000-0000-4000-8000-00000000000a', 'Ann', 1, '["vip"]', '{"city": "Lyon"}');
INSERT INTO users VALUES ('default', '0b000000-0000-4000-8000-00000000000b', 'Bob', 0, NULL, NULL);
INSERT INTO memory_functions VALUES ('default', '5e3a0c9e-7d1b-4f6a-9c52-0b8d4e6f1a27', 'user_semantic_memory', 'SemanticUserMemory', 'Facts about the user as subject, predicate and object.', '{"$defs": {"Triple": {"title": "Triple", "type": "object", "description": "One fact.", "properties": {"subject": {"title": "Subject", "type": "string", "description": "Who or what it is about."}, "predicate": {"title": "Predicate", "type": "string", "description": "How they relate."}, "object": {"title": "Object", "type": "string", "description": "What is said of it."}, "importance": {"title": "Importance", "type": "integer", "minimum": 1, "maximum": 10, "description": "How much it matters: 1 is mundane, 10 must not be forgotten."}}, "required": ["subject", "predicate", "object", "importance"]}}, "title": "extractTriplet", "type": "object", "properties": {"triples": {"title": "Triples", "type": "array", "items": {"$ref": "#/$defs/Triple"}, "description": "The facts worth remembering."}}, "required": ["triples"]}', NULL, 'active', '2026-11-28T06:01:27.648492Z');
INSERT INTO memory_functions VALUES ('default', 'f1000000-0000-4000-8000-000000000001', 'user_state', 'My user_state', 'What to keep.', '{"type": "object", "properties": {"text": {"type": "string"}}}', NULL, 'active', '2026-11-28T06:01:27.654003Z');
INSERT INTO memory_functions VALUES ('default', 'f2000000-0000-4000-8000-000000000002', 'user_append_state', 'My user_append_state', 'What to keep.', '{"type": "object", "properties": {"text": {"type": "string"}}}', NULL, 'active', '2026-11-28T06:01:27.654994Z');
INSERT INTO memory_functions VALUES ('default', 'f3000000-0000-4000-8000-000000000003', 'thread_summary', 'My thread_summary', 'What to keep.', '{"type": "object", "properties": {"text": {"type": "string"}}}', NULL, 'active', '2026-11-28T06:01:27.655500Z');
INSERT INTO threads VALUES ('default', '07000000-0000-4000-8000-000000000007', '{"topic": "animals"}', '2026-11-28T06:01:27.655992Z', '2026-11-28T06:01:27.679856Z', 2, 3, 1.79584568267976975438e+09);
INSERT INTO threads VALUES ('default', '08000000-0000-4000-8000-000000000008', NULL, '2026-11-28T06:01:27.675088Z', '2026-11-28T06:01:27.675166Z', 0, 1, NULL);
INSERT INTO messages VALUES ('default', '07000000-0000-4000-8000-000000000007', 1, 0, '0e6c43ac-8b35-4e13-9b76-0b4c8cb4a9ad', 'user', '"I keep two pikas."', 'Ann', '0a000000-0000-4000-8000-00000000000a', '2026-01-31T12:00:00.000000Z', '{"channel": "web"}', '403bfbb5ac6f41108024828178c4d2ca');
INSERT INTO messages VALUES ('default', '07000000-0000-4000-8000-000000000007', 2, 1, 'e241a3a7-a85e-4df0-a9f7-f14665f1c5bf', 'user', '"I ride horses."', 'Bob', '0b000000-0000-4000-8000-00000000000b', '2026-01-31T12:00:00.000000Z', '{"channel": "web"}', 'e307e4dbf1fcdabc94ebedfedbcecb61');
INSERT INTO messages VALUES ('default', '08000000-0000-4000-8000-000000000008', 1, 0, '2c1b7f81-06f9-4a03-83a7-698fffb2dd9f', 'user', '"One is ill."', 'Ann', '0a000000-0000-4000-8000-00000000000a', '2026-01-31T12:00:00.000000Z', '{"channel": "web"}', 'd67109c9be3f136347ab2de1e00c4672');
INSERT INTO messages VALUES ('default', '07000000-0000-4000-8000-000000000007', 3, 2, '84911157-6e3a-4bce-8757-254a9811bec5', 'user', '"And donkeys."', 'Bob', '0b000000-0000-4000-8000-00000000000b', '2026-01-31T12:00:00.000000Z', '{"channel": "web"}', '454a4185c3cde30c4e759d6135aedf98');
INSERT INTO participants VALUES ('default', '0a000000-0000-4000-8000-00000000000a', '07000000-0000-4000-8000-000000000007', 1);
INSERT INTO participants VALUES ('default', '0b000000-0000-4000-8000-00000000000b', '07000000-0000-4000-8000-000000000007', 3);
INSERT INTO participants VALUES ('default', '0a000000-0000-4000-8000-00000000000a', '08000000-0000-4000-8000-000000000008', 1);
INSERT INTO thread_states VALUES ('default', '07000000-0000-4000-8000-000000000007', '"step"', '{"step": 2}');
INSERT INTO memories VALUES (1, 'default', 'd55471a4-ef95-432f-841c-4906c70e6dc3', '0a000000-0000-4000-8000-00000000000a', '5e3a0c9e-7d1b-4f6a-9c52-0b8d4e6f1a27', 'e444b5a2162bb750f7848d97e5e7a4de', 'I keep two pikas.', '{"text": "I keep two pikas."}', 5.0, '2026-11-28T06:01:27.666655Z', '2026-11-28T06:01:27.666655Z', '04f4435bcfd22bcee67f7e2c982b16f4');
INSERT INTO memories VALUES (2, 'default', '759053b4-237d-4c96-94c8-94aa5f5b9886', '0b000000-0000-4000-8000-00000000000b', '5e3a0c9e-7d1b-4f6a-9c52-0b8d4e6f1a27', 'b1b206fbc2e9f3b7f425920b163a5f90', 'I ride horses.', '{"text": "I ride horses."}', 5.0, '2026-11-28T06:01:27.668511Z', '2026-11-28T06:01:27.668511Z', '1682b9ee370ef3cfb5fad99db32a9e54');
INSERT INTO memories VALUES (3, 'default', '777839c0-131e-4efc-8477-34a1ef8106c4', '0a000000-0000-4000-8000-00000000000a', 'f2000000-0000-4000-8000-000000000002', 'e444b5a2162bb750f7848d97e5e7a4de', 'I keep two pikas.', '{"text": "I keep two pikas."}', NULL, '2026-11-28T06:01:27.672053Z', '2026-11-28T06:01:27.672053Z', '04f4435bcfd22bcee67f7e2c982b16f4');
INSERT INTO memories VALUES (4, 'default', 'e7f2b85c-5b26-461e-b6df-97c17e296ff4', '0b000000-0000-4000-8000-00000000000b', 'f2000000-0000-4000-8000-000000000002', 'b1b206fbc2e9f3b7f425920b163a5f90', 'I ride horses.', '{"text": "I ride horses."}', NULL, '2026-11-28T06:01:27.673190Z', '2026-11-28T06:01:27.673190Z', '1682b9ee370ef3cfb5fad99db32a9e54');
INSERT INTO memory_threads VALUES ('default', '07000000-0000-4000-8000-000000000007', '759053b4-237d-4c96-94c8-94aa5f5b9886');
INSERT INTO memory_threads VALUES ('default', '07000000-0000-4000-8000-000000000007', '777839c0-131e-4efc-8477-34a1ef8106c4');
INSERT INTO memory_threads VALUES ('default', '07000000-0000-4000-8000-000000000007', 'd55471a4-ef95-432f-841c-4906c70e6dc3');
INSERT INTO memory_threads VALUES ('default', '07000000-0000-4000-8000-000000000007', 'e7f2b85c-5b26-461e-b6df-97c17e296ff4');
INSERT INTO user_states VALUES ('default', '0a000000-0000-4000-8000-00000000000a', 'f1000000-0000-4000-8000-000000000001', '{"text": "I keep two pikas."}', 972024079996917663);
INSERT INTO user_states VALUES ('default', '0b000000-0000-4000-8000-00000000000b', 'f1000000-0000-4000-8000-000000000001', '{"text": "I ride horses."}', 2790189058764349149);
INSERT INTO thread_outputs VALUES ('default', '07000000-0000-4000-8000-000000000007', 'f3000000-0000-4000-8000-000000000003', '{"text": "I keep two pikas. I ride horses."}', 1845951823928724265);
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
INSERT INTO runs VALUES (1, 'default', 'ab3d5ba7-86f8-4636-a814-7da792d1c887', '07000000-0000-4000-8000-000000000007', '0a000000-0000-4000-8000-00000000000a', '5e3a0c9e-7d1b-4f6a-9c52-0b8d4e6f1a27', 'user:c187ad563704ae736f162df94f01fa2d', 'succeeded', 1, 2, NULL, 1, 10, 5, '2026-11-28T06:01:27.659873Z', '2026-11-28T06:01:27.665397Z', '2026-11-28T06:01:27.666655Z', 1, 0);
INSERT INTO runs VALUES (2, 'default', 'e0962c21-33ba-415a-9655-7cc3e6bd7c12', '07000000-0000-4000-8000-000000000007', '0b000000-0000-4000-8000-00000000000b', '5e3a0c9e-7d1b-4f6a-9c52-0b8d4e6f1a27', 'user:dcd64f2b5eb8ee85c1ddf6b35f6e5646', 'succeeded', 1, 2, NULL, 1, 10, 5, '2026-11-28T06:01:27.659873Z', '2026-11-28T06:01:27.667883Z', '2026-11-28T06:01:27.668511Z', 1, 0);
INSERT INTO runs VALUES (3, 'default', '819e4c11-be32-4905-8a66-72676132207d', '07000000-0000-4000-8000-000000000007', '0a000000-0000-4000-8000-00000000000a', 'f1000000-0000-4000-8000-000000000001', 'user:87010fbd1d67bc49ac29d6701218537b', 'succeeded', 1, 2, NULL, 1, 10, 5, '2026-11-28T06:01:27.659873Z', '2026-11-28T06:01:27.669275Z', '2026-11-28T06:01:27.669912Z', 1, 0);
INSERT INTO runs VALUES (4, 'default', 'b032590a-21be-4155-8ee2-e4c60cd66465', '07000000-0000-4000-8000-000000000007', '0b000000-0000-4000-8000-00000000000b', 'f1000000-0000-4000-8000-000000000001', 'user:e1a96eafc8d1938a4f2adf44d8fb9abd', 'succeeded', 1, 2, NULL, 1, 10, 5, '2026-11-28T06:01:27.659873Z', '2026-11-28T06:01:27.670558Z', '2026-11-28T06:01:27.671132Z', 1, 0);
INSERT INTO runs VALUES (5, 'default', 'c4d3acd2-df19-42fe-85b7-587dd5d2ba1c', '07000000-0000-4000-8000-000000000007', '0a000000-0000-4000-8000-00000000000a', 'f2000000-0000-4000-8000-000000000002', 'user:61d766788223e8ac8900a503508bb41a', 'succeeded', 1, 2, NULL, 1, 10, 5, '2026-11-28T06:01:27.659873Z', '2026-11-28T06:01:27.671534Z', '2026-11-28T06:01:27.672053Z', 1, 0);
INSERT INTO runs VALUES (6, 'default', 'b45e6042-679a-4dd6-9566-d22e69b6a744', '07000000-0000-4000-8000-000000000007', '0b000000-0000-4000-8000-00000000000b', 'f2000000-0000-4000-8000-000000000002', 'user:58136483e26a4e99792bc72f62ee2e7f', 'succeeded', 1, 2, NULL, 1, 10, 5, '2026-11-28T06:01:27.659873Z', '2026-11-28T06:01:27.672691Z', '2026-11-28T06:01:27.673190Z', 1, 0);
INSERT INTO runs VALUES (7, 'default', '2b1201f0-a674-4689-ba20-f9cbe0372eb7', '07000000-0000-4000-8000-000000000007', NULL, 'f3000000-0000-4000-8000-000000000003', 'thread:296837cb58677767b0a62e836bdbc455', 'succeeded', 1, 2, NULL, 1, 10, 5, '2026-11-28T06:01:27.659873Z', '2026-11-28T06:01:27.673858Z', '2026-11-28T06:01:27.674539Z', 1, 0);
INSERT INTO runs VALUES (8, 'default', '3999385e-da72-4f70-8796-13864faff40b', '08000000-0000-4000-8000-000000000008', '0a000000-0000-4000-8000-00000000000a', '5e3a0c9e-7d1b-4f6a-9c52-0b8d4e6f1a27', 'user:c187ad563704ae736f162df94f01fa2d', 'failed', 1, 1, 'the model gave no answer', 1, 10, 0, '2026-11-28T06:01:27.675711Z', '2026-11-28T06:01:27.677790Z', '2026-11-28T06:01:27.678367Z', 1, 0);
INSERT INTO runs VALUES (9, 'default', '43fd171a-7a84-43cd-8bae-48ef5bf2e1d2', '08000000-0000-4000-8000-000000000008', '0a000000-0000-4000-8000-00000000000a', 'f1000000-0000-4000-8000-000000000001', 'user:87010fbd1d67bc49ac29d6701218537b', 'running', 1, 1, NULL, 0, 0, 0, '2026-11-28T06:01:27.675711Z', '2026-11-28T06:01:27.679213Z', NULL, 1, 0);
INSERT INTO runs VALUES (10, 'default', '455619af-fd32-40fd-8c72-6158dbc78bb2', '08000000-0000-4000-8000-000000000008', '0a000000-0000-4000-8000-00000000000a', 'f2000000-0000-4000-8000-000000000002', 'user:61d766788223e8ac8900a503508bb41a', 'queued', 1, 1, NULL, 0, 0, 0, '2026-11-28T06:01:27.675711Z', NULL, NULL, 1, 0);
INSERT INTO runs VALUES (11, 'default', 'edb58bee-bf52-48f9-a8b9-527d9d9bbe93', '08000000-0000-4000-8000-000000000008', NULL, 'f3000000-0000-4000-8000-000000000003', 'thread:cc99cdeceb498fd13f2e9c214b175833', 'queued', 1, 1, NULL, 0, 0, 0, '2026-11-28T06:01:27.675711Z', NULL, NULL, 1, 0);
