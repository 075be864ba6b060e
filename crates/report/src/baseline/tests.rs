//! Comparisons of made-up runs. Tests of the whole check, from training to the exit code, are in `tests/program/`.

use super::*;
use crate::support::{Synthetic, manifest};
use chainrule_record::{AsBefore, Metric, RunSpec, StopReason, TargetReached};
use serde_json::json;
use std::sync::Arc;

fn experiment(seeds: u64) -> Synthetic {
    let point = |value: Value| (value.clone(), value.to_string());
    Synthetic {
        axes: vec![
            (
                "optimizer",
                [json!("sgd"), json!("adam")].map(|value| (value.clone(), value_text(&value))).into(),
            ),
            ("learning_rate", [json!(0.01), json!(0.1)].map(point).into()),
        ],
        compare: Some("optimizer"),
        seeds,
        ..Synthetic::default()
    }
}

fn baseline(synthetic: &Synthetic, records: &[RunRecord]) -> Baseline {
    Baseline::of(&synthetic.info(), records, &[], &manifest())
}

/// The same baseline, as if from another processor class.
fn elsewhere(mut baseline: Baseline) -> Baseline {
    baseline.provenance.simd = "another".to_owned();
    baseline
}

fn kinds(comparison: &Comparison, severity: Severity) -> Vec<&'static str> {
    comparison.of(severity).map(|finding| finding.kind.name()).collect()
}

#[test]
fn a_baseline_reads_back_as_it_was_written() {
    let synthetic = experiment(3);
    let mut records = synthetic.records();
    records[1].stop = StopReason::Failed;
    records[1].failure = Some("=cmd(\"a, b\")\n# runs: 5\u{7}".to_owned());
    records[2].curve.train_loss[1] = Some(f64::MIN_POSITIVE);
    records[2].curve.validation_loss[3] = None;
    let kept = baseline(&synthetic, &records);
    let text = kept.to_text();
    assert_eq!(Baseline::parse(&text).unwrap(), kept);
    assert_eq!(Baseline::parse(&text).unwrap().to_text(), text);
}

/// Rows are sorted by settings and seed, not by their order in the file.
#[test]
fn the_order_of_runs_does_not_matter() {
    let synthetic = experiment(12);
    let mut records = synthetic.records();
    let text = baseline(&synthetic, &records).to_text();
    records.reverse();
    let again = baseline(&synthetic, &records);
    assert_eq!(again.rows.len(), 48);
    assert_eq!(text, again.to_text());
    assert!(again.rows.windows(2).all(|pair| order(&pair[0], &pair[1]).is_lt()));
}

/// Widths of layers are numbers and texts: 8, 16 and 16-8. The order is transitive.
#[test]
fn rows_have_one_order_whatever_values_are_numbers() {
    let texts = [
        "8-8", "8-2", "15", "92", "116", "8-16", "65", "4-4", "128-8", "62", "16-4", "3", "8-4", "16-8",
        "122", "113", "64-2", "128-2", "24", "57", "51", "60", "8", "16", "1e1", "10", "-0", "0", "nan",
        "inf", "", "tanh",
    ];
    for a in texts {
        for b in texts {
            assert_eq!(natural(a, b), natural(b, a).reverse(), "{a} {b}");
            assert_eq!(natural(a, b).is_eq(), a == b, "{a} {b}");
            for c in texts.iter().filter(|c| natural(a, b).is_lt() && natural(b, c).is_lt()) {
                assert!(natural(a, c).is_lt(), "{a} < {b} < {c}");
            }
        }
    }
    let mut sorted = texts;
    sorted.sort_by(|a, b| natural(a, b));
    assert_eq!(sorted[..4], ["-0", "0", "3", "8"]);
}

