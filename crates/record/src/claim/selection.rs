//! A subset of the runs of an experiment.

use crate::RunSpec;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The runs that meet all of the conditions.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Selection {
    /// A setting, and its selected values.
    pub conditions: Vec<(String, Vec<Condition>)>,
    /// The conditions in words: `optimizer = sgd or adam`.
    pub label: String,
}

impl Selection {
    /// Whether a run meets every condition.
    pub fn selects(&self, spec: &RunSpec) -> bool {
        let accepts = |(setting, accepted): &(String, Vec<Condition>)| {
            spec.get(setting).is_some_and(|value| accepted.iter().any(|condition| condition.meets(value)))
        };
        self.conditions.iter().all(accepts)
    }

    /// Whether there is a condition on a setting.
    pub fn names(&self, setting: &str) -> bool {
        self.conditions.iter().any(|(name, _)| name == setting)
    }
}

/// A condition on a setting's value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// An item with this name, whatever its parameters.
    Item(String),
    /// Exactly this value.
    Value(Value),
}

impl Condition {
    /// Whether a value meets it.
    pub fn meets(&self, value: &Value) -> bool {
        match self {
            Self::Value(wanted) => wanted == value,
            Self::Item(name) => match value {
                Value::String(item) => item == name,
                Value::Object(table) => table.contains_key(name),
                _ => false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_run_meets_every_condition_or_is_not_selected() {
        let item = |name: &str| Condition::Item(name.to_owned());
        let selection = Selection {
            conditions: vec![
                ("optimizer".to_owned(), vec![item("sgd"), item("adam")]),
                ("learning_rate".to_owned(), vec![Condition::Value(json!(0.1))]),
            ],
            label: String::new(),
        };
        let selects = |optimizer: Value, rate: f64| {
            let settings = json!({ "optimizer": optimizer, "learning_rate": rate });
            selection.selects(&serde_json::from_value(settings).unwrap())
        };
        assert!(selects(json!("sgd"), 0.1) && selects(json!({ "adam": { "beta_1": 0.5 } }), 0.1));
        assert!(!selects(json!("sgd"), 0.2) && !selects(json!("momentum"), 0.1));
        assert!(!selection.selects(&RunSpec::default()), "a run without the setting");
        assert!(Selection::default().selects(&RunSpec::default()), "no condition selects every run");
    }
}
