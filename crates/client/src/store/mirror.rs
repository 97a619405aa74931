//! The copy of what the service knows and this account may see.

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

/// Puts a thing into the copy, in the place of the one before.
pub fn put(connection: &mut SqliteConnection, (kind, key): (&str, &str), data: &str) -> Result<(), PhoneError> {
    let row = (mirror::kind.eq(kind), mirror::key.eq(key), mirror::data.eq(data));
    diesel::replace_into(mirror::table).values(row).execute(connection)?;
    Ok(())
}

/// Takes a thing out of the copy.
pub fn delete(connection: &mut SqliteConnection, (kind, key): (&str, &str)) -> Result<(), PhoneError> {
    diesel::delete(mirror::table.find((kind, key))).execute(connection)?;
    Ok(())
}

/// One thing.
pub fn find(connection: &mut SqliteConnection, kind: &str, key: &str) -> Result<Option<Mirrored>, PhoneError> {
    let row: Option<(String, String, String)> = mirror::table.find((kind, key)).first(connection).optional()?;
    row.map(read).transpose()
}

/// The things of one type, or of all, in the order of types and keys.
pub fn list(connection: &mut SqliteConnection, kind: Option<&str>) -> Result<Vec<Mirrored>, PhoneError> {
    let mut query = mirror::table.order((mirror::kind, mirror::key)).into_boxed();
    if let Some(kind) = kind {
        query = query.filter(mirror::kind.eq(kind.to_owned()));
    }
    query.load::<(String, String, String)>(connection)?.into_iter().map(read).collect()
}

/// How many things of each type there are.
pub fn count(connection: &mut SqliteConnection) -> Result<Vec<(String, i64)>, PhoneError> {
    let counted = mirror::table.group_by(mirror::kind).select((mirror::kind, count_star())).order(mirror::kind);
    Ok(counted.load(connection)?)
}

fn read((kind, key, data): (String, String, String)) -> Result<Mirrored, PhoneError> {
    let data = serde_json::from_str(&data).map_err(|error| PhoneError::Storage(format!("{kind} {key}: {error}")))?;
    Ok(Mirrored { kind, key, data })
}
