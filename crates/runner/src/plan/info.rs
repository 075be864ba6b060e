//! What the report needs to know of a plan.

use super::resolve::Resolver;
use crate::spec::{self, Diagnostic, Experiment};
use chainrule_record::{
    Axis, AxisPoint, DatasetInfo, ExperimentInfo, Metric, RunId, RunSpec, SkippedCombination,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The deciding metric must be measured in every run.
pub(super) fn check_metric(experiment: &Experiment, resolver: &Resolver<'_>) -> Option<Diagnostic> {
    let metric = experiment.analysis.metric;
    let is_accuracy = !metric.is_loss();
    let is_validation = matches!(metric, Metric::ValidationLoss | Metric::ValidationAccuracy);
    let without = |sizes: &chainrule_core::dataset::PartSizes| {
        if is_accuracy && sizes.classes.is_none() {
            Some("a data set for regression has no accuracy")
        } else if is_validation && sizes.validation == 0 {
            Some("there is no validation part (`validation = 0`)")
        } else {
            None
        }
    };
    let reason = resolver.met.iter().find_map(|(_, _, sizes)| without(sizes))?;
    let message = format!("`metric = \"{metric}\"` is not measured in every run: {reason}");
    let error = match &experiment.analysis.metric_span {
        Some(span) => Diagnostic::new(message, span, "not measured"),
        None => Diagnostic::whole(message),
    };
    Some(error.help("choose another metric in [analysis], for example `train_loss`"))
}

pub(super) fn info(
    experiment: &Experiment,
    combinations: &[RunSpec],
    resolver: &Resolver<'_>,
    run_ids: Vec<RunId>,
    skipped: Vec<SkippedCombination>,
) -> ExperimentInfo {
    let axes = axes(experiment, combinations);
    let fixed = fixed(combinations, &axes);
    ExperimentInfo {
        name: experiment.name.clone(),
        file: experiment.file.clone(),
        question: experiment.question.clone(),
        compare: experiment.analysis.compare.map(|setting| setting.name.to_owned()),
        metric: experiment.analysis.metric,
        seeds: experiment.seeds.clone(),
        datasets: datasets(resolver),
        axes,
        fixed,
        run_ids,
        skipped,
    }
}

/// The settings that are an axis of any sub-grid, each with all the values it takes in any of them.
fn axes(experiment: &Experiment, combinations: &[RunSpec]) -> Vec<Axis> {
    let mut axes: Vec<Axis> = Vec::new();
    for axis in experiment.grids.iter().flat_map(|grid| &grid.axes) {
        let name = axis.setting.name;
        if axes.iter().any(|known| known.setting == name) {
            continue;
        }
        let points = experiment.grids.iter().flat_map(|grid| points(grid, experiment, name));
        let mut distinct: Vec<AxisPoint> = Vec::new();
        for point in points {
            let used = || combinations.iter().any(|spec| spec.get(name) == Some(&point.value));
            if !distinct.iter().any(|known| known.value == point.value) && used() {
                distinct.push(AxisPoint { value: point.value.clone(), label: point.label.clone() });
            }
        }
        axes.push(Axis { setting: name.to_owned(), points: sorted(distinct) });
    }
    axes
}

/// The values of a setting in a sub-grid: its axis's, or the one that stands in the setting's section.
fn points<'a>(grid: &'a spec::Grid, experiment: &'a Experiment, name: &str) -> &'a [spec::Point] {
    let axis = grid.axes.iter().find(|axis| axis.setting.name == name);
    axis.map(|axis| axis.points.as_slice())
        .or_else(|| experiment.fixed.get(name).map(std::slice::from_ref))
        .unwrap_or_default()
}

/// Numbers in their own order, everything else in that of the file.
fn sorted(mut points: Vec<AxisPoint>) -> Vec<AxisPoint> {
    if points.iter().all(|point| point.value.is_number()) {
        let number = |point: &AxisPoint| point.value.as_f64().unwrap_or(f64::NAN);
        points.sort_by(|a, b| number(a).total_cmp(&number(b)));
    }
    points
}

fn fixed(combinations: &[RunSpec], axes: &[Axis]) -> BTreeMap<String, AxisPoint> {
    let varies = |name: &str| axes.iter().any(|axis| axis.setting == name);
    let first = combinations.first().map(|spec| &spec.0);
    let settings = first.into_iter().flatten().filter(|(name, _)| !varies(name) && *name != "data_digest");
    let same = |name: &str, value: &Value| combinations.iter().all(|spec| spec.get(name) == Some(value));
    let settings = settings.filter(|(name, value)| same(name, value));
    settings
        .map(|(name, value)| (name.clone(), AxisPoint { value: value.clone(), label: label(name, value) }))
        .collect()
}

fn label(name: &str, value: &Value) -> String {
    spec::setting(name).map_or_else(|| value.to_string(), |setting| spec::label(&setting.kind, value))
}

fn datasets(resolver: &Resolver<'_>) -> Vec<DatasetInfo> {
    let describe = |(settings, loaded, sizes): &(
        chainrule_core::settings::DataSettings,
        std::sync::Arc<crate::data::Loaded>,
        chainrule_core::dataset::PartSizes,
    )| DatasetInfo {
        label: label("dataset", &json!(settings.dataset)),
        digest: loaded.digest,
        train: sizes.train as u64,
        validation: sizes.validation as u64,
        test: sizes.test as u64,
        features: sizes.features as u64,
        classes: sizes.classes.map(|classes| classes as u64),
        citation: settings.source().citation().to_owned(),
        licence: settings.source().licence().to_owned(),
    };
    resolver.met.iter().map(describe).collect()
}
