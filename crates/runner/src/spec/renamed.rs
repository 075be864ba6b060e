//! Names that settings, keys and items had before.

/// The old name and the new one. An old name is an error that gives the new one; specifications that were stored under it
/// are still read.
const RENAMED: &[(&str, &str)] = &[
    #[cfg(test)]
    ("share_seed", "split_seed"),
];

/// The name that an old name has become.
pub(super) fn renamed(old: &str) -> Option<&'static str> {
    RENAMED.iter().find(|(known, _)| *known == old).map(|(_, new)| *new)
}
