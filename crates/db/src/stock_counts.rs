//! The counts that stock is derived from: not all of them, but all that can affect it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::backend::Backend;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, HasSqlType, Nullable, Text};

use super::connection::{AnyConnection, Both};
use super::count_flags::{Arrival, flags_of};
use super::history::{as_learnt_by, by_owner};
use super::schema::{count_resolves, counts, revisions, voids};
use super::sql_types::{Day, DaySql, IdSql, Instant, InstantSql};
use base::error::Error;
use base::id::{AccountId, CountId, DepotId};
use base::quantity::Quantity;
use domain::count::{CatalogueSeen, Count, CountKind, CountLine, CountScope, Held, LotCondition, Source};
use domain::lot::LotNumber;
use domain::revision::Revision;

/// The lines of a depot that can bear on its stock before an instant, as learnt by a revision.
///
/// Of each source only the last count that speaks of an item is heard. So for each item and source take the last line that
/// nothing settles, takes out or takes back: whatever else is known, no earlier line of that source is heard. Where all are
/// settled, taken out or taken back, none is left out. A count that settles others is kept, as it does so even where it is
/// not heard itself. What a resolution takes out, it takes out for its item only: the count still speaks of others.
///
/// What a count leaves out is compared with the last count of each source that mentions a lot, so of each lot, as it is
/// written, the last line is loaded too, as far back as a count can be valid. Every inspection is loaded, as an own count
/// after it does not take its place, and so is every count that an officer accepted.
///
/// It goes on after the parameters, which stand in a table `asked` of one row: depot, revision, until, the earliest instant
/// of a count that can be valid, and the earliest that a count can have.
const LINES: &str = "),
    heard AS (
        SELECT d.item_code, d.source, (
            SELECT s.effective_at
            FROM count_lines s
            JOIN counts c ON c.id = s.count_id
            JOIN revisions r ON r.change_set = c.change_set
            WHERE s.depot_id = (SELECT depot FROM asked) AND s.item_code = d.item_code AND s.source = d.source
                AND r.revision <= (SELECT revision FROM asked) AND s.effective_at < (SELECT until FROM asked)
                AND NOT EXISTS (SELECT 1 FROM voids v WHERE v.count_id = s.count_id)
                AND NOT EXISTS (SELECT 1 FROM count_resolves n WHERE n.resolved_id = s.count_id)
                AND NOT EXISTS (
                    SELECT 1 FROM resolution_counts n WHERE n.count_id = s.count_id AND n.item_code = s.item_code)
            ORDER BY s.effective_at DESC
            LIMIT 1
        ) AS last
        FROM (SELECT DISTINCT item_code, source FROM count_lines WHERE depot_id = (SELECT depot FROM asked)) AS d
    ),
    mentioned AS (
        SELECT s.item_code, s.source, s.lot, s.expires_on, s.made_on, s.quantity = 0 AS is_none,
            MAX(s.effective_at) AS last
        FROM count_lines s
        JOIN counts c ON c.id = s.count_id
        JOIN revisions r ON r.change_set = c.change_set
        WHERE s.depot_id = (SELECT depot FROM asked) AND s.effective_at >= (SELECT since FROM asked)
            AND s.effective_at < (SELECT until FROM asked) AND r.revision <= (SELECT revision FROM asked)
            AND NOT EXISTS (SELECT 1 FROM voids v WHERE v.count_id = s.count_id)
            AND NOT EXISTS (SELECT 1 FROM count_resolves n WHERE n.resolved_id = s.count_id)
            AND NOT EXISTS (
                SELECT 1 FROM resolution_counts n WHERE n.count_id = s.count_id AND n.item_code = s.item_code)
        GROUP BY s.item_code, s.source, s.lot, s.expires_on, s.made_on, s.quantity = 0
    )
    SELECT l.count_id, l.position, l.item_code, l.quantity, l.lot, l.expires_on, l.made_on,
        l.inspected_on, l.condition, l.held
    FROM heard h
    JOIN count_lines l ON l.depot_id = (SELECT depot FROM asked) AND l.item_code = h.item_code AND l.source = h.source
        AND l.effective_at >= COALESCE(h.last, (SELECT ever FROM asked)) AND l.effective_at < (SELECT until FROM asked)
    JOIN counts c ON c.id = l.count_id
    JOIN revisions r ON r.change_set = c.change_set
    WHERE r.revision <= (SELECT revision FROM asked)
    UNION
    SELECT l.count_id, l.position, l.item_code, l.quantity, l.lot, l.expires_on, l.made_on,
        l.inspected_on, l.condition, l.held
    FROM counts c
    JOIN revisions r ON r.change_set = c.change_set
    JOIN count_lines l ON l.count_id = c.id
    WHERE c.depot_id = (SELECT depot FROM asked) AND r.revision <= (SELECT revision FROM asked) AND c.effective_at < (SELECT until FROM asked)
        AND (c.kind = 'inspection'
            OR EXISTS (SELECT 1 FROM count_resolves n WHERE n.count_id = c.id)
            OR EXISTS (SELECT 1 FROM acceptances a WHERE a.depot_id = c.depot_id AND a.count_id = c.id))
    UNION
    SELECT l.count_id, l.position, l.item_code, l.quantity, l.lot, l.expires_on, l.made_on,
        l.inspected_on, l.condition, l.held
    FROM count_lines l
    JOIN counts c ON c.id = l.count_id
    JOIN revisions r ON r.change_set = c.change_set
    LEFT JOIN mentioned m ON m.item_code = l.item_code AND m.source = l.source AND m.is_none = (l.quantity = 0)
        AND m.lot IS NOT DISTINCT FROM l.lot AND m.expires_on IS NOT DISTINCT FROM l.expires_on
        AND m.made_on IS NOT DISTINCT FROM l.made_on
    WHERE l.depot_id = (SELECT depot FROM asked) AND l.effective_at >= (SELECT since FROM asked)
        AND l.effective_at < (SELECT until FROM asked) AND r.revision <= (SELECT revision FROM asked)
        AND (m.last IS NULL OR l.effective_at >= m.last)";

