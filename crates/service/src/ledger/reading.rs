//! Rows of ledgers as tables have them, turned into what is kept of them.

use chrono::NaiveDate;
use uuid::Uuid;

use base::error::Error;
use base::id::{DepotId, LedgerRowId, OrganizationId};
use domain::folding::compact;
use domain::ledger::{LedgerContent, LedgerText, LedgerValues, WhyOpen};
use tables::forms::{LedgerCondition, LedgerHeld, LedgerRow};
use tables::ledger::{LedgerDay, LedgerQuantity};

/// The namespace of the ids of rows.
const NAMESPACE: Uuid = Uuid::from_u128(0x6d75_7374_6572_4c65_8667_6572_526f_7773);

/// The longest place in a count, in characters.
const PLACE: usize = 32;

/// The content of a row. `place` are words for a depot that name none, if it is the only one. Names and phones of people are
/// left out.
pub(crate) fn content_of(row: &LedgerRow, place: Option<&str>) -> LedgerContent {
    let place = match (&row.place, place) {
        (Some(one), Some(other)) => Some(format!("{other} {one}")),
        (one, other) => one.clone().or_else(|| other.map(ToOwned::to_owned)),
    };
    let (quantity, quantity_words, unit) = match &row.quantity {
        LedgerQuantity::Read { quantity, unit, .. } => {
            let words = format!("{quantity}{}", unit.as_deref().unwrap_or_default());
            (Some(*quantity), Some(words), unit.clone().or_else(|| row.unit.clone()))
        }
        LedgerQuantity::Unread { words, .. } => {
            (None, Some(words.clone()).filter(|words| !words.is_empty()), row.unit.clone())
        }
    };
    let condition = match &row.condition {
        None => Ok(None),
        Some(LedgerCondition::Known(condition)) => Ok(Some(*condition)),
        Some(LedgerCondition::Words(words)) => Err(words.clone()),
    };
    let held = match &row.held {
        None => Ok(None),
        Some(LedgerHeld::Known(held)) => Ok(Some(*held)),
        Some(LedgerHeld::Words(words)) => Err(words.clone()),
    };
    let beside = match &row.quantity {
        LedgerQuantity::Read { unit, packs: None, .. } => unit.as_deref(),
        _ => None,
    };
    let units_differ = beside.zip(row.unit.as_deref()).is_some_and(|(one, other)| compact(one) != compact(other));
    let unread = [
        (quantity.is_none(), WhyOpen::Quantity),
        (units_differ, WhyOpen::Unit),
        (matches!(row.expires_on, Some(LedgerDay::Unread { .. })), WhyOpen::Expiry),
        (condition.is_err() || held.is_err(), WhyOpen::Condition),
    ];
    LedgerContent {
        text: LedgerText {
            name: row.name.clone(),
            item: row.item.clone(),
            class: row.class.clone().or_else(|| row.section.clone()),
            specification: row.specification.clone(),
            model: row.model.clone(),
            maker: row.maker.clone(),
            asset_number: row.asset_number.clone(),
            quantity: quantity_words,
            unit: row.unit.clone(),
            place: place.clone(),
            lot: row.lot.clone(),
            made_on: words_of(row.made_on.as_ref()),
            bought_on: words_of(row.bought_on.as_ref()),
            expires_on: words_of(row.expires_on.as_ref()),
            service_life: row.service_life.clone(),
            inspected_on: words_of(row.inspected_on.as_ref()),
            inspection_due: words_of(row.inspection_due.as_ref()),
            condition: match &condition {
                Ok(known) => known.map(|known| <&str>::from(known).to_owned()),
                Err(words) => Some(words.clone()),
            },
            held: match &held {
                Ok(known) => known.map(|known| <&str>::from(known).to_owned()),
                Err(words) => Some(words.clone()),
            },
            note: row.note.clone(),
        },
        values: LedgerValues {
            quantity,
            unit,
            lot: row.lot.clone(),
            expires_on: day_of(row.expires_on.as_ref()),
            made_on: day_of(row.made_on.as_ref()),
            inspected_on: day_of(row.inspected_on.as_ref()),
            service_life_months: row.service_life_months,
            inspection_due: day_of(row.inspection_due.as_ref()),
            condition: condition.ok().flatten().unwrap_or_default(),
            held: held.ok().flatten(),
            place: place.filter(|place| place.chars().count() <= PLACE),
            unread: unread.into_iter().filter_map(|(so, why)| so.then_some(why)).collect(),
        },
    }
}

fn day_of(day: Option<&LedgerDay>) -> Option<NaiveDate> {
    match day {
        Some(LedgerDay::Day(day)) => Some(*day),
        _ => None,
    }
}

fn words_of(day: Option<&LedgerDay>) -> Option<String> {
    day.map(|day| match day {
        LedgerDay::Day(day) => day.to_string(),
        LedgerDay::NoEnd => "长期".to_owned(),
        LedgerDay::Unread { words, .. } => words.clone(),
    })
}

/// The id of a row: the same for the same words in ledgers of the same depot and day. Of equal rows, each has its number, and one that
/// comes back after it was replaced the number of times.
///
/// # Errors
/// If the content cannot be written as JSON.
pub(crate) fn row_id(
    (organization, depot, day): (OrganizationId, Option<DepotId>, NaiveDate),
    content: &LedgerContent,
    (number, comeback): (usize, usize),
) -> Result<LedgerRowId, Error> {
    let internal = |error| Error::internal("a row of a ledger cannot be written as JSON", error);
    let words = serde_json::to_string(&content.text).map_err(internal)?;
    let depot = depot.map(|depot| depot.to_string()).unwrap_or_default();
    let comeback = if comeback == 0 { String::new() } else { format!(".{comeback}") };
    let seed = format!("{organization}/{depot}/{day}/{number}{comeback}/{words}");
    Ok(LedgerRowId(Uuid::new_v5(&NAMESPACE, seed.as_bytes())))
}
