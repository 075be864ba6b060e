//! Panels: two axes with marks between them.

use super::{Axis, Mark};

/// A pair of axes with marks.
#[derive(Debug)]
pub(crate) struct Panel {
    /// Distinguishes it from the other panels; empty if it is the only one.
    pub(crate) title: String,
    /// A second line of the title, in grey.
    pub(crate) subtitle: String,
    /// The horizontal axis, from left to right.
    pub(crate) x: Axis,
    /// The vertical axis, from bottom to top.
    pub(crate) y: Axis,
    /// The marks, the last on top.
    pub(crate) marks: Vec<Mark>,
    /// Strips beside it.
    pub(crate) strips: Vec<Strip>,
    /// The largest height, in pixels.
    pub(crate) highest: f64,
}

/// A strip along an edge of a panel, for marks without a place on the axis: `diverged`, `near best`. Its rows are at
/// 0, 1, 2, … from the top or from the left. Along the strip, marks use the axis of the panel.
#[derive(Debug)]
pub(crate) struct Strip {
    /// The edge at which it is.
    pub(crate) side: Side,
    /// The name of its content.
    pub(crate) label: String,
    /// The number of rows.
    pub(crate) rows: usize,
    /// The marks.
    pub(crate) marks: Vec<Mark>,
}

/// An edge of a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Top,
    Bottom,
    Left,
    Right,
}

impl Panel {
    /// A panel of marks.
    pub(crate) fn new(x: Axis, y: Axis, marks: Vec<Mark>) -> Self {
        let (title, subtitle) = (String::new(), String::new());
        Self { title, subtitle, x, y, marks, strips: Vec::new(), highest: f64::INFINITY }
    }
}