/// [`LINES`] with its parameters. A statement of its own, so that a connection prepares it once.
#[derive(QueryId)]
struct Lines {
    depot: DepotId,
    revision: Revision,
    before: Instant,
    since: Instant,
}

impl<DB: Backend> QueryFragment<DB> for Lines
where
    DB: HasSqlType<IdSql> + HasSqlType<InstantSql> + HasSqlType<BigInt>,
    DepotId: ToSql<IdSql, DB>,
    Revision: ToSql<BigInt, DB>,
    Instant: ToSql<InstantSql, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("WITH asked AS (SELECT ");
        out.push_bind_param::<IdSql, _>(&self.depot)?;
        out.push_sql(" AS depot, ");
        out.push_bind_param::<BigInt, _>(&self.revision)?;
        out.push_sql(" AS revision, ");
        out.push_bind_param::<InstantSql, _>(&self.before)?;
        out.push_sql(" AS until, ");
        out.push_bind_param::<InstantSql, _>(&self.since)?;
        out.push_sql(" AS since, ");
        out.push_bind_param::<InstantSql, _>(&EVER)?;
        out.push_sql(" AS ever");
        out.push_sql(LINES);
        Ok(())
    }
}

impl Query for Lines {
    type SqlType =
        (IdSql, BigInt, Text, BigInt, Nullable<Text>, Nullable<DaySql>, Nullable<DaySql>, Nullable<DaySql>, Text, Text);
}

/// The earliest time of a count.
const EVER: Instant = Instant(DateTime::UNIX_EPOCH);

/// A line that can bear on stock.
#[derive(Queryable)]
struct Line {
    count: CountId,
    _position: i64,
    item: String,
    quantity: Quantity,
    lot: Option<String>,
    expires_on: Option<Day>,
    made_on: Option<Day>,
    inspected_on: Option<Day>,
    condition: LotCondition,
    held: Held,
}

