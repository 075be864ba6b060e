//! The combinations of a grid.

use crate::spec::{Exclude, Experiment, Grid, Point, Span};
use serde_json::Value;
use std::collections::BTreeMap;

/// One value of every axis of a grid.
pub(super) struct Combination<'a> {
    grid: &'a Grid,
    /// The index of each axis's value.
    chosen: Vec<usize>,
}

/// The number of combinations, excluded ones included.
pub(super) fn count(grid: &Grid) -> u64 {
    grid.groups.iter().map(|group| group_len(grid, group) as u64).fold(1, u64::saturating_mul)
}

fn group_len(grid: &Grid, group: &[usize]) -> usize {
    grid.axes[group[0]].points.len()
}

/// Shows every combination to `visit`, the last axis changing fastest.
pub(super) fn each(grid: &Grid, mut visit: impl FnMut(&Combination<'_>)) {
    for number in 0..count(grid) {
        let mut rest = number;
        let mut chosen = vec![0; grid.axes.len()];
        for group in grid.groups.iter().rev() {
            let len = group_len(grid, group) as u64;
            group.iter().for_each(|&axis| chosen[axis] = (rest % len) as usize);
            rest /= len;
        }
        visit(&Combination { grid, chosen });
    }
}

impl<'a> Combination<'a> {
    fn points(&self) -> impl Iterator<Item = (&'static str, &'a Point)> {
        let axes = self.grid.axes.iter().zip(&self.chosen);
        axes.map(|(axis, &index)| (axis.setting.name, &axis.points[index]))
    }

    fn point(&self, setting: &str, experiment: &'a Experiment) -> Option<&'a Point> {
        let varied = self.points().find(|(name, _)| *name == setting).map(|(_, point)| point);
        varied.or_else(|| experiment.fixed.get(setting))
    }

    /// Every setting that is known before the plan is made.
    pub(super) fn settings(&self, experiment: &Experiment) -> BTreeMap<String, Value> {
        let fixed = experiment.fixed.iter().map(|(name, point)| (*name, point));
        fixed.chain(self.points()).map(|(name, point)| (name.to_owned(), point.value.clone())).collect()
    }

    /// Where a setting's value stands.
    pub(super) fn span(&self, setting: &str, experiment: &'a Experiment) -> Option<Span> {
        self.point(setting, experiment).and_then(|point| point.span.clone())
    }

    pub(super) fn is_excluded(&self, exclude: &Exclude, experiment: &Experiment) -> bool {
        exclude.conditions.iter().all(|(setting, accepted)| {
            let point = self.point(setting.name, experiment);
            point.is_some_and(|point| accepted.iter().any(|condition| condition.meets(&point.value)))
        })
    }

    /// The varying settings with their values, for people.
    pub(super) fn text(&self) -> String {
        let parts: Vec<_> = self.points().map(|(name, point)| format!("{name} = {}", point.label)).collect();
        parts.join(", ")
    }
}
