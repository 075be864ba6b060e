//! Settings whose value is a table of fields.

use super::kind::{Field, Kind, Table};
use super::label::plain;
use chainrule_core::registry::Range;
use chainrule_record::Metric;
use serde_json::{Map, Value};

const fn field(name: &'static str, kind: Kind, default: Option<&'static str>, about: &'static str) -> Field {
    Field { name, kind, default, about }
}

/// A field of a table, for labels.
fn value_of(fields: &Map<String, Value>, name: &str) -> String {
    fields.get(name).map_or_else(String::new, plain)
}

pub(super) const GOAL: Table = Table {
    fields: &[
        field("metric", Kind::Choice(&Metric::NAMES), None, "the metric"),
        field(
            "reaches",
            Kind::Number(Range::FINITE),
            None,
            "value to reach: the maximum of a loss, the minimum of an accuracy",
        ),
        field("stop", Kind::Flag, Some("false"), "whether the run ends when it reaches the value"),
    ],
    example: "{ metric = \"validation_accuracy\", reaches = 0.95 }",
    label: |goal| {
        let stop = if goal.get("stop") == Some(&Value::Bool(true)) { ", stop" } else { "" };
        format!("{} reaches {}{stop}", value_of(goal, "metric"), value_of(goal, "reaches"))
    },
};

pub(super) const PATIENCE: Table = Table {
    fields: &[
        field("metric", Kind::Choice(&Metric::NAMES), Some("\"validation_loss\""), "the metric to watch"),
        field(
            "patience",
            Kind::Whole { min: 1, max: 1_000_000_000 },
            Some("10"),
            "number of epochs without progress after which the run ends",
        ),
        field(
            "min_delta",
            Kind::Number(Range::NON_NEGATIVE),
            Some("0.0"),
            "smallest progress: the metric must beat its last counted best by more than this, in its own unit; smaller gains add up until they count",
        ),
        field(
            "restore_best",
            Kind::Flag,
            Some("true"),
            "whether to keep the parameters of the best epoch, for every kind of end",
        ),
    ],
    example: "{ metric = \"validation_loss\", patience = 10 }",
    label: |patience| {
        let least = match patience.get("min_delta").and_then(Value::as_f64) {
            Some(least) if least > 0.0 => format!(", min_delta {}", value_of(patience, "min_delta")),
            _ => String::new(),
        };
        let last = patience.get("restore_best") == Some(&Value::Bool(false));
        let last = if last { ", keeps the last epoch" } else { "" };
        format!(
            "patience {} on {}{least}{last}",
            value_of(patience, "patience"),
            value_of(patience, "metric")
        )
    },
};

pub(super) const COST: Table = Table {
    fields: &[field(
        "forward_samples",
        Kind::Whole { min: 1, max: u64::MAX },
        None,
        "forward passes of one sample; forward and backward count as 3",
    )],
    example: "{ forward_samples = 1000000 }",
    label: |cost| format!("{} forward samples", value_of(cost, "forward_samples")),
};
