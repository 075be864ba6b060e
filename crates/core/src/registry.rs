//! How a family of items (the activations, the optimizers, …) becomes names, documentation and tests.
//!
//! An item is one file: its type made by [`item!`](crate::item), its mathematics as an implementation of the family's
//! trait. A family is an enum made by [`family!`](crate::family) from one line an item. From these alone follow the
//! TOML key, suggestions for misspelt names, `chainrule list`, the reference page and the contract tests.

use serde::Serialize;
use std::fmt;

/// One choice of a family.
pub trait Item: Default {
    /// The name in experiment files.
    const NAME: &'static str;
    /// The documentation, line by line: a sentence, the formula, ranges, the source.
    const DOC: &'static [&'static str];
    /// Its parameters, in the order of the documentation.
    fn parameters() -> Vec<Parameter>;
}

/// What is known of an item without making one.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The name in experiment files.
    pub name: &'static str,
    /// The documentation, line by line.
    pub doc: &'static [&'static str],
    /// The parameters.
    pub parameters: Vec<Parameter>,
}

impl Entry {
    /// The entry of an item.
    pub fn of<I: Item>() -> Self {
        Self { name: I::NAME, doc: I::DOC, parameters: I::parameters() }
    }
}

/// A parameter of an item.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// The name in experiment files.
    pub name: &'static str,
    /// The documentation, line by line.
    pub doc: &'static [&'static str],
    /// The value where none is given. One that its domain does not contain stands for none: the parameter is required.
    pub default: ParameterValue,
    /// The values it may take.
    pub domain: Domain,
}

impl Parameter {
    /// Whether a file must give it.
    pub fn is_required(&self) -> bool {
        !self.domain.contains(&self.default)
    }
}

/// A value of a parameter.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum ParameterValue {
    /// A real number.
    Number(f64),
    /// A whole number.
    Integer(u64),
    /// `true` or `false`.
    Flag(bool),
    /// A word or a text.
    Text(String),
    /// A matrix, row by row.
    Rows(Vec<Vec<f64>>),
}

impl fmt::Display for ParameterValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(value) => write!(f, "{value:?}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Flag(value) => write!(f, "{value}"),
            Self::Text(value) => write!(f, "{value:?}"),
            Self::Rows(value) => write!(f, "{value:?}"),
        }
    }
}

macro_rules! parameter_values {
    ($($variant:ident($type:ty)),*) => {
        $( impl From<$type> for ParameterValue {
            fn from(value: $type) -> Self {
                Self::$variant(value)
            }
        } )*
    };
}

parameter_values!(Number(f64), Integer(u64), Flag(bool), Text(String), Rows(Vec<Vec<f64>>));

/// The values that a parameter may take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Domain {
    /// The numbers of an interval: whole ones where the parameter is a whole number.
    Numbers(Range),
    /// `true` or `false`.
    Flag,
    /// One of some words.
    Words(&'static [&'static str]),
    /// A text that is not empty.
    Text,
    /// Rows of numbers, at least one, all of the same length, at least 1.
    Rows,
}

impl Domain {
    /// Whether `value` is of the right type and allowed.
    pub fn contains(&self, value: &ParameterValue) -> bool {
        match (self, value) {
            (Self::Numbers(range), ParameterValue::Number(value)) => range.contains(*value),
            (Self::Numbers(range), ParameterValue::Integer(value)) => range.contains(*value as f64),
            (Self::Flag, ParameterValue::Flag(_)) => true,
            (Self::Words(words), ParameterValue::Text(text)) => words.contains(&text.as_str()),
            (Self::Text, ParameterValue::Text(text)) => !text.trim().is_empty(),
            (Self::Rows, ParameterValue::Rows(rows)) => rows
                .first()
                .is_some_and(|first| !first.is_empty() && rows.iter().all(|row| row.len() == first.len())),
            _ => false,
        }
    }
}

impl From<Range> for Domain {
    fn from(range: Range) -> Self {
        Self::Numbers(range)
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Numbers(range) => range.fmt(f),
            Self::Flag => f.write_str("true, false"),
            Self::Words(words) => f.write_str(&words.join(", ")),
            Self::Text => f.write_str("a text"),
            Self::Rows => f.write_str("rows of numbers"),
        }
    }
}

