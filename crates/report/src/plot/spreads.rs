//! Lines and bands over the seeds.

use super::{Ink, Mark, Point, Span};
use crate::analysis::{Analysis, Configuration, Spread};
use crate::number::{count, rounded, rounded_or};

/// With more lines than this, bands would hide one another.
pub(super) const MAX_BANDS: usize = 6;

/// Significant digits of hover texts.
pub(super) const DIGITS: usize = 4;

/// The numbers drawn for a spread: its median and the ends of its band.
pub(super) fn drawn(spread: &Spread) -> impl Iterator<Item = f64> + use<> {
    spread.median.into_iter().chain(spread.band().into_iter().flat_map(|(low, high)| [low, high]))
}

/// The medians of a line; the line has a gap where there is no median.
pub(super) fn medians<'a>(
    points: impl IntoIterator<Item = (f64, &'a Spread)>,
    hover: impl Fn(f64, &Spread) -> String,
) -> Vec<Point> {
    let point = |(x, spread): (f64, &Spread)| {
        Point::new(x, spread.median.unwrap_or(f64::NAN)).saying(hover(x, spread))
    };
    points.into_iter().map(point).collect()
}

/// The band of a line.
pub(super) fn band<'a>(index: usize, points: impl IntoIterator<Item = (f64, &'a Spread)>) -> Mark {
    let spans = points.into_iter().filter_map(|(x, spread)| Some(Span::new(x, spread.band()?)));
    Mark::band(Ink::Series(index), spans.collect())
}

/// The bands of some lines, unless there are too many.
pub(super) fn bands<'l, L>(lines: &'l [L], band: impl Fn(&'l L) -> Mark) -> impl Iterator<Item = Mark> {
    lines.iter().filter(|_| lines.len() <= MAX_BANDS).map(band)
}

/// `0.0712 over 5 seeds`.
pub(super) fn median_over(spread: &Spread) -> String {
    format!("{} over {}", rounded_or(spread.median, DIGITS, "–"), count(spread.values, "seed"))
}

/// A configuration in a hover text: the result of its seeds, and a line for each of its settings.
pub(super) fn configuration(analysis: &Analysis, one: &Configuration) -> String {
    let median = one.final_metric(analysis.info.metric).median;
    let settings = analysis.settings(one, &[]);
    let settings: Vec<String> = settings.iter().map(|(name, value)| format!("\n{name} {value}")).collect();
    let seeds = count(one.runs.len(), "seed");
    let reached = match median {
        Some(median) => format!("median {} over {seeds}", rounded(median, DIGITS)),
        None => format!("no median over {seeds}: {}", one.absence()),
    };
    reached + &settings.concat()
}
