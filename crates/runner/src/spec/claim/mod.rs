//! Checks `[[claim]]`: statements that the runs support or refute. Each test is a file and a line in [`TESTS`].

mod equals;
mod order;
mod selection;
mod subject;
mod threshold;
mod trend;

use super::check::Checker;
use super::diagnostic::{Diagnostic, Span, list, suggestion};
use super::experiment::{Grid, Stated};
use super::kind::Kind;
use super::parse::{Entry, Node, NodeValue};
use chainrule_core::registry::Range;
use chainrule_record::{Claim, ClaimTest, Selection, Subject, TrendAxis};

/// The keys of a claim, without the keys of its test.
const KEYS: [&str; 8] = ["text", "must", "where", "metric", "quantity", "step", "layer", "at"];

/// An axis of trends that is not a setting.
const DEPTH: &str = "depth";
const LAYER: &str = "layer";

/// The tests that a claim can have.
const TESTS: [&[Test]; 4] = [order::TESTS, threshold::TESTS, equals::TESTS, trend::TESTS];

/// A test of a claim.
struct Test {
    /// Its main key.
    key: &'static str,
    /// The key that accompanies it.
    with: Option<&'static str>,
    /// Reads it from the entry with the main key.
    read: fn(&mut Reader<'_, '_, '_>, &Entry, &Said) -> Option<ClaimTest>,
}

/// The readable parts of a claim, apart from its test.
struct Said {
    subject: Option<Subject>,
    over: Option<TrendAxis>,
}

fn tests() -> impl Iterator<Item = &'static Test> {
    TESTS.into_iter().flatten()
}

/// Every key. A key that accompanies tests follows the keys of these tests.
fn keys() -> Vec<&'static str> {
    let tests: Vec<&Test> = tests().collect();
    let alike = tests.chunk_by(|a, b| a.with == b.with);
    let keys = alike.flat_map(|tests| tests.iter().map(|test| test.key).chain(tests[0].with));
    KEYS.into_iter().chain(keys).collect()
}

impl Checker<'_> {
    /// Reads every `[[claim]]`.
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
                self.error(error.help("write each claim below its own [[claim]], in double brackets"));
                Vec::new()
            }
        }
    }

    fn claim(&mut self, node: &Node, grids: &[Grid]) -> Option<Stated> {
        let before = self.errors.len();
        let keys = keys();
        for entry in node.entries().iter().filter(|entry| !keys.contains(&&*entry.key)) {
            let error = Diagnostic::new(
                format!("unknown key `{}` in [[claim]]", entry.key),
                &entry.key_span,
                "unknown",
            );
            self.error(error.help(suggestion(&entry.key, &keys)));
        }
        let mut reader = Reader { checker: self, node, grids, spans: Vec::new() };
        // Reads everything before returning on an error, so that all errors of the file are reported at once.
        let text = reader.text();
        let must = reader.flag("must");
        let filter =
            reader.find("where").map_or(Some(Selection::default()), |entry| reader.selection(&entry.value));
        let metric = reader.metric();
        let over = reader.over();
        let subject = metric.and_then(|metric| reader.subject(metric, over.as_ref()));
        let said = Said { subject, over };
        let test = reader.test(&said);
        let arms = reader.spans;
        if self.errors.len() > before {
            return None;
        }
        let claim = Claim { text: text?, must, filter: filter?, subject: said.subject?, test: test? };
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
    /// The places of the test's groups.
    spans: Vec<Span>,
}

impl<'c> Reader<'_, '_, 'c> {
    fn find(&self, key: &str) -> Option<&'c Entry> {
        self.node.entries().iter().find(|entry| entry.key == key)
    }

    fn error(&mut self, error: Diagnostic) {
        self.checker.error(error);
    }

    /// The place of the claim as a whole: its first key.
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
                    "add the statement in words, as in text = \"Momentum needs fewer epochs\"",
                );
                None
            }
        }
    }

    fn flag(&mut self, key: &str) -> bool {
        let value = self.find(key).and_then(|entry| self.read(Kind::Flag, entry));
        value.and_then(|value| value.as_bool()).unwrap_or(false)
    }

    /// The only test of the claim.
    fn test(&mut self, said: &Said) -> Option<ClaimTest> {
        let found: Vec<_> = tests().filter_map(|test| Some((self.find(test.key)?, test))).collect();
        let &[(entry, test)] = found.as_slice() else {
            let place = found.get(1).map_or_else(|| self.place(), |(entry, _)| entry.key_span.clone());
            let message =
                if found.is_empty() { "the claim needs a test" } else { "a claim can have only one test" };
            let label = if found.is_empty() { "has no test" } else { "duplicate" };
            let names: Vec<_> = tests().map(|test| test.key).collect();
            self.error(
                Diagnostic::new(message, &place, label).help(format!("use exactly one of {}", list(&names))),
            );
            return None;
        };
        self.leftover(test);
        (test.read)(self, entry, said)
    }

    /// Reports keys that belong to other tests.
    fn leftover(&mut self, test: &Test) {
        let mut others: Vec<_> = tests().filter_map(|other| other.with).collect();
        others.dedup();
        for key in others.into_iter().filter(|key| Some(*key) != test.with) {
            if let Some(entry) = self.find(key) {
                let owners: Vec<_> =
                    tests().filter(|owner| owner.with == Some(key)).map(|owner| owner.key).collect();
                let error = Diagnostic::new(
                    format!("`{key}` cannot be used with `{}`", test.key),
                    &entry.key_span,
                    "not used",
                );
                self.error(error.help(format!("use `{key}` with {}", list(&owners))));
            }
        }
    }
}
