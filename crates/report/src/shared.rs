//! The runs that two results have in common. Only runs with the same data and the same seed are paired. Runs without a
//! partner are left out, with a warning.

use crate::analysis::DATASET;
use crate::joined::JoinError;
use crate::number::{count, list};
use crate::results::{Results, moved};
use chainrule_record::{
    AxisPoint, Curve, ExperimentInfo, ExperimentKind, FOLDS, Metric, RunId, RunRecord, SPLIT_SEED,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The setting with the target value of the metric.
const TARGET: &str = "target";
/// The setting with the digest of a data set's content.
pub(crate) const DATA_DIGEST: &str = "data_digest";

/// Settings that decide which samples a metric is measured on. The preparation of features is not among them, because
/// it may be the subject of the comparison.
const OF_PARTS: [&str; 7] = [DATASET, DATA_DIGEST, "validation", "test", "split", FOLDS, SPLIT_SEED];
/// Settings that change only the training set.
const OF_TRAINING: [&str; 2] = ["label_noise", "feature_noise"];

/// At most this many values are listed.
const SHOWN: usize = 6;

/// Two results with the same seeds and data.
pub(crate) struct Shared {
    pub(crate) first: Results,
    pub(crate) second: Results,
    /// Whether both kept all their seeds.
    pub(crate) same_seeds: bool,
    /// Warnings for the reader, most severe first.
    pub(crate) warnings: Vec<String>,
}

/// The runs of two results of the same kind that can be paired. If nothing is trained, nothing is paired.
///
/// # Errors
/// If no runs can be paired, or the second did not measure the first's deciding metric.
pub(crate) fn shared(mut first: Results, mut second: Results) -> Result<Shared, JoinError> {
    let mut warnings = Vec::new();
    if first.info.kind != ExperimentKind::Train {
        return Ok(Shared { first, second, same_seeds: true, warnings });
    }
    for results in [&first, &second] {
        if results.records.is_empty() {
            return Err(JoinError::NoRuns { label: results.label().to_owned() });
        }
    }
    measured(&first, &second)?;
    warnings.extend(share_data(&mut first, &mut second)?);
    let left_out = share_seeds(&mut first, &mut second)?;
    let same_seeds = left_out.is_none();
    warnings.extend(left_out);
    warnings.extend(other_metric(&first.info, &second));
    warnings.extend(share_target(&mut first, &mut second));
    warnings.splice(0..0, sameness(&first, &second));
    Ok(Shared { first, second, same_seeds, warnings })
}

/// Checks that the second has measured the first's deciding metric.
fn measured(first: &Results, second: &Results) -> Result<(), JoinError> {
    let metric = first.info.metric;
    let has = |run: &RunRecord| run.curve.column(metric).iter().any(Option::is_some);
    if second.records.iter().any(has) {
        return Ok(());
    }
    Err(JoinError::Metric {
        metric,
        first: first.label().to_owned(),
        second: second.label().to_owned(),
        other: second.info.metric,
    })
}

fn other_metric(first: &ExperimentInfo, second: &Results) -> Option<String> {
    let (decides, other) = (first.metric, second.info.metric);
    (decides != other).then(|| {
        format!("{decides} decides, as in the first results; what decides in {} is {other}.", second.label())
    })
}

/// The settings that must be equal in two runs, so that their metrics have the same scale.
fn scale(metric: Metric) -> Vec<&'static str> {
    let is_training = matches!(metric, Metric::TrainLoss | Metric::TrainAccuracy);
    let of_training = OF_TRAINING.iter().filter(|_| is_training);
    OF_PARTS.iter().chain(of_training).copied().chain(metric.is_loss().then_some("loss")).collect()
}

