//! Warnings that the reader needs in order to judge the answer.

use super::classes::ClassBalance;
use super::configuration::Configuration;
use super::edges::Edge;
use super::missing::Missing;
use super::runs::Runs;
use crate::number::{count, exact, list, rounded};
use chainrule_record::ExperimentKind;

/// The warnings, most severe first.
pub(crate) fn warnings(experiment: &Runs, ranking: &[usize], missing: Missing) -> Vec<String> {
    if experiment.info.kind == ExperimentKind::GradientCheck {
        // No configuration is chosen, and no metric decides.
        let known = [missing_runs(experiment, missing), failures(experiment)].into_iter().flatten();
        return known.chain(experiment.info.warnings.iter().cloned()).collect();
    }
    [missing_runs(experiment, missing), unconfirmed(missing), failures(experiment), unmeasured(experiment)]
        .into_iter()
        .flatten()
        .chain(experiment.info.warnings.iter().cloned())
        .chain(copies(experiment, ranking))
        .chain(incomplete_winners(experiment, ranking))
        .chain(unequal_tuning(experiment, ranking))
        .chain(edges(experiment, ranking))
        .chain(uneven_classes(experiment))
        .collect()
}

fn missing_runs(experiment: &Runs, missing: Missing) -> Option<String> {
    let of = count(experiment.info.run_ids.len(), "run");
    (missing.planned > 0)
        .then(|| format!("{} of {of} planned are not on record: the answer may change.", missing.planned))
}

fn unconfirmed(missing: Missing) -> Option<String> {
    (missing.fresh() > 0).then(|| {
        format!(
            "{} of {} of the chosen configurations on fresh seeds are not on record: `chainrule run` makes them.",
            missing.fresh(),
            count(missing.expected, "run")
        )
    })
}

fn failures(experiment: &Runs) -> Option<String> {
    let (failed, timed_out) = (experiment.outcomes.failed, experiment.outcomes.timed_out);
    let cut =
        "a run stopped by its time limit counts with its last result, which may differ on another machine";
    match (failed, timed_out) {
        (0, 0) => None,
        (_, 0) => Some(format!("{} failed.", count(failed, "run"))),
        (0, _) => Some(format!("{} timed out: {cut}.", count(timed_out, "run"))),
        _ => Some(format!("{} failed and {timed_out} timed out: {cut}.", count(failed, "run"))),
    }
}

fn unmeasured(experiment: &Runs) -> Option<String> {
    let metric = experiment.info.metric;
    let measured = experiment.configurations.iter().any(|one| one.final_metric(metric).is_measured());
    let absent = !experiment.records.is_empty() && !measured;
    absent.then(|| format!("{metric} decides, but no run measured it."))
}

/// If the seed changes nothing, runs are copies.
fn copies(experiment: &Runs, ranking: &[usize]) -> Vec<String> {
    let all = || experiment.configurations.iter().chain(&experiment.confirmations);
    let copied = |one: &Configuration| one.counted().1 < one.counted().0;
    let is_single = |one: &Configuration| one.counted().1 == 1;
    let noun = experiment.grid.observation_noun();
    if !all().any(copied) {
        return Vec::new();
    }
    if all().all(|one| copied(one) && is_single(one)) {
        let runs = experiment.configurations.iter().map(|one| one.counted().0).max().unwrap_or(0);
        return vec![format!(
            "The {noun} has no effect here: all {runs} {noun}s of each configuration give the same results, bit by bit, and \
             count as one observation."
        )];
    }
    let told = |index: &usize| {
        let (runs, distinct) = experiment.shown(*index).filter(|one| copied(one))?.counted();
        let label = &experiment.compared[*index].label;
        Some(format!("{runs} {noun}s of {label} are copies of {distinct}"))
    };
    let told: Vec<String> = ranking.iter().filter_map(told).collect();
    let some = (!told.is_empty()).then(|| list(&told));
    some.map(|some| format!("The {noun} does not affect every result: {some}. Copies count once."))
        .into_iter()
        .collect()
}

fn incomplete_winners(experiment: &Runs, ranking: &[usize]) -> Vec<String> {
    if experiment.spans_datasets() {
        return Vec::new();
    }
    let tasks = if experiment.grid.has_tasks() {
        experiment.configurations.iter().map(|one| one.by_task(&experiment.grid).len()).max().unwrap_or(1)
    } else {
        1
    };
    let planned = experiment.info.seeds.len() * tasks;
    let incomplete = |index: &usize| {
        let runs = experiment.best_of(*index)?.runs.len();
        let of = if tasks > 1 { "runs" } else { "seeds" };
        let label = &experiment.compared[*index].label;
        (runs < planned)
            .then(|| format!("The best configuration of {label} has only {runs} of {planned} {of}."))
    };
    ranking.iter().filter_map(incomplete).collect()
}

/// The more configurations a value could choose from, the better the best of them looks.
fn unequal_tuning(experiment: &Runs, ranking: &[usize]) -> Option<String> {
    let tried = |index: &usize| experiment.compared[*index].configurations.len();
    let most = ranking.iter().max_by_key(|index| tried(index))?;
    let fewest = ranking.iter().min_by_key(|index| tried(index))?;
    let label = |index: &usize| &experiment.compared[*index].label;
    (tried(fewest) < tried(most)).then(|| {
        format!(
            "Unequal tuning: {} of {} were tried, but {} of {}. With more trials, the best looks better.",
            count(tried(most), "configuration"),
            label(most),
            tried(fewest),
            label(fewest)
        )
    })
}

/// One warning for all values on the same edge. With several data sets, each data set has its own.
fn edges(experiment: &Runs, ranking: &[usize]) -> Vec<String> {
    if experiment.spans_datasets() {
        return Vec::new();
    }
    let mut found: Vec<(&Edge, Vec<String>)> = Vec::new();
    for compared in ranking.iter().map(|index| &experiment.compared[*index]) {
        for edge in &compared.edges {
            match found.iter_mut().find(|(known, _)| *known == edge) {
                Some((_, labels)) => labels.push(compared.label.clone()),
                None => found.push((edge, vec![compared.label.clone()])),
            }
        }
    }
    let warning = |(edge, labels): &(&Edge, Vec<String>)| {
        let beyond: Vec<String> = edge.beyond.iter().map(|value| exact(*value)).collect();
        format!(
            "The best {} of {} is {}, the {} tried value; a better one may be beyond it. Try {} too.",
            edge.setting,
            list(labels),
            edge.value,
            edge.edge,
            beyond.join(" and ")
        )
    };
    found.iter().map(warning).collect()
}

fn uneven_classes(experiment: &Runs) -> Vec<String> {
    let uneven = |data: &chainrule_record::DatasetInfo| {
        let balance = ClassBalance::new(data).filter(ClassBalance::is_misleading)?;
        Some(format!(
            "The classes of {} are uneven, {} to {} training samples each: always predicting the most frequent class is right for \
             {} % of the training samples.",
            data.label,
            balance.smallest,
            balance.largest,
            rounded(100.0 * balance.most_frequent, 3)
        ))
    };
    experiment.info.datasets.iter().filter_map(uneven).collect()
}
