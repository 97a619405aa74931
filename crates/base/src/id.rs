//! Ids, one type for each kind of thing, so that they cannot be mixed up.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;
use uuid::fmt::Hyphenated;

/// Defines a UUID newtype; it is stored by [`sql`](crate::sql) and written as plain text in JSON.
macro_rules! id_types {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
            utoipa::ToSchema, diesel::AsExpression, diesel::FromSqlRow,
        )]
        #[serde(transparent)]
        #[schema(value_type = Uuid)]
        #[diesel(sql_type = crate::sql::IdSql)]
        pub struct $name(#[serde(deserialize_with = "crate::sent::value")] pub Uuid);

        crate::id_column!($name);

        impl $name {
            /// A new id, ordered by time.
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse::<Hyphenated>().map(|id| Self(id.into_uuid()))
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )*};
}

id_types! {
    /// Names an account.
    AccountId;
    /// Names a set of changes committed together; its revision is its position in the order of all changes.
    ChangeSetId;
    /// Names a command that a device sent. The client makes the id; for a count it is the count's id.
    CommandId;
    /// Names a client: another party's program that calls the API. The admin who creates it makes the id.
    ClientId;
    /// Names a contact: a person, or a telephone, of a depot or an organization.
    ContactId;
    /// Names a count. The client makes it, so that a count sent twice is one count.
    CountId;
    /// Names a depot.
    DepotId;
    /// Names a device that somebody signed in with.
    DeviceId;
    /// Names an enrolment: a code that signs in once.
    EnrolmentId;
    /// Names an exemption. The client makes it, so that an exemption sent twice is granted once.
    ExemptionId;
    /// Names a row of a ledger; derived from its depot, its day and what it says, so that the same row again is the same.
    LedgerRowId;
    /// Names a requirement line; derived from its organization, selector and strength, so that it stays the same.
    LineId;
    /// Names an organization.
    OrganizationId;
    /// Names a quarantined command; derived from the command's id and the hash of its content.
    QuarantineId;
    /// Names a region.
    RegionId;
    /// Names the subject of a chain link, of any kind.
    LinkedId;
    /// Names a resolution. The client makes it, so that a resolution sent twice is one resolution.
    ResolutionId;
    /// Names an acceptance. The client makes it, so that an acceptance sent twice is one acceptance.
    AcceptanceId;
    /// Names a session: everything that follows from one sign-in.
    SessionId;
}
