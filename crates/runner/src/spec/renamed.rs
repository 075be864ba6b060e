//! Former names of settings, keys and items.

/// The old and the new name. In a file, an old name is an error that suggests the new one; stored specifications with
/// old names can still be read.
const RENAMED: &[(&str, &str)] = &[
    #[cfg(test)]
    ("share_seed", "split_seed"),
];

/// The new name for an old name.
pub(super) fn renamed(old: &str) -> Option<&'static str> {
    RENAMED.iter().find(|(known, _)| *known == old).map(|(_, new)| *new)
}
