//! Metrics for Prometheus, for the operator alone: on a listener of their own, and only if a setting asks for it.
//!
//! Labels have few values, all of them in the code: no name of an organization, a person or a thing, and no path as it was
//! sent. What is counted as it happens is here and in [`db::metrics`], what is looked up for each scrape in [`scrape`].

mod process;
pub mod scrape;

use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use db::metrics::WriteMetrics;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use service::sync::results::CommandStatus;

/// The beginning of the name of each metric of this service.
const PREFIX: &str = "muster";

/// The upper bounds of the durations of requests, in seconds.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// The operation of a request that reaches none: for a file of the pages, a path that is not there, or a request that is
/// turned away before.
const NO_OPERATION: &str = "none";

/// The metrics that are counted as things happen.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    durations: Family<OperationLabels, Histogram>,
    in_flight: Gauge,
    sync_results: Family<SyncLabels, Counter>,
    writes: WriteMetrics,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    operation: String,
    method: &'static str,
    status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OperationLabels {
    operation: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SyncLabels {
    status: &'static str,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::default();
        registry.register(
            "process_start_time_seconds",
            "Time at which the process started, since 1970",
            process::started_now(),
        );
        let of_service = registry.sub_registry_with_prefix(PREFIX);
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        of_service.register("build", "Version of the program", build);
        let requests = Family::default();
        of_service.register(
            "requests",
            "Requests answered, by operation, method and class of status",
            requests.clone(),
        );
        let durations = Family::new_with_constructor((|| Histogram::new(SECONDS)) as fn() -> Histogram);
        of_service.register_with_unit(
            "request_duration",
            "Time from the head of a request to the head of its answer, by operation",
            Unit::Seconds,
            durations.clone(),
        );
        let in_flight = Gauge::default();
        of_service.register("requests_in_flight", "Requests that have no answer yet", in_flight.clone());
        let sync_results = Family::default();
        of_service.register("sync_results", "Commands pushed by phones, by their result", sync_results.clone());
        let writes = WriteMetrics::default();
        writes.register(of_service);
        Self { registry, requests, durations, in_flight, sync_results, writes }
    }
}

impl Metrics {
    /// The metrics of writes, for the database.
    pub fn writes(&self) -> WriteMetrics {
        self.writes.clone()
    }

    /// Counts a request as under way until the result is dropped.
    pub fn begin(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    /// Counts a request that was answered. The operation is the name under which it is registered, if any.
    pub fn answered(&self, operation: Option<&str>, method: &Method, status: StatusCode, taken: Duration) {
        let operation = operation.unwrap_or(NO_OPERATION).to_owned();
        let labels = RequestLabels { operation, method: name_of(method), status: class_of(status) };
        self.requests.get_or_create(&labels).inc();
        let labels = OperationLabels { operation: labels.operation };
        self.durations.get_or_create(&labels).observe(taken.as_secs_f64());
    }

    /// Counts the result of a pushed command.
    pub fn pushed(&self, status: CommandStatus, repeated: bool) {
        let status = match status {
            _ if repeated => "repeated",
            CommandStatus::Applied => "applied",
            CommandStatus::Quarantined => "quarantined",
            CommandStatus::Deferred => "deferred",
            CommandStatus::Rejected => "rejected",
        };
        self.sync_results.get_or_create(&SyncLabels { status }).inc();
    }
}

/// A request under way.
#[derive(Debug)]
pub struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// A method in a label. A client may send any other, so those share one.
fn name_of(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

fn class_of(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}
