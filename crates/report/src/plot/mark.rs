//! Marks: what is drawn between axes, in the units of the data.

/// Something that is drawn.
#[derive(Debug)]
pub(crate) struct Mark {
    /// What.
    pub(crate) shape: Shape,
    /// In which colour.
    pub(crate) ink: Ink,
    /// Which entry of the legend it belongs to: on the page they are shown and hidden together.
    pub(crate) group: Option<usize>,
}

/// What a mark is.
#[derive(Debug)]
pub(crate) enum Shape {
    /// A line through points; it ends at one that is not finite, and goes on after it.
    Line {
        points: Vec<Point>,
        stroke: Stroke,
        markers: Markers,
        /// Pixels upwards, so that lines that run together are seen side by side in pictures.
        lift: f64,
    },
    /// The area between two lines over the same x.
    Band(Vec<Span>),
    /// Markers of a radius in pixels.
    Points {
        points: Vec<Point>,
        symbol: Symbol,
        size: f64,
        /// Pixels upwards, as those of the line that they belong to.
        lift: f64,
    },
    /// Rectangles, through which a share of what lies behind is covered.
    Boxes { boxes: Vec<Area>, opacity: f64 },
    /// Squares of a map, each half a unit around its place.
    Cells(Vec<Cell>),
    /// A line across the panel at an x.
    Upright(f64, Stroke),
    /// A line across the panel at a y.
    Level(f64, Stroke),
    /// A text beside a point.
    Text { at: (f64, f64), text: String, anchor: Anchor, offset: (f64, f64) },
}

/// A point with what the page says of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
    /// Lines of the hover text; none if it is empty.
    pub(crate) hover: String,
    /// Its x for each choice of x after the first.
    pub(crate) other_x: Vec<f64>,
}

impl Point {
    /// A point without a hover text.
    pub(crate) fn new(x: f64, y: f64) -> Self {
        Self { x, y, ..Self::default() }
    }

    /// The same with a hover text.
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
    /// Lines of the hover text; none if it is empty.
    pub(crate) hover: String,
}

/// A square of a map.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cell {
    /// Where, in units of both axes.
    pub(crate) at: (f64, f64),
    pub(crate) fill: Fill,
    /// What is written in it: the first of these that fits.
    pub(crate) texts: Vec<String>,
    pub(crate) text_ink: Option<Ink>,
    /// The colour of a frame that stands out.
    pub(crate) frame: Option<Ink>,
    /// Lines of the hover text.
    pub(crate) hover: String,
}

/// How a cell is filled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Fill {
    /// By a share of the colour bar, from dark to bright.
    Share(f64),
    /// Hatched: there is no number, because runs were lost.
    Lost,
    /// White, with a faint edge.
    Blank,
    /// In a colour.
    Ink(Ink),
}

/// A colour by its meaning.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Ink {
    /// Of a series.
    Series(usize),
    /// Of letters.
    Text,
    /// Of remarks.
    Muted,
    /// Of what is wrong.
    Alarm,
    /// Of what was lost.
    Lost,
    /// Of the paper.
    Paper,
    /// A share of the colour bar, from dark to bright.
    Share(f64),
}

/// A kind of line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stroke {
    /// In pixels.
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

impl Stroke {
    /// The line of a series.
    pub(crate) fn series(index: usize) -> Self {
        const DASHES: [Dash; 4] = [Dash::Solid, Dash::Dashed, Dash::Dotted, Dash::Long];
        Self { width: 3.6, dash: DASHES[index % DASHES.len()] }
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

/// Which points of a line have a marker.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Markers {
    None,
    /// All, with this radius in pixels.
    All(f64),
    /// Some that are apart from each other. The first one stands after this share of their distance, so that lines that run
    /// together have theirs in different places.
    Some(f64),
}

/// The shape of a marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Symbol {
    /// Of a series.
    Series(usize),
    /// Of a run that was lost.
    Cross,
    /// An upright line.
    Upright,
    /// A level line.
    Level,
}

/// Which part of a text lies at its point.
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

    /// A line across the panel at an x.
    pub(crate) fn upright(ink: Ink, x: f64, stroke: Stroke) -> Self {
        Self::of(Shape::Upright(x, stroke), ink)
    }

    /// A line across the panel at a y.
    pub(crate) fn level(ink: Ink, y: f64, stroke: Stroke) -> Self {
        Self::of(Shape::Level(y, stroke), ink)
    }

    /// A text, `offset` pixels to the right and downwards of a point.
    pub(crate) fn text(
        ink: Ink,
        at: (f64, f64),
        text: impl Into<String>,
        anchor: Anchor,
        offset: (f64, f64),
    ) -> Self {
        Self::of(Shape::Text { at, text: text.into(), anchor, offset }, ink)
    }

    /// The same line or markers, some pixels higher in pictures.
    pub(crate) fn lifted(mut self, pixels: f64) -> Self {
        if let Shape::Line { lift, .. } | Shape::Points { lift, .. } = &mut self.shape {
            *lift = pixels;
        }
        self
    }

    /// The same line with markers.
    pub(crate) fn marked(mut self, which: Markers) -> Self {
        if let Shape::Line { markers, .. } = &mut self.shape {
            *markers = which;
        }
        self
    }

    /// The same as part of an entry of the legend.
    pub(crate) fn of_group(self, group: usize) -> Self {
        Self { group: Some(group), ..self }
    }
}
