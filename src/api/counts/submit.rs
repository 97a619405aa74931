//! Submitting a count.

use std::collections::BTreeSet;

use actix_web::{HttpResponse, put, web};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::read::{self, Named};
use super::receipt;
use super::view::CountView;
use crate::api::body::RawBody;
use crate::api::callers::{Caller, Counters};
use crate::api::device_headers::DeviceHeaders;
use crate::api::error::ApiError;
use crate::api::keeper_names::{KeeperNames, Shown};
use crate::api::prefer::{self, Preferred};
use crate::api::problem::{BodyProblems, Problem, Problems};
use crate::api::query::{NoParameters, Query};
use crate::api::shortages::ShortageLine;
use crate::api::state::AppState;
use base::content::Content;
use base::error::Error;
use base::id::{CountId, OrganizationId};
use db::counts::StoredCount;
use db::locks::{Key, Locks};
use db::read::Snapshot;
use db::write::Change;
use domain::account::{Account, Belongs};
use domain::assessment::assess_some;
use domain::item::ItemCode;
use domain::new_count::{CheckedCount, NewCount};
use domain::scope::Scope;
use service::chain::Signer;
use service::counts::{Known, Submission, Submitted, bears_on};
use service::moment::{Moment, MomentQuery};
use service::shortages::{OnDay, Reader};
use text::language::Language;

/// The outcome for a count, and its effect on shortages.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SubmittedCount {
    /// The count as it is stored.
    pub count: CountView,
    /// The requirement lines it affects, as they are now; none for a client without the scope `shortages:read`, and none with
    /// `Prefer: return=minimal`.
    #[schema(max_items = 2000)]
    pub assessments: Vec<ShortageLine>,
    /// The receipt: a JWS that states that the count was accepted, when, and at which position of the organization's
    /// chain. It is always the same, byte for byte.
    #[schema(max_length = 4096, example = "eyJhbGciOiJFZERTQSJ9.eyJpZCI6Ii4uLiJ9.c2lnbmF0dXJl")]
    pub receipt: String,
    /// True if it was already stored: this is its present state, and nothing was changed.
    #[schema(example = false)]
    pub repeated: bool,
}

/// Submit a count
///
/// Stores a count exactly once by its id: the client generates the id, keeps the body, and resends both until it gets an
/// answer. A repeat answers 200 with the present state of the count and changes nothing; the same id with other content is
/// 409 `id_reused`. A 4xx stores nothing.
#[utoipa::path(
    tag = "counts",
    params(
        ("id" = CountId, Path, description = "The count's id, a UUID made by the client."),
        ("Muster-Device" = Option<String>, Header, description = "The name the device gives itself.",
            min_length = 1, max_length = 100, example = "phone-7"),
        ("Muster-Seq" = Option<i64>, Header, description = "The device's own sequence number of this command.",
            minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 41),
        ("Muster-Sent-At" = Option<DateTime<Utc>>, Header,
            description = "The time of sending by the device's own clock: the server corrects `counted_at` by the difference."),
        ("Prefer" = Option<String>, Header, example = "return=minimal",
            description = "With `return=minimal` (RFC 7240) the answer has no `assessments`, and the count no `lots_not_mentioned` and no flag of them: these are most of its work.")
    ),
    request_body = NewCount,
    responses(
        (
            status = 200,
            description = "The count was already stored.",
            body = SubmittedCount,
            headers(("Preference-Applied" = String, description = "`return=minimal`, if that was asked for."))
        ),
        (
            status = 201,
            description = "It was stored.",
            body = SubmittedCount,
            headers(("Preference-Applied" = String, description = "`return=minimal`, if that was asked for."))
        ),
        (status = 409, description = "The id was used for other content.", body = Problem,
            content_type = "application/problem+json"),
        Problems,
        BodyProblems
    ),
    security(("bearer" = []))
)]
#[put("/counts/{id}")]
pub async fn submit_count(
    state: web::Data<AppState>,
    preferred: Preferred,
    caller: Caller<Counters>,
    _: Query<NoParameters>,
    id: web::Path<CountId>,
    DeviceHeaders(device): DeviceHeaders,
    body: RawBody,
) -> Result<HttpResponse, ApiError> {
    let (received_at, Preferred { language, is_minimal }) = (state.clock.now(), preferred);
    let (id, belongs) = (id.into_inner(), caller.belongs);
    let assesses = !is_minimal && caller.scopes.as_ref().is_none_or(|scopes| scopes.contains(Scope::ShortagesRead));
    let (sender, reader, shown) = (caller.account.clone(), caller.actor.clone(), Shown::default());
    let prepared = state.db.read(move |snapshot| prepare(snapshot, &sender, id, body)).await?;
    let (owner, answer) = match prepared {
        Prepared::Repeated { owner, id } => (owner, Answer::Repeated(id)),
        Prepared::New { owner, named, count, content } => {
            let submission = Submission::new(id, *count, content, device, received_at);
            let (sender, author, receipts) = (caller.account.clone(), caller.author(), state.receipts.clone());
            let locks = Locks::organization(owner).keys([Key::sender(author.account)]);
            let work = move |change: &mut Change<'_>| {
                // An officer may have turned it into a count while it waited in quarantine.
                let Submission { id, content, .. } = &submission;
                if let Known::Stored { owner, count } =
                    service::counts::look_up(change.connection, &sender, *id, content)?
                {
                    return Ok((owner, count, Submitted::Repeated));
                }
                let organization = change.for_organization(owner)?;
                let signer = Signer { author: &author, keys: &receipts };
                Ok((owner, *id, service::counts::submit(change, signer, organization, &submission)?))
            };
            let written = state.db.write(caller.actor, locks, work).await?;
            match written.value {
                (owner, id, Submitted::Repeated) => (owner, Answer::Repeated(id)),
                (owner, _, Submitted::Stored(stored)) => {
                    let receipt = stored.receipt.clone();
                    (owner, Answer::Stored { stored: Box::new(stored.recorded_at(written.revision)), receipt, named })
                }
            }
        }
    };
    let mut response = match &answer {
        Answer::Stored { .. } => HttpResponse::Created(),
        Answer::Repeated(_) => HttpResponse::Ok(),
    };
    let answer = match answer {
        // Of what was written nothing needs to be read.
        Answer::Stored { stored, receipt, named } if is_minimal => {
            let count = named.view(*stored, received_at, language)?;
            SubmittedCount { count, assessments: Vec::new(), receipt, repeated: false }
        }
        answer => {
            let noted = shown.clone();
            let complete = move |snapshot: &mut Snapshot<'_>| {
                let (count, receipt, repeated) = match answer {
                    Answer::Stored { stored, receipt, named } => {
                        (named.complete_view(snapshot, *stored, received_at, language)?, receipt, false)
                    }
                    Answer::Repeated(id) => {
                        let belongs = Belongs::Organization(owner);
                        let (named, stored) = read::find_stored(snapshot, belongs, id)?;
                        let count = if is_minimal {
                            named.view(stored, received_at, language)?
                        } else {
                            named.complete_view(snapshot, stored, received_at, language)?
                        };
                        (count, receipt::of_count(snapshot.connection, id)?, true)
                    }
                };
                // A sender who has moved to another organization gets the count without assessments.
                let assesses = assesses && db::organizations::is_visible(snapshot.connection, belongs, owner)?;
                let assessments =
                    if assesses { assess(snapshot, owner, &count, &noted, language, received_at)? } else { Vec::new() };
                Ok(SubmittedCount { count, assessments, receipt, repeated })
            };
            let answer = state.db.read(complete).await?;
            shown.log(&state, &reader).await?;
            answer
        }
    };
    if is_minimal {
        response.insert_header(("Preference-Applied", prefer::MINIMAL));
    }
    Ok(response.json(answer))
}

