//! Limits on the work of callers: for each kind of work a number at once, shared fairly, so that the many requests of one
//! caller do not delay those of others.

use std::num::NonZeroUsize;
use std::thread::available_parallelism;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::web::Query;
use actix_web::{Error as ActixError, HttpMessage as _, HttpRequest};
use serde::Deserialize;

use super::body_progress::BodyProgress;
use super::format::Format;
use base::error::Error;
use base::fair_limit::{Bounds, FairLimit};
use base::holding::Holding;
use base::id::AccountId;

/// The caller of a request, between which work is shared fairly.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CallerKey {
    /// An account, of a person or a program.
    Account(AccountId),
    /// The network of a client that is not signed in.
    Network(String),
}

/// The kinds of work with a limit of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WorkKind {
    /// Reads of rows.
    Read,
    /// Reads of figures, computed from many rows.
    Figures,
    /// The pulls of phones.
    Pull,
    /// Changes.
    Write,
    /// Sign-in, and everything else that hashes passwords.
    SignIn,
    /// Files to import.
    Import,
    /// Files to export, and lists as tables.
    Export,
}

/// The limits of all kinds; clones share them.
#[derive(Clone)]
pub struct CallerLimits {
    read: FairLimit<CallerKey>,
    figures: FairLimit<CallerKey>,
    pull: FairLimit<CallerKey>,
    write: FairLimit<CallerKey>,
    sign_in: FairLimit<CallerKey>,
    import: FairLimit<CallerKey>,
    export: FairLimit<CallerKey>,
}

impl Default for CallerLimits {
    /// All long work together must leave database connections for short work.
    fn default() -> Self {
        let cores = available_parallelism().map_or(2, NonZeroUsize::get);
        let limit = |at_once, at_once_of_one, waiting_of_one, seconds, busy| {
            let patience = Duration::from_secs(seconds);
            FairLimit::new(Bounds { at_once, at_once_of_one, waiting: 1_024, waiting_of_one, patience }, busy)
        };
        Self {
            read: limit(16, 4, 128, 8, "too many reads of this caller are under way"),
            figures: limit(cores.clamp(2, 3), 2, 64, 8, "too many figures are being computed"),
            pull: limit(2, 1, 64, 8, "too many pulls are under way"),
            write: limit(64, 16, 128, 8, "too many changes of this caller are under way"),
            // Few sign-ins hash at once; the others read and write.
            sign_in: limit(64, 32, 256, 60, "too many sign-ins are under way"),
            import: limit(1, 1, 16, 30, "too many imports are under way"),
            export: limit(1, 1, 16, 30, "too many exports are under way"),
        }
    }
}

impl CallerLimits {
    fn of(&self, kind: WorkKind) -> &FairLimit<CallerKey> {
        match kind {
            WorkKind::Read => &self.read,
            WorkKind::Figures => &self.figures,
            WorkKind::Pull => &self.pull,
            WorkKind::Write => &self.write,
            WorkKind::SignIn => &self.sign_in,
            WorkKind::Import => &self.import,
            WorkKind::Export => &self.export,
        }
    }
}

/// The kind of an operation; `None` for one that does not need a turn.
fn kind_of(operation: &str, method: &Method) -> Option<WorkKind> {
    Some(match operation {
        // It reads its body later than other operations, and hashes nothing slowly.
        "issue_token" => return None,
        "sign_in"
        | "enrol_device"
        | "refresh_session"
        | "sign_out"
        | "set_up"
        | "change_password"
        | "start_second_factor"
        | "put_account" => WorkKind::SignIn,
        "pull_changes" => WorkKind::Pull,
        "list_shortages"
        | "summarize_shortages"
        | "explain_shortage"
        | "list_organization_statuses"
        | "list_expiring_lots"
        | "list_fact_checks"
        | "list_stock"
        | "export_count_list"
        | "list_drafts"
        | "find_draft"
        | "check_draft"
        | "check_standards" => WorkKind::Figures,
        "import_tables" => WorkKind::Import,
        "export_tables" => WorkKind::Export,
        _ if method == Method::GET => WorkKind::Read,
        _ => WorkKind::Write,
    })
}

