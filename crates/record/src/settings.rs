//! The settings of a run. Many runs may share them in memory.

use crate::AsBefore;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// A map from setting name to value, sorted by name. Copies share their names and values in memory until one of them
/// changes.
///
/// The serialised form is the [canonical](Self::canonical) one. [`Self::complete`] fills in the omitted parts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    names: Arc<Vec<String>>,
    /// The value of each name.
    values: Vec<Arc<Value>>,
    /// The values that the canonical form omits.
    as_before: Arc<AsBefore>,
}

impl Settings {
    /// Fills in the values that the canonical form omits, and omits them from now on.
    pub fn complete(&mut self, as_before: &Arc<AsBefore>) {
        self.as_before = Arc::clone(as_before);
        for (name, part) in as_before.parts() {
            match (self.get_mut(name), part.value()) {
                (Some(value), _) => part.complete(value),
                (None, Some(value)) => drop(self.insert(name.clone(), value.clone())),
                (None, None) => {}
            }
        }
    }

    /// Names and values, sorted by name, without everything that is [as before](AsBefore). Different settings have
    /// different canonical forms.
    pub fn canonical(&self) -> impl Iterator<Item = (&String, Cow<'_, Value>)> {
        self.iter().filter_map(|(name, value)| Some((name, self.as_before.without(name, value)?)))
    }

    /// The value of a setting.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.place(name).ok().map(|place| &*self.values[place])
    }

    /// Mutable access to the value of a setting.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        self.place(name).ok().map(|place| Arc::make_mut(&mut self.values[place]))
    }

    /// Whether the setting has a value.
    pub fn contains_key(&self, name: &str) -> bool {
        self.place(name).is_ok()
    }

    /// Sets a value and returns the previous one.
    pub fn insert(&mut self, name: String, value: Value) -> Option<Value> {
        match self.place(&name) {
            Ok(place) => {
                let before = std::mem::replace(&mut self.values[place], Arc::new(value));
                Some(Arc::unwrap_or_clone(before))
            }
            Err(place) => {
                Arc::make_mut(&mut self.names).insert(place, name);
                self.values.insert(place, Arc::new(value));
                None
            }
        }
    }

    /// Removes a setting and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let place = self.place(name).ok()?;
        Arc::make_mut(&mut self.names).remove(place);
        Some(Arc::unwrap_or_clone(self.values.remove(place)))
    }

    /// Names and values as a table.
    pub fn table(&self) -> Value {
        Value::Object(self.iter().map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    /// Names and values, sorted by name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&String, &Value)> {
        self.names.iter().zip(self.values.iter().map(|value| &**value))
    }

    /// The names, sorted.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &String> {
        self.names.iter()
    }

    /// The number of settings.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are no settings.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.names.binary_search_by(|known| known.as_str().cmp(name))
    }
}

impl Extend<(String, Value)> for Settings {
    fn extend<T: IntoIterator<Item = (String, Value)>>(&mut self, settings: T) {
        settings.into_iter().for_each(|(name, value)| drop(self.insert(name, value)));
    }
}

impl From<BTreeMap<String, Value>> for Settings {
    fn from(map: BTreeMap<String, Value>) -> Self {
        let (names, values) = map.into_iter().map(|(name, value)| (name, Arc::new(value))).unzip();
        Self { names: Arc::new(names), values, as_before: Arc::default() }
    }
}

impl FromIterator<(String, Value)> for Settings {
    fn from_iter<T: IntoIterator<Item = (String, Value)>>(settings: T) -> Self {
        settings.into_iter().collect::<BTreeMap<_, _>>().into()
    }
}

impl Serialize for Settings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.canonical())
    }
}

impl<'de> Deserialize<'de> for Settings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(deserializer).map(Self::from)
    }
}

/// Names and values seen before, so that runs hold common ones in memory only once.
#[derive(Debug, Default)]
pub struct SharedSettings {
    names: HashSet<Arc<Vec<String>>>,
    /// Values by their text: equal texts have equal bits.
    values: HashMap<String, Arc<Value>>,
}

impl SharedSettings {
    /// Replaces the names and values of `settings` with equal ones seen before.
    pub fn share(&mut self, settings: &mut Settings) {
        match self.names.get(&settings.names) {
            Some(names) => settings.names = Arc::clone(names),
            None => drop(self.names.insert(Arc::clone(&settings.names))),
        }
        for value in &mut settings.values {
            let text = value.to_string();
            match self.values.get(text.as_str()) {
                Some(known) => *value = Arc::clone(known),
                None => drop(self.values.insert(text, Arc::clone(value))),
            }
        }
        settings.values.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn settings(value: Value) -> Settings {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_map_in_and_out() {
        let mut map = settings(json!({"b": [1, 2], "a": 0.1}));
        assert_eq!((map.insert("c".to_owned(), json!(3)), map.remove("b")), (None, Some(json!([1, 2]))));
        assert_eq!(map.insert("a".to_owned(), json!(0.2)), Some(json!(0.1)));
        assert_eq!(serde_json::to_string(&map).unwrap(), r#"{"a":0.2,"c":3}"#);
        assert_eq!((map.get("c"), map.get("b"), map.len()), (Some(&json!(3)), None, 2));
    }

    #[test]
    fn what_is_shared_is_held_once_and_changed_alone() {
        let (mut first, mut second) =
            (settings(json!({"a": [1], "b": 1})), settings(json!({"a": [1], "b": 1.0})));
        let mut shared = SharedSettings::default();
        shared.share(&mut first);
        shared.share(&mut second);
        assert!(Arc::ptr_eq(&first.names, &second.names) && Arc::ptr_eq(&first.values[0], &second.values[0]));
        assert_eq!(second.get("b").map(Value::is_f64), Some(true), "1 and 1.0 are two texts");
        second.insert("a".to_owned(), json!([2]));
        second.remove("b");
        assert_eq!((first, second), (settings(json!({"a": [1], "b": 1})), settings(json!({"a": [2]}))));
    }
}
