//! Checking `[[claim]]`: statements that the runs are to support or refute.

use super::axis;
use super::check::Checker;
use super::diagnostic::{Diagnostic, Span, list, suggestion};
use super::experiment::{Grid, Stated};
use super::kind::Kind;
use super::label::label;
use super::language::{setting, settings};
use super::parse::{Entry, Node, NodeValue};
use super::settings::Setting;
use chainrule_core::registry::Range;
use chainrule_record::{
    Better, Claim, ClaimTest, Condition, Direction, Extent, LayerChoice, LayerMetric, Measured, Quantity,
    RunMetric, Selection, Side, Subject, TrendAxis,
};

/// The keys of a claim.
const KEYS: [&str; 20] = [
    "text",
    "must",
    "where",
    "metric",
    "quantity",
    "step",
    "layer",
    "at",
    "better",
    "larger",
    "smaller",
    "than",
    "order",
    "at_least",
    "at_most",
    "of",
    "equals",
    "tolerance",
    "trend",
    "over",
];

/// Keys that begin a test, each with the one that goes with it.
const TESTS: [(&str, Option<&str>); 8] = [
    ("better", Some("than")),
    ("larger", Some("than")),
    ("smaller", Some("than")),
    ("order", None),
    ("at_least", Some("of")),
    ("at_most", Some("of")),
    ("equals", Some("tolerance")),
    ("trend", Some("over")),
];

/// What a trend can be over that is no setting.
const DEPTH: &str = "depth";
const LAYER: &str = "layer";

impl Checker<'_> {
    /// Every `[[claim]]`.
    pub(super) fn claims(&mut self, grids: &[Grid]) -> Vec<Stated> {
        let Some(entry) = self.root_entry("claim") else { return Vec::new() };
        match &entry.value.value {
            NodeValue::List(nodes) if nodes.iter().all(|node| matches!(node.value, NodeValue::Table(_))) => {
                nodes.iter().filter_map(|node| self.claim(node, grids)).collect()
            }
            _ => {
                let error = Diagnostic::new(
                    "`claim` must be a list of sections",
                    &entry.key_span,
                    "expected [[claim]]",
                );
                self.error(error.help("each claim stands below a [[claim]] of its own, in double brackets"));
                Vec::new()
            }
        }
    }

    fn claim(&mut self, node: &Node, grids: &[Grid]) -> Option<Stated> {
        let before = self.errors.len();
        for entry in node.entries().iter().filter(|entry| !KEYS.contains(&&*entry.key)) {
            let error = Diagnostic::new(
                format!("unknown key `{}` in [[claim]]", entry.key),
                &entry.key_span,
                "unknown",
            );
            self.error(error.help(suggestion(&entry.key, &KEYS)));
        }
        let mut reader = Reader { checker: self, node, grids, spans: Vec::new() };
        // All are read before any of them ends it: every error of the file at once.
        let text = reader.text();
        let must = reader.flag("must");
        let filter =
            reader.find("where").map_or(Some(Selection::default()), |entry| reader.selection(&entry.value));
        let metric = reader.metric();
        let over = reader.over();
        let subject = metric.and_then(|metric| reader.subject(metric, over.as_ref()));
        let test = reader.test(subject.as_ref(), over);
        let arms = reader.spans;
        if self.errors.len() > before {
            return None;
        }
        let claim = Claim { text: text?, must, filter: filter?, subject: subject?, test: test? };
        let place = |key: &str| {
            node.entries().iter().find(|entry| entry.key == key).map(|entry| entry.value.span.clone())
        };
        Some(Stated {
            metric: place("metric").or_else(|| place("quantity"))?,
            filter: place("where"),
            over: place("over"),
            arms,
            span: node.span.clone(),
            claim,
        })
    }
}

/// Reads one claim.
struct Reader<'a, 'b, 'c> {
    checker: &'a mut Checker<'b>,
    node: &'c Node,
    grids: &'c [Grid],
    /// Where the arms of the test stand.
    spans: Vec<Span>,
}

