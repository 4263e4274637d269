-- Who still calls what is deprecated or belongs to an older version of the API: one row for each user, API key and
-- application. `client_id` and `application` are empty where the caller named none.
CREATE TABLE api_usage (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version TEXT NOT NULL,
    thing TEXT NOT NULL,
    user_id INTEGER NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    client_id TEXT NOT NULL,
    application TEXT NOT NULL,
    calls INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    UNIQUE (user_id, version, thing, client_id, application)
) STRICT;
