//! The learning rates that are nearly as good as the best, beside the lines.

use super::canvas::{Anchor, Canvas, Drawn, GREY};
use super::page::{Frame, TEXT};
use super::palette::look;
use super::stroke::Stroke;
use crate::analysis::{Analysis, RateRow, Rates};
use chainrule_record::Better;

/// Bars over the rates that are nearly as good as the best, beyond the edge where better values lie, in the order of the legend. A
/// mark stands at the best rate.
pub(super) struct Ranges<'a> {
    better: Better,
    rows: Vec<&'a RateRow>,
    height: f64,
}

impl<'a> Ranges<'a> {
    pub(super) fn new(analysis: &Analysis, rates: Option<&'a Rates>) -> Self {
        let rows = rates.map(|rates| rates.rows.as_slice()).unwrap_or_default();
        let rows: Vec<&RateRow> = rows.iter().filter(|row| row.best.is_some()).collect();
        let height = (150.0 / (rows.len() + 1) as f64).clamp(7.0, 22.0);
        Self { better: analysis.info.metric.better(), rows, height }
    }

    /// The part of `frame` that is left for the lines.
    pub(super) fn inside(&self, frame: Frame) -> Frame {
        let room = if self.rows.is_empty() { 0.0 } else { self.height * (self.rows.len() + 1) as f64 };
        match self.better {
            Better::Lower => Frame { bottom: frame.bottom - room, ..frame },
            Better::Higher => Frame { top: frame.top + room, ..frame },
        }
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, frame: &Frame) -> Drawn {
        let first = match self.better {
            Better::Lower => frame.bottom + self.height,
            Better::Higher => frame.top - self.height * self.rows.len() as f64,
        };
        for (order, row) in self.rows.iter().enumerate() {
            let (y, look) = (first + order as f64 * self.height, look(row.compared));
            let Some(best) = row.best else { continue };
            let (from, to) = (frame.x(best.stable.0), frame.x(best.stable.1));
            canvas.line(&[(from, y), (to, y)], Stroke::solid(0.3 * self.height), look.color)?;
            look.mark(canvas, (frame.x(best.rate), y), 0.42 * self.height)?;
        }
        if self.rows.is_empty() {
            return Ok(());
        }
        let middle = first + (self.rows.len() - 1) as f64 / 2.0 * self.height;
        canvas.text("near best", (frame.left - 12.0, middle), TEXT, GREY, Anchor::Right)
    }
}
