//! Every item of a family, with default parameters and with values from their ranges.

use chainrule_core::registry::{Domain, Entry, Parameter, ParameterValue, Range};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A family as the registry tests use it.
pub(crate) struct Family {
    pub(crate) name: &'static str,
    pub(crate) entries: Vec<Entry>,
    /// Reads a value as an item and writes it again.
    pub(crate) through: fn(Value) -> Result<Value, String>,
}

macro_rules! families {
    ($($family:ty),*) => {
        vec![$( Family {
            name: <$family>::NAME,
            entries: <$family>::entries(),
            through: |value| {
                let item: $family = serde_json::from_value(value).map_err(|error| error.to_string())?;
                serde_json::to_value(item).map_err(|error| error.to_string())
            },
        } ),*]
    };
}

pub(crate) fn families() -> Vec<Family> {
    use chainrule_core as core;
    families![
        core::activation::Activation,
        core::output::Output,
        core::loss::Loss,
        core::initializer::Initializer,
        core::optimizer::Optimizer,
        core::schedule::Schedule,
        core::penalty::Penalty,
        core::probe::Probe,
        core::dataset::Dataset,
        core::fault::Fault
    ]
}

/// Every item of a family: with defaults, and with one parameter at a time at a point of its domain.
pub(crate) fn every<T: DeserializeOwned>(entries: &[Entry]) -> Vec<T> {
    let specs = entries.iter().flat_map(|entry| {
        let moved = entry.parameters.iter().flat_map(|p| points(p).into_iter().map(|v| with(entry, p, &v)));
        std::iter::once(json!(entry.name)).chain(moved).collect::<Vec<_>>()
    });
    specs.map(|spec| serde_json::from_value(spec).unwrap()).collect()
}

/// Every item of a family with defaults, and with one number at a time halved and doubled. These values are for whole
/// networks: at the ends of the allowed ranges, networks saturate, and different algorithms agree to few digits only.
pub(crate) fn moderate<T: DeserializeOwned>(entries: &[Entry]) -> Vec<T> {
    let specs = entries.iter().flat_map(|entry| {
        let moved =
            entry.parameters.iter().flat_map(|p| near_default(p).into_iter().map(|v| with(entry, p, &v)));
        std::iter::once(json!(entry.name)).chain(moved).collect::<Vec<_>>()
    });
    specs.map(|spec| serde_json::from_value(spec).unwrap()).collect()
}

fn near_default(parameter: &Parameter) -> Vec<Value> {
    match (&parameter.default, parameter.domain) {
        (ParameterValue::Number(default), Domain::Numbers(range)) => {
            let moved =
                [0.5 * default, 2.0 * default].into_iter().filter(|&x| x != *default && range.contains(x));
            moved.map(|x| json!(x)).collect()
        }
        _ => points(parameter),
    }
}

/// `{ item = { parameter = value } }`
pub(crate) fn with(entry: &Entry, parameter: &Parameter, value: &Value) -> Value {
    json!({ entry.name: { parameter.name: value } })
}

/// Points of a parameter's domain: the included ends of an interval, and some points between; every word.
pub(crate) fn points(parameter: &Parameter) -> Vec<Value> {
    match parameter.domain {
        Domain::Numbers(range) => numbers(range, &parameter.default),
        Domain::Flag => vec![json!(false), json!(true)],
        Domain::Words(words) => words.iter().map(|word| json!(word)).collect(),
        Domain::Text => vec![json!("a text"), json!("é, \"quoted\"")],
        Domain::Columns => vec![json!("age"), json!(["age", "3"])],
        Domain::Header => vec![json!("auto"), json!(true), json!(["a", "b"])],
        Domain::Texts => vec![json!([]), json!(["a", "b"])],
        Domain::WordOfEach(words) => words.iter().map(|word| json!({ "age": word })).collect(),
        Domain::Rows => vec![json!([[0.0, 1.0], [1.0, 0.5]]), json!([[2.0]])],
    }
}

fn numbers(range: Range, default: &ParameterValue) -> Vec<Value> {
    let Range { min, max, .. } = range;
    let between: Vec<f64> = if min.is_infinite() {
        vec![-30.0, -0.01, 0.0, 1e-300, 1.0]
    } else if max.is_finite() {
        [0.25, 0.5, 0.75].iter().map(|share| min + share * (max - min)).collect()
    } else {
        vec![min + 1e-300, min + 0.01, min + 1.0, min + 30.0]
    };
    let all = [min].into_iter().chain(between).chain([max]);
    if matches!(default, ParameterValue::Integer(_)) {
        return all.map(f64::round).filter(|&x| range.contains(x)).map(|x| json!(x as u64)).collect();
    }
    all.filter(|&x| range.contains(x)).map(|x| json!(x)).collect()
}