/// Removes runs on data that the other does not have, and names the data.
fn share_data(first: &mut Results, second: &mut Results) -> Result<Option<String>, JoinError> {
    let mut names = scale(first.info.metric);
    let is_axis = |results: &Results| results.info.axes.iter().any(|axis| axis.setting == TARGET);
    if (is_axis(first) || is_axis(second)) && targets(first) != targets(second) {
        names.push(TARGET);
    }
    let [a, b] = [&*first, &*second].map(|results| keys(results, &names));
    if a == b {
        return Ok(None);
    }
    let both: HashSet<Key> = a.intersection(&b).cloned().collect();
    if both.is_empty() {
        return Err(no_data(first, second, &names));
    }
    let only = [only(first, second, &names), only(second, first, &names)].into_iter().flatten();
    let only: BTreeSet<String> = only.collect();
    let before = [first.records.len(), second.records.len()];
    [&mut *first, &mut *second].into_iter().for_each(|results| keep_data(results, &names, &both));
    let gone = [(before[0], &*first), (before[1], &*second)].map(|(before, results)| {
        let gone = before - results.records.len();
        (gone > 0).then(|| format!("{} of {}", count(gone, "run"), results.label()))
    });
    let gone: Vec<String> = gone.into_iter().flatten().collect();
    let only = only.into_iter().collect::<Vec<_>>().join("; ");
    Ok(Some(format!("Only what both have is compared: {} left out ({only}).", list(&gone))))
}

/// The values of some settings.
type Key = Vec<Value>;

fn key(run: &RunRecord, names: &[&str]) -> Key {
    names.iter().map(|name| run.spec.get(name).cloned().unwrap_or_default()).collect()
}

fn keys(results: &Results, names: &[&str]) -> HashSet<Key> {
    results.records.iter().map(|run| key(run, names)).collect()
}

/// The values of a setting in all runs as text, in the order of the runs.
fn values(results: &Results, name: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    let values = results.records.iter().filter_map(|run| run.spec.get(name));
    values.filter(|value| seen.insert(*value)).map(|value| word(&results.info, name, value)).collect()
}

fn word(info: &ExperimentInfo, name: &str, value: &Value) -> String {
    match value {
        Value::String(digest) if name == DATA_DIGEST => digest.chars().take(12).collect(),
        Value::String(text) => text.clone(),
        other => info.label(name, other),
    }
}

fn listed(values: &[String]) -> String {
    let more = if values.len() > SHOWN { ", …" } else { "" };
    format!("{}{more}", values[..values.len().min(SHOWN)].join(", "))
}

/// `dataset wine` for each setting for which only `results` has some value.
fn only(results: &Results, other: &Results, names: &[&str]) -> Vec<String> {
    let of_setting = |name: &&str| {
        let known = values(other, name);
        let mut alone = values(results, name);
        alone.retain(|value| !known.contains(value));
        // Another data set has another digest: naming the data set is enough.
        let is_told = *name == DATA_DIGEST && values(results, DATASET) != values(other, DATASET);
        (!alone.is_empty() && !is_told).then(|| format!("`{name}` {} of {}", listed(&alone), results.label()))
    };
    names.iter().filter_map(of_setting).collect()
}

