//! Marks between two axes.

use super::super::palette::{self, FAINT, HATCH, LOST, WHITE, color, readable_on};
use super::frame::Frame;
use super::sheet::{Anchor, Area, Place, Sheet, fine};
use super::text::text_width;
use super::{REMARK, TEXT};
use crate::plot::{self, Cell, Fill, Ink, Mark, Markers, Point, Scale, Shape, Stroke, Symbol};
use plotters::element::{Circle, Polygon};
use plotters::style::{Color, RGBColor};

/// The radius of markers on lines.
pub(super) const MARKER: f64 = 9.0;
/// The largest number of markers on a line with [`Markers::Some`], and the smallest distance between them. Without
/// that distance, a line that ends early would consist of markers only.
const MAX_MARKERS: usize = 8;
const APART: f64 = 36.0;
/// The opacity of a band.
const BAND: f64 = 0.18;
/// The largest and the smallest font size of numbers in cells.
const LARGEST: f64 = 34.0;
const SMALLEST: f64 = 9.0;

/// The area in which marks are drawn.
struct Field<'s, 'a> {
    sheet: &'s Sheet<'a>,
    area: Area<'a>,
    frame: Frame,
}

/// Draws marks between two axes.
pub(super) fn draw(sheet: &Sheet, marks: &[Mark], axes: (Scale, Scale), frame: &Frame) {
    let area = sheet.between(axes, (frame.left, frame.top), (frame.right, frame.bottom));
    let field = Field { sheet, area, frame: *frame };
    marks.iter().for_each(|mark| field.draw(mark))
}

impl Field<'_, '_> {
    fn draw(&self, mark: &Mark) {
        let ink = color(mark.ink);
        let frame = &self.frame;
        match &mark.shape {
            Shape::Line { points, stroke, markers, lift } => {
                let places = self.line(points, *stroke, *lift, ink);
                let Ink::Series(series) = mark.ink else { return };
                let marked = marked(&places, *markers).into_iter();
                marked.for_each(|(at, size)| marker(self.sheet, Symbol::Series(series), at, size, ink))
            }
            Shape::Band(spans) => self.band(spans, ink),
            Shape::Points { points, symbol, size, lift } => points
                .iter()
                .filter_map(|point| self.place(point.x, point.y))
                .for_each(|(x, y)| marker(self.sheet, *symbol, (x, y - lift), *size, ink)),
            Shape::Boxes { boxes, opacity } => {
                boxes.iter().for_each(|area| self.rectangle(area, ink, *opacity))
            }
            Shape::Cells(cells) => cells.iter().for_each(|cell| self.cell(cell)),
            Shape::Upright(x, stroke) => {
                let x = self.at(*x, 0.0).0;
                self.sheet.line(&[(x, frame.top), (x, frame.bottom)], *stroke, ink)
            }
            Shape::Level(y, stroke) => {
                let y = self.at(0.0, *y).1;
                self.sheet.line(&[(frame.left, y), (frame.right, y)], *stroke, ink)
            }
            Shape::Text { at, text, anchor, offset } => self.text(*at, text, *anchor, *offset, ink),
        }
    }

    /// The pixel position of a point; points beyond an axis are at its end.
    fn at(&self, x: f64, y: f64) -> Place {
        let (x, y) = self.area.map_coordinate(&(x, y));
        (f64::from(x) / super::FINE, f64::from(y) / super::FINE)
    }

    fn place(&self, x: f64, y: f64) -> Option<Place> {
        (!x.is_nan() && !y.is_nan()).then(|| self.at(x, y))
    }

    fn line(&self, points: &[Point], stroke: Stroke, lift: f64, ink: RGBColor) -> Vec<Place> {
        let places: Vec<Option<Place>> =
            points.iter().map(|point| self.place(point.x, point.y).map(|(x, y)| (x, y - lift))).collect();
        for piece in places.split(Option::is_none).filter(|piece| piece.len() > 1) {
            let piece: Vec<Place> = piece.iter().flatten().copied().collect();
            self.sheet.line(&piece, stroke, ink);
        }
        places.into_iter().flatten().collect()
    }

    fn band(&self, spans: &[plot::Span], ink: RGBColor) {
        let edge = |value: fn(&plot::Span) -> f64| {
            spans.iter().filter_map(move |span| self.place(span.x, value(span))).collect::<Vec<Place>>()
        };
        let (mut outline, lower) = (edge(|span| span.high), edge(|span| span.low));
        outline.extend(lower.into_iter().rev());
        self.polygon(&outline, ink, BAND)
    }

