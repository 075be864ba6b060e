//! Marks: the things drawn between axes, in the units of the data.

/// A drawn thing.
#[derive(Debug)]
pub(crate) struct Mark {
    /// Its shape.
    pub(crate) shape: Shape,
    /// Its colour.
    pub(crate) ink: Ink,
    /// The legend entry that it belongs to: the page shows and hides the marks of an entry together.
    pub(crate) group: Option<usize>,
}

/// The shape of a mark.
#[derive(Debug)]
pub(crate) enum Shape {
    /// A line through points; it has a gap at a point that is not finite.
    Line {
        points: Vec<Point>,
        stroke: Stroke,
        markers: Markers,
        /// Shift upwards in pixels, so that overlapping lines are side by side in pictures.
        lift: f64,
    },
    /// The area between two lines over the same x.
    Band(Vec<Span>),
    /// Markers with a radius in pixels.
    Points {
        points: Vec<Point>,
        symbol: Symbol,
        size: f64,
        /// Shift upwards in pixels, equal to the shift of the line they belong to.
        lift: f64,
    },
    /// Rectangles; `opacity` is the fraction of the background that they cover.
    Boxes { boxes: Vec<Area>, opacity: f64 },
    /// Squares of a map, each half a unit around its position.
    Cells(Vec<Cell>),
    /// A vertical line across the panel at an x.
    Upright(f64, Stroke),
    /// A horizontal line across the panel at a y.
    Level(f64, Stroke),
    /// A text beside a point.
    Text { at: (f64, f64), text: String, anchor: Anchor, offset: (f64, f64) },
}

/// A point with its hover text.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
    /// Lines of the hover text; no hover text if it is empty.
    pub(crate) hover: String,
    /// Its x for each choice of x after the first.
    pub(crate) other_x: Vec<f64>,
}

impl Point {
    /// A point without a hover text.
    pub(crate) fn new(x: f64, y: f64) -> Self {
        Self { x, y, ..Self::default() }
    }

    /// The same point with hover text.
    pub(crate) fn saying(self, hover: impl Into<String>) -> Self {
        Self { hover: hover.into(), ..self }
    }
}

/// A range of y at an x.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Span {
    pub(crate) x: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// Its x for each choice of x after the first.
    pub(crate) other_x: Vec<f64>,
}

impl Span {
    /// A range at an x.
    pub(crate) fn new(x: f64, (low, high): (f64, f64)) -> Self {
        Self { x, low, high, other_x: Vec::new() }
    }
}

/// A rectangle.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Area {
    pub(crate) x: (f64, f64),
    pub(crate) y: (f64, f64),
    /// Lines of the hover text; no hover text if it is empty.
    pub(crate) hover: String,
}

/// A square of a map.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Cell {
    /// Its position, in units of both axes.
    pub(crate) at: (f64, f64),
    pub(crate) fill: Fill,
    /// Alternative labels: the first that fits is written in the cell.
    pub(crate) texts: Vec<String>,
    pub(crate) text_ink: Option<Ink>,
    /// The colour of a conspicuous frame.
    pub(crate) frame: Option<Ink>,
    /// Lines of the hover text.
    pub(crate) hover: String,
}

/// The fill of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) enum Fill {
    /// By a fraction of the colour bar, from dark to bright.
    Share(f64),
    /// Hatched: there is no number, because runs were lost.
    Lost,
    /// White, with a faint edge.
    #[default]
    Blank,
    /// In one colour.
    Ink(Ink),
}

/// A colour, named by its meaning.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Ink {
    /// The colour of a series.
    Series(usize),
    /// The colour of text.
    Text,
    /// The colour of remarks.
    Muted,
    /// The colour of errors.
    Alarm,
    /// The colour of lost runs.
    Lost,
    /// The colour of the background.
    Paper,
    /// A fraction of the colour bar, from dark to bright.
    Share(f64),
}

/// A line style.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stroke {
    /// The width in pixels.
    pub(crate) width: f64,
    pub(crate) dash: Dash,
}

/// The dashes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dash {
    Solid,
    Dashed,
    Dotted,
    Long,
}

/// The number of colours of series. Series with the same colour differ in their dashes.
pub(crate) const COLORS: usize = 8;

impl Stroke {
    /// The line of a series. Each time that colours repeat, dashes begin with the next one.
    pub(crate) fn series(index: usize) -> Self {
        const DASHES: [Dash; 4] = [Dash::Solid, Dash::Dashed, Dash::Dotted, Dash::Long];
        Self { width: 3.6, dash: DASHES[(index + index / COLORS) % DASHES.len()] }
    }