impl<'c> Reader<'_, '_, 'c> {
    fn find(&self, key: &str) -> Option<&'c Entry> {
        self.node.entries().iter().find(|entry| entry.key == key)
    }

    fn error(&mut self, error: Diagnostic) {
        self.checker.error(error);
    }

    /// Where the claim as a whole is shown: at its first key.
    fn place(&self) -> Span {
        self.node.entries().first().map_or_else(|| self.node.span.clone(), |entry| entry.key_span.clone())
    }

    fn missing(&mut self, key: &str, help: &str) {
        let error =
            Diagnostic::new(format!("the claim needs `{key}`"), &self.place(), format!("`{key}` is missing"));
        self.error(error.help(help));
    }

    fn read(&mut self, kind: Kind, entry: &Entry) -> Option<serde_json::Value> {
        kind.read(&entry.key, &entry.value, self.checker.errors)
    }

    fn number(&mut self, entry: &Entry) -> Option<f64> {
        self.read(Kind::Number(Range::FINITE), entry)?.as_f64()
    }

    fn text(&mut self) -> Option<String> {
        match self.find("text") {
            Some(entry) => self.read(Kind::Text, entry)?.as_str().map(|text| text.trim().to_owned()),
            None => {
                self.missing(
                    "text",
                    "say in words what is claimed, as in text = \"Momentum needs fewer epochs\"",
                );
                None
            }
        }
    }

    fn flag(&mut self, key: &str) -> bool {
        let value = self.find(key).and_then(|entry| self.read(Kind::Flag, entry));
        value.and_then(|value| value.as_bool()).unwrap_or(false)
    }

    /// What is measured: `metric`, or `quantity` of a traced step.
    fn metric(&mut self) -> Option<Metric> {
        match (self.find("metric"), self.find("quantity")) {
            (Some(_), Some(quantity)) => {
                let message = "a claim is about a metric or a quantity, not both";
                self.error(Diagnostic::new(message, &quantity.key_span, "a second one"));
                None
            }
            (Some(metric), None) => self.named_metric(metric),
            (None, Some(quantity)) => self.quantity(quantity),
            (None, None) => {
                let names = metric_names();
                self.missing(
                    "metric",
                    &format!(
                        "name what is measured of each run: {}; or a quantity of a traced step",
                        list(&names)
                    ),
                );
                None
            }
        }
    }

    fn named_metric(&mut self, entry: &Entry) -> Option<Metric> {
        if let Some(step) = self.find("step") {
            let error = Diagnostic::new("`step` goes with `quantity`", &step.key_span, "not used");
            self.error(error.help("metrics are of whole runs"));
        }
        let value = self.read(Kind::Text, entry)?;
        let name = value.as_str()?;
        let of_layer = || LayerMetric::from_name(name).map(Metric::Layer);
        let found = RunMetric::from_name(name).map(Metric::Run).or_else(of_layer);
        if found.is_none() {
            let message = format!("`{name}` is nothing that claims can be about");
            let error = Diagnostic::new(message, &entry.value.span, "unknown");
            self.error(error.help(suggestion(name, &metric_names())));
        }
        found
    }

    /// `quantity = "…"`, a number of a traced step.
    fn quantity(&mut self, entry: &Entry) -> Option<Metric> {
        let step = self.find("step").map(|entry| self.read(Kind::Whole { min: 0, max: 999 }, entry));
        let value = self.read(Kind::Text, entry)?;
        let quantity = match value.as_str()?.parse::<Quantity>() {
            Ok(quantity) => quantity,
            Err(problem) => {
                self.error(Diagnostic::new(problem, &entry.value.span, "no number of a step"));
                return None;
            }
        };
        if let Err(names) = quantity.check_name() {
            let message = format!("a step has no `{}`", quantity.name());
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let error = Diagnostic::new(message, &entry.value.span, "unknown");
            self.error(error.help(suggestion(quantity.name(), &names)));
            return None;
        }
        let step = step.map_or(Some(0), |step| step?.as_u64())?;
        Some(Metric::Traced(quantity, step))
    }

    /// What is measured, of which layer.
    fn subject(&mut self, metric: Metric, over: Option<&TrendAxis>) -> Option<Subject> {
        let layer = self.find(LAYER);
        let at = self.at(&metric)?;
        match (metric, layer, over) {
            (Metric::Run(_) | Metric::Traced(..), _, Some(TrendAxis::Layer)) => {
                self.per_layer_only("over", "`over = \"layer\"`")
            }
            (Metric::Run(_) | Metric::Traced(..), Some(_), _) => self.per_layer_only(LAYER, "`layer`"),
            (Metric::Run(metric), None, _) => Some(Subject::Run(metric)),
            (Metric::Traced(quantity, step), None, _) => Some(Subject::Traced { quantity, step }),
            (Metric::Layer(_), Some(entry), Some(TrendAxis::Layer)) => {
                let error = Diagnostic::new(
                    "a trend over the layers is not of one layer",
                    &entry.key_span,
                    "not used",
                );
                self.error(error.help("remove `layer`, or say another `over`"));
                None
            }
            (Metric::Layer(metric), None, Some(TrendAxis::Layer)) => {
                Some(Subject::Layer { metric, layer: None, at })
            }
            (Metric::Layer(metric), Some(entry), _) => {
                let layer = self.layer(entry)?;
                Some(Subject::Layer { metric, layer: Some(layer), at })
            }
            (Metric::Layer(metric), None, _) => {
                let help = format!(
                    "say of which layer, counted from 1 at the input: layer = 1, or layer = \"last\" ({} has one value a layer)",
                    metric.name()
                );
                self.missing(LAYER, &help);
                None
            }
        }
    }

    /// `at = "start"` or `"end"`; the end where nothing is said.
    fn at(&mut self, metric: &Metric) -> Option<Measured> {
        let Some(entry) = self.find("at") else { return Some(Measured::End) };
        if !matches!(metric, Metric::Layer(_)) {
            self.per_layer_only("at", "`at`");
            return None;
        }
        let word = self.read(Kind::Choice(&["start", "end"]), entry)?;
        Some(if word == "start" { Measured::Start } else { Measured::End })
    }

    fn per_layer_only(&mut self, key: &str, what: &str) -> Option<Subject> {
        let entry = self.find(key)?;
        let names = LayerMetric::ALL.map(LayerMetric::name);
        let error = Diagnostic::new(
            format!("{what} is for metrics of layers"),
            &entry.value.span,
            "this metric is of the whole run",
        );
        self.error(error.help(format!("metrics of layers are {}", list(&names))));
        None
    }

    fn layer(&mut self, entry: &Entry) -> Option<LayerChoice> {
        let kind = Kind::WordOr("last", &Kind::Whole { min: 1, max: 1 << 20 });
        let value = self.read(kind, entry)?;
        Some(value.as_u64().map_or(LayerChoice::Last, LayerChoice::Number))
    }

    /// `over = "…"`: an axis of numbers, `depth` or `layer`.
    fn over(&mut self) -> Option<TrendAxis> {
        let entry = self.find("over")?;
        let value = self.read(Kind::Text, entry)?;
        let name = value.as_str()?;
        match name {
            LAYER => return Some(TrendAxis::Layer),
            DEPTH => return Some(TrendAxis::Depth),
            _ => {}
        }
        let axes = self.grids.iter().flat_map(|grid| &grid.axes);
        let numeric = axes.filter(|axis| axis.points.iter().all(|point| point.value.is_number()));
        let names: Vec<_> = numeric.map(|axis| axis.setting.name).chain([DEPTH, LAYER]).collect();
        if names.contains(&name) || self.checker.is_assigned(name) {
            return Some(TrendAxis::Setting(name.to_owned()));
        }
        let error = Diagnostic::new(
            format!("there is no trend over `{name}`"),
            &entry.value.span,
            "no axis of numbers",
        );
        self.error(error.help(suggestion(name, &names)));
        None
    }

    /// The one test of the claim.
    fn test(&mut self, subject: Option<&Subject>, over: Option<TrendAxis>) -> Option<ClaimTest> {
        let tests: Vec<_> = TESTS.iter().filter_map(|(key, with)| Some((self.find(key)?, *with))).collect();
        let names: Vec<_> = TESTS.iter().map(|(key, _)| *key).collect();
        let &[(entry, with)] = tests.as_slice() else {
            let place = tests.get(1).map_or_else(|| self.place(), |(entry, _)| entry.key_span.clone());
            let message = if tests.is_empty() { "the claim needs a test" } else { "a claim has one test" };
            let label = if tests.is_empty() { "says nothing that could be tested" } else { "a second one" };
            self.error(
                Diagnostic::new(message, &place, label).help(format!("exactly one of {}", list(&names))),
            );
            return None;
        };
        self.leftover(entry, with);
        match entry.key.as_str() {
            "better" | "larger" | "smaller" => self.comparison(entry, subject),
            "order" => self.order(entry, subject),
            "at_least" => self.threshold(Side::AtLeast, entry, subject),
            "at_most" => self.threshold(Side::AtMost, entry, subject),
            "equals" => self.equals(entry),
            _ => self.trend(entry, over),
        }
    }

    /// Keys of other tests than the claim's.
    fn leftover(&mut self, test: &Entry, with: Option<&str>) {
        for key in ["than", "of", "tolerance", "over"].into_iter().filter(|key| Some(*key) != with) {
            if let Some(entry) = self.find(key) {
                let owners: Vec<_> =
                    TESTS.iter().filter(|(_, with)| *with == Some(key)).map(|(owner, _)| *owner).collect();
                let error = Diagnostic::new(
                    format!("`{key}` does not go with `{}`", test.key),
                    &entry.key_span,
                    "not used",
                );
                self.error(error.help(format!("`{key}` goes with {}", list(&owners))));
            }
        }
    }

    fn comparison(&mut self, entry: &Entry, subject: Option<&Subject>) -> Option<ClaimTest> {
        let first = self.arm(&entry.value);
        let Some(than) = self.find("than") else {
            self.missing(
                "than",
                &format!(
                    "say what it is compared with, as in than = {{ optimizer = \"sgd\" }} beside `{}`",
                    entry.key
                ),
            );
            return None;
        };
        let second = self.arm(&than.value);
        let prefers = match entry.key.as_str() {
            "larger" => Some(Better::Higher),
            "smaller" => Some(Better::Lower),
            _ => self.direction(entry, subject?),
        };
        Some(ClaimTest::Order { arms: vec![first?, second?], prefers: prefers? })
    }

    /// Which direction is better.
    fn direction(&mut self, entry: &Entry, subject: &Subject) -> Option<Better> {
        let better = subject.better();
        if better.is_none() {
            let message = format!("neither a larger nor a smaller {} is better", subject.name());
            let error = Diagnostic::new(message, &entry.key_span, "which way?");
            self.error(error.help("say larger = { … }, than = { … }, or smaller = { … }, than = { … }"));
        }
        better
    }

    fn order(&mut self, entry: &Entry, subject: Option<&Subject>) -> Option<ClaimTest> {
        let items = match &entry.value.value {
            NodeValue::List(items) if items.len() >= 2 => items,
            _ => {
                let expected = "expected two or more tables of conditions, the best first";
                let error = Diagnostic::new("`order` must be a list of tables", &entry.value.span, expected);
                self.error(error.help("as in order = [{ optimizer = \"adam\" }, { optimizer = \"sgd\" }]"));
                return None;
            }
        };
        let arms: Vec<_> = items.iter().map(|item| self.arm(item)).collect();
        let prefers = self.direction(entry, subject?);
        Some(ClaimTest::Order { arms: arms.into_iter().collect::<Option<_>>()?, prefers: prefers? })
    }

    fn threshold(&mut self, side: Side, entry: &Entry, subject: Option<&Subject>) -> Option<ClaimTest> {
        let bound = self.number(entry);
        let of = match self.find("of") {
            Some(entry) => {
                let word = self.read(Kind::Choice(&["mean", "every"]), entry)?;
                if word == "every" { Extent::Every } else { Extent::Mean }
            }
            None => Extent::Mean,
        };
        if of == Extent::Mean && subject.is_some_and(Subject::is_flag) {
            self.share(side, entry, bound?);
        }
        Some(ClaimTest::Threshold { side, bound: bound?, of })
    }

    /// A share lies between 0 and 1, and seeds can show that it is beyond any bound but these two.
    fn share(&mut self, side: Side, entry: &Entry, bound: f64) {
        let last = if side == Side::AtLeast { 1.0 } else { 0.0 };
        let place = &entry.value.span;
        if !(0.0..=1.0).contains(&bound) {
            self.error(Diagnostic::new("a share of runs is from 0 to 1", place, "out of range"));
        } else if bound == last {
            let message = format!("no number of seeds shows that a share is exactly {last}");
            let error = Diagnostic::new(message, place, "can be refuted only");
            self.error(
                error.help("say of = \"every\" if each run that is made must hold, or name another bound"),
            );
        }
    }

    fn equals(&mut self, entry: &Entry) -> Option<ClaimTest> {
        let value = self.number(entry);
        let Some(tolerance) = self.find("tolerance") else {
            self.missing("tolerance", "say how far a value may be off, as in tolerance = 1e-12");
            return None;
        };
        let tolerance = self.read(Kind::Number(Range::NON_NEGATIVE), tolerance)?.as_f64();
        Some(ClaimTest::Equals { value: value?, tolerance: tolerance? })
    }

    fn trend(&mut self, entry: &Entry, over: Option<TrendAxis>) -> Option<ClaimTest> {
        let word = self.read(Kind::Choice(&["falls", "rises"]), entry);
        if self.find("over").is_none() {
            self.missing("over", "say over what: an axis of numbers, \"depth\" or \"layer\"");
        }
        let direction = if word? == "falls" { Direction::Falls } else { Direction::Rises };
        Some(ClaimTest::Trend { direction, over: over? })
    }

    /// One of the groups that are set against each other.
    fn arm(&mut self, node: &Node) -> Option<Selection> {
        self.spans.push(node.span.clone());
        let selection = self.selection(node)?;
        if selection.conditions.is_empty() {
            self.error(
                Diagnostic::new("a group of runs needs a condition", &node.span, "every run meets none")
                    .help("as in { optimizer = \"adam\" }"),
            );
            return None;
        }
        Some(selection)
    }

    /// `{ setting = value or list of values, … }`
    fn selection(&mut self, node: &Node) -> Option<Selection> {
        if !matches!(node.value, NodeValue::Table(_)) {
            let message = format!("conditions cannot be {}", node.describe());
            self.error(Diagnostic::new(
                message,
                &node.span,
                "expected a table such as { optimizer = \"adam\" }",
            ));
            return None;
        }
        let before = self.checker.errors.len();
        let (mut conditions, mut words) = (Vec::new(), Vec::new());
        for entry in node.entries() {
            let Some(setting) = setting(&entry.key) else {
                self.unknown_setting(entry);
                continue;
            };
            let (accepted, labels) = self.accepted(setting, entry);
            words.push(format!("{} {}", setting.name, labels.join(" or ")));
            conditions.push((setting.name.to_owned(), accepted));
        }
        (self.checker.errors.len() == before).then(|| Selection { conditions, label: words.join(", ") })
    }

    fn unknown_setting(&mut self, entry: &Entry) {
        let names: Vec<_> = settings().iter().map(|setting| setting.name).collect();
        let error = Diagnostic::new(format!("`{}` is no setting", entry.key), &entry.key_span, "unknown");
        self.error(match entry.key.as_str() {
            "seed" | "seeds" => error.help("claims are about all seeds"),
            key => error.help(suggestion(key, &names)),
        });
    }

    fn accepted(&mut self, setting: &'static Setting, entry: &Entry) -> (Vec<Condition>, Vec<String>) {
        let nodes = match &entry.value.value {
            NodeValue::List(items) if axis::is_axis(setting, &entry.value) => items.as_slice(),
            _ => std::slice::from_ref(&entry.value),
        };
        if nodes.is_empty() {
            let message = format!("no value of `{}` is named", setting.name);
            self.error(Diagnostic::new(message, &entry.value.span, "expected at least one"));
        }
        let condition = |node: &Node| {
            let value = setting.kind.read(setting.name, node, self.checker.errors)?;
            Some(match (&setting.kind, &node.value) {
                (Kind::Family(_), NodeValue::Text(item)) => (Condition::Item(item.clone()), item.clone()),
                _ => (Condition::Value(value.clone()), label(&setting.kind, &value)),
            })
        };
        nodes.iter().filter_map(condition).unzip()
    }
}

/// What is measured, before its layer is known.
enum Metric {
    Run(RunMetric),
    Layer(LayerMetric),
    Traced(Quantity, u64),
}

fn metric_names() -> Vec<&'static str> {
    let layers = LayerMetric::ALL.map(LayerMetric::name);
    RunMetric::ALL.map(RunMetric::name).into_iter().chain(layers).collect()
}
