//! Files that a report did not replace or remove, because chainrule may not have written them.

use super::plural;
use crate::arguments::Extras;
use chainrule_record::folder::{Kept, LIST, Why};
use chainrule_record::text::shown;
use chainrule_record::text::{from_os, shell_word};
use chainrule_report::ReportSummary;
use std::path::Path;

/// The most files that are named; further ones are counted.
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

/// Prints, every time, how many files of the report are outdated.
pub(super) fn say(summary: &ReportSummary, again: &str) {
    let count = |is_counted: fn(Why) -> bool| summary.kept.iter().filter(|kept| is_counted(kept.why)).count();
    let (files, others) = (count(is_replaced), count(|why| matches!(why, Why::Link | Why::NoFile)));
    if files > 0 {
        say!("not replaced: {}; rename the files that you need, then: {again}", plural(files, "file"));
    }
    if others > 0 {
        say!("not replaced: {others} whose names are taken by links or folders");
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
        Why::Link => format!("{}, because nothing is written through a link", plural(n, "symbolic link")),
        Why::NoFile => format!("{} with the name of a file", plural(n, "folder")),
        Why::Outdated => format!("{} of another report, maybe not written by chainrule", plural(n, "file")),
    }
}

fn remedy(why: Why, again: &str) -> String {
    match why {
        Why::Outdated => "remove the files that you do not need".to_owned(),
        Why::Changed | Why::Unlisted => format!("rename the files that you need, then: {again}"),
        Why::Link | Why::NoFile => "remove or rename them, then write the report again".to_owned(),
    }
}

/// The first names, and the number of further ones.
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
