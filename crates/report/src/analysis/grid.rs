//! The settings that vary, and the position of a run among their values.

use crate::number::{exact, rounded};
use crate::text::shortest;
use chainrule_record::{
    ExperimentInfo, ExperimentKind, FOLDS, RunRecord, RunSpec, SPLIT_SEED, changes_scale, makes_task,
    without_folders,
};
use indexmap::IndexSet;
use serde_json::Value;
use std::collections::HashMap;

/// The setting with its own sensitivity plot.
const LEARNING_RATE: &str = "learning_rate";
/// The setting with the name of the data set.
pub(crate) const DATASET: &str = "dataset";

/// The settings that vary.
pub(crate) struct Grid {
    /// The settings that distinguish configurations, in the order of the experiment file.
    pub(crate) factors: Vec<Factor>,
    /// The settings that define the task and are not compared. A configuration has runs on all their values, and none
    /// of the values is chosen.
    pub(crate) tasks: Vec<Factor>,
    /// The factor that the plots compare, if it varies.
    pub(crate) compare: Option<usize>,
    /// The learning rate, if it varies and every value is a number.
    pub(crate) learning_rate: Option<usize>,
    /// Whether all runs have the same folds: a number is their `split_seed`.
    has_fixed_folds: bool,
}

/// A setting that varies, with its values.
pub(crate) struct Factor {
    /// The setting's name.
    pub(crate) setting: String,
    /// Its values, in the order of the experiment file.
    pub(crate) levels: Vec<Level>,
    /// The values of the levels, for lookups by every run.
    values: IndexSet<Value>,
    /// The position of each level in drawing order.
    places: Vec<usize>,
}

/// One value of a factor.
pub(crate) struct Level {
    /// Its name for display.
    pub(crate) label: String,
    /// Its name for narrow places.
    short: String,
    /// The value, if it is a number.
    pub(crate) number: Option<f64>,
}

impl Level {
    fn new(value: &Value, label: String) -> Self {
        let number = value.as_f64();
        // Each number has the same text in every table: `1`, never `1.0`. An `f64` cannot hold every large integer.
        let label = number.filter(|_| value.is_f64() || value.as_u64() < Some(1 << 53)).map_or(label, exact);
        Self { short: label.clone(), label, number }
    }
}

impl Factor {
    /// Whether every value is a number.
    pub(crate) fn is_numeric(&self) -> bool {
        self.levels.iter().all(|level| level.number.is_some())
    }

    fn new(setting: String) -> Self {
        Self { setting, levels: Vec::new(), values: IndexSet::new(), places: Vec::new() }
    }

    /// Adds a value, unless it already exists.
    fn add(&mut self, value: &Value, label: impl FnOnce() -> String) {
        if !self.values.contains(value) {
            self.values.insert(value.clone());
            self.levels.push(Level::new(value, label()));
        }
    }

    /// The position of a level in drawing order.
    pub(crate) fn place(&self, level: usize) -> usize {
        self.places[level]
    }

    /// The level of a run.
    pub(crate) fn position_in(&self, spec: &RunSpec) -> usize {
        self.values.get_index_of(setting(spec, &self.setting)).unwrap_or_default()
    }

    /// Call this when all levels are known, because short names and positions depend on all of them.
    fn complete(&mut self) {
        self.shorten();
        self.places = vec![0; self.levels.len()];
        for (place, level) in self.drawing_order().into_iter().enumerate() {
            self.places[level] = place;
        }
    }

    /// Shortens labels: numbers to three digits if they stay distinct; long names by omitting parameters that
    /// distinguish nothing.
    fn shorten(&mut self) {
        let names = shortest(&self.levels.iter().map(|level| level.label.as_str()).collect::<Vec<_>>());
        self.levels.iter_mut().zip(names).for_each(|(level, name)| level.short = name);
        let short: Vec<Option<String>> =
            self.levels.iter().map(|level| level.number.map(|number| rounded(number, 3))).collect();
        let mut uses: HashMap<&Option<String>, usize> = HashMap::new();
        short.iter().for_each(|text| *uses.entry(text).or_default() += 1);
        for (level, text) in self.levels.iter_mut().zip(&short) {
            if let (Some(unique), 1) = (text, uses[text]) {
                level.short.clone_from(unique);
            }
        }
    }

    /// The levels in drawing order: numbers ascending, others as in the file.
    pub(crate) fn drawing_order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.levels.len()).collect();
        if self.is_numeric() {
            let number = |index: &usize| self.levels[*index].number.unwrap_or(f64::NAN);
            order.sort_by(|a, b| number(a).total_cmp(&number(b)));
        }
        order
    }
}

