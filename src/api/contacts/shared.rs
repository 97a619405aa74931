//! What the operations on contacts of depots and of organizations share.

use std::collections::BTreeSet;

use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::view::{ContactReadView, ContactView};
use crate::api::callers::{Caller, Officers, Roles};
use crate::api::changed;
use crate::api::condition::Condition;
use crate::api::error::ApiError;
use crate::api::keeper_names::Shown;
use crate::api::page::Page;
use crate::api::reply::{self, Format};
use crate::api::selection::{find_depot, find_organization};
use crate::api::state::AppState;
use auth::revocations::Revocation;
use base::error::Error;
use base::id::ContactId;
use db::locks::Locks;
use db::read::Snapshot;
use db::write::Change;
use domain::account::Belongs;
use domain::change::contacts::{ContactKey, holder_of, keeper_on};
use domain::contact::{Contact, ContactOf, ContactRole, NewContact};
use domain::depot::Depot;
use domain::revision::Revision;
use service::{reference, revocations};
use text::language::Language;

/// The most reads listed, the latest.
const MOST_READS: i64 = 2_000;

/// The depot or the organization in a path.
#[derive(Clone, Debug)]
pub(super) enum Owner {
    /// A depot, by id or code.
    Depot(String),
    /// An organization, by id or code.
    Organization(String),
}

/// The selection to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListContacts {
    /// The format of the answer; overrides `Accept`.
    pub(super) format: Option<Format>,
    /// The maximum number to list.
    #[param(minimum = 1, maximum = 500, default = 50)]
    #[validate(range(min = 1, max = 500))]
    pub(super) limit: Option<usize>,
    /// The `next_cursor` of the page before.
    #[param(max_length = 1000)]
    #[validate(length(max = 1000))]
    pub(super) cursor: Option<String>,
}

/// An owner that the caller sees, with its contacts and its day.
struct Found {
    contacts: Vec<Contact>,
    depot: Option<Depot>,
    today: NaiveDate,
}

impl Found {
    fn read(snapshot: &mut Snapshot<'_>, belongs: Belongs, owner: &Owner, now: DateTime<Utc>) -> Result<Self, Error> {
        let (of, organization, depot) = match owner {
            Owner::Depot(key) => {
                let (depot, owner) = find_depot(snapshot.connection, belongs, key, Revision::LATEST)?;
                (ContactOf::Depot(depot.id), owner.id, Some(depot))
            }
            Owner::Organization(key) => {
                let found = find_organization(snapshot.connection, belongs, key, Revision::LATEST)?;
                (ContactOf::Organization(found.id), found.id, None)
            }
        };
        let today = db::organizations::day_of(snapshot.connection, organization, now)?;
        Ok(Self { contacts: db::contacts::list(snapshot.connection, of)?, depot, today })
    }

    /// The contact that a key names: by its id, or by the role that it has today.
    fn take(self, key: &str) -> Result<(Contact, NaiveDate), Error> {
        let Self { contacts, depot, today } = self;
        let id = match (key.parse::<ContactId>(), key.parse::<ContactRole>()) {
            (Ok(id), _) => Some(id),
            (_, Ok(role)) => match &depot {
                Some(depot) => keeper_on(depot, role, today),
                None => holder_of(&contacts, role, today).map(|contact| contact.id),
            },
            _ => None,
        };
        let found = contacts.into_iter().find(|contact| Some(contact.id) == id);
        Ok((found.ok_or(Error::NotFound("contact"))?, today))
    }
}

/// Lists the contacts of an owner.
pub(super) async fn list<R: Roles>(
    request: &HttpRequest,
    state: &AppState,
    language: Language,
    caller: &Caller<R>,
    owner: Owner,
    query: ListContacts,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, request);
    let (belongs, now) = (caller.belongs, state.clock.now());
    let page = state.db.read(move |snapshot| {
        let Found { contacts, today, .. } = Found::read(snapshot, belongs, &owner, now)?;
        let views = contacts.into_iter().map(|one| (one.id, ContactView::of(one, today, language)));
        Page::of(views, format.limit(query.limit), query.cursor.as_deref())
    });
    let page = page.await?;
    log(state, caller, &page.items).await?;
    reply::list(request, format, page).await
}

