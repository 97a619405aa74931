//! Deciding about rows of ledgers that are in no count.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::counting::{Counting, LedgerOf, Mode, submit_all};
use super::matchers::Matchers;
use super::verdict::{Open, Verdict, line, merge, verdict};
use super::{MOST_AT_ONCE, MOST_UNITS};
use crate::chain::Signer;
use base::error::{Error, Fault};
use base::id::{DepotId, LedgerRowId, OrganizationId, RegionId};
use base::quantity::Quantity;
use db::connection::AnyConnection;
use db::ledger_rows::StoredRow;
use db::write::Change;
use domain::item::{Item, ItemCode};
use domain::ledger::{CountedRow, LedgerContent, LedgerDecision, LedgerRowStatus, WhyOpen};
use domain::matching::words_key;
use domain::new_count::NewCountLine;
use domain::region::Region;
use domain::text::is_text;
use text::messages::message;

/// A decision about an open row.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "item": "L2010101" }))]
pub struct NewDecision {
    /// The item that it is, by its code. `null`: none of the catalogue; the row is kept with its words.
    #[serde(deserialize_with = "Deserialize::deserialize")]
    #[schema(required = true, max_length = 32, example = "L2010101")]
    #[validate(length(min = 1, max = 32), non_control_character)]
    pub item: Option<String>,
    /// The quantity in the item's unit. Left out, it is the one of the ledger, which must then be readable in that unit.
    #[serde(default)]
    #[schema(example = 3)]
    pub quantity: Option<Quantity>,
    /// The number of the item's units in one of the ledger's, such as 50 for a box of 50.
    #[serde(default)]
    #[schema(example = 50)]
    pub factor: Option<Quantity>,
    /// The depot, by id or code, where the row names none.
    #[serde(default)]
    #[schema(max_length = 64, example = "T3-D1")]
    #[validate(length(min = 1, max = 64), non_control_character)]
    pub depot: Option<String>,
    /// True to take the same words for the same thing from now on, in the region of the caller's bureau, and in its rows that are in
    /// no count yet. Left out, it is true for officers. Quartermasters decide about their own rows alone.
    #[serde(default)]
    pub remember: Option<bool>,
    /// The reason.
    #[serde(default)]
    #[schema(max_length = 1000)]
    #[validate(length(min = 1, max = 1000), custom(function = is_text))]
    pub reason: Option<String>,
}

impl NewDecision {
    /// Checks the values by themselves.
    ///
    /// # Errors
    /// `Invalid` with all faults.
    pub fn check(&self) -> Result<(), Error> {
        let mut faults = Vec::new();
        if self.quantity.is_some_and(Quantity::is_negative) {
            faults.push(Fault::new("/quantity", "negative", message!("line-negative")));
        }
        faults.extend(self.factor.and_then(factor_fault));
        if self.item.is_none() && (self.quantity.is_some() || self.factor.is_some()) {
            faults.push(Fault::new("/item", "missing_field", message!("ledger-item-missing")));
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }
}

/// The fault of a factor that is out of range.
pub(crate) fn factor_fault(factor: Quantity) -> Option<Fault> {
    let is_good = factor > Quantity::ZERO && factor <= MOST_UNITS;
    (!is_good).then(|| {
        let detail = message!("ledger-factor", most = MOST_UNITS.to_string());
        Fault::new("/factor", "out_of_range", detail)
    })
}

/// The circumstances of decisions.
pub(crate) struct Deciding<'a> {
    /// The catalogue.
    pub items: &'a BTreeMap<ItemCode, Item>,
    /// All regions.
    pub regions: &'a [Region],
    /// The regions of the organizations whose rows are decided about.
    pub region_of: &'a BTreeMap<OrganizationId, RegionId>,
    /// The signer of the counts.
    pub signer: Signer<'a>,
    /// The reason.
    pub reason: Option<&'a str>,
    /// The time.
    pub now: DateTime<Utc>,
}

/// The decision about a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Decided {
    /// By its words, with the answers that the matchers have.
    ByWords,
    /// It is so many units of an item.
    Units(ItemCode, Quantity),
    /// It is no item of the catalogue.
    Unlisted,
}

/// A row to decide about, and the depot if the row names none.
pub(crate) type ToDecide = (StoredRow, Decided, Option<DepotId>);

