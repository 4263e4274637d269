//! Our own state on SQLite: users, credentials, tokens, queries, query tasks.
