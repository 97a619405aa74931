//! Column maps of regions, with their complete history.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::connection::AnyConnection;
use super::schema::{column_maps, revisions};
use super::sql_types::Instant;
use super::write::{Change, Origin};
use base::error::Error;
use base::id::{ChangeSetId, RegionId};
use domain::actor::{Subject, SubjectKind};
use domain::audit::ValueChange;
use domain::column_map::{ColumnMap, ColumnMapText, MappedColumn};
use domain::region::Region;
use domain::revision::{Learnt, Revision};

type Row = (RegionId, String, bool, String, (Revision, Instant));

/// The last state of a region's map as of a revision; `None` if there never was one of that name.
pub fn find(
    connection: &mut AnyConnection,
    region: RegionId,
    name: &str,
    revision: Revision,
) -> Result<Option<ColumnMap>, Error> {
    let row: Option<Row> = column_maps::table
        .inner_join(revisions::table.on(revisions::change_set.eq(column_maps::change_set)))
        .filter(column_maps::region_id.eq(region))
        .filter(column_maps::name.eq(name.to_owned()))
        .filter(revisions::revision.le(revision))
        .order(revisions::revision.desc())
        .select((
            column_maps::region_id,
            column_maps::name,
            column_maps::withdrawn,
            column_maps::document,
            (revisions::revision, revisions::at),
        ))
        .first(connection)
        .optional()?;
    row.map(read).transpose()
}

/// The maps of some regions that are in use as of a revision, by region and name.
pub fn list(connection: &mut AnyConnection, regions: &[RegionId], revision: Revision) -> Result<Vec<ColumnMap>, Error> {
    // Without the documents: of these only the last ones are read.
    let states: Vec<(RegionId, String, bool, ChangeSetId)> = column_maps::table
        .inner_join(revisions::table.on(revisions::change_set.eq(column_maps::change_set)))
        .filter(column_maps::region_id.eq_any(regions.to_vec()))
        .filter(revisions::revision.le(revision))
        .order(revisions::revision)
        .select((column_maps::region_id, column_maps::name, column_maps::withdrawn, column_maps::change_set))
        .load(connection)?;
    let last: BTreeMap<(RegionId, String), (bool, ChangeSetId)> = states
        .into_iter()
        .map(|(region, name, withdrawn, change_set)| ((region, name), (withdrawn, change_set)))
        .collect();
    let in_use: Vec<ChangeSetId> =
        last.values().filter(|(withdrawn, _)| !withdrawn).map(|(_, change_set)| *change_set).collect();
    let rows: Vec<(ChangeSetId, Row)> = column_maps::table
        .inner_join(revisions::table.on(revisions::change_set.eq(column_maps::change_set)))
        .filter(column_maps::change_set.eq_any(in_use))
        .select((
            column_maps::change_set,
            (
                column_maps::region_id,
                column_maps::name,
                column_maps::withdrawn,
                column_maps::document,
                (revisions::revision, revisions::at),
            ),
        ))
        .load(connection)?;
    // A change set may write several maps, of which some are older than the last.
    let is_last = |(change_set, (region, name, ..)): &(ChangeSetId, Row)| {
        last.get(&(*region, name.clone())) == Some(&(false, *change_set))
    };
    let mut found: Vec<ColumnMap> =
        rows.into_iter().filter(is_last).map(|(_, row)| read(row)).collect::<Result<_, Error>>()?;
    found.sort_by(|one, other| (one.region_id, &one.name).cmp(&(other.region_id, &other.name)));
    Ok(found)
}

fn read((region_id, name, withdrawn, document, (revision, Instant(at))): Row) -> Result<ColumnMap, Error> {
    let text = serde_json::from_str(&document)
        .map_err(|error| Error::internal("a stored column map cannot be read", error))?;
    Ok(ColumnMap { region_id, name, text, withdrawn, learnt: Learnt { revision, at } })
}

/// Records a state of a region's map; `before` is the one that it replaces.
pub fn insert(
    change: &mut Change<'_>,
    region: &Region,
    name: &str,
    before: Option<&ColumnMap>,
    text: &ColumnMapText,
    withdrawn: bool,
) -> Result<(), Error> {
    let document =
        serde_json::to_string(text).map_err(|error| Error::internal("a column map cannot be written", error))?;
    let before = before.filter(|before| !before.withdrawn);
    let (was, is) = (before.map(|before| &before.text), (!withdrawn).then_some(text));
    let titles = |text: &ColumnMapText| [text.title_en.clone(), text.title_zh.clone()];
    let tables = |text: &ColumnMapText| text.tables.iter().map(|table| table.name()).collect::<Vec<_>>();
    let columns = |text: &ColumnMapText| text.columns.iter().map(MappedColumn::told).collect::<Vec<_>>();
    let values = [
        ValueChange::of("titles", was.map(titles), is.map(titles)),
        ValueChange::of("tables", was.map(tables), is.map(tables)),
        ValueChange::of("columns", was.map(columns), is.map(columns)),
    ];
    let subject = Subject::of_two(SubjectKind::ColumnMap, &region.code, name);
    let Origin { change_set, author } =
        change.record_values(subject, values.into_iter().filter(|value| value.old != value.new));
    diesel::insert_into(column_maps::table)
        .values((
            column_maps::region_id.eq(region.id),
            column_maps::name.eq(name),
            column_maps::change_set.eq(change_set),
            column_maps::author_id.eq(author),
            column_maps::withdrawn.eq(withdrawn),
            column_maps::document.eq(document),
        ))
        .execute(change.connection)?;
    Ok(())
}
