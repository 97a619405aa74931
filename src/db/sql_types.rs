//! The SQL types that the two databases store differently, and the domain types as columns.
//!
//! | here | PostgreSQL | SQLite |
//! |---|---|---|
//! | [`IdSql`] | `uuid` | `BLOB` of 16 bytes |
//! | [`InstantSql`] | `timestamptz` | `INTEGER`, microseconds since 1970 |
//! | [`DaySql`] | `date` | `TEXT`, `YYYY-MM-DD` |
//!
//! Enums and JSON documents are `TEXT` on both: a stored body keeps its very bytes. Quantities are `BIGINT` thousandths.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::pg::Pg;
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Binary, Date, HasSqlType, SqlType, Text, Timestamptz};
use diesel::sqlite::Sqlite;

use super::connection::MultiBackend;
use crate::domain::account::Role;
use crate::domain::actor::SubjectKind;
use crate::domain::attempts::Tried;
use crate::domain::count::{CountKind, CountScope, Held, LotCondition};
use crate::domain::depot::Holding;
use crate::domain::draft::DraftFate;
use crate::domain::fact::FactKind;
use crate::domain::id::{
    AccountId, ChangeSetId, ClientId, CommandId, CountId, DepotId, DeviceId, EnrolmentId, ExemptionId, LinkedId,
    OrganizationId, QuarantineId, RegionId, ResolutionId, SessionId,
};
use crate::domain::item::ItemKind;
use crate::domain::organization::OrganizationKind;
use crate::domain::quantity::Quantity;
use crate::domain::quarantine::Decision;
use crate::domain::receipt::LinkKind;
use crate::domain::revision::Revision;
use crate::domain::rule::Strength;
use crate::domain::session::EndReason;
use crate::domain::time::serialize_instant;

/// A UUID.
#[derive(Clone, Copy, Debug, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951))]
#[diesel(sqlite_type(name = "Binary"))]
pub struct IdSql;

/// An instant, to the microsecond.
#[derive(Clone, Copy, Debug, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185))]
#[diesel(sqlite_type(name = "Long"))]
pub struct InstantSql;

/// A calendar day.
#[derive(Clone, Copy, Debug, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 1082, array_oid = 1182))]
#[diesel(sqlite_type(name = "Text"))]
pub struct DaySql;

/// An instant as a column.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, diesel::AsExpression, diesel::FromSqlRow, serde::Serialize,
)]
#[diesel(sql_type = InstantSql)]
pub struct Instant(#[serde(serialize_with = "serialize_instant")] pub DateTime<Utc>);

/// A calendar day as a column.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, diesel::AsExpression, diesel::FromSqlRow, serde::Serialize,
)]
#[diesel(sql_type = DaySql)]
pub struct Day(pub NaiveDate);

impl From<DateTime<Utc>> for Instant {
    fn from(instant: DateTime<Utc>) -> Self {
        Self(instant)
    }
}

impl From<Instant> for DateTime<Utc> {
    fn from(instant: Instant) -> Self {
        instant.0
    }
}

impl From<NaiveDate> for Day {
    fn from(day: NaiveDate) -> Self {
        Self(day)
    }
}

impl From<Day> for NaiveDate {
    fn from(day: Day) -> Self {
        day.0
    }
}

/// Lets a type that both databases can read and write as one SQL type stand in queries over either.
macro_rules! multi_type {
    ($sql:ty, $rust:ty) => {
        impl FromSql<$sql, MultiBackend> for $rust {
            fn from_sql(value: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                value.from_sql::<$rust, $sql>()
            }
        }

        impl ToSql<$sql, MultiBackend> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                out.set_value((<$sql>::default(), self));
                Ok(IsNull::No)
            }
        }
    };
}

/// Makes an SQL type of this module known to queries over either database.
macro_rules! multi_sql_type {
    ($($sql:ty),*) => {$(
        impl HasSqlType<$sql> for MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                MultiBackend::lookup_sql_type::<$sql>(lookup)
            }
        }
    )*};
}

multi_sql_type!(IdSql, InstantSql, DaySql);

