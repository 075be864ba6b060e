//! Everything that determines a run.

use crate::{DigestBuilder, ExperimentKind, RunId, Settings};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Everything that determines a run, as a map from setting name to value. All defaults are filled in and keys are
/// sorted. The map includes the `kind` of the experiment, the replicate `seed` and the `data_digest`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunSpec(pub Settings);

impl RunSpec {
    /// The value of a setting.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// The kind of the run; training if none is recorded.
    pub fn kind(&self) -> ExperimentKind {
        let name = self.get("kind").and_then(Value::as_str);
        name.and_then(ExperimentKind::from_name).unwrap_or(ExperimentKind::Train)
    }

    /// The replicate seed; 0 if none is recorded.
    pub fn seed(&self) -> u64 {
        self.get("seed").and_then(Value::as_u64).unwrap_or(0)
    }

    /// The same settings with another replicate seed.
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.0.insert("seed".to_owned(), seed.into());
        self
    }

    /// BLAKE3 of the encoded [canonical form](Settings::canonical). Each value has a tag byte for its type. Texts,
    /// lists and tables are preceded by their length. Numbers are the little-endian bits of an `f64`. Keys are sorted.
    ///
    /// All numbers are hashed as `f64`, so `1` and `1.0` are the same setting.
    pub fn run_id(&self) -> RunId {
        let settings: Vec<_> = self.0.canonical().collect();
        let mut digest = DigestBuilder::default();
        digest.update(b"chainrule run 1").update(&(settings.len() as u64).to_le_bytes());
        for (key, value) in &settings {
            hash_text(&mut digest, key);
            hash_value(&mut digest, value);
        }
        digest.finish()
    }
}

fn hash_text(digest: &mut DigestBuilder, text: &str) {
    digest.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
}

fn hash_value(digest: &mut DigestBuilder, value: &Value) {
    match value {
        Value::Null => drop(digest.update(b"n")),
        Value::Bool(flag) => drop(digest.update(if *flag { b"t" } else { b"f" })),
        Value::Number(number) => hash_number(digest, number),
        Value::String(text) => hash_text(digest.update(b"s"), text),
        Value::Array(items) => {
            digest.update(b"l").update(&(items.len() as u64).to_le_bytes());
            items.iter().for_each(|item| hash_value(digest, item));
        }
        Value::Object(table) => {
            digest.update(b"m").update(&(table.len() as u64).to_le_bytes());
            let sorted: BTreeMap<_, _> = table.iter().collect();
            for (key, value) in sorted {
                hash_text(digest, key);
                hash_value(digest, value);
            }
        }
    }
}

/// Integers that an `f64` cannot hold (seeds above 2⁵³) are hashed by their own bits, so that no two of them collide.
fn hash_number(digest: &mut DigestBuilder, number: &serde_json::Number) {
    match number.as_u64() {
        Some(integer) if integer > (1 << 53) => digest.update(b"u").update(&integer.to_le_bytes()),
        _ => digest.update(b"d").update(&number.as_f64().unwrap_or(f64::NAN).to_bits().to_le_bytes()),
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn spec(value: Value) -> RunSpec {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn run_id_depends_on_every_value_and_on_nothing_else() {
        let base = spec(json!({"a": 0.1, "b": {"x": [1, 2], "y": true}, "seed": 3}));
        assert_eq!(
            base.run_id(),
            spec(json!({"seed": 3.0, "b": {"y": true, "x": [1, 2]}, "a": 0.1})).run_id()
        );
        for other in [
            json!({"a": 0.1f32, "b": {"x": [1, 2], "y": true}, "seed": 3}),
            json!({"a": 0.1, "b": {"x": [12], "y": true}, "seed": 3}),
            json!({"a": 0.1, "b": {"x": [2, 1], "y": true}, "seed": 3}),
            json!({"a": 0.1, "b": {"x": [1, 2], "y": "true"}, "seed": 3}),
            json!({"a": 0.1, "b": {"x": [1, 2], "y": true}, "seed": 4}),
        ] {
            assert_ne!(base.run_id(), spec(other.clone()).run_id(), "{other}");
        }
    }

    #[test]
    fn neighbouring_large_seeds_are_different_runs() {
        let seed = |seed: u64| spec(json!({ "seed": seed })).run_id();
        assert_ne!(seed(u64::MAX), seed(u64::MAX - 1));
    }

    /// The encoding is part of the results format: `crates/record/tests/run_id.py`, a second implementation, computed
    /// this digest.
    #[test]
    fn run_id_is_pinned() {
        let spec =
            spec(json!({"activation": {"leaky_relu": {"slope": 0.01}}, "architecture": [64, 32], "seed": 7}));
        assert_eq!(
            spec.run_id().to_string(),
            "171d11331b64452888327d65cdbc3815472d983be2a91aee34861c132590aab7"
        );
    }
}
