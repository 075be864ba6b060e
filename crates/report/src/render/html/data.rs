//! Data for the scripts of the page.

use crate::draw::{Axis, Figure};
use crate::number::rounded;
use chainrule_record::text;
use serde_json::{Value, json};

/// Significant digits of numbers in the table of runs and in their curves.
const DIGITS: usize = 4;

/// JSON without characters that HTML could interpret.
pub(super) fn text(value: &Value) -> String {
    let text = text::json(&value.to_string());
    // These occur only in strings, in which JSON can escape them.
    MARKUP.iter().fold(text, |text, sign| text.replace(*sign, &format!("\\u{:04x}", u32::from(*sign))))
}

const MARKUP: [char; 3] = ['<', '>', '&'];

/// The length of [`text`] in bytes, except for control characters.
pub(super) fn size(value: &Value) -> usize {
    let mut size = Size(0);
    // Counting bytes cannot fail.
    let _ = serde_json::to_writer(&mut size, value);
    size.0
}

/// A writer that counts bytes.
struct Size(usize);

impl std::io::Write for Size {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let signs = bytes.iter().filter(|byte| MARKUP.contains(&char::from(**byte))).count();
        self.0 += bytes.len() + 5 * signs;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A figure: its Plotly data, and the choices of the reader.
pub(super) fn figure(figure: &Figure) -> Value {
    let axis = |axis: &Axis| json!({"name": axis.name, "title": axis.title, "x": axis.x});
    json!({
        "data": figure.plot["data"],
        "layout": figure.plot["layout"],
        "axes": figure.axes.iter().map(axis).collect::<Vec<_>>(),
    })
}

/// A number as short as displayed; `null` if there is none.
pub(super) fn short(value: Option<f64>) -> Value {
    let short = value.filter(|value| value.is_finite()).and_then(|value| rounded(value, DIGITS).parse().ok());
    short.map_or(Value::Null, whole_or_not)
}

/// `3` for 3.0.
fn whole_or_not(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 1e9 { json!(value as i64) } else { json!(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_ends_no_script() {
        let value = json!({"a": "</script><!-- & \u{2028}\u{2029}"});
        let text = text(&value);
        assert!(!text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        let value = json!(["<b>&", 1.5, null]);
        assert_eq!(size(&value), super::text(&value).len());
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(short(Some(0.123_456)).to_string(), "0.1235");
        assert_eq!(short(Some(3.0)).to_string(), "3");
        assert_eq!(short(Some(f64::NAN)), Value::Null);
        assert_eq!(short(None), Value::Null);
    }
}
