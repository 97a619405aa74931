//! Notes of the statements of a connection: when one starts and ends, for the stopwatch of its thread and the log of slow ones.

use std::fmt::{self, Write as _};
use std::time::{Duration, Instant};

use diesel::connection::{DebugQuery, Instrumentation, InstrumentationEvent};

use super::stopwatch;

/// Separates a statement from its values in the form that diesel shows, which is the only one that it gives.
const VALUES: &str = " -- binds: ";

/// The longest text of a statement in the log, in bytes: lists of placeholders can be very long.
const LONGEST: usize = 2_000;

/// Notes the statements of one connection.
#[derive(Debug)]
pub(super) struct Statements {
    /// The time from which a statement is logged; `None` to log none.
    slow: Option<Duration>,
    /// True if the stopwatch of the thread runs during statements.
    is_watched: bool,
    since: Option<Instant>,
}

impl Statements {
    /// Logs statements that take as long as `slow`.
    pub(super) fn logged(slow: Option<Duration>) -> Self {
        Self { slow, is_watched: false, since: None }
    }

    /// The same for a database that may leave its caller without an answer.
    pub(super) fn watched(slow: Option<Duration>) -> Self {
        Self { is_watched: true, ..Self::logged(slow) }
    }

    fn note(&self, since: Option<Instant>) {
        if self.is_watched {
            stopwatch::set_of_thread(since);
        }
    }
}

impl Instrumentation for Statements {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { .. } => {
                self.since = Some(Instant::now());
                self.note(self.since);
            }
            InstrumentationEvent::FinishQuery { query, error, .. } => {
                self.note(None);
                let taken = self.since.take().map(|since| since.elapsed());
                if let Some((taken, slow)) = taken.zip(self.slow)
                    && taken >= slow
                {
                    log(query, taken, error.is_some());
                }
            }
            _ => {}
        }
    }
}

/// Logs a slow statement, without its values and the error, which may repeat them.
fn log(query: &dyn DebugQuery, taken: Duration, has_failed: bool) {
    let milliseconds = u64::try_from(taken.as_millis()).unwrap_or(u64::MAX);
    tracing::warn!(milliseconds, has_failed, statement = text_of(query), "a statement was slow");
}

/// The text of a statement without its values.
fn text_of(query: &dyn DebugQuery) -> String {
    let mut text = Beginning::default();
    // Ends early, with an error that says nothing else.
    let _ = write!(text, "{query}");
    let mut text = text.0;
    if let Some(at) = text.find(VALUES) {
        text.truncate(at);
    }
    if text.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}

/// The beginning of a text, until the values begin.
#[derive(Default)]
struct Beginning(String);

impl fmt::Write for Beginning {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        self.0.push_str(part);
        if part.contains(VALUES) { Err(fmt::Error) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use diesel::connection::SimpleConnection as _;
    use diesel::prelude::*;
    use diesel::sql_types::Text;
    use diesel::sqlite::SqliteConnection;

    use super::*;

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// The lines logged while statements run whose limit is `slow`.
    fn logged(slow: Option<Duration>, run: impl FnOnce(&mut SqliteConnection)) -> String {
        let mut connection = SqliteConnection::establish(":memory:").unwrap();
        connection.set_instrumentation(Statements::logged(slow));
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
        tracing::subscriber::with_default(subscriber, || {
            tracing::error_span!("request", request_id = "r-1").in_scope(|| run(&mut connection));
        });
        String::from_utf8(log.0.lock().unwrap().clone()).unwrap()
    }

    fn find(connection: &mut SqliteConnection) {
        connection.batch_execute("CREATE TABLE people (name TEXT)").unwrap();
        diesel::sql_query("SELECT * FROM people WHERE name = ?")
            .bind::<Text, _>("Zhang -- binds: [San]")
            .execute(connection)
            .unwrap();
    }

    #[test]
    fn a_slow_statement_is_logged_with_its_request_and_without_its_values() {
        let log = logged(Some(Duration::ZERO), find);
        assert_eq!(log.lines().count(), 2, "{log}");
        assert!(log.contains("SELECT * FROM people WHERE name = ?") && log.contains("request_id=\"r-1\""), "{log}");
        assert!(!log.contains("Zhang") && !log.contains("San") && !log.contains("binds"), "{log}");
    }

    #[test]
    fn quick_ones_are_not() {
        assert_eq!(logged(Some(Duration::from_secs(60)), find), "");
        assert_eq!(logged(None, find), "");
    }

    #[test]
    fn a_very_long_one_is_cut() {
        let long = format!("SELECT 1 -- {}", "量".repeat(LONGEST));
        let log = logged(Some(Duration::ZERO), |connection| connection.batch_execute(&long).unwrap());
        assert!(log.contains("量…") && log.len() < LONGEST + 300, "{log}");
    }
}
