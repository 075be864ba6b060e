//! The sensitivity to the learning rate, in numbers.

use super::Analysis;
use super::sensitivity::{RatePoint, Sensitivity};
use chainrule_record::Better;

/// With fewer rates, a range has no meaning.
const LEAST_RATES: usize = 3;

/// Tolerances without a declared margin: relative for a loss, absolute for an accuracy.
const LOSS_TOLERANCE: f64 = 0.1;
const ACCURACY_TOLERANCE: f64 = 0.01;

/// The learning rates of each compared value.
pub(crate) struct Rates {
    /// The tolerance, shown as `within 10 % of its best`.
    pub(crate) tolerance: Tolerance,
    /// One row for each compared value with recorded runs at three or more rates.
    pub(crate) rows: Vec<RateRow>,
    /// The common rate, if there are several rows: among the rates that every row has, the one at which the worst row
    /// is best.
    pub(crate) common: Option<f64>,
}

/// The distance from the best value that still counts as good.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Tolerance {
    /// The margin that the experiment declares.
    Margin(f64),
    /// A fraction of the best value.
    Fraction(f64),
    /// A difference of accuracies.
    Difference(f64),
}

/// The learning rates of a compared value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RateRow {
    pub(crate) compared: usize,
    /// The number of rates.
    pub(crate) tried: usize,
    /// The smallest and the largest rate.
    pub(crate) range: (f64, f64),
    /// The best rate; `None` if half or more of the runs were lost at every rate.
    pub(crate) best: Option<BestRate>,
    /// The smallest rate above the best at which half or more of the runs are lost.
    pub(crate) lost_from: Option<f64>,
    /// The median at [`Rates::common`].
    pub(crate) at_common: Option<f64>,
}

/// The best rate, and the range around it that is nearly as good.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct BestRate {
    pub(crate) rate: f64,
    pub(crate) median: f64,
    /// The worst median that counts as good.
    pub(crate) threshold: f64,
    /// The smallest and the largest rate of the good range around the best. An end is where the line between two tried
    /// rates, over the logarithm of the rate, crosses the threshold. The range ends at the last good rate if the next
    /// rate lost its runs.
    pub(crate) stable: (f64, f64),
    /// Whether it ends at the smallest, or at the largest, tried rate, and may extend further.
    pub(crate) open: (bool, bool),
}

impl BestRate {
    /// The width of the range in powers of ten.
    pub(crate) fn decades(&self) -> f64 {
        self.stable.1.log10() - self.stable.0.log10()
    }
}

impl Tolerance {
    /// The declared margin; otherwise 10 % of a loss, or 0.01 of an accuracy.
    pub(crate) fn of(analysis: &Analysis) -> Self {
        match analysis.info.margin {
            Some(margin) => Self::Margin(margin),
            None if analysis.info.metric.is_loss() => Self::Fraction(LOSS_TOLERANCE),
            None => Self::Difference(ACCURACY_TOLERANCE),
        }
    }

    /// The worst value that still counts as good.
    pub(crate) fn threshold(self, best: f64, better: Better) -> f64 {
        let room = match self {
            Self::Margin(difference) | Self::Difference(difference) => difference,
            Self::Fraction(fraction) => fraction * best.abs(),
        };
        match better {
            Better::Lower => best + room,
            Better::Higher => best - room,
        }
    }
}

impl Rates {
    /// `None` if no compared value has enough rates.
    pub(crate) fn new(analysis: &Analysis) -> Option<Self> {
        let lines = Sensitivity::new(analysis)?.lines;
        let tolerance = Tolerance::of(analysis);
        let lines: Vec<_> = lines.into_iter().filter(|(_, points)| points.len() >= LEAST_RATES).collect();
        let common = common(analysis, &lines);
        let row = |(compared, points): &(usize, Vec<RatePoint>)| {
            let at_common = points.iter().find(|point| Some(point.rate) == common);
            RateRow {
                at_common: at_common.and_then(|point| median(analysis, point)),
                ..row(analysis, tolerance, *compared, points)
            }
        };
        let rows: Vec<RateRow> = lines.iter().map(row).collect();
        (!rows.is_empty()).then_some(Self { tolerance, rows, common })
    }

    /// The good range of a compared value.
    pub(crate) fn range_of(&self, compared: usize) -> Option<(f64, f64)> {
        Some(self.rows.iter().find(|row| row.compared == compared)?.best?.stable)
    }
}

fn median(analysis: &Analysis, point: &RatePoint) -> Option<f64> {
    analysis.configurations[point.configuration].final_metric(analysis.info.metric).median
}

fn cost(analysis: &Analysis, point: &RatePoint) -> f64 {
    analysis.configurations[point.configuration].cost(analysis.info.metric)
}

fn row(analysis: &Analysis, tolerance: Tolerance, compared: usize, points: &[RatePoint]) -> RateRow {
    let rate = |point: Option<&RatePoint>| point.map_or(f64::NAN, |point| point.rate);
    let costs: Vec<(f64, f64)> = points.iter().map(|point| (point.rate, cost(analysis, point))).collect();
    let best = best(&costs, tolerance, analysis.info.metric.better());
    let is_lost = |point: &&RatePoint| analysis.configurations[point.configuration].is_mostly_lost();
    let beyond = points.iter().filter(|point| best.is_none_or(|best| point.rate > best.rate));
    RateRow {
        compared,
        tried: points.len(),
        range: (rate(points.first()), rate(points.last())),
        best,
        lost_from: beyond.filter(is_lost).map(|point| point.rate).next(),
        at_common: None,
    }
}

