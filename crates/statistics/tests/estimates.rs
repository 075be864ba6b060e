//! Compares with `oracle/estimates.json`, which `estimates.py` computes with scipy and by counting, and with closed
//! forms.

#![expect(clippy::unwrap_used, reason = "the files of this folder have the expected form")]

mod oracle;

use chainrule_statistics::*;
use oracle::{cases, number, numbers};
use serde_json::Value;

const ORACLE: &str = include_str!("oracle/estimates.json");

fn count(value: &Value) -> usize {
    value.as_u64().unwrap() as usize
}

#[track_caller]
fn close(ours: f64, theirs: f64, tolerance: f64) {
    let same = ours == theirs || (ours - theirs).abs() <= tolerance * theirs.abs().max(1e-300);
    assert!(same, "{ours} here, {theirs} there");
}

#[test]
fn intervals_and_p_of_the_mean() {
    for case in cases(ORACLE, "mean") {
        let values = numbers(&case["values"]);
        let interval = mean_interval(&values).unwrap();
        close(interval.low, number(&case["low"]), 1e-9);
        close(interval.high, number(&case["high"]), 1e-9);
        close(mean_p(&values, number(&case["bound"])).unwrap(), number(&case["p"]), 1e-8);
    }
    assert_eq!((mean_interval(&[1.0]), mean_p(&[2.0, 2.0], 1.0), mean(&[])), (None, None, None));
    // For 1, 2, 3: mean 2, s = 1, t₀.₉₇₅ with 2 degrees of freedom = √(2 · 0.95² / (1 − 0.95²)) = 4.302652729911275.
    close(mean_interval(&[1.0, 2.0, 3.0]).unwrap().high, 2.0 + 4.302_652_729_911_275 / 3f64.sqrt(), 1e-9);
}

#[test]
fn intervals_and_p_of_shares() {
    for case in cases(ORACLE, "share") {
        let (k, n) = (count(&case["k"]), count(&case["n"]));
        let (wilson, exact) = (wilson(k as f64, n).unwrap(), clopper_pearson(k, n).unwrap());
        for (ours, name) in [
            (wilson.low, "wilson_low"),
            (wilson.high, "wilson_high"),
            (exact.low, "exact_low"),
            (exact.high, "exact_high"),
            (proportion_p(k, n, number(&case["bound"])).unwrap(), "p"),
        ] {
            let theirs = number(&case[name]);
            assert!((ours - theirs).abs() <= 1e-9 * theirs.max(1e-3), "{name} of {k}/{n}: {ours}, {theirs}");
        }
    }
    assert_eq!((wilson(0.0, 0), clopper_pearson(0, 0), proportion_p(0, 0, 0.5)), (None, None, None));
    // None of n: the upper end is 1 − 0.025^(1/n).
    close(clopper_pearson(0, 10).unwrap().high, 1.0 - libm::pow(0.025, 0.1), 1e-9);
    // One exception refutes a true proportion of 0 or 1, and nothing else does.
    assert_eq!(
        (proportion_p(1, 5, 0.0), proportion_p(0, 5, 0.0), proportion_p(4, 5, 1.0)),
        (Some(0.0), Some(1.0), Some(0.0))
    );
}

/// The exact test and the exact interval agree on which proportions are possible.
#[test]
fn p_of_a_share_is_small_where_the_interval_leaves_it_out() {
    for n in 1..=30 {
        for k in 0..=n {
            let interval = clopper_pearson(k, n).unwrap();
            for bound in (1..50).map(|step| f64::from(step) / 50.0) {
                let outside = bound < interval.low || interval.high < bound;
                assert_eq!(proportion_p(k, n, bound).unwrap() < 0.05, outside, "{k} of {n} against {bound}");
            }
        }
    }
}

#[test]
fn sign_tests() {
    // Six of six: 2 · 2⁻⁶. Seven of eight: 2 · (8 + 1)/2⁸. Ties favour neither side.
    close(sign_p(6, 0, 0).unwrap(), 0.03125, 1e-12);
    close(sign_p(1, 7, 0).unwrap(), 18.0 / 256.0, 1e-12);
    close(sign_p(1, 7, 5).unwrap(), 18.0 / 256.0, 1e-12);
    assert_eq!((sign_p(5, 0, 0), sign_p(0, 0, 9), sign_p(4, 4, 0)), (None, Some(1.0), Some(1.0)));
}

