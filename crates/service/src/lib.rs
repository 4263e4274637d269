//! What each operation does: one method per operationId, and the permission table.