/// An interval of finite numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The lower end.
    pub min: f64,
    /// The upper end.
    pub max: f64,
    /// Whether the lower end itself is allowed.
    pub min_included: bool,
    /// Whether the upper end itself is allowed.
    pub max_included: bool,
}

impl Range {
    /// (−∞, ∞)
    pub const FINITE: Self =
        Self { min: f64::NEG_INFINITY, max: f64::INFINITY, min_included: false, max_included: false };
    /// (0, ∞)
    pub const POSITIVE: Self =
        Self { min: 0.0, max: f64::INFINITY, min_included: false, max_included: false };
    /// [0, ∞)
    pub const NON_NEGATIVE: Self = Self { min_included: true, ..Self::POSITIVE };
    /// [0, 1)
    pub const UNIT_BELOW_ONE: Self = Self { max: 1.0, ..Self::NON_NEGATIVE };

    /// [min, max]
    pub const fn closed(min: f64, max: f64) -> Self {
        Self { min, max, min_included: true, max_included: true }
    }

    /// [min, ∞)
    pub const fn at_least(min: f64) -> Self {
        Self { min, ..Self::NON_NEGATIVE }
    }

    /// Whether `value` lies in the interval. NaN and the infinities never do.
    pub fn contains(&self, value: f64) -> bool {
        let above = if self.min_included { value >= self.min } else { value > self.min };
        let below = if self.max_included { value <= self.max } else { value < self.max };
        value.is_finite() && above && below
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let open = if self.min_included { '[' } else { '(' };
        let close = if self.max_included { ']' } else { ')' };
        let end = |x: f64| match x.abs() {
            f64::INFINITY => if x < 0.0 { "-∞" } else { "∞" }.to_owned(),
            size if size == 0.0 || (1e-4..1e9).contains(&size) => x.to_string(),
            _ => format!("{x:e}"),
        };
        write!(f, "{open}{}, {}{close}", end(self.min), end(self.max))
    }
}

