//! Where the numbers come from, and how to get them again.

use super::markdown::{code, plain, table};
use crate::analysis::{Analysis, ClassBalance};
use crate::number::{count, rounded};
use chainrule_record::{DatasetInfo, Manifest};

/// The samples of no more classes than this are listed.
const LISTED: usize = 10;

/// The data sets, with their origin and terms.
pub(super) fn data(analysis: &Analysis) -> String {
    let datasets = &analysis.info.datasets;
    if datasets.is_empty() {
        return String::new();
    }
    let classes = |data: &DatasetInfo| {
        data.classes.map_or_else(|| "regression".to_owned(), |classes| classes.to_string())
    };
    let row = |data: &DatasetInfo| {
        let samples = format!("{} / {} / {}", data.train, data.validation, data.test);
        let digest = code(&data.digest.short());
        vec![
            code(&data.label),
            samples,
            data.features.to_string(),
            classes(data),
            plain(&data.citation),
            plain(&data.licence),
            digest,
        ]
    };
    let titles =
        ["data set", "train / validation / test", "features", "classes", "source", "licence", "digest"];
    let balances: String = datasets.iter().filter_map(balance).collect();
    let balances = if balances.is_empty() { balances } else { format!("{balances}\n") };
    format!("## Data\n\n{}\n{balances}", table(&titles, &datasets.iter().map(row).collect::<Vec<_>>()))
}

/// How many training samples each class has.
fn balance(data: &DatasetInfo) -> Option<String> {
    let balance = ClassBalance::new(data)?;
    let samples = match balance.largest {
        largest if largest == balance.smallest => count(largest as usize, "sample"),
        largest => format!("{} to {largest} samples", balance.smallest),
    };
    let counts: Vec<String> = balance.counts.iter().map(u64::to_string).collect();
    let classes = if counts.len() == 1 { "1 class".to_owned() } else { format!("{} classes", counts.len()) };
    let listed = (balance.is_uneven() && counts.len() <= LISTED).then(|| format!(": {}", counts.join(", ")));
    Some(format!(
        "- Training part of {}: {classes}, {samples} each{}\n",
        code(&data.label),
        listed.unwrap_or_default()
    ))
}

/// The settings that did not vary.
pub(super) fn fixed(analysis: &Analysis) -> String {
    let fixed = &analysis.info.fixed;
    if fixed.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> =
        fixed.iter().map(|(name, point)| vec![code(name), code(&point.label)]).collect();
    format!("## Fixed settings\n\n{}\n", table(&["setting", "value"], &rows))
}

/// Program, machine and times.
pub(super) fn provenance(manifest: &Manifest) -> String {
    let machine = &manifest.machine;
    let rows = [
        ("program", format!("chainrule {} ({})", manifest.chainrule_version, manifest.git_commit)),
        ("versions", format!("results {}, format {}", manifest.results_version, manifest.format_version)),
        ("compiler", manifest.compiler.clone()),
        ("processor", format!("{}, {} logical, {}", machine.cpu, machine.logical_cpus, machine.simd)),
        ("platform", machine.platform.clone()),
        (
            "last run",
            format!(
                "{} to {} ({} s)",
                manifest.started_at,
                manifest.finished_at,
                rounded(manifest.wall_seconds, 3)
            ),
        ),
        (
            "runs",
            format!(
                "{} executed, {} reused, {} threads",
                manifest.runs_executed, manifest.runs_reused, manifest.threads
            ),
        ),
    ];
    let mut rows: Vec<Vec<String>> =
        rows.into_iter().map(|(name, value)| vec![name.to_owned(), plain(&value)]).collect();
    rows.push(vec!["command".to_owned(), code(&manifest.command.join(" "))]);
    format!("## Provenance\n\n{}\n", table(&["", ""], &rows))
}

/// The command that makes these results again.
pub(super) fn reproduce(analysis: &Analysis) -> String {
    let command = format!("chainrule run {}", shell_word(&analysis.info.file));
    format!("## Reproduce\n\n    {command}\n\nRuns that are on record are not repeated.\n\n")
}

/// A file name as one word of a shell.
pub(super) fn shell_word(text: &str) -> String {
    let safe = |letter: char| letter.is_alphanumeric() || "/._-".contains(letter);
    if text.chars().all(safe) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_one_word() {
        assert_eq!(shell_word("experiments/sweep-2.toml"), "experiments/sweep-2.toml");
        assert_eq!(shell_word("my file's.toml"), r"'my file'\''s.toml'");
    }
}