/// Times do not belong to a result; everything else does, to the last bit.
#[test]
fn every_bit_but_those_of_times_is_seen() {
    let synthetic = experiment(2);
    let records = synthetic.records();
    let kept = baseline(&synthetic, &records);
    let with = |change: &dyn Fn(&mut RunRecord)| {
        let mut records = records.clone();
        change(&mut records[0]);
        compare(&kept, &baseline(&synthetic, &records), &Tolerances::default())
    };
    let unchanged = with(&|run| {
        run.wall_seconds = 99.0;
        run.curve.seconds.iter_mut().for_each(|seconds| *seconds = Some(7.0));
    });
    assert_eq!((unchanged.counts.same, unchanged.findings.len()), (8, 0));
    let up = |value: &mut Option<f64>| *value = value.map(f64::next_up);
    type Change<'a> = &'a dyn Fn(&mut RunRecord);
    let changes: [(&str, Change); 8] = [
        ("metric", &|run| up(&mut run.curve.gradient_norm[3])),
        ("metric", &|run| up(&mut run.curve.train_loss[30])),
        ("metric", &|run| run.test.as_mut().unwrap().loss = 5.0),
        ("metric", &|run| {
            run.target_reached = Some(TargetReached { epoch: 1, steps: 2, samples: 3, cost_units: 4 })
        }),
        ("metric", &|run| run.curve.steps[2] += 1),
        ("weights", &|run| run.layer_digests[1] = chainrule_record::Digest::of(b"x")),
        ("record", &|run| run.parameter_count += 1),
        ("newly_diverged", &|run| run.stop = StopReason::Diverged),
    ];
    for (index, (kind, change)) in changes.into_iter().enumerate() {
        let comparison = with(change);
        assert_eq!((comparison.layer, comparison.counts.changed), (Layer::Bits, 1), "{index}");
        assert_eq!(kinds(&comparison, Severity::Regression)[0], kind, "{index}: {comparison:?}");
    }
    let place =
        |comparison: Comparison| (comparison.findings[0].place.epoch, comparison.findings[0].place.layer);
    assert_eq!(place(with(changes[0].1)), (Some(3), None));
    assert_eq!(place(with(changes[5].1)), (None, Some(2)));
}

/// Digests of records from another version are not compared, but digests of weights and metrics are.
#[test]
fn digests_of_records_of_another_version_are_left_out() {
    let synthetic = experiment(2);
    let mut records = synthetic.records();
    let mut kept = baseline(&synthetic, &records);
    records.iter_mut().for_each(|run| run.parameter_count += 1);
    assert!(!compare(&kept, &baseline(&synthetic, &records), &Tolerances::default()).passes());
    kept.provenance.record_version += 1;
    assert!(compare(&kept, &baseline(&synthetic, &records), &Tolerances::default()).passes());
}

/// If all losses become worse by 2 %, which is beyond the tolerance, the test of layer 2 raises an alarm with many
/// runs, but not with few. An improvement is a notice.
#[test]
fn what_is_systematic_is_found_where_runs_are_enough() {
    for (seeds, factor, regressions, notices) in [
        (4, 1.02, &["worse", "worse", "worse"][..], &[][..]),
        (4, 1.005, &[], &[]),
        (4, 0.97, &[], &["better", "better", "better"]),
        (2, 1.02, &[], &[]),
        (2, 1.4, &["worse", "worse", "worse"], &[]),
    ] {
        let synthetic = experiment(seeds);
        let mut records = synthetic.records();
        let kept = elsewhere(baseline(&synthetic, &records));
        for run in &mut records {
            let last = run.curve.len() - 1;
            for loss in [&mut run.curve.train_loss[last], &mut run.curve.validation_loss[last]] {
                *loss = loss.map(|loss| factor * loss);
            }
            if let Some(test) = &mut run.test {
                test.loss *= factor;
            }
        }
        let comparison = compare(&kept, &baseline(&synthetic, &records), &Tolerances::default());
        assert_eq!(comparison.layer, Layer::Statistics);
        assert_eq!(kinds(&comparison, Severity::Regression), regressions, "{seeds} {factor}: {comparison:?}");
        assert_eq!(kinds(&comparison, Severity::Notice), notices, "{seeds} {factor}");
    }
}

