//! Made-up grids with a known best value.

use super::*;
use crate::analysis::Analysis;
use crate::support::{Synthetic, axis, run};
use chainrule_record::{RunRecord, StopReason};
use serde_json::{Value, json};

const LOST: f64 = f64::NAN;

#[test]
fn ratios_and_steps_are_continued() {
    use Ordering::{Greater, Less};
    for (values, outward, expected) in [
        (&[0.001, 0.00316228, 0.01][..], Greater, &[0.0316, 0.1][..]),
        (&[0.001, 0.00316228, 0.01], Less, &[0.000316, 0.0001]),
        (&[0.1, 0.215443, 0.464159, 1.0], Greater, &[2.15, 4.64]),
        (&[0.2, 0.4, 0.6], Greater, &[0.8, 1.0]),
        (&[0.1, 0.2, 0.3], Less, &[]),
        (&[16.0, 32.0, 64.0], Greater, &[128.0, 256.0]),
        (&[2.0, 4.0, 8.0], Less, &[1.0]),
        (&[1.0, 2.0, 4.0], Less, &[]),
        (&[10.0, 20.0, 30.0], Greater, &[40.0, 50.0]),
        // Two values: a ratio, if it is at least 2.
        (&[0.01, 0.1], Less, &[0.001, 0.0001]),
        (&[10.0, 15.0], Greater, &[20.0, 25.0]),
        // Nothing is proposed below 0 if no value was negative; otherwise steps continue below 0.
        (&[0.0, 0.5, 1.0], Less, &[]),
        (&[-1.0, 0.0, 1.0], Less, &[-2.0, -3.0]),
        (&[0.0, 1e308], Greater, &[]),
    ] {
        assert_eq!(beyond(values, outward), expected, "{values:?}");
    }
}

/// The edges of `adam`, whose best loss is the smallest. Each row: rate, dropout, loss.
fn edges_of(tune: &[&str], problems: &[&str], rows: &[(f64, f64, f64)]) -> Vec<(String, &'static str)> {
    let settings = |(rate, dropout, _): (f64, f64, f64)| json!({"optimizer": "adam", "learning_rate": rate, "dropout": dropout, "seed": 0});
    let one = |row: &(f64, f64, f64)| match row.2.is_nan() {
        true => run(settings(*row), &[2.0], StopReason::Diverged),
        false => run(settings(*row), &[2.0, row.2], StopReason::MaxEpochs),
    };
    let records: Vec<RunRecord> = rows.iter().map(one).collect();
    let values =
        |of: fn(&(f64, f64, f64)) -> f64| -> Vec<Value> { rows.iter().map(|row| json!(of(row))).collect() };
    let unique = |mut values: Vec<Value>| {
        let mut seen = Vec::new();
        values.retain(|value| {
            !seen.contains(value) && {
                seen.push(value.clone());
                true
            }
        });
        axis(&values)
    };
    let axes = vec![
        ("optimizer", axis(&[json!("adam")])),
        ("learning_rate", unique(values(|row| row.0))),
        ("dropout", unique(values(|row| row.1))),
    ];
    let mut info = Synthetic { axes, compare: Some("optimizer"), seeds: 1, ..Synthetic::default() }.info();
    info.tune = tune.iter().map(|name| (*name).to_owned()).collect();
    info.problems = problems.iter().map(|name| (*name).to_owned()).collect();
    info.run_ids.clear();
    let analysis = Analysis::new(&info, &records);
    let edges = analysis.compared[0].edges.iter();
    edges.map(|edge| (format!("{} {}", edge.setting, edge.value), edge.edge)).collect()
}

#[test]
fn every_tuned_setting_of_numbers_may_have_an_edge() {
    let rows = [(0.01, 0.1, 0.5), (0.1, 0.1, 0.4), (0.01, 0.2, 0.3), (0.1, 0.2, 0.2)];
    let both = [("learning_rate 0.1".to_owned(), "largest"), ("dropout 0.2".to_owned(), "largest")];
    assert_eq!(edges_of(&["learning_rate", "dropout"], &[], &rows), both);
    assert_eq!(edges_of(&[], &[], &rows), both, "what is picked is chosen all the same");
    // A problem setting has no best value.
    assert_eq!(edges_of(&["learning_rate"], &["dropout"], &rows), both[..1]);
    let inside = [(0.01, 0.1, 0.5), (0.1, 0.1, 0.2), (1.0, 0.1, 0.3)];
    assert_eq!(edges_of(&["learning_rate"], &[], &inside), []);
}

#[test]
fn edges_are_those_of_what_was_tried_with_the_same_other_settings() {
    // Rates up to 1 were tried only with dropout 0.2, and did not diverge there.
    let rows = [(0.01, 0.1, 0.5), (0.1, 0.1, 0.2), (0.1, 0.2, 0.4), (1.0, 0.2, 0.3)];
    let edge = [("learning_rate 0.1".to_owned(), "largest"), ("dropout 0.1".to_owned(), "smallest")];
    // 0.1 and 0.2: a ratio of 2, continued to 0.05.
    assert_eq!(edges_of(&[], &[], &rows), edge);
    // If every run beyond diverged, nothing is worth trying there.
    let rows = [(0.01, 0.1, 0.5), (0.1, 0.1, 0.2), (0.1, 0.2, 0.4), (1.0, 0.2, LOST)];
    assert_eq!(edges_of(&[], &[], &rows), edge[1..]);
    // The next rate itself was tried and diverged, so the best is not at the edge.
    let rows = [(0.01, 0.1, 0.5), (0.1, 0.1, 0.2), (1.0, 0.1, LOST)];
    assert_eq!(edges_of(&[], &[], &rows), []);
}

#[test]
fn a_coarse_grid_is_continued_by_decades() {
    assert_eq!(beyond(&[0.1, 1e5], Ordering::Less), [0.01, 0.001]);
    assert_eq!(beyond(&[0.1, 1e5], Ordering::Greater), [1e6, 1e7]);
    assert_eq!(beyond(&[0.1, 0.2], Ordering::Less), [0.05, 0.025]);
}