/// The best rate. `costs` are rates, ascending, with their costs; smaller is better.
fn best(costs: &[(f64, f64)], tolerance: Tolerance, better: Better) -> Option<BestRate> {
    let smallest = (0..costs.len()).min_by(|a, b| costs[*a].1.total_cmp(&costs[*b].1))?;
    let (rate, cost) = costs[smallest];
    if !cost.is_finite() {
        return None;
    }
    // A cost is the median or its negative, so the threshold is at the same distance on the worse side.
    let threshold = tolerance.threshold(cost, Better::Lower);
    let above = edge(&costs[smallest..], threshold);
    let below: Vec<_> = costs[..=smallest].iter().rev().copied().collect();
    let below = edge(&below, threshold);
    let sign = if better == Better::Lower { 1.0 } else { -1.0 };
    Some(BestRate {
        rate,
        median: sign * cost,
        threshold: sign * threshold,
        stable: (below.0, above.0),
        open: (below.1, above.1),
    })
}

/// The end of the good range that starts at the first of `costs`: the rate at which the line crosses the threshold. The
/// flag is true if it never does.
fn edge(costs: &[(f64, f64)], threshold: f64) -> (f64, bool) {
    let mut last = costs.first().map_or(f64::NAN, |(rate, _)| *rate);
    for pair in costs.windows(2) {
        let [(from, inside), (to, outside)] = *pair else { continue };
        if outside <= threshold {
            last = to;
            continue;
        }
        let part = (threshold - inside) / (outside - inside);
        let crossing = libm::log10(from) + part * (libm::log10(to) - libm::log10(from));
        let is_between = outside.is_finite() && from > 0.0 && to > 0.0;
        return (if is_between { libm::pow(10.0, crossing) } else { last }, false);
    }
    (last, true)
}

fn common(analysis: &Analysis, lines: &[(usize, Vec<RatePoint>)]) -> Option<f64> {
    let (_, first) = lines.first().filter(|_| lines.len() > 1)?;
    let worst = |rate: f64| {
        let at = |points: &[RatePoint]| {
            points.iter().find(|point| point.rate == rate).map(|point| cost(analysis, point))
        };
        let costs: Option<Vec<f64>> = lines.iter().map(|(_, points)| at(points)).collect();
        costs?.into_iter().max_by(f64::total_cmp).filter(|worst| worst.is_finite())
    };
    let worsts = first.iter().filter_map(|point| Some((point.rate, worst(point.rate)?)));
    worsts.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(rate, _)| rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COSTS: [(f64, f64); 5] =
        [(0.001, 2.0), (0.01, 1.2), (0.1, 1.0), (1.0, 1.05), (10.0, f64::INFINITY)];

    #[test]
    fn the_good_range_ends_where_the_line_crosses_the_threshold() {
        let best = best(&COSTS, Tolerance::Fraction(0.1), Better::Lower).unwrap();
        assert_eq!((best.rate, best.median, best.threshold), (0.1, 1.0, 1.1));
        // Between 0.1 and 0.01 the median rises by 0.2 in a decade: half a decade down, 10^-1.5. The upper end is 1,
        // because runs are lost at larger rates.
        assert!((best.stable.0 - 0.031_622_776_601_683_79).abs() < 1e-15, "{best:?}");
        assert_eq!((best.stable.1, best.open), (1.0, (false, false)));
        assert!((best.decades() - 1.5).abs() < 1e-12);
    }

    #[test]
    fn a_range_that_ends_with_the_rates_is_open() {
        let best = best(&COSTS[1..4], Tolerance::Margin(0.5), Better::Lower).unwrap();
        assert_eq!((best.stable, best.open), ((0.01, 1.0), (true, true)));
    }

    #[test]
    fn accuracies_fall_short_by_a_hundredth() {
        // Costs are the negative accuracies 0.9, 0.95 and 0.93: the threshold is 0.94.
        let costs = [(0.01, -0.9), (0.1, -0.95), (1.0, -0.93)];
        let best = best(&costs, Tolerance::Difference(0.01), Better::Higher).unwrap();
        assert!((best.median - 0.95).abs() < 1e-15 && (best.threshold - 0.94).abs() < 1e-15);
        // Down a fifth of a decade, to 10^-1.2; up half a decade, to 10^-0.5.
        assert!((best.stable.0 - libm::pow(10.0, -1.2)).abs() < 1e-12, "{best:?}");
        assert!((best.stable.1 - libm::pow(10.0, -0.5)).abs() < 1e-12, "{best:?}");
    }

    #[test]
    fn without_a_median_there_is_no_best() {
        assert_eq!(best(&[(0.1, f64::INFINITY)], Tolerance::Fraction(0.1), Better::Lower), None);
        assert_eq!(best(&[], Tolerance::Fraction(0.1), Better::Lower), None);
        // A rate of 0 has no logarithm.
        let best = best(&[(0.0, 2.0), (0.1, 1.0)], Tolerance::Fraction(0.1), Better::Lower).unwrap();
        assert_eq!(best.stable, (0.1, 0.1));
    }
}
