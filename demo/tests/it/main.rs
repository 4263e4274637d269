//! What the demonstration promises of its data and its LookML project.

mod data;
mod loaded;
mod project;
mod size;
