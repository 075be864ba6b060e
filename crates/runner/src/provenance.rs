//! Where and when results are made. The one place that reads the wall clock.

use chainrule_record::Machine;
use chrono::{DateTime, SecondsFormat};
use std::time::{SystemTime, UNIX_EPOCH};

/// The time now in UTC, as RFC 3339 writes it.
#[expect(clippy::disallowed_methods, reason = "this is where times are recorded")]
pub fn now() -> String {
    rfc_3339(SystemTime::now())
}

/// A time in UTC, to the second. A clock may be set to any time, those before 1970 included.
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

/// This machine.
pub fn machine() -> Machine {
    Machine {
        cpu: cpu_name().unwrap_or_else(|| "unknown".to_owned()),
        simd: chainrule_core::simd::instructions().to_owned(),
        logical_cpus: std::thread::available_parallelism().map_or(1, |n| n.get() as u64),
        platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
    }
}

/// The processor's name as Linux knows it.
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
