//! Checks `[analysis]`: which values are compared, and by which metric.

use super::check::{Checker, has_key};
use super::diagnostic::{Diagnostic, suggestion};
use super::experiment::{Analysis, Axis, Grid, Point};
use super::kind::Kind;
use super::language::setting;
use super::parse::{Entry, Node, NodeValue};
use super::setting::{Section, Setting};
use chainrule_core::registry::Range;
use chainrule_record::{ExperimentKind, Metric, SPLIT_SEED, XAxis, makes_task};
use std::collections::BTreeMap;

/// The keys of `[analysis]`.
const ANALYSIS_KEYS: [&str; 7] =
    ["compare", "metric", "x_axis", "tune", "problems", "margin", "confirm_seeds"];

/// The maximum number of fresh seeds for the chosen configurations.
const MOST_CONFIRM_SEEDS: u64 = 100_000;

impl Checker<'_> {
    pub(super) fn analysis(
        &mut self,
        grids: &[Grid],
        fixed: &BTreeMap<&'static str, Point>,
    ) -> Option<Analysis> {
        let entry = self.root_entry("analysis");
        if let Some(entry) = entry {
            self.is_section(entry);
        }
        let entries = entry.map_or(&[][..], |entry| entry.value.entries());
        for unknown in entries.iter().filter(|entry| !ANALYSIS_KEYS.contains(&&*entry.key)) {
            let message = format!("unknown key `{}` in [analysis]", unknown.key);
            let error = Diagnostic::new(message, &unknown.key_span, "unknown");
            self.error(error.help(suggestion(&unknown.key, &ANALYSIS_KEYS)));
        }
        let find = |key: &str| entries.iter().find(|entry| entry.key == key);
        // Reads everything before returning on an error, so that all errors of the file are reported at once.
        let compare = match find("compare") {
            Some(entry) => self.compare(&entry.value, grids).map(Some),
            None => Some(default_compare(grids, self.kind)),
        };
        let metric = match find("metric") {
            Some(entry) => self.metric(&entry.value),
            None => Some(default_metric(fixed)),
        };
        let x_axis = match find("x_axis") {
            Some(entry) => self.x_axis(&entry.value),
            None => Some(XAxis::Epochs),
        };
        let metric_span = find("metric").map(|entry| entry.value.span.clone());
        let tune = match find("tune") {
            Some(entry) => self.chosen_axes("tune", &entry.value, grids, compare.flatten()),
            None => Some(Vec::new()),
        };
        let problems = match find("problems") {
            Some(entry) => self.chosen_axes("problems", &entry.value, grids, compare.flatten()),
            None => Some(default_problems(grids, compare.flatten(), tune.as_deref().unwrap_or_default())),
        };
        if let (Some(entry), Some(tune)) = (find("tune"), &tune) {
            self.tuned_task(&entry.value, tune, metric);
        }
        if let (Some(entry), Some(problems), Some(tune)) = (find("problems"), &problems, &tune) {
            self.tuned_problem(&entry.value, problems, tune);
        }
        let margin = match find("margin") {
            Some(entry) => self.margin(&entry.value, metric).map(Some),
            None => Some(None),
        };
        let confirm_seeds = match find("confirm_seeds") {
            Some(entry) => {
                self.confirm_seeds(entry, find("tune").is_some_and(|tune| !is_empty_list(&tune.value)))
            }
            None => Some(0),
        };
        Some(Analysis {
            compare: compare?,
            metric: metric?,
            metric_span,
            x_axis: x_axis?,
            tune: tune?,
            problems: problems?,
            margin: margin?,
            confirm_seeds: confirm_seeds?,
        })
    }

    fn compare(&mut self, node: &Node, grids: &[Grid]) -> Option<&'static Setting> {
        let axes: Vec<_> = axes(grids).map(|axis| axis.setting.name).collect();
        let name = match &node.value {
            NodeValue::Text(name) => name.as_str(),
            _ => "",
        };
        if axes.contains(&name) {
            return setting(name);
        }
        if setting(name).is_some() && self.root_entry("grid").is_some_and(|grid| has_key(&grid.value, name)) {
            // The axis exists but its values are wrong, which is reported separately.
            return None;
        }
        let error = Diagnostic::new("`compare` must name an axis of the grid", &node.span, "not an axis");
        let none = "the experiment has no axes: remove `compare`".to_owned();
        self.error(error.help(if axes.is_empty() { none } else { suggestion(name, &axes) }));
        None
    }

    /// `tune = ["axis", …]`, the axes whose best value is chosen, and `problems`, which has the same form.
    fn chosen_axes(
        &mut self,
        key: &str,
        node: &Node,
        grids: &[Grid],
        compare: Option<&'static Setting>,
    ) -> Option<Vec<&'static Setting>> {
        let before = self.errors.len();
        let NodeValue::List(items) = &node.value else {
            let error =
                Diagnostic::new(format!("`{key}` must be a list of axes"), &node.span, "expected a list");
            self.error(error.help(format!("as in {key} = [\"learning_rate\"]")));
            return None;
        };
        let mut chosen: Vec<&'static Setting> = Vec::new();
        for item in items {
            let Some(setting) = self.chosen_axis(key, item, grids, compare) else { continue };
            if chosen.iter().any(|known| known.name == setting.name) {
                let message = format!("`{}` is in `{key}` twice", setting.name);
                self.error(Diagnostic::new(message, &item.span, "repeated"));
            }
            chosen.push(setting);
        }
        (self.errors.len() == before).then_some(chosen)
    }

    fn chosen_axis(
        &mut self,
        key: &str,
        node: &Node,
        grids: &[Grid],
        compare: Option<&'static Setting>,
    ) -> Option<&'static Setting> {
        let axes: Vec<_> = axes(grids).map(|axis| axis.setting.name).collect();
        let name = match &node.value {
            NodeValue::Text(name) => name.as_str(),
            _ => "",
        };
        if compare.is_some_and(|compare| compare.name == name) {
            let message = format!("`{name}` is compared and cannot be in `{key}`");
            let error = Diagnostic::new(message, &node.span, "its values are compared with each other");
            self.error(error.help(format!("remove it from `{key}`, or compare another axis")));
            return None;
        }
        if axes.contains(&name) {
            return setting(name);
        }
        let is_set = self.is_assigned(name);
        let is_wrong = self.root_entry("grid").is_some_and(|grid| has_key(&grid.value, name));
        if setting(name).is_some() && (is_set || is_wrong) {
            // A value on the command line replaces the axis, so there is nothing left to choose. An axis with wrong
            // values has its own error.
            return None;
        }
        let error = Diagnostic::new(format!("`{key}` must name axes of the grid"), &node.span, "not an axis");
        let none = format!("the experiment has no axes: remove `{key}`");
        self.error(error.help(if axes.is_empty() { none } else { suggestion(name, &axes) }));
        None
    }

    /// A setting chosen for each problem cannot be part of the problem.
    fn tuned_problem(&mut self, node: &Node, problems: &[&'static Setting], tune: &[&'static Setting]) {
        let both = problems.iter().find(|problem| tune.iter().any(|tuned| tuned.name == problem.name));
        if let Some(both) = both {
            let message = format!("`{}` is in both `problems` and `tune`", both.name);
            let error = Diagnostic::new(message, &node.span, "a setting of a problem cannot be tuned");
            self.error(error.help("remove it from one of them"));
        }
    }

    /// Refuses to tune the task: the best task would be the easiest.
    fn tuned_task(&mut self, node: &Node, tune: &[&'static Setting], metric: Option<Metric>) {
        for name in tune.iter().map(|tuned| tuned.name) {
            let (label, help) = match name {
                "dataset" => (
                    "metrics on different data have no common scale",
                    "add it to `problems`: the values are then compared on each data set",
                ),
                "loss" if metric.is_some_and(Metric::is_loss) => (
                    "values of different loss functions have no common scale",
                    "remove it from `tune`, or use an accuracy to choose, as in metric = \"validation_accuracy\"",
                ),
                _ if makes_task(name) => (
                    "it defines the task, and tuning would choose the easiest task",
                    "remove it from `tune`: results are then averaged over its values",
                ),
                _ => continue,
            };
            let error = Diagnostic::new(format!("`{name}` cannot be in `tune`"), &node.span, label);
            self.error(error.help(help));
        }
    }

    fn margin(&mut self, node: &Node, metric: Option<Metric>) -> Option<f64> {
        let margin = Kind::Number(Range::POSITIVE).read("margin", node, self.errors)?.as_f64()?;
        if let Some(metric) = metric.filter(|metric| !metric.is_loss() && margin >= 1.0) {
            let message = format!("`margin` must be less than 1 if {metric} decides");
            let error = Diagnostic::new(message, &node.span, "no two accuracies differ by more than 1");
            self.error(error.help("an accuracy is a fraction: half a percentage point is margin = 0.005"));
            return None;
        }
        Some(margin)
    }

    fn confirm_seeds(&mut self, entry: &Entry, tunes: bool) -> Option<u64> {
        let kind = Kind::Whole { min: 1, max: MOST_CONFIRM_SEEDS };
        let value = kind.read("confirm_seeds", &entry.value, self.errors)?.as_u64();
        if !tunes {
            let message = "`confirm_seeds` needs `tune`";
            let error = Diagnostic::new(message, &entry.key_span, "there is no choice to confirm");
            self.error(error.help(
                "list the axes whose best value is chosen, as in tune = [\"learning_rate\"]; without a choice, use more `seeds`",
            ));
        }
        value
    }

    fn metric(&mut self, node: &Node) -> Option<Metric> {
        let value = Kind::Choice(&Metric::NAMES).read("metric", node, self.errors)?;
        value.as_str().and_then(Metric::from_name)
    }

    fn x_axis(&mut self, node: &Node) -> Option<XAxis> {
        let value = Kind::Choice(&XAxis::NAMES).read("x_axis", node, self.errors)?;
        value.as_str().and_then(XAxis::from_name)
    }
}

