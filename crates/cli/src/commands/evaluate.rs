//! `chainrule evaluate`

use super::predictions;
use crate::arguments;
use crate::exit::Exit;
use anyhow::anyhow;
use chainrule_record::text::shown;
use chainrule_runner::data::DataCache;
use chainrule_runner::evaluate::{self, Evaluated};
use chainrule_runner::{spec, weights};

/// Shows the scores of saved weights.
pub(crate) fn evaluate(arguments: &arguments::Evaluate) -> anyhow::Result<Exit> {
    let other = arguments.data.as_deref().map(spec::dataset).transpose()?;
    let saved = weights::read(&arguments.weights)?;
    if saved.results_version != chainrule_core::RESULTS_VERSION {
        tracing::warn!(
            "the weights were trained with results version {}, and this program has version {}: losses may differ from the run's record",
            saved.results_version,
            chainrule_core::RESULTS_VERSION
        );
    }
    if !saved.checked {
        tracing::warn!(
            "an earlier version wrote the file without a digest of its preparation, so changes are not detected; \
             rerun the experiment to add the digest"
        );
    }
    let data = DataCache::new(arguments.data_dir.clone());
    if let Some(path) = &arguments.predictions {
        let data = data.files(other.as_ref().unwrap_or(&saved.typed.data.dataset));
        predictions::check(path, &arguments.weights, &data)?;
    }
    let evaluated = match &other {
        Some(dataset) => evaluate::other_data(&saved, &data, dataset),
        None => evaluate::own_parts(&saved, &data),
    };
    let evaluated = evaluated.map_err(|error| anyhow!("{}: {error}", shown(&arguments.weights)))?;
    if let Some(path) = &arguments.predictions {
        predictions::write(path, &evaluated).map_err(|error| anyhow!("{error}\nname another file"))?;
    }
    let dataset = other.as_ref().unwrap_or(&saved.typed.data.dataset).name();
    say!("run {}, seed {}, on {dataset}", saved.run_id.short(), saved.typed.run.seed);
    show(&evaluated);
    if let Some(path) = &arguments.predictions {
        say!("predictions: {}", shown(path));
    }
    Ok(Exit::Well)
}

/// One row per set. Numbers are the shortest text that reads back to the same bits.
fn show(evaluated: &[Evaluated]) {
    say!("{:10}  {:>7}  {:22}  accuracy", "part", "samples", "loss");
    for Evaluated { part, score, samples } in evaluated {
        let accuracy = score.accuracy.map_or_else(|| "-".to_owned(), |accuracy| accuracy.to_string());
        say!("{part:10}  {:>7}  {:22}  {accuracy}", samples.len(), score.loss.to_string());
    }
}
