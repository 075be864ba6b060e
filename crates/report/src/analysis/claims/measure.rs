//! The number in a run that a claim is about.

use crate::analysis::run::{final_value, is_lost, reached};
use chainrule_record::{
    Better, GradientCheck, LayerChoice, LayerMetric, Measured, RunMetric, RunRecord, Subject, TargetReached,
};

/// The number. It is infinite if the run ranks worse than any number: it diverged, failed, or did not reach its target.
/// `None` if it was not measured. `layer`, counted from 0, is the layer of a trend over layers.
pub(super) fn measure(run: &RunRecord, subject: &Subject, layer: Option<usize>) -> Option<f64> {
    match subject {
        Subject::Run(metric) => of_run(run, *metric),
        Subject::Layer { metric, layer: choice, at } => {
            of_layer(run, chosen(run, *choice, layer)?, *metric, *at)
        }
        Subject::Traced { quantity, step } => {
            run.trace.iter().find(|traced| traced.step == *step)?.value(quantity)
        }
    }
}

fn of_run(run: &RunRecord, metric: RunMetric) -> Option<f64> {
    let worst = match metric.better() {
        Better::Lower => f64::INFINITY,
        Better::Higher => f64::NEG_INFINITY,
    };
    let value = match metric {
        // Neither 0 nor 1 is known for a failed run, so it counts against the claim.
        RunMetric::Diverged => return Some(flag(is_lost(run))),
        RunMetric::ReachesTarget => return Some(flag(reached(run).is_some())),
        RunMetric::EpochsToTarget => return Some(until(run, worst, |target| target.epoch)),
        RunMetric::StepsToTarget => return Some(until(run, worst, |target| target.steps)),
        RunMetric::CostToTarget => return Some(until(run, worst, |target| target.cost_units)),
        RunMetric::PassesCheck => {
            return Some(flag(!is_lost(run) && run.gradient_check.as_ref()?.passed));
        }
        _ if is_lost(run) => return Some(worst),
        RunMetric::LargestRelativeError => relative_error(run.gradient_check.as_ref()?),
        metric => final_value(run, metric),
    };
    value.map(|value| if value.is_finite() { value } else { worst })
}

fn flag(yes: bool) -> f64 {
    if yes { 1.0 } else { 0.0 }
}

/// An error that is not a number ranks larger than all others.
fn relative_error(check: &GradientCheck) -> Option<f64> {
    check.largest_relative().or_else(|| (!check.passed).then_some(f64::INFINITY))
}

fn until(run: &RunRecord, missed: f64, count: impl Fn(&TargetReached) -> u64) -> f64 {
    reached(run).map_or(missed, |target| count(&target) as f64)
}

/// The chosen layer, counted from 1.
fn chosen(run: &RunRecord, choice: Option<LayerChoice>, layer: Option<usize>) -> Option<u64> {
    match (choice, layer) {
        (Some(LayerChoice::Number(number)), _) => Some(number),
        (Some(LayerChoice::Last), _) => Some(run.probes.layers.len() as u64),
        (None, Some(index)) => Some(index as u64 + 1),
        (None, None) => None,
    }
}

/// Before training, or for the kept parameters. A lost run has no kept parameters.
fn of_layer(run: &RunRecord, layer: u64, metric: LayerMetric, at: Measured) -> Option<f64> {
    let measurement = match at {
        Measured::Start => (!run.probes.is_empty()).then_some(0),
        Measured::End => run.probes.last_of(run.kept_epoch).filter(|_| !is_lost(run)),
    }?;
    let value = |name: &str| run.probes.value(name, layer, measurement);
    match metric {
        LayerMetric::ConditionNumber => {
            value("smallest_singular_value").map(|_| value(metric.name()).unwrap_or(f64::INFINITY))
        }
        _ => value(metric.name()),
    }
}
