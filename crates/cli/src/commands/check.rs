//! `chainrule check`

use super::run::carry_out;
use super::{Ready, baseline_file, report};
use crate::arguments::{Check, CheckFormat, Logging};
use crate::exit::{Exit, Incomplete};
use anyhow::anyhow;
use chainrule_report::baseline::{Baseline, Format, Tolerances, compare};
use chainrule_runner::plan::Plan;
use chainrule_runner::store::Store;
use std::path::Path;

/// Carries out the runs anew, or takes the stored ones, and compares them with the baseline.
pub(crate) fn check(arguments: &Check, logging: &Logging) -> anyhow::Result<Exit> {
    let ready = Ready::new(&arguments.experiment)?;
    let path = baseline_file::path(&arguments.baselines, &ready.plan.info.name);
    let file = arguments.experiment.file.display().to_string();
    // Before anything is run: whoever has no baseline need not wait to hear of it.
    let before = baseline_file::read(&path)?.ok_or_else(|| {
        anyhow!(
            "there is no baseline {}\nmake one with `chainrule bless {file}`, and commit it",
            path.display()
        )
    })?;
    let now =
        if arguments.stored { stored(&ready.plan, &ready.folder)? } else { anew(ready, arguments, logging)? };
    let Some(now) = now else { return Ok(Exit::Interrupted) };
    let comparison = compare(&before, &now, &tolerances(arguments)?);
    let text = comparison.render(format(arguments.format), &file, &path.display().to_string());
    say!("{}", text.trim_end_matches('\n'));
    Ok(if comparison.passes() { Exit::Well } else { Exit::Failed })
}

/// Runs them in a folder of their own: what an earlier build has stored says nothing about this one. `None` if
/// interrupted.
fn anew(mut ready: Ready, arguments: &Check, logging: &Logging) -> anyhow::Result<Option<Baseline>> {
    let folder = tempfile::tempdir()
        .map_err(|error| anyhow!("cannot make a temporary folder: {error}; set TMPDIR to another one"))?;
    ready.folder = folder.path().join(&ready.plan.info.name);
    let carried = carry_out(ready, arguments.workers.threads, false, logging)?;
    if carried.summary.interrupted {
        tracing::warn!("interrupted: nothing was compared");
        return Ok(None);
    }
    let results = carried.results().map_err(Incomplete)?;
    Ok(Some(Baseline::of(&results.info, &results.records, &results.confirmation, &carried.manifest)))
}

/// The stored runs of the experiment.
fn stored(plan: &Plan, folder: &Path) -> anyhow::Result<Option<Baseline>> {
    let store = Store::open(folder)?;
    let manifest = store.manifest()?;
    // The plan of the file as it is: the store may hold that of an earlier one.
    let results = report::results(plan.info.clone(), manifest.clone(), &store, folder)?;
    Ok(Some(Baseline::of(&results.info, &results.records, &results.confirmation, &manifest)))
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
