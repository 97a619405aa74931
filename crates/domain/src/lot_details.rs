//! The details of lots that ledgers have beside what is counted: specification, model, maker, asset number, service life and
//! the day of the next inspection. They bear on no figure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::item::ItemCode;
use super::ledger::LedgerContent;
use super::lot::LotNumber;
use super::stock::Lot;
use base::id::DepotId;

/// The most details of one lot that are told.
const MOST: usize = 20;

/// The details of units of a lot, as a row of a ledger has them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "specification": "4kg", "model": "MFZ/ABC4", "asset_number": "XF-0012", "service_life_months": 120,
    "inspection_due": "2027-03-31"
}))]
pub struct LotDetail {
    /// The specification.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 500)]
    pub specification: Option<String>,
    /// The model.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 200)]
    pub model: Option<String>,
    /// The maker.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 200)]
    pub maker: Option<String>,
    /// The asset number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 200)]
    pub asset_number: Option<String>,
    /// The service life in months.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1, maximum = 1200)]
    pub service_life_months: Option<u32>,
    /// The words for the service life, where they say no exact number of months.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 200, example = "长期")]
    pub service_life: Option<String>,
    /// The day by which the next inspection is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub inspection_due: Option<NaiveDate>,
    /// The words for that day, where they say no exact day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 200, example = "明年春天")]
    pub inspection_due_words: Option<String>,
}

impl LotDetail {
    /// The details that a row has; `None` if it has none.
    fn of(LedgerContent { text, values }: &LedgerContent) -> Option<Self> {
        let words = |words: &Option<String>| words.clone().filter(|words| !words.trim().is_empty());
        let detail = Self {
            specification: words(&text.specification),
            model: words(&text.model),
            maker: words(&text.maker),
            asset_number: words(&text.asset_number),
            service_life_months: values.service_life_months,
            service_life: words(&text.service_life).filter(|_| values.service_life_months.is_none()),
            inspection_due: values.inspection_due,
            inspection_due_words: words(&text.inspection_due).filter(|_| values.inspection_due.is_none()),
        };
        (detail != Self::default()).then_some(detail)
    }
}

/// The units of an item that rows of ledgers and lots of counts agree on: by the lot number, else by the expiry, else all others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Units {
    Numbered(LotNumber),
    Expiring(NaiveDate),
    Others,
}

impl Units {
    fn of(lot: Option<LotNumber>, expires_on: Option<NaiveDate>) -> Self {
        match (lot, expires_on) {
            (Some(lot), _) => Self::Numbered(lot),
            (None, Some(day)) => Self::Expiring(day),
            (None, None) => Self::Others,
        }
    }
}

/// The details of one lot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DetailsOfLot<'d> {
    /// The first of them, each once.
    pub details: Vec<&'d LotDetail>,
    /// The number of further ones.
    pub left_off: usize,
}

/// The details of the lots of some depots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LotDetails(BTreeMap<(DepotId, ItemCode, Units), BTreeSet<LotDetail>>);

