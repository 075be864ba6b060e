//! Turns a tree of values into a complete and valid experiment, or into every error of the file.

use super::axis;
use super::diagnostic::{Diagnostic, Diagnostics, Source, Span, list, suggestion};
use super::experiment::{Experiment, Grid, Point};
use super::kind::{Kind, written};
use super::label::label;
use super::language::{setting, settings};
use super::name;
use super::overrides;
use super::parse::{Entry, ExperimentFile, Node, NodeValue};
use super::setting::{Default, Section, Setting};
use crate::provenance;
use chainrule_record::ExperimentKind;
use std::collections::{BTreeMap, HashSet};
use std::ffi::OsString;
use std::path::Path;

/// The keys and sections of an experiment file.
const ROOT_KEYS: [&str; 13] = [
    "kind", "name", "question", "seeds", "data", "model", "train", "probe", "check", "function", "grid",
    "analysis", "claim",
];

/// The maximum number of replicate seeds in `seeds = n`.
const MOST_SEEDS: i128 = 1_000_000;

/// Checks an experiment file. If the file has no `name`, the experiment is named after its path.
///
/// # Errors
/// Every error of the file at once.
pub fn check(path: &Path, file: ExperimentFile, assignments: Vec<Entry>) -> Result<Experiment, Diagnostics> {
    let ExperimentFile { mut root, sources } = file;
    let mut errors = Vec::new();
    overrides::apply(&mut root, &assignments, &mut errors);
    let kind = kind(&root, &mut errors);
    let experiment = Checker { root: &root, kind, assignments: &assignments, errors: &mut errors }
        .experiment(path, sources.clone());
    match experiment {
        Some(experiment) if errors.is_empty() => Ok(experiment),
        _ => Err(Diagnostics::new(sources, errors)),
    }
}

/// The value of a default. Defaults are written and read like values in a file.
pub(crate) fn default_point(setting: &Setting, kind: ExperimentKind) -> Option<Point> {
    let Default::Toml(text) = setting.default_in(kind) else { return None };
    let value = written(&setting.kind, text)?;
    Some(Point { label: label(&setting.kind, &value), value, span: None })
}

/// `kind = "…"`, which determines the settings that the file may contain.
fn kind(root: &Node, errors: &mut Vec<Diagnostic>) -> ExperimentKind {
    let entry = root.entries().iter().find(|entry| entry.key == "kind");
    let value =
        entry.and_then(|entry| Kind::Choice(&ExperimentKind::NAMES).read("kind", &entry.value, errors));
    value
        .as_ref()
        .and_then(|value| ExperimentKind::from_name(value.as_str()?))
        .unwrap_or(ExperimentKind::Train)
}

pub(super) struct Checker<'a> {
    root: &'a Node,
    pub(super) kind: ExperimentKind,
    assignments: &'a [Entry],
    pub(super) errors: &'a mut Vec<Diagnostic>,
}

impl<'a> Checker<'a> {
    fn experiment(&mut self, path: &Path, sources: Vec<Source>) -> Option<Experiment> {
        self.unknown_root_keys();
        let name = self.name(path);
        let question = self.question();
        let seeds = self.seeds();
        let mut fixed = BTreeMap::new();
        let mut written = BTreeMap::new();
        for section in Section::ALL {
            self.section(section, &mut fixed, &mut written);
        }
        let grids = self.grids();
        self.never_used(&grids, &written);
        let seeds = seeds.map(|seeds| self.replicates(&grids, &mut fixed, seeds));
        self.fill_defaults(&grids, &mut fixed);
        let analysis = self.analysis(&grids, &fixed);
        let claims = self.claims(&grids);
        Some(Experiment {
            name: name?,
            file: provenance::short_path(path),
            kind: self.kind,
            question: question?,
            seeds: seeds?,
            fixed,
            grids,
            analysis: analysis?,
            claims,
            sources,
        })
    }

    pub(super) fn error(&mut self, error: Diagnostic) {
        self.errors.push(error);
    }

    pub(super) fn root_entry(&self, key: &str) -> Option<&'a Entry> {
        self.root.entries().iter().find(|entry| entry.key == key)
    }

    /// Whether an assignment on the command line overrides the file's value of a setting.
    pub(super) fn is_assigned(&self, setting: &str) -> bool {
        self.assignments.iter().any(|assignment| assignment.key == setting)
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

    fn name(&mut self, path: &Path) -> Option<OsString> {
        let name = self.root_entry("name").map_or_else(|| name::of_file(path), name::given);
        name.map_err(|error| self.error(error)).ok()
    }

    fn question(&mut self) -> Option<String> {
        let help = "start the file with the question that the experiment answers, as in question = \"Which optimizer learns digits best?\"";
        let Some(entry) = self.root_entry("question") else {
            self.error(Diagnostic::whole("`question` is missing").help(help));
            return None;
        };
        match &entry.value.value {
            NodeValue::Text(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            _ => {
                self.error(
                    Diagnostic::new("`question` must be a string", &entry.value.span, "expected a string")
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
                        format!("seed {seed} is in the list twice"),
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
                self.error(error.help("put a list of values to try in [grid]"));
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
            error.help(format!(
                "set kind = \"{}\" at the top of the file, or remove the section",
                kind.name()
            )),
        );
    }

    /// Whether experiments of this kind lack a setting; if so, reports an error.
    pub(super) fn is_of_another_kind(&mut self, setting: &Setting, entry: &Entry) -> bool {
        if setting.belongs_to(self.kind) {
            return false;
        }
        let kind = self.kind.name();
        let message = format!("an experiment of kind \"{kind}\" has no setting `{}`", setting.name);
        let names: Vec<_> = settings().iter().filter(|s| s.belongs_to(self.kind)).map(|s| s.name).collect();
        let error = Diagnostic::new(message, &entry.key_span, "not used");
        self.error(error.help(format!("its settings are {}", list(&names))));
        true
    }

    pub(super) fn is_section(&mut self, entry: &Entry) {
        if !matches!(entry.value.value, NodeValue::Table(_)) {
            let message = format!("`{}` must be a section", entry.key);
            let error = Diagnostic::new(message, &entry.value.span, format!("expected [{}]", entry.key));
            self.error(
                error.help(format!("write [{}] once, in single brackets, with its keys below", entry.key)),
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

    /// A setting that is an axis of every sub-grid would never be used in its section.
    fn never_used(&mut self, grids: &[Grid], written: &BTreeMap<&'static str, Span>) {
        for (name, span) in written {
            let axis_in = |grid: &Grid| grid.axes.iter().any(|axis| axis.setting.name == *name);
            if !grids.is_empty() && grids.iter().all(axis_in) {
                let message = format!("`{name}` is both in its section and an axis of the grid");
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
        // An entry in the wrong place, or with a wrong value, has its own error.
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
            "set it in [{section}]: {} = …, {}",
            setting.name,
            setting.kind.expected()
        )));
    }
}

/// Whether a section has a key. For repeated sections, any of them may have it.
pub(super) fn has_key(node: &Node, key: &str) -> bool {
    match &node.value {
        NodeValue::List(items) => items.iter().any(|item| has_key(item, key)),
        _ => node.entries().iter().any(|entry| entry.key == key),
    }
}
