//! A page of pixels that is drawn on.

use super::stroke::{Mask, Stroke};
use plotters::prelude::{
    BitMapBackend, DrawingBackend, FontStyle, FontTransform, IntoFont, RGBColor, TextStyle,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, register_font};
use std::path::Path;
use std::sync::OnceLock;

/// Width of a plot in pixels.
pub(crate) const WIDTH: u32 = 1600;
/// Height of a plot in pixels.
pub(crate) const HEIGHT: u32 = 1000;

pub(crate) const BLACK: RGBColor = RGBColor(0x1a, 0x1a, 0x1a);
pub(crate) const GREY: RGBColor = RGBColor(0x50, 0x50, 0x50);
pub(crate) const GRID: RGBColor = RGBColor(0xdd, 0xdd, 0xdd);
pub(crate) const FAINT: RGBColor = RGBColor(0xf0, 0xf0, 0xf0);
pub(crate) const WHITE: RGBColor = RGBColor(0xff, 0xff, 0xff);

/// The family that the embedded font is registered as.
const FONT: &str = "chainrule";

/// A point in pixels; y grows downwards.
pub(crate) type Point = (f64, f64);

/// What the drawing library has to say about a failure.
pub(crate) type Drawn = Result<(), String>;

/// Which corner or edge of a text lies at the given point.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Anchor {
    /// The middle of the left edge.
    Left,
    /// The middle of the right edge.
    Right,
    /// The middle.
    Center,
}

/// The page, and the mask that makes lines smooth.
pub(crate) struct Canvas<'a> {
    backend: BitMapBackend<'a>,
    mask: Mask,
}

impl<'a> Canvas<'a> {
    /// A white page that is saved to `path`.
    pub(crate) fn new(path: &'a Path) -> Result<Self, String> {
        register()?;
        let mut canvas =
            Self { backend: BitMapBackend::new(path, (WIDTH, HEIGHT)), mask: Mask::new(WIDTH, HEIGHT) };
        canvas.rectangle((0.0, 0.0), (f64::from(WIDTH), f64::from(HEIGHT)), WHITE)?;
        Ok(canvas)
    }

    /// Saves the page.
    pub(crate) fn save(mut self) -> Drawn {
        self.backend.present().map_err(|error| error.to_string())
    }

    /// Fills a rectangle given by opposite corners.
    pub(crate) fn rectangle(&mut self, from: Point, to: Point, color: RGBColor) -> Drawn {
        let style = color.filled();
        let far = |from: f64, to: f64| (to.round() as i32 - 1).max(from.round() as i32);
        self.backend
            .draw_rect(
                (from.0.round() as i32, from.1.round() as i32),
                (far(from.0, to.0), far(from.1, to.1)),
                &style,
                true,
            )
            .map_err(|error| error.to_string())
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
        self.turned_text(text, at, size, color, anchor, FontTransform::None)
    }

    /// Writes one line of text upwards, centred on a point.
    pub(crate) fn upward_text(&mut self, text: &str, at: Point, size: f64, color: RGBColor) -> Drawn {
        self.turned_text(text, at, size, color, Anchor::Center, FontTransform::Rotate270)
    }

    fn turned_text(
        &mut self,
        text: &str,
        at: Point,
        size: f64,
        color: RGBColor,
        anchor: Anchor,
        transform: FontTransform,
    ) -> Drawn {
        let horizontal = match anchor {
            Anchor::Left => HPos::Left,
            Anchor::Right => HPos::Right,
            Anchor::Center => HPos::Center,
        };
        let style = TextStyle::from((FONT, size).into_font().transform(transform))
            .color(&color)
            .pos(Pos::new(horizontal, VPos::Center));
        self.backend
            .draw_text(text, &style, (at.0.round() as i32, at.1.round() as i32))
            .map_err(|error| error.to_string())
    }
}

/// The width of a line of text in pixels.
pub(crate) fn text_width(text: &str, size: f64) -> f64 {
    (FONT, size).into_font().box_size(text).map_or(0.0, |(width, _)| f64::from(width))
}

/// Registers the embedded font once in the life of the program.
fn register() -> Drawn {
    static REGISTERED: OnceLock<bool> = OnceLock::new();
    let font: &'static [u8] = include_bytes!("../../fonts/DejaVuSans.ttf");
    let registered = REGISTERED.get_or_init(|| register_font(FONT, FontStyle::Normal, font).is_ok());
    if *registered { Ok(()) } else { Err("the embedded font cannot be read".to_owned()) }
}
