//! Tests of the results of gradient checks.

use super::*;
use crate::support::{Synthetic, axis, check_gradients};
use chainrule_record::ExperimentInfo;
use serde_json::{Value, json};

fn checked(axes: Vec<(&'static str, Vec<(Value, String)>)>) -> (ExperimentInfo, Vec<RunRecord>) {
    let compare = axes.first().map(|axis| axis.0);
    let experiment = Synthetic { axes, compare, epochs: 0, ..Synthetic::default() };
    let (mut info, mut records) = (experiment.info(), experiment.records());
    check_gradients(&mut info, &mut records);
    (info, records)
}

/// Errors h² + 1e-16/h at h = 1, 0.1, …, 1e-12. The smallest is at 1e-5; the slope is 2 at larger steps and −1 at
/// smaller steps.
#[test]
fn slopes_stand_beside_what_they_are_of() {
    let steps: Vec<Value> = (0..13).map(|index| json!(10f64.powi(-index))).collect();
    let (info, mut records) = checked(vec![("step_size", axis(&steps))]);
    for run in &mut records {
        run.spec.0.insert("scheme".to_owned(), json!("central"));
    }
    let analysis = Analysis::new(&info, &records);
    let steps = Steps::new(&analysis, &Checks::new(&analysis)).unwrap();
    let [line] = steps.lines.as_slice() else { panic!("{} lines", steps.lines.len()) };
    assert_eq!((line.points.len(), line.points[0].checks), (13, 5));
    let [falling, rising] = steps.slopes.as_slice() else { panic!("{:?}", steps.slopes) };
    assert_eq!((falling.power, rising.power), (2, -1));
    assert!(falling.from.0 > 1e-5 && rising.to.0 < 1e-5, "{:?}", steps.slopes);
    for slope in [falling, rising] {
        let power = (slope.to.1 / slope.from.1).log10() / (slope.to.0 / slope.from.0).log10();
        assert!((power - f64::from(slope.power)).abs() < 1e-9, "{slope:?}");
        let measured = line.points.iter().find(|point| point.step == slope.from.0).unwrap();
        assert!((2.0..20.0).contains(&(slope.from.1 / measured.error)), "{slope:?} beside {measured:?}");
    }
}

/// Bars use right gradients with the strictest tolerance: the largest error of a layer, and the median of medians.
#[test]
fn bars_leave_faults_and_given_steps_out() {
    let (info, records) = checked(vec![
        ("fault", axis(&[json!("none"), json!("transposed")])),
        ("step_size", axis(&[json!("auto"), json!(0.1)])),
    ]);
    let analysis = Analysis::new(&info, &records);
    let checks = Checks::new(&analysis);
    assert_eq!((checks.counts.passed, checks.counts.caught, checks.strict().count()), (10, 5, 5));
    let bars = by_layer(&analysis, &checks).unwrap();
    assert_eq!(bars.columns, ["inputs", "1", "2"]);
    let strict: Vec<_> = checks.strict().collect();
    let largest = strict.iter().flat_map(|one| one.check.rows[0].largest_relative).fold(0.0, f64::max);
    assert_eq!((bars.bars[0].largest, bars.bars[0].checks, bars.bars.len()), (largest, 5, 3));
}

/// An error that is not a number ranks worse than any number.
#[test]
fn no_number_is_the_worst() {
    let (info, mut records) = checked(vec![("activation", axis(&[json!("relu")]))]);
    let row = &mut records[3].gradient_check.as_mut().unwrap().rows[2];
    (row.largest_relative, row.passed) = (None, false);
    let analysis = Analysis::new(&info, &records);
    let checks = Checks::new(&analysis);
    let (one, row) = checks.worst().unwrap();
    assert_eq!((one.run.run_id, row.tensor.as_str()), (records[3].run_id, "biases"));
}

#[test]
fn medians_of_odd_and_even_numbers() {
    assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
    assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), Some(2.5));
    assert_eq!(median(Vec::new()), None);
}
