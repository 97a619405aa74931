//! Counts: what one person saw in one depot at one time.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::item::ItemCode;
use super::revision::Revision;
use base::id::{AccountId, CountId, DepotId};
use base::quantity::Quantity;

/// Whose count it is.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::EnumString,
    strum::IntoStaticStr,
    diesel::AsExpression,
    diesel::FromSqlRow,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum CountKind {
    /// The organization's own.
    #[default]
    Own,
    /// An officer's.
    Inspection,
}

base::text_column!(CountKind);

/// What a count speaks of.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::EnumString,
    strum::IntoStaticStr,
    diesel::AsExpression,
    diesel::FromSqlRow,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum CountScope {
    /// The whole depot: an item of the catalogue that is not listed was not there.
    Full,
    /// Only the items it lists.
    Listed,
}

base::text_column!(CountScope);

/// The state units were found in.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::EnumString,
    strum::IntoStaticStr,
    diesel::AsExpression,
    diesel::FromSqlRow,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum LotCondition {
    /// Fit for use.
    #[default]
    Serviceable,
    /// Away or set aside for repair.
    InRepair,
    /// Not fit for use.
    Unserviceable,
}

base::text_column!(LotCondition);

/// Where units were.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::EnumString,
    strum::IntoStaticStr,
    diesel::AsExpression,
    diesel::FromSqlRow,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum Held {
    /// In the depot.
    #[default]
    Here,
    /// Lent to somebody else.
    Lent,
}

base::text_column!(Held);

/// What is odd about how a count came. It speaks all the same, and people are shown it.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum CountFlag {
    /// The device's clock was off by so much that the time of the count was corrected.
    ClockCorrected,
    /// An earlier time than that of a count which the device numbered before it.
    ClockWentBack,
    /// A number that the device used for another command too: it was restored from a copy.
    SeqReused,
}

/// Who made a series of counts: a device, or an account where no device was named.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A device by the name it gives itself.
    Device(String),
    /// An account.
    Account(AccountId),
}

/// The catalogue that the counter had before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatalogueSeen {
    /// The catalogue of a revision.
    At(Revision),
    /// The catalogue as it was when they counted.
    When(DateTime<Utc>),
}

/// A stored count, as far as stock is worked out from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Count {
    /// Its id.
    pub id: CountId,
    /// Where it was made.
    pub depot_id: DepotId,
    /// Whose it is.
    pub kind: CountKind,
    /// What it speaks of.
    pub scope: CountScope,
    /// The device or account it came from.
    pub source: Source,
    /// When it counts as made; fixed at first receipt.
    pub effective_at: DateTime<Utc>,
    /// The device's running number; breaks ties only.
    pub seq: Option<i64>,
    /// The catalogue the counter had.
    pub catalogue: CatalogueSeen,
    /// Who counted, by name.
    pub counted_by: String,
    /// The counts it settles.
    pub resolves: Vec<CountId>,
    /// True when it was voided.
    pub voided: bool,
    /// What is odd about how it came.
    pub flags: Vec<CountFlag>,
    /// What was seen.
    pub lines: Vec<CountLine>,
}

/// One line of a count: units of one item that share lot, expiry, condition and place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountLine {
    /// The item's code.
    pub item: ItemCode,
    /// How many, in the item's unit.
    pub quantity: Quantity,
    /// The lot number.
    pub lot: Option<String>,
    /// The last day on which the lot may be used.
    pub expires_on: Option<NaiveDate>,
    /// When it was last inspected.
    pub inspected_on: Option<NaiveDate>,
    /// The state it was in.
    pub condition: LotCondition,
    /// Where it was.
    pub held: Held,
}
