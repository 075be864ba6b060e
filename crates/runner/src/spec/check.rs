//! Checking: from a tree of values to an experiment that is complete and valid, or to every error of the file.

use super::axis;
use super::diagnostic::{Diagnostic, Diagnostics, Source, Span, list, suggestion};
use super::experiment::{Analysis, Axis, Condition, Exclude, Experiment, Grid, Point};
use super::kind::{Kind, written};
use super::label::label;
use super::overrides;
use super::parse::{Entry, ExperimentFile, Node, NodeValue};
use super::settings::{Default, METRICS, Section, Setting, setting, settings};
use chainrule_record::{ExperimentKind, Metric, XAxis};
use std::collections::{BTreeMap, HashSet};

/// The keys and sections of an experiment file.
const ROOT_KEYS: [&str; 10] =
    ["kind", "question", "seeds", "data", "model", "train", "check", "function", "grid", "analysis"];

/// What the runs of an experiment can do.
const KINDS: [&str; 3] = {
    let [train, gradient_check, function] = ExperimentKind::ALL;
    [train.name(), gradient_check.name(), function.name()]
};

/// The keys of `[analysis]`.
const ANALYSIS_KEYS: [&str; 3] = ["compare", "metric", "x_axis"];

/// What curves can be drawn over.
const X_AXES: [&str; 4] = {
    let [epochs, steps, samples, cost_units] = XAxis::ALL;
    [epochs.name(), steps.name(), samples.name(), cost_units.name()]
};

/// The most replicate seeds that `seeds = n` may ask for.
const MOST_SEEDS: i128 = 1_000_000;

/// Checks an experiment file.
///
/// # Errors
/// Every error of the file at once.
pub fn check(
    name: &str,
    path: &str,
    file: ExperimentFile,
    assignments: Vec<Entry>,
) -> Result<Experiment, Diagnostics> {
    let ExperimentFile { mut root, sources } = file;
    let mut errors = Vec::new();
    overrides::apply(&mut root, &assignments, &mut errors);
    let kind = kind(&root, &mut errors);
    let experiment =
        Checker { root: &root, kind, errors: &mut errors }.experiment(name, path, sources.clone());
    match experiment {
        Some(experiment) if errors.is_empty() => Ok(experiment),
        _ => Err(Diagnostics::new(sources, errors)),
    }
}

/// The value of a default. Defaults are written as in a file and read in the same way.
pub(crate) fn default_point(setting: &Setting, kind: ExperimentKind) -> Option<Point> {
    let Default::Toml(text) = setting.default_in(kind) else { return None };
    let value = written(&setting.kind, text)?;
    Some(Point { label: label(&setting.kind, &value), value, span: None })
}

/// `kind = "…"`, on which it depends what else may stand in the file.
fn kind(root: &Node, errors: &mut Vec<Diagnostic>) -> ExperimentKind {
    let entry = root.entries().iter().find(|entry| entry.key == "kind");
    let value = entry.and_then(|entry| Kind::Choice(&KINDS).read("kind", &entry.value, errors));
    value
        .as_ref()
        .and_then(|value| ExperimentKind::from_name(value.as_str()?))
        .unwrap_or(ExperimentKind::Train)
}

struct Checker<'a> {
    root: &'a Node,
    kind: ExperimentKind,
    errors: &'a mut Vec<Diagnostic>,
}

impl<'a> Checker<'a> {
    fn experiment(&mut self, name: &str, path: &str, sources: Vec<Source>) -> Option<Experiment> {
        self.unknown_root_keys();
        let question = self.question();
        let seeds = self.seeds();
        let mut fixed = BTreeMap::new();
        let mut written = BTreeMap::new();
        for section in Section::ALL {
            self.section(section, &mut fixed, &mut written);
        }
        let grids = self.grids();
        self.never_used(&grids, &written);
        self.fill_defaults(&grids, &mut fixed);
        let analysis = self.analysis(&grids, &fixed);
        let (name, file) = (name.to_owned(), path.to_owned());
        Some(Experiment {
            name,
            file,
            kind: self.kind,
            question: question?,
            seeds: seeds?,
            fixed,
            grids,
            analysis: analysis?,
            sources,
        })
    }

    fn error(&mut self, error: Diagnostic) {
        self.errors.push(error);
    }

