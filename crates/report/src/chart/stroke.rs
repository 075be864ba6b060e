//! Smooth lines: each pixel is inked by how much of it a line covers.

use super::canvas::Point;

/// How a line is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stroke {
    /// Thickness in pixels.
    pub(crate) width: f64,
    /// Lengths drawn and left out, in turn; empty for a solid line.
    pub(crate) dashes: &'static [f64],
}

impl Stroke {
    /// A solid line.
    pub(crate) const fn solid(width: f64) -> Self {
        Self { width, dashes: &[] }
    }
}

/// Long pieces would cover large boxes of pixels, most of them for nothing.
const LONGEST_PIECE: f64 = 32.0;

/// How much of each pixel is covered by what is being drawn. Overlapping pieces of one line do not add up.
pub(crate) struct Mask {
    width: usize,
    height: usize,
    coverage: Vec<f32>,
    touched: Vec<usize>,
}

impl Mask {
    /// An empty mask.
    pub(crate) fn new(width: u32, height: u32) -> Self {
        let (width, height) = (width as usize, height as usize);
        Self { width, height, coverage: vec![0.0; width * height], touched: Vec::new() }
    }

    /// Covers a line through `points`.
    pub(crate) fn stroke(&mut self, points: &[Point], stroke: Stroke) {
        for (from, to) in pieces(points, stroke.dashes) {
            let center = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
            let half = ((to.0 - from.0) / 2.0, (to.1 - from.1) / 2.0);
            let reach = half.0.hypot(half.1) + stroke.width;
            let margin = stroke.width;
            self.fill_box(center, (half.0.abs() + margin, half.1.abs() + margin), |point| {
                if (point.0 - center.0).hypot(point.1 - center.1) > reach {
                    return 1.0;
                }
                distance_to_segment(point, from, to) - stroke.width / 2.0
            });
        }
    }

    /// Covers what lies within `distance <= 0`, in a box of `reach` around `center`.
    pub(crate) fn fill(&mut self, center: Point, reach: f64, distance: impl Fn(Point) -> f64) {
        self.fill_box(center, (reach, reach), distance);
    }

    /// Covers what lies between two curves over the same ascending x.
    pub(crate) fn band(&mut self, x: &[f64], top: &[f64], bottom: &[f64]) {
        let piece = |from: usize| {
            let at = |values: &[f64]| Some((*values.get(from)?, *values.get(from + 1)?));
            Some((at(x)?, at(top)?, at(bottom)?))
        };
        for ((left, right), top, bottom) in (0..x.len()).filter_map(piece) {
            for column in self.columns(left, right) {
                let share = ((column as f64 - left) / (right - left)).clamp(0.0, 1.0);
                let between = |(from, to): (f64, f64)| from + share * (to - from);
                self.fill_column(column, between(top), between(bottom));
            }
        }
    }

    fn columns(&self, left: f64, right: f64) -> std::ops::Range<usize> {
        let clamp = |x: f64| x.ceil().clamp(0.0, self.width as f64) as usize;
        clamp(left)..clamp(right)
    }

    fn fill_column(&mut self, column: usize, top: f64, bottom: f64) {
        let from = (top - 0.5).floor().clamp(0.0, self.height as f64) as usize;
        let to = (bottom + 1.5).floor().clamp(0.0, self.height as f64) as usize;
        for row in from..to {
            let y = row as f64;
            self.cover(column, row, (bottom.min(y + 0.5) - top.max(y - 0.5)).clamp(0.0, 1.0));
        }
    }

    fn fill_box(&mut self, center: Point, half: Point, distance: impl Fn(Point) -> f64) {
        let range = |center: f64, half: f64, limit: usize| {
            let clamp = |value: f64| value.clamp(0.0, limit as f64) as usize;
            clamp((center - half).floor())..clamp((center + half).ceil() + 1.0)
        };
        for row in range(center.1, half.1, self.height) {
            for column in range(center.0, half.0, self.width) {
                let coverage = (0.5 - distance((column as f64, row as f64))).clamp(0.0, 1.0);
                self.cover(column, row, coverage);
            }
        }
    }

    /// Covers one pixel, if it lies on the page.
    pub(crate) fn dot(&mut self, (x, y): Point, coverage: f64) {
        if (0.0..self.width as f64).contains(&x) && (0.0..self.height as f64).contains(&y) {
            self.cover(x as usize, y as usize, coverage);
        }
    }

