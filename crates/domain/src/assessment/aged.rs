//! Assessments for a later day on which lots have expired, while everything else stands as on the day asked for.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::line_stock::LineStocks;
use super::{Assessment, Status, Working};
use crate::reference_data::{OrganizationData, ReferenceData};
use crate::requirement::{RuleContext, lines};
use crate::stock::Stores;

/// A line on the day asked for, and without the lots that have expired by a later one.
#[derive(Clone, Debug, PartialEq)]
pub struct AgedLine {
    /// The line with all its stock.
    pub today: Assessment,
    /// The line without what has expired by then.
    pub then: Assessment,
}

impl AgedLine {
    /// True for a mandatory line that is not short yet, and certainly is by then.
    pub fn becomes_short(&self) -> bool {
        self.today.status != Status::Short && self.then.status == Status::Short
    }
}

/// Assesses the lines that an item bears on, for each pair of a day of expiry and an item: those that ask for it, and those
/// whose shortage changes because they share units with them. An organization that is not active on `day` has none.
pub fn assess_aged<'i>(
    reference_data: &ReferenceData,
    records: &OrganizationData,
    day: NaiveDate,
    gone: &BTreeSet<(NaiveDate, &'i str)>,
) -> BTreeMap<(NaiveDate, &'i str), Vec<AgedLine>> {
    let Some(context) = RuleContext::new(reference_data, records, day) else { return BTreeMap::new() };
    let stores = Stores::new(reference_data, records, day);
    let lines = lines(&context);
    let stocks = LineStocks::new(&context, &stores, &lines);
    let mut by_day: BTreeMap<NaiveDate, Vec<&'i str>> = BTreeMap::new();
    for (expiry_day, item) in gone {
        by_day.entry(*expiry_day).or_default().push(item);
    }
    let mut known: BTreeMap<usize, Assessment> = BTreeMap::new();
    let mut aged = BTreeMap::new();
    for (expiry_day, items) in by_day {
        let later = stores.aged_to(expiry_day);
        let left = stocks.with_stores(&later);
        for item in items {
            let mut touched = Vec::new();
            for place in stocks.touched_by(item) {
                let (Some(line), Some(before), Some(after)) = (lines.get(place), stocks.of(place), left.of(place))
                else {
                    continue;
                };
                let today = known.entry(place).or_insert_with(|| {
                    Working { context: &context, stores: &stores, line, stock: before }.assessment()
                });
                let then = Working { context: &context, stores: &later, line, stock: after }.assessment();
                let asks = line.selector.items().iter().any(|one| *one == item);
                if asks || then.shortage != today.shortage {
                    touched.push(AgedLine { today: today.clone(), then });
                }
            }
            aged.insert((expiry_day, item), touched);
        }
    }
    aged
}
