//! The description of a plan for the report.

use super::expand::Expansion;
use super::resolve::{Resolved, Resolver};
use super::rounding;
use crate::spec::{self, Diagnostic, Experiment, Point};
use chainrule_record::{
    Axis, AxisPoint, DatasetInfo, ExperimentInfo, ExperimentKind, Metric, RunId, SkippedCombination,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Checks that every run measures the deciding metric.
pub(super) fn check_metric(experiment: &Experiment, resolver: &Resolver<'_>) -> Option<Diagnostic> {
    // A gradient check is decided by its errors.
    if experiment.kind == ExperimentKind::GradientCheck && experiment.analysis.metric_span.is_none() {
        return None;
    }
    let metric = experiment.analysis.metric;
    let is_accuracy = !metric.is_loss();
    let is_validation = matches!(metric, Metric::ValidationLoss | Metric::ValidationAccuracy);
    let without = |sizes: &chainrule_core::dataset::PartSizes| {
        if is_accuracy && sizes.classes.is_none() {
            Some("a data set for regression has no accuracy")
        } else if is_validation && sizes.validation == 0 {
            Some("there is no validation set (`validation = 0`)")
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
    expansion: &Expansion<'_>,
    run_ids: Vec<RunId>,
    skipped: Vec<SkippedCombination>,
) -> ExperimentInfo {
    let experiment = expansion.experiment;
    let axes = axes(expansion);
    let fixed = fixed(expansion, &axes);
    ExperimentInfo {
        name: chainrule_record::text::from_os(&experiment.name),
        file: experiment.file.clone(),
        kind: experiment.kind,
        question: experiment.question.clone(),
        compare: experiment.analysis.compare.map(|setting| setting.name.to_owned()),
        metric: experiment.analysis.metric,
        x_axis: experiment.analysis.x_axis,
        seeds: experiment.seeds.clone(),
        datasets: datasets(&expansion.resolver),
        axes,
        fixed,
        run_ids,
        skipped,
        tune: experiment.analysis.tune.iter().map(|setting| setting.name.to_owned()).collect(),
        problems: experiment.analysis.problems.iter().map(|setting| setting.name.to_owned()).collect(),
        margin: experiment.analysis.margin,
        confirm_seeds: experiment.analysis.confirm_seeds,
        claims: experiment.claims.iter().map(|stated| stated.claim.clone()).collect(),
        warnings: rounding::warnings(experiment),
    }
}

/// The settings that are an axis of any sub-grid, each with all of its values.
fn axes(expansion: &Expansion<'_>) -> Vec<Axis> {
    let mut names: Vec<&'static str> = Vec::new();
    for axis in expansion.experiment.grids.iter().flat_map(|grid| &grid.axes) {
        if !names.contains(&axis.setting.name) {
            names.push(axis.setting.name);
        }
    }
    let grids = 0..expansion.experiment.grids.len();
    let axis = |name| {
        let mut axis = Axis::new(name, grids.clone().flat_map(|grid| points(expansion, grid, name)));
        spec::tell_apart(axis.points.iter_mut().map(|point| (&mut point.label, &point.value)));
        axis
    };
    names.into_iter().map(axis).collect()
}

/// The values of a setting that are run in a sub-grid: from its axis, from the setting's section, or derived from
/// other settings.
fn points(expansion: &Expansion<'_>, grid: usize, name: &str) -> Vec<AxisPoint> {
    let axes = &expansion.experiment.grids[grid].axes;
    let known = |point: &Point| AxisPoint { value: point.value.clone(), label: point.label.clone() };
    if let Some(axis) = axes.iter().position(|axis| axis.setting.name == name) {
        let used = axes[axis].points.iter().zip(expansion.used(grid, axis));
        let run = used.filter(|(_, used)| **used).map(|(point, _)| known(point));
        return run.chain(expansion.resolved(grid).filter_map(|resolved| followed(resolved, name))).collect();
    }
    let mut resolved = expansion.resolved(grid).peekable();
    let mut fixed = expansion.experiment.fixed.get(name).map(known);
    // A setting of the first version has an effect in every run.
    if fixed.is_some() && spec::setting(name).is_none_or(|setting| setting.as_before.is_none()) {
        return resolved.peek().and(fixed).into_iter().collect();
    }
    resolved.filter_map(|resolved| followed(resolved, name).or_else(|| fixed.take())).collect()
}

/// The value of a setting that was derived from others.
fn followed(resolved: &Resolved, name: &str) -> Option<AxisPoint> {
    let mut point = None;
    resolved.each(|setting, value| {
        if setting == name {
            point = Some(AxisPoint { value: value.clone(), label: label(name, value) });
        }
    });
    point
}

/// The settings that are not an axis and have the same value in every run.
fn fixed(expansion: &Expansion<'_>, axes: &[Axis]) -> BTreeMap<String, AxisPoint> {
    let varies = |name: &str| axes.iter().any(|axis| axis.setting == name);
    let mut fixed = BTreeMap::new();
    for setting in spec::settings().iter().filter(|setting| !varies(setting.name)) {
        let mut points: Vec<_> = (0..expansion.experiment.grids.len())
            .flat_map(|grid| points(expansion, grid, setting.name))
            .collect();
        points.dedup_by(|a, b| a.value == b.value);
        if let [point] = points.as_slice() {
            fixed.insert(setting.name.to_owned(), point.clone());
        }
    }
    fixed
}

fn label(name: &str, value: &Value) -> String {
    spec::setting(name).map_or_else(|| value.to_string(), |setting| spec::label(&setting.kind, value))
}

/// Every data set and every split, once. Feature preparation does not count as a different data set.
fn datasets(resolver: &Resolver<'_>) -> Vec<DatasetInfo> {
    let describe = |(settings, loaded, sizes): &(
        chainrule_core::dataset::DataSettings,
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
        targets: loaded.samples.targets.width() as u64,
        class_counts: sizes.class_counts.clone(),
        citation: settings.source().citation().to_owned(),
        licence: settings.source().licence().to_owned(),
    };
    let mut all: Vec<DatasetInfo> = Vec::new();
    for info in resolver.met.iter().map(describe) {
        // Label noise changes the class counts, but does not count as a different data set either.
        let is_known = |known: &DatasetInfo| {
            let class_counts = known.class_counts.clone();
            *known == DatasetInfo { class_counts, ..info.clone() }
        };
        if !all.iter().any(is_known) {
            all.push(info);
        }
    }
    all
}
