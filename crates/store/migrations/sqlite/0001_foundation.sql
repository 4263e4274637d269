-- People, their API keys and tokens, and the queries they ask.
--
-- Times are microseconds since 1970-01-01T00:00:00Z. Hashes are SHA-256. `rest` and `options` hold what is neither a
-- key nor searched nor sorted by, as one JSON object. Ids come from sequences that never give an id twice.

-- Facts about this store itself, such as the id of the instance.
CREATE TABLE setting (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- Numbers that only grow. `generation` grows with every change that may end or alter somebody's access.
CREATE TABLE counter (
    name TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;

INSERT INTO counter (name, value) VALUES ('generation', 0);

CREATE TABLE "user" (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    first_name TEXT,
    last_name TEXT,
    email TEXT,
    is_disabled INTEGER NOT NULL CHECK (is_disabled IN (0, 1)),
    -- Membership of the built-in Admin role. The other roles, which an administrator defines, have tables of their own.
    is_admin INTEGER NOT NULL CHECK (is_admin IN (0, 1)),
    locale TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    rest TEXT NOT NULL
) STRICT;

CREATE INDEX user_email ON "user" (LOWER(email));

CREATE TABLE credentials_api3 (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    client_id TEXT NOT NULL UNIQUE,
    secret_hash BLOB NOT NULL,
    is_disabled INTEGER NOT NULL CHECK (is_disabled IN (0, 1)),
    purpose TEXT,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX credentials_api3_user_id ON credentials_api3 (user_id);

-- A token ends with its user, with the user who acts through it, and with the key it was made from.
CREATE TABLE token (
    hash BLOB NOT NULL PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    sudo_user_id INTEGER REFERENCES "user" (id) ON DELETE CASCADE,
    credentials_api3_id INTEGER REFERENCES credentials_api3 (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX token_user_id ON token (user_id);
CREATE INDEX token_sudo_user_id ON token (sudo_user_id);
CREATE INDEX token_credentials_api3_id ON token (credentials_api3_id);
CREATE INDEX token_expires_at ON token (expires_at);

CREATE TABLE session (
    token_hash BLOB NOT NULL PRIMARY KEY REFERENCES token (hash) ON DELETE CASCADE,
    workspace_id TEXT NOT NULL CHECK (workspace_id IN ('production', 'dev')),
    updated_at INTEGER NOT NULL
) STRICT;

-- `body` is the canonical text of the writable fields, and `hash` is the hash of that text: queries are never changed.
CREATE TABLE query (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    slug TEXT NOT NULL UNIQUE,
    client_id TEXT NOT NULL UNIQUE,
    hash BLOB NOT NULL UNIQUE,
    model TEXT NOT NULL,
    view TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE query_task (
    id TEXT NOT NULL PRIMARY KEY,
    query_id INTEGER NOT NULL REFERENCES query (id),
    user_id INTEGER NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    result_format TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('added', 'running', 'complete', 'error', 'expired', 'killed')),
    options TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    -- The node that runs or ran the task.
    claimed_by TEXT,
    error TEXT,
    result_location TEXT,
    -- Seconds.
    runtime REAL
) STRICT;

CREATE INDEX query_task_query_id ON query_task (query_id);
CREATE INDEX query_task_user_id ON query_task (user_id);
CREATE INDEX query_task_status ON query_task (status, finished_at);
