//! Colours, dashes and markers as Plotly types.

use super::super::palette;
use crate::plot::{ColorBar, Dash, Ink, Scale, Stroke, Symbol};
use crate::text::one_line;
use plotly::common::{ColorScale, ColorScaleElement, DashType, Line, MarkerSymbol, Title};
use plotters::style::RGBColor;

const SYMBOLS: [MarkerSymbol; 7] = [
    MarkerSymbol::Circle,
    MarkerSymbol::Square,
    MarkerSymbol::TriangleUp,
    MarkerSymbol::Diamond,
    MarkerSymbol::TriangleDown,
    MarkerSymbol::Cross,
    MarkerSymbol::CircleOpen,
];

/// The page draws black in its text colour.
const BLACK: &str = "#000000";
/// Remarks: a grey that is visible on white and on the dark page.
const MUTED: &str = "#7a7a7a";

/// Escapes a text for Plotly, which would otherwise interpret mark-up in labels.
pub(super) fn label(text: &str) -> String {
    one_line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The same for several lines.
pub(super) fn lines(text: &str) -> String {
    text.split('\n').map(label).collect::<Vec<_>>().join("<br>")
}

fn hexadecimal(RGBColor(red, green, blue): RGBColor) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// A colour.
pub(super) fn color(ink: Ink) -> String {
    match ink {
        Ink::Text => BLACK.to_owned(),
        Ink::Muted => MUTED.to_owned(),
        ink => hexadecimal(palette::color(ink)),
    }
}

/// A translucent colour: its last two digits are its opacity.
pub(super) fn shade(ink: Ink, opacity: f64) -> String {
    format!("{}{:02x}", color(ink), (255.0 * opacity).round() as u8)
}

/// A line.
pub(super) fn line(ink: Ink, stroke: Stroke) -> Line {
    let dash = match stroke.dash {
        Dash::Solid => DashType::Solid,
        Dash::Dashed => DashType::Dash,
        Dash::Dotted => DashType::Dot,
        Dash::Long => DashType::LongDash,
    };
    Line::new().color(color(ink)).width(0.58 * stroke.width).dash(dash)
}

/// A marker.
pub(super) fn symbol(symbol: Symbol) -> MarkerSymbol {
    match symbol {
        Symbol::Series(index) => SYMBOLS[index % SYMBOLS.len()].clone(),
        Symbol::Cross => MarkerSymbol::X,
        Symbol::Upright => MarkerSymbol::LineNSOpen,
        Symbol::Level => MarkerSymbol::LineEWOpen,
    }
}

/// The colours by brightness.
pub(super) fn color_scale(bar: &ColorBar) -> ColorScale {
    let element = |step: u8| {
        let share = f64::from(step) / 10.0;
        ColorScaleElement(share, hexadecimal(palette::viridis(bar.share_at(share))))
    };
    ColorScale::Vector((0..=10).map(element).collect())
}

/// The colour scale, whose positions go from 0 to 1.
pub(super) fn color_bar(bar: &ColorBar) -> plotly::common::ColorBar {
    let ticks = bar.scale.ticks(8).into_iter().filter(|tick| !tick.label.is_empty());
    let (at, texts) = ticks.map(|tick| (tick.position, tick.label)).unzip();
    let title = Title::with_text(label(&bar.label)).side(plotly::common::Side::Right);
    plotly::common::ColorBar::new().title(title).thickness(12).outline_width(0).tick_vals(at).tick_text(texts)
}

/// A number as an axis draws it: numbers beyond an end are drawn at that end. `None` if there is no number.
pub(super) fn placed(scale: Scale, value: f64) -> Option<f64> {
    let (low, high) = scale.ends();
    let (low, high) = (low.min(high), low.max(high));
    match scale {
        _ if value.is_nan() => None,
        Scale::Symmetric { .. } => Some(scale.position(value)),
        Scale::Empty => Some(value),
        // Inside the axis, the number is unchanged, so that it matches the table.
        _ => Some(value.clamp(low, high)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_shown_as_they_are() {
        assert_eq!(label("<b>a & b</b>\n"), "&lt;b&gt;a &amp; b&lt;/b&gt; ");
        assert_eq!(lines("a\nb<"), "a<br>b&lt;");
    }

    #[test]
    fn what_lies_beyond_an_axis_is_drawn_at_its_end() {
        let scale = Scale::Logarithmic { low: -1.0, high: 2.0 };
        assert_eq!([0.5, 1e9, 0.0].map(|value| placed(scale, value)), [Some(0.5), Some(100.0), Some(0.1)]);
        assert_eq!(placed(scale, f64::NAN), None);
    }
}
