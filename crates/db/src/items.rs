//! The catalogue: items, their classes, and their history.

use std::collections::{BTreeMap, BTreeSet};

use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use super::connection::AnyConnection;
use super::history::{LearntColumns, Stamp, as_learnt_by, by_owner, dated, mended, stamp};
use super::schema::{count_lines, depots, item_classes, item_units, item_versions, items, revisions, rule_versions};
use super::sql_types::Day;
use super::write::{Change, Origin};
use base::error::Error;
use domain::actor::{Subject, SubjectKind};
use domain::item::{Item, ItemClass, ItemCode, ItemKind, ItemVersion, Pack, Unit};
use domain::revision::{Dated, Revision};

type VersionColumns =
    (String, String, String, ItemKind, bool, Option<i64>, Option<String>, Option<i64>, String, String, bool);

/// Every item as of a revision, by code.
pub fn list(connection: &mut AnyConnection, revision: Revision) -> Result<BTreeMap<ItemCode, Item>, Error> {
    select(connection, None, revision)
}

/// The items with some codes as of a revision, by code.
pub fn list_some(
    connection: &mut AnyConnection,
    codes: &BTreeSet<ItemCode>,
    revision: Revision,
) -> Result<BTreeMap<ItemCode, Item>, Error> {
    select(connection, Some(codes), revision)
}

fn select(
    connection: &mut AnyConnection,
    codes: Option<&BTreeSet<ItemCode>>,
    revision: Revision,
) -> Result<BTreeMap<ItemCode, Item>, Error> {
    let mut query = as_learnt_by!(item_versions, revision)
        .select((
            item_versions::item_code,
            stamp!(item_versions),
            (
                item_versions::name_en,
                item_versions::name_zh,
                item_versions::class,
                item_versions::kind,
                item_versions::perishable,
                item_versions::shelf_life_months,
                item_versions::specification,
                item_versions::service_life_months,
                item_versions::packs,
                item_versions::barcodes,
                item_versions::retired,
            ),
        ))
        .into_boxed();
    if let Some(codes) = codes {
        query = query.filter(item_versions::item_code.eq_any(codes));
    }
    let versions: Vec<(String, Stamp, VersionColumns)> = query.load(connection)?;
    let versions = versions
        .into_iter()
        .map(|(code, stamp, columns)| Ok((code, dated(stamp, version(columns)?))))
        .collect::<Result<Vec<_>, Error>>()?;
    let mut versions = by_owner(versions);
    let mut query = as_learnt_by!(item_units, revision)
        .order(revisions::revision)
        .select((item_units::item_code, (revisions::revision, revisions::at), (item_units::unit, item_units::measured)))
        .into_boxed();
    if let Some(codes) = codes {
        query = query.filter(item_units::item_code.eq_any(codes));
    }
    let units: Vec<(String, LearntColumns, (String, bool))> = query.load(connection)?;
    let units = units.into_iter().map(|(code, learnt, (name, measured))| (code, (learnt, Unit { name, measured })));
    let mut units = by_owner(units);
    let mut query = items::table.select((items::code, items::unit, items::measured)).into_boxed();
    if let Some(codes) = codes {
        query = query.filter(items::code.eq_any(codes));
    }
    let rows: Vec<(String, String, bool)> = query.load(connection)?;
    Ok(rows
        .into_iter()
        .filter_map(|(code, unit, measured)| {
            let versions = versions.remove(&code)?;
            let (unit, mends) = mended(Unit { name: unit, measured }, units.remove(&code).unwrap_or_default());
            Some((code.clone(), Item { code, unit, mends, versions }))
        })
        .collect())
}

/// Every item class as of a revision, by code.
pub fn list_classes(
    connection: &mut AnyConnection,
    revision: Revision,
) -> Result<BTreeMap<String, Vec<Dated<ItemClass>>>, Error> {
    let rows: Vec<(String, Stamp, (String, String))> = as_learnt_by!(item_classes, revision)
        .select((item_classes::code, stamp!(item_classes), (item_classes::name_en, item_classes::name_zh)))
        .load(connection)?;
    Ok(by_owner(
        rows.into_iter().map(|(code, stamp, (name_en, name_zh))| (code, dated(stamp, ItemClass { name_en, name_zh }))),
    ))
}

fn version(
    (
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
    ): VersionColumns,
) -> Result<ItemVersion, Error> {
    let packs: Vec<Pack> =
        serde_json::from_str(&packs).map_err(|error| Error::internal("stored packs cannot be read", error))?;
    let barcodes: Vec<String> =
        serde_json::from_str(&barcodes).map_err(|error| Error::internal("stored barcodes cannot be read", error))?;
    let months = |months: Option<i64>| months.and_then(|months| u32::try_from(months).ok());
    Ok(ItemVersion {
        name_en,
        name_zh,
        class,
        kind,
        perishable,
        shelf_life_months: months(shelf_life_months),
        specification,
        service_life_months: months(service_life_months),
        packs,
        barcodes,
        retired,
    })
}

