//! The belvedere binary: command line, configuration, wiring.
