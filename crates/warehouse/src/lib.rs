//! Connections to users' databases: SQL in, Arrow batches out.