#[test]
fn intervals_of_the_median() {
    for case in cases(ORACLE, "median") {
        let values = numbers(&case["values"]);
        let interval = median_interval(&values).unwrap();
        assert_eq!((interval.low, interval.high), (number(&case["low"]), number(&case["high"])), "{case}");
        close(interval.level, number(&case["level"]), 1e-12);
        assert_eq!(median(&values), Some(number(&case["median"])));
    }
    assert_eq!((median(&[]), median_interval(&[1.0; 5])), (None, None));
    assert_eq!(median(&[f64::INFINITY, 1.0, 2.0]), Some(2.0));
    // Six values: from the smallest to the largest, 1 − 2 · 2⁻⁶.
    let six = median_interval(&[3.0, 1.0, 2.0, 6.0, f64::INFINITY, 4.0]).unwrap();
    assert_eq!((six.low, six.high), (1.0, f64::INFINITY));
    close(six.level, 0.96875, 1e-12);
    // The middle between −∞ and a number is −∞; between −∞ and ∞ there is none.
    let infinite = f64::INFINITY;
    assert_eq!(median(&[-infinite, 3.0]), Some(-infinite));
    assert_eq!(median(&[3.0, infinite, infinite, 1.0]), Some(infinite));
    assert_eq!((median(&[-infinite; 4]), median(&[-infinite, infinite])), (Some(-infinite), None));
    // For a million values: 1.96 · √n/2 = 980 beyond the middle on either side.
    let many: Vec<f64> = (1..=1_000_000).map(f64::from).collect();
    let interval = median_interval(&many).unwrap();
    assert!(
        (interval.low - 499_020.0).abs() <= 2.0 && (interval.high - 500_981.0).abs() <= 2.0,
        "{interval:?}"
    );
}

#[test]
fn sign_flips_are_counted() {
    for case in cases(ORACLE, "sign_flip") {
        let differences = numbers(&case["differences"]);
        close(sign_flip_p(&differences).unwrap(), number(&case["p"]), 1e-9);
    }
    assert_eq!(sign_flip_p(&[1.0; 5]), None);
    assert_eq!(sign_flip_p(&[1.0; 6]), Some(2.0 / 64.0));
    // Forty equal sizes: the sum is distributed like 40 coins, and two sign patterns reach the largest.
    assert_eq!(sign_flip_p(&[0.1; 40]), Some(2.0 / (1u64 << 40) as f64));
    assert_eq!(sign_flip_p(&[0.0; 8]), Some(1.0));
    assert_eq!(sign_flip_p(&[1.0, -1.0, 2.0, -2.0, 3.0, -3.0]), Some(1.0));
    // Scale does not matter.
    let differences = [0.3, -0.1, 0.7, 0.2, -0.05, 0.4, 0.35];
    let scaled = differences.map(|difference| difference * 1e-9);
    assert_eq!(sign_flip_p(&differences), sign_flip_p(&scaled));
}

/// Beyond 40 pairs p is a close upper bound. Up to 40 pairs, exact counting of the same numbers confirms it.
#[test]
fn rounded_sums_are_never_too_small_and_close() {
    for case in cases(ORACLE, "sign_flip_many") {
        let differences = numbers(&case["differences"]);
        let (ours, theirs) = (sign_flip_p(&differences).unwrap(), number(&case["p"]));
        assert!(
            theirs <= ours * (1.0 + 1e-9) && ours <= 1.05 * theirs,
            "{} pairs: {ours}, {theirs}",
            differences.len()
        );
    }
}

