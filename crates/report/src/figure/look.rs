//! Colours, dashes and markers of the PNG plots, in Plotly's terms.

use crate::chart::palette::{self, viridis};
use crate::number::rounded;
use crate::text::one_line;
use plotly::common::{ColorBar, ColorScale, ColorScaleElement, DashType, Line, Marker, MarkerSymbol, Title};
use plotters::style::RGBColor;

const DASHES: [DashType; 6] = [
    DashType::Solid,
    DashType::Dash,
    DashType::Dot,
    DashType::DashDot,
    DashType::LongDash,
    DashType::LongDashDot,
];

const SYMBOLS: [MarkerSymbol; 7] = [
    MarkerSymbol::Circle,
    MarkerSymbol::Square,
    MarkerSymbol::TriangleUp,
    MarkerSymbol::Diamond,
    MarkerSymbol::TriangleDown,
    MarkerSymbol::Cross,
    MarkerSymbol::CircleOpen,
];

/// Of what belongs to no compared value: the page shows it in the colour of its letters.
pub(super) const BLACK: usize = 4;

/// A text that Plotly shows as it is: it takes mark-up in labels for mark-up.
pub(crate) fn label(text: &str) -> String {
    one_line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn hexadecimal(RGBColor(red, green, blue): RGBColor) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// The colour of a compared value.
pub(super) fn color(compared: usize) -> String {
    hexadecimal(palette::look(compared).color)
}

/// The same for an area behind lines: its last two digits let through what is below.
pub(super) fn shade(compared: usize) -> String {
    format!("{}2e", color(compared))
}

/// The line of a compared value.
pub(super) fn line(compared: usize) -> Line {
    Line::new().color(color(compared)).width(2.0).dash(DASHES[compared % DASHES.len()].clone())
}

/// A line that nothing is drawn of.
pub(super) fn no_line() -> Line {
    Line::new().width(0.0)
}

/// The markers of a compared value.
pub(super) fn marker(compared: usize) -> Marker {
    Marker::new().color(color(compared)).size(7).symbol(SYMBOLS[compared % SYMBOLS.len()].clone())
}

/// The sign of what has no number because runs were lost.
pub(super) fn cross(compared: usize) -> Marker {
    Marker::new().color(color(compared)).size(9).symbol(MarkerSymbol::X)
}

/// What traces of the same compared value have in common, so that they are shown and hidden together.
pub(super) fn group(compared: usize) -> String {
    format!("value {compared}")
}

/// Viridis as the PNG plots have it; `reversed` where low is better, so that bright is better always.
pub(super) fn color_scale(reversed: bool) -> ColorScale {
    let element = |step: u8| {
        let share = f64::from(step) / 10.0;
        let color = viridis(if reversed { 1.0 - share } else { share });
        ColorScaleElement(share, hexadecimal(color))
    };
    ColorScale::Vector((0..=10).map(element).collect())
}

/// The scale beside a map.
pub(super) fn color_bar(title: &str) -> ColorBar {
    ColorBar::new().title(Title::with_text(title)).thickness(12).outline_width(0)
}

/// Names of decades, and of 2 and 5 times each, on a scale of logarithms to the base of 10.
pub(super) fn decades(bar: ColorBar, least: f64, most: f64) -> ColorBar {
    let (least, most) = (libm::log10(least), libm::log10(most));
    if !(least.is_finite() && most.is_finite()) {
        return bar;
    }
    let between: &[f64] = if most - least < 2.0 { &[1.0, 2.0, 5.0] } else { &[1.0] };
    let exponents = least.floor() as i32..=most.ceil() as i32;
    let values = exponents
        .flat_map(|exponent| between.iter().map(move |step| step * libm::pow(10.0, exponent.into())));
    let ticks = values.filter(|value| (least..=most).contains(&libm::log10(*value)));
    let (at, text) = ticks.map(|value| (libm::log10(value), rounded(value, 3))).unzip();
    bar.tick_vals(at).tick_text(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_shown_as_they_are() {
        assert_eq!(label("<b>a & b</b>\n"), "&lt;b&gt;a &amp; b&lt;/b&gt; ");
    }

    #[test]
    fn colours_are_those_of_the_png_plots() {
        assert_eq!((color(0), color(8), shade(1)), ("#0072b2".into(), "#0072b2".into(), "#d55e002e".into()));
    }
}
