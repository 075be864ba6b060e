//! `chainrule evaluate`

use crate::arguments;
use crate::exit::Exit;
use anyhow::anyhow;
use chainrule_record::text::shown;
use chainrule_runner::data::DataCache;
use chainrule_runner::evaluate::{self, Evaluated, Sample};
use chainrule_runner::{spec, weights};
use std::path::Path;

/// Shows what saved weights are worth.
pub(crate) fn evaluate(arguments: &arguments::Evaluate) -> anyhow::Result<Exit> {
    let other = arguments.data.as_deref().map(spec::dataset).transpose()?;
    let saved = weights::read(&arguments.weights)?;
    if saved.results_version != chainrule_core::RESULTS_VERSION {
        tracing::warn!(
            "the weights were trained with results version {}, and this is version {}: losses may differ from the run's record",
            saved.results_version,
            chainrule_core::RESULTS_VERSION
        );
    }
    let data = DataCache::new(arguments.data_dir.clone());
    let evaluated = match &other {
        Some(dataset) => evaluate::other_data(&saved, &data, dataset),
        None => evaluate::own_parts(&saved, &data),
    };
    let evaluated = evaluated.map_err(|error| anyhow!("{}: {error}", shown(&arguments.weights)))?;
    if let Some(path) = &arguments.predictions {
        let problem = |error| anyhow!("cannot write {}: {error}\nname another file", shown(path));
        write_predictions(path, &evaluated).map_err(problem)?;
    }
    let dataset = other.as_ref().unwrap_or(&saved.typed.data.dataset).name();
    say!("run {}, seed {}, on {dataset}", saved.run_id.short(), saved.typed.run.seed);
    show(&evaluated);
    if let Some(path) = &arguments.predictions {
        say!("predictions: {}", shown(path));
    }
    Ok(Exit::Well)
}

/// A row a part. Numbers are the shortest text that reads back to the same bits.
fn show(evaluated: &[Evaluated]) {
    say!("{:10}  {:>7}  {:22}  accuracy", "part", "samples", "loss");
    for Evaluated { part, score, samples } in evaluated {
        let accuracy = score.accuracy.map_or_else(|| "-".to_owned(), |accuracy| accuracy.to_string());
        say!("{part:10}  {:>7}  {:22}  {accuracy}", samples.len(), score.loss.to_string());
    }
}

fn write_predictions(path: &Path, evaluated: &[Evaluated]) -> Result<(), csv::Error> {
    let mut table = csv::Writer::from_path(path)?;
    let first = evaluated.iter().flat_map(|part| &part.samples).next();
    table.write_record(first.map(titles).unwrap_or_default())?;
    for part in evaluated {
        for sample in &part.samples {
            table.write_record(row(part.part, sample))?;
        }
    }
    Ok(table.flush()?)
}

fn titles(sample: &Sample) -> Vec<String> {
    let numbered = |name: &str, n: usize| (1..=n).map(|i| format!("{name}_{i}")).collect();
    let targets: Vec<String> = match sample.classes {
        None if sample.target.len() > 1 => numbered("target", sample.target.len()),
        _ => vec!["target".to_owned()],
    };
    let outputs: Vec<String> = numbered("output", sample.output.len());
    let predicted = sample.classes.map(|_| "predicted".to_owned());
    let fixed = ["part", "index"].map(str::to_owned);
    fixed.into_iter().chain(targets).chain(outputs).chain(predicted).collect()
}

fn row(part: &str, sample: &Sample) -> Vec<String> {
    let texts = |numbers: &[f64]| numbers.iter().map(f64::to_string).collect::<Vec<_>>();
    let targets = match sample.classes {
        Some((class, _)) => vec![class.to_string()],
        None => texts(&sample.target),
    };
    let predicted = sample.classes.map(|(_, predicted)| predicted.to_string());
    let fixed = [part.to_owned(), sample.index.to_string()];
    fixed.into_iter().chain(targets).chain(texts(&sample.output)).chain(predicted).collect()
}
