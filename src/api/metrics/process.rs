//! Metrics of the process, under the names that Prometheus has for them.

use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use prometheus_client::metrics::gauge::ConstGauge;

/// The present time as that of the start.
pub fn started_now() -> ConstGauge<f64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    ConstGauge::new(since.as_secs_f64())
}

/// The memory that is resident, in bytes; `None` where the system does not tell it as Linux does.
pub fn resident_bytes() -> Option<i64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: i64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    kibibytes.checked_mul(1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_is_told_its_memory() {
        let bytes = resident_bytes().unwrap();
        assert!((1_000_000..100_000_000_000).contains(&bytes), "{bytes}");
    }
}
