//! The figures: as tables for people, and as JSON.

use std::fs;
use std::path::Path;

use serde::Serialize;

use crate::database::Kind;
use crate::deadline::Deadline;
use crate::floors::report::ReportFloor;
use crate::floors::submit::SubmitFloor;
use crate::load::Measured;
use crate::options::Options;
use crate::server::{Filled, Server};
use crate::work::{ONE_READ, SUBMIT, SUBMIT_FULL};

/// The data of some measurements.
#[derive(Clone, Debug, Serialize)]
pub struct Size {
    pub database: String,
    /// Banners × counts of an organization.
    pub data: String,
    /// The number of the only organizations with counts; 0 if all have some.
    pub only: usize,
    pub counts: i64,
    pub filled_seconds: f64,
    pub filled_counts_per_second: f64,
    pub disk_mib: f64,
    pub start_ms: f64,
    pub idle_memory_mib: f64,
    /// The raw SQL of the report.
    pub report_floors: Vec<ReportFloor>,
    pub measured: Vec<Measured>,
    /// The deadline hour, if that was measured instead.
    pub deadline: Option<Deadline>,
}

impl Size {
    pub fn of(kind: Kind, filled: &Filled, server: &Server, idle_memory_mib: f64) -> Self {
        let seconds = filled.took.as_secs_f64();
        Self {
            database: kind.to_string(),
            data: filled.data.to_string(),
            only: filled.data.only.len(),
            counts: filled.counts,
            filled_seconds: seconds,
            filled_counts_per_second: filled.counts as f64 / seconds,
            disk_mib: filled.size as f64 / (1 << 20) as f64,
            start_ms: server.start.as_secs_f64() * 1e3,
            idle_memory_mib,
            report_floors: Vec::new(),
            measured: Vec::new(),
            deadline: None,
        }
    }
}

#[derive(Serialize)]
struct Floor {
    database: String,
    #[serde(flatten)]
    floor: SubmitFloor,
}

/// All figures of a run.
#[derive(Serialize)]
pub struct Report {
    /// When it began, on how many cores, and of which version.
    at: String,
    cores: usize,
    version: &'static str,
    seconds: f64,
    submit_floors: Vec<Floor>,
    sizes: Vec<Size>,
}

impl Report {
    pub fn new(options: &Options) -> Self {
        let report = Self {
            at: chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            version: env!("CARGO_PKG_VERSION"),
            seconds: options.time().as_secs_f64(),
            submit_floors: Vec::new(),
            sizes: Vec::new(),
        };
        println!("Muster {}, {}, {} cores, {} s each", report.version, report.at, report.cores, report.seconds);
        report
    }

    /// Adds the floor of submits, and prints it.
    pub fn add_floor(&mut self, kind: Kind, floor: SubmitFloor) {
        println!("\nOne submit of 60 lines writes these rows; the floor writes the same, in as large transactions:\n");
        println!("{:<32}{:>10}{:>10}{:>10}", "table", "inserted", "updated", "deleted");
        for written in &floor.written {
            println!("{:<32}{:>10}{:>10}{:>10}", written.table, written.inserted, written.updated, written.deleted);
        }
        println!();
        for rate in &floor.rates {
            println!(
                "floor: {:>4} clients  {:>9.1} submits/s, a transaction takes {:.2} ms (p50)",
                rate.clients, rate.per_second, rate.p50_ms
            );
        }
        self.submit_floors.push(Floor { database: kind.to_string(), floor });
    }

    /// Begins another size with its measurements, which are lines of a table.
    pub fn begin(&mut self, size: Size) {
        self.begin_size(size);
        println!(
            "{:<46}{:>4}{:>10}{:>10}{:>10}{:>9}{:>9}{:>9}{:>9}{:>8}{:>9}{:>8}",
            "", "", "p50", "p99", "", "sent", "received", "service", "database", "load", "resident", "/ floor"
        );
        println!(
            "{:<46}{:>4}{:>10}{:>10}{:>10}{:>9}{:>9}{:>9}{:>9}{:>8}{:>9}{:>8}",
            "", "", "ms", "ms", "/s", "B", "B", "CPU ms", "CPU ms", "CPU ms", "MiB", ""
        );
    }

    /// Begins another size, and prints it.
    pub fn begin_size(&mut self, size: Size) {
        println!("\n## {} {} ({} counts)\n", size.database, size.data, size.counts);
        println!(
            "filled in {:.1} s ({:.0} counts/s), {:.1} MiB on disk; started in {:.0} ms, {:.1} MiB resident when idle\n",
            size.filled_seconds, size.filled_counts_per_second, size.disk_mib, size.start_ms, size.idle_memory_mib
        );
        self.sizes.push(size);
    }

