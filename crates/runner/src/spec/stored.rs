//! Values that do not come from an experiment file: stored specifications, and a data set on the command line. They
//! are checked like the values of an experiment file.

use super::check::default_point;
use super::diagnostic::{Diagnostic, Diagnostics, Span};
use super::language::{fill_in, setting, settings};
use super::parse::{self, Entry, Node, NodeValue};
use super::renamed::renamed;
use super::setting::Setting;
use chainrule_core::dataset::Dataset;
use chainrule_record::RunSpec;
use serde_json::Value;

/// The keys of a specification that are not settings.
const BESIDE: [&str; 3] = ["kind", "seed", "data_digest"];

/// Removed settings that never changed a weight.
const RETIRED: [&str; 1] = ["singular_values"];

/// Checks and completes a stored specification. Missing settings are [as before](Setting::as_before); missing settings
/// of the first version of the format have their defaults, which do not change results.
///
/// # Errors
/// The first setting that is unknown or has an invalid value.
pub fn complete(spec: &RunSpec) -> Result<RunSpec, String> {
    let mut complete = RunSpec::default();
    for (name, value) in spec.0.iter() {
        let name = renamed(name).unwrap_or(name);
        match setting(name) {
            Some(setting) => drop(complete.0.insert(name.to_owned(), read(setting, value)?)),
            None if BESIDE.contains(&name) => drop(complete.0.insert(name.to_owned(), value.clone())),
            None if RETIRED.contains(&name) => {}
            None => return Err(format!("has the unknown setting `{name}`")),
        }
    }
    let kind = spec.kind();
    complete.0.insert("kind".to_owned(), kind.name().into());
    fill_in(&mut complete);
    let is_lacking = |setting: &&Setting| setting.belongs_to(kind) && !complete.0.contains_key(setting.name);
    let lacking: Vec<&Setting> = settings().iter().filter(is_lacking).collect();
    for setting in lacking {
        let default =
            default_point(setting, kind).ok_or_else(|| format!("lacks the setting `{}`", setting.name))?;
        complete.0.insert(setting.name.to_owned(), default.value);
    }
    Ok(complete)
}

fn read(setting: &Setting, value: &Value) -> Result<Value, String> {
    let mut errors = Vec::new();
    let read = setting.kind.read(setting.name, &node(value), &mut errors);
    read.ok_or_else(|| {
        let problem = |error: &Diagnostic| format!("{} ({})", error.message, error.label);
        format!("is wrong: {}", errors.first().map_or_else(String::new, problem))
    })
}