    fn polygon(&self, corners: &[Place], ink: RGBColor, opacity: f64) {
        if corners.len() < 3 {
            return;
        }
        let corners: Vec<(i32, i32)> = corners.iter().map(|(x, y)| (fine(*x), fine(*y))).collect();
        self.sheet.draw(&Polygon::new(corners, ink.mix(opacity).filled()))
    }

    fn rectangle(&self, area: &plot::Area, ink: RGBColor, opacity: f64) {
        let ends = self.place(area.x.0, area.y.0).zip(self.place(area.x.1, area.y.1));
        let Some((from, to)) = ends else { return };
        let (from, to) = ((from.0.min(to.0), from.1.min(to.1)), (from.0.max(to.0), from.1.max(to.1)));
        // A range without extent remains visible.
        self.sheet.rectangle(from, (to.0.max(from.0 + 1.0), to.1.max(from.1 + 1.0)), ink, opacity)
    }

    fn text(&self, at: Place, text: &str, anchor: Anchor, offset: Place, ink: RGBColor) {
        let Some((x, y)) = self.place(at.0, at.1) else { return };
        let (x, y) = (x + offset.0, y + offset.1);
        let width = text_width(text, REMARK);
        let left = match anchor {
            Anchor::Left => x,
            Anchor::Center => x - width / 2.0,
            Anchor::Right => x - width,
        };
        // Lines behind the text would make it hard to read.
        let (from, to) = ((left - 4.0, y - 0.62 * REMARK), (left + width + 4.0, y + 0.62 * REMARK));
        self.sheet.rectangle(from, to, WHITE, 0.8);
        self.sheet.text(text, (x, y), REMARK, ink, anchor)
    }

    fn cell(&self, cell: &Cell) {
        let corner = |side: f64| self.at(cell.at.0 + side, cell.at.1 + side);
        let (a, b) = (corner(-0.5), corner(0.5));
        let (from, to) = ((a.0.min(b.0), a.1.min(b.1)), (a.0.max(b.0), a.1.max(b.1)));
        // Cells with numbers have gaps between them; other cells must not, because white would show through.
        let across = if cell.texts.is_empty() || to.0 - from.0 < 16.0 { -0.6 } else { 2.0 };
        let to = (to.0 - across, to.1 - if to.1 - from.1 > 16.0 { 2.0 } else { 1.0 });
        let background = match cell.fill {
            Fill::Share(share) => palette::viridis(share),
            Fill::Lost => LOST,
            Fill::Blank => WHITE,
            Fill::Ink(ink) => color(ink),
        };
        match cell.fill {
            Fill::Blank => {
                self.sheet.rectangle(from, to, FAINT, 1.0);
                self.sheet.rectangle((from.0 + 1.0, from.1 + 1.0), (to.0 - 1.0, to.1 - 1.0), WHITE, 1.0);
            }
            Fill::Lost => self.hatched(from, to),
            Fill::Share(_) | Fill::Ink(_) => self.sheet.rectangle(from, to, background, 1.0),
        }
        if let Some(ink) = cell.frame {
            let (near, far) = ((from.0 + 3.0, from.1 + 3.0), (to.0 - 3.0, to.1 - 3.0));
            let corners = [near, (far.0, near.1), far, (near.0, far.1), near];
            self.sheet.line(&corners, Stroke::solid(3.0), color(ink));
        }
        self.cell_text(cell, (from, to), background)
    }

    /// A text that does not fit is omitted: readers can look it up in the table.
    fn cell_text(&self, cell: &Cell, (from, to): (Place, Place), background: RGBColor) {
        let (width, height) = (to.0 - from.0, to.1 - from.1);
        let size = (0.2 * height).clamp(TEXT.min(0.7 * height), LARGEST.max(TEXT)).min(width / 3.4);
        let fits = |text: &&String| size >= SMALLEST && text_width(text, size) <= width - 4.0;
        let Some(text) = cell.texts.iter().find(fits) else { return };
        let middle = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
        if cell.fill == Fill::Lost {
            let (half, tall) = (text_width(text, size) / 2.0 + 6.0, 0.5 * size);
            let (low, high) = ((middle.0 - half, middle.1 - tall), (middle.0 + half, middle.1 + tall));
            self.sheet.rectangle(low, high, LOST, 1.0);
        }
        let ink = cell.text_ink.map_or(readable_on(background), color);
        self.sheet.text(text, middle, size, ink, Anchor::Center)
    }

