//! The name of an experiment, which is also the name of its results folder and its baseline.

use super::diagnostic::Diagnostic;
use super::parse::{Entry, NodeValue};
use chainrule_record::text::shown;
use std::ffi::{OsStr, OsString};
use std::path::Path;

/// The maximum length of a name in bytes: file systems allow 255, and other words are added to it.
const MAX_NAME: usize = 100;

/// The folder of baselines, which lies among the results folders.
const BASELINES: &str = "baselines";

/// Names that Windows reserves for devices, with any extension.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Devices that Windows numbers from 0 to 9.
const NUMBERED_DEVICES: [&str; 2] = ["com", "lpt"];

/// The name given by `name = "…"`.
pub(super) fn given(entry: &Entry) -> Result<OsString, Diagnostic> {
    let error = |message: String| Diagnostic::new(message, &entry.value.span, "not a name");
    let NodeValue::Text(name) = &entry.value.value else {
        let error = error(format!("`name` must be a string, not {}", entry.value.describe()));
        return Err(error.help("write it in quotes, as in name = \"my-sweep\""));
    };
    match name_problem(name) {
        None => Ok(name.into()),
        Some(problem) => Err(error(format!("`name` cannot be \"{}\": {problem}", name.escape_debug()))
            .help("use letters, digits, `-`, `_` and `.`, as in name = \"my-sweep\"")),
    }
}

/// The reason why a text cannot be a name, if there is one. A name must be a plain folder name on every system.
pub fn name_problem(name: &str) -> Option<String> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    if name.is_empty() {
        return Some("it is empty".to_owned());
    }
    if let Some(letter) = name.chars().find(|letter| !is_plain(*letter)) {
        return Some(format!("it contains {letter:?}"));
    }
    if name.len() > MAX_NAME {
        return Some(format!("it has {} letters, but at most {MAX_NAME} are allowed", name.len()));
    }
    if !name.starts_with(|letter: char| letter.is_ascii_alphanumeric()) {
        return Some("it does not start with a letter or a digit".to_owned());
    }
    if name.ends_with('.') {
        return Some("it ends with a dot".to_owned());
    }
    if is_device(name) {
        return Some("Windows reserves it for a device".to_owned());
    }
    is_baselines(OsStr::new(name)).then(|| "that folder contains the baselines".to_owned())
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
    let is_numbered =
        |device: &str| stem.strip_prefix(device).is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'9']));
    DEVICES.contains(&stem.as_str()) || NUMBERED_DEVICES.into_iter().any(is_numbered)
}

/// File systems of Windows and macOS ignore case.
fn is_baselines(name: &OsStr) -> bool {
    name.eq_ignore_ascii_case(BASELINES)
}

/// The name derived from the path of an experiment file: the file name without `.toml`.
pub(super) fn of_file(path: &Path) -> Result<OsString, Diagnostic> {
    let stem = path.file_stem().unwrap_or_default();
    // For the library, a file called `.toml` has a stem and no extension.
    let is_nameless = path.file_name().is_some_and(|name| name == ".toml");
    let text = chainrule_record::text::from_os(stem);
    let message = if is_nameless || text.chars().all(|letter| letter == '.' || letter.is_whitespace()) {
        format!("`{}` has no file name that could name the experiment", shown(path))
    } else if is_baselines(stem) {
        format!("an experiment cannot be called `{text}`: that folder contains the baselines")
    } else {
        return Ok(stem.to_owned());
    };
    Err(Diagnostic::whole(message).help("rename the file, or write name = \"my-sweep\" at its top"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_folders_on_every_system() {
        let longest = "n".repeat(MAX_NAME);
        for good in ["sweep", "my-sweep_2", "v1.2", "0", "console", "com", "com10", "nullable", &longest] {
            assert_eq!(name_problem(good), None, "{good}");
        }
        let too_long = "n".repeat(MAX_NAME + 1);
        let bad = [
            "",
            ".",
            "..",
            "...",
            ".hidden",
            "-x",
            "_x",
            "a.",
            "a/b",
            "a\\b",
            "/a",
            "a b",
            " ",
            "ä",
            "a\nb",
            "a\0",
            "c:",
            "NUL",
            "nul.txt",
            "Com1",
            "lpt9.x",
            "baselines",
            "Baselines",
            &too_long,
        ];
        for bad in bad {
            assert!(name_problem(bad).is_some(), "{bad:?}");
        }
    }

    #[test]
    fn files_whose_name_is_empty_give_no_name() {
        for path in [
            "...toml",
            ".toml",
            "a/.toml",
            "..toml",
            " .toml",
            "....toml",
            "baselines.toml",
            "BASELINES.toml",
        ] {
            assert!(of_file(Path::new(path)).is_err(), "{path}");
        }
        for (path, name) in [
            ("a/sweep.toml", "sweep"),
            ("a.b.toml", "a.b"),
            (".a.toml", ".a"),
            ("x", "x"),
            ("my sweep.toml", "my sweep"),
        ] {
            assert_eq!(of_file(Path::new(path)).unwrap(), name);
        }
    }
}
