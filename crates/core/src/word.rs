//! Settings that are a word or something else: `"none"` or a number, `"full"` or a count.

use serde::{Deserialize, Serialize, de::Error};

/// A value that is a word or something else, as written in a specification.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum WordOr<T> {
    Word(String),
    Value(T),
}

impl<T> WordOr<T> {
    /// The value: `meaning` for the only allowed word.
    pub(crate) fn read<E: Error, V>(
        self,
        word: &str,
        meaning: V,
        value: impl FnOnce(T) -> V,
    ) -> Result<V, E> {
        match self {
            Self::Word(got) if got == word => Ok(meaning),
            Self::Word(got) => Err(E::custom(format!("`{got}` is not \"{word}\""))),
            Self::Value(got) => Ok(value(got)),
        }
    }
}

/// Implements serde for an enum of one word and one other variant.
macro_rules! word_or_value {
    ($type:ident, $word_variant:ident = $word:literal, $variant:ident($value:ty)) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    Self::$word_variant => serializer.serialize_str($word),
                    Self::$variant(value) => value.serialize(serializer),
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = <$crate::word::WordOr<$value> as serde::Deserialize>::deserialize(deserializer)?;
                value.read($word, Self::$word_variant, Self::$variant)
            }
        }
    };
}

pub(crate) use word_or_value;
