//! Joins two results folders into one experiment. The folder of a run becomes one more setting, and this setting is
//! compared.
//!
//! Runs of the two folders are paired by seed, like the values of any other setting. So a report compares two folders
//! as it compares two optimizers.

use crate::error::{JoinError, Unpaired};
use crate::results::Results;
use crate::shared::{Shared, differing, labels, shared};
use chainrule_record::{Axis, AxisPoint, ExperimentInfo, ExperimentKind, RunId, RunRecord, XAxis};
use std::collections::{BTreeSet, HashMap};

/// The setting that names the folder of a run, and its column in tables.
const RESULTS: &str = "results";

/// Joins both into one experiment, which has the runs whose seed and data are in both. Settings with one value in all
/// runs stay fixed; all others become axes.
///
/// Metric, axis of curves and margin are taken from the first. Claims are dropped.
///
/// # Errors
/// If they have different kinds or the same label, or have no seed, data or metric in common.
pub fn join(first: Results, second: Results) -> Result<Results, JoinError> {
    let both = [first, second];
    let labels = labels(&both);
    let kinds = both.each_ref().map(|results| results.info.kind);
    if kinds[0] != kinds[1] {
        return Err(Unpaired::Kinds { labels, kinds: kinds.map(ExperimentKind::name) }.into());
    }
    if labels[0] == labels[1] {
        return Err(Unpaired::SameLabel { labels }.into());
    }
    let Shared { both, same_seeds, mut warnings } = shared(both)?;
    // On other seeds, another configuration might have been chosen.
    let confirms = same_seeds && confirms_alike(&both[0].info, &both[1].info);
    let mut info = joined_info(&both[0], &both[1], confirms);
    let (mut records, mut confirmation, mut sources) = (Vec::new(), Vec::new(), Vec::new());
    for results in both {
        warnings.extend(results.warnings.iter().cloned());
        let label = results.label().to_owned();
        let mut names: HashMap<RunId, RunId> = HashMap::new();
        records.extend(results.records.into_iter().map(|run| {
            let (planned, run) = (run.run_id, marked(run, &label));
            names.insert(planned, run.run_id);
            run
        }));
        // A missing run keeps its id, because no recorded run has it.
        let named = |planned: &RunId| names.get(planned).copied().unwrap_or(*planned);
        info.run_ids.extend(results.info.run_ids.iter().map(named));
        if confirms {
            confirmation.extend(results.confirmation.into_iter().map(|run| marked(run, &label)));
        }
        sources.extend(results.sources);
    }
    Ok(Results { info, records, confirmation, sources, warnings })
}

/// Whether both choose in the same way and confirm the choice on the same seeds.
fn confirms_alike(first: &ExperimentInfo, second: &ExperimentInfo) -> bool {
    first.confirm_seeds > 0
        && first.tune == second.tune
        && first.confirmation_seeds() == second.confirmation_seeds()
}

fn marked(mut run: RunRecord, label: &str) -> RunRecord {
    run.spec.0.insert(RESULTS.to_owned(), label.into());
    run.run_id = run.spec.run_id();
    run
}

/// The joined experiment, without run ids.
fn joined_info(first: &Results, second: &Results, confirms: bool) -> ExperimentInfo {
    let (a, b) = (&first.info, &second.info);
    let question = match a.question == b.question {
        true => a.question.clone(),
        false => format!("{} / {}", a.question.trim(), b.question.trim()),
    };
    let axes = axes(first, second);
    let is_axis = |name: &str| axes.iter().any(|axis| axis.setting == name);
    let fixed = a.fixed.iter().filter(|(name, _)| !is_axis(name));
    let seeds: BTreeSet<u64> = a.seeds.iter().chain(&b.seeds).copied().collect();
    let tune = a.tune.iter().filter(|name| b.tune.contains(name) && is_axis(name));
    ExperimentInfo {
        name: format!("{} against {}", first.label(), second.label()),
        file: a.file.clone(),
        kind: a.kind,
        question,
        fixed: fixed.map(|(name, point)| (name.clone(), point.clone())).collect(),
        compare: Some(RESULTS.to_owned()),
        metric: a.metric,
        x_axis: if a.x_axis == b.x_axis { a.x_axis } else { XAxis::Epochs },
        seeds: seeds.into_iter().collect(),
        datasets: both(&a.datasets, &b.datasets),
        run_ids: Vec::new(),
        skipped: both(&a.skipped, &b.skipped),
        tune: if a.tune == b.tune { tune.cloned().collect() } else { Vec::new() },
        problems: problems(a, b).into_iter().filter(|name| is_axis(name)).collect(),
        margin: a.margin,
        confirm_seeds: if confirms { a.confirm_seeds } else { 0 },
        claims: Vec::new(),
        warnings: both(&a.warnings, &b.warnings),
        axes,
    }
}

