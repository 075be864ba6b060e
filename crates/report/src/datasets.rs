//! An experiment over several data sets, split into one experiment per data set. Metrics on different data have no
//! common scale, so only ranks and ratios are compared across data sets.

use crate::analysis::DATASET;
use crate::output::DATASETS;
use crate::results::{Results, moved};
use crate::shared::DATA_DIGEST;
use chainrule_record::{AxisPoint, ExperimentInfo, RunId, RunRecord};
use std::collections::HashSet;

/// Longer names make paths that some file systems refuse.
const LONGEST_NAME: usize = 60;

/// The part of an experiment that uses one data set.
pub(crate) struct OnDataset {
    /// The name of the data set.
    pub(crate) label: String,
    /// The folder of its report, relative to the folder of the whole report.
    pub(crate) folder: String,
    /// The experiment with this data set alone.
    pub(crate) results: Results,
}

/// One experiment per data set with recorded runs; empty if the data set does not vary.
pub(crate) fn on_each_dataset(results: &Results) -> Vec<OnDataset> {
    let axis = results.info.axes.iter().find(|axis| axis.setting == DATASET);
    let points = axis.map_or(&[][..], |axis| axis.points.as_slice());
    let missing = results.missing().into_iter().collect();
    let one = |(index, point): (usize, &AxisPoint)| {
        let part = on(results, point, &missing);
        (!part.records.is_empty()).then(|| OnDataset {
            folder: format!("{DATASETS}/{}", folder(points, index)),
            label: point.label.clone(),
            results: part,
        })
    };
    points.iter().enumerate().filter_map(one).collect()
}

fn on(results: &Results, point: &AxisPoint, missing: &HashSet<RunId>) -> Results {
    let is_on = |run: &&RunRecord| run.spec.get(DATASET) == Some(&point.value);
    let records: Vec<RunRecord> = results.records.iter().filter(is_on).cloned().collect();
    let mut run_ids: Vec<RunId> = records.iter().map(|run| run.run_id).collect();
    run_ids.extend(missing_on(&results.records, &records, missing));
    Results {
        info: info(&results.info, point, run_ids),
        records,
        confirmation: results.confirmation.iter().filter(is_on).cloned().collect(),
        sources: results.sources.clone(),
        warnings: results.warnings.clone(),
    }
}

/// The settings that identify the data of a run: the data set's name, and the digest of its content.
const OF_DATA: [&str; 2] = [DATASET, DATA_DIGEST];

/// The missing runs on the data of `here`. A missing run has no recorded settings, so its id is derived from the
/// settings of a run on other data or with another seed.
fn missing_on(all: &[RunRecord], here: &[RunRecord], missing: &HashSet<RunId>) -> HashSet<RunId> {
    let Some(first) = here.first().filter(|_| !missing.is_empty()) else { return HashSet::new() };
    let seeds: HashSet<u64> = all.iter().map(|run| run.spec.seed()).collect();
    let here = OF_DATA.iter().filter_map(|key| Some(((*key).to_owned(), first.spec.get(key)?.clone())));
    let of = |run: &RunRecord| moved(&run.spec, here.clone(), seeds.iter().copied());
    all.iter().flat_map(of).filter(|run_id| missing.contains(run_id)).collect()
}

/// The experiment with the data set as a fixed setting. It keeps the claims of the whole experiment.
fn info(whole: &ExperimentInfo, point: &AxisPoint, run_ids: Vec<RunId>) -> ExperimentInfo {
    let mut info = whole.clone();
    info.name = format!("{} on {}", whole.name, point.label);
    info.axes.retain(|axis| axis.setting != DATASET);
    info.fixed.insert(DATASET.to_owned(), point.clone());
    info.datasets.retain(|data| data.label == point.label);
    info.problems.retain(|setting| setting != DATASET);
    info.skipped.clear();
    info.claims.clear();
    info.run_ids = run_ids;
    info
}

/// The name, if it is a valid folder name and differs from all others on every file system; otherwise a number.
fn folder(points: &[AxisPoint], index: usize) -> String {
    let label = &points[index].label;
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
    let alike = points.iter().filter(|other| other.label.eq_ignore_ascii_case(label)).count();
    match alike == 1 && !label.is_empty() && label.len() <= LONGEST_NAME && label.chars().all(is_plain) {
        true => label.clone(),
        false => format!("dataset-{}", index + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::joined;
    use crate::support::{Synthetic, axis};
    use serde_json::json;

    fn results() -> Results {
        let axes = vec![
            ("dataset", axis(&[json!("iris"), json!("wine")])),
            ("optimizer", axis(&[json!("sgd"), json!("adam")])),
        ];
        let experiment = Synthetic { axes, compare: Some("optimizer"), ..Synthetic::default() };
        joined::tests::results("a", &experiment)
    }

    #[test]
    fn every_run_goes_to_its_data_set_which_is_fixed_there() {
        let whole = results();
        let parts = on_each_dataset(&whole);
        let told: Vec<_> = parts.iter().map(|part| (part.label.as_str(), part.folder.as_str())).collect();
        assert_eq!(told, [("iris", "datasets/iris"), ("wine", "datasets/wine")]);
        for part in &parts {
            let Results { info, records, .. } = &part.results;
            assert_eq!((records.len(), info.run_ids.len()), (10, 10), "2 optimizers with 5 seeds");
            assert!(records.iter().all(|run| run.spec.get(DATASET) == Some(&json!(part.label))));
            assert_eq!(info.fixed[DATASET].label, part.label);
            let analysis = Analysis::new(info, records);
            assert!(analysis.comparisons.is_some() && !analysis.spans_datasets());
        }
    }

    #[test]
    fn runs_that_are_missing_are_missed_where_they_belong() {
        let mut whole = results();
        let is_there =
            |run: &RunRecord| run.spec.get(DATASET) != Some(&json!("wine")) || run.spec.seed() != 2;
        whole.records.retain(is_there);
        let missing: Vec<usize> = on_each_dataset(&whole)
            .iter()
            .map(|part| part.results.info.run_ids.len() - part.results.records.len())
            .collect();
        assert_eq!(missing, [0, 2]);
    }

    #[test]
    fn names_that_are_no_folders_are_numbered() {
        let point = |label: &str| AxisPoint { value: json!(label), label: label.to_owned() };
        let points: Vec<AxisPoint> =
            ["digits", "../etc", "Wine", "wine", "csv(path=\"a/b\")", ""].map(point).into();
        let folders: Vec<String> = (0..points.len()).map(|index| folder(&points, index)).collect();
        assert_eq!(folders, ["digits", "dataset-2", "dataset-3", "dataset-4", "dataset-5", "dataset-6"]);
    }
}
