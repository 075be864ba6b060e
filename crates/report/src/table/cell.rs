//! Table cells.

use crate::analysis::Spread;
use crate::number;
use crate::text::one_line;
use chainrule_record::{text_without_folders, without_folders};
use serde_json::Value;

/// A row under construction.
#[derive(Default)]
pub(crate) struct Row(Vec<String>);

impl Row {
    /// Column titles.
    pub(crate) fn titles<'a>(titles: impl IntoIterator<Item = &'a str>) -> Self {
        Self(titles.into_iter().map(str::to_owned).collect())
    }

    /// Adds a text from outside the program.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.0.push(harmless(&one_line(text)));
        self
    }

    /// Adds texts.
    pub(crate) fn texts<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) -> &mut Self {
        for text in texts {
            self.text(text);
        }
        self
    }

    /// Adds a count.
    pub(crate) fn count(&mut self, count: impl Into<u64>) -> &mut Self {
        self.0.push(count.into().to_string());
        self
    }

    /// Adds a statistic; the cell is empty if it is not finite.
    pub(crate) fn number(&mut self, number: Option<f64>) -> &mut Self {
        self.0.push(number.filter(|number| number.is_finite()).map(number::exact).unwrap_or_default());
        self
    }

    /// Adds a measured number, finite or not; `None` if it was not measured.
    pub(crate) fn measured(&mut self, number: Option<f64>) -> &mut Self {
        self.0.push(number.map(number::exact).unwrap_or_default());
        self
    }

    /// Adds `true` or `false`; the cell is empty if it is unknown.
    pub(crate) fn flag(&mut self, flag: Option<bool>) -> &mut Self {
        self.0.push(flag.map(|flag| flag.to_string()).unwrap_or_default());
        self
    }

    /// Adds median, minimum, quartiles and maximum.
    pub(crate) fn spread(&mut self, spread: &Spread) -> &mut Self {
        self.number(spread.median)
            .number(spread.min)
            .number(spread.lower_quartile)
            .number(spread.upper_quartile)
            .number(spread.max)
    }

    /// Writes the row.
    pub(crate) fn write<W: std::io::Write>(&self, table: &mut csv::Writer<W>) -> Result<(), csv::Error> {
        table.write_record(&self.0)
    }
}

/// Spreadsheets interpret text as a formula if it begins with one of these characters, or with spaces before them; a
/// leading quote prevents that.
pub(crate) fn harmless(text: &str) -> String {
    let formula = text.trim_start().starts_with(['=', '+', '-', '@']) && text.parse::<f64>().is_err();
    if formula { format!("'{text}") } else { text.to_owned() }
}

/// A setting as text. Scalars are bare; tables and lists get the label of their axis, or become compact JSON without
/// absolute paths.
pub(crate) fn setting(value: Option<&Value>, label: impl Fn(&Value) -> Option<String>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text_without_folders(text),
        Some(Value::Number(number)) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(number) => number::exact(number),
            None => number.to_string(),
        },
        Some(value @ Value::Bool(_)) => value.to_string(),
        Some(value) => label(value).unwrap_or_else(|| without_folders(value).to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_harmless_and_numbers_are_left() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("@x", "'@x"),
            ("-relu", "'-relu"),
            ("+cmd", "'+cmd"),
            (" =x", "' =x"),
            ("-0.5", "-0.5"),
            ("relu", "relu"),
            ("", ""),
        ] {
            assert_eq!(harmless(text), cell);
        }
    }

    #[test]
    fn measured_numbers_are_told_from_missing_ones() {
        let mut row = Row::default();
        row.measured(None)
            .measured(Some(f64::NAN))
            .measured(Some(f64::INFINITY))
            .measured(Some(-f64::INFINITY));
        assert_eq!(row.0, ["", "NaN", "inf", "-inf"]);
    }

    #[test]
    fn missing_and_infinite_numbers_are_empty_cells() {
        let mut row = Row::default();
        row.number(None).number(Some(f64::NAN)).number(Some(0.1)).count(3u64);
        assert_eq!(row.0, ["", "", "0.1", "3"]);
    }
}