    /// A line without gaps.
    pub(crate) const fn solid(width: f64) -> Self {
        Self { width, dash: Dash::Solid }
    }

    /// A line of dashes.
    pub(crate) const fn dashed(width: f64) -> Self {
        Self { width, dash: Dash::Dashed }
    }

    /// A line of dots.
    pub(crate) const fn dotted(width: f64) -> Self {
        Self { width, dash: Dash::Dotted }
    }
}

/// The points of a line that have a marker.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Markers {
    None,
    /// All, with this radius in pixels.
    All(f64),
    /// Some, at a distance from each other. The first is after this fraction of the distance, so that overlapping
    /// lines have their markers in different places.
    Some(f64),
}

/// The shape of a marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Symbol {
    /// The shape of a series.
    Series(usize),
    /// The symbol of a lost run.
    Cross,
    /// A vertical line.
    Upright,
    /// A horizontal line.
    Level,
}

/// The part of a text that is at its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Left,
    Center,
    Right,
}

impl Mark {
    fn of(shape: Shape, ink: Ink) -> Self {
        let group = if let Ink::Series(index) = ink { Some(index) } else { None };
        Self { shape, ink, group }
    }

    /// A line.
    pub(crate) fn line(ink: Ink, stroke: Stroke, points: Vec<Point>) -> Self {
        Self::of(Shape::Line { points, stroke, markers: Markers::None, lift: 0.0 }, ink)
    }

    /// The line of a series.
    pub(crate) fn series(index: usize, markers: Markers, points: Vec<Point>) -> Self {
        let stroke = Stroke::series(index);
        Self::of(Shape::Line { points, stroke, markers, lift: 0.0 }, Ink::Series(index))
    }

    /// A band behind lines.
    pub(crate) fn band(ink: Ink, spans: Vec<Span>) -> Self {
        Self::of(Shape::Band(spans), ink)
    }

    /// Markers.
    pub(crate) fn points(ink: Ink, symbol: Symbol, size: f64, points: Vec<Point>) -> Self {
        Self::of(Shape::Points { points, symbol, size, lift: 0.0 }, ink)
    }

    /// Rectangles.
    pub(crate) fn boxes(ink: Ink, opacity: f64, boxes: Vec<Area>) -> Self {
        Self::of(Shape::Boxes { boxes, opacity }, ink)
    }

    /// A map.
    pub(crate) fn cells(cells: Vec<Cell>) -> Self {
        Self::of(Shape::Cells(cells), Ink::Text)
    }

    /// A vertical line across the panel at an x.
    pub(crate) fn upright(ink: Ink, x: f64, stroke: Stroke) -> Self {
        Self::of(Shape::Upright(x, stroke), ink)
    }

    /// A horizontal line across the panel at a y.
    pub(crate) fn level(ink: Ink, y: f64, stroke: Stroke) -> Self {
        Self::of(Shape::Level(y, stroke), ink)
    }

    /// A text, shifted by `offset` pixels to the right and downwards from a point.
    pub(crate) fn text(
        ink: Ink,
        at: (f64, f64),
        text: impl Into<String>,
        anchor: Anchor,
        offset: (f64, f64),
    ) -> Self {
        Self::of(Shape::Text { at, text: text.into(), anchor, offset }, ink)
    }

    /// The lines of a panel, each with its markers, shifted in pictures so that overlapping lines are side by side.
    pub(crate) fn side_by_side(mut lines: Vec<[Self; 2]>) -> Vec<Self> {
        const APART: f64 = 3.0;
        let middle = (lines.len() as f64 - 1.0) / 2.0;
        for (order, line) in (0u32..).zip(&mut lines) {
            for mark in line {
                if let Shape::Line { lift, .. } | Shape::Points { lift, .. } = &mut mark.shape {
                    *lift = APART * (f64::from(order) - middle);
                }
            }
        }
        lines.into_iter().flatten().collect()
    }

    /// A cross at the end of a line of lost runs.
    pub(crate) fn cross(ink: Ink, size: f64, end: Option<Point>) -> Option<Self> {
        end.map(|end| Self::points(ink, Symbol::Cross, size, vec![end]))
    }

    /// The same line with markers.
    pub(crate) fn marked(mut self, which: Markers) -> Self {
        if let Shape::Line { markers, .. } = &mut self.shape {
            *markers = which;
        }
        self
    }

    /// The same mark as part of a legend entry.
    pub(crate) fn of_group(self, group: usize) -> Self {
        Self { group: Some(group), ..self }
    }
}