/// Of 48 runs, the runs of one configuration have other bits: too few for a test, but all ten times worse. The unchanged
/// runs do not dilute the change.
#[test]
fn few_runs_that_became_much_worse_are_found_among_many_that_are_the_same() {
    let synthetic = experiment(12);
    let records = synthetic.records();
    let kept = elsewhere(baseline(&synthetic, &records));
    let with = |changed: usize, change: &dyn Fn(&mut RunRecord)| {
        let mut records = records.clone();
        for run in records.iter_mut().filter(|run| run.stop != StopReason::Diverged).take(changed) {
            run.weights_digest = Some(chainrule_record::Digest::of(b"other weights"));
            change(run);
        }
        compare(&kept, &baseline(&synthetic, &records), &Tolerances::default())
    };
    let scale = |factor: f64| {
        move |run: &mut RunRecord| {
            *run.curve.train_loss.last_mut().unwrap() =
                run.curve.train_loss.last().unwrap().map(|x| factor * x);
        }
    };
    let found = with(8, &scale(10.0));
    assert_eq!(kinds(&found, Severity::Regression), ["worse"], "{found:?}");
    let finding = found.of(Severity::Regression).next().unwrap();
    assert!(
        finding.message.starts_with("train_loss of 8 of 48 runs is worse by 160 % of the mean of before and now, to 10 times its earlier value, on average"),
        "{finding:?}"
    );
    assert!(finding.message.contains("the limit is 25 %): 8 worse, 0 better"), "{finding:?}");
    assert!(kinds(&with(8, &scale(1.1)), Severity::Regression).is_empty(), "within the limit");
    assert!(kinds(&with(8, &scale(0.1)), Severity::Regression).is_empty(), "better");
    // The same applies to newly lost runs.
    let lost = with(6, &|run| run.stop = StopReason::Diverged);
    let judged = lost.of(Severity::Regression).filter(|one| one.message.starts_with("lost of 6 of 48 runs"));
    assert_eq!(judged.count(), 1, "{lost:?}");
}

/// The reported limit is the applied limit. A larger tolerance replaces it.
#[test]
fn the_limit_that_is_told_is_the_one_that_holds() {
    let synthetic = experiment(2);
    let mut records = synthetic.records();
    let kept = elsewhere(baseline(&synthetic, &records));
    records.iter_mut().for_each(|run| *run.curve.train_loss.last_mut().unwrap() = Some(9.0));
    let mut tolerances = Tolerances::default();
    tolerances.set("train_loss", 0.5).unwrap();
    let found = compare(&kept, &baseline(&synthetic, &records), &tolerances);
    let message = &found.of(Severity::Regression).next().unwrap().message;
    assert!(message.contains("the limit is 50 %"), "{message}");
}

/// A tolerance that was set is applied.
#[test]
fn tolerances_can_be_set() {
    let mut tolerances = Tolerances::default();
    assert!(tolerances.set("trian_loss", 0.1).unwrap_err().contains("there are train_loss, "));
    assert!(tolerances.set("train_loss", f64::NAN).is_err() && tolerances.set("train_loss", -1.0).is_err());
    tolerances.set("train_loss", 0.5).unwrap();
    assert_eq!((tolerances.of("train_loss"), tolerances.of("test_loss")), (0.5, 0.01));
}

/// Rounding may move decisions across the level if they are near it, but not others.
#[test]
fn conclusions_may_change_near_the_level_alone() {
    let claim = |decision: &str, p| Conclusions {
        claims: vec![ClaimConclusion { text: "it is so".to_owned(), decision: decision.to_owned(), p }],
        ranking: Vec::new(),
    };
    let severity = |was: Conclusions, is: Conclusions, strict| {
        let metric = Metric::ValidationLoss.name();
        let findings = conclusions::changed(&was, &is, metric, &Tolerances::default(), strict);
        findings.iter().map(|finding| finding.severity).collect::<Vec<_>>()
    };
    use Severity::{Notice, Regression};
    let supported = |p| claim("supported", Some(p));
    let undecided = |p| claim("undecided", Some(p));
    assert_eq!(severity(supported(0.04), undecided(0.06), false), [Notice]);
    assert_eq!(severity(supported(0.04), undecided(0.06), true), [Regression]);
    assert_eq!(severity(supported(0.001), undecided(0.4), false), [Regression]);
    assert_eq!(severity(claim("supported", None), claim("refuted", None), false), [Regression]);
    assert_eq!(severity(supported(0.001), supported(0.02), false), []);
    let ranking = |medians: [(&str, f64); 2]| Conclusions {
        ranking: medians
            .map(|(label, median)| Ranked { label: label.to_owned(), median: Some(median) })
            .into(),
        claims: Vec::new(),
    };
    let before = || ranking([("adam", 0.1), ("sgd", 0.2)]);
    assert_eq!(severity(before(), ranking([("sgd", 0.2), ("adam", 0.3)]), false), [Regression]);
    assert_eq!(severity(before(), ranking([("sgd", 0.1), ("adam", 0.1001)]), false), [Notice]);
    assert_eq!(severity(before(), ranking([("adam", 0.1), ("sgd", 0.9)]), false), []);
}