/// Columns of id types.
macro_rules! id_columns {
    ($($id:ty),*) => {$(
        impl ToSql<IdSql, Pg> for $id {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                std::io::Write::write_all(out, self.0.as_bytes())?;
                Ok(IsNull::No)
            }
        }

        impl FromSql<IdSql, Pg> for $id {
            fn from_sql(value: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                Ok(Self(uuid::Uuid::from_slice(value.as_bytes())?))
            }
        }

        impl ToSql<IdSql, Sqlite> for $id {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                out.set_value(self.0.as_bytes().as_slice());
                Ok(IsNull::No)
            }
        }

        impl FromSql<IdSql, Sqlite> for $id {
            fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                let bytes = <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value)?;
                Ok(Self(uuid::Uuid::from_slice(&bytes)?))
            }
        }

        multi_type!(IdSql, $id);
    )*};
}

id_columns!(
    AccountId,
    ChangeSetId,
    CommandId,
    ClientId,
    CountId,
    DepotId,
    DeviceId,
    EnrolmentId,
    ExemptionId,
    LinkedId,
    OrganizationId,
    QuarantineId,
    RegionId,
    ResolutionId,
    SessionId
);

impl ToSql<InstantSql, Pg> for Instant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<Timestamptz, Pg>::to_sql(&self.0, &mut out.reborrow())
    }
}

impl FromSql<InstantSql, Pg> for Instant {
    fn from_sql(value: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        FromSql::<Timestamptz, Pg>::from_sql(value).map(Self)
    }
}

impl ToSql<InstantSql, Sqlite> for Instant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.timestamp_micros());
        Ok(IsNull::No)
    }
}

impl FromSql<InstantSql, Sqlite> for Instant {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let microseconds = <i64 as FromSql<BigInt, Sqlite>>::from_sql(value)?;
        Ok(Self(DateTime::from_timestamp_micros(microseconds).ok_or("an instant out of range")?))
    }
}

multi_type!(InstantSql, Instant);

impl ToSql<DaySql, Pg> for Day {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<Date, Pg>::to_sql(&self.0, &mut out.reborrow())
    }
}

impl FromSql<DaySql, Pg> for Day {
    fn from_sql(value: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        FromSql::<Date, Pg>::from_sql(value).map(Self)
    }
}

impl ToSql<DaySql, Sqlite> for Day {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.format("%Y-%m-%d").to_string());
        Ok(IsNull::No)
    }
}

impl FromSql<DaySql, Sqlite> for Day {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<Text, Sqlite>>::from_sql(value)?;
        Ok(Self(text.parse()?))
    }
}

multi_type!(DaySql, Day);

/// Columns of plain numbers.
macro_rules! number_columns {
    ($($rust:ty => $read:expr, $write:expr;)*) => {$(
        impl<DB: Backend> FromSql<BigInt, DB> for $rust
        where
            i64: FromSql<BigInt, DB>,
        {
            fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
                i64::from_sql(value).map($read)
            }
        }

        impl ToSql<BigInt, Pg> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                let number: i64 = $write(*self);
                ToSql::<BigInt, Pg>::to_sql(&number, &mut out.reborrow())
            }
        }

        impl ToSql<BigInt, Sqlite> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                out.set_value($write(*self));
                Ok(IsNull::No)
            }
        }

        impl ToSql<BigInt, MultiBackend> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                out.set_value((BigInt, self));
                Ok(IsNull::No)
            }
        }
    )*};
}

number_columns! {
    Quantity => Quantity::from_thousandths, Quantity::thousandths;
    Revision => Revision, |revision: Revision| revision.0;
}

/// Columns of enums, stored by their snake_case names.
macro_rules! enum_columns {
    ($($rust:ty),*) => {$(
        impl<DB: Backend> FromSql<Text, DB> for $rust
        where
            String: FromSql<Text, DB>,
        {
            fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
                Ok(String::from_sql(value)?.parse()?)
            }
        }

        impl ToSql<Text, Pg> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                let name: &'static str = self.into();
                ToSql::<Text, Pg>::to_sql(name, &mut out.reborrow())
            }
        }

        impl ToSql<Text, Sqlite> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                let name: &'static str = self.into();
                out.set_value(name);
                Ok(IsNull::No)
            }
        }

        impl ToSql<Text, MultiBackend> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                out.set_value((Text, self));
                Ok(IsNull::No)
            }
        }
    )*};
}

enum_columns!(
    Decision,
    LinkKind,
    Role,
    LotCondition,
    CountKind,
    CountScope,
    Held,
    Holding,
    FactKind,
    ItemKind,
    OrganizationKind,
    Strength,
    SubjectKind,
    EndReason,
    Tried,
    DraftFate
);