/// The format that a request names.
#[derive(Deserialize)]
struct Asked {
    format: Option<Format>,
}

/// True for a request for a table, which is longer than a page and made whole in memory.
fn is_for_table(request: &HttpRequest) -> bool {
    let named = Query::<Asked>::from_query(request.query_string()).ok().and_then(|asked| asked.format);
    Format::of(named, request) != Format::Json
}

/// True if a request signs somebody in or out, or contains a password.
pub fn is_sign_in(request: &HttpRequest) -> bool {
    kind_of(request.match_name().unwrap_or_default(), request.method()) == Some(WorkKind::SignIn)
}

/// The entrance of a request to its turn.
#[derive(Debug)]
pub struct Entrance {
    kind: Option<WorkKind>,
    body: Option<BodyProgress>,
}

impl Entrance {
    /// The entrance of a request whose operation is known.
    pub fn of(request: &HttpRequest) -> Self {
        let kind = match kind_of(request.match_name().unwrap_or_default(), request.method()) {
            Some(WorkKind::Read) if is_for_table(request) => Some(WorkKind::Export),
            kind => kind,
        };
        Self { kind, body: request.extensions().get::<BodyProgress>().cloned() }
    }

    /// Waits for the caller's turn, which the request then keeps until all work for it has ended. The body is read first,
    /// so that a slow line does not occupy a turn.
    ///
    /// # Errors
    /// `Busy` if too much of the kind waits, or the turn did not come in time.
    pub async fn enter(self, limits: &CallerLimits, caller: CallerKey) -> Result<(), Error> {
        let Some(kind) = self.kind else { return Ok(()) };
        if let Some(body) = self.body {
            body.end().await;
        }
        let turn = limits.of(kind).take(caller).await?;
        if let Some(holding) = Holding::current() {
            holding.keep(turn);
        }
        Ok(())
    }
}

/// Lets a request keep its turn until all work for it has ended.
pub async fn hold_turn(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, ActixError> {
    Holding::default().during(next.call(request)).await
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;
    use crate::api::app;
    use crate::api::document::Profile;

    #[test]
    fn the_operations_with_a_kind_of_their_own_exist() {
        let document = serde_json::to_string(app::document(Profile::Everything)).unwrap();
        for operation in [
            "sign_in",
            "enrol_device",
            "refresh_session",
            "sign_out",
            "set_up",
            "change_password",
            "start_second_factor",
            "put_account",
            "pull_changes",
            "list_shortages",
            "summarize_shortages",
            "explain_shortage",
            "list_expiring_lots",
            "list_fact_checks",
            "list_stock",
            "list_drafts",
            "find_draft",
            "check_draft",
            "check_standards",
            "import_tables",
            "export_tables",
            "issue_token",
        ] {
            assert!(document.contains(&format!("\"operationId\":\"{operation}\"")), "{operation}");
            assert_ne!(kind_of(operation, &Method::GET), Some(WorkKind::Read), "{operation}");
        }
        assert_eq!(kind_of("submit_count", &Method::PUT), Some(WorkKind::Write));
        assert_eq!(kind_of("list_items", &Method::GET), Some(WorkKind::Read));
    }

    #[test]
    fn a_table_takes_a_turn_of_an_export() {
        let for_table = |path: &str, accept: &str| {
            is_for_table(&TestRequest::get().uri(path).insert_header(("accept", accept)).to_http_request())
        };
        assert!(for_table("/counts?limit=3&format=csv", "*/*") && for_table("/counts", "text/csv"));
        assert!(!for_table("/counts?limit=3", "*/*") && !for_table("/counts?format=json", "text/csv"));
        assert!(!for_table("/counts/1/receipt", "application/jose"));
    }
}