fn is_empty_list(node: &Node) -> bool {
    matches!(&node.value, NodeValue::List(items) if items.is_empty())
}

fn axes(grids: &[Grid]) -> impl Iterator<Item = &Axis> {
    grids.iter().flat_map(|grid| &grid.axes)
}

/// The optimizer (for gradient checks, the activation) if it varies, or else the first non-numeric axis, or else the
/// first axis. For training, settings that define the task come last, and splits of the data are never compared.
fn default_compare(grids: &[Grid], kind: ExperimentKind) -> Option<&'static Setting> {
    let first = if kind == ExperimentKind::GradientCheck { "activation" } else { "optimizer" };
    let is_task = |axis: &&Axis| kind == ExperimentKind::Train && makes_task(axis.setting.name);
    let ways = || axes(grids).filter(|axis| !is_task(axis));
    let named = ways().find(|axis| axis.setting.name == first);
    let worded = || ways().find(|axis| !axis.points.iter().all(|point| point.value.is_number()));
    let task = || axes(grids).find(|axis| axis.setting.name != SPLIT_SEED);
    let compared = named.or_else(worded).or_else(|| ways().next()).or_else(task);
    compared.or_else(|| axes(grids).find(|axis| !is_task(axis))).map(|axis| axis.setting)
}

/// The settings of the data and the network that vary and are neither compared nor tuned. The usual question is how to
/// train them.
fn default_problems(
    grids: &[Grid],
    compare: Option<&'static Setting>,
    tune: &[&'static Setting],
) -> Vec<&'static Setting> {
    let mut problems: Vec<&'static Setting> = Vec::new();
    for setting in axes(grids).map(|axis| axis.setting) {
        let is = |other: &Setting| other.name == setting.name;
        let is_given = matches!(setting.section, Section::Data | Section::Model);
        let is_chosen = compare.is_some_and(is) || tune.iter().any(|tuned| is(tuned));
        if is_given && !is_chosen && !problems.iter().any(|known| is(known)) {
            problems.push(setting);
        }
    }
    problems
}

/// Validation loss, or the training loss if there is no validation set.
fn default_metric(fixed: &BTreeMap<&'static str, Point>) -> Metric {
    let none = fixed.get("validation").is_some_and(|point| point.value.as_f64() == Some(0.0));
    if none { Metric::TrainLoss } else { Metric::ValidationLoss }
}
