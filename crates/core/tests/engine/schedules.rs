//! The contract of every schedule.

use crate::items::every;
use chainrule_core::schedule::{Moment, Schedule};
use serde_json::{Value, json};

/// Every step of a run of `epochs` epochs of `steps_per_epoch` steps.
fn moments(epochs: u64, steps_per_epoch: u64) -> impl Iterator<Item = Moment> {
    let steps = epochs * steps_per_epoch;
    (0..steps).map(move |step| Moment { step, steps, steps_per_epoch })
}

fn schedule(spec: Value) -> Schedule {
    serde_json::from_value(spec).unwrap()
}

#[test]
fn factors_lie_between_0_and_1() {
    let schedules: Vec<Schedule> = every(&Schedule::entries());
    for schedule in schedules {
        for (epochs, steps_per_epoch) in [(1, 1), (1, 2), (2, 1), (40, 3), (7, 100)] {
            for at in moments(epochs, steps_per_epoch) {
                for warmup_epochs in [0.0, 0.3, 1.0, 2.5, 1e9, 1e300] {
                    let factor = schedule.factor(warmup_epochs, at);
                    assert!((0.0..=1.0).contains(&factor), "{schedule:?} {at:?} {warmup_epochs}: {factor}");
                }
            }
        }
    }
}

#[test]
fn every_schedule_begins_at_the_learning_rate() {
    for schedule in every::<Schedule>(&Schedule::entries()) {
        for at in moments(3, 4).take(1) {
            assert_eq!(schedule.factor(0.0, at), 1.0, "{schedule:?}");
        }
    }
}

/// Factors of the steps of a run of 4 epochs of 2 steps.
#[track_caller]
fn assert_factors(spec: Value, expected: [f64; 8]) {
    let schedule = schedule(spec);
    for (at, expected) in moments(4, 2).zip(expected) {
        let factor = schedule.kernel().factor(at);
        assert!((factor - expected).abs() < 1e-15, "{schedule:?} at {at:?}: {factor}, not {expected}");
    }
}

/// Two steps per epoch: the epochs that have passed are 0, ½, 1, …, 3½, the whole ones 0, 0, 1, 1, 2, 2, 3, 3.
#[test]
fn factors_by_hand() {
    assert_factors(json!("constant"), [1.0; 8]);
    // ½ to the power of the whole epochs, and of ⌊epochs / 3⌋.
    let halves = [1.0, 1.0, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125];
    assert_factors(json!({ "step": { "every": 1, "factor": 0.5 } }), halves);
    let third = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.5];
    assert_factors(json!({ "step": { "every": 3, "factor": 0.5 } }), third);
    // 0.81 per epoch is 0.9 per step: 0.9², 0.9³ = 0.729, …
    let powers = [1.0, 0.9, 0.81, 0.729, 0.6561, 0.59049, 0.531441, 0.4782969];
    assert_factors(json!({ "exponential": { "factor": 0.81 } }), powers);
    // 1 + 2·epochs is the step plus 1.
    let inverse = [1.0, 1.0 / 2.0, 1.0 / 3.0, 0.25, 0.2, 1.0 / 6.0, 1.0 / 7.0, 0.125];
    assert_factors(json!({ "inverse_time": { "rate": 2.0 } }), inverse);
    // cos kπ/8 for k = 0, 1, 2, …: 1, √(2 + √2)/2, √½, √(2 − √2)/2, 0, and the same numbers negative.
    let [one, two, three] = [2.0 + 2.0f64.sqrt(), 2.0, 2.0 - 2.0f64.sqrt()].map(|x| x.sqrt() / 2.0);
    let cosines = [1.0, one, two, three, 0.0, -three, -two, -one];
    assert_factors(json!("cosine"), cosines.map(|cosine| (1.0 + cosine) / 2.0));
    // From 1 to a fifth: 0.2 + 0.8·(1 + cos)/2 = 0.6 + 0.4·cos.
    assert_factors(json!({ "cosine": { "minimum": 0.2 } }), cosines.map(|cosine| 0.6 + 0.4 * cosine));
}

/// In a run of 5 epochs of 4 steps, 1½ epochs are 6 steps: sixths, up to exactly 1. The remaining 14 steps are equal to
/// a run of 14 steps.
#[test]
fn a_warm_up_goes_before_the_schedule() {
    for schedule in every::<Schedule>(&Schedule::entries()) {
        let factors: Vec<f64> = moments(5, 4).map(|at| schedule.factor(1.5, at)).collect();
        assert_eq!(factors[..6], [1, 2, 3, 4, 5, 6].map(|step| f64::from(step) / 6.0), "{schedule:?}");
        let remaining = (0..14).map(|step| Moment { step, steps: 14, steps_per_epoch: 4 });
        assert!(remaining.map(|at| schedule.kernel().factor(at)).eq(factors[6..].iter().copied()));
    }
}

/// 0.3 of 4 steps is 1.2, 0.4 is 1.6, 0.1 is 0.4: the nearest whole numbers are 1, 2 and 0. A warm-up longer than the
/// run does not finish.
#[test]
fn a_warm_up_is_whole_steps() {
    let factors = |warmup_epochs: f64| {
        let inverse = schedule(json!({ "inverse_time": { "rate": 4.0 } }));
        moments(1, 4).map(|at| inverse.factor(warmup_epochs, at)).collect::<Vec<_>>()
    };
    assert_eq!(factors(0.0), [1.0, 0.5, 1.0 / 3.0, 0.25]);
    assert_eq!(factors(0.1), factors(0.0));
    assert_eq!(factors(0.3), [1.0, 1.0, 0.5, 1.0 / 3.0]);
    assert_eq!(factors(0.4), [0.5, 1.0, 1.0, 0.5]);
    assert_eq!(factors(2.0), [0.125, 0.25, 0.375, 0.5]);
}

/// `tests/oracle/schedules.json` holds the learning rates of PyTorch's schedulers; the script that made it is beside
/// it. PyTorch multiplies from step to step, so its roundings add up.
#[test]
fn factors_equal_those_of_pytorch() {
    let run: Value = serde_json::from_str(include_str!("../oracle/schedules.json")).unwrap();
    let whole = |value: &Value| value.as_u64().unwrap();
    let (steps, steps_per_epoch) = (whole(&run["steps"]), whole(&run["steps_per_epoch"]));
    let cases = run["cases"].as_array().unwrap();
    assert_eq!((cases.len(), steps, steps_per_epoch), (9, 84, 7));
    for case in cases {
        let (schedule, stride) = (schedule(case["schedule"].clone()), whole(&case["stride"]));
        let factors = case["factors"].as_array().unwrap();
        assert_eq!(factors.len() as u64, steps / stride);
        let mut worst = 0.0f64;
        for (step, expected) in (0..steps).step_by(stride as usize).zip(factors) {
            let at = Moment { step, steps, steps_per_epoch };
            let error =
                schedule.factor(case["warmup_epochs"].as_f64().unwrap(), at) - expected.as_f64().unwrap();
            assert!(error.abs() < 1e-14, "{schedule:?} at {step}: {error:e}");
            worst = worst.max(error.abs());
        }
        println!("{} after a warm-up of {} epochs: {worst:e}", case["schedule"], case["warmup_epochs"]);
    }
}
