-- Searches for a part of a name look up its groups of three letters, where the database has or may be given the
-- extension that knows them; elsewhere they read the table.

DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX user_names ON "user" USING gin (
        LOWER(first_name) gin_trgm_ops,
        LOWER(last_name) gin_trgm_ops,
        LOWER(email) gin_trgm_ops,
        (COALESCE(LOWER(first_name), '') || ' ' || COALESCE(LOWER(last_name), '')) gin_trgm_ops
    );
EXCEPTION
    WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR undefined_object THEN
        RAISE NOTICE 'searches for a part of a name read all users: %', SQLERRM;
END $$;
