//! The columns that the keys name.

use super::keys::Keys;
use super::problem::{Problems, list, named};
use super::structure::Column;
use crate::registry::nearest;

/// The role of each column, as the keys say.
#[derive(Debug)]
pub(super) struct Roles {
    /// The target columns, in the order of the key.
    pub(super) targets: Vec<usize>,
    pub(super) group: Option<usize>,
    /// For each column: the word in `columns`.
    pub(super) words: Vec<Option<String>>,
    /// For each column: whether it stays an input.
    pub(super) kept: Vec<bool>,
    pub(super) ignored: Vec<bool>,
}

impl Roles {
    pub(super) fn of(columns: &[Column], keys: &Keys<'_>, problems: &mut Problems) -> Self {
        let mut find = |key: &str, name: &str| {
            problems.note(find(columns, name).map_err(|unknown| format!("`{key}` names {unknown}")))
        };
        let targets: Vec<usize> = keys.target.all().iter().filter_map(|name| find("target", name)).collect();
        let group = keys.group.and_then(|name| find("group", name));
        let mut flags = |key: &str, names: &[String]| {
            let mut flags = vec![false; columns.len()];
            names.iter().filter_map(|name| find(key, name)).for_each(|column| flags[column] = true);
            flags
        };
        let (kept, ignored) = (flags("keep", keys.keep), flags("ignore", keys.ignore));
        let mut words: Vec<Option<String>> = vec![None; columns.len()];
        for (name, word) in keys.columns {
            find("columns", name).into_iter().for_each(|column| words[column] = Some(word.clone()));
        }
        let roles = Self { targets, group, words, kept, ignored };
        roles.check(columns, problems);
        roles
    }

    fn check(&self, columns: &[Column], problems: &mut Problems) {
        let name = |column: usize| named(&columns[column].name);
        for (place, &target) in self.targets.iter().enumerate() {
            if self.targets[..place].contains(&target) {
                problems.add(format!("`target` names {} twice", name(target)));
            }
            if self.ignored[target] || self.words[target].as_deref() == Some("ignore") {
                problems.add(format!("{} is the target, so it cannot be ignored", name(target)));
            }
            if self.group == Some(target) {
                problems.add(format!("{} cannot be both `target` and `group`", name(target)));
            }
        }
        for column in (0..columns.len()).filter(|&column| self.kept[column] && self.ignored[column]) {
            problems.add(format!("{} is named in both `keep` and `ignore`", name(column)));
        }
    }
}

/// The column with a name, `last`, or the column with a number counted from 1.
fn find(columns: &[Column], name: &str) -> Result<usize, String> {
    let wanted = name.trim();
    let by_name = columns.iter().position(|column| column.name == wanted);
    let by_number =
        || wanted.parse::<usize>().ok().filter(|n| (1..=columns.len()).contains(n)).map(|n| n - 1);
    let last = || (wanted == "last").then(|| columns.len() - 1);
    by_name.or_else(last).or_else(by_number).ok_or_else(|| {
        let names = || columns.iter().map(|column| column.name.as_str());
        let known = match nearest(wanted, names()) {
            Some(near) => format!("did you mean {}? The columns are {}", named(near), list(names())),
            None => format!("the columns are {}", list(names())),
        };
        format!("the unknown column {}; {known}", named(wanted))
    })
}
