//! Limits on what callers have under way: for each kind of work so much at once, shared fairly, so that one caller's many
//! requests hold up nobody else's.

use std::num::NonZeroUsize;
use std::thread::available_parallelism;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{Error as ActixError, HttpMessage as _, HttpRequest};

use super::body_progress::BodyProgress;
use base::error::Error;
use base::fair_limit::{Bounds, FairLimit};
use base::holding::Holding;
use base::id::AccountId;

/// The caller of a request: fairness is between these.
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
    /// Rows of one kind.
    Read,
    /// Figures, computed from many rows.
    Figures,
    /// The pulls of phones.
    Pull,
    /// Changes.
    Write,
    /// Sign-in, and whatever else hashes passwords.
    SignIn,
    /// Files brought in.
    Import,
    /// Files taken out.
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
    /// Long work together leaves connections to the database for short work.
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
            // Few of them hash at once; the others read and write.
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

/// The kind of an operation; `None` for one that needs no turn.
fn kind_of(operation: &str, method: &Method) -> Option<WorkKind> {
    Some(match operation {
        // It reads its body later than the others, and hashes nothing slowly.
        "issue_token" => return None,
        "sign_in"
        | "enrol_device"
        | "refresh_session"
        | "sign_out"
        | "set_up"
        | "change_password"
        | "start_second_factor"
        | "save_account" => WorkKind::SignIn,
        "pull_changes" => WorkKind::Pull,
        "list_shortages"
        | "summarize_shortages"
        | "explain_shortage"
        | "list_stock"
        | "list_drafts"
        | "find_draft"
        | "check_draft" => WorkKind::Figures,
        "submit_tables" => WorkKind::Import,
        "list_as_tables" => WorkKind::Export,
        _ if method == Method::GET => WorkKind::Read,
        _ => WorkKind::Write,
    })
}

/// True for a request that signs somebody in or out, or brings a password.
pub fn is_sign_in(request: &HttpRequest) -> bool {
    kind_of(request.match_name().unwrap_or_default(), request.method()) == Some(WorkKind::SignIn)
}

/// A request's way to its turn.
#[derive(Debug)]
pub struct Entrance {
    kind: Option<WorkKind>,
    body: Option<BodyProgress>,
}

impl Entrance {
    /// The one of a request whose operation is known.
    pub fn of(request: &HttpRequest) -> Self {
        let kind = kind_of(request.match_name().unwrap_or_default(), request.method());
        Self { kind, body: request.extensions().get::<BodyProgress>().cloned() }
    }

    /// Waits for the caller's turn, which the request then has until all that it began has ended. A body is read first, so
    /// that a slow line takes no turn from others.
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

/// Lets a request hold its turn until all that it began has ended.
pub async fn hold_turn(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, ActixError> {
    Holding::default().during(next.call(request)).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::app;

    #[test]
    fn the_operations_with_a_kind_of_their_own_exist() {
        let document = app::document().to_json().unwrap();
        for operation in [
            "sign_in",
            "enrol_device",
            "refresh_session",
            "sign_out",
            "set_up",
            "change_password",
            "start_second_factor",
            "save_account",
            "pull_changes",
            "list_shortages",
            "summarize_shortages",
            "explain_shortage",
            "list_stock",
            "list_drafts",
            "find_draft",
            "check_draft",
            "submit_tables",
            "list_as_tables",
            "issue_token",
        ] {
            assert!(document.contains(&format!("\"operationId\":\"{operation}\"")), "{operation}");
            assert_ne!(kind_of(operation, &Method::GET), Some(WorkKind::Read), "{operation}");
        }
        assert_eq!(kind_of("submit_count", &Method::PUT), Some(WorkKind::Write));
        assert_eq!(kind_of("list_items", &Method::GET), Some(WorkKind::Read));
    }
}
