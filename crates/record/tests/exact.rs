//! Every number of a record is restored from JSON with the same bits, whatever they are.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to panic")]

use chainrule_record::{
    Claim, ClaimTest, Curve, Divergence, Expectation, Extent, FunctionCurve, GradientCheck, LayerShape,
    Outcome, Outcomes, Prediction, ProbeTable, RunMetric, RunRecord, RunSpec, Score, Selection, Series, Side,
    StopReason, Subject, TargetErrors, TensorRow, TracedStep, WorstEntry,
};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Numbers that a text may lose: the ends of the range, both zeros, and NaN of any sign and payload.
fn number() -> impl Strategy<Value = f64> {
    let special = [
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
        -f64::NAN,
        f64::from_bits(0x7ff0_0000_0000_0001),
        f64::from_bits(0xfff8_dead_beef_0001),
        0.0,
        -0.0,
        f64::from_bits(1),
        -f64::MIN_POSITIVE,
        f64::MAX,
        9_007_199_254_740_993.0,
    ];
    prop_oneof![proptest::sample::select(special.to_vec()), any::<u64>().prop_map(f64::from_bits)]
}

/// Supplies numbers and remembers them in order.
struct Numbers {
    source: Vec<f64>,
    given: Vec<u64>,
}

impl Numbers {
    fn next(&mut self) -> f64 {
        let value = self.source[self.given.len() % self.source.len()];
        self.given.push(value.to_bits());
        value
    }

    /// Sometimes `None`, which must stay `None`.
    fn maybe(&mut self) -> Option<f64> {
        let value = self.source[self.given.len() % self.source.len()];
        if value.to_bits().is_multiple_of(5) {
            self.given.push(0xdead);
            return None;
        }
        Some(self.next())
    }

    fn list(&mut self) -> Vec<f64> {
        (0..3).map(|_| self.next()).collect()
    }

    fn maybes(&mut self) -> Vec<Option<f64>> {
        (0..3).map(|_| self.maybe()).collect()
    }
}

/// A record in which every `f64` is one of `numbers`. It uses no defaults, so that a new field must be added here.
fn record(numbers: &mut Numbers) -> RunRecord {
    RunRecord {
        run_id: RunSpec::default().run_id(),
        results_version: 1,
        spec: RunSpec::default(),
        stop: StopReason::Diverged,
        failure: None,
        divergence: Some(Divergence {
            step: 1,
            layer: 1,
            tensor: "loss".to_owned(),
            value: "NaN".to_owned(),
        }),
        target_reached: None,
        curve: Curve {
            epoch: vec![0, 1, 2],
            steps: vec![0, 1, 2],
            samples: vec![0, 1, 2],
            cost_units: vec![0, 1, 2],
            learning_rate: numbers.maybes(),
            train_loss: numbers.maybes(),
            train_accuracy: numbers.maybes(),
            validation_loss: numbers.maybes(),
            validation_accuracy: numbers.maybes(),
            gradient_norm: numbers.maybes(),
            weight_norm: numbers.maybes(),
            penalty_value: numbers.maybes(),
            seconds: numbers.maybes(),
        },
        test: Some(Score { loss: numbers.next(), accuracy: numbers.maybe() }),
        outcomes: Outcomes {
            validation: None,
            test: Some(Outcome::Values(vec![TargetErrors {
                rmse: numbers.next(),
                mae: numbers.next(),
                r_squared: numbers.maybe(),
                guess_rmse: numbers.next(),
                guess_mae: numbers.next(),
            }])),
        },
        kept_epoch: None,
        probes: ProbeTable {
            epoch: vec![0, 1, 2],
            step: vec![0, 1, 2],
            layers: vec![LayerShape { n_in: 1, n_out: 1 }],
            series: vec![Series { probe: "weight_norm".to_owned(), layer: 1, values: numbers.maybes() }],
            predicted: vec![Prediction { probe: "delta_rms".to_owned(), layer: 1, value: numbers.next() }],
            spectra: vec![numbers.list(), Vec::new(), numbers.list()],
        },
        gradient_check: Some(check(numbers)),
        trace: vec![TracedStep {
            step: 0,
            learning_rate: numbers.next(),
            matrices: [
                ("loss".to_owned(), vec![numbers.list(), numbers.list()]),
                ("output".to_owned(), vec![numbers.list()]),
            ]
            .into(),
        }],
        function: Some(FunctionCurve {
            x: numbers.list(),
            value: numbers.maybes(),
            derivative: numbers.maybes(),
        }),
        parameter_count: 3,
        weights_digest: None,
        layer_digests: Vec::new(),
        wall_seconds: numbers.next(),
    }
}

fn check(numbers: &mut Numbers) -> GradientCheck {
    GradientCheck {
        after_epochs: 0,
        samples: 1,
        cost: numbers.maybe(),
        noise: numbers.maybe(),
        tolerance: numbers.next(),
        passed: false,
        parameters_unchanged: true,
        changes_gradient: None,
        changes_update: None,
        expect: Expectation::Passed,
        as_expected: false,
        rows: vec![TensorRow {
            layer: 1,
            tensor: "weights".to_owned(),
            passed: false,
            entries: 1,
            checked: 1,
            kinks: 0,
            below_noise: 0,
            largest_absolute: numbers.maybe(),
            largest_relative: numbers.maybe(),
            median_relative: numbers.maybe(),
            sign_disagreements: numbers.maybe(),
            worst: Some(WorstEntry { at: vec![0], analytic: numbers.maybe(), numeric: numbers.maybe() }),
        }],
    }
}

