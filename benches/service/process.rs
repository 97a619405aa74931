//! What the system knows of processes: their time and their memory.

use std::fs;
use std::time::Duration;

/// The ticks of a second in which Linux counts the time of processes, on every architecture that Rust supports.
const TICKS: u64 = 100;

struct Stat {
    parent: u32,
    /// User and system, and the same of the children that ended.
    ticks: [u64; 4],
}

fn stat(name: &str) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{name}/stat")).ok()?;
    // The name of the program may contain anything, and ends with the last bracket.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
    Some(Stat { parent: u32::try_from(number(1)?).ok()?, ticks: [number(11)?, number(12)?, number(13)?, number(14)?] })
}

fn time(ticks: u64) -> Duration {
    Duration::from_millis(ticks * 1_000 / TICKS)
}

/// The processor time of a process.
pub fn time_of(process: u32) -> Duration {
    stat(&process.to_string()).map_or(Duration::ZERO, |stat| time(stat.ticks[0] + stat.ticks[1]))
}

/// The processor time of this process.
pub fn own_time() -> Duration {
    time_of(std::process::id())
}

/// The processor time of a process with its children, also those that ended.
pub fn time_of_family(process: u32) -> Duration {
    let own = stat(&process.to_string()).map_or(0, |stat| stat.ticks.iter().sum());
    let children = fs::read_dir("/proc").into_iter().flatten().filter_map(|entry| {
        let stat = stat(entry.ok()?.file_name().to_str()?)?;
        (stat.parent == process).then(|| stat.ticks[0] + stat.ticks[1])
    });
    time(own + children.sum::<u64>())
}

/// The resident memory of a process, now and at most, in MiB.
pub fn memory_of(process: u32) -> [f64; 2] {
    let text = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    ["VmRSS:", "VmHWM:"].map(|name| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.split_whitespace().next().and_then(|number| number.parse::<f64>().ok()).unwrap_or_default() / 1_024.0
    })
}

/// Forgets how much memory a process had at most so far.
pub fn forget_most_memory_of(process: u32) {
    // Where the system does not allow it, the figure is that since the start.
    let _ = fs::write(format!("/proc/{process}/clear_refs"), "5");
}
