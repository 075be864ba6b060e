//! Reads the numbers that the scripts of this folder print.

use serde_json::Value;

/// The cases with this name, in the output of a script.
pub(crate) fn cases(text: &str, name: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(text).unwrap();
    all[name].as_array().unwrap_or_else(|| panic!("no {name}")).clone()
}

/// A number; infinities and NaN are texts.
pub(crate) fn number(value: &Value) -> f64 {
    match value.as_str() {
        Some(text) => text.parse().unwrap(),
        None => value.as_f64().unwrap(),
    }
}

/// A list of numbers.
pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}
