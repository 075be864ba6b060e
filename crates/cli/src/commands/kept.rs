//! Files in a folder that a report did not replace or remove, because they may not be chainrule's.

use super::plural;
use crate::arguments::Extras;
use chainrule_record::folder::{Kept, LIST, Why};
use chainrule_record::text::shown;
use chainrule_record::text::{from_os, shell_word};
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
            shown(folder.join(LIST))
        );
    }
    for why in [Why::Changed, Why::Unlisted, Why::Link, Why::NoFile, Why::Outdated] {
        let is_new = |kept: &&Kept| kept.why == why && !kept.is_known;
        let names: Vec<&str> = summary.kept.iter().filter(is_new).map(|kept| kept.name.as_str()).collect();
        if !names.is_empty() {
            let (folder, what) = (shown(folder), what(why, names.len()));
            tracing::warn!("{folder}: kept {what}: {}; {}", list(&names), remedy(why, again));
        }
    }
}

/// Says every time how many files of the report are not the present ones.
pub(super) fn say(summary: &ReportSummary, again: &str) {
    let count = |is_counted: fn(Why) -> bool| summary.kept.iter().filter(|kept| is_counted(kept.why)).count();
    let (files, others) = (count(is_replaced), count(|why| matches!(why, Why::Link | Why::NoFile)));
    if files > 0 {
        say!("not replaced: {}; rename what you need, then: {again}", plural(files, "file"));
    }
    if others > 0 {
        say!("not replaced: {others} in whose place there are links or folders");
    }
}

/// Whether `--force` replaces such a file.
fn is_replaced(why: Why) -> bool {
    matches!(why, Why::Changed | Why::Unlisted)
}

fn what(why: Why, n: usize) -> String {
    match why {
        Why::Changed => plural(n, "changed file"),
        Why::Unlisted => format!("{} not listed in {LIST} (earlier versions had no list)", plural(n, "file")),
        Why::Link => format!("{}, since nothing is written through a link", plural(n, "symbolic link")),
        Why::NoFile => format!("{} in the place of files", plural(n, "folder")),
        Why::Outdated => format!("{} of another report, maybe not chainrule's", plural(n, "file")),
    }
}

fn remedy(why: Why, again: &str) -> String {
    match why {
        Why::Outdated => "remove what you do not need".to_owned(),
        Why::Changed | Why::Unlisted => format!("rename what you need, then: {again}"),
        Why::Link | Why::NoFile => "remove or rename what is there, then write the report again".to_owned(),
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
    let words = words.into_iter().map(|word| shell_word(&from_os(word.as_os_str())));
    let svg = extras.svg.then(|| "--svg".to_owned());
    let words: Vec<String> = words.chain(svg).chain(["--force".to_owned()]).collect();
    format!("chainrule {}", words.join(" "))
}
