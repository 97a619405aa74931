//! Revisions: numbers follow commits, every state a reader can see is one of them, and what was seen stays so.

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use base::error::Error;
use base::id::ChangeSetId;
use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use db::connection::AnyConnection;
use db::locks::Locks;
use db::read::Snapshot;
use db::revisions;
use db::schema::{region_versions, regions, revisions as numbers};
use db::sql_types::{Day, Instant};
use diesel::connection::SimpleConnection;
use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use domain::actor::{Subject, SubjectKind};
use domain::revision::Revision;
use futures_util::future::join_all;

use crate::cases::cases;
use crate::database::{OnPostgres, TestDatabase};
use crate::rows::{add_region, insert_region, regions_by_revision, tester};

cases![
    numbers_follow_commits_not_starts,
    a_number_waits_for_the_commit_of_the_one_before,
    a_number_that_was_rolled_back_is_given_again,
    readers_see_whole_revisions_only,
    a_read_of_several_statements_sees_one_state,
    a_change_set_without_a_number_cannot_be_committed,
    commit_times_strictly_grow,
    commit_times_grow_though_the_clock_goes_back,
    an_instant_leads_to_the_revision_that_was_then_the_newest,
];

/// Transactions that start in one order and commit in the other, with a reader after each commit.
async fn numbers_follow_commits_not_starts(OnPostgres(database): OnPostgres) {
    let db = database.open();
    let mut open: Vec<_> = (1..=5)
        .map(|start| {
            let (mut connection, change_set) = (database.connect(), ChangeSetId::new());
            connection.batch_execute("BEGIN").unwrap();
            insert_region(&mut connection, change_set, &format!("started {start}")).unwrap();
            (connection, change_set)
        })
        .collect();
    let mut seen = vec![db.read(whole_state).await.unwrap()];
    while let Some((mut connection, change_set)) = open.pop() {
        revisions::number(&mut connection, &[(change_set, true)]).unwrap();
        connection.batch_execute("COMMIT").unwrap();
        seen.push(db.read(whole_state).await.unwrap());
    }

    let (_, in_the_end) = seen.last().unwrap().clone();
    let expected: Vec<_> = (1..=5).map(|number| (format!("started {}", 6 - number), Revision(number))).collect();
    assert_eq!(in_the_end, expected);
    for (newest, then) in seen {
        let now: Vec<_> = in_the_end.iter().filter(|(_, revision)| *revision <= newest).cloned().collect();
        assert_eq!(then, now, "what was seen at {newest:?} has changed");
    }
}

async fn a_number_waits_for_the_commit_of_the_one_before(OnPostgres(database): OnPostgres) {
    let (mut first, change_set) = numbered_but_open(&database, "first");
    let second = number_in_a_thread(&database, "second");
    wait_until_somebody_waits_for_a_lock(&database);
    assert!(second.try_recv().is_err(), "two transactions held numbers at once");
    first.batch_execute("COMMIT").unwrap();
    second.recv().unwrap();

    let mut connection = database.connect();
    let expected = [("first".to_owned(), Revision(1)), ("second".to_owned(), Revision(2))];
    assert_eq!(regions_by_revision(&mut connection).unwrap(), expected);
    let first: Revision = numbers::table
        .filter(numbers::change_set.eq(change_set))
        .select(numbers::revision)
        .first(&mut connection)
        .unwrap();
    assert_eq!(first, Revision(1));
}

async fn a_number_that_was_rolled_back_is_given_again(OnPostgres(database): OnPostgres) {
    let (mut first, _) = numbered_but_open(&database, "first");
    let second = number_in_a_thread(&database, "second");
    wait_until_somebody_waits_for_a_lock(&database);
    first.batch_execute("ROLLBACK").unwrap();
    second.recv().unwrap();
    assert_eq!(regions_by_revision(&mut database.connect()).unwrap(), [("second".to_owned(), Revision(1))]);
}

