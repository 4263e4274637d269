-- The second factor: what the codes of a user are made of, and people between password and code.

-- Sealed with a key that is not in the database; null until the user has completed the set-up.
ALTER TABLE credentials_totp ADD COLUMN secret BLOB;
-- The time step of the code that was shown last: neither it nor an earlier one is taken again.
ALTER TABLE credentials_totp ADD COLUMN last_step INTEGER;

-- Who has the token has shown the password, and must show a code.
CREATE TABLE totp_sign_in (
    hash BLOB NOT NULL PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES credentials_totp (user_id) ON DELETE CASCADE,
    -- What codes will be made of once the set-up is completed, sealed; null where it is.
    secret BLOB,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX totp_sign_in_user_id ON totp_sign_in (user_id);
CREATE INDEX totp_sign_in_expires_at ON totp_sign_in (expires_at);
