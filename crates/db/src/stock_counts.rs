//! The counts that stock is derived from: not all of them, but all that can affect it.

use std::collections::{BTreeMap, BTreeSet};

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
use super::schema::{count_lines, count_resolves, counts, revisions, voids, voids_of_depots};
use super::sql_types::{Day, DaySql, IdSql, Instant, InstantSql};
use base::error::Error;
use base::id::{AccountId, CountId, DepotId};
use base::quantity::Quantity;
use domain::count::{Count, CountKind, CountLine, CountScope, Held, LotCondition, Source};
use domain::item::CatalogueSeen;
use domain::lot::LotNumber;
use domain::revision::Revision;
use domain::stock::CONFLICT_WINDOW;

/// The condition that a line `s` of a count `c`, known by `r`, is neither resolved nor voided.
macro_rules! stands {
    () => {
        "r.revision <= (SELECT revision FROM asked) AND s.effective_at < (SELECT until FROM asked)
                AND NOT EXISTS (SELECT 1 FROM voids v WHERE v.count_id = s.count_id)
                AND NOT EXISTS (SELECT 1 FROM count_resolves n WHERE n.resolved_id = s.count_id)
                AND NOT EXISTS (
                    SELECT 1 FROM resolution_counts n WHERE n.count_id = s.count_id AND n.item_code = s.item_code)"
    };
}

/// The lot of a line as one text, as it is written, so that both databases can find it with `=`.
macro_rules! lot_of {
    ($line:literal) => {
        concat!(
            "(CASE WHEN ",
            $line,
            ".quantity = 0 THEN '0|' ELSE '1|' END || COALESCE(CAST(",
            $line,
            ".expires_on AS TEXT), '') || '|' || COALESCE(CAST(",
            $line,
            ".made_on AS TEXT), '') || '|' || COALESCE(",
            $line,
            ".lot, ''))"
        )
    };
}

/// The columns of a [`Header`].
macro_rules! header {
    () => {
        (
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
        )
    };
}
pub(super) use header;

/// The columns of a [`Line`].
macro_rules! columns {
    () => {
        "l.count_id, l.position, l.item_code, l.quantity, l.lot, l.expires_on, l.made_on, l.inspected_on, l.condition, l.held"
    };
}

