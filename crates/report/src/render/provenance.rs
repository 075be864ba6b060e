//! The origin of the numbers, and how to reproduce them.

use super::markdown::{code, plain, table};
use crate::analysis::{Analysis, ClassBalance};
use crate::number::{count, rounded};
use crate::results::Source;
use crate::text::shell_word;
use chainrule_record::{DatasetInfo, Manifest};

/// Class sizes are listed for up to this many classes.
const LISTED: usize = 10;

/// The data sets, with their origin and licence terms.
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

/// The number of training samples in each class.
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
        "- Training set of {}: {classes}, {samples} each{}\n",
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

/// Program, machine and times, a column for each source.
pub(super) fn provenance(sources: &[Source]) -> String {
    let columns: Vec<Vec<(&str, String)>> = sources.iter().map(|source| facts(&source.manifest)).collect();
    let names = columns.first().into_iter().flatten().map(|(name, _)| *name);
    let row = |(index, name): (usize, &str)| {
        let values = columns.iter().map(|facts| facts[index].1.clone());
        std::iter::once(name.to_owned()).chain(values).collect::<Vec<_>>()
    };
    let rows: Vec<Vec<String>> = names.enumerate().map(row).collect();
    let labels =
        sources.iter().map(|source| if sources.len() > 1 { plain(&source.label) } else { String::new() });
    let titles: Vec<String> = std::iter::once(String::new()).chain(labels).collect();
    format!("## Provenance\n\n{}\n", table(&titles, &rows))
}

fn facts(manifest: &Manifest) -> Vec<(&'static str, String)> {
    let machine = &manifest.machine;
    let program = format!("chainrule {} ({})", manifest.chainrule_version, manifest.git_commit);
    let processor = format!("{}, {} logical, {}", machine.cpu, machine.logical_cpus, machine.simd);
    vec![
        ("program", plain(&program)),
        ("versions", format!("results {}, format {}", manifest.results_version, manifest.format_version)),
        ("compiler", plain(&manifest.compiler)),
        ("processor", plain(&processor)),
        ("platform", plain(&machine.platform)),
        ("last run", plain(&times(manifest))),
        ("runs", format!("{}, {} threads", runs(manifest), manifest.threads)),
        ("command", code(&format!("chainrule {}", typed(&manifest.shown_command)))),
    ]
}

/// The start and the end of the last run. A running or killed run is unfinished.
fn times(manifest: &Manifest) -> String {
    match (&manifest.finished_at, manifest.wall_seconds) {
        (Some(finished), Some(seconds)) => {
            format!("{} to {finished} ({} s)", manifest.started_at, rounded(seconds, 3))
        }
        _ => format!("{}, unfinished", manifest.started_at),
    }
}

fn runs(manifest: &Manifest) -> String {
    match (manifest.runs_executed, manifest.runs_reused) {
        (Some(executed), Some(reused)) => format!("{executed} executed, {reused} reused"),
        _ => "unfinished".to_owned(),
    }
}

/// The commands that reproduce these results.
pub(super) fn reproduce(sources: &[Source]) -> String {
    let commands: String = commands(sources).iter().map(|command| format!("    {command}\n")).collect();
    format!("## Reproduce\n\n{commands}\nRuns that are on record are not repeated.\n\n")
}

/// The commands that reproduce results: the original run commands, and the comparison of two results.
pub(crate) fn commands(sources: &[Source]) -> Vec<String> {
    let runs = sources.iter().map(run);
    match sources {
        [first, second] => {
            let folder = |source: &Source| shell_word(&source.folder);
            runs.chain([format!("chainrule compare {} {}", folder(first), folder(second))]).collect()
        }
        _ => runs.collect(),
    }
}

/// Includes the overrides and the output folder of the command; without them, a different experiment would run.
fn run(source: &Source) -> String {
    match source.manifest.shown_command.as_slice() {
        words if words.iter().any(|word| word == "run") => format!("chainrule {}", typed(words)),
        _ => format!("chainrule run {}", shell_word(&source.file)),
    }
}

/// A command line with shell quoting.
fn typed(words: &[String]) -> String {
    words.iter().map(|word| shell_word(word)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_made_again_as_they_were_typed() {
        let source = |command: &[&str]| Source {
            label: "a".to_owned(),
            file: "my file.toml".to_owned(),
            folder: "results/a".into(),
            manifest: Manifest {
                shown_command: command.iter().skip(1).map(|word| (*word).to_owned()).collect(),
                ..crate::support::manifest()
            },
        };
        let set = source(&[
            "target/release/chainrule",
            "run",
            "a.toml",
            "--set",
            "learning_rate=[0.1, 1]",
            "--results=r",
        ]);
        let again = "chainrule run a.toml --set 'learning_rate=[0.1, 1]' --results=r";
        assert_eq!(commands(std::slice::from_ref(&set)), [again]);
        let other = source(&["chainrule", "check", "a.toml"]);
        let compared = [again, "chainrule run 'my file.toml'", "chainrule compare results/a results/a"];
        assert_eq!(commands(&[set, other]), compared);
    }
}
