//! The columns of both databases in queries over either.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::HasSqlType;

use super::connection::MultiBackend;
use base::id::{
    AcceptanceId, AccountId, ChangeSetId, ClientId, CommandId, ContactId, CountId, DepotId, DeviceId, EnrolmentId,
    ExemptionId, LedgerRowId, LinkedId, OrganizationId, QuarantineId, RegionId, ResolutionId, SessionId,
};
pub use base::sql::{Day, DaySql, IdSql, Instant, InstantSql};

/// Allows a type that both databases can read and write as one SQL type in queries over either.
macro_rules! multi_types {
    ($sql:ty => $($rust:ty),*) => {$(
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
    )*};
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

multi_types!(InstantSql => Instant);
multi_types!(DaySql => Day);
multi_types!(
    IdSql =>
    AccountId,
    ChangeSetId,
    CommandId,
    ClientId,
    ContactId,
    CountId,
    DepotId,
    DeviceId,
    EnrolmentId,
    ExemptionId,
    LedgerRowId, LinkedId,
    OrganizationId,
    QuarantineId,
    RegionId,
    ResolutionId,
    AcceptanceId,
    SessionId
);
