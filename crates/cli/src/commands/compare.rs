//! `chainrule compare`

use super::kept::forced;
use super::owner::is_same_file;
use super::report::{advise, say_where, stored, write};
use crate::arguments::Compare;
use crate::exit::{Exit, Incomplete};
use chainrule_record::text::{from_os, shell_word, shown, to_os};
use chainrule_report::{Results, join};
use chainrule_runner::provenance;
use chainrule_runner::store::FILE_NAME;
use std::path::{Component, Path, PathBuf};

/// Compares the results of two folders.
pub(crate) fn compare(arguments: &Compare) -> anyhow::Result<Exit> {
    let [first, second] = [&arguments.first, &arguments.second].map(|folder| folder.as_path());
    let [first_label, second_label] = labels(first, second);
    anyhow::ensure!(
        first_label != second_label && !is_same_file(first, second),
        "{} is named twice: name two different folders",
        shown(first)
    );
    let [first_shown, second_shown] = as_shown(first, second);
    let results = join(
        called(side(first)?, first_label, first_shown),
        called(side(second)?, second_label, second_shown),
    )?;
    let output = arguments.output.clone().unwrap_or_else(|| beside(first, &results.info.name));
    // The comparison would overwrite the report of that folder's own runs.
    anyhow::ensure!(
        !output.join(FILE_NAME).exists(),
        "{} has its own results: name another folder with --output DIR",
        shown(&output)
    );
    let written = write(&results, &arguments.extras.options(), &output);
    let written = advise(written.map_err(Into::into), "name another folder with --output DIR");
    let summary = written.map_err(Incomplete)?;
    say!("{}", summary.answer);
    say_where(&summary, &output, &again(arguments));
    Ok(Exit::Well)
}

/// The command that replaces files that were kept.
fn again(arguments: &Compare) -> String {
    let Compare { first, second, output, extras } = arguments;
    let output = output.iter().flat_map(|output| [Path::new("--output"), output.as_path()]);
    forced([Path::new("compare"), first, second].into_iter().chain(output), extras)
}

/// The results of a folder, which must have some.
fn side(folder: &Path) -> anyhow::Result<Results> {
    let mut results = stored(folder)?;
    anyhow::ensure!(
        !results.records.is_empty(),
        "no run of {} is on record: run `chainrule run {}`",
        shown(folder),
        shell_word(&results.info.file)
    );
    // From here on, a warning must name its folder.
    let named = |warning: String| format!("{}: {warning}", provenance::short_path(folder));
    results.warnings = results.warnings.into_iter().map(named).collect();
    Ok(results)
}

fn called(mut results: Results, label: String, folder: String) -> Results {
    for source in &mut results.sources {
        (source.label, source.folder) = (label.clone(), folder.clone());
    }
    results
}

/// Two folders as a report shows them: relative to the working folder, or else to their common folder.
fn as_shown(first: &Path, second: &Path) -> [String; 2] {
    let near = [first, second].map(provenance::near);
    if near.iter().all(|path| path.is_relative()) {
        return near.map(|path| from_os(path.as_os_str()));
    }
    let [a, b] = [names(first), names(second)];
    let common = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    [a, b].map(|names| names[common.min(names.len().saturating_sub(1))..].join("/"))
}

/// The last parts in which two paths differ: `before` and `after` for `before/sweep` and `after/sweep`.
fn labels(first: &Path, second: &Path) -> [String; 2] {
    let [a, b] = [names(first), names(second)];
    let common = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let label = |names: &[String]| {
        let end = names.len().saturating_sub(common);
        names[..end].last().or(names.last()).cloned().unwrap_or_default()
    };
    [label(&a), label(&b)]
}

fn names(path: &Path) -> Vec<String> {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let name = |part: Component| match part {
        Component::Normal(name) => Some(from_os(name)),
        _ => None,
    };
    path.components().filter_map(name).collect()
}

/// The default folder of the report.
fn beside(first: &Path, name: &str) -> PathBuf {
    first.parent().unwrap_or(Path::new("")).join(to_os(&name.replace(' ', "-")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_shown_without_their_common_part() {
        let of = |a: &str, b: &str| as_shown(Path::new(a), Path::new(b));
        assert_eq!(of("before/sweep", "../sweep"), ["before/sweep", "../sweep"]);
        assert_eq!(of("/home/ada/before/sweep", "/home/ada/after/sweep"), ["before/sweep", "after/sweep"]);
        assert_eq!(of("/home/ada/results", "/home/ada/results/sweep"), ["results", "sweep"]);
    }

    #[test]
    fn labels_are_the_parts_of_two_paths_that_differ() {
        let of = |a: &str, b: &str| labels(Path::new(a), Path::new(b));
        assert_eq!(of("results/sweep", "results/wide"), ["sweep", "wide"]);
        assert_eq!(of("/before/results/sweep", "/after/results/sweep"), ["before", "after"]);
        assert_eq!(of("a/sweep", "b/c/sweep"), ["a", "c"]);
        assert_eq!(of("/x", "/x"), ["x", "x"]);
        // One path is the end of the other.
        assert_eq!(of("/results/sweep", "/old/results/sweep"), ["sweep", "old"]);
    }
}
