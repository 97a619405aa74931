//! What a change did: the values of a thing before and after it, as the audit tells them.
//!
//! Versions are stored whole and stay, so that both values are there to be compared; nothing is stored twice. Of a person's
//! name nothing is told but that it changed.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;

use crate::depot::{Datum, DepotVersion};
use crate::fact::{FactDefinition, FactText, FactValue};
use crate::item::{ItemClass, ItemVersion, Unit};
use crate::labels::Labelled;
use crate::organization::OrganizationVersion;
use crate::region::RegionVersion;
use crate::revision::{Dated, Mend, Revision};
use crate::rule::Rule;
use crate::standard::StandardDocument;

/// A value of a thing, by the name of its field.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The name of the field, as answers have it.
    pub name: &'static str,
    /// The value; `Null` where there is none.
    pub value: Value,
    /// The family of its codes, where it has any.
    pub family: Option<&'static str>,
    /// True for what is not told, such as a person's name.
    pub is_withheld: bool,
}

impl Field {
    /// A plain value.
    pub fn plain(name: &'static str, value: impl Serialize) -> Self {
        // Values of these kinds have a form in JSON.
        let value = serde_json::to_value(value).unwrap_or_default();
        Self { name, value, family: None, is_withheld: false }
    }

    /// A code that has words.
    pub fn code<C: Labelled>(name: &'static str, code: C) -> Self {
        let code: &'static str = code.into();
        Self { name, value: code.into(), family: Some(C::FAMILY), is_withheld: false }
    }

    /// A value that is not told, only that it changed.
    pub fn withheld(name: &'static str, value: impl Serialize) -> Self {
        Self { is_withheld: true, ..Self::plain(name, value) }
    }
}

/// A value that a change made another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ValueChange {
    /// The name of the field.
    pub field: String,
    /// The part of the thing that has the field: the rule of a draft.
    pub part: Option<String>,
    /// The line of a count that the value belongs to.
    pub line: Option<CountedLot>,
    /// The first day on which the new value holds.
    pub valid_from: Option<NaiveDate>,
    /// The value before; `Null` where there was none.
    pub old: Value,
    /// The value after; `Null` where there is none any more.
    pub new: Value,
    /// The family of codes, where the values are codes.
    pub family: Option<&'static str>,
    /// True where the values are not told.
    pub is_withheld: bool,
}

/// The units that a line of a count is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CountedLot {
    /// The item's code.
    pub item: String,
    /// The lot number.
    pub lot: Option<String>,
    /// The last day on which the lot may be used.
    pub expires_on: Option<NaiveDate>,
    /// The state that the units were in.
    pub condition: String,
    /// The place that they were in.
    pub held: String,
    /// The shelf.
    pub place: Option<String>,
}

impl ValueChange {
    /// A value that came to be.
    pub fn new(field: &str, new: impl Serialize) -> Self {
        Self { field: field.to_owned(), new: serde_json::to_value(new).unwrap_or_default(), ..Self::default() }
    }

    /// A value that became another.
    pub fn of(field: &str, old: impl Serialize, new: impl Serialize) -> Self {
        Self { old: serde_json::to_value(old).unwrap_or_default(), ..Self::new(field, new) }
    }

    /// A code that came to be.
    pub fn code<C: Labelled>(field: &str, code: C) -> Self {
        let code: &'static str = code.into();
        Self { family: Some(C::FAMILY), ..Self::new(field, code) }
    }

    /// A value that is not told, and changed.
    pub fn withheld(field: &str) -> Self {
        Self { field: field.to_owned(), is_withheld: true, ..Self::default() }
    }
}

