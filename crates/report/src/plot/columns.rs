//! Bars side by side in columns, in the order of the legend.

/// The positions of bars; columns are 1 apart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    /// The number of bars in a column.
    bars: usize,
    /// The distance between neighbouring bars.
    pub(super) step: f64,
}

impl Columns {
    /// Bars that take at most the fraction `used` of a column. A few bars are close together rather than spread over
    /// the page: each takes at most `widest`.
    pub(super) fn new(bars: usize, used: f64, widest: f64) -> Self {
        Self { bars, step: (used / bars.max(1) as f64).min(widest) }
    }

    /// The middle of the bar at `index` of a column.
    pub(super) fn x(&self, column: f64, index: usize) -> f64 {
        column + (index as f64 - (self.bars as f64 - 1.0) / 2.0) * self.step
    }

    /// The radius of markers that take a fraction of a bar's width, with this number of columns.
    pub(super) fn size(&self, fraction: f64, columns: usize) -> f64 {
        (fraction * self.step * 900.0 / columns as f64).clamp(3.0, 10.0)
    }
}