/// The error for the first setting without a common value, or else for the first setting that differs.
fn no_data(first: &Results, second: &Results, names: &[&'static str]) -> JoinError {
    let sets = |name: &str| [first, second].map(|results| values(results, name));
    let is_apart = |name: &&&str| {
        let [a, b] = sets(name);
        a.iter().all(|value| !b.contains(value))
    };
    let differs = |name: &&&str| {
        let [a, b] = sets(name);
        a != b
    };
    let name = names.iter().find(is_apart).or_else(|| names.iter().find(differs)).copied();
    let name = name.unwrap_or(DATASET);
    let [first_value, second_value] = sets(name).map(|values| listed(&values).into_boxed_str());
    let why = match name {
        "loss" => format!("so {} has no common scale", first.info.metric),
        TARGET => "so there are no times to a target that both have".to_owned(),
        _ => "only runs on the same data can be paired".to_owned(),
    };
    JoinError::Data {
        first: first.label().to_owned(),
        second: second.label().to_owned(),
        setting: name,
        first_value,
        second_value,
        why: why.into_boxed_str(),
    }
}

fn keep_data(results: &mut Results, names: &[&str], both: &HashSet<Key>) {
    let is_kept = |run: &RunRecord| both.contains(&key(run, names));
    let (kept, gone): (Vec<_>, Vec<_>) =
        std::mem::take(&mut results.records).into_iter().partition(|run| is_kept(run));
    let keys = gone.iter().map(|run| key(run, names)).collect::<HashSet<Key>>();
    let seeds = &results.info.seeds;
    let elsewhere = |run: &RunRecord| -> Vec<RunId> {
        let to = |key: &Key| names.iter().map(|name| (*name).to_owned()).zip(key.clone()).collect::<Vec<_>>();
        keys.iter().flat_map(|key| moved(&run.spec, to(key), seeds.iter().copied())).collect()
    };
    let is_whole = kept.len() + gone.len() == results.info.run_ids.len();
    let mut gone_ids: HashSet<RunId> = gone.iter().map(|run| run.run_id).collect();
    if !is_whole {
        gone_ids.extend(kept.iter().flat_map(elsewhere));
        gone_ids.extend(gone.iter().flat_map(|run| with_seeds(run, seeds)));
    }
    results.info.run_ids.retain(|run_id| !gone_ids.contains(run_id));
    results.records = kept;
    results.confirmation.retain(is_kept);
    keep_values(results, names);
}

fn with_seeds(run: &RunRecord, seeds: &[u64]) -> Vec<RunId> {
    moved(&run.spec, [], seeds.iter().copied())
}

/// Removes values without runs from the axes. A setting with one value left becomes fixed.
fn keep_values(results: &mut Results, names: &[&str]) {
    let has = |name: &str, value: &Value| results.records.iter().any(|run| run.spec.get(name) == Some(value));
    let info = &mut results.info;
    for axis in info.axes.iter_mut().filter(|axis| names.contains(&axis.setting.as_str())) {
        axis.points.retain(|point| has(&axis.setting, &point.value));
        if let [point] = axis.points.as_slice() {
            info.fixed.insert(axis.setting.clone(), point.clone());
        }
    }
    info.axes.retain(|axis| axis.points.len() > 1 || !names.contains(&axis.setting.as_str()));
    let has_digest = |digest: &str| has(DATA_DIGEST, &Value::from(digest));
    info.datasets.retain(|data| has_digest(&data.digest.to_string()));
}

/// Removes runs with seeds that the other does not have, and names the seeds.
fn share_seeds(first: &mut Results, second: &mut Results) -> Result<Option<String>, JoinError> {
    let [a, b] =
        [&*first, &*second].map(|results| results.info.seeds.iter().copied().collect::<BTreeSet<_>>());
    if a == b {
        return Ok(None);
    }
    let both: BTreeSet<u64> = a.intersection(&b).copied().collect();
    if both.is_empty() {
        return Err(JoinError::Seeds {
            first: first.label().to_owned(),
            first_seeds: seeds(&a),
            second: second.label().to_owned(),
            second_seeds: seeds(&b),
        });
    }
    [&mut *first, &mut *second].into_iter().for_each(|results| keep_seeds(results, &both));
    let left_out = [(first, a), (second, b)].map(|(results, all)| {
        let gone: BTreeSet<u64> = all.difference(&both).copied().collect();
        (!gone.is_empty()).then(|| format!("{} of {}", seeds(&gone), results.label()))
    });
    let left_out: Vec<String> = left_out.into_iter().flatten().collect();
    Ok(Some(format!("Only the seeds that both have are compared: seeds {} are left out.", list(&left_out))))
}

fn keep_seeds(results: &mut Results, both: &BTreeSet<u64>) {
    let info = &mut results.info;
    let gone: Vec<u64> = info.seeds.iter().copied().filter(|seed| !both.contains(seed)).collect();
    let gone: HashSet<RunId> = results.records.iter().flat_map(|run| with_seeds(run, &gone)).collect();
    info.run_ids.retain(|run_id| !gone.contains(run_id));
    info.seeds.retain(|seed| both.contains(seed));
    results.records.retain(|run| both.contains(&run.spec.seed()));
}

/// `0 to 7`, or `1, 4 and 9`
fn seeds(seeds: &BTreeSet<u64>) -> String {
    let is_range = |first: &u64, last: &u64| last - first == seeds.len() as u64 - 1;
    match (seeds.first(), seeds.last()) {
        (Some(first), Some(last)) if seeds.len() > 2 && is_range(first, last) => format!("{first} to {last}"),
        _ if seeds.len() > SHOWN => listed(&seeds.iter().map(u64::to_string).collect::<Vec<_>>()),
        _ => list(&seeds.iter().map(u64::to_string).collect::<Vec<_>>()),
    }
}

/// The targets of all runs. A target is the same whether or not the run stops there.
fn targets(results: &Results) -> HashSet<Value> {
    let target = |run: &RunRecord| {
        let mut target = run.spec.get(TARGET).cloned().unwrap_or_default();
        if let Value::Object(target) = &mut target {
            target.remove("stop");
        }
        target
    };
    results.records.iter().map(target).collect()
}

/// Times to different targets cannot be compared. So both results lose their targets, as if none was declared.
fn share_target(first: &mut Results, second: &mut Results) -> Option<String> {
    if targets(first) == targets(second) {
        return None;
    }
    let [a, b] = [&*first, &*second].map(|results| listed(&values(results, TARGET)));
    for results in [&mut *first, &mut *second] {
        let none = AxisPoint { value: "none".into(), label: "none".to_owned() };
        for run in results.records.iter_mut().chain(&mut results.confirmation) {
            run.target_reached = None;
            run.spec.0.insert(TARGET.to_owned(), none.value.clone());
        }
        results.info.fixed.insert(TARGET.to_owned(), none);
    }
    let (first, second) = (first.label(), second.label());
    Some(format!("There are no times to the target: it is {a} in {first}, and {b} in {second}."))
}

/// A note if every run in one has a run in the other with the same result.
fn sameness(first: &Results, second: &Results) -> Option<String> {
    let varying = differing(&first.info, &second.info);
    let settings = |run: &RunRecord| {
        let mut spec = run.spec.clone();
        varying.iter().for_each(|name| drop(spec.0.remove(name)));
        spec.run_id()
    };
    let others: HashMap<RunId, &RunRecord> = second.records.iter().map(|run| (settings(run), run)).collect();
    let n = first.records.len();
    let pairs: Vec<(&RunRecord, &RunRecord)> =
        first.records.iter().filter_map(|run| Some((run, *others.get(&settings(run))?))).collect();
    let same_weights = |(a, b): &(&RunRecord, &RunRecord)| {
        a.weights_digest.is_some() && a.weights_digest == b.weights_digest
    };
    if n == 0 || pairs.len() != n || second.records.len() != n || !pairs.iter().all(same_weights) {
        return None;
    }
    let bare = |run: &RunRecord| (Curve { seconds: Vec::new(), ..run.curve.clone() }, run.stop, run.test);
    let n = count(n, "pair");
    Some(match pairs.iter().all(|(a, b)| bare(a) == bare(b)) {
        true => format!("All {n} of runs are the same bit by bit: nothing can be better."),
        false => format!("All {n} of runs end with the same weights, bit by bit."),
    })
}

/// The settings that are fixed in both, at different values.
fn differing<'a>(first: &'a ExperimentInfo, second: &ExperimentInfo) -> Vec<&'a str> {
    let other: &BTreeMap<String, AxisPoint> = &second.fixed;
    let differs =
        |name: &str, point: &AxisPoint| other.get(name).is_some_and(|known| known.value != point.value);
    first.fixed.iter().filter(|(name, point)| differs(name, point)).map(|(name, _)| name.as_str()).collect()
}