/// Adds an item with its first version.
pub fn insert(
    change: &mut Change<'_>,
    code: &str,
    unit: &Unit,
    valid_from: Day,
    version: &ItemVersion,
) -> Result<(), Error> {
    let Origin { change_set, .. } = change.record(Subject::new(SubjectKind::Item, code));
    diesel::insert_into(items::table)
        .values((
            items::code.eq(code),
            items::unit.eq(&unit.name),
            items::measured.eq(unit.measured),
            items::change_set.eq(change_set),
        ))
        .execute(change.connection)?;
    insert_version(change, code, valid_from, version)
}

/// Mends the unit of an item.
pub fn mend_unit(change: &mut Change<'_>, code: &str, unit: &Unit) -> Result<(), Error> {
    let Origin { change_set, .. } = change.record(Subject::new(SubjectKind::Item, code));
    diesel::insert_into(item_units::table)
        .values((
            item_units::item_code.eq(code),
            item_units::change_set.eq(change_set),
            item_units::unit.eq(&unit.name),
            item_units::measured.eq(unit.measured),
        ))
        .execute(change.connection)?;
    Ok(())
}

/// Those of some items that a count or a rule names.
pub fn named(connection: &mut AnyConnection, codes: &BTreeSet<ItemCode>) -> Result<BTreeSet<ItemCode>, Error> {
    let mut named = BTreeSet::new();
    for code in codes {
        // By depot, as lines are found by depot and item.
        let line = count_lines::table
            .filter(count_lines::depot_id.eq(depots::id))
            .filter(count_lines::item_code.eq(code))
            .select(count_lines::count_id);
        let is_counted: bool =
            diesel::select(exists(depots::table.filter(exists(line)).select(depots::id))).get_result(connection)?;
        if is_counted || is_in_rule(connection, code)? {
            named.insert(code.clone());
        }
    }
    Ok(named)
}

/// True where a rule names an item, or did. Each database has its own words for the member of a document, which are those of an
/// index.
fn is_in_rule(connection: &mut AnyConnection, code: &str) -> QueryResult<bool> {
    let member = match connection {
        AnyConnection::Postgres(_) => "(document::json -> 'selector' ->> 'item')",
        AnyConnection::Sqlite(_) => "CASE WHEN json_valid(document) THEN json_extract(document, '$.selector.item') END",
    };
    let named = sql::<Nullable<Text>>(member).eq(code.to_owned());
    let found: Option<String> =
        rule_versions::table.filter(named).select(rule_versions::rule_code).first(connection).optional()?;
    Ok(found.is_some())
}

/// Adds the catalogue entry of an item from a day; `retired: true` takes it out of the catalogue.
pub fn insert_version(
    change: &mut Change<'_>,
    code: &str,
    valid_from: Day,
    version: &ItemVersion,
) -> Result<(), Error> {
    let Origin { change_set, author } = change.record(Subject::new(SubjectKind::Item, code));
    let packs =
        serde_json::to_string(&version.packs).map_err(|error| Error::internal("packs cannot be written", error))?;
    let barcodes = serde_json::to_string(&version.barcodes)
        .map_err(|error| Error::internal("barcodes cannot be written", error))?;
    diesel::insert_into(item_versions::table)
        .values((
            item_versions::item_code.eq(code),
            item_versions::valid_from.eq(valid_from),
            item_versions::change_set.eq(change_set),
            item_versions::author_id.eq(author),
            item_versions::name_en.eq(&version.name_en),
            item_versions::name_zh.eq(&version.name_zh),
            item_versions::class.eq(&version.class),
            item_versions::kind.eq(version.kind),
            item_versions::perishable.eq(version.perishable),
            item_versions::shelf_life_months.eq(version.shelf_life_months.map(i64::from)),
            item_versions::specification.eq(&version.specification),
            item_versions::service_life_months.eq(version.service_life_months.map(i64::from)),
            item_versions::packs.eq(packs),
            item_versions::barcodes.eq(barcodes),
            item_versions::retired.eq(version.retired),
        ))
        .execute(change.connection)?;
    Ok(())
}

/// Adds an item class, or its name from a day.
pub fn insert_class(change: &mut Change<'_>, code: &str, valid_from: Day, class: &ItemClass) -> Result<(), Error> {
    let Origin { change_set, author } = change.record(Subject::new(SubjectKind::ItemClass, code));
    diesel::insert_into(item_classes::table)
        .values((
            item_classes::code.eq(code),
            item_classes::valid_from.eq(valid_from),
            item_classes::change_set.eq(change_set),
            item_classes::author_id.eq(author),
            item_classes::name_en.eq(&class.name_en),
            item_classes::name_zh.eq(&class.name_zh),
        ))
        .execute(change.connection)?;
    Ok(())
}