/// The values that differ between two states of a thing. Without a state before, all that the thing has.
pub fn differences(before: &[Field], after: &[Field], valid_from: Option<NaiveDate>) -> Vec<ValueChange> {
    let in_state = |fields: &'_ [Field], name: &str| fields.iter().find(|field| field.name == name).cloned();
    let value = |state: &Option<Field>| state.as_ref().map_or(Value::Null, |field| field.value.clone());
    let is_hidden = |state: &Option<Field>| state.as_ref().is_some_and(|field| field.is_withheld);
    let gone = before.iter().filter(|field| !after.iter().any(|other| other.name == field.name));
    let all = after.iter().chain(gone);
    all.filter_map(|field| {
        let (was, is) = (in_state(before, field.name), in_state(after, field.name));
        // One that is not told is enough: the other would be told as if it had come from nothing.
        let is_withheld = is_hidden(&was) || is_hidden(&is);
        let (old, new) = match (value(&was), value(&is)) {
            (old, new) if old == new => return None,
            _ if is_withheld => (Value::Null, Value::Null),
            both => both,
        };
        let family = field.family;
        Some(ValueChange {
            field: field.name.to_owned(),
            valid_from,
            old,
            new,
            family,
            is_withheld,
            ..ValueChange::default()
        })
    })
    .collect()
}

/// The changes that a revision made to a history: each of its rows against what held on the row's first day before.
///
/// Rows of one revision follow each other by day.
pub fn changes_of<T>(versions: &[Dated<T>], revision: Revision, fields: impl Fn(&T) -> Vec<Field>) -> Vec<ValueChange> {
    rows_of(versions, revision)
        .into_iter()
        .flat_map(|(before, row)| {
            let old = before.map(|row| fields(&row.value)).unwrap_or_default();
            differences(&old, &fields(&row.value), Some(row.valid_from))
        })
        .collect()
}

/// The changes that a revision made to the first entry of a thing, which holds for all days: that it came to be, or that a slip
/// at it was mended. `now` is the present value.
pub fn first_entry_of<T, V>(
    versions: &[Dated<T>],
    mends: &[Mend<V>],
    now: &V,
    revision: Revision,
    fields: impl Fn(&V) -> Vec<Field>,
) -> Vec<ValueChange> {
    let is_first = versions.iter().all(|row| row.learnt.revision >= revision);
    let before = Mend::known(mends, now, |learnt| learnt.revision < revision);
    let before = if is_first { Vec::new() } else { fields(before) };
    differences(&before, &fields(Mend::known(mends, now, |learnt| learnt.revision <= revision)), None)
}

/// The statements that a revision made of one value, repeated ones included; `None` is no value.
pub fn statements_of<T, V: Serialize>(
    versions: &[Dated<T>],
    revision: Revision,
    field: &str,
    value: impl Fn(&T) -> Option<V>,
) -> Vec<ValueChange> {
    rows_of(versions, revision)
        .into_iter()
        .map(|(before, row)| {
            let old = before.and_then(|row| value(&row.value));
            ValueChange { valid_from: Some(row.valid_from), ..ValueChange::of(field, old, value(&row.value)) }
        })
        .collect()
}

/// The rows of a revision by day, each with the one that held on its first day before.
fn rows_of<T>(versions: &[Dated<T>], revision: Revision) -> Vec<(Option<&Dated<T>>, &Dated<T>)> {
    let mut rows: Vec<&Dated<T>> = versions.iter().filter(|row| row.learnt.revision == revision).collect();
    rows.sort_by_key(|row| row.valid_from);
    rows.into_iter()
        .map(|row| {
            let is_before = |other: &&Dated<T>| {
                let (day, learnt) = (other.valid_from, other.learnt.revision);
                (learnt < revision && day <= row.valid_from) || (learnt == revision && day < row.valid_from)
            };
            let before = versions.iter().filter(is_before).max_by_key(|row| (row.valid_from, row.learnt.revision));
            (before, row)
        })
        .collect()
}

/// The fields of a region.
pub fn of_region(version: &RegionVersion) -> Vec<Field> {
    let RegionVersion { name_en, name_zh, time_zone, validity_days, inspection_stands_days } = version;
    vec![
        Field::plain("name_en", name_en),
        Field::plain("name_zh", name_zh),
        Field::plain("time_zone", time_zone.map(|zone| zone.name())),
        Field::plain("validity_days", validity_days),
        Field::plain("inspection_stands_days", inspection_stands_days),
    ]
}

