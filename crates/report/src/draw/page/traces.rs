//! Marks as Plotly traces.

use super::axes::PanelAxes;
use super::look;
use crate::plot::{
    Anchor, Area, Cell, ColorBar, Fill, Ink, Mark, Markers, Panel, Plot, Point, Scale, Shape, Span, Stroke,
    Symbol,
};
use plotly::common::{Fill as Filled, HoverInfo, Line, Marker, MarkerSymbol, Mode};
use plotly::layout::Annotation;
use plotly::{HeatMap, Scatter};
use serde_json::{Value, json};

/// The opacity of a band.
const BAND: f64 = 0.18;

/// The traces of a figure.
pub(super) struct Traces<'a> {
    plot: &'a Plot,
    has_bar: bool,
    named: Vec<usize>,
    /// The traces for Plotly.
    pub(super) data: Vec<Value>,
    /// For each trace, its x for each choice of x; empty if there is no choice.
    pub(super) x: Vec<Vec<Vec<f64>>>,
    /// Texts.
    pub(super) notes: Vec<Annotation>,
}

/// Two axes: their scales, and the names that traces use for them.
#[derive(Clone)]
struct Pair {
    scales: (Scale, Scale),
    names: (String, String),
}

type Trail = Scatter<f64, Option<f64>>;

impl<'a> Traces<'a> {
    /// An empty list of traces for a plot.
    pub(super) fn new(plot: &'a Plot) -> Self {
        let (data, x, notes) = (Vec::new(), Vec::new(), Vec::new());
        Self { plot, has_bar: false, named: Vec::new(), data, x, notes }
    }

    /// Adds the marks of a panel and its strips.
    pub(super) fn panel(&mut self, panel: &Panel, axes: &PanelAxes) {
        let own = Pair { scales: (panel.x.scale, panel.y.scale), names: (axes.x.clone(), axes.y.clone()) };
        panel.marks.iter().for_each(|mark| self.mark(mark, &own));
        for (strip, names) in panel.strips.iter().zip(&axes.strips) {
            let rows = Scale::exactly(-1.0, strip.rows as f64);
            let scales = match names.0 == axes.x {
                true => (panel.x.scale, rows),
                false => (rows, panel.y.scale),
            };
            strip.marks.iter().for_each(|mark| self.mark(mark, &Pair { scales, names: names.clone() }));
        }
        if let Some(bar) = self.plot.color_bar.as_ref().filter(|_| !self.has_bar) {
            self.color_bar_alone(bar, &own);
        }
    }

    fn mark(&mut self, mark: &Mark, axes: &Pair) {
        match &mark.shape {
            Shape::Line { points, stroke, markers, .. } => self.line(mark, points, (*stroke, *markers), axes),
            Shape::Band(spans) => self.band(mark, spans, axes),
            Shape::Points { points, symbol, size, .. } => self.points(mark, points, (*symbol, *size), axes),
            Shape::Boxes { boxes, opacity } => self.boxes(mark, boxes, *opacity, axes),
            Shape::Cells(cells) => self.cells(cells, axes),
            // White lines between the cells of a map are drawn in pictures only.
            Shape::Upright(..) | Shape::Level(..) if mark.ink == Ink::Paper => {}
            Shape::Upright(x, stroke) => {
                let (low, high) = axes.scales.1.ends();
                self.rule(mark, *stroke, [(*x, low), (*x, high)], axes);
            }
            Shape::Level(y, stroke) => {
                let (low, high) = axes.scales.0.ends();
                self.rule(mark, *stroke, [(low, *y), (high, *y)], axes);
            }
            Shape::Text { at, text, anchor, offset } => self.text(*at, text, *anchor, *offset, axes),
        }
    }

    /// Adds a trace with its group; only the first trace of a group has a name.
    fn add(&mut self, mark: &Mark, trace: Box<Trail>, axes: &Pair, x: Vec<Vec<f64>>, can_name: bool) {
        let trace = trace.x_axis(&axes.names.0).y_axis(&axes.names.1).show_legend(false);
        let trace = match mark.group {
            Some(group) => self.grouped(trace, group, can_name),
            None => trace,
        };
        self.keep(json!(trace), x);
    }

    fn grouped(&mut self, trace: Box<Trail>, group: usize, can_name: bool) -> Box<Trail> {
        let trace = trace.legend_group(format!("value {group}"));
        let entry = self.plot.legend.entries.iter().find(|entry| entry.group == group);
        match entry.filter(|_| can_name && !self.named.contains(&group)) {
            Some(entry) => {
                self.named.push(group);
                trace.name(look::label(&entry.label))
            }
            None => trace,
        }
    }

    fn keep(&mut self, trace: Value, x: Vec<Vec<f64>>) {
        self.data.push(trace);
        self.x.push(x);
    }

    fn line(&mut self, mark: &Mark, points: &[Point], (stroke, markers): (Stroke, Markers), axes: &Pair) {
        let trace = trail(points, axes).line(look::line(mark.ink, stroke));
        let trace = match (markers, mark.ink) {
            (Markers::All(size), Ink::Series(series)) => {
                let marker = marker(mark.ink, Symbol::Series(series), 0.75 * size);
                trace.mode(Mode::LinesMarkers).marker(marker)
            }
            _ => trace.mode(Mode::Lines),
        };
        self.add(mark, trace, axes, choices(points.iter().map(|point| (point.x, &point.other_x))), true);
    }

