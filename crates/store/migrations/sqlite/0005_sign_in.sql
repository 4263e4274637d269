-- Signing in by a person: passwords, the way to a new one, sessions of browsers, failed sign-ins.

-- The PHC string of argon2id; null until the user has set a password.
ALTER TABLE credentials_email ADD COLUMN password_hash TEXT;
ALTER TABLE credentials_email ADD COLUMN password_set_at INTEGER;

-- Who has the token may set the password of the user, once. A user has one: a new one takes the place of the old.
CREATE TABLE password_reset (
    user_id INTEGER PRIMARY KEY REFERENCES credentials_email (user_id) ON DELETE CASCADE,
    hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    -- Null for one that works until it is used or replaced.
    expires_at INTEGER
) STRICT;

CREATE TABLE user_session (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hash BLOB NOT NULL UNIQUE,
    user_id INTEGER NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    credentials_type TEXT NOT NULL,
    ip_address TEXT,
    user_agent TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    extended_at INTEGER,
    extended_count INTEGER NOT NULL
) STRICT;

CREATE INDEX user_session_user_id ON user_session (user_id);
CREATE INDEX user_session_expires_at ON user_session (expires_at);

-- Failed sign-ins, counted by credentials and network address, and by the address alone.
CREATE TABLE user_login_lockout (
    key TEXT NOT NULL PRIMARY KEY,
    auth_type TEXT NOT NULL CHECK (auth_type IN ('email', 'api', 'totp', 'ldap')),
    ip TEXT NOT NULL,
    user_id INTEGER REFERENCES "user" (id) ON DELETE CASCADE,
    fail_count INTEGER NOT NULL,
    -- Null while there are too few failures for a lockout.
    lockout_at INTEGER,
    -- When the count is forgotten, and the lockout with it.
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX user_login_lockout_user_id ON user_login_lockout (user_id);
CREATE INDEX user_login_lockout_expires_at ON user_login_lockout (expires_at);
