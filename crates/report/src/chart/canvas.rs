//! A page of pixels that is drawn on.

use super::font::{rasterize, text_width};
use super::stroke::{Mask, Stroke};
use plotters::prelude::{BitMapBackend, DrawingBackend, RGBColor};
use plotters::style::Color;
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

/// A point in pixels; y grows downwards.
pub(crate) type Point = (f64, f64);

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

/// The page, and the mask that makes lines smooth.
pub(crate) struct Canvas<'a> {
    backend: BitMapBackend<'a>,
    mask: Mask,
}

impl<'a> Canvas<'a> {
    /// A white page that is saved to `path`.
    pub(crate) fn new(path: &'a Path) -> Result<Self, String> {
        let mut canvas =
            Self { backend: BitMapBackend::new(path, (WIDTH, HEIGHT)), mask: Mask::new(WIDTH, HEIGHT) };
        canvas.rectangle((0.0, 0.0), (f64::from(WIDTH), f64::from(HEIGHT)), WHITE)?;
        Ok(canvas)
    }

    /// Saves the page.
    pub(crate) fn save(mut self) -> Drawn {
        self.backend.present().map_err(|error| error.to_string())
    }

    /// Fills a rectangle given by its upper left and lower right corner, at least one pixel of it.
    pub(crate) fn rectangle(&mut self, from: Point, to: Point, color: RGBColor) -> Drawn {
        let near = (from.0.round() as i32, from.1.round() as i32);
        let far = ((to.0.round() as i32).max(near.0 + 1), (to.1.round() as i32).max(near.1 + 1));
        self.backend.draw_rect(near, far, &color.filled(), true).map_err(|error| error.to_string())
    }

    /// A line of whole pixels, one pixel thick: for frames and grids.
    pub(crate) fn hairline(&mut self, from: Point, to: Point, color: RGBColor) -> Drawn {
        self.rectangle((from.0.min(to.0), from.1.min(to.1)), (from.0.max(to.0), from.1.max(to.1)), color)
    }

    /// Draws a smooth line through `points`.
    pub(crate) fn line(&mut self, points: &[Point], stroke: Stroke, color: RGBColor) -> Drawn {
        self.mask.stroke(points, stroke);
        self.ink(color, 1.0)
    }

    /// Fills every pixel by how much of it lies within `distance <= 0`, in a box of `reach` around `center`.
    pub(crate) fn shape(
        &mut self,
        center: Point,
        reach: f64,
        color: RGBColor,
        distance: impl Fn(Point) -> f64,
    ) -> Drawn {
        self.mask.fill(center, reach, distance);
        self.ink(color, 1.0)
    }

    /// Fills the band between two curves over the same ascending x, through which what lies behind is seen.
    pub(crate) fn band(&mut self, x: &[f64], top: &[f64], bottom: &[f64], color: RGBColor) -> Drawn {
        self.mask.band(x, top, bottom);
        self.ink(color, 0.18)
    }

    fn ink(&mut self, color: RGBColor, opacity: f64) -> Drawn {
        let backend = &mut self.backend;
        self.mask.drain(|x, y, coverage| {
            let color = color.mix(opacity * coverage).to_backend_color();
            backend.draw_pixel((x, y), color).map_err(|error| error.to_string())
        })
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
        rasterize(text, size, |(x, y), coverage| self.mask.dot((left + x, at.1.round() + y), coverage));
        self.ink(color, 1.0)
    }

    /// Writes one line of text upwards, centred on a point.
    pub(crate) fn upward_text(&mut self, text: &str, at: Point, size: f64, color: RGBColor) -> Drawn {
        let start = (at.1 + text_width(text, size) / 2.0).round();
        rasterize(text, size, |(x, y), coverage| self.mask.dot((at.0.round() + y, start - x), coverage));
        self.ink(color, 1.0)
    }
}
