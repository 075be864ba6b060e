//! Tables of texts, prepared for training, compared with pandas and scikit-learn; and any table, however mutated.

use crate::uncancelled::prepare;
use crate::watch::{output, whole};
use chainrule_core::dataset::{self, DataSettings, Dataset, Reading, Samples, Targets, TestPart, Whitening};
use proptest::prelude::*;
use serde_json::{Value, json};

const TABLE: &str = include_str!("../oracle/tables.csv");

fn read(text: &[u8], keys: Value) -> Result<(Samples, Reading), String> {
    let mut keys = keys;
    keys["path"] = json!("table.csv");
    let dataset: Dataset = serde_json::from_value(json!({ "csv": keys })).unwrap();
    let read = dataset.kernel().read(&[text.to_vec()]);
    read.map(|(samples, reading)| (samples, reading.unwrap())).map_err(|error| error.to_string())
}

fn samples() -> Samples {
    read(TABLE.as_bytes(), json!({})).unwrap().0
}

/// Numbers from `tests/oracle/tables.json`.
#[test]
fn equals_pandas_and_scikit_learn() {
    let oracle: Value = serde_json::from_str(include_str!("../oracle/tables.json")).unwrap();
    let samples = samples();
    let names: Vec<&str> = samples.inputs.iter().map(|input| input.name.as_str()).collect();
    assert_eq!(json!(names), oracle["names"]);
    let Targets::Classes { labels, .. } = &samples.targets else { panic!("classes") };
    assert_eq!(json!(labels), oracle["classes"]);
    let settings = DataSettings { standardize: true, ..whole() };
    let parts = prepare::<f64>(&samples, &settings, &output("softmax")).unwrap();
    let expected: Vec<Vec<f64>> = serde_json::from_value(oracle["features"].clone()).unwrap();
    let expected: Vec<f64> = expected.concat();
    assert_eq!(parts.train.features.len(), expected.len());
    let error =
        parts.train.features.iter().zip(&expected).fold(0.0, |most: f64, (a, b)| most.max((a - b).abs()));
    assert!(error < 1e-12, "{error:e}");
    let of = |name: &str| parts.preparation.fill[names.iter().position(|other| *other == name).unwrap()];
    assert_eq!(json!([of("age"), of("fare"), of("member")]), oracle["medians"]);
}

/// Medians and scales come from the training set alone, and are applied to the other sets.
#[test]
fn missing_numbers_take_the_median_of_the_training_set() {
    let samples = samples();
    let settings = DataSettings { standardize: true, test: TestPart::Fraction(0.4), ..whole() };
    let rows = dataset::divide(&samples, &settings, 0).unwrap();
    let parts = prepare::<f64>(&samples, &settings, &output("softmax")).unwrap();
    let mut given: Vec<f64> = rows.train.iter().map(|&row| samples.features.at(row, 0)).collect();
    given.retain(|x| !x.is_nan());
    given.sort_by(f64::total_cmp);
    let n = given.len();
    assert_eq!(parts.preparation.fill[0], 0.5 * (given[(n - 1) / 2] + given[n / 2]));
    for part in [&parts.train, parts.test.as_ref().unwrap()] {
        assert!(part.features.iter().all(|x| x.is_finite()));
    }
    let row = rows.train.iter().chain(&rows.test).find(|&&row| samples.features.at(row, 0).is_nan()).unwrap();
    let filled = parts.preparation.apply(&samples.features)[[*row, 0]];
    assert_eq!(
        filled,
        (parts.preparation.fill[0] - parts.preparation.shift[0]) * parts.preparation.factor[0]
    );
}