#[test]
fn nothing_to_compare_is_no_panic() {
    let synthetic = experiment(1);
    let (none, one) = (baseline(&synthetic, &[]), baseline(&synthetic, &synthetic.records()[..1]));
    for (before, now) in [(&none, &none), (&none, &one), (&one, &none), (&one, &one)] {
        let comparison = compare(before, now, &Tolerances::default());
        assert_eq!(comparison.passes(), before == now);
        for format in [Format::Text, Format::Markdown, Format::Json, Format::Github] {
            assert!(
                comparison
                    .render(
                        format,
                        Files { experiment: "a:b,c\n.toml", baseline: "x", remedy: ("if", "so\n") }
                    )
                    .ends_with('\n')
            );
        }
        assert_eq!(Baseline::parse(&now.to_text()).as_ref(), Ok(now));
    }
}

#[test]
fn the_headline_says_what_was_compared_and_how() {
    let synthetic = experiment(2);
    let records = synthetic.records();
    let kept = baseline(&synthetic, &records);
    let files = Files {
        experiment: "x.toml",
        baseline: "x.csv",
        remedy: ("if this is meant", "chainrule bless x.toml"),
    };
    let said = |before: &Baseline, records: &[RunRecord]| {
        let comparison = compare(before, &baseline(&synthetic, records), &Tolerances::default());
        comparison.render(Format::Text, files)
    };
    assert!(said(&kept, &records).starts_with("passed: 8 runs compared with x.csv, all the same bit by bit"));
    let fewer = said(&kept, &records[1..]);
    let same =
        "regression: 7 runs compared with x.csv and the same bit by bit, but 1 run is in the baseline alone";
    assert!(fewer.starts_with(same), "{fewer}");
    let none = said(&kept, &[]);
    assert!(none.contains("nothing could be compared") && !none.contains("the same"), "{none}");
    let mut changed = records.clone();
    changed.iter_mut().for_each(|run| {
        run.curve.validation_loss.iter_mut().flatten().for_each(|loss| *loss *= 2.0);
    });
    let few = said(&elsewhere(kept), &changed);
    assert!(few.contains("so few runs allow no test") && !few.contains("judged by tolerance"), "{few}");
    assert!(few.contains("67 % of the mean of before and now, to 2 times its earlier value"), "{few}");
}

#[test]
fn a_run_that_ended_otherwise_is_told_in_words() {
    let synthetic = experiment(2);
    let mut records = synthetic.records();
    let kept = baseline(&synthetic, &records);
    records[0].stop = StopReason::TimedOut;
    let comparison = compare(&kept, &baseline(&synthetic, &records), &Tolerances::default());
    let message = &comparison.findings.iter().find(|finding| finding.run.is_some()).unwrap().message;
    assert!(message.contains("timed out") && !message.contains("timed_out"), "{message}");
}

/// A baseline that is older than a setting has no line for it, and stays valid.
#[test]
fn settings_that_are_as_before_in_every_run_are_left_out() {
    let mut as_before = AsBefore::default();
    as_before.add("warp", json!(0.0));
    as_before.add("optimizer.adam.amsgrad", json!(false));
    let as_before = Arc::new(as_before);
    let record = |warp: f64| {
        let adam = json!({ "adam": { "beta1": 0.9, "amsgrad": false } });
        let mut spec: RunSpec = serde_json::from_value(json!({ "optimizer": adam, "warp": warp })).unwrap();
        spec.0.complete(&as_before);
        RunRecord::without_results(spec.run_id(), 1, spec, StopReason::MaxEpochs)
    };
    let (before, other) = (record(0.0), record(2.0));
    let optimizer = || ("optimizer".to_owned(), json!({ "adam": { "beta1": 0.9 } }));
    assert_eq!(divided(&[], &[&before]), ([optimizer()].into(), Vec::new()));
    let warp = ("warp".to_owned(), json!(2.0));
    assert_eq!(divided(&[], &[&other]), ([optimizer(), warp].into(), Vec::new()));
    assert_eq!(divided(&[], &[&before, &other]), ([optimizer()].into(), vec!["warp".to_owned()]));
}
