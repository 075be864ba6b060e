//! Values as tables and reports show them, without a machine's folders and its user's name.

use crate::Digest;
use serde_json::Value;
use std::path::Path;

/// Number of digits of the digest that distinguishes files with the same name.
const DIGITS: usize = 6;

/// A value with each absolute path shortened to its last part and a digest of the whole path, as in `wine.csv#3f9a2c`
/// for `/home/ada/wine.csv`.
pub fn without_folders(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(text_without_folders(text)),
        Value::Array(items) => items.iter().map(without_folders).collect(),
        Value::Object(table) => {
            table.iter().map(|(key, value)| (key.clone(), without_folders(value))).collect()
        }
        other => other.clone(),
    }
}

/// Does the same for a text.
pub fn text_without_folders(text: &str) -> String {
    let path = Path::new(text);
    match path.file_name().filter(|_| path.is_absolute()) {
        Some(name) => {
            let digest = Digest::of(text.as_bytes()).to_string();
            format!("{}#{}", crate::text::from_os(name), &digest[..DIGITS])
        }
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn absolute_paths_are_shortened_wherever_they_are_and_stay_apart() {
        let table =
            |path: &str| json!({"csv": {"paths": [path, "wine.csv", "../a/wine.csv"], "header": true}});
        let texts = ["/home/ada/wine.csv", "/home/bob/wine.csv"]
            .map(|path| without_folders(&table(path)).to_string());
        assert!(texts.iter().all(|text| text.contains("\"wine.csv#") && !text.contains("home")), "{texts:?}");
        assert!(texts.iter().all(|text| text.contains("\"wine.csv\",\"../a/wine.csv\"")), "{texts:?}");
        assert_ne!(texts[0], texts[1]);
    }
}
