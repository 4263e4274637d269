//! Enumerations whose variants are words of the wire.

/// Declares an enumeration with the word of each variant; with `: Default` the first word is the default.
macro_rules! words {
    ($(#[$meta:meta])* pub enum $Name:ident: Default { $($body:tt)* }) => {
        words! { $(#[$meta])* pub enum $Name { $($body)* } }

        impl Default for $Name {
            fn default() -> Self {
                Self::ALL[0]
            }
        }

        impl $crate::json::WriteJson for $Name {
            fn write(&self, out: &mut Vec<u8>, _: &$crate::shape::Shape) {
                belvedere_wire::write_string(self.as_str(), out);
            }
        }

        impl $crate::body::FromJson for $Name {
            fn from_json(value: serde_json::Value, problems: &mut $crate::body::Problems) -> Option<Self> {
                $crate::body::word(&value, Self::ALL, Self::as_str, problems)
            }
        }
    };
    ($(#[$meta:meta])* pub enum $Name:ident { $($(#[$doc:meta])* $Variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $Name {
            $($(#[$doc])* #[doc = concat!("`", $word, "`")] $Variant,)+
        }

        impl $Name {
            /// Every variant, in the order of the contract.
            pub const ALL: &'static [Self] = &[$(Self::$Variant),+];

            /// The word of the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$Variant => $word,)+
                }
            }

            /// The variant with this word.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|variant| variant.as_str() == word)
            }
        }

        impl std::fmt::Display for $Name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use words;