    fn hatched(&self, from: Place, to: Place) {
        self.sheet.rectangle(from, to, LOST, 1.0);
        let (width, height) = (to.0 - from.0, to.1 - from.1);
        let lines =
            (1..).map(|step| 16.0 * f64::from(step) - 4.0).take_while(|start| *start < width + height);
        lines.for_each(|start| {
            let low = (from.0 + (start - height).max(0.0), from.1 + start.min(height));
            let high = (from.0 + start.min(width), from.1 + (start - width).max(0.0));
            self.sheet.line(&[low, high], Stroke::solid(1.5), HATCH)
        })
    }
}

/// The positions of markers, and their radius.
fn marked(places: &[Place], markers: Markers) -> Vec<(Place, f64)> {
    let (first, every, size) = match markers {
        Markers::None => return Vec::new(),
        Markers::All(size) => (0, 1, size),
        Markers::Some(shift) => {
            let every = places.len().div_ceil(MAX_MARKERS).max(spaced(places)).max(1);
            ((shift * every as f64) as usize, every, MARKER)
        }
    };
    places.iter().skip(first).step_by(every).map(|place| (*place, size)).collect()
}

/// The step between points with a marker; every line has at least one marker.
fn spaced(places: &[Place]) -> usize {
    let (Some(first), Some(last)) = (places.first(), places.last()) else { return 1 };
    let step = (last.0 - first.0) / places.len() as f64;
    ((APART / step).ceil() as usize).min(places.len())
}

/// Draws a marker with a radius.
pub(super) fn marker(sheet: &Sheet, symbol: Symbol, at: Place, size: f64, ink: RGBColor) {
    let line = |from: Place, to: Place, width: f64| {
        let ends = [(at.0 + size * from.0, at.1 + size * from.1), (at.0 + size * to.0, at.1 + size * to.1)];
        sheet.line(&ends, Stroke::solid(width), ink)
    };
    match symbol {
        Symbol::Series(index) => series_marker(sheet, index, at, size, ink),
        Symbol::Cross => {
            let width = (0.35 * size).clamp(1.5, 3.5);
            line((-1.0, -1.0), (1.0, 1.0), width);
            line((-1.0, 1.0), (1.0, -1.0), width)
        }
        Symbol::Upright => line((0.0, -1.0), (0.0, 1.0), 5.0),
        Symbol::Level => line((-1.0, 0.0), (1.0, 0.0), 3.0),
    }
}

/// The corners of polygonal markers, at a radius of 1; all shapes have about the same area.
const CORNERS: [&[Place]; 5] = [
    &[(-0.86, -0.86), (0.86, -0.86), (0.86, 0.86), (-0.86, 0.86)],
    &[(0.0, -1.2), (1.15, 0.85), (-1.15, 0.85)],
    &[(0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0)],
    &[(0.0, 1.2), (1.15, -0.85), (-1.15, -0.85)],
    &[
        (-0.36, -1.15),
        (0.36, -1.15),
        (0.36, -0.36),
        (1.15, -0.36),
        (1.15, 0.36),
        (0.36, 0.36),
        (0.36, 1.15),
        (-0.36, 1.15),
        (-0.36, 0.36),
        (-1.15, 0.36),
        (-1.15, -0.36),
        (-0.36, -0.36),
    ],
];

/// A disc, a ring, or a polygon.
fn series_marker(sheet: &Sheet, index: usize, at: Place, size: f64, ink: RGBColor) {
    let (center, radius) = ((fine(at.0), fine(at.1)), fine(size));
    match index % (CORNERS.len() + 2) {
        0 => sheet.draw(&Circle::new(center, radius, ink.filled())),
        6 => {
            sheet.draw(&Circle::new(center, radius, WHITE.filled()));
            sheet.draw(&Circle::new(center, fine(0.85 * size), ink.stroke_width(fine(0.32 * size) as u32)))
        }
        shape => {
            let corner = |(x, y): &Place| (fine(at.0 + size * x), fine(at.1 + size * y));
            let corners: Vec<(i32, i32)> = CORNERS[shape - 1].iter().map(corner).collect();
            sheet.draw(&Polygon::new(corners, ink.filled()))
        }
    }
}