/// The bits of every number of a record, in the order in which `record` takes them.
fn bits(record: &RunRecord) -> Vec<u64> {
    let maybe = |value: &Option<f64>| value.map_or(0xdead, f64::to_bits);
    let curve = &record.curve;
    let columns = [
        &curve.learning_rate,
        &curve.train_loss,
        &curve.train_accuracy,
        &curve.validation_loss,
        &curve.validation_accuracy,
        &curve.gradient_norm,
        &curve.weight_norm,
        &curve.penalty_value,
        &curve.seconds,
    ];
    let mut bits: Vec<u64> = columns.into_iter().flatten().map(maybe).collect();
    let test = record.test.unwrap();
    bits.extend([test.loss.to_bits(), maybe(&test.accuracy)]);
    let Some(Outcome::Values(errors)) = &record.outcomes.test else { panic!("errors of numbers") };
    let TargetErrors { rmse, mae, r_squared, guess_rmse, guess_mae } = &errors[0];
    bits.extend([rmse.to_bits(), mae.to_bits(), maybe(r_squared), guess_rmse.to_bits(), guess_mae.to_bits()]);
    bits.extend(record.probes.series[0].values.iter().map(maybe));
    bits.push(record.probes.predicted[0].value.to_bits());
    bits.extend(record.probes.spectra.iter().flatten().map(|value| value.to_bits()));
    let check = record.gradient_check.as_ref().unwrap();
    bits.extend([maybe(&check.cost), maybe(&check.noise), check.tolerance.to_bits()]);
    let row = &check.rows[0];
    let worst = row.worst.as_ref().unwrap();
    bits.extend(
        [
            &row.largest_absolute,
            &row.largest_relative,
            &row.median_relative,
            &row.sign_disagreements,
            &worst.analytic,
            &worst.numeric,
        ]
        .map(maybe),
    );
    let step = &record.trace[0];
    bits.push(step.learning_rate.to_bits());
    bits.extend(step.matrices.values().flatten().flatten().map(|value| value.to_bits()));
    let function = record.function.as_ref().unwrap();
    bits.extend(function.x.iter().map(|value| value.to_bits()));
    bits.extend(function.value.iter().chain(&function.derivative).map(maybe));
    bits.push(record.wall_seconds.to_bits());
    bits
}

fn again<T: Serialize + DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_number_of_a_record_comes_back(source in prop::collection::vec(number(), 1..80)) {
        let mut numbers = Numbers { source, given: Vec::new() };
        let record = record(&mut numbers);
        prop_assert_eq!(bits(&record), numbers.given, "this test sees every number");
        prop_assert_eq!(bits(&again(&record)), bits(&record));
        prop_assert_eq!(record.check(), Ok(()));
    }

    #[test]
    fn bounds_of_claims_come_back(bound in number(), tolerance in number()) {
        let claim = |test| Claim {
            text: String::new(),
            must: true,
            filter: Selection::default(),
            subject: Subject::Run(RunMetric::TrainLoss),
            test,
        };
        let threshold = claim(ClaimTest::Threshold { side: Side::AtMost, bound, of: Extent::Mean });
        let ClaimTest::Threshold { bound: read, .. } = again(&threshold).test else { panic!("another test") };
        prop_assert_eq!(read.to_bits(), bound.to_bits());
        let equals = claim(ClaimTest::Equals { value: bound, tolerance });
        let ClaimTest::Equals { value, tolerance: read } = again(&equals).test else { panic!("another test") };
        prop_assert_eq!([value.to_bits(), read.to_bits()], [bound.to_bits(), tolerance.to_bits()]);
    }
}

#[test]
fn what_is_no_number_is_refused() {
    for text in ["\"infinity\"", "\"NaN:0\"", "\"NaN:3ff0000000000000\"", "\"1\"", "true", "null", "[]"] {
        let score = format!("{{\"loss\":{text},\"accuracy\":null}}");
        assert!(serde_json::from_str::<Score>(&score).is_err(), "{text}");
    }
}

#[test]
fn parts_that_do_not_fit_are_named() {
    let good = || record(&mut Numbers { source: vec![0.5], given: Vec::new() });
    let problem = |change: fn(&mut RunRecord)| {
        let mut record = good();
        change(&mut record);
        record.check().unwrap_err()
    };
    let curve = problem(|record| record.curve.seconds.truncate(2));
    assert_eq!(curve, "the columns of its curve have 3 and 2 entries");
    assert!(problem(|record| record.probes.series[0].values.truncate(2)).contains("its probes"));
    assert!(problem(|record| drop(record.probes.spectra.pop())).contains("its probes"));
    assert!(problem(|record| record.function.as_mut().unwrap().x.truncate(2)).contains("its function"));
    let ragged = problem(|record| record.trace[0].matrices.get_mut("loss").unwrap()[1].truncate(2));
    assert!(ragged.contains("the traced `loss`"), "{ragged}");
    assert!(
        problem(|record| drop(record.spec.0.insert("seed".to_owned(), 7.into()))).contains("another run")
    );
}
