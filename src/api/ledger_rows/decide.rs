//! Deciding about rows of ledgers.

use std::sync::Arc;

use actix_web::{HttpResponse, put, web};

use super::read::find;
use super::view::LedgerRowView;
use crate::api::body::Body;
use crate::api::callers::{Caller, Counters};
use crate::api::changed::{self, ChangeProblems, Changed};
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::problem::{BodyProblems, Problems};
use crate::api::query::{NoParameters, Query};
use crate::api::state::AppState;
use base::id::LedgerRowId;
use db::locks::Key;
use db::write::Change;
use service::chain::Signer;
use service::ledger::{AskedDecision, NewDecision, decide, locks_of};

/// Decide about a row of a ledger
///
/// Says which item an open row is: it is then counted beside the other rows of its ledger, from the ledger's day on. Or that it is none
/// of the catalogue: it is kept with its words, and may be decided again. An officer's decision is remembered for the region, so that
/// the same words need no question again, and holds for its other rows with these words that are in no count. A repeat changes
/// nothing. A row that is in a count stays: void the count, or submit a new one.
#[utoipa::path(
    tag = "tables",
    params(("id" = LedgerRowId, Path, description = "The row.")),
    request_body = NewDecision,
    responses(
        (status = 200, description = "It is decided, or was already decided so.", body = Changed<LedgerRowView>),
        ChangeProblems,
        Problems,
        BodyProblems
    ),
    security(("bearer" = []))
)]
#[put("/ledger-rows/{id}/decision")]
pub async fn decide_ledger_row(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Counters>,
    _: Query<NoParameters>,
    id: web::Path<LedgerRowId>,
    body: Body<NewDecision>,
) -> Result<HttpResponse, ApiError> {
    let (id, now, belongs) = (id.into_inner(), state.clock.now(), caller.belongs);
    let asked = AskedDecision { id, decision: body.value, belongs };
    asked.check()?;
    let named = asked.clone();
    let locks = state.db.read(move |snapshot| locks_of(snapshot.connection, &named)).await?;
    let (author, receipts) = (caller.author(), Arc::clone(&state.receipts));
    let locks = locks.keys([Key::sender(author.account)]);
    let work = move |change: &mut Change<'_>| {
        let signer = Signer { author: &author, keys: &receipts };
        decide(change, signer, &asked, now)
    };
    let outcome = state.db.write(caller.actor, locks, work).await?.value;
    let view = state.db.read(move |snapshot| find(snapshot, belongs, id, language, now)).await?;
    let (day, revision) = (view.ledger_on, view.revision);
    Ok(changed::answer(view, Some(day), outcome, revision))
}
