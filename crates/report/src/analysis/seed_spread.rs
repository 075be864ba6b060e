//! The final metric of each seed, at the best configuration of each compared value.

use super::Analysis;
use super::run::is_lost;
use super::spread::Spread;

/// The smallest number of finished runs with quartile marks next to the dots. Bands need more runs, because they have
/// no dots.
const MARKS_FROM: usize = 5;

/// The seeds of one plot.
pub(crate) struct SeedSpread {
    /// One row for each compared value with recorded runs.
    pub(crate) rows: Vec<SeedRow>,
}

/// The seeds of a compared value.
pub(crate) struct SeedRow {
    pub(crate) compared: usize,
    /// Its runs, in plan order.
    pub(crate) seeds: Vec<Seed>,
    /// Their summary.
    pub(crate) spread: Spread,
    /// The lower and upper quartile, if there are enough runs.
    pub(crate) quartiles: Option<(f64, f64)>,
}

/// One run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seed {
    pub(crate) seed: u64,
    /// Its final metric; `None` if it diverged, failed, or was not measured.
    pub(crate) value: Option<f64>,
    /// Whether it diverged or failed.
    pub(crate) lost: bool,
}

impl SeedSpread {
    /// The seeds of every compared value.
    pub(crate) fn new(analysis: &Analysis) -> Self {
        let rows =
            analysis.drawn().into_iter().filter_map(|compared| SeedRow::new(analysis, compared)).collect();
        Self { rows }
    }
}

impl SeedRow {
    fn new(analysis: &Analysis, compared: usize) -> Option<Self> {
        let configuration = analysis.shown(compared)?;
        let metric = analysis.info.metric;
        let finite = |value: &f64| value.is_finite();
        let seeds = configuration.runs.iter().map(|run| Seed {
            seed: run.spec.seed(),
            value: run.final_value(metric).filter(finite),
            lost: is_lost(run),
        });
        let spread = *configuration.final_metric(metric);
        let quartiles =
            spread.lower_quartile.zip(spread.upper_quartile).filter(|_| spread.values >= MARKS_FROM);
        Some(Self { compared, seeds: seeds.collect(), spread, quartiles })
    }
}