/// Each write adds a region and two versions of it; readers look on all the while.
async fn readers_see_whole_revisions_only(database: TestDatabase) {
    const WRITES: i64 = 120;
    let db = database.open();
    let writes = join_all((0..WRITES).map(|write| {
        db.write(tester(), Locks::none(), move |change| {
            let change_set = change.record(Subject::new(SubjectKind::Region, "some")).change_set;
            let region = insert_region(change.connection, change_set, &write.to_string())?;
            for day in ["2026-01-01", "2026-02-01"] {
                diesel::insert_into(region_versions::table)
                    .values((
                        region_versions::region_id.eq(region),
                        region_versions::valid_from.eq(Day(day.parse().unwrap())),
                        region_versions::change_set.eq(change_set),
                        region_versions::name_en.eq("Region"),
                        region_versions::name_zh.eq("区"),
                    ))
                    .execute(change.connection)?;
            }
            Ok(())
        })
    }));
    let reader = async {
        let mut newest = 0;
        while newest < WRITES {
            let now = db.read(check_that_revisions_are_whole).await.unwrap();
            assert!(now >= newest, "a later reader saw an earlier state");
            newest = now;
        }
    };
    let (outcomes, ()) = futures_util::future::join(writes, reader).await;
    let mut given: Vec<i64> = outcomes.into_iter().map(|written| written.unwrap().revision.0).collect();
    given.sort_unstable();
    assert_eq!(given, (1..=WRITES).collect::<Vec<_>>());
}

/// Answers the newest revision, after looking for parts of others.
fn check_that_revisions_are_whole(snapshot: &mut Snapshot<'_>) -> Result<i64, Error> {
    let newest = snapshot.newest.map_or(0, |newest| newest.revision.0);
    let connection = &mut *snapshot.connection;
    let numbers: Vec<Revision> = numbers::table.order(numbers::revision).select(numbers::revision).load(connection)?;
    assert_eq!(numbers, (1..=newest).map(Revision).collect::<Vec<_>>(), "the numbers have a gap");
    let regions: Vec<ChangeSetId> = regions::table.select(regions::change_set).load(connection)?;
    let versions: Vec<ChangeSetId> = region_versions::table.select(region_versions::change_set).load(connection)?;
    let mut rows = BTreeMap::new();
    regions.into_iter().chain(versions).for_each(|change_set| *rows.entry(change_set).or_insert(0) += 1);
    let numbered: Vec<ChangeSetId> = numbers::table.select(numbers::change_set).load(connection)?;
    assert_eq!(rows.len(), numbered.len(), "a row has no number, or a number no row");
    for change_set in numbered {
        assert_eq!(rows.get(&change_set), Some(&3), "a change set is seen in part");
    }
    Ok(newest)
}

async fn a_read_of_several_statements_sees_one_state(database: TestDatabase) {
    let db = database.open();
    db.write(tester(), Locks::none(), add_region("before")).await.unwrap();
    let (started, has_started) = mpsc::channel();
    let (written, was_written) = mpsc::channel();
    let read = db.read(move |snapshot| {
        started.send(()).unwrap();
        was_written.recv().unwrap();
        whole_state(snapshot)
    });
    let write = async {
        // The read is first polled by `join`, before this; it runs on a thread of its own.
        has_started.recv().unwrap();
        let outcome = db.write(tester(), Locks::none(), add_region("meanwhile")).await;
        written.send(()).unwrap();
        outcome.unwrap()
    };
    let (state, write) = futures_util::future::join(read, write).await;
    assert_eq!(state.unwrap(), (Revision(1), vec![("before".to_owned(), Revision(1))]));
    assert_eq!(write.revision, Revision(2));
}

async fn a_change_set_without_a_number_cannot_be_committed(database: TestDatabase) {
    let mut connection = database.connect();
    let outcome = connection.transaction(|connection| insert_region(connection, ChangeSetId::new(), "unnumbered"));
    assert!(outcome.is_err(), "a row without a revision was committed");
    assert_eq!(regions::table.select(count_star()).first(&mut database.connect()), Ok(0_i64));
}

