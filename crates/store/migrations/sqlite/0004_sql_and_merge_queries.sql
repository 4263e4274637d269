-- Statements of SQL Runner, and queries that merge others. Neither is ever changed but for what is counted.

CREATE TABLE sql_query (
    slug TEXT NOT NULL PRIMARY KEY,
    -- The hash of all that was written.
    hash BLOB NOT NULL UNIQUE,
    connection TEXT NOT NULL,
    model TEXT,
    sql TEXT NOT NULL,
    vis_config TEXT NOT NULL,
    -- Who wrote it first.
    user_id INTEGER REFERENCES "user" (id) ON DELETE SET NULL,
    created_at INTEGER NOT NULL,
    run_count INTEGER NOT NULL,
    last_run_at INTEGER,
    -- Seconds.
    last_runtime REAL
) STRICT;

CREATE INDEX sql_query_user_id ON sql_query (user_id);

CREATE TABLE merge_query (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The hash of `body`, the canonical text of the writable fields.
    hash BLOB NOT NULL UNIQUE,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
