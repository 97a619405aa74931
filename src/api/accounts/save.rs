//! Making accounts, and changing them.

use actix_web::{HttpResponse, put, web};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::view::{AccountView, Viewer};
use crate::api::body::Body;
use crate::api::callers::{Caller, Officers};
use crate::api::condition::IfMatch;
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::me::require_strong;
use crate::api::problem::{BodyProblems, Problem, Problems};
use crate::api::query::{NoParameters, Query};
use crate::api::selection::{find_one_region, find_organization};
use crate::api::state::AppState;
use base::error::{Error, Fault};
use base::id::AccountId;
use db::connection::AnyConnection;
use db::locks::Locks;
use db::write::Change;
use domain::account::{Account, Belongs, Role};
use domain::revision::Revision;
use domain::text::is_short_text;
use service::accounts::{self, Saved};
use text::messages::{Message, message};

/// An account as it is to be.
#[derive(Clone, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "username": "t3-store", "display_name": "Storekeeper of T3", "role": "quartermaster", "organization": "T3"
}))]
struct NewAccount {
    /// The name it signs in with: letters a to z, digits, and `.` `_` `-` `@`; capitals are made small. It cannot be changed.
    #[schema(min_length = 2, max_length = 64)]
    #[validate(length(min = 2, max = 64), custom(function = is_short_text))]
    username: String,
    /// The holder's name.
    #[schema(min_length = 1, max_length = 100)]
    #[validate(length(min = 1, max = 100), custom(function = is_short_text))]
    display_name: String,
    /// Its role or scopes.
    role: Role,
    /// The organization of a quartermaster, by id or code; only for that role.
    #[schema(max_length = 64)]
    #[validate(length(max = 64), custom(function = is_short_text))]
    organization: Option<String>,
    /// The region of an officer, viewer or admin, by id or code; they see it and everything below it.
    #[schema(max_length = 64)]
    #[validate(length(max = 64), custom(function = is_short_text))]
    region: Option<String>,
    /// The first password of a new account; without one it signs in by a code of `POST /enrolments`.
    #[schema(min_length = 10, max_length = 256)]
    #[validate(length(min = 10, max = 256))]
    password: Option<String>,
}

impl NewAccount {
    /// The account under an id, where role and place fit each other.
    fn account(&self, connection: &mut AnyConnection, id: AccountId, caller: Belongs) -> Result<Account, Error> {
        let fault = |pointer: &str, code, detail: Message| Error::Invalid(vec![Fault::new(pointer, code, detail)]);
        let letter = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "._-@".contains(letter);
        let username = self.username.to_lowercase();
        if !username.chars().all(letter) {
            return Err(fault("/username", "username_letters", message!("username-letters")));
        }
        let belongs = match (self.role, self.organization.as_deref(), self.region.as_deref()) {
            (Role::Quartermaster, Some(key), None) => {
                let found =
                    find_organization(connection, caller, key, Revision::LATEST).map_err(|error| match error {
                        Error::NotFound(_) => fault("/organization", "organization_unknown", message!("place-unknown")),
                        error => error,
                    })?;
                Belongs::Organization(found.id)
            }
            (Role::Quartermaster, ..) => {
                return Err(fault("/organization", "organization_needed", message!("organization-needed")));
            }
            (_, None, Some(key)) => {
                let found =
                    find_one_region(connection, key, Revision::LATEST).map(|region| region.id).map_err(|error| {
                        match error {
                            Error::NotFound(_) => fault("/region", "region_unknown", message!("place-unknown")),
                            error => error,
                        }
                    })?;
                Belongs::Region(found)
            }
            _ => return Err(fault("/region", "region_needed", message!("region-needed"))),
        };
        let (role, display_name) = (self.role, self.display_name.clone());
        Ok(Account { id, username, role, display_name, belongs, closed: false })
    }
}

/// The outcome for an account.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SavedAccount {
    /// The account as it is stored.
    account: AccountView,
    /// True when it had been stored like this before, and nothing was changed.
    #[schema(example = false)]
    repeated: bool,
}

/// Save an account
///
/// Makes one under an id of the client's; sent again it changes nothing. One that is there is changed: what its holder is
/// called, what it may do, where it belongs; `If-Match` says on which state. Officers save quartermasters of their region
/// and below, admins everybody there. Nobody changes their own role or place.
#[utoipa::path(
    tag = "accounts",
    params(
        ("id" = AccountId, Path, description = "The account's id, a UUID made by the client."),
        ("If-Match" = Option<String>, Header, description = "For a change: the `ETag` with which the account was read.",
            pattern = r#"^(\*|(W/)?"[^"]*"( *, *(W/)?"[^"]*")*)$"#, example = "W/\"r12.0\"")
    ),
    request_body = NewAccount,
    responses(
        (status = 200, description = "It was changed, or had been stored like this before.", body = SavedAccount),
        (status = 201, description = "It was made.", body = SavedAccount),
        (status = 409, description = "The user name is taken, or a change has something that cannot be changed.",
            body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "Somebody else changed it meanwhile.", body = Problem,
            content_type = "application/problem+json"),
        (status = 428, description = "A change without `If-Match`.", body = Problem,
            content_type = "application/problem+json"),
        Problems,
        BodyProblems
    ),
    security(("bearer" = []))
)]
#[put("/accounts/{id}")]
pub async fn save_account(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    id: web::Path<AccountId>,
    if_match: IfMatch,
    body: Body<NewAccount>,
) -> Result<HttpResponse, ApiError> {
    let (id, belongs, now) = (id.into_inner(), caller.belongs, state.clock.now());
    let new = body.value;
    let password_hash = match new.password.clone() {
        Some(password) => {
            require_strong(&password, &new.username, "/password")?;
            Some(state.passwords.hash(password).await?)
        }
        None => None,
    };
    let work = move |change: &mut Change<'_>| {
        let account = new.account(change.connection, id, belongs)?;
        let locked = change.for_accounts()?;
        accounts::save(change, locked, &account, password_hash.as_deref(), |last| if_match.require(last), now)
    };
    let saved = state.db.write(caller.actor, Locks::none().accounts(), work).await?.value;
    let viewed = state.db.read(move |snapshot| {
        let viewer = Viewer::of(snapshot.connection, &caller.account, language, now)?;
        Ok(viewer.view(&viewer.find(snapshot.connection, id)?))
    });
    let answer = SavedAccount { account: viewed.await?, repeated: saved == Saved::Repeated };
    Ok(match saved {
        Saved::Created => HttpResponse::Created().json(answer),
        Saved::Repeated | Saved::Changed => HttpResponse::Ok().json(answer),
    })
}
