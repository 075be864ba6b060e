//! The combinations of a grid.

use crate::spec::{self, Exclude, Experiment, Grid, Point, Span};
use chainrule_record::{RunSpec, Settings};
use serde_json::Value;
use std::collections::BTreeMap;

/// One value of every axis of a grid.
pub(super) struct Combination<'a> {
    grid: &'a Grid,
    /// The index of each axis's value.
    pub(super) chosen: Vec<usize>,
}

/// The number of combinations, including excluded ones: exact below 2⁵³, and without overflow.
pub(super) fn count(grid: &Grid) -> f64 {
    grid.groups.iter().map(|group| group_len(grid, group) as f64).product()
}

fn group_len(grid: &Grid, group: &[usize]) -> usize {
    grid.axes[group[0]].points.len()
}

impl<'a> Combination<'a> {
    /// The combination with this number; the last axis changes fastest.
    pub(super) fn nth(grid: &'a Grid, number: u64) -> Self {
        let mut rest = number;
        let mut chosen = vec![0; grid.axes.len()];
        for group in grid.groups.iter().rev() {
            let len = group_len(grid, group) as u64;
            group.iter().for_each(|&axis| chosen[axis] = (rest % len) as usize);
            rest /= len;
        }
        Self { grid, chosen }
    }

    fn points(&self) -> impl Iterator<Item = (&'static str, &'a Point)> {
        let axes = self.grid.axes.iter().zip(&self.chosen);
        axes.map(|(axis, &index)| (axis.setting.name, &axis.points[index]))
    }

    fn point(&self, setting: &str, experiment: &'a Experiment) -> Option<&'a Point> {
        let varied = self.points().find(|(name, _)| *name == setting).map(|(_, point)| point);
        varied.or_else(|| experiment.fixed.get(setting))
    }

    /// Every setting known before planning.
    pub(super) fn settings(&self, experiment: &Experiment) -> BTreeMap<String, Value> {
        let fixed = experiment.fixed.iter().map(|(name, point)| (*name, point));
        let settings = fixed.chain(self.points()).map(|(name, point)| (name.to_owned(), point.value.clone()));
        settings.chain([("kind".to_owned(), experiment.kind.name().into())]).collect()
    }

    /// The place of a setting's value.
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

/// The settings of successive combinations. Only changes are written, because a plan may have a million combinations.
pub(super) struct Table {
    pub(super) settings: Settings,
    shown: Vec<usize>,
    /// Settings added in later versions, with their values in the file. They are written for each combination, because
    /// they may have had no effect in the previous one; so are those that are axes.
    later: Vec<(&'static str, Value)>,
}

impl Table {
    /// The settings of the first combination of a grid.
    pub(super) fn new(grid: &Grid, experiment: &Experiment) -> Self {
        let first = Combination::nth(grid, 0);
        let mut complete = RunSpec(first.settings(experiment).into());
        spec::fill_in(&mut complete);
        let is_later = |name: &&str| spec::setting(name).is_some_and(|setting| setting.as_before.is_some());
        let later = experiment.fixed.iter().filter(|(name, _)| is_later(name));
        let later = later.map(|(name, point)| (*name, point.value.clone())).collect();
        Self { settings: complete.0, shown: first.chosen, later }
    }

    /// Shows another combination of the same grid.
    pub(super) fn show(&mut self, combination: &Combination<'_>) {
        for (name, value) in std::mem::take(&mut self.later) {
            self.set(name, &value);
            self.later.push((name, value));
        }
        for (index, axis) in combination.grid.axes.iter().enumerate() {
            let chosen = combination.chosen[index];
            let is_new = std::mem::replace(&mut self.shown[index], chosen) != chosen;
            if is_new || axis.setting.as_before.is_some() {
                self.set(axis.setting.name, &axis.points[chosen].value);
            }
        }
    }

    /// Writes one setting.
    pub(super) fn set(&mut self, name: &str, value: &Value) {
        match self.settings.get_mut(name) {
            Some(place) => place.clone_from(value),
            None => drop(self.settings.insert(name.to_owned(), value.clone())),
        }
    }
}
