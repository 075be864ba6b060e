//! Panels one above another, or side by side, in one figure.

use plotly::Layout;
use plotly::common::Anchor;
use plotly::layout::{Annotation, Axis};

/// Room between panels, as a share of the whole.
const GAP: f64 = 0.06;
/// Plotly's crate has no more axes.
pub(super) const MOST: usize = 8;

/// The part of the whole that the panel at `index` of `count` takes, counted from 0, with `gap` between panels.
fn part(index: usize, count: usize, gap: f64) -> [f64; 2] {
    let size = (1.0 - gap * (count.max(1) - 1) as f64) / count.max(1) as f64;
    let from = index as f64 * (size + gap);
    [from, (from + size).min(1.0)]
}

/// The name by which traces name the axis of a panel: `y`, `y2`, `y3`.
pub(super) fn axis(letter: char, index: usize) -> String {
    if index == 0 { letter.to_string() } else { format!("{letter}{}", index + 1) }
}

/// One x axis below panels one above another, the first on top; [`MOST`] at most.
pub(super) fn stacked(x: Axis, panels: Vec<Axis>) -> Layout {
    let count = panels.len();
    let layout = Layout::new().x_axis(x.anchor(axis('y', count.saturating_sub(1))));
    let place = |(index, y): (usize, Axis)| (index, y.domain(&part(count - 1 - index, count, GAP)));
    panels.into_iter().enumerate().map(place).fold(layout, |layout, (index, y)| with_y(layout, index, y))
}

/// Panels side by side with one y axis; [`MOST`] at most.
pub(super) fn side_by_side(panels: Vec<Axis>, y: Axis) -> Layout {
    let count = panels.len();
    let place = |(index, x): (usize, Axis)| (index, x.domain(&part(index, count, GAP)));
    panels
        .into_iter()
        .enumerate()
        .map(place)
        .fold(Layout::new().y_axis(y), |layout, (index, x)| with_x(layout, index, x))
}

/// Panels one above another, each with axes and a name of its own; [`MOST`] at most.
pub(super) fn apart(panels: Vec<(String, Axis, Axis)>) -> Layout {
    let (count, mut layout, mut names) = (panels.len(), Layout::new(), Vec::new());
    for (index, (name, x, y)) in panels.into_iter().enumerate() {
        let part = part(count - 1 - index, count, 0.3 / count as f64);
        names.push(heading(&name, part[1]));
        layout = with_x(layout, index, x.anchor(axis('y', index)));
        layout = with_y(layout, index, y.anchor(axis('x', index)).domain(&part));
    }
    layout.annotations(names)
}

fn heading(name: &str, top: f64) -> Annotation {
    let place = Annotation::new().x_ref("paper").y_ref("paper").x(0.0).y(top);
    place.x_anchor(Anchor::Left).y_anchor(Anchor::Bottom).show_arrow(false).text(name)
}

fn with_x(layout: Layout, index: usize, x: Axis) -> Layout {
    match index {
        0 => layout.x_axis(x),
        1 => layout.x_axis2(x),
        2 => layout.x_axis3(x),
        3 => layout.x_axis4(x),
        4 => layout.x_axis5(x),
        5 => layout.x_axis6(x),
        6 => layout.x_axis7(x),
        _ => layout.x_axis8(x),
    }
}

fn with_y(layout: Layout, index: usize, y: Axis) -> Layout {
    match index {
        0 => layout.y_axis(y),
        1 => layout.y_axis2(y),
        2 => layout.y_axis3(y),
        3 => layout.y_axis4(y),
        4 => layout.y_axis5(y),
        5 => layout.y_axis6(y),
        6 => layout.y_axis7(y),
        _ => layout.y_axis8(y),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_fill_the_whole() {
        assert_eq!(part(0, 1, 0.06), [0.0, 1.0]);
        // (1 − 0.06) / 2 = 0.47 each.
        assert_eq!((part(0, 2, 0.06), part(1, 2, 0.06)), ([0.0, 0.47], [0.53, 1.0]));
        assert_eq!((axis('x', 0), axis('y', 1)), ("x".to_owned(), "y2".to_owned()));
    }
}