    fn root_entry(&self, key: &str) -> Option<&'a Entry> {
        self.root.entries().iter().find(|entry| entry.key == key)
    }

    fn unknown_root_keys(&mut self) {
        for entry in self.root.entries() {
            if ROOT_KEYS.contains(&entry.key.as_str()) {
                continue;
            }
            let error = Diagnostic::new(format!("unknown key `{}`", entry.key), &entry.key_span, "unknown");
            self.error(error.help(match setting(&entry.key) {
                Some(setting) => {
                    format!("`{}` belongs in [{}], or in [grid]", setting.name, setting.section.name())
                }
                None => suggestion(&entry.key, &ROOT_KEYS),
            }));
        }
    }

    fn question(&mut self) -> Option<String> {
        let help = "begin the file with the question that the experiment answers, as in question = \"Which optimizer learns digits best?\"";
        let Some(entry) = self.root_entry("question") else {
            self.error(Diagnostic::whole("`question` is missing").help(help));
            return None;
        };
        match &entry.value.value {
            NodeValue::Text(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            _ => {
                self.error(
                    Diagnostic::new("`question` must be a text", &entry.value.span, "expected a text")
                        .help(help),
                );
                None
            }
        }
    }

    /// `seeds = n` for 0 … n − 1, or a list.
    fn seeds(&mut self) -> Option<Vec<u64>> {
        let Some(entry) = self.root_entry("seeds") else { return Some(vec![0]) };
        match &entry.value.value {
            NodeValue::Integer(n @ 1..=MOST_SEEDS) => Some((0..*n as u64).collect()),
            NodeValue::List(items) if !items.is_empty() => self.seed_list(items),
            _ => {
                let expected = format!(
                    "expected a whole number from 1 to {MOST_SEEDS}, or a list of seeds such as [0, 1, 2]"
                );
                self.error(Diagnostic::new("`seeds` is out of range", &entry.value.span, expected));
                None
            }
        }
    }

    fn seed_list(&mut self, items: &[Node]) -> Option<Vec<u64>> {
        let before = self.errors.len();
        let kind = Kind::Whole { min: 0, max: u64::MAX };
        let (mut seeds, mut known) = (Vec::new(), HashSet::new());
        for item in items {
            let seed = kind.read("seeds", item, self.errors).and_then(|value| value.as_u64());
            match seed {
                Some(seed) if !known.insert(seed) => {
                    self.error(Diagnostic::new(
                        format!("seed {seed} stands twice"),
                        &item.span,
                        "already in the list",
                    ));
                }
                Some(seed) => seeds.push(seed),
                None => {}
            }
        }
        (self.errors.len() == before).then_some(seeds)
    }

    fn section(
        &mut self,
        section: Section,
        fixed: &mut BTreeMap<&'static str, Point>,
        written: &mut BTreeMap<&'static str, Span>,
    ) {
        let Some(entry) = self.root_entry(section.name()) else { return };
        self.is_section(entry);
        if section.kind().is_some_and(|only| only != self.kind) {
            return self.section_of_another_kind(section, entry);
        }
        for entry in entry.value.entries() {
            let Some(setting) = self.setting_in(section, entry) else { continue };
            written.insert(setting.name, entry.key_span.clone());
            if axis::is_axis(setting, &entry.value) {
                let message = format!("`{}` in [{}] must be one value", setting.name, section.name());
                let error = Diagnostic::new(
                    message,
                    &entry.value.span,
                    format!("expected {}", setting.kind.expected()),
                );
                self.error(error.help("a list of values to try stands in [grid]"));
            } else if let Some(value) = setting.kind.read(setting.name, &entry.value, self.errors) {
                let label = label(&setting.kind, &value);
                fixed.insert(setting.name, Point { value, label, span: Some(entry.value.span.clone()) });
            }
        }
    }

    fn section_of_another_kind(&mut self, section: Section, entry: &Entry) {
        let Some(kind) = section.kind() else { return };
        let message = format!("an experiment of kind \"{}\" has no [{}]", self.kind.name(), section.name());
        let error = Diagnostic::new(message, &entry.key_span, "not used");
        self.error(
            error.help(format!("say kind = \"{}\" at the top of the file, or remove it", kind.name())),
        );
    }

    /// A setting that experiments of this kind do not have.
    fn is_of_another_kind(&mut self, setting: &Setting, entry: &Entry) -> bool {
        if setting.belongs_to(self.kind) {
            return false;
        }
        let kind = self.kind.name();
        let message = format!("`{}` is no setting of an experiment of kind \"{kind}\"", setting.name);
        let names: Vec<_> = settings().iter().filter(|s| s.belongs_to(self.kind)).map(|s| s.name).collect();
        let error = Diagnostic::new(message, &entry.key_span, "not used");
        self.error(error.help(format!("its settings are {}", list(&names))));
        true
    }

    fn is_section(&mut self, entry: &Entry) {
        if !matches!(entry.value.value, NodeValue::Table(_)) {
            let message = format!("`{}` must be a section", entry.key);
            let error = Diagnostic::new(message, &entry.value.span, format!("expected [{}]", entry.key));
            self.error(
                error.help(format!("[{}] stands once, in single brackets, with its keys below", entry.key)),
            );
        }
    }

    fn setting_in(&mut self, section: Section, entry: &Entry) -> Option<&'static Setting> {
        let found = setting(&entry.key);
        if let Some(setting) = found.filter(|setting| setting.section == section) {
            return (!self.is_of_another_kind(setting, entry)).then_some(setting);
        }
        let message = format!("unknown key `{}` in [{}]", entry.key, section.name());
        let names: Vec<_> = settings().iter().filter(|s| s.section == section).map(|s| s.name).collect();
        self.error(Diagnostic::new(message, &entry.key_span, "unknown").help(match found {
            Some(setting) => format!("`{}` belongs in [{}]", setting.name, setting.section.name()),
            None => suggestion(&entry.key, &names),
        }));
        None
    }

    /// `[grid]`, or every `[[grid]]`; without any, one grid without axes.
    fn grids(&mut self) -> Vec<Grid> {
        let Some(entry) = self.root_entry("grid") else { return vec![Grid::default()] };
        let nodes = match &entry.value.value {
            NodeValue::Table(_) => std::slice::from_ref(&entry.value),
            NodeValue::List(nodes) if is_list_of_tables(nodes) => nodes,
            _ => {
                self.error(Diagnostic::new(
                    "`grid` must be a section",
                    &entry.value.span,
                    "expected [grid] or [[grid]]",
                ));
                &[]
            }
        };
        nodes.iter().map(|node| self.grid(node)).collect()
    }

    fn grid(&mut self, node: &Node) -> Grid {
        let mut axes = Vec::new();
        for entry in node.entries().iter().filter(|entry| !["exclude", "zip"].contains(&&*entry.key)) {
            match setting(&entry.key) {
                Some(setting) if self.is_of_another_kind(setting, entry) => {}
                Some(setting) => axes.extend(axis::read(setting, entry, self.errors)),
                None => self.unknown_axis(entry),
            }
        }
        let special = |key: &str| node.entries().iter().find(|entry| entry.key == key);
        let zips = special("zip").map(|entry| self.zips(entry, node, &axes)).unwrap_or_default();
        let excludes = special("exclude").map(|entry| self.excludes(entry, &axes)).unwrap_or_default();
        Grid { groups: groups(axes.len(), &zips), axes, excludes }
    }

    fn unknown_axis(&mut self, entry: &Entry) {
        let names: Vec<_> = settings().iter().map(|setting| setting.name).chain(["exclude", "zip"]).collect();
        let error =
            Diagnostic::new(format!("unknown key `{}` in [grid]", entry.key), &entry.key_span, "unknown");
        self.error(match entry.key.as_str() {
            "seed" => error.help("replicates are counted at the top of the file: seeds = 5"),
            key => error.help(suggestion(key, &names)),
        });
    }

    /// `zip = [["a", "b"], …]`: groups of axes of equal length, by their indices.
    fn zips(&mut self, entry: &Entry, grid: &Node, axes: &[Axis]) -> Vec<Vec<usize>> {
        let expected = "expected lists of axes";
        let example = "as in zip = [[\"architecture\", \"epochs\"]]";
        let NodeValue::List(groups) = &entry.value.value else {
            let error = Diagnostic::new("`zip` must be a list of lists", &entry.value.span, expected);
            self.error(error.help(example));
            return Vec::new();
        };
        let mut zips: Vec<Vec<usize>> = Vec::new();
        for group in groups {
            let NodeValue::List(names) = &group.value else {
                let error = Diagnostic::new("`zip` must be a list of lists", &group.span, expected);
                self.error(error.help(example));
                continue;
            };
            let mut members = Vec::new();
            for name in names {
                members.extend(self.zip_member(name, grid, axes, zips.iter().flatten().chain(&members)));
            }
            let lengths: Vec<_> = members.iter().map(|&index| axes[index].points.len()).collect();
            if lengths.windows(2).any(|pair| pair[0] != pair[1]) {
                let describe = |&index: &usize| {
                    format!("`{}` has {}", axes[index].setting.name, axes[index].points.len())
                };
                let label = members.iter().map(describe).collect::<Vec<_>>().join(", ");
                self.error(Diagnostic::new(
                    "axes that advance together must have equally many values",
                    &group.span,
                    label,
                ));
            }
            zips.push(members);
        }
        zips
    }

    fn zip_member<'b>(
        &mut self,
        node: &Node,
        grid: &Node,
        axes: &[Axis],
        mut zipped: impl Iterator<Item = &'b usize>,
    ) -> Option<usize> {
        let names: Vec<_> = axes.iter().map(|axis| axis.setting.name).collect();
        let NodeValue::Text(name) = &node.value else {
            self.error(Diagnostic::new(
                "`zip` names axes",
                &node.span,
                "expected the name of an axis of this grid",
            ));
            return None;
        };
        let Some(index) = names.iter().position(|axis| axis == name) else {
            // An axis whose values are wrong has its own error.
            if !grid.entries().iter().any(|entry| entry.key == *name && setting(name).is_some()) {
                let error =
                    Diagnostic::new(format!("`{name}` is no axis of this grid"), &node.span, "not an axis");
                let none = "this grid has no axes".to_owned();
                self.error(error.help(if names.is_empty() { none } else { suggestion(name, &names) }));
            }
            return None;
        };
        if zipped.any(|&other| other == index) {
            self.error(Diagnostic::new(format!("`{name}` is zipped twice"), &node.span, "named before"));
            return None;
        }
        Some(index)
    }

    fn excludes(&mut self, entry: &Entry, axes: &[Axis]) -> Vec<Exclude> {
        let wrong = |span: &Span, expected: &str| {
            let example = "as in exclude = [{ activation = \"relu\", initialization = \"xavier_normal\" }]";
            Diagnostic::new("`exclude` must be a list of tables", span, expected).help(example)
        };
        let NodeValue::List(items) = &entry.value.value else {
            self.error(wrong(&entry.value.span, "expected a list of tables"));
            return Vec::new();
        };
        let mut excludes = Vec::new();
        for item in items {
            match &item.value {
                NodeValue::Table(conditions) if !conditions.is_empty() => {
                    excludes.extend(self.exclude(conditions, &item.span, axes));
                }
                _ => self.error(wrong(&item.span, "expected a table of conditions")),
            }
        }
        excludes
    }

    fn exclude(&mut self, entries: &[Entry], span: &Span, axes: &[Axis]) -> Option<Exclude> {
        let (mut conditions, mut texts) = (Vec::new(), Vec::new());
        for entry in entries {
            let Some(setting) = setting(&entry.key) else {
                self.unknown_axis(entry);
                return None;
            };
            let nodes = match &entry.value.value {
                NodeValue::List(items) if axis::is_axis(setting, &entry.value) => items.as_slice(),
                _ => std::slice::from_ref(&entry.value),
            };
            let values: Option<Vec<_>> =
                nodes.iter().map(|node| self.condition(setting, node, axes)).collect();
            let (values, labels): (Vec<_>, Vec<_>) = values?.into_iter().unzip();
            texts.push(format!("{} = {}", setting.name, labels.join(" or ")));
            conditions.push((setting, values));
        }
        Some(Exclude { conditions, text: texts.join(", "), span: span.clone() })
    }

    /// A condition, with its text. One that no value of its axis can meet is an error: it is a misspelling.
    fn condition(
        &mut self,
        setting: &'static Setting,
        node: &Node,
        axes: &[Axis],
    ) -> Option<(Condition, String)> {
        let value = setting.kind.read(setting.name, node, self.errors)?;
        let (condition, text) = match (&setting.kind, &node.value) {
            (Kind::Family(_), NodeValue::Text(item)) => (Condition::Item(item.clone()), item.clone()),
            _ => (Condition::Value(value.clone()), label(&setting.kind, &value)),
        };
        if let Some(axis) = axes.iter().find(|axis| axis.setting.name == setting.name)
            && !axis.points.iter().any(|point| condition.meets(&point.value))
        {
            let labels: Vec<_> = axis.points.iter().map(|point| point.label.as_str()).collect();
            let message =
                format!("`exclude` leaves out nothing: {text} is no value of the axis `{}`", setting.name);
            self.error(Diagnostic::new(message, &node.span, format!("the values are {}", list(&labels))));
            return None;
        }
        Some((condition, text))
    }

    /// A setting that is an axis of every sub-grid and stands in its section too would never be used there.
    fn never_used(&mut self, grids: &[Grid], written: &BTreeMap<&'static str, Span>) {
        for (name, span) in written {
            let axis_in = |grid: &Grid| grid.axes.iter().any(|axis| axis.setting.name == *name);
            if !grids.is_empty() && grids.iter().all(axis_in) {
                let message = format!("`{name}` stands in its section and is an axis of the grid");
                self.error(Diagnostic::new(message, span, "never used").help("remove it here or in [grid]"));
            }
        }
    }

    fn fill_defaults(&mut self, grids: &[Grid], fixed: &mut BTreeMap<&'static str, Point>) {
        let kind = self.kind;
        for setting in settings().iter().filter(|setting| setting.belongs_to(kind)) {
            let axis_in = |grid: &Grid| grid.axes.iter().any(|axis| axis.setting.name == setting.name);
            let written = self.root_entry(setting.section.name());
            let written =
                written.is_some_and(|section| section.value.entries().iter().any(|e| e.key == setting.name));
            if written || fixed.contains_key(setting.name) || grids.iter().all(axis_in) {
                continue;
            }
            if setting.default_in(self.kind) == Default::Required {
                self.missing(setting);
            }
            fixed.extend(default_point(setting, self.kind).map(|point| (setting.name, point)));
        }
    }

    fn missing(&mut self, setting: &Setting) {
        // One that stands in the wrong place, or has a wrong value, has its own error.
        let misplaced = |entry: &Entry| match (entry.key.as_str(), &entry.value.value) {
            ("grid", NodeValue::List(grids)) => grids.iter().all(|grid| has_key(grid, setting.name)),
            (key, _) => key == setting.name || has_key(&entry.value, setting.name),
        };
        if self.root.entries().iter().any(misplaced) {
            return;
        }
        let error = Diagnostic::whole(format!("`{}` is missing", setting.name));
        let section = setting.section.name();
        self.error(error.help(format!(
            "say it in [{section}]: {} = …, {}",
            setting.name,
            setting.kind.expected()
        )));
    }

    fn analysis(&mut self, grids: &[Grid], fixed: &BTreeMap<&'static str, Point>) -> Option<Analysis> {
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
        // All are read before any of them ends it: every error of the file at once.
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
        Some(Analysis { compare: compare?, metric: metric?, metric_span, x_axis: x_axis? })
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
            // The axis is there, and its values are wrong: it has its own error.
            return None;
        }
        let error = Diagnostic::new("`compare` must name an axis of the grid", &node.span, "not an axis");
        let none = "the experiment has no axes: remove `compare`".to_owned();
        self.error(error.help(if axes.is_empty() { none } else { suggestion(name, &axes) }));
        None
    }

    fn metric(&mut self, node: &Node) -> Option<Metric> {
        let value = Kind::Choice(METRICS).read("metric", node, self.errors)?;
        value.as_str().and_then(Metric::from_name)
    }

    fn x_axis(&mut self, node: &Node) -> Option<XAxis> {
        let value = Kind::Choice(&X_AXES).read("x_axis", node, self.errors)?;
        value.as_str().and_then(XAxis::from_name)
    }
}

