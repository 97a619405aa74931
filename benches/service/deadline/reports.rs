//! Reports while counts arrive at a steady rate: 70 % of the highest that the service takes.

use std::time::Duration;

use serde::Serialize;

use super::Hour;
use super::pace::{self, Paced};
use crate::load::{Requests, measure as load};
use crate::request::{Line, Request};
use crate::users::LINES;
use crate::work::SUBMIT;

/// The clients that find the highest rate.
const CLIENTS: usize = 64;

/// The share of the highest rate at which counts then arrive.
const SHARE: f64 = 0.7;

/// The reports of each kind in a second.
const REPORTS_PER_SECOND: f64 = 2.0;

/// What the p99 of a report while counts arrive may be, in those when nothing else is done.
const MOST_TIMES_IDLE: f64 = 10.0;

/// A report when nothing else is done, and while counts arrive.
#[derive(Clone, Debug, Serialize)]
pub struct ReportTimes {
    pub name: &'static str,
    pub idle: Paced,
    pub busy: Paced,
    /// The p99 while counts arrive, divided by that when nothing else is done.
    pub p99_ratio: f64,
}

/// The figures of reports and counts.
#[derive(Clone, Debug, Serialize)]
pub struct Reports {
    pub highest_per_second: f64,
    pub counts: Paced,
    pub reports: Vec<ReportTimes>,
    pub memory_most_mib: f64,
}

impl Reports {
    pub fn print(&self) {
        println!("\nReports while counts of {LINES} lines arrive, at times fixed in advance\n");
        println!("highest rate            {:.1} counts/s, {CLIENTS} clients in turn", self.highest_per_second);
        println!(
            "counts                  {:.1}/s: {}; {}",
            self.counts.per_second, self.counts.times, self.counts.answers
        );
        for ReportTimes { name, idle, busy, p99_ratio } in &self.reports {
            println!("{name}");
            println!("  nothing else          {}; {}", idle.times, idle.answers);
            println!("  while counts arrive   {}; {}", busy.times, busy.answers);
            let verdict = if *p99_ratio <= MOST_TIMES_IDLE { "met" } else { "not met" };
            println!("  p99 / idle            {p99_ratio:.1} (at most {MOST_TIMES_IDLE}: {verdict})");
        }
        println!("resident memory         {:.1} MiB at most", self.memory_most_mib);
    }
}

/// The requests of a report by one who sees all.
fn report(hour: &Hour<'_>, path: &str) -> Vec<Request> {
    vec![Request::new(&Line("GET", path), &hour.users.of_all, &[], None)]
}

pub async fn measure(hour: &Hour<'_>) -> Reports {
    let summary = report(hour, "/api/v1/shortages/summary?group_by=item");
    let list = report(hour, "/api/v1/shortages?limit=50");
    let (of_summary, of_list) = ("summary by item", "shortages, first page");
    // A minute unless another time is given: enough reports for a 99th percentile.
    let time = hour.options.time() * 20;
    let both = async |time: Duration| {
        tokio::join!(
            pace::send(hour, of_summary, &summary, REPORTS_PER_SECOND, |after| after < time),
            pace::send(hour, of_list, &list, REPORTS_PER_SECOND, |after| after < time)
        )
    };
    // What the service keeps for reports is there before they are measured.
    both(Duration::from_secs(1)).await;
    let idle = both(time).await;
    hour.server.forget_most_memory();
    let submits: Vec<Request> = hour.users.quartermasters.iter().map(|one| one.submit(LINES, true)).collect();
    let highest =
        load(hour.server, SUBMIT, Requests::InTurn(&submits), CLIENTS, hour.options.time() * 2, hour.numbers).await;
    let refused = highest.refused.values().sum::<usize>();
    hour.stored.add(highest.requests - refused, highest.requests);
    let highest_per_second = highest.per_second * (1.0 - refused as f64 / highest.requests as f64);
    let (counts, busy) = tokio::join!(
        pace::send(hour, "counts at 70 %", &submits, highest_per_second * SHARE, |after| after < time),
        both(time)
    );
    hour.stored.add(counts.succeeded(), counts.sent());
    let figures = |name, idle: Paced, busy: Paced| {
        let p99_ratio = busy.times.p99_ms / idle.times.p99_ms;
        ReportTimes { name, idle, busy, p99_ratio }
    };
    let reports = vec![figures(of_summary, idle.0, busy.0), figures(of_list, idle.1, busy.1)];
    let [_, memory_most_mib] = hour.server.memory();
    Reports { highest_per_second, counts, reports, memory_most_mib }
}
