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
CREATE INDEX memory_functions_by_age ON memory_functions (tenant, created_at, id);
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
INSERT INTO langmem_migrations VALUES ('m001_first_tables', '2026-11-28T06:01:27.817052Z');
INSERT INTO users VALUES ('default', '0a000000-0000-4000-8000-00000000000a', 'Ann', 1, '["vip"]', '{"city": "Lyon"}');
INSERT INTO users VALUES ('default', '0b000000-0000-4000-8000-00000000000b', 'Bob', 0, NULL, NULL);
INSERT INTO memory_functions VALUES ('default', '5e3a0c9e-7d1b-4f6a-9c52-0b8d4e6f1a27', 'user_semantic_memory', 'SemanticUserMemory', 'Facts about the user as subject, predicate and object.', '{"$defs": {"Triple": {"title": "Triple", "type": "object", "description": "One fact.", "properties": {"subject": {"title": "Subject", "type": "string", "description": "Who or what it is about."}, "predicate": {"title": "Predicate", "type": "string", "description": "How they relate."}, "object": {"title": "Object", "type": "string", "description": "What is said of it."}, "importance": {"title": "Importance", "type": "integer", "minimum": 1, "maximum": 10, "description": "How much it matters: 1 is mundane, 10 must not be forgotten."}}, "required": ["subject", "predicate", "object", "importance"]}}, "title": "extractTriplet", "type": "object", "properties": {"triples": {"title": "Triples", "type": "array", "items": {"$ref": "#/$defs/Triple"}, "description": "The facts worth remembering."}}, "required": ["triples"]}', NULL, 'active', '2026-11-28T06:01:27.816966Z');
INSERT INTO memory_functions VALUES ('default', 'f1000000-0000-4000-8000-000000000001', 'user_state', 'My user_state', 'What to keep.', '{"type": "object", "properties": {"text": {"type": "string"}}}', NULL, 'active', '2026-11-28T06:01:27.819748Z');
INSERT INTO memory_functions VALUES ('default', 'f2000000-0000-4000-8000-000000000002', 'user_append_state', 'My user_append_state', 'What to keep.', '{"type": "object", "properties": {"text": {"type": "string"}}}', NULL, 'active', '2026-11-28T06:01:27.820286Z');
INSERT INTO memory_functions VALUES ('default', 'f3000000-0000-4000-8000-000000000003', 'thread_summary', 'My thread_summary', 'What to keep.', '{"type": "object", "properties": {"text": {"type": "string"}}}', NULL, 'active', '2026-11-28T06:01:27.820580Z');
INSERT INTO threads VALUES ('default', '07000000-0000-4000-8000-000000000007', '{"topic": "animals"}', '2026-11-28T06:01:27.820852Z', '2026-11-28T06:01:27.838131Z', 2, 3, 1.79584568283805704122e+09);
INSERT INTO threads VALUES ('default', '08000000-0000-4000-8000-000000000008', NULL, '2026-11-28T06:01:27.834305Z', '2026-11-28T06:01:27.834373Z', 0, 1, NULL);
INSERT INTO messages VALUES ('default', '07000000-0000-4000-8000-000000000007', 1, 0, '83df71e1-5aac-4c6c-8200-ea54145e32df', 'user', '"I keep two pikas."', 'Ann', '0a000000-0000-4000-8000-00000000000a', '2026-01-31T12:00:00.000000Z', '{"channel": "web"}', '403bfbb5ac6f41108024828178c4d2ca');
INSERT INTO messages VALUES ('default', '07000000-0000-4000-8000-000000000007', 2, 1, '4f9df782-8cbd-4336-9e11-b64ba5c081d5', 'user', '"I ride horses."', 'Bob', '0b000000-0000-4000-8000-00000000000b', '2026-01-31T12:00:00.000000Z', '{"channel": "web"}', 'e307e4dbf1fcdabc94ebedfedbcecb61');
INSERT INTO messages VALUES ('default', '08000000-0000-4000-8000-000000000008', 1, 0, '8cd59a25-b177-4143-ba4f-baf73ac9341a', 'user', '"One is ill."', 'Ann', '0a000000-0000-4000-8000-00000000000a', '2026-01-31T12:00:00.000000Z', '{"channel": "web"}', 'd67109c9be3f136347ab2de1e00c4672');
INSERT INTO messages VALUES ('default', '07000000-0000-4000-8000-000000000007', 3, 2, 'eee39b04-7e5e-48c2-93c2-d5db297ffbee', 'user', '"And donkeys."', 'Bob', '0b000000-0000-4000-8000-00000000000b', '2026-01-31T12:00:00.000000Z', '{"channel": "web"}', '454a4185c3cde30c4e759d6135aedf98');
INSERT INTO participants VALUES ('default', '0a000000-0000-4000-8000-00000000000a', '07000000-0000-4000-8000-000000000007', 1);
INSERT INTO participants VALUES ('default', '0b000000-0000-4000-8000-00000000000b', '07000000-0000-4000-8000-000000000007', 3);
INSERT INTO participants VALUES ('default', '0a000000-0000-4000-8000-00000000000a', '08000000-0000-4000-8000-000000000008', 1);
INSERT INTO thread_states VALUES ('default', '07000000-0000-4000-8000-000000000007', '"step"', '{"step": 2}');
INSERT INTO memories VALUES (1, 'default', 'ddcf1883-ea15-404e-9436-5709cbb3d4c9', '0a000000-0000-4000-8000-00000000000a', '5e3a0c9e-7d1b-4f6a-9c52-0b8d4e6f1a27', 'e444b5a2162bb750f7848d97e5e7a4de', 'I keep two pikas.', '{"text": "I keep two pikas."}', 5.0, '2026-11-28T06:01:27.827684Z', '2026-11-28T06:01:27.827684Z', '04f4435bcfd22bcee67f7e2c982b16f4');
INSERT INTO memories VALUES (2, 'default', '12bb6dc5-8e48-498e-84dc-ee5cc2c02edd', '0b000000-0000-4000-8000-00000000000b', '5e3a0c9e-7d1b-4f6a-9c52-0b8d4e6f1a27', 'b1b206fbc2e9f3b7f425920b163a5f90', 'I ride horses.', '{"text": "I ride horses."}', 5.0, '2026-11-28T06:01:27.829105Z', '2026-11-28T06:01:27.829105Z', '1682b9ee370ef3cfb5fad99db32a9e54');
INSERT INTO memories VALUES (3, 'default', '8909a9ba-4a39-42ce-b5e3-9fa2d684d2ed', '0a000000-0000-4000-8000-00000000000a', 'f2000000-0000-4000-8000-000000000002', 'e444b5a2162bb750f7848d97e5e7a4de', 'I keep two pikas.', '{"text": "I keep two pikas."}', NULL, '2026-11-28T06:01:27.831714Z', '2026-11-28T06:01:27.831714Z', '04f4435bcfd22bcee67f7e2c982b16f4');
INSERT INTO memories VALUES (4, 'default', 'd05775a6-8dff-46a4-b0d4-317d5150a156', '0b000000-0000-4000-8000-00000000000b', 'f2000000-0000-4000-8000-000000000002', 'b1b206fbc2e9f3b7f425920b163a5f90', 'I ride horses.', '{"text": "I ride horses."}', NULL, '2026-11-28T06:01:27.832651Z', '2026-11-28T06:01:27.832651Z', '1682b9ee370ef3cfb5fad99db32a9e54');
INSERT INTO memory_threads VALUES ('default', '07000000-0000-4000-8000-000000000007', '12bb6dc5-8e48-498e-84dc-ee5cc2c02edd');
INSERT INTO memory_threads VALUES ('default', '07000000-0000-4000-8000-000000000007', '8909a9ba-4a39-42ce-b5e3-9fa2d684d2ed');
INSERT INTO memory_threads VALUES ('default', '07000000-0000-4000-8000-000000000007', 'd05775a6-8dff-46a4-b0d4-317d5150a156');
INSERT INTO memory_threads VALUES ('default', '07000000-0000-4000-8000-000000000007', 'ddcf1883-ea15-404e-9436-5709cbb3d4c9');
INSERT INTO user_states VALUES ('default', '0a000000-0000-4000-8000-00000000000a', 'f1000000-0000-4000-8000-000000000001', '{"text": "I keep two pikas."}', 2185452427294371195);
INSERT INTO user_states VALUES ('default', '0b000000-0000-4000-8000-00000000000b', 'f1000000-0000-4000-8000-000000000001', '{"text": "I ride horses."}', 3865315939048922959);
INSERT INTO thread_outputs VALUES ('default', '07000000-0000-4000-8000-000000000007', 'f3000000-0000-4000-8000-000000000003', '{"text": "I keep two pikas. I ride horses."}', 3916387013178231189);
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
INSERT INTO runs VALUES (1, 'default', '454f6643-c847-4324-a588-864ab24aa599', '07000000-0000-4000-8000-000000000007', '0a000000-0000-4000-8000-00000000000a', '5e3a0c9e-7d1b-4f6a-9c52-0b8d4e6f1a27', 'user:c187ad563704ae736f162df94f01fa2d', 'succeeded', 1, 2, NULL, 1, 10, 5, '2026-11-28T06:01:27.823159Z', '2026-11-28T06:01:27.826828Z', '2026-11-28T06:01:27.827684Z', 1, 0);
INSERT INTO runs VALUES (2, 'default', '96a089f2-84be-4d14-b4f8-520814a6b590', '07000000-0000-4000-8000-000000000007', '0b000000-0000-4000-8000-00000000000b', '5e3a0c9e-7d1b-4f6a-9c52-0b8d4e6f1a27', 'user:dcd64f2b5eb8ee85c1ddf6b35f6e5646', 'succeeded', 1, 2, NULL, 1, 10, 5, '2026-11-28T06:01:27.823159Z', '2026-11-28T06:01:27.828638Z', '2026-11-28T06:01:27.829105Z', 1, 0);
INSERT INTO runs VALUES (3, 'default', 'e6e4ed58-45f8-4079-a015-14bc1e7be8bf', '07000000-0000-4000-8000-000000000007', '0a000000-0000-4000-8000-00000000000a', 'f1000000-0000-4000-8000-000000000001', 'user:87010fbd1d67bc49ac29d6701218537b', 'succeeded', 1, 2, NULL, 1, 10, 5, '2026-11-28T06:01:27.823159Z', '2026-11-28T06:01:27.829761Z', '2026-11-28T06:01:27.830185Z', 1, 0);
INSERT INTO runs VALUES (4, 'default', 'e1dc3bd9-3544-4633-9803-c19be936173f', '07000000-0000-4000-8000-000000000007', '0b000000-0000-4000-8000-00000000000b', 'f1000000-0000-4000-8000-000000000001', 'user:e1a96eafc8d1938a4f2adf44d8fb9abd', 'succeeded', 1, 2, NULL, 1, 10, 5, '2026-11-28T06:01:27.823159Z', '2026-11-28T06:01:27.830641Z', '2026-11-28T06:01:27.831024Z', 1, 0);
INSERT INTO runs VALUES (5, 'default', 'cb0a9158-9b55-4d9d-9716-bd3c0df8e86b', '07000000-0000-4000-8000-000000000007', '0a000000-0000-4000-8000-00000000000a', 'f2000000-0000-4000-8000-000000000002', 'user:61d766788223e8ac8900a503508bb41a', 'succeeded', 1, 2, NULL, 1, 10, 5, '2026-11-28T06:01:27.823159Z', '2026-11-28T06:01:27.831331Z', '2026-11-28T06:01:27.831714Z', 1, 0);
INSERT INTO runs VALUES (6, 'default', 'eadf0c92-b6c4-4cb4-970b-8c0fbfa49c83', '07000000-0000-4000-8000-000000000007', '0b000000-0000-4000-8000-00000000000b', 'f2000000-0000-4000-8000-000000000002', 'user:58136483e26a4e99792bc72f62ee2e7f', 'succeeded', 1, 2, NULL, 1, 10, 5, '2026-11-28T06:01:27.823159Z', '2026-11-28T06:01:27.832192Z', '2026-11-28T06:01:27.832651Z', 1, 0);
INSERT INTO runs VALUES (7, 'default', '4e3fb11a-df74-4784-866f-aff150d6c11e', '07000000-0000-4000-8000-000000000007', NULL, 'f3000000-0000-4000-8000-000000000003', 'thread:296837cb58677767b0a62e836bdbc455', 'succeeded', 1, 2, NULL, 1, 10, 5, '2026-11-28T06:01:27.823159Z', '2026-11-28T06:01:27.833248Z', '2026-11-28T06:01:27.833829Z', 1, 0);
INSERT INTO runs VALUES (8, 'default', '98a0f3fb-4b9d-4bcb-a3f5-7358201ac8ac', '08000000-0000-4000-8000-000000000008', '0a000000-0000-4000-8000-00000000000a', '5e3a0c9e-7d1b-4f6a-9c52-0b8d4e6f1a27', 'user:c187ad563704ae736f162df94f01fa2d', 'failed', 1, 1, 'the model gave no answer', 1, 10, 0, '2026-11-28T06:01:27.834866Z', '2026-11-28T06:01:27.836418Z', '2026-11-28T06:01:27.836898Z', 1, 0);
INSERT INTO runs VALUES (9, 'default', '14266c26-f8a6-4298-bbf9-9d6ddbbf5340', '08000000-0000-4000-8000-000000000008', '0a000000-0000-4000-8000-00000000000a', 'f1000000-0000-4000-8000-000000000001', 'user:87010fbd1d67bc49ac29d6701218537b', 'running', 1, 1, NULL, 0, 0, 0, '2026-11-28T06:01:27.834866Z', '2026-11-28T06:01:27.837609Z', NULL, 1, 0);
INSERT INTO runs VALUES (10, 'default', 'f1eeec9b-bf74-4092-9a8a-fb511bc6613e', '08000000-0000-4000-8000-000000000008', '0a000000-0000-4000-8000-00000000000a', 'f2000000-0000-4000-8000-000000000002', 'user:61d766788223e8ac8900a503508bb41a', 'queued', 1, 1, NULL, 0, 0, 0, '2026-11-28T06:01:27.834866Z', NULL, NULL, 1, 0);
INSERT INTO runs VALUES (11, 'default', 'eeb09793-0333-4214-aedb-617f8096b51d', '08000000-0000-4000-8000-000000000008', NULL, 'f3000000-0000-4000-8000-000000000003', 'thread:cc99cdeceb498fd13f2e9c214b175833', 'queued', 1, 1, NULL, 0, 0, 0, '2026-11-28T06:01:27.834866Z', NULL, NULL, 1, 0);