/// The fraction of the signed sums that are at least as extreme, for whole numbers. Only probabilities are rounded.
fn whole_p(differences: &[i32]) -> f64 {
    let sizes: Vec<usize> = differences.iter().map(|difference| difference.unsigned_abs() as usize).collect();
    let total: usize = sizes.iter().sum();
    let mut share = vec![0.0; total + 1];
    share[0] = 1.0;
    for size in sizes {
        for plus in (0..=total).rev() {
            let with = if plus >= size { share[plus - size] } else { 0.0 };
            share[plus] = 0.5 * (share[plus] + with);
        }
    }
    let observed = differences.iter().sum::<i32>().unsigned_abs() as usize;
    2.0 * share[(total + observed) / 2..].iter().sum::<f64>()
}

/// Holds for any number of pairs: the total rounding error grows with their number, but so does the number of units.
#[test]
fn rounded_sums_are_close_up_to_a_thousand_pairs() {
    for (n, shift) in [(100, 30), (300, 18), (500, 14), (700, 12), (1000, 9)] {
        // Whole numbers from −200 + shift to 200 + shift, by a congruential generator.
        let mut state = n as u32;
        let mut draw = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) as i32 % 401 - 200 + shift
        };
        let differences: Vec<i32> = (0..n).map(|_| draw()).collect();
        let ours = sign_flip_p(&differences.iter().copied().map(f64::from).collect::<Vec<_>>()).unwrap();
        let theirs = whole_p(&differences);
        assert!(theirs > 1e-5, "{n}: {theirs} is further out than is promised");
        assert!(theirs <= ours * (1.0 + 1e-9) && ours <= 1.05 * theirs, "{n} pairs: {ours}, {theirs}");
    }
}

/// If all pairs are ties, more seeds of the same kind would not decide.
#[test]
fn pairs_that_are_all_equal_ask_for_no_seeds() {
    for censored in [false, true] {
        let equal = paired(&[0.0; 8], censored);
        assert_eq!((equal.needed.seeds(0.05), equal.p), (None, Some(1.0)));
    }
}

/// The rounded sum of twelve times 0.95, divided by twelve, is less than 0.95.
#[test]
fn the_mean_of_equal_values_is_that_value() {
    for n in 1..=40 {
        for value in [0.95, 0.1, -1.0 / 3.0, 1e300, f64::INFINITY] {
            assert_eq!(mean(&vec![value; n]), Some(value));
        }
        assert!(n == 1 || standard_deviation(&vec![0.95; n]) == Some(0.0), "{n}");
        assert_eq!(mean_p(&vec![0.95; n], 0.95), None);
    }
}

#[test]
fn holm_as_in_its_definition() {
    for case in cases(ORACLE, "holm") {
        let ours = holm(&numbers(&case["p"]));
        for (ours, theirs) in ours.iter().zip(numbers(&case["adjusted"])) {
            close(*ours, theirs, 1e-12);
        }
    }
    assert_eq!(holm(&[]), [0.0; 0]);
}

#[test]
fn seeds_that_would_decide() {
    for case in cases(ORACLE, "pairs_needed") {
        let ours = pairs_needed(number(&case["effect"]), number(&case["spread"]), number(&case["level"]));
        assert_eq!(ours, Some(count(&case["n"])), "{case}");
    }
    for case in cases(ORACLE, "share_needed") {
        let ours = proportion_needed(number(&case["share"]), number(&case["bound"]), number(&case["level"]));
        assert_eq!(ours, Some(count(&case["n"])), "{case}");
    }
    assert_eq!((pairs_needed(0.0, 1.0, 0.05), pairs_needed(1e-6, 1.0, 0.05)), (None, None));
    // Without spread six pairs are enough; at 0.05/2 seven, because 2¹⁻⁶ is too large.
    assert_eq!((pairs_needed(1.0, 0.0, 0.05), pairs_needed(1.0, 0.0, 0.025)), (Some(6), Some(7)));
    assert_eq!((proportion_needed(0.5, 0.5, 0.05), proportion_needed(0.9, 1.0, 0.05)), (None, None));
}

