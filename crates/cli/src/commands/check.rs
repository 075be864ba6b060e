//! `chainrule check`

use super::run::{carry_out, quoted};
use super::{Ready, baseline_file, owner, report};
use crate::arguments::{Check, CheckFormat, ExperimentArguments, ExperimentOptions, Logging};
use crate::exit::{Exit, Incomplete};
use anyhow::anyhow;
use chainrule_record::Manifest;
use chainrule_report::Results;
use chainrule_report::baseline::{Baseline, BaselineError, Files, Format, Tolerances, compare, damage};
use chainrule_runner::provenance::near;
use chainrule_runner::store::Store;
use std::path::Path;

/// What the runs come to.
struct Now {
    baseline: Baseline,
    /// Whether planned runs are not on record.
    lacks_runs: bool,
}

impl Now {
    fn of(results: &Results, manifest: &Manifest) -> Self {
        let Results { info, records, confirmation, .. } = results;
        let lacks_runs = records.len() < info.run_ids.len();
        Self { baseline: Baseline::of(info, records, confirmation, manifest), lacks_runs }
    }
}

/// Carries out the runs anew, or takes the stored ones, and compares them with the baseline.
pub(crate) fn check(arguments: &Check, logging: &Logging) -> anyhow::Result<Exit> {
    let ready = Ready::new(&arguments.experiment)?;
    let tolerances = tolerances(arguments)?;
    let path = baseline_file::path(&arguments.baselines, &ready.name);
    let file = near(&arguments.experiment.file).display().to_string();
    // Before anything is run: whoever has no baseline need not wait to hear of it.
    let before = baseline_file::read(&path)?.ok_or_else(|| {
        anyhow!(
            "there is no baseline {}\nmake one with `chainrule bless {file}`, and commit it",
            path.display()
        )
    })?;
    let now = if arguments.stored { stored(&ready)? } else { anew(ready, arguments, logging)? };
    let Some(Now { baseline: now, lacks_runs }) = now else { return Ok(Exit::Interrupted) };
    if let Some(BaselineError { line, problem }) = damage(&before, &now) {
        anyhow::bail!(
            "{}:{line}: {problem}\nput back the file as it was committed, or make it anew: {}",
            path.display(),
            command("bless", arguments)
        );
    }
    let comparison = compare(&before, &now, &tolerances);
    let (when, again) = match lacks_runs {
        true => ("runs are missing in the store; carry them out", command("run", arguments)),
        false => ("if this is meant", command("bless", arguments)),
    };
    let (path, remedy) = (near(&path).display().to_string(), (when, again.as_str()));
    let files = Files { experiment: &file, baseline: &path, remedy };
    let text = comparison.render(format(arguments.format), files);
    say!("{}", text.trim_end_matches('\n'));
    Ok(if comparison.passes() { Exit::Well } else { Exit::Failed })
}

/// Runs them in a folder of their own: what an earlier build has stored says nothing about this one. `None` if
/// interrupted.
fn anew(mut ready: Ready, arguments: &Check, logging: &Logging) -> anyhow::Result<Option<Now>> {
    let folder = tempfile::tempdir()
        .map_err(|error| anyhow!("cannot make a temporary folder: {error}; set TMPDIR to another one"))?;
    ready.folder = folder.path().join(&ready.name);
    let carried = carry_out(ready, arguments.workers.threads, false, logging)?;
    if carried.summary.interrupted {
        tracing::warn!("interrupted: nothing was compared");
        return Ok(None);
    }
    let results = carried.results().map_err(Incomplete)?;
    Ok(Some(Now::of(&results, &carried.manifest)))
}

/// The stored runs of the experiment.
fn stored(Ready { plan, folder, file, .. }: &Ready) -> anyhow::Result<Option<Now>> {
    let store = Store::open(folder)?;
    owner::settle(plan, file, &store)?;
    let manifest = report::manifest(&store)?;
    // The plan of the file as it is: the store may hold that of an earlier one.
    let results = report::results(plan.info.clone(), manifest.clone(), &store, folder)?;
    results.warnings.iter().for_each(|warning| tracing::warn!("{warning}"));
    let (recorded, planned) = (results.records.len(), plan.info.run_ids.len());
    if recorded < planned {
        tracing::warn!("{} of {planned} runs are not on record, and are not judged", planned - recorded);
    }
    Ok(Some(Now::of(&results, &manifest)))
}

/// The command line of `bless` or `run` for the same experiment and the same folders.
fn command(name: &str, arguments: &Check) -> String {
    let Check { experiment, baselines, .. } = arguments;
    let ExperimentArguments { file, options } = experiment;
    let ExperimentOptions { assignments, results, data_dir, yes } = options;
    let mut words = vec!["chainrule".to_owned(), name.to_owned(), file.display().to_string()];
    let mut option = |name: &str, value: String| words.extend([format!("--{name}"), value]);
    assignments.iter().for_each(|assignment| option("set", assignment.clone()));
    let is_given = |folder: &Path, default: &str| folder != Path::new(default);
    if is_given(results, "results") {
        option("results", results.display().to_string());
    }
    if name == "bless" && is_given(baselines, "results/baselines") {
        option("baselines", baselines.display().to_string());
    }
    let known = std::env::var("CHAINRULE_DATA").unwrap_or_else(|_| "data".to_owned());
    if is_given(data_dir, &known) {
        option("data-dir", data_dir.display().to_string());
    }
    words.extend(yes.then(|| "--yes".to_owned()));
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

fn tolerances(arguments: &Check) -> anyhow::Result<Tolerances> {
    let mut tolerances = Tolerances::default();
    for (name, tolerance) in &arguments.tolerances {
        tolerances.set(name, *tolerance).map_err(|problem| anyhow!(problem))?;
    }
    Ok(tolerances)
}

fn format(format: CheckFormat) -> Format {
    match format {
        CheckFormat::Text => Format::Text,
        CheckFormat::Markdown => Format::Markdown,
        CheckFormat::Json => Format::Json,
        CheckFormat::Github => Format::Github,
    }
}
