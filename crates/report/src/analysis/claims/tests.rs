//! Claims about made-up runs: expected numbers by hand, and the rate of false verdicts by simulation.

use super::*;
use crate::analysis::Analysis;
use crate::support::{Synthetic, axis, run, singular_values};
use chainrule_record::*;
use chainrule_statistics::Needed;
use serde_json::{Value, json};

fn is(setting: &str, value: Value) -> Selection {
    let label = format!("{setting} {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    Selection { conditions: vec![(setting.to_owned(), vec![Condition::Value(value)])], label }
}

fn optimizer(name: &str) -> Selection {
    is("optimizer", json!(name))
}

fn claim(subject: RunMetric, test: ClaimTest) -> Claim {
    let text = "it is so".to_owned();
    Claim { text, must: false, filter: Selection::default(), subject: Subject::Run(subject), test }
}

fn before(arms: &[&str]) -> Claim {
    let arms = arms.iter().map(|name| optimizer(name)).collect();
    claim(RunMetric::TrainLoss, ClaimTest::Order { arms, prefers: Better::Lower })
}

fn threshold(subject: RunMetric, side: Side, bound: f64, of: Extent) -> Claim {
    claim(subject, ClaimTest::Threshold { side, bound, of })
}

fn trend(over: &str, direction: Direction) -> Claim {
    let over = match over {
        "depth" => TrendAxis::Depth,
        "layer" => TrendAxis::Layer,
        setting => TrendAxis::Setting(setting.to_owned()),
    };
    claim(RunMetric::TrainLoss, ClaimTest::Trend { direction, over })
}

/// A run with this final loss; infinite for a diverged run.
fn ended(settings: Value, loss: f64) -> RunRecord {
    match loss.is_finite() {
        true => run(settings, &[9.0, loss], StopReason::MaxEpochs),
        false => run(settings, &[9.0], StopReason::Diverged),
    }
}

/// Runs of optimizers `a`, `b`, …, each with a list of losses by seed.
fn arms(losses: &[&[f64]]) -> Vec<RunRecord> {
    let arm = |(index, losses): (usize, &&[f64])| {
        let name = char::from(b'a' + index as u8).to_string();
        let one = move |(seed, loss): (usize, &f64)| ended(json!({"optimizer": name, "seed": seed}), *loss);
        losses.iter().enumerate().map(one).collect::<Vec<_>>()
    };
    losses.iter().enumerate().flat_map(arm).collect()
}

/// The experiment of these runs. Every setting that varies among them is an axis.
fn info(records: &[RunRecord], claims: Vec<Claim>) -> ExperimentInfo {
    let mut axes: Vec<(&'static str, Vec<(Value, String)>)> = Vec::new();
    for setting in ["optimizer", "learning_rate", "architecture"] {
        let mut values: Vec<Value> =
            records.iter().filter_map(|run| run.spec.get(setting).cloned()).collect();
        values.sort_by_key(Value::to_string);
        values.dedup();
        if !values.is_empty() {
            axes.push((setting, axis(&values)));
        }
    }
    let compare = axes.first().map(|axis| axis.0);
    let mut info = Synthetic { axes, compare, metric: Metric::TrainLoss, ..Synthetic::default() }.info();
    info.run_ids = records.iter().map(|run| run.run_id).collect();
    info.seeds = vec![0];
    info.claims = claims;
    info
}

/// The outcome of a claim about these runs: decision, reason, and the first piece of evidence.
struct Found {
    decision: Decision,
    reason: String,
    evidence: Vec<Evidence>,
    p: Option<f64>,
    adjusted: Option<f64>,
    more_seeds: Option<usize>,
    throughout: Option<usize>,
}

fn decide_all(records: &[RunRecord], claims: Vec<Claim>) -> Vec<Found> {
    found(&info(records, claims), records, &[])
}

fn found(info: &ExperimentInfo, records: &[RunRecord], confirmation: &[RunRecord]) -> Vec<Found> {
    let analysis = Analysis::with_confirmation(info, records, confirmation);
    let found = |verdict: &Verdict| Found {
        decision: verdict.decision,
        reason: verdict.reason.clone().unwrap_or_default(),
        evidence: verdict.evidence.clone(),
        p: verdict.p,
        adjusted: verdict.adjusted,
        more_seeds: verdict.more_seeds,
        throughout: verdict.throughout,
    };
    analysis.verdicts.iter().map(found).collect()
}

fn one(records: &[RunRecord], claim: Claim) -> Found {
    decide_all(records, vec![claim]).remove(0)
}

/// The p of an exact test, which the beta function gives to 12 digits.
#[track_caller]
fn has_p(found: &Found, p: f64) {
    assert!(found.p.is_some_and(|ours| (ours - p).abs() <= 1e-12), "{:?}, not {p}", found.p);
}

use Decision::{Refuted, Supported, Undecided};
const INF: f64 = f64::INFINITY;

#[test]
fn a_comparison_is_paired_over_the_seeds() {
    // Differences 0.5, 0.25, …, all in favour of a: 2 of 2⁸ sign patterns are as extreme.
    let a = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
    let b: Vec<f64> =
        a.iter().zip([0.5, 0.25, 0.125, 0.5, 0.25, 0.125, 0.5, 0.25]).map(|(a, d)| a + d).collect();
    let records = arms(&[&a, &b]);
    let found = one(&records, before(&["a", "b"]));
    let [evidence] = found.evidence.as_slice() else { panic!("one piece") };
    assert_eq!((found.decision, found.p), (Supported, Some(2.0 / 256.0)));
    assert_eq!(
        (evidence.n, evidence.estimate, evidence.kind),
        (8, Some(2.5 / 8.0), Estimate::MeanDifference)
    );
    assert_eq!(evidence.ahead.unwrap().0, 1.0);
    assert_eq!(one(&records, before(&["b", "a"])).decision, Refuted);
    // Unpaired, the difference would be hidden: the losses differ far more between seeds.
    let means = one(&records[..8], threshold(RunMetric::TrainLoss, Side::AtMost, 4.5 + 0.3125, Extent::Mean));
    assert_eq!(means.decision, Undecided);
}

#[test]
fn fewer_than_six_pairs_have_no_p() {
    let found = one(&arms(&[&[1.0; 5], &[2.0, 2.1, 2.2, 2.3, 2.4]]), before(&["a", "b"]));
    assert_eq!((found.decision, found.p, found.more_seeds), (Undecided, None, Some(1)));
    assert_eq!(found.reason, "5 seeds, and the exact test has no p below 6");
    assert_eq!(found.evidence[0].estimate, Some(1.2));
}

#[test]
fn lost_runs_are_worse_than_any_number_and_never_dropped() {
    // b diverges in two of eight seeds: eight of eight favour a, and the differences have no mean.
    let found = one(&arms(&[&[1.0; 8], &[1.5, 1.5, INF, 1.25, 1.25, INF, 1.25, 1.25]]), before(&["a", "b"]));
    let evidence = &found.evidence[0];
    assert_eq!((found.decision, evidence.n, evidence.lost), (Supported, 8, 2));
    has_p(&found, 2.0 / 256.0);
    // Differences 0.25 four times, 0.5 twice, ∞ twice: the median is between 0.25 and 0.5.
    assert_eq!((evidence.kind, evidence.estimate), (Estimate::MedianDifference, Some(0.375)));
    let interval = evidence.interval.unwrap();
    assert_eq!((interval.low, interval.high), (0.25, INF));
    // Both diverged: neither is better. Six of the other seven seeds favour a: 2 · (1 + 7)/2⁷.
    let a = [INF, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 3.0];
    let b = [INF, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0];
    let found = one(&arms(&[&a, &b]), before(&["a", "b"]));
    assert_eq!(found.decision, Undecided);
    has_p(&found, 0.125);
    // The needed number of seeds follows from 6 of 7 wins against ½, with 8 seeds for every 7 that decide: a tie counts
    // for nothing.
    assert!(found.more_seeds.is_some_and(|more| (1..10).contains(&more)), "{:?}", found.more_seeds);
}

#[test]
fn missed_targets_count_as_later_than_any_epoch() {
    let mut records = arms(&[&[1.0; 6], &[1.0; 6]]);
    for (index, run) in records.iter_mut().enumerate().filter(|(index, _)| *index != 11) {
        let epoch = if index < 6 { 5 } else { 9 };
        run.target_reached =
            Some(TargetReached { epoch, steps: 10 * epoch, samples: 0, cost_units: 30 * epoch });
    }
    let order = |subject| {
        let arms = vec![optimizer("a"), optimizer("b")];
        claim(subject, ClaimTest::Order { arms, prefers: Better::Lower })
    };
    for subject in [RunMetric::EpochsToTarget, RunMetric::StepsToTarget, RunMetric::CostToTarget] {
        let found = one(&records, order(subject));
        assert_eq!((found.decision, found.evidence[0].lost), (Supported, 1), "{subject:?}");
        has_p(&found, 0.03125);
    }
    let reach = threshold(RunMetric::ReachesTarget, Side::AtLeast, 1.0, Extent::Every);
    let of = |name: &str| Claim { filter: optimizer(name), ..reach.clone() };
    let found = decide_all(&records, vec![of("a"), of("b")]);
    assert_eq!((found[0].decision, found[1].decision), (Supported, Refuted));
    assert_eq!(found[1].evidence[0].estimate, Some(0.0));
}

/// Each optimizer at two rates: pairs have the same rate, and are averaged within a seed.
fn with_rates(seeds: u64) -> Vec<RunRecord> {
    let mut records = Vec::new();
    for (name, base) in [("a", 1.0), ("b", 1.5)] {
        for (rate, offset) in [(0.1, 0.0), (0.2, if name == "a" { 4.0 } else { 3.75 })] {
            for seed in 0..seeds {
                let settings = json!({"optimizer": name, "learning_rate": rate, "seed": seed});
                records.push(ended(settings, base + offset + seed as f64 / 64.0));
            }
        }
    }
    records
}

#[test]
fn other_settings_pair_the_runs_and_are_averaged() {
    // a is better by 0.5 at 0.1, and by 0.25 at 0.2.
    let found = one(&with_rates(6), before(&["a", "b"]));
    assert_eq!(
        (found.decision, found.evidence[0].n, found.evidence[0].estimate),
        (Supported, 6, Some(0.375))
    );
    let filter = is("learning_rate", json!(0.2));
    let found = one(&with_rates(6), Claim { filter, ..before(&["a", "b"]) });
    assert_eq!(found.evidence[0].estimate, Some(0.25));
}

#[test]
fn tuned_groups_stand_at_their_best() {
    let mut records = with_rates(6);
    // Now b is best at 0.2, with a loss of 0.5 + seed/64.
    for run in records.iter_mut().filter(|run| {
        run.spec.get("optimizer") == Some(&json!("b")) && run.spec.get("learning_rate") == Some(&json!(0.2))
    }) {
        let seed = run.spec.seed() as f64;
        *run.curve.train_loss.last_mut().unwrap() = Some(0.5 + seed / 64.0);
    }
    let mut info = info(&records, vec![before(&["b", "a"])]);
    info.tune = vec!["learning_rate".to_owned()];
    let tuned = found(&info, &records, &[]).remove(0);
    assert_eq!((tuned.decision, tuned.evidence[0].estimate), (Supported, Some(0.5)));
    // A group that names a value of a tuned setting keeps this value.
    let worse = is("learning_rate", json!(0.1));
    info.claims = vec![Claim { filter: worse, ..before(&["b", "a"]) }];
    let named = found(&info, &records, &[]).remove(0);
    assert_eq!((named.decision, named.evidence[0].estimate), (Refuted, Some(-0.5)));
}

#[test]
fn runs_on_fresh_seeds_decide_alone() {
    let records = with_rates(6);
    let mut info = info(&records, vec![before(&["a", "b"])]);
    info.tune = vec!["learning_rate".to_owned()];
    info.confirm_seeds = 8;
    info.seeds = (0..6).collect();
    let waiting = found(&info, &records, &[]).remove(0);
    assert_eq!((waiting.decision, waiting.p), (Undecided, None));
    assert_eq!(waiting.reason, "16 of 16 runs on fresh seeds are not on record; `chainrule run` makes them");

    // Both have their best rate at 0.1. On the fresh seeds 6 … 13, b is better.
    let again = |name: &str, loss: f64| {
        let one =
            move |seed: u64| ended(json!({"optimizer": name, "learning_rate": 0.1, "seed": seed}), loss);
        (6..14).map(one).collect::<Vec<_>>()
    };
    let confirmation: Vec<RunRecord> = [again("a", 2.0), again("b", 1.0)].concat();
    let mut ids: Vec<RunId> = confirmation.iter().map(|run| run.run_id).collect();
    let mut asked = crate::analysis::all_confirmation_runs(&info, &records);
    ids.sort();
    asked.sort();
    assert_eq!(asked, ids, "exactly these runs are asked for");
    let analysis = Analysis::with_confirmation(&info, &records, &confirmation);
    let [verdict] = analysis.verdicts.as_slice() else { panic!("one claim") };
    assert_eq!((verdict.decision, verdict.p), (Refuted, Some(2.0 / 256.0)));
    assert_eq!(verdict.evidence[0].estimate, Some(-1.0));
    let planned = &verdict.planned.as_ref().unwrap()[0];
    assert_eq!((planned.estimate, planned.p, planned.n), (Some(0.5), None, 6));
    // A run is missing, so there is no verdict.
    let found = found(&info, &records, &confirmation[1..]).remove(0);
    assert_eq!((found.decision, found.reason.starts_with("1 of 16")), (Undecided, true));
    // Nothing is chosen while a planned run is missing.
    assert!(crate::analysis::all_confirmation_runs(&info, &records[1..]).is_empty());
}

#[test]
fn thresholds_of_the_mean() {
    let losses = [1.0, 1.1, 0.9, 1.05, 0.95];
    // Mean 1, s = 0.0790569, t₀.₉₇₅ with 4 degrees of freedom 2.776445: ± 0.0981622.
    let records = arms(&[&losses]);
    let at_most = |bound| one(&records, threshold(RunMetric::TrainLoss, Side::AtMost, bound, Extent::Mean));
    assert_eq!([0.9, 1.05, 1.1].map(|bound| at_most(bound).decision), [Refuted, Undecided, Supported]);
    let interval = at_most(1.0).evidence[0].interval.unwrap();
    assert!((interval.high - 1.098_162_2).abs() < 1e-6, "{interval:?}");
    let at_least = one(&records, threshold(RunMetric::TrainLoss, Side::AtLeast, 1.1, Extent::Mean));
    assert_eq!(at_least.decision, Refuted);
    // A single seed shows nothing. If all runs are equal, t is undefined: six must be on one side.
    let alike = |n: usize| {
        one(&arms(&[&vec![1.0; n]]), threshold(RunMetric::TrainLoss, Side::AtMost, 2.0, Extent::Mean))
    };
    assert_eq!([1, 5, 6].map(|n| alike(n).decision), [Undecided, Undecided, Supported]);
    // A lost run has no number, so the median is used, with the sign test.
    let lost = arms(&[&[1.0, 1.1, 1.2, 1.0, 1.1, 1.2, 1.3, INF]]);
    let found = one(&lost, threshold(RunMetric::TrainLoss, Side::AtMost, 1.5, Extent::Mean));
    // Seven of eight: 2 · 9/2⁸ = 0.0703.
    assert_eq!((found.decision, found.evidence[0].kind), (Undecided, Estimate::Median));
    has_p(&found, 18.0 / 256.0);
    assert_eq!(found.evidence[0].lost, 1);
}

/// Rounded sums divided by their number are less than 0.95. So equality is checked on the values, not on their rounded
/// distances from the mean.
#[test]
fn values_that_are_all_the_same_are_on_the_side_of_their_own_bound() {
    for (n, side) in [(12, Side::AtLeast), (12, Side::AtMost), (7, Side::AtLeast), (30, Side::AtMost)] {
        let found = one(&arms(&[&vec![0.95; n]]), threshold(RunMetric::TrainLoss, side, 0.95, Extent::Mean));
        assert_eq!((found.decision, found.evidence[0].kind), (Supported, Estimate::Median), "{n}");
        assert_eq!(found.evidence[0].estimate, Some(0.95));
    }
}

/// If higher is better, a lost run is −∞. Half of the runs are lost, and all runs are on the claim's side.
#[test]
fn half_of_the_runs_lost_has_a_median_on_their_side() {
    let mut records = arms(&[&[1.0, INF, 1.0, INF, 1.0, INF, 1.0, INF]]);
    records.iter_mut().for_each(|run| run.curve.train_accuracy.fill(Some(0.25)));
    let found = one(&records, threshold(RunMetric::TrainAccuracy, Side::AtMost, 0.5, Extent::Mean));
    assert_eq!((found.decision, found.evidence[0].estimate), (Supported, Some(-INF)));
}

#[test]
fn ties_and_differences_that_cancel_out_are_told_apart() {
    let lost = one(&arms(&[&[INF; 8], &[INF; 8]]), before(&["a", "b"]));
    let same = one(&arms(&[&[1.0; 8], &[1.0; 8]]), before(&["a", "b"]));
    for tied in [lost, same] {
        assert_eq!((tied.decision, tied.more_seeds), (Undecided, None));
        assert_eq!(tied.reason, "both are equal on every seed");
    }
    let cancelling =
        one(&arms(&[&[1.0, 2.0, 1.0, 2.0, 1.0, 2.0], &[2.0, 1.0, 2.0, 1.0, 2.0, 1.0]]), before(&["a", "b"]));
    assert_eq!(
        (cancelling.evidence[0].estimate, &*cancelling.reason),
        (Some(0.0), "the result may be chance")
    );
}

#[test]
fn what_was_reached_before_a_run_diverged_is_reached() {
    let mut records = arms(&[&[1.0, INF, 1.0]]);
    for run in &mut records {
        run.target_reached = Some(TargetReached { epoch: 1, steps: 10, samples: 0, cost_units: 30 });
    }
    records[2].stop = StopReason::Failed;
    let of = |subject| {
        let all = threshold(subject, Side::AtLeast, 0.5, Extent::Mean);
        one(&records, all).evidence[0].estimate
    };
    assert_eq!(of(RunMetric::ReachesTarget), Some(2.0 / 3.0), "a run that failed leaves nothing");
}

#[test]
fn shares_have_exact_intervals() {
    let losses: Vec<f64> = (0..20).map(|seed| if seed < 18 { 1.0 } else { INF }).collect();
    let records = arms(&[&losses]);
    let share = |side, bound| one(&records, threshold(RunMetric::Diverged, side, bound, Extent::Mean));
    let found = share(Side::AtMost, 0.5);
    assert_eq!((found.decision, found.evidence[0].estimate), (Supported, Some(0.1)));
    // scipy: binomtest(2, 20).proportion_ci(method="exact") is [0.01234853, 0.31698271].
    let interval = found.evidence[0].interval.unwrap();
    assert!((interval.low - 0.012_348_53).abs() < 1e-8 && (interval.high - 0.316_982_71).abs() < 1e-8);
    assert_eq!(share(Side::AtLeast, 0.5).decision, Refuted);
    assert_eq!(share(Side::AtMost, 0.3).decision, Undecided);
    assert!(share(Side::AtMost, 0.3).more_seeds.is_some());
}

#[test]
fn every_run_must_hold() {
    let records = arms(&[&[0.5, 0.25], &[0.5, INF]]);
    let of = |name: &str, bound| {
        let every = threshold(RunMetric::TrainLoss, Side::AtMost, bound, Extent::Every);
        one(&records, Claim { filter: optimizer(name), ..every })
    };
    assert_eq!(
        [of("a", 0.5).decision, of("a", 0.4).decision, of("b", 9.0).decision],
        [Supported, Refuted, Refuted]
    );
    assert_eq!((of("a", 0.4).evidence[0].estimate, of("b", 9.0).evidence[0].lost), (Some(0.5), 1));
    let equals = |value, tolerance| {
        let test = ClaimTest::Equals { value, tolerance };
        one(&records, Claim { filter: optimizer("a"), ..claim(RunMetric::TrainLoss, test) })
    };
    assert_eq!([equals(0.375, 0.125).decision, equals(0.5, 0.125).decision], [Supported, Refuted]);
    assert_eq!(equals(0.5, 0.125).evidence[0].estimate, Some(0.25));
    assert_eq!(equals(0.5, 0.125).p, None);
}

#[test]
fn orders_hold_if_every_step_does() {
    let shifted = |by: f64| (0..8).map(|seed| f64::from(seed) + by).collect::<Vec<_>>();
    let (a, b, c) = (shifted(0.0), shifted(0.5), shifted(1.0));
    let records = arms(&[&a, &b, &c]);
    let right = one(&records, before(&["a", "b", "c"]));
    assert_eq!((right.decision, right.p, right.throughout), (Supported, Some(2.0 / 256.0), Some(8)));
    assert_eq!(right.evidence[1].part, "optimizer b before optimizer c");
    // One of two steps goes in the other direction: twice its p.
    let wrong = one(&records, before(&["a", "c", "b"]));
    assert_eq!((wrong.decision, wrong.p, wrong.throughout), (Refuted, Some(4.0 / 256.0), Some(0)));
}

fn at_rates(loss: impl Fn(f64, u64) -> f64) -> Vec<RunRecord> {
    let run = |rate: f64, seed: u64| {
        ended(json!({"optimizer": "a", "learning_rate": rate, "seed": seed}), loss(rate, seed))
    };
    [0.2, 0.1, 0.4]
        .into_iter()
        .flat_map(|rate| (0..8).map(move |seed| (rate, seed)))
        .map(|(r, s)| run(r, s))
        .collect()
}

#[test]
fn trends_go_from_each_level_to_the_next() {
    let falling = at_rates(|rate, seed| seed as f64 - rate);
    let found = one(&falling, trend("learning_rate", Direction::Falls));
    assert_eq!((found.decision, found.throughout, found.p), (Supported, Some(8), Some(2.0 / 256.0)));
    assert_eq!(found.evidence[0].part, "learning_rate 0.1 before learning_rate 0.2");
    assert_eq!(one(&falling, trend("learning_rate", Direction::Rises)).decision, Refuted);
    // Down and then up is not a trend.
    let bent = at_rates(|rate, seed| seed as f64 + (rate - 0.2).abs());
    assert_eq!(one(&bent, trend("learning_rate", Direction::Falls)).decision, Refuted);
    // A diverged run is larger than any loss.
    let diverging = at_rates(|rate, seed| if rate > 0.3 { INF } else { seed as f64 + rate });
    assert_eq!(one(&diverging, trend("learning_rate", Direction::Rises)).decision, Supported);
}

#[test]
fn depth_is_the_number_of_hidden_layers() {
    let run =
        |widths: Value, seed: u64, loss: f64| ended(json!({"architecture": widths, "seed": seed}), loss);
    let mut records = Vec::new();
    for seed in 0..6 {
        let base = seed as f64;
        records.push(run(json!([8]), seed, base + 2.0));
        records.push(run(json!([16]), seed, base + 1.0));
        records.push(run(json!([8, 8]), seed, base + 1.25));
        records.push(run(json!([]), seed, base + 3.0));
    }
    let found = one(&records, trend("depth", Direction::Falls));
    assert_eq!((found.decision, found.evidence.len()), (Supported, 2));
    // From no hidden layer to one: 3 − (2 + 1)/2. From one to two: 1.5 − 1.25.
    assert_eq!([0, 1].map(|step| found.evidence[step].estimate), [Some(1.5), Some(0.25)]);
}

#[test]
fn trends_over_the_layers_of_each_network() {
    let mut records = arms(&[&[1.0; 6]]);
    for (seed, run) in records.iter_mut().enumerate() {
        let values = [1.0, 2.0, 3.0].map(|layer| [10.0 / layer + seed as f64, 1.0]);
        run.probes = singular_values(&values.each_ref().map(|values| ((4, 4), &values[..])));
    }
    let largest = LayerMetric::LargestSingularValue;
    let falls = Claim {
        subject: Subject::Layer { metric: largest, layer: None, at: Measured::End },
        ..trend("layer", Direction::Falls)
    };
    let found = one(&records, falls);
    assert_eq!((found.decision, found.throughout), (Supported, Some(6)));
    // From 10 to 5, and from 5 to 10/3.
    assert_eq!(found.evidence[0].estimate, Some(5.0));
    assert!((found.evidence[1].estimate.unwrap() - 5.0 / 3.0).abs() < 1e-12);
    let of = |layer: LayerChoice, bound: f64| {
        let test = ClaimTest::Threshold { side: Side::AtMost, bound, of: Extent::Every };
        let subject =
            Subject::Layer { metric: LayerMetric::ConditionNumber, layer: Some(layer), at: Measured::End };
        one(&records, Claim { subject, ..claim(RunMetric::TrainLoss, test) })
    };
    // Condition numbers of the first layer are 10 … 15, of the last 10/3 … 10/3 + 5.
    assert_eq!(
        [of(LayerChoice::Number(1), 15.0).decision, of(LayerChoice::Last, 8.0).decision],
        [Supported, Refuted]
    );
    let absent = of(LayerChoice::Number(4), 1.0);
    assert_eq!((absent.decision, absent.reason.as_str()), (Undecided, "6 of 6 runs do not measure it"));
}

#[test]
fn several_claims_are_adjusted_together() {
    let a: Vec<f64> = (0..6).map(f64::from).collect();
    let b: Vec<f64> = a.iter().map(|value| value + 1.0).collect();
    let records = arms(&[&a, &b]);
    let alone = one(&records, before(&["a", "b"]));
    assert_eq!((alone.decision, alone.p, alone.adjusted), (Supported, Some(0.03125), Some(0.03125)));
    let both = decide_all(&records, vec![before(&["a", "b"]), before(&["b", "a"])]);
    for found in both {
        assert_eq!((found.decision, found.p, found.adjusted), (Undecided, Some(0.03125), Some(0.0625)));
        assert_eq!(found.reason, "the result may be chance, given the number of claims tested");
        // At 0.05/2, at least seven pairs are needed to decide.
        assert_eq!(found.more_seeds, Some(1));
    }
    // A claim that needs no p does not affect the others.
    let every = threshold(RunMetric::TrainLoss, Side::AtMost, 99.0, Extent::Every);
    assert_eq!(decide_all(&records, vec![before(&["a", "b"]), every])[0].adjusted, Some(0.03125));
}

#[test]
fn no_verdict_without_all_runs() {
    let records = arms(&[&[1.0; 8], &[2.0; 8]]);
    let info = info(&records, vec![before(&["a", "b"]), before(&["a", "c"])]);
    let found = found(&info, &records[1..], &[]);
    assert_eq!(
        (found[0].decision, found[0].reason.as_str()),
        (Undecided, "1 of 16 planned runs are not on record")
    );
    let none = one(&records, before(&["a", "c"]));
    assert_eq!((none.decision, none.reason.as_str()), (Undecided, "no pair of runs was measured"));
    let same = one(&arms(&[&[1.0; 8], &[1.0; 8]]), before(&["a", "b"]));
    assert_eq!(
        (same.decision, same.reason.as_str(), same.more_seeds),
        (Undecided, "both are equal on every seed", None)
    );
}

#[test]
fn numbers_of_a_traced_step() {
    let mut records = arms(&[&[1.0]]);
    let delta = ("delta1".to_owned(), vec![vec![0.49, -4.2]]);
    records[0].trace = vec![TracedStep { step: 0, learning_rate: 0.1, matrices: [delta].into() }];
    let equals = |quantity: &str, value: f64| {
        let subject = Subject::Traced { quantity: quantity.parse().unwrap(), step: 0 };
        let test = ClaimTest::Equals { value, tolerance: 1e-12 };
        one(&records, Claim { subject, ..claim(RunMetric::TrainLoss, test) }).decision
    };
    assert_eq!(
        [equals("delta1[2]", -4.2), equals("delta1[1]", 0.5), equals("delta2[1]", 0.5)],
        [Supported, Refuted, Undecided]
    );
}

#[test]
fn errors_of_gradient_checks() {
    let mut records = arms(&[&[1.0; 3]]);
    let row = |error: Option<f64>| TensorRow {
        layer: 1,
        tensor: "weights".to_owned(),
        passed: error.is_some_and(|error| error < 1e-7),
        entries: 4,
        checked: 4,
        kinks: 0,
        below_noise: 0,
        largest_absolute: error,
        largest_relative: error,
        median_relative: error,
        sign_disagreements: None,
        worst: None,
    };
    let errors = [Some(1e-9), Some(3e-8), None];
    for (run, error) in records.iter_mut().zip(errors) {
        let row = row(error);
        run.gradient_check = Some(GradientCheck {
            after_epochs: 0,
            samples: 4,
            cost: None,
            noise: None,
            tolerance: 1e-7,
            passed: row.passed,
            parameters_unchanged: true,
            changes_gradient: None,
            changes_update: None,
            expect: Expectation::Passed,
            as_expected: row.passed,
            rows: vec![row],
        });
    }
    let small = threshold(RunMetric::LargestRelativeError, Side::AtMost, 1e-7, Extent::Every);
    let passes = threshold(RunMetric::PassesCheck, Side::AtLeast, 1.0, Extent::Every);
    let found = decide_all(&records[..2], vec![small.clone(), passes.clone()]);
    assert_eq!((found[0].decision, found[1].decision), (Supported, Supported));
    assert_eq!(found[0].evidence[0].estimate, Some(3e-8));
    // An error that is not a number is larger than any other.
    let found = decide_all(&records, vec![small, passes]);
    assert_eq!((found[0].decision, found[1].decision), (Refuted, Refuted));
    assert_eq!(found[0].evidence[0].estimate, Some(INF));
}

/// A number from 0 to 1 that depends only on its place.
fn uniform(draw: usize, place: usize) -> f64 {
    let digest = Digest::of(format!("{draw} {place}").as_bytes()).to_string();
    u32::from_str_radix(&digest[..8], 16)
        .map_or(0.5, |bits| (f64::from(bits) + 0.5) / (f64::from(u32::MAX) + 1.0))
}

/// Approximately normal: the sum of twelve uniform numbers.
fn normal(draw: usize, place: usize) -> f64 {
    (0..12).map(|part| uniform(draw, 12 * place + part)).sum::<f64>() - 6.0
}

const DRAWS: usize = 2000;

/// The largest plausible count of an event with this probability in [`DRAWS`] draws: three standard deviations above
/// the mean.
fn most(probability: f64) -> usize {
    let n = DRAWS as f64;
    (n * probability + 3.0 * (n * probability * (1.0 - probability)).sqrt()) as usize
}

/// Four optimizers with the same distribution, each claimed better than a fifth: any verdict is false.
#[test]
fn false_verdicts_on_four_claims_are_at_most_five_in_a_hundred_files() {
    let mut wrong = [0, 0];
    for draw in 0..DRAWS {
        let arm = |arm: usize| {
            (0..10)
                .map(|seed| {
                    let loss = normal(draw, 10 * arm + seed);
                    // Some runs diverge, equally often in every arm.
                    if arm > 2 && uniform(draw, 90_000 + 10 * arm + seed) < 0.1 { INF } else { loss }
                })
                .collect::<Vec<_>>()
        };
        let losses: Vec<Vec<f64>> = (0..5).map(arm).collect();
        let slices: Vec<&[f64]> = losses.iter().map(Vec::as_slice).collect();
        // Among the arms that diverge and among those that do not.
        let claims = vec![before(&["a", "b"]), before(&["c", "b"]), before(&["d", "e"]), before(&["a", "c"])];
        let found = decide_all(&arms(&slices), claims);
        let says = |decision| found.iter().any(|one| one.decision == decision);
        wrong[0] += usize::from(says(Supported));
        wrong[1] += usize::from(says(Refuted));
    }
    assert!(wrong[0] + wrong[1] <= most(0.05), "{wrong:?} of {DRAWS}");
    // The test must decide sometimes: one claim alone would be wrong in about 5 %.
    assert!(wrong[0] + wrong[1] > DRAWS / 100, "{wrong:?} of {DRAWS}");
}

/// An order of three equal arms must not be supported or refuted in more than 5 %.
#[test]
fn false_verdicts_on_an_order_are_at_most_five_in_a_hundred() {
    let mut wrong = 0;
    for draw in 0..DRAWS {
        let arm = |arm: usize| (0..8).map(|seed| normal(draw, 8 * arm + seed)).collect::<Vec<_>>();
        let (a, b, c) = (arm(0), arm(1), arm(2));
        let found = one(&arms(&[&a, &b, &c]), before(&["a", "b", "c"]));
        wrong += usize::from(found.decision != Undecided);
    }
    assert!(wrong <= most(0.05), "{wrong} of {DRAWS}");
}

/// The true mean 0 and the true fraction are at the bound: a verdict on either side is false.
#[test]
fn false_verdicts_on_thresholds_are_at_most_five_in_a_hundred() {
    let (mut means, mut shares) = (0, 0);
    for draw in 0..DRAWS {
        let losses: Vec<f64> = (0..6).map(|seed| normal(draw, seed)).collect();
        let found = one(&arms(&[&losses]), threshold(RunMetric::TrainLoss, Side::AtMost, 0.0, Extent::Mean));
        means += usize::from(found.decision != Undecided);
        let diverge: Vec<f64> =
            (0..30).map(|seed| if uniform(draw, 500 + seed) < 0.3 { INF } else { 1.0 }).collect();
        let found = one(&arms(&[&diverge]), threshold(RunMetric::Diverged, Side::AtMost, 0.3, Extent::Mean));
        shares += usize::from(found.decision != Undecided);
    }
    assert!(means <= most(0.05) && shares <= most(0.05), "{means} and {shares} of {DRAWS}");
    assert!(means > DRAWS / 40 && shares > DRAWS / 100, "{means} and {shares} of {DRAWS}");
}

/// The requested number of seeds decides in about 80 %.
#[test]
fn as_many_seeds_as_are_asked_for_decide() {
    let needed = Needed::Mean { effect: 0.8, spread: 1.0 }.seeds(0.05).unwrap();
    let mut decided = 0;
    for draw in 0..DRAWS {
        let differences: Vec<f64> = (0..needed).map(|seed| 0.8 + normal(draw, seed)).collect();
        let found = one(&arms(&[&vec![0.0; needed], &differences]), before(&["a", "b"]));
        decided += usize::from(found.decision == Supported);
    }
    let share = decided as f64 / DRAWS as f64;
    assert!((0.75..0.87).contains(&share), "{share} with {needed} seeds");
}

/// Intervals contain the true value in at least 95 %.
#[test]
fn intervals_hold_the_truth() {
    use chainrule_statistics::{clopper_pearson, mean_interval, median_interval};
    let mut missed = [0; 3];
    for draw in 0..DRAWS {
        let values: Vec<f64> = (0..9).map(|place| normal(draw, place)).collect();
        let successes = (0..25).filter(|place| uniform(draw, 700 + place) < 0.2).count();
        let intervals = [
            (mean_interval(&values), 0.0),
            (median_interval(&values), 0.0),
            (clopper_pearson(successes, 25), 0.2),
        ];
        for (missed, (interval, truth)) in missed.iter_mut().zip(intervals) {
            let interval = interval.unwrap();
            *missed += usize::from(truth < interval.low || interval.high < truth);
        }
    }
    assert!(missed.iter().all(|missed| *missed <= most(0.05)), "{missed:?} of {DRAWS}");
    assert!(missed[0] > DRAWS / 40, "{missed:?} of {DRAWS}: an interval that is too wide holds anything");
}