    /// Adds the deadline hour of the last size, which printed itself.
    pub fn add_deadline(&mut self, deadline: Deadline) {
        self.sizes.last_mut().unwrap().deadline = Some(deadline);
    }

    /// True if the service did what it must not do.
    pub fn has_faults(&self) -> bool {
        self.sizes.iter().filter_map(|size| size.deadline.as_ref()).any(|deadline| !deadline.faults.is_empty())
    }

    pub fn add_report_floor(&mut self, floors: Vec<ReportFloor>) {
        for floor in &floors {
            println!("{:<46}{:>4}{:>10.2}", format!("floor: SQL of {}", floor.name), 1, floor.p50_ms);
        }
        self.sizes.last_mut().unwrap().report_floors = floors;
    }

    /// Adds a measurement to the last size, and prints it.
    pub fn add(&mut self, one: Measured) {
        let size = self.sizes.last_mut().unwrap();
        let floor =
            ratio_to_floor(&self.submit_floors, size, &one).map_or_else(String::new, |ratio| format!("{ratio:.2}"));
        println!(
            "{:<46}{:>4}{:>10.2}{:>10.2}{:>10.1}{:>9}{:>9}{:>9.2}{:>9.2}{:>8.2}{:>9.1}{:>8}{}",
            one.name,
            one.clients,
            one.p50_ms,
            one.p99_ms,
            one.per_second,
            one.bytes_sent,
            one.bytes_received,
            one.service_ms,
            one.database_ms,
            one.load_ms,
            one.memory_mib,
            floor,
            if one.refused.is_empty() { String::new() } else { format!("  refused: {:?}", one.refused) },
        );
        size.measured.push(one);
    }

    /// Prints how each figure grows with the data: divided by that at the first size of the same database and with the same
    /// organizations.
    pub fn print_growth(&self) {
        let mut left: Vec<&Size> = self.sizes.iter().collect();
        while let Some(first) = left.first().copied() {
            let is_alike = |size: &&Size| size.database == first.database && size.only == first.only;
            let (alike, others): (Vec<&Size>, Vec<&Size>) = left.into_iter().partition(is_alike);
            if alike.len() > 1 {
                print_growth_of(first, &alike[1..]);
            }
            left = others;
        }
    }

    pub fn write_json(&self, path: &Path) {
        fs::write(path, serde_json::to_vec_pretty(self).unwrap()).unwrap();
    }
}

fn print_growth_of(first: &Size, others: &[&Size]) {
    println!("\n## {}: growth, against {} (p50, and CPU of the service)\n", first.database, first.data);
    let row = |name: &str, clients: &str, of: &dyn Fn(&Size) -> String| {
        let columns: String = others.iter().map(|size| format!("{:>20}", of(size))).collect();
        println!("{name:<46}{clients:>4}{columns}");
    };
    row("", "", &|size| size.data.clone());
    for base in &first.measured {
        let is_same = |one: &&Measured| one.name == base.name && one.clients == base.clients;
        let ratios = |one: &Measured| {
            let cpu = if base.service_ms > 0.0 { one.service_ms / base.service_ms } else { f64::NAN };
            format!("{:.2}{cpu:>8.2}", one.p50_ms / base.p50_ms)
        };
        let of = |size: &Size| size.measured.iter().find(is_same).map_or_else(String::new, ratios);
        row(&base.name, &base.clients.to_string(), &of);
    }
    row("resident memory when idle", "", &|size| format!("{:.2}", size.idle_memory_mib / first.idle_memory_mib));
}

/// The ratio to the floor: of submits by rate, of reports by p50, of other reads by the CPU of the handler with one read.
fn ratio_to_floor(submits: &[Floor], size: &Size, one: &Measured) -> Option<f64> {
    if one.name == SUBMIT || one.name == SUBMIT_FULL {
        let floor = submits.iter().find(|floor| floor.database == size.database)?;
        let rate = floor.floor.rates.iter().find(|rate| rate.clients == one.clients)?;
        return Some(one.per_second / rate.per_second);
    }
    if let Some(floor) = size.report_floors.iter().find(|floor| floor.name == one.name) {
        return Some(one.p50_ms / floor.p50_ms);
    }
    let is_read = ["pull", "stock", "shortages", "explanation"].iter().any(|begin| one.name.starts_with(begin));
    let handler = size.measured.iter().find(|other| other.name == ONE_READ && other.clients == one.clients)?;
    (is_read && handler.service_ms > 0.0).then(|| one.service_ms / handler.service_ms)
}
