//! The final metric against the learning rate.

use super::Analysis;
use crate::number::distinct;
use std::collections::BTreeMap;

/// The lines of one plot.
pub(crate) struct Sensitivity {
    /// The learning rate's factor.
    pub(crate) factor: usize,
    /// One line for each compared value with recorded runs; a single line if the learning rate itself is compared.
    pub(crate) lines: Vec<(usize, Vec<RatePoint>)>,
}

/// The best configuration at one learning rate.
#[derive(Debug, PartialEq)]
pub(crate) struct RatePoint {
    /// The learning rate.
    pub(crate) rate: f64,
    /// The configuration with the best median over the seeds.
    pub(crate) configuration: usize,
}

impl Sensitivity {
    /// `None` unless two or more learning rates have recorded runs.
    pub(crate) fn new(analysis: &Analysis) -> Option<Self> {
        let factor = analysis.grid.learning_rate.filter(|_| !analysis.is_all_lost())?;
        let compare = analysis.grid.compare.filter(|compare| *compare != factor);
        let lines = lines(analysis, factor, compare);
        let rates = distinct(lines.iter().flat_map(|(_, points)| points.iter().map(|point| point.rate)));
        (rates.len() >= 2).then_some(Self { factor, lines })
    }
}

/// For each compared value, the best configuration at each rate, with ascending rates.
fn lines(analysis: &Analysis, factor: usize, compare: Option<usize>) -> Vec<(usize, Vec<RatePoint>)> {
    let mut best: BTreeMap<usize, BTreeMap<usize, usize>> = BTreeMap::new();
    let drawn = analysis.drawn();
    for index in analysis.ranking.iter().copied() {
        let levels = &analysis.configurations[index].levels;
        if compare.is_none_or(|compare| drawn.contains(&levels[compare])) {
            let line = best.entry(compare.map_or(0, |compare| levels[compare])).or_default();
            line.entry(levels[factor]).or_insert(index);
        }
    }
    let rate = |level: usize| analysis.grid.factors[factor].levels[level].number;
    let points = |best: BTreeMap<usize, usize>| {
        let point = |(level, configuration)| Some(RatePoint { rate: rate(level)?, configuration });
        let mut points: Vec<RatePoint> = best.into_iter().filter_map(point).collect();
        points.sort_by(|a, b| a.rate.total_cmp(&b.rate));
        points
    };
    let lines = best.into_iter().map(|(value, best)| (value, points(best)));
    lines.filter(|(_, points)| !points.is_empty()).collect()
}