/// The lines of the ledgers of one depot and day by item, and the rows that they came from.
type Lines = (BTreeMap<ItemCode, Vec<NewCountLine>>, Vec<(LedgerRowId, ItemCode, Quantity)>);

/// The rows in no count of some organizations that have some words.
///
/// # Errors
/// If the database fails.
pub(crate) fn touched(
    connection: &mut AnyConnection,
    organizations: &[OrganizationId],
    keys: &BTreeSet<String>,
) -> Result<Vec<StoredRow>, Error> {
    db::ledger_rows::list_uncounted_with(connection, organizations, keys, MOST_AT_ONCE)
}

/// Decides about stored rows: those that become lines of counts are counted beside what is counted of their ledgers. Rows that are
/// still not sure stay open. Returns the reasons of those that stay, by row.
///
/// # Errors
/// `Conflict` for a row that is in a count already; `Invalid` for an item that is not known; the database's error.
pub(crate) fn settle(
    change: &mut Change<'_>,
    deciding: &Deciding<'_>,
    matchers: &mut Matchers<'_>,
    rows: Vec<ToDecide>,
) -> Result<BTreeMap<LedgerRowId, WhyOpen>, Error> {
    let mut stay = BTreeMap::new();
    let mut unlisted: Vec<(OrganizationId, LedgerRowId, NaiveDate)> = Vec::new();
    let mut ledgers: BTreeMap<LedgerOf, Lines> = BTreeMap::new();
    for (stored, decided, depot) in rows {
        if stored.status() == LedgerRowStatus::Counted {
            return Err(Error::conflict("ledger_row_counted", message!("ledger-row-counted")));
        }
        let row = stored.row;
        let region = deciding.region_of.get(&row.organization).copied().ok_or(Error::NotFound("organization"))?;
        let found = match decided {
            Decided::Unlisted => Verdict::Open(Open::of(WhyOpen::Unlisted)),
            Decided::Units(item, quantity) => line(deciding.items, &row.content, &item, quantity, row.ledger_on),
            Decided::ByWords => {
                let matcher = matchers.of(change.connection, region)?;
                verdict(&matcher, deciding.items, &row.content, row.ledger_on)
            }
        };
        match (found, row.depot.or(depot)) {
            (Verdict::Open(Open { why: WhyOpen::Unlisted, .. }), _) => {
                unlisted.push((row.organization, row.id, row.ledger_on));
            }
            (Verdict::Open(open), _) => _ = stay.insert(row.id, open.why),
            (Verdict::Line(_), None) => _ = stay.insert(row.id, WhyOpen::Depot),
            (Verdict::Line(line), Some(depot)) => {
                let ledger = LedgerOf::new((row.organization, depot), deciding.regions, region, row.ledger_on);
                let (lines, rows) = ledgers.entry(ledger).or_default();
                let (item, quantity) = (line.item.clone(), line.quantity.unwrap_or_default());
                match merge(lines.entry(item.clone()).or_default(), *line) {
                    Ok(()) => rows.push((row.id, item, quantity)),
                    Err(_) => _ = stay.insert(row.id, WhyOpen::Line),
                }
            }
        }
    }
    let decided_by = deciding.signer.author.name.clone();
    let decision = |counted| LedgerDecision {
        counted,
        is_replaced: false,
        reason: deciding.reason.map(ToOwned::to_owned),
        decided_by: decided_by.clone(),
    };
    for (ledger, (lines, rows)) in ledgers {
        let locked = change.for_organization(ledger.organization)?;
        let counting = Counting::of(change.connection, &ledger, lines, Mode::Add, deciding.now)?;
        submit_all(change, deciding.signer, locked, &counting.submissions)?;
        for (id, item, quantity) in rows {
            let count = counting.count_of.get(&item).copied();
            let counted = count.map(|count| CountedRow { item, quantity, count });
            db::ledger_rows::decide(change, locked, (id, ledger.day), &decision(counted))?;
        }
    }
    for (organization, id, day) in unlisted {
        let locked = change.for_organization(organization)?;
        db::ledger_rows::decide(change, locked, (id, day), &decision(None))?;
    }
    Ok(stay)
}

/// The key of the words of a row, under which answers are remembered.
pub(crate) fn key_of(content: &LedgerContent) -> String {
    words_key(&content.telling())
}