/// The settings that each folder compares become problems: the two folders are compared at each of their values.
fn problems(a: &ExperimentInfo, b: &ExperimentInfo) -> Vec<String> {
    let of = |info: &ExperimentInfo| info.compare.iter().chain(&info.problems).cloned().collect::<Vec<_>>();
    let theirs = of(b);
    of(a).into_iter().filter(|name| theirs.contains(name)).collect()
}

/// The axes: the folders, the axes of either experiment, and the settings that are fixed in both at different values.
fn axes(first: &Results, second: &Results) -> Vec<Axis> {
    let folder = |of: &Results| AxisPoint { value: of.label().into(), label: of.label().to_owned() };
    let folders = Axis::new(RESULTS, [folder(first), folder(second)]);
    let names = [&first.info, &second.info].into_iter().flat_map(|info| info.axes.iter());
    let mut names: Vec<&str> = names.map(|axis| axis.setting.as_str()).collect();
    names.extend(differing(&first.info, &second.info));
    let mut seen = BTreeSet::new();
    names.retain(|name| seen.insert(*name));
    let axis =
        |name: &str| Axis::new(name, [first, second].into_iter().flat_map(|of| points(&of.info, name)));
    std::iter::once(folders).chain(names.into_iter().map(axis)).collect()
}

/// The values of a setting in an experiment.
fn points(info: &ExperimentInfo, name: &str) -> Vec<AxisPoint> {
    let axis = info.axes.iter().find(|axis| axis.setting == name).map(|axis| axis.points.clone());
    axis.unwrap_or_else(|| info.fixed.get(name).cloned().into_iter().collect())
}

