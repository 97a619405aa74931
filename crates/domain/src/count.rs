//! Counts: the stock one person saw in one depot at one time.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::item::{CatalogueSeen, ItemCode};
use super::lot::LotNumber;
use base::id::{AccountId, CountId, DepotId};
use base::quantity::Quantity;

/// The kind of a count.
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
    /// Made by the organization itself.
    #[default]
    Own,
    /// Made by an officer.
    Inspection,
}

base::text_column!(CountKind);

/// The scope of a count.
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
    /// The whole depot: catalogue items that are not listed were not there.
    Full,
    /// Only the items listed.
    Listed,
}

base::text_column!(CountScope);

/// The condition in which units were found.
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
    /// In repair, or set aside for it.
    InRepair,
    /// Unfit for use.
    Unserviceable,
}

base::text_column!(LotCondition);

/// The place of units: in the depot or lent.
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

/// A note on how a count arrived. The count is valid nevertheless; the note is shown to people.
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
    /// The device's clock was so far off that the count's time was corrected.
    ClockCorrected,
    /// The count's time is earlier than that of a count with a lower sequence number of the same device.
    ClockWentBack,
    /// The device used the sequence number for another command too, so the device was restored from a copy.
    SeqReused,
    /// The sequence number lies so far above the one before that the device cannot have used those between.
    SeqJumped,
    /// By the device's clock it was made after the server had received it; it counts from the time of its receipt.
    CountedAhead,
    /// It names a catalogue that this service had not issued, so the catalogue of its effective time is used.
    CatalogueUnknown,
    /// A count of the whole depot that was made before the catalogue had any items: it covers only what it lists.
    BeforeCatalogue,
    /// It was taken from a ledger: nobody counted for it, and it counts from the first instant of the ledger's day.
    Ledger,
    /// It does not mention a lot that was found by the last earlier count that mentions it.
    LotsNotMentioned,
}

/// A flag that is fixed when a count arrives, and can be asked for in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum StoredFlag {
    /// [`CountFlag::ClockCorrected`].
    ClockCorrected,
    /// [`CountFlag::ClockWentBack`].
    ClockWentBack,
    /// [`CountFlag::SeqReused`].
    SeqReused,
    /// [`CountFlag::SeqJumped`].
    SeqJumped,
    /// [`CountFlag::CatalogueUnknown`].
    CatalogueUnknown,
    /// [`CountFlag::Ledger`].
    Ledger,
}

/// The source of a series of counts: a device, or an account if no device was named.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A device, by the name it gives itself.
    Device(String),
    /// An account.
    Account(AccountId),
}

/// A stored count, with the fields that stock is computed from.
#[derive(Clone, Debug, PartialEq)]
pub struct Count {
    /// Its id.
    pub id: CountId,
    /// The depot.
    pub depot_id: DepotId,
    /// Its kind.
    pub kind: CountKind,
    /// Its scope.
    pub scope: CountScope,
    /// The device or account it came from.
    pub source: Source,
    /// The effective time; fixed at first receipt.
    pub effective_at: DateTime<Utc>,
    /// The time the server received it first.
    pub received_at: DateTime<Utc>,
    /// The device's sequence number; only breaks ties.
    pub seq: Option<i64>,
    /// The catalogue that the person counting had.
    pub catalogue: CatalogueSeen,
    /// The name of the person who counted.
    pub counted_by: String,
    /// The counts it resolves.
    pub resolves: Vec<CountId>,
    /// True if it was voided.
    pub voided: bool,
    /// Notes on how it arrived.
    pub flags: Vec<CountFlag>,
    /// Its lines.
    pub lines: Vec<CountLine>,
}

/// One line of a count: units of one item that share lot, expiry, condition and place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountLine {
    /// The item's code.
    pub item: ItemCode,
    /// The quantity in the item's unit.
    pub quantity: Quantity,
    /// The lot number.
    pub lot: Option<LotNumber>,
    /// The last day on which the lot may be used.
    pub expires_on: Option<NaiveDate>,
    /// The day the lot was made.
    pub made_on: Option<NaiveDate>,
    /// The day of the last inspection.
    pub inspected_on: Option<NaiveDate>,
    /// The condition of the units.
    pub condition: LotCondition,
    /// The place of the units: in the depot or lent.
    pub held: Held,
}
