//! A page that is drawn on, of pixels or of vector graphics: who draws does not know which.

use super::font::text_width;
use super::marker::Marker;
use super::pixels::Pixels;
use super::stroke::Stroke;
use super::vectors::Vectors;
use plotters::style::RGBColor;
use std::path::Path;

/// Width of a plot in pixels.
pub(crate) const WIDTH: u32 = 1600;
/// Height of a plot in pixels.
pub(crate) const HEIGHT: u32 = 1000;

pub(crate) const BLACK: RGBColor = RGBColor(0x1a, 0x1a, 0x1a);
pub(crate) const GREY: RGBColor = RGBColor(0x50, 0x50, 0x50);
pub(crate) const GRID: RGBColor = RGBColor(0xdd, 0xdd, 0xdd);
pub(crate) const FAINT: RGBColor = RGBColor(0xf0, 0xf0, 0xf0);
pub(crate) const WHITE: RGBColor = RGBColor(0xff, 0xff, 0xff);

/// A point in pixels, whose middles are whole numbers; y grows downwards.
pub(crate) type Point = (f64, f64);

/// The upper left corner of a pixel.
pub(super) type Pixel = (i32, i32);

/// What the drawing library has to say about a failure.
pub(crate) type Drawn = Result<(), String>;

/// Which part of a text lies at the given point.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Anchor {
    /// The middle of the left edge.
    Left,
    /// The middle of the right edge.
    Right,
    /// The middle.
    Center,
}

impl Anchor {
    fn share(self) -> f64 {
        match self {
            Self::Left => 0.0,
            Self::Center => 0.5,
            Self::Right => 1.0,
        }
    }
}

/// Where a line of text runs.
#[derive(Debug, Clone, Copy)]
pub(super) enum Direction {
    Rightwards,
    Upwards,
}

/// How much of what lies behind a band is covered by it.
const BAND: f64 = 0.18;

/// What can be drawn on.
pub(super) trait Surface {
    /// Fills the pixels from `from` to before `to`.
    fn rectangle(&mut self, from: Pixel, to: Pixel, color: RGBColor) -> Drawn;
    /// The same for what is one pixel thick.
    fn hairline(&mut self, from: Pixel, to: Pixel, color: RGBColor) -> Drawn;
    /// Draws a line through points.
    fn line(&mut self, points: &[Point], stroke: Stroke, color: RGBColor) -> Drawn;
    /// Draws a marker.
    fn marker(&mut self, marker: Marker, at: Point, size: f64, color: RGBColor) -> Drawn;
    /// Fills the band between two curves over the same ascending x.
    fn band(&mut self, x: &[f64], top: &[f64], bottom: &[f64], color: RGBColor, opacity: f64) -> Drawn;
    /// Writes one line of text that begins at `start`, half-way up its letters.
    fn text(&mut self, text: &str, start: Point, direction: Direction, size: f64, color: RGBColor) -> Drawn;
    /// Saves what was drawn.
    fn save(self: Box<Self>) -> Drawn;
}

/// How a page is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Png,
    Svg,
}

impl Format {
    /// What its files end in.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Svg => "svg",
        }
    }
}

/// The page.
pub(crate) struct Canvas<'a> {
    surface: Box<dyn Surface + 'a>,
}

impl<'a> Canvas<'a> {
    /// A white page that is saved to `path`.
    pub(crate) fn new(format: Format, path: &'a Path) -> Result<Self, String> {
        let surface: Box<dyn Surface + 'a> = match format {
            Format::Png => Box::new(Pixels::new(path)),
            Format::Svg => Box::new(Vectors::new(path)),
        };
        let mut canvas = Self { surface };
        canvas.rectangle((0.0, 0.0), (f64::from(WIDTH), f64::from(HEIGHT)), WHITE)?;
        Ok(canvas)
    }

    /// Saves the page.
    pub(crate) fn save(self) -> Drawn {
        self.surface.save()
    }

    /// Fills a rectangle given by its upper left and lower right corner, at least one pixel of it.
    pub(crate) fn rectangle(&mut self, from: Point, to: Point, color: RGBColor) -> Drawn {
        let (from, to) = pixels(from, to);
        self.surface.rectangle(from, to, color)
    }

    /// A line of whole pixels, one pixel thick: for frames and grids.
    pub(crate) fn hairline(&mut self, from: Point, to: Point, color: RGBColor) -> Drawn {
        let (from, to) = pixels((from.0.min(to.0), from.1.min(to.1)), (from.0.max(to.0), from.1.max(to.1)));
        self.surface.hairline(from, to, color)
    }

    /// Draws a smooth line through `points`.
    pub(crate) fn line(&mut self, points: &[Point], stroke: Stroke, color: RGBColor) -> Drawn {
        self.surface.line(points, stroke, color)
    }

    /// Draws a marker.
    pub(crate) fn marker(&mut self, marker: Marker, at: Point, size: f64, color: RGBColor) -> Drawn {
        self.surface.marker(marker, at, size, color)
    }

    /// Fills the band between two curves over the same ascending x, through which what lies behind is seen.
    pub(crate) fn band(&mut self, x: &[f64], top: &[f64], bottom: &[f64], color: RGBColor) -> Drawn {
        self.surface.band(x, top, bottom, color, BAND)
    }

    /// Writes one line of text.
    pub(crate) fn text(
        &mut self,
        text: &str,
        at: Point,
        size: f64,
        color: RGBColor,
        anchor: Anchor,
    ) -> Drawn {
        let left = (at.0 - anchor.share() * text_width(text, size)).round();
        self.surface.text(text, (left, at.1.round()), Direction::Rightwards, size, color)
    }

    /// Writes one line of text upwards, centred on a point.
    pub(crate) fn upward_text(&mut self, text: &str, at: Point, size: f64, color: RGBColor) -> Drawn {
        let start = (at.1 + text_width(text, size) / 2.0).round();
        self.surface.text(text, (at.0.round(), start), Direction::Upwards, size, color)
    }
}

/// The pixels of a rectangle, at least one.
fn pixels(from: Point, to: Point) -> (Pixel, Pixel) {
    let near = (from.0.round() as i32, from.1.round() as i32);
    (near, ((to.0.round() as i32).max(near.0 + 1), (to.1.round() as i32).max(near.1 + 1)))
}
