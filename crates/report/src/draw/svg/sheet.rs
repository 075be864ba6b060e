//! The drawing area of a picture, in pixels of the picture.

use super::super::palette::WHITE;
use super::super::{HEIGHT, WIDTH};
use super::FINE;
pub(super) use crate::plot::Anchor;
use crate::plot::{Dash, Scale, Stroke};
use crate::text::is_steering;
use plotters::coord::Shift;
use plotters::element::DashedPathElement;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontTransform, RGBColor, register_font};
use std::cell::RefCell;
use std::sync::Once;

/// The font of all text.
pub(crate) const FONT: &[u8] = include_bytes!("../../../fonts/DejaVuSans.ttf");
/// Its name, and fallback fonts for viewers on which it is not installed.
pub(super) const FAMILY: &str = "DejaVu Sans, Verdana, sans-serif";
/// plotters takes a line height where it expects a font size; this is the ratio of line height to font size.
const LINE: f64 = 1.24;
/// The distance between the middles of capitals and of small letters, as a fraction of the font size.
const CAPITALS: f64 = 0.08;

/// A point in pixels; y grows downwards.
pub(super) type Place = (f64, f64);

/// The sheet. It keeps the first error, which [`finish`](Self::finish) returns: drawing goes on without effect.
pub(super) struct Sheet<'a> {
    error: RefCell<Option<String>>,
    area: DrawingArea<SVGBackend<'a>, Shift>,
}

/// The part of the sheet between two axes.
pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Cartesian2d<Scale, Scale>>;

impl<'a> Sheet<'a> {
    /// A white sheet.
    pub(super) fn new(svg: &'a mut String) -> Result<Self, String> {
        know_font();
        let size = ((FINE * WIDTH) as u32, (FINE * HEIGHT) as u32);
        let area = SVGBackend::with_string(svg, size).into_drawing_area();
        area.fill(&WHITE).map_err(told)?;
        Ok(Self { error: RefCell::new(None), area })
    }

    /// Ends the document.
    ///
    /// # Errors
    /// The first error of all drawing.
    pub(super) fn finish(self) -> Result<(), String> {
        self.error.into_inner().map_or(Ok(()), Err)?;
        self.area.present().map_err(told)
    }

    /// The part between two axes.
    pub(super) fn between(&self, axes: (Scale, Scale), from: Place, to: Place) -> Area<'a> {
        let pixels = (fine(from.0)..fine(to.0), fine(to.1)..fine(from.1));
        self.area.clone().apply_coord_spec(Cartesian2d::<Scale, Scale>::new(axes.0, axes.1, pixels))
    }

    /// Draws an element, in units of the sheet.
    pub(super) fn draw<'e, E>(&self, element: &'e E)
    where
        &'e E: plotters::element::PointCollection<'e, (i32, i32)>,
        E: plotters::element::Drawable<SVGBackend<'a>>,
    {
        if let Err(error) = self.area.draw(element) {
            self.error.borrow_mut().get_or_insert_with(|| told(error));
        }
    }

    /// Draws a line through points in pixels.
    pub(super) fn line(&self, points: &[Place], stroke: Stroke, color: RGBColor) {
        let points: Vec<(i32, i32)> = points.iter().map(|(x, y)| (fine(*x), fine(*y))).collect();
        let style = color.stroke_width(fine(stroke.width).max(1) as u32);
        let dashed = |dash: f64, gap: f64| {
            self.draw(&DashedPathElement::new(points.clone(), fine(dash), fine(gap), style))
        };
        match stroke.dash {
            Dash::Solid => self.draw(&PathElement::new(points, style)),
            Dash::Dashed => dashed(16.0, 8.0),
            Dash::Dotted => dashed(4.0, 6.0),
            Dash::Long => dashed(34.0, 8.0),
        }
    }

    /// Fills a rectangle.
    pub(super) fn rectangle(&self, from: Place, to: Place, color: RGBColor, opacity: f64) {
        let corners = [(fine(from.0), fine(from.1)), (fine(to.0), fine(to.1))];
        self.draw(&Rectangle::new(corners, color.mix(opacity).filled()))
    }

    /// Writes a line of text, vertically centred at `at`.
    pub(super) fn text(&self, text: &str, at: Place, size: f64, color: RGBColor, anchor: Anchor) {
        let at = (at.0, at.1 + CAPITALS * size);
        self.written(text, at, size, color, anchor, FontTransform::None)
    }

    /// Writes a line of text upwards, centred at `at`.
    pub(super) fn upward(&self, text: &str, at: Place, size: f64, color: RGBColor) {
        let at = (at.0 + CAPITALS * size, at.1);
        self.written(text, at, size, color, Anchor::Center, FontTransform::Rotate270)
    }

    fn written(
        &self,
        text: &str,
        at: Place,
        size: f64,
        color: RGBColor,
        anchor: Anchor,
        turn: FontTransform,
    ) {
        if text.is_empty() {
            return;
        }
        let horizontal = match anchor {
            Anchor::Left => HPos::Left,
            Anchor::Center => HPos::Center,
            Anchor::Right => HPos::Right,
        };
        let font = (FAMILY, LINE * FINE * size).into_font().transform(turn);
        let style = font.color(&color).pos(Pos::new(horizontal, VPos::Center));
        self.draw(&Text::new(printable(text), (fine(at.0), fine(at.1)), style))
    }
}

/// A length in units of the sheet. Lengths far outside are limited to its edge.
pub(super) fn fine(pixels: f64) -> i32 {
    (FINE * pixels).round().clamp(-1e6, 1e6) as i32
}

/// The message of an error from plotters.
pub(super) fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// The width of a line of text in pixels.
pub(super) fn text_width(text: &str, size: f64) -> f64 {
    know_font();
    // plotters measures text at the line height of this font.
    let font = (FAMILY, FINE * size * 1.164).into_font();
    font.box_size(&printable(text)).map_or(0.0, |(width, _)| f64::from(width) / FINE)
}

fn know_font() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // The font is part of the program, so it is valid.
        let known = register_font(FAMILY, FontStyle::Normal, FONT);
        debug_assert!(known.is_ok());
    });
}

/// A text with spaces in place of control characters and of characters invalid in XML.
fn printable(text: &str) -> String {
    let allowed = |letter: char| !is_steering(letter) && !matches!(letter, '\u{fffe}' | '\u{ffff}');
    text.chars().map(|letter| if allowed(letter) { letter } else { ' ' }).collect()
}

/// Lets plotters use our scales as coordinates.
impl Ranged for Scale {
    type FormatOption = plotters::coord::ranged1d::NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        limit.0 + (self.position(*value) * f64::from(limit.1 - limit.0)).round() as i32
    }

    fn key_points<Hint: plotters::coord::ranged1d::KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        self.ticks(hint.max_num_points()).into_iter().map(|tick| tick.value).collect()
    }

    fn range(&self) -> std::ops::Range<f64> {
        let (low, high) = self.ends();
        low..high
    }
}
