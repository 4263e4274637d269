//! The demonstration: the LookML project thelook and its deterministic data.
