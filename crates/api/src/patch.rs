//! What a body says of a property that may be null.

/// What a body says of a property that may be null: nothing, null, or a value.
///
/// In an update absent keeps the value, null clears it. Where a thing is made, absent and null are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Patch<T> {
    /// The body has no such key.
    #[default]
    Absent,
    /// The body has the key with null.
    Null,
    /// The body has the key with a value.
    Value(T),
}

impl<T> Patch<T> {
    /// Whether the body has no such key.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The value, if the body has one.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// The same by reference.
    pub const fn as_ref(&self) -> Patch<&T> {
        match self {
            Self::Absent => Patch::Absent,
            Self::Null => Patch::Null,
            Self::Value(value) => Patch::Value(value),
        }
    }

    /// The same with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Self::Absent => Patch::Absent,
            Self::Null => Patch::Null,
            Self::Value(value) => Patch::Value(change(value)),
        }
    }

    /// Changes what is stored: absent keeps it, null clears it, a value replaces it.
    pub fn apply(self, stored: &mut Option<T>) {
        match self {
            Self::Absent => {}
            Self::Null => *stored = None,
            Self::Value(value) => *stored = Some(value),
        }
    }

    /// The change as an option of the new value: none keeps what is stored.
    pub fn change(self) -> Option<Option<T>> {
        match self {
            Self::Absent => None,
            Self::Null => Some(None),
            Self::Value(value) => Some(Some(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Patch;

    #[test]
    fn absent_keeps_null_clears_and_a_value_replaces() {
        for (patch, after) in [(Patch::Absent, Some(1)), (Patch::Null, None), (Patch::Value(2), Some(2))] {
            let mut stored = Some(1);
            patch.apply(&mut stored);
            assert_eq!(stored, after);
            assert_eq!(patch.change().unwrap_or(Some(1)), after);
        }
    }
}