/// The lines of a depot that can bear on its stock before an instant, as learnt by a revision.
///
/// `latest`: for each item and source, the latest line that is not resolved or voided. Older lines of that source cannot
/// be current in any case. If all lines are resolved or voided, none is left out.
///
/// `inspected`: for each item, the latest inspection that is not resolved or voided, because a later own count does not
/// supersede it.
///
/// `compared`: for each item the earliest instant of a count for which missing lots are reported: current counts lie
/// within 15 minutes before the latest (`domain::stock::current`), and `shown` is the instant of a single requested
/// count. From that instant on every line is loaded, and before it the last mention of each lot by each source
/// (`mentioned`), as far back as a count can be valid.
///
/// `named`: inspections, and counts that are heard whatever their time.
///
/// A count that resolves others is loaded, because it does so even if it is not current itself; so is every count that an
/// officer accepted. A resolution excludes a count for its item only.
///
/// Each part is worked out once (`MATERIALIZED`): put into the last statements, as databases like to, `latest` would be worked out
/// for each of their rows.
///
/// The text continues the parameters, a table `asked` of one row: depot, revision, until, since (the earliest instant of
/// a count that can be valid), ever (the earliest instant of any count), a quarter of an hour after that, and shown.
const LINES: &str = concat!(
    "),
    latest AS MATERIALIZED (
        SELECT d.item_code, d.source, (
            SELECT s.effective_at
            FROM count_lines s
            JOIN counts c ON c.id = s.count_id
            JOIN revisions r ON r.change_set = c.change_set
            WHERE s.depot_id = (SELECT depot FROM asked) AND s.item_code = d.item_code AND s.source = d.source AND ",
    stands!(),
    "
            ORDER BY s.effective_at DESC
            LIMIT 1
        ) AS last
        FROM (SELECT DISTINCT item_code, source FROM count_lines WHERE depot_id = (SELECT depot FROM asked)) AS d
    ),
    inspected AS MATERIALIZED (
        SELECT s.item_code, MAX(s.effective_at) AS last
        FROM counts c
        JOIN revisions r ON r.change_set = c.change_set
        JOIN count_lines s ON s.count_id = c.id
        WHERE c.depot_id = (SELECT depot FROM asked) AND c.kind = 'inspection' AND ",
    stands!(),
    "
        GROUP BY s.item_code
    ),
    compared AS MATERIALIZED (
        SELECT item_code, CASE WHEN start < (SELECT shown FROM asked) THEN start ELSE (SELECT shown FROM asked) END AS start
        FROM (
            SELECT item_code, COALESCE(MAX(last) - (SELECT quarter - ever FROM asked), (SELECT since FROM asked)) AS start
            FROM latest
            GROUP BY item_code
        ) AS concurrent
    ),
    mentioned AS MATERIALIZED (
        SELECT s.item_code, s.source, ",
    lot_of!("s"),
    " AS lot, MAX(s.effective_at) AS last
        FROM latest h
        JOIN compared o ON o.item_code = h.item_code
        JOIN count_lines s ON s.depot_id = (SELECT depot FROM asked) AND s.item_code = h.item_code AND s.source = h.source
            AND s.effective_at >= (SELECT since FROM asked) AND s.effective_at < o.start
        JOIN counts c ON c.id = s.count_id
        JOIN revisions r ON r.change_set = c.change_set
        WHERE ",
    stands!(),
    "
        GROUP BY 1, 2, 3
    ),
    named AS MATERIALIZED (
        SELECT id, MAX(is_heard) AS is_heard
        FROM (
            SELECT c.id, 0 AS is_heard FROM counts c WHERE c.depot_id = (SELECT depot FROM asked) AND c.kind = 'inspection'
            UNION ALL
            SELECT c.id, 1 FROM counts c JOIN count_resolves n ON n.count_id = c.id WHERE c.depot_id = (SELECT depot FROM asked)
            UNION ALL
            SELECT a.count_id, 1 FROM acceptances a WHERE a.depot_id = (SELECT depot FROM asked)
        ) AS all_named
        GROUP BY id
    )
    SELECT ",
    columns!(),
    "
    FROM latest h
    JOIN count_lines l ON l.depot_id = (SELECT depot FROM asked) AND l.item_code = h.item_code AND l.source = h.source
        AND l.effective_at >= COALESCE(h.last, (SELECT ever FROM asked)) AND l.effective_at < (SELECT until FROM asked)
    JOIN counts c ON c.id = l.count_id
    JOIN revisions r ON r.change_set = c.change_set
    WHERE r.revision <= (SELECT revision FROM asked)
    UNION
    SELECT ",
    columns!(),
    "
    FROM named n
    JOIN counts c ON c.id = n.id
    JOIN revisions r ON r.change_set = c.change_set
    JOIN count_lines l ON l.count_id = c.id
    LEFT JOIN inspected i ON i.item_code = l.item_code
    WHERE r.revision <= (SELECT revision FROM asked) AND c.effective_at < (SELECT until FROM asked)
        AND (n.is_heard = 1 OR i.last IS NULL OR c.effective_at >= i.last - (SELECT quarter - ever FROM asked))
    UNION
    SELECT ",
    columns!(),
    "
    FROM latest h
    JOIN compared o ON o.item_code = h.item_code
    JOIN count_lines l ON l.depot_id = (SELECT depot FROM asked) AND l.item_code = h.item_code AND l.source = h.source
        AND l.effective_at >= (SELECT since FROM asked) AND l.effective_at < (SELECT until FROM asked)
    JOIN counts c ON c.id = l.count_id
    JOIN revisions r ON r.change_set = c.change_set
    LEFT JOIN mentioned m ON m.item_code = l.item_code AND m.source = l.source AND m.lot = ",
    lot_of!("l"),
    "
    WHERE r.revision <= (SELECT revision FROM asked)
        AND (l.effective_at >= o.start OR m.last IS NULL OR l.effective_at >= m.last)"
);

/// [`LINES`] with its parameters. It is a statement type of its own, so that each connection prepares it only once.
#[derive(QueryId)]
struct Lines {
    depot: DepotId,
    revision: Revision,
    before: Instant,
    since: Instant,
    quarter: Instant,
    shown: Instant,
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
        out.push_sql(" AS ever, ");
        out.push_bind_param::<InstantSql, _>(&self.quarter)?;
        out.push_sql(" AS quarter, ");
        out.push_bind_param::<InstantSql, _>(&self.shown)?;
        out.push_sql(" AS shown");
        out.push_sql(LINES);
        Ok(())
    }
}

impl Query for Lines {
    type SqlType =
        (IdSql, BigInt, Text, BigInt, Nullable<Text>, Nullable<DaySql>, Nullable<DaySql>, Nullable<DaySql>, Text, Text);
}

/// The most counts whose lines one statement reads.
pub(super) const COUNTS_AT_ONCE: usize = 500;

/// The earliest time of a count.
const EVER: Instant = Instant(DateTime::UNIX_EPOCH);