/// Finds a contact.
pub(super) async fn find<R: Roles>(
    request: &HttpRequest,
    state: &AppState,
    language: Language,
    caller: &Caller<R>,
    owner: Owner,
    key: String,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let found = state.db.read(move |snapshot| Found::read(snapshot, belongs, &owner, now)?.take(&key));
    let (contact, today) = found.await?;
    let last = contact.last;
    let view = ContactView::of(contact, today, language);
    log(state, caller, [&view]).await?;
    reply::versioned(request, &view, last)
}

async fn log<'v, R: Roles>(
    state: &AppState,
    caller: &Caller<R>,
    views: impl IntoIterator<Item = &'v ContactView>,
) -> Result<(), ApiError> {
    let shown = Shown::of(views.into_iter().filter(|view| view.erased_at.is_none()).map(|view| view.id));
    Ok(shown.log(state, &caller.actor).await?)
}

/// Puts the contact of a role.
pub(super) async fn put(
    state: &AppState,
    language: Language,
    caller: Caller<Officers>,
    condition: Condition,
    owner: Owner,
    role: String,
    new: NewContact,
) -> Result<HttpResponse, ApiError> {
    let editor = caller.editor(state);
    let task: ContactRole = role.parse().map_err(|_| Error::NotFound("contact"))?;
    let (key, owners) = match owner.clone() {
        Owner::Depot(key) => {
            let asked = key.clone();
            let read = state.db.read(move |snapshot| service::depots::owners_of(snapshot.connection, &asked, None));
            (ContactKey::Depot(key, task), read.await?)
        }
        Owner::Organization(key) => (ContactKey::Organization(key, task), BTreeSet::new()),
    };
    let locks = Locks::organizations(owners).reference();
    let work = move |change: &mut Change<'_>| reference::put(change, &editor, &key, &new, &condition.0);
    let written = state.db.write(caller.actor.clone(), locks, work).await?;
    let put = written.value;
    let (belongs, now) = (caller.belongs, state.clock.now());
    let found = state.db.read(move |snapshot| Found::read(snapshot, belongs, &owner, now)?.take(&role));
    let (contact, today) = found.await?;
    let view = ContactView::of(contact, today, language);
    log(state, &caller, [&view]).await?;
    Ok(changed::answer_put(put, written.revision, view))
}

/// Erases a contact.
pub(super) async fn erase(
    state: &AppState,
    language: Language,
    caller: Caller<Officers>,
    owner: Owner,
    key: String,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let asked = owner.clone();
    let (contact, _) = state.db.read(move |snapshot| Found::read(snapshot, belongs, &asked, now)?.take(&key)).await?;
    // The one that the caller saw, whoever has the role when it is written.
    let id = contact.id;
    let work = move |change: &mut Change<'_>| {
        let erased = service::contacts::erase(change, id, now)?;
        Ok(((), erased.then_some(Revocation::ContactErased { contact: id })))
    };
    let locks = Locks::none().reference();
    revocations::write(&state.db, state.keys.revocations(), caller.actor, locks, now, work).await?;
    let found = state.db.read(move |snapshot| Found::read(snapshot, belongs, &owner, now)?.take(&id.to_string()));
    let (contact, today) = found.await?;
    Ok(HttpResponse::Ok().json(ContactView::of(contact, today, language)))
}

/// Lists the reads of a contact.
pub(super) async fn reads(
    request: &HttpRequest,
    state: &AppState,
    caller: &Caller<Officers>,
    owner: Owner,
    key: String,
    query: ListContacts,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, request);
    let (belongs, now) = (caller.belongs, state.clock.now());
    let page = state.db.read(move |snapshot| {
        let (contact, _) = Found::read(snapshot, belongs, &owner, now)?.take(&key)?;
        let reads = db::contacts::list_reads(snapshot.connection, contact.id, MOST_READS)?;
        let views = reads.into_iter().map(|read| {
            let db::contacts::ContactRead { by, username, day, operation, at } = read;
            ((std::cmp::Reverse(at), username.clone()), ContactReadView { day, by, username, operation, at })
        });
        Page::of(views, format.limit(query.limit), query.cursor.as_deref())
    });
    reply::list(request, format, page.await?).await
}
