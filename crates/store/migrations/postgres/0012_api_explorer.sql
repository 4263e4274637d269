-- The API Explorer signs users in as every other program does. It is registered from the start, at the path of its page.

INSERT INTO oauth_client_app (
    client_guid, redirect_uris, display_name, description, enabled, group_id, tokens_invalid_before
) VALUES (
    'belvedere.api-explorer', '["/api-explorer"]', 'API Explorer',
    'The page of this server that shows its API and makes calls.', TRUE, NULL, 0
) ON CONFLICT (client_guid) DO NOTHING;

-- The session of the browser that ends when the user signs out of the program; null where that is the program's own affair.
ALTER TABLE authorization_code ADD COLUMN user_session_id BIGINT REFERENCES user_session (id) ON DELETE SET NULL;

CREATE INDEX authorization_code_user_session_id ON authorization_code (user_session_id);