/// The fields of an organization, with its host as the reader knows it.
pub fn of_organization(version: &OrganizationVersion, host: Field) -> Vec<Field> {
    let OrganizationVersion { name_en, name_zh, organization_type, sector, hosted_by: _, credit_code, address, active } =
        version;
    vec![
        Field::plain("name_en", name_en),
        Field::plain("name_zh", name_zh),
        Field::plain("organization_type", organization_type),
        Field::plain("sector", sector),
        host,
        Field::plain("credit_code", credit_code),
        Field::plain("address", address),
        Field::plain("active", active),
    ]
}

/// The fields of a depot.
pub fn of_depot(version: &DepotVersion) -> Vec<Field> {
    let DepotVersion { name_en, name_zh, position, keeper, second_keeper, holding, open } = version;
    let mut fields = vec![
        Field::plain("name_en", name_en),
        Field::plain("name_zh", name_zh),
        Field::plain("latitude", position.map(|position| position.lat)),
        Field::plain("longitude", position.map(|position| position.lon)),
        Field::withheld("keeper", keeper),
        Field::withheld("second_keeper", second_keeper),
        Field::code("holding", *holding),
        Field::plain("open", open),
    ];
    // The national system is meant where none is told.
    let other = position.map(|position| position.datum).filter(|datum| *datum != Datum::default());
    fields.extend(other.map(|datum| Field::plain("datum", datum)));
    fields
}

/// The fields of an item class.
pub fn of_class(class: &ItemClass) -> Vec<Field> {
    let ItemClass { name_en, name_zh } = class;
    vec![Field::plain("name_en", name_en), Field::plain("name_zh", name_zh)]
}

/// The fields of an item.
pub fn of_item(version: &ItemVersion) -> Vec<Field> {
    let ItemVersion {
        name_en,
        name_zh,
        class,
        kind,
        perishable,
        shelf_life_months,
        specification,
        service_life_months,
        packs,
        barcodes,
        retired,
    } = version;
    vec![
        Field::plain("name_en", name_en),
        Field::plain("name_zh", name_zh),
        Field::plain("class", class),
        Field::code("kind", *kind),
        Field::plain("perishable", perishable),
        Field::plain("shelf_life_months", shelf_life_months),
        Field::plain("specification", specification),
        Field::plain("service_life_months", service_life_months),
        Field::plain("packs", packs),
        Field::plain("barcodes", barcodes),
        Field::plain("retired", retired),
    ]
}

/// The fields of an item's unit.
pub fn of_unit(unit: &Unit) -> Vec<Field> {
    vec![Field::plain("unit", &unit.name), Field::plain("measured", unit.measured)]
}

/// The fields of an entry of the dictionary.
pub fn of_definition(entry: &FactDefinition, text: &FactText) -> Vec<Field> {
    let FactText { name_en, name_zh, definition_en, definition_zh } = text;
    vec![
        Field::code("kind", entry.kind),
        Field::plain("unit", &entry.unit),
        Field::plain("name_en", name_en),
        Field::plain("name_zh", name_zh),
        Field::plain("definition_en", definition_en),
        Field::plain("definition_zh", definition_zh),
    ]
}

/// The value of a fact; `None` once it is withdrawn.
pub fn of_fact(value: &FactValue) -> Option<Value> {
    match value {
        FactValue::Number(number) => serde_json::to_value(number).ok(),
        FactValue::Tag(tag) => Some((*tag).into()),
        FactValue::Withdrawn => None,
    }
}

/// The fields of a standard.
pub fn of_standard(document: &StandardDocument) -> Vec<Field> {
    let StandardDocument { title_en, title_zh, jurisdiction, status, valid_from, valid_to, replaced_by, note } =
        document;
    vec![
        Field::plain("title_en", title_en),
        Field::plain("title_zh", title_zh),
        Field::plain("jurisdiction", jurisdiction),
        Field::code("status", *status),
        Field::plain("valid_from", valid_from),
        Field::plain("valid_to", valid_to),
        Field::plain("replaced_by", replaced_by),
        Field::plain("note", note),
    ]
}

