//! Clients, each with its account and its session. Only hashes of secrets are stored.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::accounts;
use super::connection::AnyConnection;
use super::schema::{accounts as accounts_table, clients, sessions};
use super::sql_types::Instant;
use super::write::Change;
use base::error::Error;
use base::id::{AccountId, ClientId, SessionId};
use domain::account::Closing;
use domain::actor::{Subject, SubjectKind};
use domain::audit::{ValueChange, differences};
use domain::client::Client;
use domain::scope::ScopeSet;

/// A client with its confidential fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredClient {
    /// The client.
    pub client: Client,
    /// Its session.
    pub session: SessionId,
    /// The stored hash of its secret.
    pub secret_hash: Vec<u8>,
    /// SHA-256 of the request that created it.
    pub body_sha256: String,
}

type Columns = (
    (ClientId, SessionId, Vec<u8>, Instant, String, String, Option<Instant>, Option<i64>),
    accounts::Columns,
    Instant,
    Option<String>,
);

/// Selects the columns of a client beside its account: those of [`Columns`].
macro_rules! columns {
    () => {
        (
            (
                clients::id,
                clients::session_id,
                clients::secret_hash,
                clients::secret_since,
                clients::scopes,
                clients::body_sha256,
                clients::last_used_at,
                clients::requests_per_minute,
            ),
            accounts::columns!(),
            accounts_table::created_at,
            accounts_table::closed_reason,
        )
    };
}

fn stored((own, account, Instant(created_at), closed_reason): Columns) -> Result<StoredClient, Error> {
    let (id, session, secret_hash, Instant(secret_since), scopes, body_sha256, last_used_at, rate) = own;
    let closing = account.6.map(|Instant(at)| Closing { at, reason: closed_reason.unwrap_or_default() });
    let account = accounts::account(account)?;
    let scopes = scopes_of(&scopes)?;
    let last_used_at = last_used_at.map(|Instant(at)| at);
    let requests_per_minute = rate.map(|rate| u32::try_from(rate).unwrap_or(u32::MAX));
    let client = Client { id, account, scopes, requests_per_minute, created_at, secret_since, last_used_at, closing };
    Ok(StoredClient { client, session, secret_hash, body_sha256 })
}

/// Parses stored scopes.
pub(super) fn scopes_of(text: &str) -> Result<ScopeSet, Error> {
    ScopeSet::read(text).ok_or(Error::Internal("a stored client has scopes that are none", None))
}

/// A client by its id.
pub fn find(connection: &mut AnyConnection, id: ClientId) -> Result<Option<StoredClient>, Error> {
    let row: Option<Columns> = clients::table
        .inner_join(accounts_table::table.on(accounts_table::id.eq(clients::account_id)))
        .filter(clients::id.eq(id))
        .select(columns!())
        .first(connection)
        .optional()?;
    row.map(stored).transpose()
}

/// Every client.
pub fn list(connection: &mut AnyConnection) -> Result<Vec<Client>, Error> {
    let rows: Vec<Columns> = clients::table
        .inner_join(accounts_table::table.on(accounts_table::id.eq(clients::account_id)))
        .select(columns!())
        .load(connection)?;
    rows.into_iter().map(|row| stored(row).map(|stored| stored.client)).collect()
}

/// True for the account of a client.
pub fn has_account(connection: &mut AnyConnection, id: AccountId) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(clients::table.filter(clients::account_id.eq(id)))).get_result(connection)
}

/// The client as a subject of the audit.
pub fn subject(id: ClientId) -> Subject {
    Subject::new(SubjectKind::Client, id)
}

/// Adds the account of a client; its session is opened next.
pub fn insert_account(change: &mut Change<'_>, client: &Client) -> Result<(), Error> {
    change.record(subject(client.id));
    Ok(accounts::add(change.connection, &client.account, None, client.created_at)?)
}

/// The values that the audit tells of a new client. Its name is a program's, not a person's.
fn first_values(client: &Client) -> Vec<ValueChange> {
    let place =
        accounts::fields(&client.account).into_iter().filter(|field| !field.is_withheld && field.name != "role");
    let place: Vec<_> = place.collect();
    let quota = client.requests_per_minute.map(|rate| ValueChange::new("requests_per_minute", rate.to_string()));
    [ValueChange::new("name", &client.account.display_name), ValueChange::new("scopes", client.scopes.to_string())]
        .into_iter()
        .chain(quota)
        .chain(differences(&[], &place, None))
        .collect()
}

/// The accounts of some clients.
pub fn accounts_of(connection: &mut AnyConnection, ids: &[ClientId]) -> QueryResult<BTreeMap<ClientId, AccountId>> {
    let found = clients::table.filter(clients::id.eq_any(ids.to_vec()));
    let rows: Vec<(ClientId, AccountId)> = found.select((clients::id, clients::account_id)).load(connection)?;
    Ok(rows.into_iter().collect())
}

/// Adds a client whose account and session exist.
pub fn insert(change: &mut Change<'_>, stored: &StoredClient) -> Result<(), Error> {
    let StoredClient { client, session, secret_hash, body_sha256 } = stored;
    change.record_values(subject(client.id), first_values(client));
    diesel::insert_into(clients::table)
        .values((
            clients::id.eq(client.id),
            clients::account_id.eq(client.account.id),
            clients::session_id.eq(*session),
            clients::secret_hash.eq(secret_hash),
            clients::secret_since.eq(Instant(client.secret_since)),
            clients::scopes.eq(client.scopes.to_string()),
            clients::body_sha256.eq(body_sha256),
            clients::requests_per_minute.eq(client.requests_per_minute.map(i64::from)),
        ))
        .execute(change.connection)?;
    Ok(())
}

/// Gives a client a new secret, and the session that belongs to it.
pub fn replace_secret(
    change: &mut Change<'_>,
    id: ClientId,
    secret_hash: &[u8],
    session: SessionId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    change.record_values(subject(id), [ValueChange::withheld("secret")]);
    diesel::update(clients::table.filter(clients::id.eq(id)))
        .set((
            clients::secret_hash.eq(secret_hash.to_vec()),
            clients::secret_since.eq(Instant(now)),
            clients::session_id.eq(session),
        ))
        .execute(change.connection)?;
    Ok(())
}

/// Notes that a client was given an access token in its session. This is not a change in the sense of the audit.
pub fn touch(connection: &mut AnyConnection, id: ClientId, session: SessionId, now: DateTime<Utc>) -> QueryResult<()> {
    diesel::update(sessions::table.filter(sessions::id.eq(session)))
        .set(sessions::last_used_at.eq(Instant(now)))
        .execute(connection)?;
    diesel::update(clients::table.filter(clients::id.eq(id)))
        .set(clients::last_used_at.eq(Some(Instant(now))))
        .execute(connection)?;
    Ok(())
}

/// Closes a client. Its session must be ended as well.
pub fn close(change: &mut Change<'_>, client: &Client, closing: &Closing) -> Result<(), Error> {
    change.record_values(subject(client.id), accounts::closing_values(Some(closing)));
    Ok(accounts::store_closing(change.connection, client.account.id, Some(closing))?)
}
