//! The copy of the service's data that this account may see.

use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

use super::schema::mirror;
use crate::error::PhoneError;
use crate::report::Mirrored;

/// Drops the copy.
pub fn clear(connection: &mut SqliteConnection) -> Result<(), PhoneError> {
    diesel::delete(mirror::table).execute(connection)?;
    Ok(())
}

/// Stores an entry, replacing the one before.
pub fn put(connection: &mut SqliteConnection, kind: &str, key: &str, data: &str) -> Result<(), PhoneError> {
    let row = (mirror::kind.eq(kind), mirror::key.eq(key), mirror::data.eq(data));
    diesel::replace_into(mirror::table).values(row).execute(connection)?;
    Ok(())
}

/// Removes an entry.
pub fn delete(connection: &mut SqliteConnection, kind: &str, key: &str) -> Result<(), PhoneError> {
    diesel::delete(mirror::table.find((kind, key))).execute(connection)?;
    Ok(())
}

/// Finds an entry.
pub fn find(connection: &mut SqliteConnection, kind: &str, key: &str) -> Result<Option<Mirrored>, PhoneError> {
    let row: Option<(String, String, String)> = mirror::table.find((kind, key)).first(connection).optional()?;
    row.map(read).transpose()
}

/// The entries of one type, or of all, ordered by type and key.
pub fn list(connection: &mut SqliteConnection, kind: Option<&str>) -> Result<Vec<Mirrored>, PhoneError> {
    let mut query = mirror::table.order((mirror::kind, mirror::key)).into_boxed();
    if let Some(kind) = kind {
        query = query.filter(mirror::kind.eq(kind.to_owned()));
    }
    query.load::<(String, String, String)>(connection)?.into_iter().map(read).collect()
}

/// The number of entries of each type.
pub fn count(connection: &mut SqliteConnection) -> Result<Vec<(String, i64)>, PhoneError> {
    let counted = mirror::table.group_by(mirror::kind).select((mirror::kind, count_star())).order(mirror::kind);
    Ok(counted.load(connection)?)
}

fn read((kind, key, data): (String, String, String)) -> Result<Mirrored, PhoneError> {
    let data = serde_json::from_str(&data).map_err(|error| PhoneError::Storage(format!("{kind} {key}: {error}")))?;
    Ok(Mirrored { kind, key, data })
}
