//! Where and when results are made. The one place that reads the wall clock.

use chainrule_record::Machine;
use chrono::{Local, SecondsFormat};

/// The time now, RFC 3339 with the local offset.
pub fn now() -> String {
    Local::now().to_rfc3339_opts(SecondsFormat::Secs, false)
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