    fn cover(&mut self, column: usize, row: usize, coverage: f64) {
        let index = row * self.width + column;
        let coverage = coverage as f32;
        if coverage > 0.0 {
            if self.coverage[index] == 0.0 {
                self.touched.push(index);
            }
            self.coverage[index] = self.coverage[index].max(coverage);
        }
    }

    /// Hands out every covered pixel, and is empty afterwards.
    pub(crate) fn drain(
        &mut self,
        mut ink: impl FnMut(i32, i32, f64) -> Result<(), String>,
    ) -> Result<(), String> {
        for index in std::mem::take(&mut self.touched) {
            let coverage = std::mem::take(&mut self.coverage[index]);
            ink((index % self.width) as i32, (index / self.width) as i32, f64::from(coverage))?;
        }
        Ok(())
    }
}

fn distance_to_segment(point: Point, from: Point, to: Point) -> f64 {
    let along = (to.0 - from.0, to.1 - from.1);
    let length = along.0 * along.0 + along.1 * along.1;
    let dot = (point.0 - from.0) * along.0 + (point.1 - from.1) * along.1;
    let share = if length > 0.0 { (dot / length).clamp(0.0, 1.0) } else { 0.0 };
    (point.0 - from.0 - share * along.0).hypot(point.1 - from.1 - share * along.1)
}

/// The drawn pieces of a line; the dashes run on around its corners.
fn pieces(points: &[Point], dashes: &[f64]) -> Vec<(Point, Point)> {
    let mut pieces = Vec::new();
    let (mut dash, mut left) = (0, dashes.first().copied().unwrap_or(f64::INFINITY));
    for pair in points.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let at = |position: f64| {
            let share = position / length;
            (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1))
        };
        let mut position = 0.0;
        // Lengths that are not finite would never end.
        while length.is_finite() && position < length {
            let step = left.min(length - position).min(LONGEST_PIECE);
            if dash % 2 == 0 {
                pieces.push((at(position), at(position + step)));
            }
            position += step;
            left -= step;
            if left <= 0.0 {
                dash = (dash + 1) % dashes.len().max(1);
                left = dashes.get(dash).copied().unwrap_or(f64::INFINITY);
            }
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_run_on_around_corners() {
        // 10 drawn, 5 left out, over 8 + 12: drawn 0–8, then 8–10 around the corner, left out 10–15, drawn 15–20.
        let pieces = pieces(&[(0.0, 0.0), (8.0, 0.0), (8.0, 12.0)], &[10.0, 5.0]);
        assert_eq!(pieces, [((0.0, 0.0), (8.0, 0.0)), ((8.0, 0.0), (8.0, 2.0)), ((8.0, 7.0), (8.0, 12.0))]);
    }

    #[test]
    fn a_solid_line_has_no_gap_and_a_point_no_piece() {
        let solid = pieces(&[(0.0, 0.0), (70.0, 0.0)], &[]);
        assert_eq!(solid.iter().map(|(from, to)| to.0 - from.0).sum::<f64>(), 70.0);
        assert!(pieces(&[(1.0, 1.0), (1.0, 1.0)], &[]).is_empty());
        assert!(pieces(&[(0.0, 0.0), (f64::INFINITY, 0.0)], &[]).is_empty());
    }

    #[test]
    fn crossing_pieces_do_not_add_up_and_the_mask_is_empty_afterwards() {
        let mut mask = Mask::new(20, 20);
        mask.stroke(&[(2.0, 10.0), (18.0, 10.0), (10.0, 10.0)], Stroke::solid(3.0));
        let mut inked = Vec::new();
        mask.drain(|x, y, coverage| {
            inked.push((x, y, coverage));
            Ok(())
        })
        .unwrap();
        // Width 3 covers the rows 9, 10 and 11 whole.
        assert!(inked.contains(&(10, 9, 1.0)) && inked.contains(&(10, 11, 1.0)));
        assert!(inked.iter().all(|(_, y, _)| (9..=11).contains(y)));
        assert!(inked.iter().all(|(_, _, coverage)| *coverage <= 1.0));
        mask.drain(|_, _, _| Err("not empty".to_owned())).unwrap();
    }

    #[test]
    fn a_band_covers_the_pixels_between_its_curves() {
        let mut mask = Mask::new(10, 10);
        mask.band(&[2.0, 6.0], &[3.0, 3.0], &[5.0, 5.0]);
        let mut area = 0.0;
        mask.drain(|_, _, coverage| {
            area += coverage;
            Ok(())
        })
        .unwrap();
        assert_eq!(area, 8.0, "four columns of two pixels");
    }
}
