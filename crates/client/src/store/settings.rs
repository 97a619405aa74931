//! Settings of a phone by name: its id, its service, its position in sequence and copy.

use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use uuid::Uuid;

use super::schema::settings;
use crate::error::PhoneError;

/// The id that the app made at its first start.
pub const DEVICE_ID: &str = "device_id";
/// The service, such as `https://muster.example`.
pub const SERVER: &str = "server";
/// The sequence number of the next command.
pub const NEXT_SEQ: &str = "next_seq";
/// The position of the copy, as the service's cursor.
pub const CURSOR: &str = "cursor";
/// The revision last pulled.
pub const REVISION: &str = "revision";
/// The change set of that revision, where the service told it.
pub const CHANGE_SET: &str = "change_set";
/// The time of the service's last answer, in microseconds since 1970.
pub const LAST_CONTACT: &str = "last_contact_at";
/// The number of failed rounds since the last success.
pub const FAILURES: &str = "failures";
/// The keys that check receipts, as JSON.
pub const KEYS: &str = "keys";

/// Finds a value.
pub fn find(connection: &mut SqliteConnection, name: &str) -> Result<Option<String>, PhoneError> {
    Ok(settings::table.find(name).select(settings::value).first(connection).optional()?)
}

/// Finds a value that is a number.
pub fn find_number(connection: &mut SqliteConnection, name: &str) -> Result<Option<i64>, PhoneError> {
    let text = find(connection, name)?;
    text.map(|text| text.parse().map_err(|_| PhoneError::Storage(format!("{name} is {text}, which is no number"))))
        .transpose()
}

/// Stores a value, replacing the one before.
pub fn put(connection: &mut SqliteConnection, name: &str, value: &str) -> Result<(), PhoneError> {
    let row = (settings::name.eq(name), settings::value.eq(value));
    diesel::replace_into(settings::table).values(row).execute(connection)?;
    Ok(())
}

/// Removes a value.
pub fn forget(connection: &mut SqliteConnection, name: &str) -> Result<(), PhoneError> {
    diesel::delete(settings::table.find(name)).execute(connection)?;
    Ok(())
}

/// Takes the next sequence number.
pub fn take_seq(connection: &mut SqliteConnection) -> Result<i64, PhoneError> {
    let seq = find_number(connection, NEXT_SEQ)?.unwrap_or(1);
    put(connection, NEXT_SEQ, &(seq + 1).to_string())?;
    Ok(seq)
}

/// Makes the id of the phone at its first start.
pub fn make_device_id(connection: &mut SqliteConnection) -> Result<(), PhoneError> {
    if find(connection, DEVICE_ID)?.is_none() {
        put(connection, DEVICE_ID, &Uuid::new_v4().to_string())?;
    }
    Ok(())
}
