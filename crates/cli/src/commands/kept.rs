//! Files in a folder that a report did not replace or remove, because they may not be chainrule's.

use super::plural;
use super::run::quoted;
use crate::arguments::Extras;
use chainrule_record::folder::{Kept, LIST, Why};
use chainrule_report::ReportSummary;
use std::path::Path;

/// More files than this are counted, not named.
const MAX_NAMED: usize = 6;

/// Warns of files that were kept for the first time, and of a damaged list. `again` is the command that replaces them.
pub(super) fn warn(summary: &ReportSummary, folder: &Path, again: &str) {
    if summary.unreadable > 0 {
        let lines = plural(summary.unreadable, "line");
        tracing::warn!(
            "{}: {lines} cannot be read; files that they listed are kept",
            folder.join(LIST).display()
        );
    }
    for why in [Why::Changed, Why::Unlisted, Why::Link, Why::NoFile, Why::Outdated] {
        let new = |kept: &&Kept| kept.why == why && !kept.is_known;
        let names: Vec<&str> = summary.kept.iter().filter(new).map(|kept| kept.name.as_str()).collect();
        if !names.is_empty() {
            let (folder, count) = (folder.display(), plural(names.len(), "file"));
            tracing::warn!(
                "{folder}: kept {count} {}: {}; {}",
                reason(why),
                list(&names),
                remedy(why, again)
            );
        }
    }
}

/// Says every time how many files of the report are not the present ones.
pub(super) fn say(summary: &ReportSummary, again: &str) {
    let kept = summary.kept.iter().filter(|kept| kept.why != Why::Outdated);
    let (forced, others): (Vec<&Kept>, Vec<&Kept>) = kept.partition(|kept| is_replaced(kept.why));
    if !forced.is_empty() {
        say!(
            "not replaced: {}; to replace what may not be chainrule's: {again}",
            plural(forced.len(), "file")
        );
    }
    if !others.is_empty() {
        say!("not replaced: {}, which are links or folders", plural(others.len(), "name"));
    }
}

/// Whether `--force` replaces such a file.
fn is_replaced(why: Why) -> bool {
    matches!(why, Why::Changed | Why::Unlisted)
}

fn reason(why: Why) -> String {
    match why {
        Why::Changed => "changed since chainrule wrote it".to_owned(),
        Why::Unlisted => {
            format!("that {LIST} does not list, as an earlier version or another program wrote it")
        }
        Why::Link => "that is a symbolic link".to_owned(),
        Why::NoFile => "that is a folder, a device or a pipe".to_owned(),
        Why::Outdated => "that this report does not have, and that may not be chainrule's".to_owned(),
    }
}

fn remedy(why: Why, again: &str) -> String {
    match why {
        Why::Outdated => "remove what you do not need".to_owned(),
        _ if is_replaced(why) => format!("rename what you need, then: {again}"),
        _ => "remove or rename it, and write the report again".to_owned(),
    }
}

/// The first names, and how many more there are.
fn list(names: &[&str]) -> String {
    let (named, more) = names.split_at(names.len().min(MAX_NAMED));
    match more.len() {
        0 => named.join(", "),
        n => format!("{} and {n} more", named.join(", ")),
    }
}

/// A command line that writes the same report with `--force`.
pub(super) fn forced<'a>(words: impl IntoIterator<Item = &'a Path>, extras: &Extras) -> String {
    let words = words.into_iter().map(|word| quoted(&word.display().to_string()));
    let svg = extras.svg.then(|| "--svg".to_owned());
    let words: Vec<String> = words.chain(svg).chain(["--force".to_owned()]).collect();
    format!("chainrule {}", words.join(" "))
}
