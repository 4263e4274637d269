//! The generator on the contract of this workspace.