/// A JSON value as if it were written in a file.
fn node(value: &Value) -> Node {
    let place = || Span { source: 0, bytes: 0..0 };
    let entry =
        |(key, value): (&String, &Value)| Entry { key: key.clone(), key_span: place(), value: node(value) };
    let value = match value {
        Value::Null => NodeValue::Text("null".to_owned()),
        Value::Bool(flag) => NodeValue::Flag(*flag),
        Value::Number(number) => match number.as_i128() {
            Some(integer) => NodeValue::Integer(integer),
            None => NodeValue::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Value::String(text) => NodeValue::Text(text.clone()),
        Value::Array(items) => NodeValue::List(items.iter().map(node).collect()),
        Value::Object(table) => NodeValue::Table(table.iter().map(entry).collect()),
    };
    Node { value, span: place() }
}

/// A data set written as in an experiment file; a bare name needs no quotes.
///
/// # Errors
/// The problem, at its place.
pub fn dataset(text: &str) -> Result<Dataset, Diagnostics> {
    let line = parse::as_toml(&format!("dataset={text}"));
    let (file, _) = parse::parse("--data", &line, &[])?;
    let mut errors = Vec::new();
    let [entry] = file.root.entries() else {
        errors.push(
            Diagnostic::whole("--data accepts one data set").help("use the syntax of an experiment file"),
        );
        return Err(Diagnostics::new(file.sources, errors));
    };
    let kind = setting("dataset").map(|setting| setting.kind);
    let value = kind.and_then(|kind| kind.read("dataset", &entry.value, &mut errors));
    match value.map(serde_json::from_value) {
        Some(Ok(dataset)) => Ok(dataset),
        Some(Err(error)) => Err(Diagnostics::new(file.sources, vec![Diagnostic::whole(error.to_string())])),
        None => Err(Diagnostics::new(file.sources, errors)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chainrule_record::ExperimentKind;
    use serde_json::json;

    /// The specification with every setting at its default.
    fn spec() -> RunSpec {
        let defaults = settings()
            .iter()
            .filter(|setting| setting.belongs_to(ExperimentKind::Train))
            .filter_map(|setting| Some((setting.name, default_point(setting, ExperimentKind::Train)?.value)));
        let others = [
            (
                "dataset",
                json!({ "spirals": { "samples": 500, "classes": 2, "turns": 1.5, "noise": 0.02, "seed": 0 } }),
            ),
            ("loss", json!({ "cross_entropy": { "fused": true } })),
            ("output", json!("softmax")),
            ("batch_size", json!(32)),
            ("split", json!("random")),
            ("kind", json!("train")),
            ("seed", json!(u64::MAX)),
            ("data_digest", json!("0")),
        ];
        let mut spec =
            RunSpec(defaults.chain(others).map(|(name, value)| (name.to_owned(), value)).collect());
        fill_in(&mut spec);
        spec
    }

    fn with(name: &str, value: Value) -> Result<RunSpec, String> {
        let mut spec = spec();
        spec.0.insert(name.to_owned(), value);
        complete(&spec)
    }

    #[test]
    fn a_stored_specification_is_what_it_was() {
        assert_eq!(complete(&spec()).unwrap(), spec());
    }

    #[test]
    fn settings_that_came_later_are_at_their_defaults() {
        let mut older = spec();
        older.0.remove("measure").unwrap();
        // A setting of older versions that changed no weight.
        older.0.insert("singular_values".to_owned(), json!(true));
        assert_eq!(complete(&older).unwrap(), spec());
        older.0.remove("loss").unwrap();
        assert_eq!(complete(&older).unwrap_err(), "lacks the setting `loss`");
    }

    #[test]
    fn old_names_are_read_as_the_new_ones() {
        let mut older = spec();
        let seed = older.0.remove("split_seed").unwrap();
        older.0.insert("share_seed".to_owned(), seed);
        assert_eq!(complete(&older).unwrap(), spec());
    }

    #[test]
    fn values_are_checked_as_in_a_file() {
        let refused = |name: &str, value: Value, words: &str| {
            let problem = with(name, value).unwrap_err();
            assert!(problem.contains(words), "{problem}");
        };
        refused("dropout", json!(1.5), "`dropout` is out of range (expected a number in [0, 1))");
        refused("architecture", json!([0]), "out of range");
        refused("activation", json!("reluu"), "unknown activation `reluu`");
        refused("dataset", json!({ "spirals": { "classes": 0 } }), "`classes` is out of range");
        refused("epochs", json!(null), "cannot be a string");
        refused("warp", json!(9), "has the unknown setting `warp`");
    }

    #[test]
    fn data_sets_are_written_as_in_a_file() {
        let name = |text: &str| dataset(text).map(|dataset| dataset.name());
        assert_eq!(name("digits").unwrap(), "digits");
        assert_eq!(name("\"xor\"").unwrap(), "xor");
        let Dataset::Spirals(spirals) = dataset("{ spirals = { noise = 0.1 } }").unwrap() else {
            panic!("spirals")
        };
        assert_eq!((spirals.noise, spirals.samples), (0.1, 500));
        for (text, words) in [
            ("digit", "did you mean `digits`?"),
            ("", "unknown dataset"),
            ("{ spirals = { noise = -1 } }", "out of range"),
            ("xor\nepochs = 3", ""),
            ("\"xor\"\nepochs = 3", "accepts one data set"),
            ("{ xor", ""),
        ] {
            let said = name(text).unwrap_err().render(false);
            assert!(said.contains(words), "{text}: {said}");
        }
    }
}
