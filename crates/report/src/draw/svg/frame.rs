//! Rectangles in the picture.

/// A rectangle in the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Frame {
    pub(super) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// The smallest rectangle that contains both.
    pub(super) fn around(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// The x of a position from 0 to 1.
    pub(super) fn x(&self, position: f64) -> f64 {
        self.left + position * self.width()
    }

    /// The y of a position from 0 to 1.
    pub(super) fn y(&self, position: f64) -> f64 {
        self.bottom - position * self.height()
    }
}