    /// Traces the upper edge forwards and the lower edge backwards.
    fn band(&mut self, mark: &Mark, spans: &[Span], axes: &Pair) {
        let y = spans.iter().map(|span| span.high).chain(spans.iter().rev().map(|span| span.low));
        let y = y.map(|y| look::placed(axes.scales.1, y)).collect();
        let x = spans.iter().chain(spans.iter().rev()).map(|span| (span.x, &span.other_x));
        let trace = Scatter::new(x.clone().map(|(x, _)| x).collect(), y);
        let trace = filled(trace, mark.ink, BAND).hover_info(HoverInfo::Skip);
        self.add(mark, trace, axes, choices(x), false);
    }

    fn points(&mut self, mark: &Mark, points: &[Point], (symbol, size): (Symbol, f64), axes: &Pair) {
        let trace = trail(points, axes).mode(Mode::Markers).marker(marker(mark.ink, symbol, 0.75 * size));
        self.add(mark, trace, axes, choices(points.iter().map(|point| (point.x, &point.other_x))), true);
    }

    /// Rectangles with gaps between them.
    fn boxes(&mut self, mark: &Mark, boxes: &[Area], opacity: f64, axes: &Pair) {
        let corners = |area: &Area| {
            let ((left, right), (low, high)) = (area.x, area.y);
            [(left, low), (right, low), (right, high), (left, high), (left, low), (left, f64::NAN)]
                .map(|(x, y)| Point::new(x, y).saying(&area.hover))
        };
        let corners: Vec<Point> = boxes.iter().flat_map(corners).collect();
        let trace = filled(trail(&corners, axes), mark.ink, opacity);
        self.add(mark, trace, axes, Vec::new(), false);
    }

    fn rule(&mut self, mark: &Mark, stroke: Stroke, ends: [(f64, f64); 2], axes: &Pair) {
        let ends = ends.map(|(x, y)| Point::new(x, y));
        let trace = trail(&ends, axes).mode(Mode::Lines).line(look::line(mark.ink, stroke));
        self.add(mark, trace, axes, Vec::new(), false);
    }

    fn text(&mut self, at: (f64, f64), text: &str, anchor: Anchor, offset: (f64, f64), axes: &Pair) {
        let place = |scale: Scale, value: f64| match scale {
            Scale::Logarithmic { .. } => libm::log10(value),
            _ => look::placed(scale, value).unwrap_or_default(),
        };
        let anchor = match anchor {
            Anchor::Left => plotly::common::Anchor::Left,
            Anchor::Center => plotly::common::Anchor::Center,
            Anchor::Right => plotly::common::Anchor::Right,
        };
        let note = Annotation::new()
            .x_ref(&axes.names.0)
            .y_ref(&axes.names.1)
            .x(place(axes.scales.0, at.0))
            .y(place(axes.scales.1, at.1))
            .x_anchor(anchor)
            .x_shift(0.6 * offset.0)
            .y_shift(-0.6 * offset.1)
            .show_arrow(false)
            .text(look::label(text));
        self.notes.push(note);
    }

    fn cells(&mut self, cells: &[Cell], axes: &Pair) {
        let x = distinct(cells.iter().map(|cell| cell.at.0));
        let y = distinct(cells.iter().map(|cell| cell.at.1));
        let at = |all: &[f64], value: f64| all.iter().position(|known| *known == value).unwrap_or_default();
        let mut z = vec![vec![None; x.len()]; y.len()];
        let mut texts = vec![vec![String::new(); x.len()]; y.len()];
        let mut numbers = texts.clone();
        for cell in cells {
            let (row, column) = (at(&y, cell.at.1), at(&x, cell.at.0));
            z[row][column] = match (cell.fill, &self.plot.color_bar) {
                (Fill::Share(share), Some(bar)) => Some(bar.place(share)),
                (Fill::Share(share), None) => Some(share),
                _ => None,
            };
            texts[row][column] = look::lines(&cell.hover);
            numbers[row][column] = cell.texts.first().map(|text| look::label(text)).unwrap_or_default();
        }
        let map = HeatMap::new(x, y, z).x_axis(&axes.names.0).y_axis(&axes.names.1);
        let map = map.hover_info(HoverInfo::Text).hover_text_matrix(texts).hover_on_gaps(false);
        let map = map.x_gap(1).y_gap(1).zmin(0.0).zmax(1.0);
        let map = match self.plot.color_bar.as_ref() {
            Some(bar) => map
                .color_scale(look::color_scale(bar))
                .color_bar(look::color_bar(bar))
                .show_scale(!self.has_bar && bar.scale != Scale::Empty),
            None => map,
        };
        self.has_bar = true;
        let mut map = json!(map);
        if cells.iter().any(|cell| !cell.texts.is_empty()) {
            map["text"] = json!(numbers);
            map["texttemplate"] = json!("%{text}");
        }
        self.keep(map, Vec::new());
        self.signs(cells, axes);
        self.frames(cells, axes);
    }