/// Indicators stay 0 and 1 under both scalings, and are centred and rotated by whitening like all features.
#[test]
fn indicators_are_not_scaled() {
    let samples = samples();
    for (standardize, min_max) in [(true, false), (false, true)] {
        let settings = DataSettings { standardize, min_max, ..whole() };
        let fitted = prepare::<f64>(&samples, &settings, &output("softmax")).unwrap().preparation;
        for (index, input) in samples.inputs.iter().enumerate() {
            let is_plain = (fitted.shift[index], fitted.factor[index]) == (0.0, 1.0);
            assert_eq!(is_plain, input.is_indicator, "{}", input.name);
        }
    }
    let settings = DataSettings { standardize: true, whitening: Whitening::Zca, ..whole() };
    let fitted = prepare::<f64>(&samples, &settings, &output("softmax")).unwrap().preparation;
    assert!(
        samples.inputs.iter().zip(&fitted.shift).all(|(input, shift)| !input.is_indicator || *shift > 0.0)
    );
}

/// A table of the kinds of cells that people have, before it is mutated.
const KINDS: [&str; 24] = [
    "",
    "NA",
    "?",
    "-",
    "+",
    "0",
    "1",
    "-0",
    "2.5",
    "1e3",
    "1,5",
    "12%",
    "$3",
    "inf",
    "nan",
    "true",
    "x",
    "some text",
    "\"a, b\"",
    "\"q\"\"q\"",
    "'z'",
    "2024-02-29",
    "é",
    "none",
];

fn table() -> impl Strategy<Value = String> {
    let cell = || prop_oneof![3 => (0.0f64..9.0).prop_map(|x| format!("{x:.1}")), 2 => (0..KINDS.len()).prop_map(|i| KINDS[i].to_owned())];
    let rows = (2usize..5)
        .prop_flat_map(move |width| prop::collection::vec(prop::collection::vec(cell(), width), 1..25));
    (rows, any::<bool>(), prop::sample::select(vec![",", ";", "\t", "|", " "])).prop_map(
        |(rows, has_header, delimiter)| {
            let header: Vec<String> = (0..rows[0].len()).map(|i| format!("name{i}")).collect();
            let header = has_header.then_some(header);
            header.into_iter().chain(rows).map(|row| row.join(delimiter) + "\n").collect()
        },
    )
}

fn keys() -> impl Strategy<Value = Value> {
    let missing = prop::sample::select(vec!["median", "drop", "indicator", "error"]);
    let task = prop::sample::select(vec!["auto", "classes", "regression"]);
    let word = prop::sample::select(vec!["number", "decimal_comma", "category", "date", "ignore"]);
    let columns = prop_oneof![Just(json!({})), word.prop_map(|word| json!({ "1": word }))];
    (missing, task, columns, any::<bool>()).prop_map(|(missing, task, columns, keep)| {
        let keep = if keep { json!(["1"]) } else { json!([]) };
        json!({ "missing": missing, "task": task, "columns": columns, "keep": keep })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// A table becomes samples or a message, and no row gets lost.
    #[test]
    fn any_table_is_read_or_refused(
        text in table(),
        keys in keys(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    ) {
        let mut bytes = text.into_bytes();
        for (place, byte) in flips {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        match read(&bytes, keys) {
            Ok((samples, reading)) => {
                let left_out: u64 = reading.left_out.iter().map(|left| left.rows).sum();
                prop_assert_eq!(reading.rows, reading.used + left_out);
                prop_assert_eq!(reading.used, samples.features.nrows() as u64);
                prop_assert_eq!(samples.inputs.len(), samples.features.ncols());
                let inputs: u64 = reading.columns.iter().map(|column| column.inputs).sum();
                prop_assert_eq!(inputs, samples.inputs.len() as u64);
                for (index, input) in samples.inputs.iter().enumerate().filter(|(_, input)| input.is_indicator) {
                    let all = (0..samples.features.nrows()).map(|row| samples.features.at(row, index));
                    prop_assert!(all.into_iter().all(|x| x == 0.0 || x == 1.0 || x.is_nan()), "{}", input.name);
                }
                let again: Reading = serde_json::from_value(json!(reading)).unwrap();
                prop_assert_eq!(again, reading);
            }
            Err(message) => prop_assert!(message.starts_with("table.csv: ") && message.len() > 15, "{message}"),
        }
    }
}
