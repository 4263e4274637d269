-- What was done, and what was asked. Rows are added and, when they are old, deleted; they never change, and they refer to
-- nothing, so that they outlive whom and what they tell of.

CREATE TABLE event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    category TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    user_id INTEGER,
    sudo_user_id INTEGER,
    is_admin INTEGER NOT NULL CHECK (is_admin IN (0, 1)),
    is_api_call INTEGER NOT NULL CHECK (is_api_call IN (0, 1)),
    -- A JSON object.
    attributes TEXT NOT NULL
) STRICT;

CREATE INDEX event_created_at ON event (created_at);
CREATE INDEX event_name ON event (name, created_at);
CREATE INDEX event_user_id ON event (user_id, created_at);

CREATE TRIGGER event_never_changes BEFORE UPDATE ON event
BEGIN
    SELECT RAISE(ABORT, 'a row of event never changes');
END;

CREATE TABLE history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at INTEGER NOT NULL,
    operation TEXT NOT NULL,
    source TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    sudo_user_id INTEGER,
    workspace_id TEXT NOT NULL,
    query_id INTEGER,
    sql_query_slug TEXT,
    query_task_id TEXT,
    model TEXT,
    view TEXT,
    connection_name TEXT,
    result_format TEXT NOT NULL,
    result_source TEXT,
    status TEXT NOT NULL,
    rows INTEGER,
    runtime REAL NOT NULL,
    ip_address TEXT,
    application TEXT
) STRICT;

CREATE INDEX history_created_at ON history (created_at);
CREATE INDEX history_user_id ON history (user_id, created_at);

CREATE TRIGGER history_never_changes BEFORE UPDATE ON history
BEGIN
    SELECT RAISE(ABORT, 'a row of history never changes');
END;