/// Axes in groups that advance together, in the order of each group's first axis.
fn groups(n_axes: usize, zips: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for axis in 0..n_axes {
        if groups.iter().flatten().any(|&member| member == axis) {
            continue;
        }
        let zip = zips.iter().find(|zip| zip.contains(&axis));
        groups.push(zip.cloned().unwrap_or_else(|| vec![axis]));
    }
    groups
}

fn is_list_of_tables(nodes: &[Node]) -> bool {
    !nodes.is_empty() && nodes.iter().all(|node| matches!(node.value, NodeValue::Table(_)))
}

/// Whether a section, or any of repeated ones, has a key.
fn has_key(node: &Node, key: &str) -> bool {
    match &node.value {
        NodeValue::List(items) => items.iter().any(|item| has_key(item, key)),
        _ => node.entries().iter().any(|entry| entry.key == key),
    }
}

fn axes(grids: &[Grid]) -> impl Iterator<Item = &Axis> {
    grids.iter().flat_map(|grid| &grid.axes)
}

/// The optimizer (of gradient checks, the activation) where it varies, or else the first axis that is not of numbers, or
/// else the first axis.
fn default_compare(grids: &[Grid], kind: ExperimentKind) -> Option<&'static Setting> {
    let first = if kind == ExperimentKind::GradientCheck { "activation" } else { "optimizer" };
    let named = axes(grids).find(|axis| axis.setting.name == first);
    let worded = || axes(grids).find(|axis| !axis.points.iter().all(|point| point.value.is_number()));
    named.or_else(worded).or_else(|| axes(grids).next()).map(|axis| axis.setting)
}

/// Validation loss, or the training loss where there is no validation part.
fn default_metric(fixed: &BTreeMap<&'static str, Point>) -> Metric {
    let none = fixed.get("validation").is_some_and(|point| point.value.as_f64() == Some(0.0));
    if none { Metric::TrainLoss } else { Metric::ValidationLoss }
}
