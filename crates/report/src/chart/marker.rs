//! The markers on lines: a distance for pixels, an outline for vector graphics.

use super::canvas::Point;

/// A marker of size 1 around (0, 0); y grows downwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marker {
    Disc,
    Square,
    TriangleUp,
    Diamond,
    TriangleDown,
    Plus,
    Ring,
}

/// What bounds a marker of size 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Outline {
    /// A filled circle of this radius.
    Disc(f64),
    /// A circle of this radius, drawn with a line of this thickness.
    Ring(f64, f64),
    /// A filled polygon with these corners.
    Polygon(&'static [Point]),
}

impl Marker {
    /// All of them, in the order that lines take them in.
    pub(crate) const ALL: [Self; 7] = [
        Self::Disc,
        Self::Square,
        Self::TriangleUp,
        Self::Diamond,
        Self::TriangleDown,
        Self::Plus,
        Self::Ring,
    ];

    /// Signed distance from a point to the outline; negative inside.
    pub(crate) fn distance(self, x: f64, y: f64) -> f64 {
        let (width, height) = (x.abs(), y.abs());
        match self {
            Self::Disc => x.hypot(y) - 0.95,
            Self::Square => width.max(height) - 0.85,
            Self::TriangleUp => (0.866 * width - 0.5 * y - 0.5).max(y - 0.75),
            Self::Diamond => (width + height - 1.2) * 0.707,
            Self::TriangleDown => (0.866 * width + 0.5 * y - 0.5).max(-y - 0.75),
            Self::Plus => (width.min(height) - 0.3).max(width.max(height) - 1.05),
            Self::Ring => (x.hypot(y) - 0.65).abs() - 0.3,
        }
    }

    /// Where [`Self::distance`] is 0.
    pub(crate) fn outline(self) -> Outline {
        match self {
            Self::Disc => Outline::Disc(0.95),
            Self::Square => Outline::Polygon(&[(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)]),
            // 0.866 · 1.0104 = 0.5 · 0.75 + 0.5
            Self::TriangleUp => Outline::Polygon(&[(0.0, -1.0), (1.0104, 0.75), (-1.0104, 0.75)]),
            Self::Diamond => Outline::Polygon(&[(0.0, -1.2), (1.2, 0.0), (0.0, 1.2), (-1.2, 0.0)]),
            Self::TriangleDown => Outline::Polygon(&[(0.0, 1.0), (1.0104, -0.75), (-1.0104, -0.75)]),
            Self::Plus => Outline::Polygon(&PLUS),
            Self::Ring => Outline::Ring(0.65, 0.6),
        }
    }
}

const PLUS: [Point; 12] = [
    (-0.3, -1.05),
    (0.3, -1.05),
    (0.3, -0.3),
    (1.05, -0.3),
    (1.05, 0.3),
    (0.3, 0.3),
    (0.3, 1.05),
    (-0.3, 1.05),
    (-0.3, 0.3),
    (-1.05, 0.3),
    (-1.05, -0.3),
    (-0.3, -0.3),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Points on an outline: corners and the middles between them, or both sides of a circle.
    fn on(outline: Outline) -> Vec<Point> {
        match outline {
            Outline::Disc(radius) => vec![(radius, 0.0), (0.0, -radius)],
            Outline::Ring(radius, thickness) => {
                vec![(radius + thickness / 2.0, 0.0), (0.0, radius - thickness / 2.0)]
            }
            Outline::Polygon(corners) => {
                let next = corners.iter().cycle().skip(1);
                let middle = |(a, b): (&Point, &Point)| ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0);
                corners.iter().copied().chain(corners.iter().zip(next).map(middle)).collect()
            }
        }
    }

    #[test]
    fn outlines_lie_where_the_distance_is_zero() {
        for marker in Marker::ALL {
            for (x, y) in on(marker.outline()) {
                let distance = marker.distance(x, y);
                assert!(distance.abs() < 1e-4, "{marker:?}: ({x}, {y}) lies {distance} from the outline");
            }
        }
    }
}
