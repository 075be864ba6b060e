//! Settings added after the first version of the format: a new setting must not change the identity of earlier runs.

use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The values that mean "as before": the behaviour of a run before the setting existed.
///
/// Paths lead to settings (`warp`), to fields of tables (`early_stopping.min_delta`) and to parameters of items
/// (`optimizer.adam.amsgrad`). The identity of a run omits every part that has this value.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AsBefore {
    /// The value of this part; `None` if the part belongs to the first version.
    value: Option<Value>,
    parts: BTreeMap<String, Self>,
}

impl AsBefore {
    /// Adds the part at a path.
    pub fn add(&mut self, path: &str, value: Value) {
        let part = path.split('.').fold(self, |part, name| part.parts.entry(name.to_owned()).or_default());
        part.value = Some(value);
    }

    /// The value of a setting without the parts that are as before; `None` if nothing remains.
    pub(crate) fn without<'a>(&self, setting: &str, value: &'a Value) -> Option<Cow<'a, Value>> {
        match self.parts.get(setting) {
            Some(part) => part.leave_out(value).map(Cow::Owned),
            None => Some(Cow::Borrowed(value)),
        }
    }

    fn leave_out(&self, value: &Value) -> Option<Value> {
        match value {
            _ if self.value.as_ref() == Some(value) => None,
            Value::Object(fields) => Some(as_written(fields.iter().filter_map(|(name, value)| {
                let value = self.without(name, value)?;
                Some((name.clone(), value.into_owned()))
            }))),
            other => Some(other.clone()),
        }
    }

    /// Fills in the omitted parts of a value.
    pub(crate) fn complete(&self, value: &mut Value) {
        // An item without parameters is only a name.
        if let Value::String(name) = value
            && self.parts.get(name).is_some_and(|item| !item.parts.is_empty())
        {
            *value = Value::Object(Map::from_iter([(name.clone(), Map::new().into())]));
        }
        let Value::Object(fields) = value else { return };
        for (name, part) in &self.parts {
            match (fields.get_mut(name), &part.value) {
                (Some(value), _) => part.complete(value),
                (None, Some(value)) => drop(fields.insert(name.clone(), value.clone())),
                (None, None) => {}
            }
        }
    }

    /// The value of the whole tree; `None` if it belongs to the first version.
    pub(crate) fn value(&self) -> Option<&Value> {
        self.value.as_ref()
    }

    /// Its parts by name. At the root these are settings.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (&String, &Self)> {
        self.parts.iter()
    }
}

/// A table, or the name of an item that has no parameters left.
fn as_written(fields: impl Iterator<Item = (String, Value)>) -> Value {
    let fields: Map<String, Value> = fields.collect();
    let item = fields.iter().next().filter(|(_, value)| fields.len() == 1 && is_empty_table(value));
    item.map_or_else(|| Value::Object(fields.clone()), |(name, _)| Value::String(name.clone()))
}

fn is_empty_table(value: &Value) -> bool {
    value.as_object().is_some_and(Map::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RunSpec;
    use proptest::prelude::*;
    use serde_json::json;
    use std::sync::Arc;

    /// A setting, a field of a table, and parameters of two items. One of the items had no parameters before.
    fn as_before() -> Arc<AsBefore> {
        let mut all = AsBefore::default();
        for (path, value) in [
            ("warp", json!("none")),
            ("stopping.delta", json!(0.0)),
            ("rule.adam.amsgrad", json!(false)),
            ("rule.sgd.nesterov", json!(false)),
            ("rule.sgd.damping", json!(0.0)),
        ] {
            all.add(path, value);
        }
        Arc::new(all)
    }

    /// Complete settings: each value has all of its parts.
    fn settings() -> impl Strategy<Value = Value> {
        let number = || prop_oneof![Just(json!(0.0)), Just(json!(1.0))];
        let flag = || any::<bool>().prop_map(Value::from);
        let warp = prop_oneof![Just(json!("none")), Just(json!("all")), number()];
        let fields =
            (number(), number()).prop_map(|(delta, rounds)| json!({"delta": delta, "rounds": rounds}));
        let stopping = prop_oneof![Just(json!("none")), fields];
        let adam = (flag(), number())
            .prop_map(|(amsgrad, beta)| json!({"adam": {"amsgrad": amsgrad, "beta": beta}}));
        let sgd = (flag(), number())
            .prop_map(|(nesterov, damping)| json!({"sgd": {"nesterov": nesterov, "damping": damping}}));
        (warp, stopping, prop_oneof![Just(json!("newton")), adam, sgd], number()).prop_map(
            |(warp, stopping, rule, rate)| json!({"warp": warp, "stopping": stopping, "rule": rule, "rate": rate}),
        )
    }

    fn spec(settings: Value) -> RunSpec {
        let mut spec: RunSpec = serde_json::from_value(settings).unwrap();
        spec.0.complete(&as_before());
        spec
    }

    proptest! {
        #[test]
        fn different_settings_are_different_runs(a in settings(), b in settings()) {
            prop_assert_eq!(a == b, spec(a).run_id() == spec(b).run_id());
        }

        #[test]
        fn what_is_left_out_comes_back(settings in settings()) {
            let all = spec(settings.clone());
            prop_assert_eq!(all.0.table(), settings);
            let stored = serde_json::to_value(&all).unwrap();
            prop_assert_eq!(serde_json::from_value::<RunSpec>(stored.clone()).unwrap().run_id(), all.run_id());
            prop_assert_eq!(spec(stored), all);
        }
    }

    #[test]
    fn the_stored_form_is_that_of_before() {
        let rules = [
            (json!({"sgd": {"nesterov": false, "damping": 0.0}}), json!("sgd")),
            (json!({"sgd": {"nesterov": true, "damping": 0.0}}), json!({"sgd": {"nesterov": true}})),
            (json!({"adam": {"amsgrad": false, "beta": 0.9}}), json!({"adam": {"beta": 0.9}})),
        ];
        for (rule, stored) in rules {
            let all = spec(json!({"rule": rule, "stopping": {"delta": 0.0, "rounds": 1.0}, "warp": "none"}));
            let expected = json!({"rule": stored, "stopping": {"rounds": 1.0}});
            assert_eq!(serde_json::to_value(&all).unwrap(), expected);
        }
    }

    #[test]
    fn a_change_is_left_out_or_not_by_its_value() {
        let mut changed = spec(json!({"rate": 1.0}));
        let before = changed.run_id();
        changed.0.insert("warp".to_owned(), json!("all"));
        assert_ne!(changed.run_id(), before);
        changed.0.insert("warp".to_owned(), json!("none"));
        assert_eq!((changed.run_id(), changed.get("warp")), (before, Some(&json!("none"))));
    }
}
