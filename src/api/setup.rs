//! Creating the first account.

use actix_web::{HttpResponse, post, web};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::auth::parties;
use super::body::Body;
use super::callers::Anybody;
use super::client_address::ClientAddress;
use super::labels::RegionLabel;
use super::language::AcceptLanguage;
use super::passwords::choose_password;
use super::problem::{BodyProblems, Problems, TooManyProblem};
use super::query::{NoParameters, Query};
use crate::api::error::ApiError;
use crate::api::state::AppState;
use auth::setup_code;
use base::error::Error;
use base::id::AccountId;
use base::time::{DEFAULT_ZONE, local_day};
use db::locks::Locks;
use db::write::Change;
use domain::account::{Belongs, Role};
use domain::password::Known;
use domain::region::RegionVersion;
use domain::revision::Revision;
use service::setup::FirstAdmin;
use text::messages::message;

/// The setup code, and the account to create.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "code": "7Q2M-0VXK-93HD-T5CN-PB8E-46WY-RJ1Z", "username": "root-admin", "password": "correct horse battery staple",
    "display_name": "Head of the bureau",
    "region": {"code": "152900", "name_en": "Alxa League", "name_zh": "阿拉善盟", "time_zone": "Asia/Shanghai"}
}))]
struct Setup {
    /// The code as the service showed it when it was started; hyphens and capitals do not matter.
    #[schema(min_length = 1, max_length = 64)]
    #[validate(length(min = 1, max = 64))]
    #[schema(format = Password)]
    code: String,
    /// The name that the admin signs in with; capitals do not matter.
    #[schema(min_length = 1, max_length = 64)]
    #[validate(length(min = 1, max = 64), non_control_character)]
    username: String,
    /// The password of the admin.
    #[schema(min_length = 12, max_length = 256)]
    #[validate(length(min = 12, max = 256))]
    #[schema(format = Password)]
    password: String,
    /// The admin's name.
    #[schema(min_length = 1, max_length = 100)]
    #[validate(length(min = 1, max = 100), non_control_character)]
    display_name: String,
    /// The topmost region, where the admin sees everything. It is created if there is none yet.
    #[validate(nested)]
    region: TopRegion,
}

/// The region at the top of the tree.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct TopRegion {
    /// Its code in GB/T 2260, or a made-up one; it never changes.
    #[schema(min_length = 1, max_length = 64)]
    #[validate(length(min = 1, max = 64), non_control_character)]
    #[schema(format = Password)]
    code: String,
    /// Its name in English.
    #[schema(min_length = 1, max_length = 200)]
    #[validate(length(min = 1, max = 200), non_control_character)]
    name_en: String,
    /// Its name in Chinese.
    #[schema(min_length = 1, max_length = 200)]
    #[validate(length(min = 1, max = 200), non_control_character)]
    name_zh: String,
    /// The time zone of its organizations' days, as named in the IANA database; Asia/Shanghai if left out.
    #[schema(min_length = 1, max_length = 64)]
    #[validate(length(min = 1, max = 64))]
    time_zone: Option<String>,
}

/// The account that was created.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "0198f5a2-0000-7000-8000-000000000001", "username": "root-admin", "display_name": "Head of the bureau",
    "role": "admin",
    "region": {"id": "0198f5a2-0000-7000-8000-000000000002", "code": "152900", "name": "Alxa League"}
}))]
struct FirstAccount {
    /// Its id.
    id: AccountId,
    /// The name it signs in with.
    #[schema(max_length = 64)]
    username: String,
    /// The holder's name.
    #[schema(max_length = 100)]
    display_name: String,
    /// Always `admin`.
    role: Role,
    /// The region it belongs to; it sees that and everything below it.
    region: RegionLabel,
}

/// Create the first account
///
/// Creates the first admin with the one-time code that the service prints when it starts on a database without accounts. A
/// wrong or expired code is 403; once there is an account, the answer is 409. After several failures from an address, each
/// delays the next attempt: 429 with `Retry-After`.
#[utoipa::path(
    tag = "sign-in",
    request_body = Setup,
    responses(
        (status = 201, description = "The admin, who may sign in now.", body = FirstAccount),
        (status = 409, description = "There is an account, or another region at the top.", body = super::problem::Problem,
         content_type = "application/problem+json"),
        Problems,
        BodyProblems,
        TooManyProblem
    ),
    security(())
)]
#[post("/setup")]
pub async fn set_up(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    Anybody(actor): Anybody,
    address: ClientAddress,
    _: Query<NoParameters>,
    body: Body<Setup>,
) -> Result<HttpResponse, ApiError> {
    let Setup { code, username, password, display_name, region } = body.value;
    let time_zone = region.time_zone.as_deref().map(read_zone).transpose()?;
    let (code, now) = (setup_code::hash(&code), state.clock.now());
    let username = username.to_lowercase();
    let parties = parties::of_code(&state, address);
    let counted = state.db.write(actor.clone(), Locks::none().keys(parties.keys()), {
        let parties = parties.clone();
        move |change| service::attempts::begin(change, &parties, now)
    });
    counted.await?;
    // Only a request with the right code may have a password hashed.
    state.db.read(move |snapshot| service::setup::check_code(snapshot.connection, &code, now)).await?;
    let known = Known {
        username: username.clone(),
        names: vec![display_name.clone(), region.code.clone(), region.name_en.clone(), region.name_zh.clone()],
    };
    let password_hash = choose_password(&state, password, known, "/password").await?;
    let first = FirstAdmin {
        username,
        password_hash,
        display_name,
        region_code: region.code,
        region: RegionVersion {
            name_en: region.name_en,
            name_zh: region.name_zh,
            time_zone,
            validity_days: None,
            inspection_stands_days: None,
        },
    };
    let locks = Locks::none().reference().accounts().keys(parties.keys());
    let work = move |change: &mut Change<'_>| {
        service::attempts::succeed(change, &parties)?;
        let (accounts, reference) = (change.for_accounts()?, change.for_reference()?);
        service::setup::set_up(change, accounts, reference, &code, &first, now)
    };
    let account = state.db.write(actor, locks, work).await?.value;
    let Belongs::Region(id) = account.belongs else {
        return Err(Error::Internal("the first account has no region", None).into());
    };
    let regions = state.db.read(|snapshot| db::regions::list(snapshot.connection, Revision::LATEST)).await?;
    let found = regions.iter().find(|region| region.id == id);
    let found = found.ok_or(Error::Internal("the region of the first account is gone", None))?;
    let today = local_day(now, time_zone.unwrap_or(DEFAULT_ZONE));
    Ok(HttpResponse::Created().json(FirstAccount {
        id: account.id,
        username: account.username,
        display_name: account.display_name,
        role: account.role,
        region: RegionLabel::of(found, today, language),
    }))
}

fn read_zone(name: &str) -> Result<Tz, Error> {
    name.parse().map_err(|_| {
        Error::invalid("/region/time_zone", "time_zone_unknown", message!("region-time-zone", name = name))
    })
}
