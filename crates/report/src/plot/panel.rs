//! Panels: two axes, and what is drawn between them.

use super::{Axis, Mark};

/// A pair of axes with marks.
#[derive(Debug)]
pub(crate) struct Panel {
    /// What sets it apart from the other panels; empty where it is alone.
    pub(crate) title: String,
    /// A second line of the title, in grey.
    pub(crate) subtitle: String,
    /// From left to right.
    pub(crate) x: Axis,
    /// From bottom to top.
    pub(crate) y: Axis,
    /// What is drawn, the last on top.
    pub(crate) marks: Vec<Mark>,
    /// Strips beside it.
    pub(crate) strips: Vec<Strip>,
    /// The most pixels that it is high.
    pub(crate) highest: f64,
}

/// A strip along an edge of a panel, for what has no place on the axis: `diverged`, `near best`. Across it, rows are at
/// 0, 1, 2, … from the top or from the left; along it, marks share the axis of the panel.
#[derive(Debug)]
pub(crate) struct Strip {
    /// At which edge.
    pub(crate) side: Side,
    /// What it holds.
    pub(crate) label: String,
    /// How many rows.
    pub(crate) rows: usize,
    /// What is drawn.
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
