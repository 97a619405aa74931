//! `GET /metrics`: what was counted, and what is looked up at that moment.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{App, Error as ActixError, HttpResponse, web};
use base::error::Error;
use db::{Load, bearing_counts, device_reports, quarantine};
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::{Registry, Unit};

use super::{Metrics, PREFIX, process};
use crate::api::state::AppState;

/// The media type of the format, OpenMetrics.
const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The time for looking up what is stored. A scrape must not wait for a database that does not answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// The most depots that are counted: how many more there are changes nothing.
const MOST_EMPTIED: i64 = 1_000;

/// What a scrape reads.
#[derive(Clone)]
struct Source {
    state: AppState,
    metrics: Arc<Metrics>,
}

/// The application of the listener for metrics, which has nothing else.
pub fn build(
    state: AppState,
    metrics: Arc<Metrics>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = ActixError,
        InitError = (),
    >,
> {
    App::new()
        .app_data(web::Data::new(Source { state, metrics }))
        .service(web::resource("/metrics").route(web::get().to(answer)))
}

async fn answer(source: web::Data<Source>) -> HttpResponse {
    let Source { state, metrics } = &**source;
    let stored = Stored::read(state).await;
    match text(metrics, state.db.load(), stored) {
        Ok(text) => HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, MEDIA_TYPE))
            .insert_header((CACHE_CONTROL, "no-store"))
            .body(text),
        Err(fmt::Error) => HttpResponse::InternalServerError().finish(),
    }
}

/// What is looked up in the database for a scrape: each by a bounded statement.
#[derive(Clone, Copy, Debug)]
struct Stored {
    /// The age of the oldest command that a device holds back, in seconds; 0 if there is none.
    oldest_unsynced_seconds: f64,
    /// The number of commands that wait in quarantine.
    quarantined: i64,
    /// The number of depots whose bearing counts are to be made anew, at most [`MOST_EMPTIED`].
    emptied: usize,
}

impl Stored {
    /// `None` if the database does not answer in time.
    async fn read(state: &AppState) -> Option<Self> {
        let now = state.clock.now();
        let read = state.db.read(move |snapshot| {
            let oldest = device_reports::oldest_wait(snapshot.connection)?;
            let age = oldest.map_or(0.0, |since| (now - since).as_seconds_f64().max(0.0));
            let quarantined = quarantine::number_waiting(snapshot.connection)?;
            let emptied = bearing_counts::emptied(snapshot.connection, MOST_EMPTIED)?.len();
            Ok::<_, Error>(Self { oldest_unsynced_seconds: age, quarantined, emptied })
        });
        tokio::time::timeout(PATIENCE, read).await.ok()?.ok()
    }

    fn register(self, registry: &mut Registry) {
        registry.register_with_unit(
            "oldest_unsynced",
            "Age of the oldest command that a device told of and has not sent, 0 if there is none",
            Unit::Seconds,
            ConstGauge::new(self.oldest_unsynced_seconds),
        );
        registry.register(
            "quarantine_waiting",
            "Commands in quarantine that wait for an officer",
            ConstGauge::new(self.quarantined),
        );
        registry.register(
            "rebuild_waiting",
            "Depots whose kept counts wait to be rebuilt, and whose figures are slower until then; at most 1000",
            ConstGauge::new(i64::try_from(self.emptied).unwrap_or(i64::MAX)),
        );
    }
}

/// The whole text of a scrape, without what could not be looked up.
fn text(metrics: &Metrics, load: Load, stored: Option<Stored>) -> Result<String, fmt::Error> {
    let mut looked_up = Registry::default();
    if let Some(bytes) = process::resident_bytes() {
        let help = "Memory of the process that is resident, in bytes";
        looked_up.register("process_resident_memory_bytes", help, ConstGauge::new(bytes));
    }
    let of_service = looked_up.sub_registry_with_prefix(PREFIX);
    let count = |number: usize| ConstGauge::new(i64::try_from(number).unwrap_or(i64::MAX));
    of_service.register("readers", "Reads that can be under way at once", count(load.readers));
    of_service.register("readers_in_use", "Reads under way", count(load.reading));
    of_service.register("readers_waiting", "Reads that wait for a reader", count(load.waiting_to_read));
    of_service.register("writes_waiting", "Writes that wait in the queue", count(load.waiting_to_write));
    of_service.register(
        "database_reachable",
        "1 unless the database did not answer the last attempt",
        ConstGauge::new(i64::from(load.is_reachable)),
    );
    if let Some(stored) = stored {
        stored.register(of_service);
    }
    let mut text = String::new();
    encode_registry(&mut text, &metrics.registry)?;
    encode_registry(&mut text, &looked_up)?;
    encode_eof(&mut text)?;
    Ok(text)
}
