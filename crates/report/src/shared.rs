//! The runs that two results have in common. Only runs with the same data and the same seed are paired. Runs without a
//! partner are left out, with a warning.

use crate::analysis::DATASET;
use crate::error::Unpaired;
use crate::number::{count, list};
use crate::results::{Results, moved};
use chainrule_record::{
    AxisPoint, Curve, ExperimentInfo, ExperimentKind, FOLDS, Metric, RunId, RunRecord, SPLIT_SEED,
};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap, HashSet};

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
    pub(crate) both: [Results; 2],
    /// Whether both kept all their seeds.
    pub(crate) same_seeds: bool,
    /// Warnings for the reader, most severe first.
    pub(crate) warnings: Vec<String>,
}

/// The labels of two results.
pub(crate) fn labels(both: &[Results; 2]) -> [Box<str>; 2] {
    both.each_ref().map(|results| results.label().into())
}

/// The runs of two results of the same kind that can be paired. If nothing is trained, nothing is paired.
///
/// # Errors
/// If no runs can be paired, or the second did not measure the first's deciding metric.
pub(crate) fn shared(mut both: [Results; 2]) -> Result<Shared, Unpaired> {
    let mut warnings = Vec::new();
    if both[0].info.kind != ExperimentKind::Train {
        return Ok(Shared { both, same_seeds: true, warnings });
    }
    if let Some(empty) = both.iter().find(|results| results.records.is_empty()) {
        return Err(Unpaired::NoRuns { label: empty.label().to_owned() });
    }
    let metrics = both.each_ref().map(|results| results.info.metric);
    let measured = |run: &RunRecord| run.curve.column(metrics[0]).iter().any(Option::is_some);
    if !both[1].records.iter().any(measured) {
        return Err(Unpaired::Metric { labels: labels(&both), metrics });
    }
    warnings.extend(share_data(&mut both)?);
    let left_out = share_seeds(&mut both)?;
    let same_seeds = left_out.is_none();
    warnings.extend(left_out);
    if metrics[0] != metrics[1] {
        let [first, second] = labels(&both);
        let [metric, other] = metrics;
        warnings
            .push(format!("{metric} decides, as in {first}; the deciding metric of {second} is {other}."));
    }
    warnings.extend(share_target(&mut both));
    warnings.splice(0..0, sameness(&both[0], &both[1]));
    Ok(Shared { both, same_seeds, warnings })
}

/// The settings that must be equal in two runs, so that their metrics have the same scale.
fn scale(metric: Metric) -> Vec<&'static str> {
    let is_training = matches!(metric, Metric::TrainLoss | Metric::TrainAccuracy);
    let of_training = OF_TRAINING.iter().filter(|_| is_training);
    OF_PARTS.iter().chain(of_training).copied().chain(metric.is_loss().then_some("loss")).collect()
}

/// Removes runs on data that the other does not have, and names the data.
fn share_data(both: &mut [Results; 2]) -> Result<Option<String>, Unpaired> {
    let mut names = scale(both[0].info.metric);
    let is_axis = |results: &Results| results.info.axes.iter().any(|axis| axis.setting == TARGET);
    if both.iter().any(is_axis) && targets(&both[0]) != targets(&both[1]) {
        names.push(TARGET);
    }
    let [a, b] = both.each_ref().map(|results| keys(results, &names));
    if a == b {
        return Ok(None);
    }
    let common: HashSet<Key> = a.intersection(&b).cloned().collect();
    if common.is_empty() {
        return Err(no_data(both, &names));
    }
    let [first, second] = &*both;
    let only = [only(first, second, &names), only(second, first, &names)].concat();
    let only = only.into_iter().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join("; ");
    let left_out = both.iter_mut().filter_map(|results| {
        let before = results.records.len();
        keep_data(results, &names, &common);
        let gone = before - results.records.len();
        (gone > 0).then(|| format!("{} of {}", count(gone, "run"), results.label()))
    });
    let left_out = list(&left_out.collect::<Vec<_>>());
    Ok(Some(format!("Only data that both have are compared: {left_out} left out ({only}).")))
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
fn no_data(both: &[Results; 2], names: &[&'static str]) -> Unpaired {
    let sets = |name: &str| both.each_ref().map(|results| values(results, name));
    let is_apart = |name: &&&str| {
        let [a, b] = sets(name);
        a.iter().all(|value| !b.contains(value))
    };
    let differs = |name: &&&str| {
        let [a, b] = sets(name);
        a != b
    };
    let setting = names.iter().find(is_apart).or_else(|| names.iter().find(differs));
    let setting = setting.copied().unwrap_or(DATASET);
    let why = match setting {
        "loss" => format!("so {} has no common scale", both[0].info.metric),
        TARGET => "so they have no target in common".to_owned(),
        _ => "only runs on the same data can be paired".to_owned(),
    };
    Unpaired::Data {
        labels: labels(both),
        setting,
        values: sets(setting).map(|values| listed(&values).into()),
        why,
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
fn share_seeds(both: &mut [Results; 2]) -> Result<Option<String>, Unpaired> {
    let all = both.each_ref().map(|results| results.info.seeds.iter().copied().collect::<BTreeSet<_>>());
    let common = &all[0] & &all[1];
    if all[0] == all[1] {
        return Ok(None);
    }
    if common.is_empty() {
        return Err(Unpaired::Seeds { labels: labels(both), seeds: all.map(|all| seeds(&all).into()) });
    }
    let left_out = both.iter_mut().zip(&all).filter_map(|(results, all)| {
        keep_seeds(results, &common);
        let gone = all - &common;
        (!gone.is_empty()).then(|| format!("{} of {}", seeds(&gone), results.label()))
    });
    let left_out = list(&left_out.collect::<Vec<_>>());
    Ok(Some(format!("Only the seeds that both have are compared: seeds {left_out} are left out.")))
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
fn share_target(both: &mut [Results; 2]) -> Option<String> {
    if targets(&both[0]) == targets(&both[1]) {
        return None;
    }
    let [a, b] = both.each_ref().map(|results| listed(&values(results, TARGET)));
    for results in both.iter_mut() {
        let none = AxisPoint { value: "none".into(), label: "none".to_owned() };
        for run in results.records.iter_mut().chain(&mut results.confirmation) {
            run.target_reached = None;
            run.spec.0.insert(TARGET.to_owned(), none.value.clone());
        }
        results.info.fixed.insert(TARGET.to_owned(), none);
    }
    let [first, second] = labels(both);
    Some(format!("Times to the target are not compared: the target is {a} in {first} and {b} in {second}."))
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
        true => format!("All {n} of runs have the same results, bit by bit: neither is better."),
        false => format!("All {n} of runs end with the same weights, bit by bit."),
    })
}

/// The settings that are fixed in both, at different values.
pub(crate) fn differing<'a>(first: &'a ExperimentInfo, second: &ExperimentInfo) -> Vec<&'a str> {
    let differs = |name: &String, point: &AxisPoint| Some(second.fixed.get(name)?.value != point.value);
    let fixed = first.fixed.iter().filter(|(name, point)| differs(name, point) == Some(true));
    fixed.map(|(name, _)| name.as_str()).collect()
}
