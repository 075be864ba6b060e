//! How a family of items (the activations, the optimizers, …) becomes names, documentation and tests.
//!
//! An item is one file: its type made by [`item!`](crate::item), and its mathematics as an implementation of the
//! family's trait. A family is an enum made by [`family!`](crate::family) from one line per item. Both together
//! determine the TOML key, suggestions for misspelt names, `chainrule list`, the reference page and the contract tests.

mod nearest;
mod parameter;

pub use nearest::nearest;
pub use parameter::{Domain, Parameter, ParameterValue, Range};

/// One choice of a family.
pub trait Item: Default {
    /// The name in experiment files.
    const NAME: &'static str;
    /// The documentation, line by line: a sentence, the formula, ranges, the source.
    const DOC: &'static [&'static str];
    /// Its parameters, in the order of the documentation.
    fn parameters() -> Vec<Parameter>;
}

/// The description of an item, available without an instance.
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

/// Makes the enum of a family from one line per item.
///
/// The enum is the value in experiment files: `"relu"`, or `{ leaky_relu = { slope = 0.01 } }`. `kernel()` returns the
/// chosen item as the trait object that the engine uses. A family whose items are all `Copy` adds `#[derive(Copy)]`.
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
            /// The family's name, which is the name of the setting.
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

            /// The item with default parameters.
            pub fn from_name(name: &str) -> Option<Self> {
                $( if name == <$module::$variant as $crate::registry::Item>::NAME {
                    return Some(Self::$variant(Default::default()));
                } )*
                None
            }

            /// The item as a trait object for the engine.
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
                            .ok_or_else(|| serde::de::Error::custom("an empty table has no item"))?;
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

/// An item without parameters is written as its name; one with parameters as a table with one key.
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
    E::custom(format!("unknown {family} `{name}`"))
}

/// Not every format rejects the rest of a table, so the family does.
pub(crate) fn second<E: serde::de::Error>(name: &str, family: &str) -> E {
    E::custom(format!("a table of `{family}` can have only one item: `{name}` is a second item"))
}