/// The fields of a rule; of a withdrawn one only that.
pub fn of_rule(rule: Option<&Rule>) -> Vec<Field> {
    let Some(rule) = rule else { return vec![Field::plain("withdrawn", true)] };
    let Rule {
        code: _,
        clause,
        role,
        applies_when,
        scope,
        selector,
        quantity,
        unit,
        strength,
        waived_when,
        agreement_percent,
        shares_with,
        validity_days,
        inspected_within_months,
        specification,
        text_en,
        text_zh,
        confidence,
        recall_certainty,
        attribution,
        source,
        note,
    } = rule;
    let mut fields = vec![
        Field::plain("clause", clause),
        Field::code("role", *role),
        Field::plain("applies_when", applies_when),
        Field::plain("scope", scope),
        Field::plain("selector", selector),
        Field::plain("quantity", quantity),
        Field::plain("unit", unit),
        Field::code("strength", *strength),
        Field::plain("validity_days", validity_days),
        Field::plain("inspected_within_months", inspected_within_months),
        Field::plain("specification", specification),
        Field::plain("text_en", text_en),
        Field::plain("text_zh", text_zh),
        Field::code("confidence", *confidence),
        Field::plain("source", source),
        Field::plain("note", note),
    ];
    fields.extend(recall_certainty.map(|certainty| Field::code("recall_certainty", certainty)));
    fields.extend(attribution.map(|attribution| Field::code("attribution", attribution)));
    fields.extend(waived_when.as_ref().map(|condition| Field::plain("waived_when", condition)));
    fields.extend(agreement_percent.map(|percent| Field::plain("agreement_percent", percent)));
    fields.extend((!shares_with.is_empty()).then(|| Field::plain("shares_with", shares_with)));
    fields
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::*;
    use crate::revision::Learnt;
    use base::id::ContactId;

    fn row(from: u32, revision: i64, value: i64) -> Dated<i64> {
        let learnt = Learnt { revision: Revision(revision), at: DateTime::UNIX_EPOCH };
        Dated { valid_from: NaiveDate::from_ymd_opt(2026, from, 1).unwrap(), learnt, value }
    }

    fn told(versions: &[Dated<i64>], revision: i64) -> Vec<(Value, Value)> {
        let changes = statements_of(versions, Revision(revision), "value", |value| Some(*value));
        changes.into_iter().map(|change| (change.old, change.new)).collect()
    }

    #[test]
    fn a_value_is_told_against_the_one_that_held_on_its_day_before() {
        let versions = [row(1, 1, 40), row(11, 2, 40), row(7, 3, 60), row(3, 4, 1), row(9, 4, 2)];
        assert_eq!(told(&versions, 1), [(Value::Null, json!(40))]);
        assert_eq!(told(&versions, 2), [(json!(40), json!(40))], "a statement that repeats is told");
        assert_eq!(told(&versions, 3), [(json!(40), json!(60))], "what comes to hold later does not matter");
        assert_eq!(told(&versions, 4), [(json!(40), json!(1)), (json!(60), json!(2))]);
    }

    #[test]
    fn of_a_person_nothing_is_told_but_that_it_changed() {
        let id = ContactId::new();
        let li = Some(id);
        let depot = |keeper: Option<ContactId>| {
            of_depot(&DepotVersion {
                name_en: "North".to_owned(),
                name_zh: "北".to_owned(),
                position: None,
                keeper,
                second_keeper: None,
                holding: crate::depot::Holding::Physical,
                open: true,
            })
        };
        assert_eq!(differences(&depot(li), &depot(li), None), []);
        let changes = differences(&depot(None), &depot(li), None);
        assert_eq!(changes, [ValueChange::withheld("keeper")]);
        let all = differences(&[], &depot(li), None);
        assert!(all.iter().any(|change| change.field == "holding" && change.new == json!("physical")), "{all:?}");
        assert!(!format!("{all:?}").contains(&id.to_string()), "{all:?}");
    }
}
