//! The subject of a claim: `metric`, or `quantity` of a traced step, with `layer`, `at` and `step`.

use super::{LAYER, Reader};
use crate::spec::diagnostic::{Diagnostic, list, suggestion};
use crate::spec::kind::Kind;
use crate::spec::parse::Entry;
use chainrule_record::{LayerChoice, LayerMetric, Measured, Quantity, RunMetric, Subject, TrendAxis};

/// The measured number, before its layer is known.
pub(super) enum Metric {
    Run(RunMetric),
    Layer(LayerMetric),
    Traced(Quantity, u64),
}

fn metric_names() -> Vec<&'static str> {
    RunMetric::NAMES.into_iter().chain(LayerMetric::NAMES).collect()
}

impl Reader<'_, '_, '_> {
    /// Reads the measured number: `metric`, or `quantity` of a traced step.
    pub(super) fn metric(&mut self) -> Option<Metric> {
        match (self.find("metric"), self.find("quantity")) {
            (Some(_), Some(quantity)) => {
                let message = "a claim has either a metric or a quantity, not both";
                self.error(Diagnostic::new(message, &quantity.key_span, "duplicate"));
                None
            }
            (Some(metric), None) => self.named_metric(metric),
            (None, Some(quantity)) => self.quantity(quantity),
            (None, None) => {
                let names = metric_names();
                self.missing(
                    "metric",
                    &format!("choose a metric: {}; or set the `quantity` of a traced step", list(&names)),
                );
                None
            }
        }
    }

    fn named_metric(&mut self, entry: &Entry) -> Option<Metric> {
        if let Some(step) = self.find("step") {
            let error = Diagnostic::new("`step` needs `quantity`", &step.key_span, "not used");
            self.error(error.help("a metric belongs to the whole run"));
        }
        let value = self.read(Kind::Text, entry)?;
        let name = value.as_str()?;
        let of_layer = || LayerMetric::from_name(name).map(Metric::Layer);
        let found = RunMetric::from_name(name).map(Metric::Run).or_else(of_layer);
        if found.is_none() {
            let message = format!("unknown metric `{name}`");
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
                self.error(Diagnostic::new(problem, &entry.value.span, "unknown number"));
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

    /// Adds the layer to the measured number.
    pub(super) fn subject(&mut self, metric: Metric, over: Option<&TrendAxis>) -> Option<Subject> {
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
                    "a trend over the layers cannot have a `layer`",
                    &entry.key_span,
                    "not used",
                );
                self.error(error.help("remove `layer`, or change `over`"));
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
                    "set the layer, counted from 1 at the input: layer = 1, or layer = \"last\" ({} has one value per layer)",
                    metric.name()
                );
                self.missing(LAYER, &help);
                None
            }
        }
    }

    /// `at = "start"` or `"end"`; the default is the end.
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
        let error = Diagnostic::new(
            format!("{what} needs a metric of layers"),
            &entry.value.span,
            "this metric belongs to the whole run",
        );
        self.error(error.help(format!("metrics of layers are {}", list(&LayerMetric::NAMES))));
        None
    }

    fn layer(&mut self, entry: &Entry) -> Option<LayerChoice> {
        let kind = Kind::WordOr("last", &Kind::Whole { min: 1, max: 1 << 20 });
        let value = self.read(kind, entry)?;
        Some(value.as_u64().map_or(LayerChoice::Last, LayerChoice::Number))
    }
}