/// A body that was sent under an id.
enum Prepared {
    /// It is stored already.
    Repeated {
        /// The organization of the count.
        owner: OrganizationId,
        /// The count's id; it differs from the sent one if an officer applied the same pushed command under another id.
        id: CountId,
    },
    /// It is to be written.
    New {
        /// The organization of the count.
        owner: OrganizationId,
        /// What the answer names.
        named: Named,
        /// The count.
        count: Box<CheckedCount>,
        /// Its content as sent.
        content: Content,
    },
}

/// What is answered about a count.
enum Answer {
    /// It was stored now.
    Stored {
        /// The count.
        stored: Box<StoredCount>,
        /// Its receipt.
        receipt: String,
        /// What the answer names.
        named: Named,
    },
    /// It had been stored before, under this id.
    Repeated(CountId),
}

fn prepare(snapshot: &mut Snapshot<'_>, sender: &Account, id: CountId, body: RawBody) -> Result<Prepared, Error> {
    if let Known::Stored { owner, count } = service::counts::look_up(snapshot.connection, sender, id, &body.0)? {
        return Ok(Prepared::Repeated { owner, id: count });
    }
    let count = body.read::<NewCount>()?.check().map_err(Error::Invalid)?;
    let owner = service::counts::owner_of(snapshot.connection, sender.belongs, count.count().depot_id)?;
    let named = Named::load(snapshot, owner)?;
    Ok(Prepared::New { owner, named, count: Box::new(count), content: body.0 })
}

/// The lines that a count affects, as they are now.
fn assess(
    snapshot: &mut Snapshot<'_>,
    owner: OrganizationId,
    count: &CountView,
    shown: &Shown,
    language: Language,
    now: DateTime<Utc>,
) -> Result<Vec<ShortageLine>, Error> {
    let belongs = Belongs::Organization(owner);
    let moment = Moment::resolve(snapshot, MomentQuery::default(), now)?;
    let organizations = db::organizations::list_visible(snapshot.connection, belongs, moment.revision)?;
    let listed: BTreeSet<ItemCode> = count.lines.iter().map(|line| line.item.clone()).collect();
    let mut assessments = Vec::new();
    let reader = Reader::at(snapshot, &moment)?;
    reader.visit_with_keepers(
        snapshot.connection,
        &organizations,
        |reference_data, OnDay { records, day }, names| {
            let names = KeeperNames { names, shown, language };
            let lines = assess_some(reference_data, &records, day, |selector| bears_on(count.scope, &listed, selector));
            assessments
                .extend(lines.iter().flatten().map(|line| ShortageLine::of(line, &records, reference_data, names)));
            Ok(true)
        },
    )?;
    Ok(assessments)
}
