//! The cells of the details of a lot. Where several units of it differ, a cell has the values of all.

use std::collections::BTreeSet;

use domain::lot_details::{DetailsOfLot, LotDetail};
use text::language::Language;
use text::messages::message;

use super::cells::{Cell, Row};

/// The cells of the details of a lot; none for a value that no ledger has.
pub(super) fn of_details(found: &DetailsOfLot<'_>, language: Language) -> Row {
    let specification = |detail: &LotDetail| {
        let words: Vec<&str> =
            [&detail.specification, &detail.model].into_iter().filter_map(Option::as_deref).collect();
        (!words.is_empty()).then(|| words.join(" "))
    };
    let life = |detail: &LotDetail| {
        detail
            .service_life_months
            .map(|months| months_in_words(months, language))
            .or_else(|| detail.service_life.clone())
    };
    let due = |detail: &LotDetail| {
        detail.inspection_due.map(|day| day.to_string()).or_else(|| detail.inspection_due_words.clone())
    };
    let words = [
        ("specification", told(found, language, specification)),
        ("model", told(found, language, |detail| detail.model.clone())),
        ("maker", told(found, language, |detail| detail.maker.clone())),
        ("asset_number", told(found, language, |detail| detail.asset_number.clone())),
        ("service_life", told(found, language, life)),
        ("inspection_due", only(found, |detail| detail.inspection_due).or_else(|| told(found, language, due))),
        ("life_months", only(found, |detail| detail.service_life_months)),
    ];
    words.into_iter().filter_map(|(key, cell)| Some((key, cell?))).collect()
}

/// A service life in words.
pub(super) fn months_in_words(months: u32, language: Language) -> String {
    if months.is_multiple_of(12) {
        message!("ledger-cell-years", count = months / 12).text(language)
    } else {
        message!("ledger-cell-months", count = months).text(language)
    }
}

/// The words of all details, each once.
fn told(found: &DetailsOfLot<'_>, language: Language, words: impl Fn(&LotDetail) -> Option<String>) -> Option<Cell> {
    let all: BTreeSet<String> = found.details.iter().filter_map(|detail| words(detail)).collect();
    if all.is_empty() {
        return None;
    }
    let all = all.into_iter().collect::<Vec<_>>().join(language.choose("; ", "；"));
    Some(if found.left_off == 0 {
        all.into()
    } else {
        message!("ledger-cell-more", words = all, count = found.left_off).text(language).into()
    })
}

/// The value that all details have.
fn only<T: Copy + Ord>(found: &DetailsOfLot<'_>, value: impl Fn(&LotDetail) -> Option<T>) -> Option<Cell>
where
    Cell: From<T>,
{
    let mut values = found.details.iter().map(|detail| value(detail));
    let first = values.next()??;
    (found.left_off == 0 && values.all(|one| one == Some(first))).then(|| first.into())
}