/// The counts of a depot that can affect its stock before an instant, as of a revision, in no order. Voided counts and
/// lines overridden by later ones are left out; of lots that later counts do not mention, only lines since an instant are
/// there.
pub fn list(
    connection: &mut AnyConnection,
    depot: DepotId,
    revision: Revision,
    before: DateTime<Utc>,
    since: DateTime<Utc>,
) -> Result<Vec<Count>, Error> {
    let asked = Lines { depot, revision, before: Instant(before), since: Instant(since) };
    let lines: Vec<Line> = Both(asked).load(connection)?;
    let heard: BTreeSet<CountId> = lines.iter().map(|line| line.count).collect();
    let headers = list_headers(connection, depot, revision, &heard)?;
    let ids: Vec<CountId> = headers.iter().map(|header| header.id).collect();
    let resolves: Vec<(CountId, CountId)> = count_resolves::table
        .filter(count_resolves::count_id.eq_any(ids))
        .select((count_resolves::count_id, count_resolves::resolved_id))
        .load(connection)?;
    let mut resolves = by_owner(resolves);
    let mut flags = flags_of(connection, headers.iter().map(Header::arrival))?;
    let mut lines = by_owner(lines.into_iter().map(|line| (line.count, line.into())));
    Ok(headers
        .into_iter()
        .map(|header| Count {
            id: header.id,
            depot_id: depot,
            kind: header.kind,
            scope: header.scope,
            source: header.device.map_or(Source::Account(header.account), Source::Device),
            effective_at: header.effective_at.0,
            received_at: header.received_at.0,
            seq: header.seq,
            // By the corrected time: a device whose clock is years off still has the catalogue of its day.
            catalogue: header.catalogue_revision.map_or(CatalogueSeen::When(header.effective_at.0), CatalogueSeen::At),
            counted_by: header.counted_by,
            resolves: resolves.remove(&header.id).unwrap_or_default(),
            voided: false,
            flags: flags.remove(&header.id).unwrap_or_default(),
            lines: lines.remove(&header.id).unwrap_or_default(),
        })
        .collect())
}

/// The header of a count that can bear on stock.
#[derive(Queryable)]
struct Header {
    id: CountId,
    kind: CountKind,
    scope: CountScope,
    effective_at: Instant,
    received_at: Instant,
    device: Option<String>,
    account: AccountId,
    seq: Option<i64>,
    catalogue_revision: Option<Revision>,
    counted_by: String,
    counted_at: Instant,
    clock_offset_us: Option<i64>,
    flags: String,
}

impl Header {
    fn arrival(&self) -> Arrival {
        Arrival {
            id: self.id,
            counted_at: self.counted_at,
            received_at: self.received_at,
            clock_offset_us: self.clock_offset_us,
            flags: self.flags.clone(),
        }
    }
}

/// The counts of these lines, and every full count, because it covers items that it does not list.
fn list_headers(
    connection: &mut AnyConnection,
    depot: DepotId,
    revision: Revision,
    heard: &BTreeSet<CountId>,
) -> QueryResult<Vec<Header>> {
    let void_revisions = diesel::alias!(revisions as void_revisions);
    let taken_back = voids::table
        .inner_join(void_revisions.on(void_revisions.field(revisions::change_set).eq(voids::change_set)))
        .filter(voids::count_id.eq(counts::id))
        .filter(void_revisions.field(revisions::revision).le(revision));
    as_learnt_by!(counts, revision)
        .filter(counts::depot_id.eq(depot))
        .filter(counts::scope.eq(CountScope::Full).or(counts::id.eq_any(heard.iter().copied().collect::<Vec<_>>())))
        .filter(not(exists(taken_back)))
        .select((
            counts::id,
            counts::kind,
            counts::scope,
            counts::effective_at,
            counts::received_at,
            counts::device,
            counts::account_id,
            counts::seq,
            counts::catalogue_revision,
            counts::counted_by,
            counts::counted_at,
            counts::clock_offset_us,
            counts::flags,
        ))
        .load(connection)
}

impl From<Line> for CountLine {
    fn from(line: Line) -> Self {
        let day = |day: Option<Day>| day.map(|Day(day)| day);
        Self {
            item: line.item,
            quantity: line.quantity,
            lot: line.lot.as_deref().and_then(LotNumber::read),
            expires_on: day(line.expires_on),
            made_on: day(line.made_on),
            inspected_on: day(line.inspected_on),
            condition: line.condition,
            held: line.held,
        }
    }
}
