//! `chainrule compare`

use super::report::{advise, say_where, stored, write};
use crate::arguments::Compare;
use crate::exit::Exit;
use chainrule_record::text::{from_os, shell_word, shown, to_os};
use chainrule_report::{Results, join};
use chainrule_runner::store::FILE_NAME;
use std::path::{Component, Path, PathBuf};

/// Sets the results of one folder against those of another.
pub(crate) fn compare(arguments: &Compare) -> anyhow::Result<Exit> {
    let [first, second] = [&arguments.first, &arguments.second].map(|folder| folder.as_path());
    let [first_label, second_label] = labels(first, second);
    anyhow::ensure!(
        first_label != second_label && !is_same(first, second),
        "{} is named twice: name two different folders",
        shown(first)
    );
    let results = join(called(side(first)?, first_label), called(side(second)?, second_label))?;
    let output = arguments.output.clone().unwrap_or_else(|| beside(first, &results.info.name));
    // A report would be written over that of its own runs.
    anyhow::ensure!(
        !output.join(FILE_NAME).exists(),
        "{} has results of its own: name another folder with --output DIR",
        shown(&output)
    );
    let written = write(&results, &arguments.extras.options(), &output);
    say!("{}", advise(written, "name another folder with --output DIR")?.answer);
    say_where(&output);
    Ok(Exit::Well)
}

/// Whether both paths lead to the same folder, as by a link.
fn is_same(first: &Path, second: &Path) -> bool {
    matches!((first.canonicalize(), second.canonicalize()), (Ok(first), Ok(second)) if first == second)
}

/// The results of a folder that has some.
fn side(folder: &Path) -> anyhow::Result<Results> {
    let mut results = stored(folder)?;
    anyhow::ensure!(
        !results.records.is_empty(),
        "no run of {} is on record: make its results with `chainrule run {}`",
        shown(folder),
        shell_word(&results.info.file)
    );
    // Two folders are meant from here on.
    let named = |warning: String| format!("{}: {warning}", shown(folder));
    results.warnings = results.warnings.into_iter().map(named).collect();
    Ok(results)
}

fn called(mut results: Results, label: String) -> Results {
    results.sources.iter_mut().for_each(|source| source.label.clone_from(&label));
    results
}

/// The ends of two paths from where they differ on: `before` and `after` for `before/sweep` and `after/sweep`.
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

/// The report's folder where none is named.
fn beside(first: &Path, name: &str) -> PathBuf {
    first.parent().unwrap_or(Path::new("")).join(to_os(&name.replace(' ', "-")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_called_by_the_part_of_their_path_in_which_they_differ() {
        let of = |a: &str, b: &str| labels(Path::new(a), Path::new(b));
        assert_eq!(of("results/sweep", "results/wide"), ["sweep", "wide"]);
        assert_eq!(of("/before/results/sweep", "/after/results/sweep"), ["before", "after"]);
        assert_eq!(of("a/sweep", "b/c/sweep"), ["a", "c"]);
        assert_eq!(of("/x", "/x"), ["x", "x"]);
        // The one is a part of the other's path.
        assert_eq!(of("/results/sweep", "/old/results/sweep"), ["sweep", "old"]);
    }
}