/// The items of `first`, then the items that only `second` has.
fn both<T: Clone + PartialEq>(first: &[T], second: &[T]) -> Vec<T> {
    let beside = second.iter().filter(|item| !first.contains(item));
    first.iter().chain(beside).cloned().collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::analysis::{Analysis, Matched, Standing};
    use crate::results::Source;
    use crate::support::{Synthetic, axis, manifest};
    use serde_json::json;

    fn optimizers() -> Synthetic {
        let axes = vec![
            ("optimizer", axis(&[json!("sgd"), json!("adam")])),
            ("learning_rate", axis(&[json!(0.001), json!(0.01)])),
        ];
        Synthetic { axes, compare: Some("optimizer"), ..Synthetic::default() }
    }

    /// Results as if read from a store.
    pub(crate) fn results(label: &str, experiment: &Synthetic) -> Results {
        let source = Source {
            label: label.to_owned(),
            file: "experiments/sweep.toml".to_owned(),
            folder: label.into(),
            manifest: manifest(),
        };
        Results {
            info: experiment.info(),
            records: experiment.records(),
            confirmation: Vec::new(),
            sources: vec![source],
            warnings: Vec::new(),
        }
    }

    #[test]
    fn the_folder_is_what_is_compared_and_its_runs_are_paired_by_seed() {
        let experiment = optimizers();
        let mut second = results("after", &experiment);
        second.records.iter_mut().for_each(|run| {
            run.curve.validation_loss.iter_mut().flatten().for_each(|loss| *loss += 0.5);
        });
        let joined = join(results("before", &experiment), second).unwrap();
        let planned = experiment.records().len();
        assert_eq!((joined.records.len(), joined.info.run_ids.len()), (2 * planned, 2 * planned));
        assert!(joined.records.iter().all(|run| joined.info.run_ids.contains(&run.run_id)));
        let analysis = Analysis::of(&joined);
        let labels: Vec<&str> = analysis.compared.iter().map(|compared| compared.label.as_str()).collect();
        assert_eq!((labels, analysis.compared_ranking.as_slice()), (vec!["before", "after"], &[0, 1][..]));
        let median =
            |compared| analysis.best_of(compared).unwrap().final_metric(joined.info.metric).median.unwrap();
        assert!((median(1) - median(0) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn settings_that_differ_between_the_folders_are_axes_and_the_others_stay_fixed() {
        let experiment = optimizers();
        let (first, mut second) = (results("a", &experiment), results("b", &experiment));
        let Some((name, _)) =
            first.info.fixed.iter().next().map(|(name, point)| (name.clone(), point.clone()))
        else {
            panic!("something is fixed")
        };
        second.info.fixed.insert(name.clone(), AxisPoint { value: json!(77), label: "77".to_owned() });
        let joined = join(first.clone(), second).unwrap();
        let axis = joined.info.axes.iter().find(|axis| axis.setting == name).unwrap();
        assert_eq!(axis.points.len(), 2);
        assert_eq!(joined.info.fixed.len(), first.info.fixed.len() - 1);
    }

    #[test]
    fn different_kinds_and_equal_names_are_refused() {
        let experiment = optimizers();
        let (first, mut second) = (results("a", &experiment), results("b", &experiment));
        let same = join(first.clone(), first.clone());
        assert_eq!(same.unwrap_err().to_string(), "both results are a; name two different folders");
        second.info.kind = chainrule_record::ExperimentKind::Function;
        let error = join(first, second).unwrap_err().to_string();
        assert!(error.contains("\"train\"") && error.contains("\"function\""), "{error}");
    }

    #[test]
    fn configurations_of_both_are_compared_one_by_one() {
        let mut experiment = optimizers();
        experiment.seeds = 10;
        let mut second = results("after", &experiment);
        // adam at 0.01 has a loss higher by 0.5 on each seed, and is missing at 0.001. Nothing else differs.
        let is = |run: &RunRecord, name: &str, rate: f64| {
            run.spec.get("optimizer") == Some(&json!(name))
                && run.spec.get("learning_rate") == Some(&json!(rate))
        };
        second.records.retain(|run| !is(run, "adam", 0.001));
        for run in second.records.iter_mut().filter(|run| is(run, "adam", 0.01)) {
            run.curve.validation_loss.iter_mut().flatten().for_each(|loss| *loss += 0.5);
        }
        let joined = join(results("before", &experiment), second).unwrap();
        let analysis = Analysis::of(&joined);
        let found = Matched::new(&analysis).unwrap();
        assert_eq!((found.rows.len(), found.single), (3, 1));
        let first = &found.rows[0];
        // Ten of ten: p = 2/2¹⁰, and Holm multiplies it by three.
        assert_eq!((first.standing, first.adjusted), (Standing::Worse, Some(3.0 * 2.0 / 1024.0)));
        assert!((first.paired.estimate.unwrap() + 0.5).abs() < 1e-9, "the second is behind");
        let rest: Vec<_> = found.rows[1..].iter().map(|row| (row.standing, row.paired.tied)).collect();
        assert_eq!(rest, [(Standing::Undecided, true); 2]);
        assert_eq!((found.sides(&analysis), found.fewest_seeds()), ((0, 1), 7));
        // With one configuration per folder, there are no problems.
        let single = Synthetic { seeds: 10, ..Synthetic::default() };
        let joined = join(results("a", &single), results("b", &single)).unwrap();
        assert!(Matched::new(&Analysis::of(&joined)).is_none());
    }
}
