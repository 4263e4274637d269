-- Programs that sign users in by OAuth, and what they have got by it.

CREATE TABLE oauth_client_app (
    client_guid TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    -- A JSON array of addresses.
    redirect_uris TEXT COLLATE "C" NOT NULL,
    display_name TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    enabled BOOLEAN NOT NULL,
    -- No reference: when the group goes, nobody may use the program, rather than everybody.
    group_id BIGINT,
    tokens_invalid_before BIGINT NOT NULL
);

-- Who has consented to which program.
CREATE TABLE oauth_client_app_user (
    client_guid TEXT COLLATE "C" NOT NULL REFERENCES oauth_client_app (client_guid) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    activated_at BIGINT NOT NULL,
    PRIMARY KEY (client_guid, user_id)
);

CREATE INDEX oauth_client_app_user_user_id ON oauth_client_app_user (user_id);

-- A code can be used until `expires_at`, once. It stays until `ends_at`, since what came of it ends with it.
CREATE TABLE authorization_code (
    hash BYTEA NOT NULL PRIMARY KEY,
    client_guid TEXT COLLATE "C" NOT NULL REFERENCES oauth_client_app (client_guid) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    redirect_uri TEXT COLLATE "C" NOT NULL,
    code_challenge BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    ends_at BIGINT NOT NULL
);

CREATE INDEX authorization_code_client_guid ON authorization_code (client_guid, user_id);
CREATE INDEX authorization_code_user_id ON authorization_code (user_id);
CREATE INDEX authorization_code_ends_at ON authorization_code (ends_at);

CREATE TABLE refresh_token (
    hash BYTEA NOT NULL PRIMARY KEY,
    authorization_code_hash BYTEA NOT NULL REFERENCES authorization_code (hash) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX refresh_token_authorization_code_hash ON refresh_token (authorization_code_hash);

-- The code that a program got the token by; null for all other tokens.
ALTER TABLE token ADD COLUMN authorization_code_hash BYTEA REFERENCES authorization_code (hash) ON DELETE CASCADE;

CREATE INDEX token_authorization_code_hash ON token (authorization_code_hash);