/// The earliest time of a count plus the longest time between counts that are current together: their difference is that
/// duration in the form of either database.
fn quarter() -> Instant {
    Instant(EVER.0 + CONFLICT_WINDOW)
}

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
/// lines overridden by later ones are left out; lines of lots that later counts do not mention are loaded only from the
/// instant `since` on. With the instant `shown`, the lots that a count made then or later does not mention can be found too.
pub fn list(
    connection: &mut AnyConnection,
    depot: DepotId,
    revision: Revision,
    before: DateTime<Utc>,
    since: DateTime<Utc>,
    shown: Option<DateTime<Utc>>,
) -> Result<Vec<Count>, Error> {
    let asked = Lines {
        depot,
        revision,
        before: Instant(before),
        since: Instant(since),
        quarter: quarter(),
        shown: Instant(shown.unwrap_or(before)),
    };
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
            resolves: resolves.remove(&header.id).unwrap_or_default(),
            flags: flags.remove(&header.id).unwrap_or_default(),
            lines: lines.remove(&header.id).unwrap_or_default(),
            ..header.count(depot)
        })
        .collect())
}

/// The latest voided counts of a depot before an instant, as of a revision, with their lines. They bear on no figure.
pub fn voided(
    connection: &mut AnyConnection,
    depot: DepotId,
    revision: Revision,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Count>, Error> {
    let void_revisions = diesel::alias!(revisions as void_revisions);
    let headers: Vec<Header> = voids_of_depots::table
        .inner_join(counts::table.on(counts::id.eq(voids_of_depots::count_id)))
        .inner_join(revisions::table.on(revisions::change_set.eq(counts::change_set)))
        .inner_join(voids::table.on(voids::count_id.eq(voids_of_depots::count_id)))
        .inner_join(void_revisions.on(void_revisions.field(revisions::change_set).eq(voids::change_set)))
        .filter(voids_of_depots::depot_id.eq(depot))
        .filter(voids_of_depots::effective_at.lt(Instant(before)))
        .filter(revisions::revision.le(revision))
        .filter(void_revisions.field(revisions::revision).le(revision))
        .order((voids_of_depots::effective_at.desc(), voids_of_depots::count_id))
        .limit(limit)
        .select(header!())
        .load(connection)?;
    let mut lines = lines_of(connection, &headers.iter().map(|header| header.id).collect::<Vec<_>>())?;
    let count = |header: Header| {
        let lines = lines.remove(&header.id).unwrap_or_default();
        Count { voided: true, lines, ..header.count(depot) }
    };
    Ok(headers.into_iter().map(count).collect())
}

/// The lines of some counts as figures read them, in order, by count.
pub(super) fn lines_of(
    connection: &mut AnyConnection,
    counts: &[CountId],
) -> QueryResult<BTreeMap<CountId, Vec<CountLine>>> {
    let mut lines = BTreeMap::new();
    for some in counts.chunks(COUNTS_AT_ONCE) {
        let rows: Vec<Line> = count_lines::table
            .filter(count_lines::count_id.eq_any(some.to_vec()))
            .order((count_lines::count_id, count_lines::position))
            .select((
                count_lines::count_id,
                count_lines::position,
                count_lines::item_code,
                count_lines::quantity,
                count_lines::lot,
                count_lines::expires_on,
                count_lines::made_on,
                count_lines::inspected_on,
                count_lines::condition,
                count_lines::held,
            ))
            .load(connection)?;
        lines.extend(by_owner(rows.into_iter().map(|line| (line.count, line.into()))));
    }
    Ok(lines)
}

/// The header of a count that can bear on stock.
#[derive(Queryable)]
pub(super) struct Header {
    pub(super) id: CountId,
    pub(super) kind: CountKind,
    pub(super) scope: CountScope,
    pub(super) effective_at: Instant,
    pub(super) received_at: Instant,
    pub(super) device: Option<String>,
    pub(super) account: AccountId,
    pub(super) seq: Option<i64>,
    pub(super) catalogue_revision: Option<Revision>,
    pub(super) counted_by: String,
    pub(super) counted_at: Instant,
    pub(super) clock_offset_us: Option<i64>,
    pub(super) flags: String,
}

impl Header {
    /// The count, without what it resolves, its flags and its lines.
    pub(super) fn count(self, depot: DepotId) -> Count {
        Count {
            id: self.id,
            depot_id: depot,
            kind: self.kind,
            scope: self.scope,
            source: self.device.map_or(Source::Account(self.account), Source::Device),
            effective_at: self.effective_at.0,
            received_at: self.received_at.0,
            seq: self.seq,
            // By the corrected time, so that a device whose clock is years off is still matched with the catalogue of its
            // day.
            catalogue: self.catalogue_revision.map_or(CatalogueSeen::When(self.effective_at.0), CatalogueSeen::At),
            counted_by: self.counted_by,
            resolves: Vec::new(),
            voided: false,
            flags: Vec::new(),
            lines: Vec::new(),
        }
    }

    pub(super) fn arrival(&self) -> Arrival {
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
        .select(header!())
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