impl LotDetails {
    /// The details that rows of ledgers have, each of an item in a depot.
    pub fn of<'r>(rows: impl IntoIterator<Item = (DepotId, &'r str, &'r LedgerContent)>) -> Self {
        let mut found: BTreeMap<_, BTreeSet<LotDetail>> = BTreeMap::new();
        for (depot, item, content) in rows {
            let Some(detail) = LotDetail::of(content) else { continue };
            let lot = content.values.lot.as_deref().and_then(LotNumber::read);
            let units = Units::of(lot, content.values.expires_on);
            found.entry((depot, item.to_owned(), units)).or_default().insert(detail);
        }
        Self(found)
    }

    /// The details of a lot of an item in a depot. An expiry that was derived is none that a ledger has.
    pub fn of_lot(&self, depot: DepotId, item: &str, lot: &Lot) -> DetailsOfLot<'_> {
        self.of_units(depot, item, lot.lot.clone(), lot.expires_on.filter(|_| !lot.expiry_derived))
    }

    /// The details of the units of an item in a depot with a lot number or an expiry.
    pub fn of_units(
        &self,
        depot: DepotId,
        item: &str,
        lot: Option<LotNumber>,
        expires_on: Option<NaiveDate>,
    ) -> DetailsOfLot<'_> {
        let Some(all) = self.0.get(&(depot, item.to_owned(), Units::of(lot, expires_on))) else {
            return DetailsOfLot::default();
        };
        DetailsOfLot { details: all.iter().take(MOST).collect(), left_off: all.len().saturating_sub(MOST) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::count::{Held, LotCondition};
    use crate::ledger::{LedgerText, LedgerValues};

    fn depot() -> DepotId {
        "0198f5a2-0000-7000-8000-000000000003".parse().unwrap()
    }

    fn row(asset_number: &str, lot: Option<&str>, expires_on: Option<&str>) -> LedgerContent {
        LedgerContent {
            text: LedgerText { asset_number: Some(asset_number.to_owned()), ..LedgerText::default() },
            values: LedgerValues {
                lot: lot.map(ToOwned::to_owned),
                expires_on: expires_on.map(|day| day.parse().unwrap()),
                ..LedgerValues::default()
            },
        }
    }

    fn lot(number: Option<&str>, expires_on: Option<&str>) -> Lot {
        Lot {
            lot: number.and_then(LotNumber::read),
            expires_on: expires_on.map(|day| day.parse().unwrap()),
            expiry_derived: false,
            inspected_on: None,
            condition: LotCondition::Serviceable,
            held: Held::Here,
        }
    }

    fn numbers(details: &LotDetails, lot: &Lot) -> Vec<String> {
        let found = details.of_lot(depot(), "X", lot);
        found.details.iter().map(|detail| detail.asset_number.clone().unwrap()).collect()
    }

    #[test]
    fn rows_fall_on_lots_by_number_then_by_expiry_then_by_item() {
        let rows = [
            row("1", Some("ａ-1"), Some("2027-01-31")),
            row("2", Some("A-1"), None),
            row("3", None, Some("2027-01-31")),
            row("4", None, None),
            row("4", None, None),
            row("", Some("B"), None),
        ];
        let details = LotDetails::of(rows.iter().map(|row| (depot(), "X", row)));
        assert_eq!(numbers(&details, &lot(Some("a-1"), Some("2028-02-01"))), ["1", "2"]);
        assert_eq!(numbers(&details, &lot(None, Some("2027-01-31"))), ["3"]);
        assert_eq!(numbers(&details, &lot(None, None)), ["4"]);
        assert!(numbers(&details, &lot(Some("B"), None)).is_empty(), "a row without details says none");
        assert!(numbers(&details, &lot(None, Some("2027-02-01"))).is_empty());
        let derived = Lot { expiry_derived: true, ..lot(None, Some("2027-01-31")) };
        assert_eq!(numbers(&details, &derived), ["4"]);
        assert_eq!(details.of_lot(depot(), "Y", &lot(None, None)), DetailsOfLot::default());
    }

    #[test]
    fn details_are_bounded_and_say_how_many_there_are_beside() {
        let rows: Vec<LedgerContent> = (0..25).map(|number| row(&format!("N{number:02}"), None, None)).collect();
        let details = LotDetails::of(rows.iter().map(|row| (depot(), "X", row)));
        let found = details.of_lot(depot(), "X", &lot(None, None));
        assert_eq!((found.details.len(), found.left_off), (20, 5));
    }

    #[test]
    fn words_stand_only_where_no_value_was_read() {
        let mut content = row("1", None, None);
        content.text.service_life = Some("15年".to_owned());
        content.text.inspection_due = Some("明年".to_owned());
        content.values.service_life_months = Some(180);
        let detail = LotDetail::of(&content).unwrap();
        assert_eq!((detail.service_life_months, detail.service_life), (Some(180), None));
        assert_eq!((detail.inspection_due, detail.inspection_due_words.as_deref()), (None, Some("明年")));
    }
}
