-- Devices that users have registered for messages of the mobile application.
CREATE TABLE mobile_token (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES "user" (id) ON DELETE CASCADE,
    device_token TEXT NOT NULL,
    device_type TEXT NOT NULL CHECK (device_type IN ('android', 'ios')),
    created_at INTEGER NOT NULL,
    -- When the device last said that it is there.
    renewed_at INTEGER NOT NULL,
    UNIQUE (user_id, device_token)
) STRICT;
