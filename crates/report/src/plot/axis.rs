//! Axes.

use super::Scale;

/// An axis of a panel.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Axis {
    /// The measured quantity, with its unit.
    pub(crate) label: String,
    /// Maps numbers to positions.
    pub(crate) scale: Scale,
    /// The ticks.
    pub(crate) ticks: Ticks,
}

/// The ticks of an axis.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Ticks {
    /// At round numbers.
    Numbers,
    /// At whole numbers.
    Counts,
    /// At these numbers, as far as there is room.
    At(Vec<f64>),
    /// A name at each of 0, 1, 2, …
    Names(Vec<Name>),
    /// The same names above the panel, without lines between them.
    Above(Vec<Name>),
    /// No ticks and no line.
    Hidden,
}

/// The name of a category.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Name {
    /// The full name.
    pub(crate) label: String,
    /// The name if there is little room.
    pub(crate) short: String,
    /// Lines below the name, if there is room.
    pub(crate) details: Vec<String>,
}

impl Name {
    /// A name without a shorter one.
    pub(crate) fn new(label: impl Into<String>) -> Self {
        let label = label.into();
        Self { short: label.clone(), label, details: Vec::new() }
    }
}

impl Axis {
    /// An axis with ticks at round numbers.
    pub(crate) fn new(label: impl Into<String>, scale: Scale) -> Self {
        Self { label: label.into(), scale, ticks: Ticks::Numbers }
    }

    /// An axis of categories, each half a unit around its number.
    pub(crate) fn names(label: impl Into<String>, names: Vec<Name>) -> Self {
        let scale = Scale::exactly(-0.5, names.len() as f64 - 0.5);
        Self { label: label.into(), scale, ticks: Ticks::Names(names) }
    }

    /// An axis of categories from top to bottom: the first category is the highest.
    pub(crate) fn names_downwards(label: impl Into<String>, names: Vec<Name>) -> Self {
        let axis = Self::names(label, names);
        Self { scale: axis.scale.reversed(), ..axis }
    }

    /// An unnamed axis of categories, with their names above the panel.
    pub(crate) fn names_above(names: Vec<Name>) -> Self {
        Self { scale: Self::names("", names.clone()).scale, label: String::new(), ticks: Ticks::Above(names) }
    }

    /// An axis without labels.
    pub(crate) fn hidden(scale: Scale) -> Self {
        Self { label: String::new(), scale, ticks: Ticks::Hidden }
    }

    /// The same axis with other ticks.
    pub(crate) fn with(self, ticks: Ticks) -> Self {
        Self { ticks, ..self }
    }
}
