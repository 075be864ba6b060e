//! Where and when results are made. Only this module reads the wall clock and the working folder.

use chainrule_record::Machine;
use chrono::{DateTime, SecondsFormat, Utc};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// The current time in UTC, in RFC 3339 format.
#[expect(clippy::disallowed_methods, reason = "this is where times are recorded")]
pub fn now() -> String {
    rfc_3339(SystemTime::now())
}

/// A time in UTC, to the second. The clock may have any setting, even before 1970.
fn rfc_3339(time: SystemTime) -> String {
    let seconds = match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).ok(),
        Err(before) => {
            i64::try_from(before.duration().as_secs_f64().ceil() as u64).ok().map(|seconds| -seconds)
        }
    };
    let time = seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    time.map_or_else(|| "unknown".to_owned(), |time| time.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// A time in UTC, in RFC 3339 format. Older versions recorded local times with their offset.
pub fn in_utc(time: &str) -> String {
    DateTime::parse_from_rfc3339(time).map_or_else(|_| time.to_owned(), |time| text(time.to_utc()))
}

fn text(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A path relative to the working folder if it is inside; otherwise the path as given.
pub fn near(path: &Path) -> PathBuf {
    let within = |path: &Path, folder: &Path| path.strip_prefix(folder).ok().map(Path::to_owned);
    let Ok(here) = std::env::current_dir() else { return path.to_owned() };
    let by_links = || within(&path.canonicalize().ok()?, &here.canonicalize().ok()?);
    match path.is_absolute() {
        true => within(path, &here).or_else(by_links).unwrap_or_else(|| path.to_owned()),
        false => path.to_owned(),
    }
}

/// A path as tables and reports show it: relative, without a machine's folders and its user's name. An absolute path
/// outside the working folder is shortened to its last part.
pub fn short_path(path: &Path) -> String {
    let near = near(path);
    let last = near.file_name().map(Path::new).filter(|_| near.is_absolute());
    chainrule_record::text::from_os(last.unwrap_or(&near).as_os_str())
}

/// A word of a command line as tables and reports show it. Absolute paths are shortened by [`short_path`], even after
/// a `=` or in quotes, as in `--results=/tmp/results` and `dataset={csv={path="/tmp/wine.csv"}}`.
pub fn short_word(word: &str) -> String {
    let is_path = |text: &str| Path::new(text).is_absolute();
    let part = |text: &str| if is_path(text) { short_path(Path::new(text)) } else { text.to_owned() };
    match word.split_once('=') {
        Some((key, value)) if is_path(value) => format!("{key}={}", part(value)),
        _ => {
            let quote = if word.contains('"') { "\"" } else { "'" };
            word.split(quote).map(part).collect::<Vec<_>>().join(quote)
        }
    }
}

/// This machine.
pub fn machine() -> Machine {
    Machine {
        cpu: cpu_name().unwrap_or_else(|| "unknown".to_owned()),
        simd: chainrule_core::simd::instructions().to_owned(),
        logical_cpus: std::thread::available_parallelism().map_or(1, |n| n.get() as u64),
        platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
    }
}

/// The processor's name as reported by Linux.
fn cpu_name() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    line.split_once(':').map(|(_, name)| name.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn words_that_are_shown_hold_no_absolute_path() {
        let here = std::env::current_dir().unwrap().join("results");
        assert_eq!(short_word(&chainrule_record::text::from_os(here.as_os_str())), "results");
        for (word, expected) in [
            ("run", "run"),
            ("../a/x.toml", "../a/x.toml"),
            ("/home/ada/my x.toml", "my x.toml"),
            ("--results=/home/ada/r", "--results=r"),
            ("epochs=5", "epochs=5"),
            (r#"dataset={csv={path="/home/ada/w.csv"}}"#, r#"dataset={csv={path="w.csv"}}"#),
            (r#"x=["/home/ada/a b", "c"]"#, r#"x=["a b", "c"]"#),
            ("x='/home/ada/a'", "x='a'"),
        ] {
            assert_eq!(short_word(word), expected);
        }
    }

    #[test]
    fn times_are_in_utc() {
        assert!(now().ends_with('Z'), "{}", now());
        assert_eq!(in_utc("2026-01-01T01:30:00+02:00"), "2025-12-31T23:30:00Z");
        assert_eq!(in_utc("unknown"), "unknown");
    }

    #[test]
    fn any_clock_has_a_time() {
        let after = |seconds: u64| UNIX_EPOCH.checked_add(Duration::from_secs(seconds)).map(rfc_3339);
        let before = |time: Duration| UNIX_EPOCH.checked_sub(time).map(rfc_3339);
        assert_eq!(after(1_700_000_000).unwrap(), "2023-11-14T22:13:20Z");
        assert_eq!(before(Duration::from_secs(86_400)).unwrap(), "1969-12-31T00:00:00Z");
        assert_eq!(before(Duration::from_millis(500)).unwrap(), "1969-12-31T23:59:59Z");
        assert_eq!(before(Duration::from_secs(3_000_000_000)).unwrap(), "1874-12-07T18:40:00Z");
        let unknown = |time: Option<String>| assert!(time.is_none_or(|time| time == "unknown"));
        unknown(after(1 << 62));
        unknown(before(Duration::from_secs(1 << 62)));
    }
}
