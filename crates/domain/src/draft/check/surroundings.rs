//! The surroundings of a standard that is checked: reference data, and the standards that bind beside it.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::super::StandardText;
use crate::fact::FactDefinition;
use crate::item::Item;
use crate::reference_data::ReferenceData;
use crate::revision::{in_force, in_force_or_first};
use crate::rule::Rule;
use crate::standard::{Standard, StandardDocument, StandardStatus};

/// The surroundings of the standards that are checked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surroundings<'a> {
    /// The reference data, with the standards beside which they bind.
    pub reference_data: &'a ReferenceData,
    /// The day on which they would hold.
    pub day: NaiveDate,
    /// The codes of all standards that are checked together. A finding about two of them is reported with one only.
    pub together: &'a BTreeSet<&'a str>,
    /// The types and sectors of organizations besides the usual ones.
    pub names: &'a OrganizationNames<'a>,
}

/// The types and sectors that organizations have.
#[derive(Clone, Debug, Default)]
pub(super) struct OrganizationNames<'a> {
    /// The types of teams.
    pub types: BTreeSet<&'a str>,
    /// The sectors.
    pub sectors: BTreeSet<&'a str>,
}

impl<'a> Surroundings<'a> {
    /// An item of the catalogue.
    pub fn item(&self, code: &str) -> Option<&'a Item> {
        self.reference_data.items.get(code)
    }

    /// True if an item has left the catalogue on the day.
    pub fn is_retired(&self, code: &str) -> bool {
        self.reference_data.item_on(code, self.day).is_some_and(|version| version.retired)
    }

    /// An entry of the dictionary.
    pub fn fact(&self, key: &str) -> Option<&'a FactDefinition> {
        self.reference_data.dictionary.iter().find(|entry| entry.key == key)
    }

    /// The rules of all other standards on the day, adopted or not.
    pub fn rules_elsewhere(&self, text: &StandardText) -> impl Iterator<Item = (&'a Standard, &'a Rule)> {
        let (day, code) = (self.day, text.code.clone());
        self.reference_data
            .standards
            .iter()
            .filter(move |standard| standard.code != code)
            .flat_map(move |standard| standard.rules.iter().filter_map(move |rule| Some((standard, rule.on(day)?))))
    }

    /// The other standards that bind beside a standard: adopted anywhere (or checked together with it, or where nothing is
    /// adopted at all), issued for the same or a wider place, in force on the day, and neither replaces the other.
    pub fn beside(&self, text: &StandardText) -> Vec<&'a Standard> {
        let ended = |document: &StandardDocument| document.valid_to.is_some_and(|to| to < self.day);
        if text.status == StandardStatus::Draft || ended(&text.document()) {
            return Vec::new();
        }
        let binds_beside = |standard: &&Standard| {
            let Some(row) = in_force_or_first(&standard.versions, self.day) else { return false };
            let document = &row.value;
            standard.code != text.code
                && document.status != StandardStatus::Draft
                && !ended(document)
                && in_line(&document.jurisdiction, &text.jurisdiction)
                && self.may_bind(standard)
                && !self.replaces(text, standard)
        };
        self.reference_data.standards.iter().filter(binds_beside).collect()
    }

    /// True if a finding about a standard and another one beside it is reported with the first: with one of two only, where
    /// both are checked.
    pub fn is_reported_with(&self, text: &StandardText, other: &Standard) -> bool {
        !self.together.contains(other.code.as_str()) || other.code < text.code
    }

    fn may_bind(&self, standard: &Standard) -> bool {
        let adoptions = &self.reference_data.adoptions;
        let is_adopted = |from: NaiveDate| {
            let mut rows = adoptions.iter().filter(|adoption| adoption.standard == standard.code);
            rows.any(|adoption| {
                let now = in_force(&adoption.versions, from).is_some_and(|row| row.value.is_some());
                now || adoption.versions.iter().any(|row| row.valid_from > from && row.value.is_some())
            })
        };
        adoptions.is_empty() || self.together.contains(standard.code.as_str()) || is_adopted(self.day)
    }

    /// True if one of two standards replaces the other, directly or through others.
    fn replaces(&self, text: &StandardText, other: &Standard) -> bool {
        self.succeeds(text.replaced_by.as_deref(), &other.code)
            || self.succeeds(self.successor(&other.code), &text.code)
    }

    fn succeeds(&self, first: Option<&str>, wanted: &str) -> bool {
        let (mut next, mut seen) = (first, BTreeSet::new());
        while let Some(code) = next.filter(|code| seen.insert((*code).to_owned())) {
            if code == wanted {
                return true;
            }
            next = self.successor(code);
        }
        false
    }

    /// The edition that replaces another.
    pub fn successor(&self, code: &str) -> Option<&'a str> {
        let standard = self.reference_data.standards.iter().find(|standard| standard.code == code)?;
        in_force_or_first(&standard.versions, self.day)?.value.replaced_by.as_deref()
    }
}

/// True if two jurisdictions are the same, or one lies in the other: `CN` and `CN-4403`. `-` stands for any place.
fn in_line(one: &str, other: &str) -> bool {
    if one == "-" || other == "-" {
        return true;
    }
    let lies_in = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    lies_in(one, other) || lies_in(other, one)
}