#[test]
fn seeds_that_would_show_equivalence() {
    for case in cases(ORACLE, "equivalence_needed") {
        let [effect, spread, margin] = ["effect", "spread", "margin"].map(|name| number(&case[name]));
        assert_eq!(equivalence_needed(effect, spread, margin), Some(count(&case["n"])), "{case}");
    }
    assert_eq!((equivalence_needed(0.1, 0.0, 0.1), equivalence_needed(0.0, 1.0, 1e-6)), (None, None));
    assert_eq!((equivalence_needed(0.0, 0.0, 0.1), equivalence_needed(f64::NAN, 1.0, 1.0)), (Some(6), None));
}

#[test]
fn skewness_and_the_interquartile_mean() {
    for case in cases(ORACLE, "shape") {
        let values = numbers(&case["values"]);
        close(skewness(&values).unwrap(), number(&case["skewness"]), 1e-9);
        close(interquartile_mean(&values).unwrap(), number(&case["interquartile_mean"]), 1e-12);
    }
    // For 1, 2, 3, 10 the middle two; for five values, one is removed on either side.
    assert_eq!(interquartile_mean(&[10.0, 1.0, 3.0, 2.0]), Some(2.5));
    assert_eq!(interquartile_mean(&[f64::INFINITY, 1.0, 3.0, 2.0, 4.0]), Some(3.0));
    assert_eq!((interquartile_mean(&[]), interquartile_mean(&[7.0])), (None, Some(7.0)));
    // Fewer than two values, and values that differ only by rounding, have no skewness.
    assert!(!looks_skewed(&[]) && !looks_skewed(&[1.0; 9]) && !looks_skewed(&[0.1, 0.1, 0.1, 0.1 + 1e-12]));
    // For k zeros and a one, g₁ = (k − 1)/√k: 1.5 with five values, below 2·√(6/5), and 2.04 with seven, above
    // 2·√(6/7).
    let one_in = |n: usize| (0..n).map(|place| if place == 0 { 1.0 } else { 0.0 }).collect::<Vec<_>>();
    assert_eq!([5, 6, 7, 30].map(|n| looks_skewed(&one_in(n))), [false, false, true, true]);
}

/// Intervals from 2,000 draws differ from intervals from many draws by less than a tenth of the width.
#[test]
fn the_bootstrap_of_the_interquartile_mean() {
    let key = |text: &str| *blake3::hash(text.as_bytes()).as_bytes();
    for case in cases(ORACLE, "bootstrap") {
        let values = numbers(&case["values"]);
        let ours = interquartile_interval(&values, key("runs")).unwrap();
        let (low, high) = (number(&case["low"]), number(&case["high"]));
        let near = |ours: f64, theirs: f64| (ours - theirs).abs() < 0.1 * (high - low);
        assert!(near(ours.low, low) && near(ours.high, high), "{ours:?}, {low} to {high}");
        assert_eq!(interquartile_interval(&values, key("runs")), Some(ours), "the same draws");
        assert_ne!(interquartile_interval(&values, key("other runs")), Some(ours), "other draws");
        assert_eq!(interquartile_interval(&values[..29], key("runs")), None);
    }
    // If most samples contain a quarter of lost runs, the interval has an infinite end on their side. No end is NaN,
    // however many samples do.
    for lost in 0..12 {
        for worst in [f64::INFINITY, f64::NEG_INFINITY] {
            let mut values = vec![worst; lost];
            values.extend((0..32 - lost as u32).map(f64::from));
            let interval = interquartile_interval(&values, key("runs")).unwrap();
            assert!(interval.low <= interval.high, "{interval:?}");
            let end = if worst > 0.0 { interval.high } else { interval.low };
            assert!(lost != 8 || end == worst, "{interval:?}");
        }
    }
}

#[test]
fn holm_among_more_tests_than_are_at_hand() {
    // Three tests in all, two of them known: 3 · 0.01, and the larger of that and 2 · 0.03.
    for (ours, expected) in holm_among(&[0.03, 0.01], 3).into_iter().zip([0.06, 0.03]) {
        close(ours, expected, 1e-12);
    }
    // At least as large as the method gives among all tests, whatever the others are.
    for other in [0.0001, 0.02, 0.5] {
        let all = holm(&[0.03, 0.01, other]);
        let ours = holm_among(&[0.03, 0.01], 3);
        assert!(all[0] <= ours[0] && all[1] <= ours[1]);
    }
}