/// Makes the type of an item: its documentation, its name in experiment files, and its parameters, each with type
/// (`f64`, `u64`, `bool`, `String` or `Vec<Vec<f64>>`), default and [`Range`] or [`Domain`].
///
/// ```text
/// item! {
///     /// What it computes, in one sentence.
///     LeakyRelu = "leaky_relu" {
///         /// What the parameter is, and its unit.
///         slope: f64 = 0.01, Range::closed(0.0, 1.0);
///     }
/// }
/// ```
///
/// An item with texts or rows is not `Copy`: `Csv = "csv", owned { … }`.
#[macro_export]
macro_rules! item {
    ( $(#[doc = $doc:literal])* $name:ident = $key:literal, owned { $($fields:tt)* } ) => {
        $crate::item! { @type [Debug, Clone] $(#[doc = $doc])* $name = $key { $($fields)* } }
    };
    ( $(#[doc = $doc:literal])* $name:ident = $key:literal { $($fields:tt)* } ) => {
        $crate::item! { @type [Debug, Clone, Copy] $(#[doc = $doc])* $name = $key { $($fields)* } }
    };
    (
        @type [$($derive:ident),*]
        $(#[doc = $doc:literal])*
        $name:ident = $key:literal {
            $( $(#[doc = $field_doc:literal])* $field:ident: $type:ty = $default:expr, $domain:expr; )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive($($derive),*, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name {
            $( $(#[doc = $field_doc])* pub $field: $type, )*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $( $field: $default, )* }
            }
        }

        impl $crate::registry::Item for $name {
            const NAME: &'static str = $key;
            const DOC: &'static [&'static str] = &[$($doc),*];

            fn parameters() -> Vec<$crate::registry::Parameter> {
                vec![$( $crate::registry::Parameter {
                    name: stringify!($field),
                    doc: &[$($field_doc),*],
                    default: <$type>::into($default),
                    domain: $crate::registry::Domain::from($domain),
                }, )*]
            }
        }
    };
}

/// Makes the enum of a family from one line an item.
///
/// The enum is what experiment files name: `"relu"`, or `{ leaky_relu = { slope = 0.01 } }`. `kernel()` gives the
/// chosen item as the trait object that the engine works with. A family whose items are all `Copy` says
/// `#[derive(Copy)]`.
#[macro_export]
macro_rules! family {
    (
        $(#[$meta:meta])*
        $family:ident = $key:literal, kernel $(<$float:ident: $bound:path>)? = $kernel:ty, default $default:ident {
            $( $variant:ident($module:ident), )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        #[expect(missing_docs, reason = "an item is documented in its own file")]
        pub enum $family {
            $( $variant($module::$variant), )*
        }

        impl $family {
            /// The family's name: the setting it is chosen by.
            pub const NAME: &'static str = $key;

            /// Every item of the family, in the order of the registry.
            pub fn entries() -> Vec<$crate::registry::Entry> {
                vec![$( $crate::registry::Entry::of::<$module::$variant>(), )*]
            }

            /// The item's name in experiment files.
            pub fn name(&self) -> &'static str {
                match self {
                    $( Self::$variant(_) => <$module::$variant as $crate::registry::Item>::NAME, )*
                }
            }

            /// The item with its parameters at their defaults.
            pub fn from_name(name: &str) -> Option<Self> {
                $( if name == <$module::$variant as $crate::registry::Item>::NAME {
                    return Some(Self::$variant(Default::default()));
                } )*
                None
            }

            /// The item, ready for the engine.
            pub fn kernel $(<$float: $bound>)? (&self) -> &$kernel {
                match self {
                    $( Self::$variant(item) => item, )*
                }
            }
        }

        $( impl From<$module::$variant> for $family {
            fn from(item: $module::$variant) -> Self {
                Self::$variant(item)
            }
        } )*

        impl Default for $family {
            fn default() -> Self {
                Self::$default(Default::default())
            }
        }

        impl serde::Serialize for $family {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $( Self::$variant(item) => $crate::registry::serialize(item, serializer), )*
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $family {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Visitor;

                impl<'de> serde::de::Visitor<'de> for Visitor {
                    type Value = $family;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(f, "the name of an item of `{}`, or a table of one name and its parameters", $key)
                    }

                    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<$family, E> {
                        $family::from_name(name).ok_or_else(|| $crate::registry::unknown(name, $key))
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<$family, A::Error> {
                        let name: String = map.next_key()?
                            .ok_or_else(|| serde::de::Error::custom("an empty table names no item"))?;
                        let item = $( if name == <$module::$variant as $crate::registry::Item>::NAME {
                            $family::$variant(map.next_value()?)
                        } else )* {
                            return Err($crate::registry::unknown(&name, $key));
                        };
                        match map.next_key::<String>()? {
                            None => Ok(item),
                            Some(second) => Err($crate::registry::second(&second, $key)),
                        }
                    }
                }

                deserializer.deserialize_any(Visitor)
            }
        }
    };
}

/// An item without parameters is its name; one with parameters a table of one key.
pub(crate) fn serialize<I: Item + serde::Serialize, S: serde::Serializer>(
    item: &I,
    s: S,
) -> Result<S::Ok, S::Error> {
    use serde::ser::SerializeMap;
    if I::parameters().is_empty() {
        return s.serialize_str(I::NAME);
    }
    let mut map = s.serialize_map(Some(1))?;
    map.serialize_entry(I::NAME, item)?;
    map.end()
}

pub(crate) fn unknown<E: serde::de::Error>(name: &str, family: &str) -> E {
    E::custom(format!("`{name}` is no item of `{family}`"))
}

/// Not every format refuses what is left of a table, so the family does.
pub(crate) fn second<E: serde::de::Error>(name: &str, family: &str) -> E {
    E::custom(format!("a table of `{family}` names one item: `{name}` is a second"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_say_what_they_contain() {
        assert!(Range::POSITIVE.contains(1e-300) && !Range::POSITIVE.contains(0.0));
        assert!(!Range::POSITIVE.contains(f64::INFINITY) && !Range::NON_NEGATIVE.contains(f64::NAN));
        assert!(Range::UNIT_BELOW_ONE.contains(0.0) && !Range::UNIT_BELOW_ONE.contains(1.0));
        assert_eq!(Range::UNIT_BELOW_ONE.to_string(), "[0, 1)");
        assert_eq!(Range::POSITIVE.to_string(), "(0, ∞)");
        assert!(Range::FINITE.contains(f64::MIN) && !Range::FINITE.contains(f64::NEG_INFINITY));
        assert_eq!(Range::FINITE.to_string(), "(-∞, ∞)");
        assert_eq!(Range::closed(-1.0, 0.5).to_string(), "[-1, 0.5]");
        assert_eq!(Range::closed(1e-30, 1e7).to_string(), "[1e-30, 10000000]");
    }
}
