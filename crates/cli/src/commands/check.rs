//! `chainrule check`

use super::run::carry_out;
use super::{Ready, baseline_file, owner, report};
use crate::arguments::{Check, CheckFormat, ExperimentArguments, ExperimentOptions, Logging};
use crate::exit::{Exit, Incomplete};
use crate::say;
use crate::terminal::Form;
use anyhow::anyhow;
use chainrule_record::Manifest;
use chainrule_record::text::{from_os, shell_word, shown};
use chainrule_report::Results;
use chainrule_report::baseline::{Baseline, BaselineError, Files, Format, Tolerances, compare, damage};
use chainrule_runner::provenance::near;
use chainrule_runner::store::Store;
use std::path::Path;

/// The present results.
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

/// Reruns the experiment, or takes the stored runs, and compares them with the baseline.
pub(crate) fn check(arguments: &Check, logging: &Logging) -> anyhow::Result<Exit> {
    let ready = Ready::new(&arguments.experiment)?;
    let tolerances = tolerances(arguments)?;
    let path = baseline_file::path(&arguments.baselines, &ready.name);
    let file = from_os(near(&arguments.experiment.file).as_os_str());
    // Before any run: a missing baseline must be reported at once.
    let before = baseline_file::read(&path)?.ok_or_else(|| {
        anyhow!(
            "there is no baseline {}\nmake one and commit it: {}",
            shown(&path),
            command("bless", arguments)
        )
    })?;
    let now = if arguments.stored { stored(&ready)? } else { rerun(ready, arguments, logging)? };
    let Some(Now { baseline: now, lacks_runs }) = now else { return Ok(Exit::Interrupted) };
    if let Some(BaselineError { line, problem }) = damage(&before, &now) {
        anyhow::bail!(
            "{}:{line}: {problem}\nrestore the committed file, or write it again: {}",
            shown(&path),
            command("bless", arguments)
        );
    }
    let comparison = compare(&before, &now, &tolerances);
    let (when, again) = match lacks_runs {
        true => ("runs are missing in the store; run them", command("run", arguments)),
        false => ("if this is intended", command("bless", arguments)),
    };
    let (path, remedy) = (from_os(near(&path).as_os_str()), (when, again.as_str()));
    let files = Files { experiment: &file, baseline: &path, remedy };
    let text = comparison.render(format(arguments.format), files);
    say::lines(text.trim_end_matches('\n'), form(arguments.format));
    Ok(if comparison.passes() { Exit::Well } else { Exit::Failed })
}

/// Runs the experiment in a temporary folder, because stored results may come from an earlier build. `None` if interrupted.
fn rerun(mut ready: Ready, arguments: &Check, logging: &Logging) -> anyhow::Result<Option<Now>> {
    let folder = tempfile::tempdir()
        .map_err(|error| anyhow!("cannot create a temporary folder: {error}; set TMPDIR to another one"))?;
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
    // Use the plan of the current file; the store may hold an earlier plan.
    let results = report::results(plan.info.clone(), manifest.clone(), &store, folder)?;
    results.warnings.iter().for_each(|warning| tracing::warn!("{warning}"));
    let (recorded, planned) = (results.records.len(), plan.info.run_ids.len());
    if recorded < planned {
        tracing::warn!("{} of {planned} runs are not on record and are not compared", planned - recorded);
    }
    Ok(Some(Now::of(&results, &manifest)))
}

/// The command line of `bless` or `run` for the same experiment and the same folders.
fn command(name: &str, arguments: &Check) -> String {
    let Check { experiment, baselines, .. } = arguments;
    let ExperimentArguments { file, options } = experiment;
    let ExperimentOptions { assignments, results, data_dir, yes } = options;
    let mut words = vec!["chainrule".to_owned(), name.to_owned(), from_os(file.as_os_str())];
    let mut option = |name: &str, value: String| words.extend([format!("--{name}"), value]);
    assignments.iter().for_each(|assignment| option("set", assignment.clone()));
    let is_given = |folder: &Path, default: &str| folder != Path::new(default);
    if is_given(results, "results") {
        option("results", from_os(results.as_os_str()));
    }
    if name == "bless" && is_given(baselines, "results/baselines") {
        option("baselines", from_os(baselines.as_os_str()));
    }
    let known = std::env::var_os("CHAINRULE_DATA").unwrap_or_else(|| "data".into());
    if data_dir.as_os_str() != known {
        option("data-dir", from_os(data_dir.as_os_str()));
    }
    words.extend(yes.then(|| "--yes".to_owned()));
    words.iter().map(|word| shell_word(word)).collect::<Vec<_>>().join(" ")
}

fn tolerances(arguments: &Check) -> anyhow::Result<Tolerances> {
    let mut tolerances = Tolerances::default();
    for (name, tolerance) in &arguments.tolerances {
        tolerances.set(name, *tolerance).map_err(|problem| anyhow!(problem))?;
    }
    Ok(tolerances)
}

/// The escapes for standard output.
fn form(format: CheckFormat) -> Form {
    match format {
        CheckFormat::Text | CheckFormat::Markdown => Form::Text,
        CheckFormat::Json => Form::Json,
        CheckFormat::Github => Form::Commands,
    }
}

fn format(format: CheckFormat) -> Format {
    match format {
        CheckFormat::Text => Format::Text,
        CheckFormat::Markdown => Format::Markdown,
        CheckFormat::Json => Format::Json,
        CheckFormat::Github => Format::Github,
    }
}
