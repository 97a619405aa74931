//! Signing in, and who one is.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::body::Body;
use super::callers::{Caller, Everyone};
use super::labels::{OrganizationLabel, RegionLabel};
use super::language::Language;
use super::problem::{BodyProblems, Problems};
use super::query::{NoParameters, Query};
use super::reply;
use crate::app::State;
use crate::db;
use crate::db::read::Snapshot;
use crate::domain::account::{Account, Belongs, Role};
use crate::domain::id::AccountId;
use crate::domain::revision::Revision;
use crate::domain::text::is_short_text;
use crate::error::Error;
use crate::messages::message;

/// A user name and a password.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"username": "t3", "password": "correct horse battery staple"}))]
struct Credentials {
    /// The user name; capitals do not matter.
    #[schema(min_length = 1, max_length = 64, example = "t3")]
    #[validate(length(min = 1, max = 64), custom(function = is_short_text))]
    username: String,
    /// The password.
    #[schema(min_length = 1, max_length = 256, example = "correct horse battery staple")]
    #[validate(length(min = 1, max = 256))]
    password: String,
}

/// A token, and whose it is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SignedIn {
    /// Send it as `Authorization: Bearer`.
    #[schema(max_length = 4096, example = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFZERTQSJ9.e30.c2ln")]
    access_token: String,
    /// Always `Bearer`.
    #[schema(max_length = 16, example = "Bearer")]
    token_type: &'static str,
    /// Seconds until the token ends.
    #[schema(minimum = 0, maximum = 31_536_000, example = 900)]
    expires_in: i64,
    /// Who signed in.
    user: Me,
}

/// Who one is.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct Me {
    /// The account.
    id: AccountId,
    /// The name it signs in with.
    #[schema(max_length = 64, example = "t3")]
    username: String,
    /// What people call its holder.
    #[schema(max_length = 100, example = "Quartermaster of T3")]
    display_name: String,
    /// What it may do.
    role: Role,
    /// The organization whose things it sees; `null` for the bureau's people.
    organization: Option<OrganizationLabel>,
    /// The region whose things, and those below it, it sees; `null` for a quartermaster.
    region: Option<RegionLabel>,
}

/// Sign in with a password
///
/// Answers with an access token. Neither the answer nor the time it takes tells whether an account exists.
#[utoipa::path(
    tag = "sign-in",
    request_body = Credentials,
    responses((status = 200, description = "Signed in.", body = SignedIn), Problems, BodyProblems),
    security(())
)]
#[post("/auth/login")]
pub async fn sign_in(
    state: web::Data<State>,
    language: Language,
    _: Query<NoParameters>,
    body: Body<Credentials>,
) -> Result<HttpResponse, Error> {
    let Credentials { username, password } = body.value;
    let username = username.to_lowercase();
    let found = state.db.read(move |snapshot| db::accounts::find_by_username(snapshot.connection, &username)).await?;
    let open = found.filter(|(account, _)| !account.closed);
    let hash = open.as_ref().map(|(_, hash)| hash.clone());
    let right = state.passwords.verify(password, hash).await?;
    let Some((account, _)) = open.filter(|_| right) else {
        return Err(Error::Unauthenticated { code: "credentials_wrong", detail: message!("credentials-wrong") });
    };
    let lifetime = state.settings.access_token_lifetime;
    let access_token = state.keys.issue(&account, state.clock.now(), lifetime)?;
    let now = state.clock.now();
    let user = state.db.read(move |snapshot| me(snapshot, &account, language, now)).await?;
    let signed_in = SignedIn { access_token, token_type: "Bearer", expires_in: lifetime.num_seconds(), user };
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(signed_in))
}

/// Tell who one is
///
/// The account of the token, and whose things it sees.
#[utoipa::path(
    tag = "sign-in",
    responses((status = 200, description = "The account.", body = Me), Problems),
    security(("bearer" = []))
)]
#[get("/me")]
pub async fn find_me(
    request: HttpRequest,
    state: web::Data<State>,
    language: Language,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
) -> Result<HttpResponse, Error> {
    let account = Account {
        id: caller.claims.sub,
        username: caller.claims.username,
        role: caller.claims.role,
        display_name: caller.claims.name,
        belongs: caller.belongs,
        closed: false,
    };
    let now = state.clock.now();
    let me = state.db.read(move |snapshot| me(snapshot, &account, language, now)).await?;
    reply::json(&request, &me)
}

fn me(snapshot: &mut Snapshot<'_>, account: &Account, language: Language, now: DateTime<Utc>) -> Result<Me, Error> {
    let day = db::accounts::today(snapshot.connection, account.belongs, now)?;
    let (mut organization, mut region) = (None, None);
    match account.belongs {
        Belongs::Organization(_) => {
            let visible = db::organizations::list_visible(snapshot.connection, account.belongs, Revision::LATEST)?;
            organization = visible.first().map(|found| OrganizationLabel::of(found, day, language));
        }
        Belongs::Region(id) => {
            let regions = db::regions::list(snapshot.connection, Revision::LATEST)?;
            region = regions.iter().find(|region| region.id == id).map(|found| RegionLabel::of(found, day, language));
        }
    }
    Ok(Me {
        id: account.id,
        username: account.username.clone(),
        display_name: account.display_name.clone(),
        role: account.role,
        organization,
        region,
    })
}
