//! Benchmark of the service as its clients use it: `cargo bench --bench service -- --help`; how to read it is in
//! `docs/performance.md`.
//!
//! It fills a new database with `muster generate`, starts `muster serve` as a process of its own, signs users in and sends
//! requests over HTTP, beside the floors of the same machine in the same run. Machines differ: compare figures of one run only.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a benchmark that meets the unexpected should stop there, and it reads the environment and drives connections"
)]

mod client;
#[allow(dead_code, reason = "shared with the tests, which use all of it")]
#[path = "../../tests/it/cluster.rs"]
mod cluster;
mod database;
mod deadline;
mod floors;
mod load;
#[path = "../../src/commands/open_files.rs"]
mod open_files;
mod options;
mod process;
mod report;
mod request;
mod run;
mod server;
mod users;
mod work;

use std::process::ExitCode;
use std::time::Instant;

use clap::Parser as _;

use self::options::Options;
use self::report::Report;

fn main() -> ExitCode {
    let options = Options::parse();
    let started = Instant::now();
    open_files::make_room();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut report = Report::new(&options);
    for kind in options.databases() {
        run::measure(&runtime, &options, kind, &mut report);
    }
    report.print_growth();
    println!("\n{} s in all", started.elapsed().as_secs());
    if let Some(path) = &options.json {
        report.write_json(path);
    }
    if report.has_faults() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