impl Grid {
    /// The axes of the experiment, plus further values that occur in records.
    pub(crate) fn new(info: &ExperimentInfo, records: &[RunRecord]) -> Self {
        let mut all: Vec<Factor> = info.axes.iter().map(declared).collect();
        for record in records {
            for factor in &mut all {
                let value = setting(&record.spec, &factor.setting);
                factor.add(value, || without_folders(value).to_string());
            }
        }
        all.iter_mut().for_each(Factor::complete);
        let (tasks, factors): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|factor| is_averaged(info, &factor.setting));
        let is_number = |name| info.fixed.get(name).is_some_and(|point| point.value.is_number());
        let has_fixed_folds = is_number(FOLDS) && is_number(SPLIT_SEED);
        let mut grid = Self { factors, tasks, compare: None, learning_rate: None, has_fixed_folds };
        grid.compare = info.compare.as_deref().and_then(|name| grid.factor(name));
        grid.learning_rate = grid.factor(LEARNING_RATE).filter(|index| grid.factors[*index].is_numeric());
        grid
    }

    /// The factor of a setting, if it varies.
    pub(crate) fn factor(&self, setting: &str) -> Option<usize> {
        self.factors.iter().position(|factor| factor.setting == setting)
    }

    /// Whether there are several tasks, not counting data sets.
    pub(crate) fn has_tasks(&self) -> bool {
        self.tasks.iter().any(|factor| factor.levels.len() > 1)
    }

    /// The task of a run: the level of each of [`Grid::tasks`].
    pub(crate) fn task(&self, spec: &RunSpec) -> Vec<usize> {
        self.tasks.iter().map(|factor| factor.position_in(spec)).collect()
    }

    /// The position of a task in drawing order.
    pub(crate) fn task_places(&self, task: &[usize]) -> Vec<usize> {
        self.tasks.iter().zip(task).map(|(factor, level)| factor.place(*level)).collect()
    }

    /// The name of a task: `validation 0.2`
    pub(crate) fn task_label(&self, task: &[usize]) -> Vec<(&str, &str)> {
        let levels = self.tasks.iter().zip(task);
        levels
            .map(|(factor, level)| (factor.setting.as_str(), factor.levels[*level].label.as_str()))
            .collect()
    }

    /// Whether several splits each have several seeds. Then all runs on one split are one observation.
    pub(crate) fn has_splits(&self) -> bool {
        let is_varied = |factor: &Factor| factor.setting == SPLIT_SEED && factor.levels.len() > 1;
        self.has_fixed_folds || self.tasks.iter().any(is_varied)
    }

    /// The observation of a run: its split, or fold of a split, if splits vary apart from the seeds; otherwise its
    /// seed. With `split_seed = "replicate"` a seed has its own split.
    pub(crate) fn observation(&self, spec: &RunSpec) -> u64 {
        let number = |setting| spec.get(setting).and_then(Value::as_u64);
        let folds = number(FOLDS).unwrap_or(1).max(1);
        match number(SPLIT_SEED).filter(|_| self.has_splits()) {
            Some(split) => split.wrapping_mul(folds).wrapping_add(spec.seed() % folds),
            None => spec.seed(),
        }
    }

    /// The word for an observation.
    pub(crate) fn observation_noun(&self) -> &'static str {
        if self.has_splits() { "split" } else { "seed" }
    }

    /// The settings that vary: first the factors of configurations, then the tasks.
    pub(crate) fn all_factors(&self) -> impl Iterator<Item = &Factor> {
        self.factors.iter().chain(&self.tasks)
    }

    /// The labels of a run's values of [`Grid::all_factors`].
    pub(crate) fn labels(&self, spec: &RunSpec) -> Vec<&str> {
        self.all_factors().map(|factor| factor.levels[factor.position_in(spec)].label.as_str()).collect()
    }

    /// The data sets, if they vary and are not compared.
    pub(crate) fn datasets(&self) -> Option<usize> {
        let varies = |factor: &Factor| factor.setting == DATASET && factor.levels.len() > 1;
        self.factors.iter().position(varies).filter(|factor| self.compare != Some(*factor))
    }

    /// The level of every factor in `spec`.
    pub(crate) fn locate(&self, spec: &RunSpec) -> Vec<usize> {
        self.factors.iter().map(|factor| factor.position_in(spec)).collect()
    }

    /// The position of a level in the drawing order of its factor.
    pub(crate) fn place(&self, factor: usize, level: usize) -> usize {
        self.factors[factor].place(level)
    }

    /// The label of a factor's level.
    pub(crate) fn label(&self, factor: usize, level: usize) -> &str {
        self.factors.get(factor).and_then(|factor| factor.levels.get(level)).map_or("", |level| &level.label)
    }

    /// The label of a factor's level for narrow places: numbers have three digits if that keeps the levels distinct.
    pub(crate) fn short_label(&self, factor: usize, level: usize) -> String {
        let level = self.factors.get(factor).and_then(|factor| factor.levels.get(level));
        level.map_or_else(String::new, |level| level.short.clone())
    }

    /// The label of a value of a setting that varies.
    pub(crate) fn label_of(&self, setting: &str, value: &Value) -> Option<&str> {
        let factor = self.all_factors().find(|factor| factor.setting == setting)?;
        Some(&factor.levels[factor.values.get_index_of(value)?].label)
    }

    /// All factors except those in `without`.
    pub(crate) fn others<'a>(&'a self, without: &'a [usize]) -> impl Iterator<Item = usize> + 'a {
        (0..self.factors.len()).filter(|factor| !without.contains(factor))
    }
}

/// Whether results are averaged over the values of a setting. Data sets are not averaged, because each has its own
/// report.
fn is_averaged(info: &ExperimentInfo, setting: &str) -> bool {
    let is_task = setting != DATASET && (makes_task(setting) || changes_scale(setting, info.metric));
    info.kind == ExperimentKind::Train && is_task && info.compare.as_deref() != Some(setting)
}

fn declared(axis: &chainrule_record::Axis) -> Factor {
    let mut factor = Factor::new(axis.setting.clone());
    axis.points.iter().for_each(|point| factor.add(&point.value, || point.label.clone()));
    factor
}

fn setting<'a>(spec: &'a RunSpec, name: &str) -> &'a Value {
    spec.get(name).unwrap_or(&Value::Null)
}
