//! HTTP: routes from the operation table, authentication, limits, streaming, error bodies.