    /// Draws symbols for cells without a colour from the colour bar; blank cells have hover text only.
    fn signs(&mut self, cells: &[Cell], axes: &Pair) {
        let sign = |cell: &Cell| match cell.fill {
            Fill::Share(_) => None,
            Fill::Lost => Some((0, Ink::Text, MarkerSymbol::X, 1.0)),
            Fill::Blank => Some((1, Ink::Text, MarkerSymbol::Square, 0.0)),
            Fill::Ink(ink) => Some((2, ink, MarkerSymbol::Square, 1.0)),
        };
        for kind in 0..3 {
            let mut ours =
                cells.iter().filter(|cell| sign(cell).is_some_and(|(of, ..)| of == kind)).peekable();
            let Some((_, ink, symbol, opacity)) = ours.peek().and_then(|cell| sign(cell)) else { continue };
            let points: Vec<Point> =
                ours.map(|cell| Point::new(cell.at.0, cell.at.1).saying(&cell.hover)).collect();
            let marker = Marker::new().symbol(symbol).size(14).color(look::color(ink)).opacity(opacity);
            let trace = trail(&points, axes).mode(Mode::Markers).marker(marker);
            self.add(&Mark::cells(Vec::new()), trace, axes, Vec::new(), false);
        }
    }

    /// Frames around conspicuous cells.
    fn frames(&mut self, cells: &[Cell], axes: &Pair) {
        let framed: Vec<&Cell> = cells.iter().filter(|cell| cell.frame.is_some()).collect();
        let Some(ink) = framed.first().and_then(|cell| cell.frame) else { return };
        const HALF: f64 = 0.46;
        let corners = |cell: &&Cell| {
            [(-HALF, -HALF), (HALF, -HALF), (HALF, HALF), (-HALF, HALF), (-HALF, -HALF), (0.0, f64::NAN)]
                .map(|(x, y)| Point::new(cell.at.0 + x, cell.at.1 + y).saying(&cell.hover))
        };
        let corners: Vec<Point> = framed.iter().flat_map(corners).collect();
        let line = look::line(ink, Stroke::solid(4.0));
        let trace = trail(&corners, axes).mode(Mode::Lines).line(line);
        self.add(&Mark::cells(Vec::new()), trace, axes, Vec::new(), false);
    }

    /// Adds the colour scale of lines, attached to an invisible marker.
    fn color_bar_alone(&mut self, bar: &ColorBar, axes: &Pair) {
        self.has_bar = true;
        if bar.scale == Scale::Empty {
            return;
        }
        let marker = Marker::new()
            .color_array(vec![look::color(Ink::Share(bar.share_at(0.0)))])
            .color_scale(look::color_scale(bar))
            .color_bar(look::color_bar(bar))
            .cmin(0.0)
            .cmax(1.0)
            .show_scale(true)
            .opacity(0.0);
        let at = Point::new(axes.scales.0.ends().1, axes.scales.1.ends().1);
        let trace = trail(&[at], axes).mode(Mode::Markers).marker(marker);
        self.add(&Mark::cells(Vec::new()), trace, axes, Vec::new(), false);
    }
}

/// Points at their positions on the axes, with their hover texts.
fn trail(points: &[Point], axes: &Pair) -> Box<Trail> {
    let x = points.iter().map(|point| look::placed(axes.scales.0, point.x).unwrap_or(point.x)).collect();
    let y = points.iter().map(|point| look::placed(axes.scales.1, point.y)).collect();
    let trace = Scatter::new(x, y);
    if points.iter().all(|point| point.hover.is_empty()) {
        return trace.hover_info(HoverInfo::Skip);
    }
    let hover = points.iter().map(|point| look::lines(&point.hover)).collect();
    trace.hover_info(HoverInfo::Text).hover_text_array(hover)
}

fn filled(trace: Box<Trail>, ink: Ink, opacity: f64) -> Box<Trail> {
    let trace = trace.mode(Mode::Lines).line(Line::new().width(0.0));
    trace.fill(Filled::ToSelf).fill_color(look::shade(ink, opacity))
}

fn marker(ink: Ink, symbol: Symbol, radius: f64) -> Marker {
    let color = look::color(ink);
    let line =
        Line::new().color(color.clone()).width(if matches!(symbol, Symbol::Series(_)) { 0.0 } else { 2.0 });
    Marker::new()
        .color(color)
        .symbol(look::symbol(symbol))
        .size((1.2 * radius).round().max(5.0) as usize)
        .line(line)
}

/// The x of points for each choice of x; empty if there is no choice.
fn choices<'p>(points: impl Iterator<Item = (f64, &'p Vec<f64>)> + Clone) -> Vec<Vec<f64>> {
    let others = points.clone().next().map_or(0, |(_, others)| others.len());
    let choice = |at: usize| {
        points.clone().map(|(x, others)| if at == 0 { x } else { others[at - 1] }).collect::<Vec<f64>>()
    };
    (0..=others).map(choice).collect()
}

fn distinct(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut all: Vec<f64> = values.collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    all
}
