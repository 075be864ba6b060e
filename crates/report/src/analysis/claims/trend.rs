//! The groups of a trend: the levels of a setting, or the layers.

use super::groups::{Group, pairing, specs};
use crate::analysis::runs::Runs;
use crate::number::{distinct, exact};
use chainrule_record::{Claim, RunSpec, TrendAxis};
use serde_json::Value;
use std::rc::Rc;

/// The levels of a trend, with one group for each.
pub(super) fn levels<'a>(experiment: &'a Runs, claim: &'a Claim, over: &'a TrendAxis) -> Vec<Group<'a>> {
    let own = match over {
        TrendAxis::Setting(setting) => setting,
        TrendAxis::Depth => "architecture",
        TrendAxis::Layer => return layers(experiment, claim),
    };
    let level = move |spec: &RunSpec| match over {
        TrendAxis::Depth => spec.get(own).and_then(Value::as_array).map(|widths| widths.len() as f64),
        _ => spec.get(own).and_then(Value::as_f64),
    };
    let all = (0..experiment.configurations.len()).flat_map(|index| specs(experiment, index));
    let selected = all.filter(|spec| claim.filter.selects(spec));
    let group = |value: f64| {
        let meets = move |spec: &RunSpec| claim.filter.selects(spec) && level(spec) == Some(value);
        let pairing = pairing(experiment, |setting| setting == own);
        Group::new(experiment, claim, format!("{over} {}", exact(value)), pairing, Rc::new(meets))
    };
    distinct(selected.filter_map(level)).into_iter().map(group).collect()
}

/// The layers that all networks have.
fn layers<'a>(experiment: &'a Runs, claim: &'a Claim) -> Vec<Group<'a>> {
    let all = Group::all(experiment, claim);
    let runs = all.runs(false);
    let depth = runs.map(|run| run.probes.layers.len()).filter(|layers| *layers > 0).min().unwrap_or(0);
    (0..depth).map(|layer| all.of_layer(layer)).collect()
}