async fn commit_times_strictly_grow(database: TestDatabase) {
    let db = database.open();
    let writes = join_all((0..100).map(|write| db.write(tester(), Locks::none(), add_region(write.to_string())))).await;
    assert!(writes.iter().all(Result::is_ok));
    let times: Vec<Instant> =
        numbers::table.order(numbers::revision).select(numbers::at).load(&mut database.connect()).unwrap();
    assert_eq!(times.len(), 100);
    assert!(times.is_sorted_by(|earlier, later| earlier < later), "{times:?}");
}

async fn commit_times_grow_though_the_clock_goes_back(database: TestDatabase) {
    let far = Utc.with_ymd_and_hms(2999, 12, 31, 23, 59, 59).unwrap();
    commit_at(&mut database.connect(), Revision(1), far);
    let db = database.open();
    db.write(tester(), Locks::none(), add_region("later")).await.unwrap();
    let newest = db.read(|snapshot| Ok(snapshot.newest)).await.unwrap().unwrap();
    assert_eq!((newest.revision, newest.at), (Revision(2), far + TimeDelta::microseconds(1)));
}

async fn an_instant_leads_to_the_revision_that_was_then_the_newest(database: TestDatabase) {
    let mut connection = database.connect();
    let noon = Utc.with_ymd_and_hms(2026, 11, 2, 12, 0, 0).unwrap();
    let at = |microseconds| noon + TimeDelta::microseconds(microseconds);
    for (revision, microseconds) in [(1, 0), (2, 1), (3, 1_000_000)] {
        commit_at(&mut connection, Revision(revision), at(microseconds));
    }
    for (microseconds, expected) in
        [(-1, None), (0, Some(1)), (1, Some(2)), (999_999, Some(2)), (i64::from(i32::MAX), Some(3))]
    {
        let known = revisions::known_at(&mut connection, at(microseconds)).unwrap();
        assert_eq!(known.map(|known| known.revision.0), expected, "{microseconds} µs after noon");
    }
}

/// The newest revision and every region with its own.
fn whole_state(snapshot: &mut Snapshot<'_>) -> Result<(Revision, Vec<(String, Revision)>), Error> {
    let newest = snapshot.newest.map_or(Revision(0), |newest| newest.revision);
    Ok((newest, regions_by_revision(snapshot.connection)?))
}

/// Puts a number in by hand, with a time of its own.
fn commit_at(connection: &mut AnyConnection, revision: Revision, at: DateTime<Utc>) {
    diesel::insert_into(numbers::table)
        .values((
            numbers::revision.eq(revision),
            numbers::change_set.eq(ChangeSetId::new()),
            numbers::at.eq(Instant(at)),
            numbers::is_reference_data.eq(true),
        ))
        .execute(connection)
        .unwrap();
}

/// A transaction that has its number and has not ended.
fn numbered_but_open(database: &TestDatabase, code: &str) -> (AnyConnection, ChangeSetId) {
    let (mut connection, change_set) = (database.connect(), ChangeSetId::new());
    connection.batch_execute("BEGIN").unwrap();
    insert_region(&mut connection, change_set, code).unwrap();
    revisions::number(&mut connection, &[(change_set, true)]).unwrap();
    (connection, change_set)
}

/// A transaction that takes its number and commits on a thread of its own; the receiver hears of the end.
fn number_in_a_thread(database: &TestDatabase, code: &'static str) -> mpsc::Receiver<()> {
    let (done, ended) = mpsc::channel();
    let (mut connection, change_set) = (database.connect(), ChangeSetId::new());
    thread::spawn(move || {
        connection.batch_execute("BEGIN").unwrap();
        insert_region(&mut connection, change_set, code).unwrap();
        revisions::number(&mut connection, &[(change_set, true)]).unwrap();
        connection.batch_execute("COMMIT").unwrap();
        done.send(()).unwrap();
    });
    ended
}

/// Returns once a session of the database waits for an advisory lock.
fn wait_until_somebody_waits_for_a_lock(database: &TestDatabase) {
    let waiting = "(SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted \
                   AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))";
    let mut connection = database.connect();
    while diesel::select(sql::<BigInt>(waiting)).get_result::<i64>(&mut connection).unwrap() == 0 {
        thread::sleep(Duration::from_millis(5));
    }
}
