//! The answer to a sign-in: tokens, and their account.

use actix_web::HttpResponse;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::api::error::ApiError;
use crate::api::labels::{OrganizationLabel, RegionLabel};
use crate::api::state::AppState;
use auth::refresh;
use base::error::Error;
use base::id::{AccountId, DeviceId};
use db::read::Snapshot;
use domain::account::{Account, Belongs, Role};
use domain::revision::Revision;
use service::sessions::Grant;
use text::language::Language;

/// Tokens and their account.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SignedIn {
    /// Send it as `Authorization: Bearer`.
    #[schema(max_length = 4096, example = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFZERTQSJ9.e30.c2ln")]
    access_token: String,
    /// Always `Bearer`.
    #[schema(max_length = 16, example = "Bearer")]
    token_type: &'static str,
    /// Seconds until the access token expires.
    #[schema(minimum = 0, maximum = 31_536_000, example = 900)]
    expires_in: i64,
    /// The token to send to `/auth/refresh` for the next pair. Keep the previous one until the new pair is stored.
    #[schema(
        max_length = 128,
        example = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0-Pw"
    )]
    refresh_token: String,
    /// The secret of this device for the account: keep it, also after signing out, and send it as `device_token` with the
    /// next sign-in. Wrong passwords sent by others then do not delay this device. `null` after a refresh: the stored
    /// secret remains valid.
    #[schema(max_length = 64, example = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")]
    device_token: Option<String>,
    /// The device, if the sign-in named one.
    device: Option<DeviceLabel>,
    /// The account that signed in.
    user: Me,
}

/// The name of a device.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"id": "0198f5a2-0000-7000-8000-000000000007", "name": "Phone of the north store"}))]
pub struct DeviceLabel {
    /// Its id.
    pub id: DeviceId,
    /// Its name at sign-in.
    #[schema(max_length = 100)]
    pub name: String,
}

/// The signed-in account.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Me {
    /// The account.
    id: AccountId,
    /// The name it signs in with.
    #[schema(max_length = 64, example = "t3")]
    username: String,
    /// The holder's name.
    #[schema(max_length = 100, example = "Quartermaster of T3")]
    display_name: String,
    /// Its role.
    role: Role,
    /// The organization of a quartermaster; `null` for other roles.
    organization: Option<OrganizationLabel>,
    /// The region of an officer, viewer or admin; `null` for a quartermaster.
    region: Option<RegionLabel>,
}

impl Me {
    /// The holder of an account.
    pub fn of(
        snapshot: &mut Snapshot<'_>,
        account: &Account,
        language: Language,
        now: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let day = db::accounts::today(snapshot.connection, account.belongs, now)?;
        let (mut organization, mut region) = (None, None);
        match account.belongs {
            Belongs::Organization(_) => {
                let visible = db::organizations::list_visible(snapshot.connection, account.belongs, Revision::LATEST)?;
                organization = visible.first().map(|found| OrganizationLabel::of(found, day, language));
            }
            Belongs::Region(id) => {
                let regions = db::regions::list_above(snapshot.connection, id)?;
                let found = regions.iter().find(|region| region.id == id);
                region = found.map(|found| RegionLabel::of(found, day, language));
            }
        }
        Ok(Self {
            id: account.id,
            username: account.username.clone(),
            display_name: account.display_name.clone(),
            role: account.role,
            organization,
            region,
        })
    }
}

/// Answers the grant of a session, or of a session's next tokens.
pub async fn answer(
    state: &AppState,
    language: Language,
    account: Account,
    grant: Grant,
) -> Result<HttpResponse, ApiError> {
    let now = state.clock.now();
    // No access token outlasts its session.
    let left = grant.opened_at + state.settings.session_lifetime - now;
    let lifetime = state.settings.access_token_lifetime.min(left.max(TimeDelta::seconds(1)));
    let device = grant.device.map(|(id, name)| DeviceLabel { id, name });
    let device_id = device.as_ref().map(|device| device.id);
    let access_token = state.keys.issue(&account, grant.session, device_id, lifetime, now)?;
    let user = state.db.read(move |snapshot| Me::of(snapshot, &account, language, now)).await?;
    let signed_in = SignedIn {
        access_token,
        token_type: "Bearer",
        expires_in: lifetime.num_seconds(),
        device_token: grant.device_token.map(|token| token.reveal()),
        refresh_token: grant.refresh.reveal(state.receipts.refresh_keys()),
        device,
        user,
    };
    Ok(HttpResponse::Ok().json(signed_in))
}

/// A refresh token that a client sends.
///
/// # Errors
/// `Unauthenticated` for a text that is not a token. The error is the same as for an ended session.
pub fn read_token(state: &AppState, text: &str) -> Result<refresh::RefreshToken, Error> {
    refresh::RefreshToken::read(text, state.receipts.refresh_keys()).ok_or_else(service::sessions::ended)
}
