//! Sessions: everything that follows from one sign-in, until it ends.

/// The reason why a session ended before it expired.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, diesel::AsExpression, diesel::FromSqlRow,
)]
#[strum(serialize_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum EndReason {
    /// Its holder signed out.
    SignedOut,
    /// The password was changed in another session, or removed.
    PasswordChanged,
    /// The account was closed.
    AccountClosed,
    /// The device was withdrawn.
    DeviceWithdrawn,
    /// A refresh token was used again after its successor: someone else has a copy.
    TokenReused,
}

base::text_column!(EndReason);
