//! The queue of writes: no write is lost, none fails because of another, each is numbered, and every caller is answered.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use base::error::{Error, StorageFailure};
use base::id::{ChangeSetId, OrganizationId};
use base::quantity::Quantity;
use db::Db;
use db::connection::AnyConnection;
use db::job::{Step, Watch};
use db::locks::{Key, Locks};
use db::pool::Connector;
use db::queue::{WriteQueue, Written};
use db::reachability::Reachability;
use db::revisions;
use db::schema::{accounts, fact_definitions, facts, organizations};
use db::sql_types::Day;
use db::write::Change;
use diesel::connection::SimpleConnection;
use diesel::dsl::max;
use diesel::prelude::*;
use domain::actor::{Subject, SubjectKind};
use domain::organization::OrganizationKind;
use domain::revision::Revision;
use futures_util::future::{join, join_all};
use futures_util::poll;

use crate::cases::cases;
use crate::database::{Backend, OnPostgres, TestDatabase};
use crate::rows::{add_region, insert_region, region_exists, regions_by_revision, tester};

cases![
    sixty_four_writers_at_once_lose_nothing,
    writers_that_read_first_see_the_last_commit_of_the_organization_they_locked,
    the_servers_default_isolation_does_not_matter,
    writes_that_share_a_lock_are_committed_one_after_the_other_and_others_together,
    slow_writes_are_not_all_committed_together,
    a_lock_that_was_not_declared_is_not_proved,
    a_failing_write_does_not_sink_its_neighbours,
    an_error_that_a_client_can_cause_is_its_writes_alone,
    a_panic_inside_a_nested_transaction_leaves_nothing_behind,
    an_answer_is_given_after_the_commit_only,
    two_batches_that_wait_for_each_other_are_all_answered,
    single_writes_that_wait_for_each_other_are_all_answered,
    two_batches_that_add_the_same_thing_are_all_answered,
    a_full_queue_says_that_the_service_is_busy,
    a_queue_that_is_closed_ends_what_it_took,
    readers_beyond_the_bound_are_told_so_at_once,
    a_write_that_changes_nothing_takes_no_revision,
    a_write_whose_caller_went_away_is_still_made,
    a_writer_whose_connection_was_cut_opens_another,
];

async fn sixty_four_writers_at_once_lose_nothing(database: TestDatabase) {
    let db = database.open();
    let outcomes =
        join_all((0..64).map(|writer| db.write(tester(), Locks::none(), add_region(writer.to_string())))).await;
    let given: BTreeSet<Revision> = outcomes.into_iter().map(|written| written.unwrap().revision).collect();
    assert_eq!(given, (1..=64).map(Revision).collect());
    let stored = regions_by_revision(&mut database.connect()).unwrap();
    assert_eq!(stored.iter().map(|(_, revision)| *revision).collect::<BTreeSet<_>>(), given);
    assert_eq!(stored.iter().map(|(code, _)| code).collect::<BTreeSet<_>>().len(), 64);
}

/// Each write reads the last number of a fact and records the next.
async fn writers_that_read_first_see_the_last_commit_of_the_organization_they_locked(database: TestDatabase) {
    let db = database.open();
    let organization = add_an_organization_and_a_fact(&db).await;
    let outcomes = join_all((0..64).map(|_| {
        db.write(tester(), Locks::organization(organization), move |change| {
            let last: Option<Quantity> = facts::table.select(max(facts::number)).first(change.connection)?;
            let next = last.unwrap_or(Quantity::ZERO).plus(Quantity::whole(1)).unwrap();
            diesel::insert_into(facts::table)
                .values((
                    facts::organization_id.eq(organization),
                    facts::fact_key.eq("people_on_shift"),
                    facts::valid_from.eq(Day("2026-11-01".parse().unwrap())),
                    facts::change_set.eq(change.record(Subject::new(SubjectKind::Region, "some")).change_set),
                    facts::number.eq(next),
                ))
                .execute(change.connection)?;
            Ok(())
        })
    }))
    .await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    let stored: Vec<Option<Quantity>> =
        facts::table.order(facts::number).select(facts::number).load(&mut database.connect()).unwrap();
    assert_eq!(stored, (1..=64).map(|number| Some(Quantity::whole(number))).collect::<Vec<_>>());
}

/// A server may be configured to begin transactions that cannot see the last commit after a wait.
async fn the_servers_default_isolation_does_not_matter(OnPostgres(database): OnPostgres) {
    let set = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = serializable', \
               current_database()); END $$";
    database.connect().batch_execute(set).unwrap();
    writers_that_read_first_see_the_last_commit_of_the_organization_they_locked(database).await;
}

async fn writes_that_share_a_lock_are_committed_one_after_the_other_and_others_together(database: TestDatabase) {
    let (queue, commits) = one_writer_counted(&database);
    let organizations: Vec<OrganizationId> = (0..4).map(|_| OrganizationId::new()).collect();
    let gate = Gate::close(&queue).await;
    let mut waiting = Vec::new();
    for round in 0..8 {
        for (number, organization) in organizations.iter().enumerate() {
            let mut add = add_region(format!("{number}-{round}"));
            let write = queue.write(tester(), Locks::organization(*organization), move |change| {
                let seen = revisions::newest(change.connection)?.map_or(Revision(0), |newest| newest.revision);
                add(change)?;
                Ok(seen)
            });
            waiting.push(queued(write).await);
        }
    }
    gate.open();
    let written: Vec<Written<Revision>> = join_all(waiting).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(commits.load(Ordering::Relaxed), 1 + 8, "the gate, and one commit for a write of each organization");
    for number in 0..organizations.len() {
        let of_one: Vec<_> = written.iter().skip(number).step_by(organizations.len()).collect();
        for (before, after) in of_one.iter().zip(&of_one[1..]) {
            assert!(after.value >= before.revision, "{before:?} was not there for {after:?}");
        }
    }
}

async fn slow_writes_are_not_all_committed_together(database: TestDatabase) {
    let (queue, commits) = one_writer_counted(&database);
    let gate = Gate::close(&queue).await;
    let mut waiting = Vec::new();
    for number in 0..4 {
        let mut add = add_region(format!("slow {number}"));
        let write = queue.write(tester(), Locks::none(), move |change| {
            thread::sleep(Duration::from_millis(600));
            add(change)
        });
        waiting.push(queued(write).await);
    }
    gate.open();
    let written = join_all(waiting).await;
    assert!(written.iter().all(Result::is_ok), "{written:?}");
    let commits = commits.load(Ordering::Relaxed);
    assert!((3..=5).contains(&commits), "the gate, and the writes in several commits: {commits}");
    assert_eq!(regions_by_revision(&mut database.connect()).unwrap().len(), 4);
}

async fn a_lock_that_was_not_declared_is_not_proved(database: TestDatabase) {
    let queue = one_writer(&database);
    let (one, other) = (OrganizationId::new(), OrganizationId::new());
    let looked = queue.write(tester(), Locks::organization(one).steady_accounts(), move |change| {
        assert!(change.for_organization(one).is_ok());
        assert!(matches!(change.for_organization(other), Err(Error::Busy(_))));
        assert!(
            matches!(change.for_reference(), Err(Error::Internal(..))),
            "they stand still, and are not to be changed"
        );
        assert!(change.for_steady_accounts().is_ok());
        assert!(matches!(change.for_accounts(), Err(Error::Internal(..))));
        assert!(matches!(change.for_key(Key::enrolment_code(b"x")), Err(Error::Internal(..))));
        Ok(())
    });
    looked.await.unwrap();
}

/// One batch in which every second write fails, each in a different way.
async fn a_failing_write_does_not_sink_its_neighbours(database: TestDatabase) {
    let queue = one_writer(&database);
    let gate = Gate::close(&queue).await;
    let refused = queued(queue.write(tester(), Locks::none(), |change| {
        add_region("refused")(change)?;
        Err::<(), _>(Error::NotFound("depot"))
    }));
    let panicked = queued(queue.write(tester(), Locks::none(), |change| {
        add_region("panicked")(change)?;
        if true {
            std::panic::resume_unwind(Box::new("on purpose"))
        }
        Ok(())
    }));
    let duplicate = queued(queue.write(tester(), Locks::none(), add_region("good 0")));
    let unnumbered = queued(queue.write(tester(), Locks::none(), |change| {
        Ok(insert_region(change.connection, ChangeSetId::new(), "unnumbered").map(drop)?)
    }));
    let swallowed = queued(queue.write(tester(), Locks::none(), |change| {
        add_region("beside a swallowed error")(change)?;
        let _ = change.connection.batch_execute("SELECT nothing FROM nowhere");
        Ok(())
    }));
    let good = |number: i32| queue.write(tester(), Locks::none(), add_region(format!("good {number}")));
    let (good_0, refused) = (queued(good(0)).await, refused.await);
    let (good_1, panicked) = (queued(good(1)).await, panicked.await);
    let (good_2, duplicate) = (queued(good(2)).await, duplicate.await);
    let (good_3, unnumbered) = (queued(good(3)).await, unnumbered.await);
    let (good_4, swallowed) = (queued(good(4)).await, swallowed.await);
    let good_5 = queued(good(5)).await;
    gate.open();

    let revisions: Vec<Revision> = join_all([good_0, good_1, good_2, good_3, good_4, good_5])
        .await
        .into_iter()
        .map(|written| written.unwrap().revision)
        .collect();
    assert!(revisions.is_sorted_by(|one, next| one < next), "{revisions:?}");
    assert!(matches!(refused.await, Err(Error::NotFound("depot"))));
    assert!(matches!(panicked.await, Err(Error::Internal(..))));
    // On SQLite the trigger that protects history reports it.
    assert!(matches!(duplicate.await, Err(Error::Storage(StorageFailure::Collision | StorageFailure::Other, _))));
    assert!(matches!(unnumbered.await, Err(Error::Storage(StorageFailure::Other, _))));
    // PostgreSQL refuses further statements after an error in a transaction; SQLite continues.
    let swallowed = swallowed.await;
    let stored = regions_by_revision(&mut database.connect()).unwrap();
    let codes: BTreeSet<&str> = stored.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes.contains("beside a swallowed error"), swallowed.is_ok());
    let good: BTreeSet<&str> = codes.iter().copied().filter(|code| *code != "beside a swallowed error").collect();
    assert_eq!(good, ["good 0", "good 1", "good 2", "good 3", "good 4", "good 5"].into());
}

/// Values that the database refuses with codes for which diesel has no kind: neither the write itself nor its neighbours
/// are run again.
async fn an_error_that_a_client_can_cause_is_its_writes_alone(database: TestDatabase) {
    let queue = one_writer(&database);
    let gate = Gate::close(&queue).await;
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = |code: &'static str| {
        let (runs, mut add) = (runs.clone(), add_region(code));
        move |change: &mut Change<'_>| {
            runs.fetch_add(1, Ordering::Relaxed);
            add(change)
        }
    };
    let fails = || {
        let (runs, statement) = (
            runs.clone(),
            match database.backend {
                Backend::Postgres => "SELECT timestamptz '294276-12-31' + interval '2 years'",
                Backend::Sqlite => "SELECT json('{')",
            },
        );
        queue.write(tester(), Locks::none(), move |change: &mut Change<'_>| {
            runs.fetch_add(1, Ordering::Relaxed);
            add_region("beside the failure")(change)?;
            Ok(change.connection.batch_execute(statement)?)
        })
    };
    let before = queued(queue.write(tester(), Locks::none(), counted("before"))).await;
    let in_a_batch = queued(fails()).await;
    let after = queued(queue.write(tester(), Locks::none(), counted("after"))).await;
    gate.open();
    assert_eq!(before.await.unwrap().revision, Revision(1));
    assert!(matches!(in_a_batch.await, Err(Error::Storage(StorageFailure::Other, _))));
    assert_eq!(after.await.unwrap().revision, Revision(2));
    assert!(fails().await.is_err());
    assert_eq!(runs.load(Ordering::Relaxed), 4, "each ran once");
    assert_eq!(regions_by_revision(&mut database.connect()).unwrap().len(), 2);
}

/// The panic comes two savepoints deep; its neighbours must still be committed, without anything of it.
async fn a_panic_inside_a_nested_transaction_leaves_nothing_behind(database: TestDatabase) {
    let queue = one_writer(&database);
    let panics = || {
        queue.write(tester(), Locks::none(), |change: &mut Change<'_>| -> Result<(), Error> {
            add_region("outer")(change)?;
            let change_set = change.record(Subject::new(SubjectKind::Region, "some")).change_set;
            change.connection.transaction(|connection| {
                insert_region(connection, change_set, "inner")?;
                std::panic::resume_unwind(Box::new("on purpose"))
            })
        })
    };
    let gate = Gate::close(&queue).await;
    let before = queued(queue.write(tester(), Locks::none(), add_region("before"))).await;
    let in_a_batch = queued(panics()).await;
    let after = queued(queue.write(tester(), Locks::none(), add_region("after"))).await;
    gate.open();
    assert_eq!(before.await.unwrap().revision, Revision(1));
    assert!(in_a_batch.await.is_err());
    assert_eq!(after.await.unwrap().revision, Revision(2));
    assert!(panics().await.is_err());
    let alone = queue.write(tester(), Locks::none(), add_region("alone")).await.unwrap();
    assert_eq!(alone.revision, Revision(3));
    let stored = regions_by_revision(&mut database.connect()).unwrap();
    assert_eq!(stored, [("before".into(), Revision(1)), ("after".into(), Revision(2)), ("alone".into(), Revision(3))]);
}

async fn an_answer_is_given_after_the_commit_only(database: TestDatabase) {
    let db = database.open();
    for number in 0..20 {
        let code = number.to_string();
        let written = db.write(tester(), Locks::none(), add_region(code.clone())).await.unwrap();
        let (newest, there) = db
            .read(move |snapshot| {
                Ok((snapshot.newest.map(|newest| newest.revision), region_exists(snapshot.connection, &code)?))
            })
            .await
            .unwrap();
        assert_eq!((newest, there), (Some(written.revision), true));
    }
}

/// A batch adds x, then y; another adds y, then x. Each holds what the other waits for.
async fn two_batches_that_wait_for_each_other_are_all_answered(OnPostgres(database): OnPostgres) {
    let (left, right) = (one_writer(&database), one_writer(&database));
    let met = Arc::new(Barrier::new(2));
    let (left_gate, right_gate) = (Gate::close(&left).await, Gate::close(&right).await);
    let writes = [
        queued(left.write(tester(), Locks::none(), find_or_add("x", None, Some(met.clone())))).await,
        queued(left.write(tester(), Locks::none(), find_or_add("y", None, None))).await,
        queued(right.write(tester(), Locks::none(), find_or_add("y", None, Some(met)))).await,
        queued(right.write(tester(), Locks::none(), find_or_add("x", None, None))).await,
    ];
    left_gate.open();
    right_gate.open();
    check_that_each_was_added_once(&database, join_all(writes).await, &["x", "y"]);
}

/// As above, within two writes rather than two batches.
async fn single_writes_that_wait_for_each_other_are_all_answered(OnPostgres(database): OnPostgres) {
    let (left, right) = (one_writer(&database), one_writer(&database));
    let met = Arc::new(Barrier::new(2));
    let both = |first: &'static str, second: &'static str| {
        let mut add_first = find_or_add(first, None, Some(met.clone()));
        let mut add_second = find_or_add(second, None, None);
        move |change: &mut Change<'_>| Ok(add_first(change)? && add_second(change)?)
    };
    let (left, right) =
        join(left.write(tester(), Locks::none(), both("x", "y")), right.write(tester(), Locks::none(), both("y", "x")))
            .await;
    let (left, right) = (left.unwrap(), right.unwrap());
    assert!(left.value != right.value, "one of the two added both, the other found both");
    let codes = regions_by_revision(&mut database.connect()).unwrap();
    assert_eq!(codes.iter().map(|(code, _)| code.as_str()).collect::<BTreeSet<_>>(), ["x", "y"].into());
}

/// On PostgreSQL both look for x and find nothing before either adds it; on SQLite one follows the other.
async fn two_batches_that_add_the_same_thing_are_all_answered(database: TestDatabase) {
    let (left, right) = (one_writer(&database), one_writer(&database));
    let met = match database.connect() {
        AnyConnection::Postgres(_) => Some(Arc::new(Barrier::new(2))),
        AnyConnection::Sqlite(_) => None,
    };
    // On SQLite one gate holds both, because the gate is a write and there is only one writer.
    let left_gate = Gate::close(&left).await;
    let right_gate = if met.is_some() { Some(Gate::close(&right).await) } else { None };
    let writes = [
        queued(left.write(tester(), Locks::none(), find_or_add("x", met.clone(), None))).await,
        queued(left.write(tester(), Locks::none(), find_or_add("beside it on the left", None, None))).await,
        queued(right.write(tester(), Locks::none(), find_or_add("x", met, None))).await,
        queued(right.write(tester(), Locks::none(), find_or_add("beside it on the right", None, None))).await,
    ];
    left_gate.open();
    right_gate.into_iter().for_each(Gate::open);
    let expected = ["beside it on the left", "beside it on the right", "x"];
    check_that_each_was_added_once(&database, join_all(writes).await, &expected);
}

async fn a_full_queue_says_that_the_service_is_busy(database: TestDatabase) {
    let queue = one_writer(&database);
    let gate = Gate::close(&queue).await;
    let mut waiting = Vec::new();
    loop {
        let mut write = Box::pin(queue.write(tester(), Locks::none(), add_region(waiting.len().to_string())));
        match poll!(&mut write) {
            std::task::Poll::Pending => waiting.push(write),
            std::task::Poll::Ready(outcome) => {
                assert!(matches!(outcome, Err(Error::Busy(_))), "{outcome:?}");
                break;
            }
        }
        assert!(waiting.len() < 10_000, "the queue has no end");
    }
    gate.open();
    let accepted = waiting.len();
    let outcomes = join_all(waiting).await;
    assert!(outcomes.iter().all(Result::is_ok), "what the queue took it answers");
    assert_eq!(regions_by_revision(&mut database.connect()).unwrap().len(), accepted);
}

async fn a_queue_that_is_closed_ends_what_it_took(database: TestDatabase) {
    let queue = one_writer(&database);
    let gate = Gate::close(&queue).await;
    let mut taken = Vec::new();
    for number in 0..100 {
        taken.push(queued(queue.write(tester(), Locks::none(), add_region(number.to_string()))).await);
    }
    drop(taken.split_off(50));
    gate.open();
    queue.close();
    assert_eq!(regions_by_revision(&mut database.connect()).unwrap().len(), 100);
    for mut write in taken {
        assert!(matches!(poll!(&mut write), std::task::Poll::Ready(Ok(_))));
    }
    assert!(matches!(queue.write(tester(), Locks::none(), add_region("late")).await, Err(Error::Busy(_))));
    queue.close();
}

/// All connections are busy, and as many reads wait as may; only running reads occupy threads.
async fn readers_beyond_the_bound_are_told_so_at_once(database: TestDatabase) {
    let db = database.open();
    let (release, released) = mpsc::channel::<()>();
    let released = Arc::new(Mutex::new(released));
    let mut waiting = Vec::new();
    loop {
        let released = released.clone();
        let mut read = Box::pin(db.read(move |_| {
            // Ends for all of them when the sender is dropped.
            let _ = released.lock().unwrap().recv();
            Ok(())
        }));
        match poll!(&mut read) {
            std::task::Poll::Pending => waiting.push(read),
            std::task::Poll::Ready(outcome) => {
                assert!(matches!(outcome, Err(Error::Busy(_))), "{outcome:?}");
                break;
            }
        }
        assert!(waiting.len() < 10_000, "the queue has no end");
    }
    drop(release);
    assert!(join_all(waiting).await.iter().all(Result::is_ok));
}

async fn a_write_that_changes_nothing_takes_no_revision(database: TestDatabase) {
    let db = database.open();
    let nothing = || db.write(tester(), Locks::none(), |change| Ok(region_exists(change.connection, "a")?));
    let first = nothing().await.unwrap();
    assert_eq!((first.value, first.revision), (false, Revision(0)));
    db.write(tester(), Locks::none(), add_region("a")).await.unwrap();
    let second = nothing().await.unwrap();
    assert_eq!((second.value, second.revision), (true, Revision(1)));
    assert_eq!(db.write(tester(), Locks::none(), add_region("b")).await.unwrap().revision, Revision(2));
    // Accounts have no history and no number either.
    let closed = db.write(tester(), Locks::none(), |change| {
        Ok(diesel::update(accounts::table).set(accounts::display_name.eq("nobody")).execute(change.connection)?)
    });
    assert_eq!(closed.await.unwrap().revision, Revision(2));
}

async fn a_write_whose_caller_went_away_is_still_made(database: TestDatabase) {
    let queue = one_writer(&database);
    let gate = Gate::close(&queue).await;
    drop(queued(queue.write(tester(), Locks::none(), add_region("abandoned"))).await);
    gate.open();
    let after = queue
        .write(tester(), Locks::none(), |change| Ok(region_exists(change.connection, "abandoned")?))
        .await
        .unwrap();
    assert!(after.value);
}

async fn a_writer_whose_connection_was_cut_opens_another(OnPostgres(database): OnPostgres) {
    let queue = one_writer(&database);
    queue.write(tester(), Locks::none(), add_region("before")).await.unwrap();
    cut_other_connections(&mut database.connect());
    assert_eq!(queue.write(tester(), Locks::none(), add_region("after")).await.unwrap().revision, Revision(2));

    let gate = Gate::close(&queue).await;
    let mut other = Some(database.connect());
    let cuts = queued(queue.write(tester(), Locks::none(), move |change| {
        // On its first run its connection is taken away.
        other.take().iter_mut().for_each(cut_other_connections);
        add_region("cut half way")(change)
    }))
    .await;
    let neighbour = queued(queue.write(tester(), Locks::none(), add_region("neighbour"))).await;
    gate.open();
    assert!(cuts.await.is_ok());
    assert!(neighbour.await.is_ok());
    assert_eq!(regions_by_revision(&mut database.connect()).unwrap().len(), 4);
}

/// A queue with one writer, so that writes behind a [`Gate`] become one batch.
fn one_writer(database: &TestDatabase) -> WriteQueue {
    WriteQueue::start(&Connector::new(database.url.clone()), 1).unwrap()
}

/// The same, with the number of its commits.
fn one_writer_counted(database: &TestDatabase) -> (WriteQueue, Arc<AtomicUsize>) {
    let commits = Arc::new(AtomicUsize::new(0));
    let counted = commits.clone();
    let watch: Watch = Arc::new(move |step| {
        counted.fetch_add(usize::from(step == Step::Committed), Ordering::Relaxed);
    });
    let connector = Connector::new(database.url.clone());
    let queue = WriteQueue::start_watched(&connector, 1, Reachability::default(), Some(watch)).unwrap();
    (queue, commits)
}

type Pending<F> = Pin<Box<F>>;

/// Queues a write without waiting for its answer.
async fn queued<T, F: Future<Output = Result<Written<T>, Error>>>(write: F) -> Pending<F> {
    let mut write = Box::pin(write);
    assert!(poll!(&mut write).is_pending(), "the write did not wait");
    write
}

/// Keeps the only writer of a queue busy until it is opened.
struct Gate {
    release: mpsc::Sender<()>,
}

impl Gate {
    async fn close(queue: &WriteQueue) -> Self {
        let (release, released) = mpsc::channel::<()>();
        let (arrived, arrival) = mpsc::channel();
        drop(
            queued(queue.write(tester(), Locks::none(), move |_| {
                let _ = arrived.send(());
                // Opened, or dropped by a test that failed.
                let _ = released.recv();
                Ok(())
            }))
            .await,
        );
        arrival.recv().unwrap();
        Self { release }
    }

    fn open(self) {
        self.release.send(()).unwrap();
    }
}

/// A write that adds a region unless it is there, and says whether it added it. On its first run it waits for another
/// write between looking and adding, or after adding.
fn find_or_add(
    code: &'static str,
    mut before_adding: Option<Arc<Barrier>>,
    mut after_adding: Option<Arc<Barrier>>,
) -> impl FnMut(&mut Change<'_>) -> Result<bool, Error> + Send + 'static {
    move |change| {
        let there = region_exists(change.connection, code)?;
        before_adding.take().map(|met| met.wait());
        if !there {
            add_region(code)(change)?;
        }
        after_adding.take().map(|met| met.wait());
        Ok(!there)
    }
}

fn check_that_each_was_added_once(
    database: &TestDatabase,
    outcomes: Vec<Result<Written<bool>, Error>>,
    expected: &[&str],
) {
    let added = outcomes.into_iter().filter(|outcome| outcome.as_ref().expect("every write succeeds").value).count();
    assert_eq!(added, expected.len());
    let stored = regions_by_revision(&mut database.connect()).unwrap();
    assert_eq!(
        stored.iter().map(|(code, _)| code.as_str()).collect::<BTreeSet<_>>(),
        expected.iter().copied().collect()
    );
    let revisions: Vec<i64> = stored.iter().map(|(_, revision)| revision.0).collect();
    assert_eq!(revisions, (1..=expected.len() as i64).collect::<Vec<_>>());
}

async fn add_an_organization_and_a_fact(db: &Db) -> OrganizationId {
    let written = db.write(tester(), Locks::none(), |change| {
        let (id, change_set) =
            (OrganizationId::new(), change.record(Subject::new(SubjectKind::Region, "some")).change_set);
        let region = insert_region(change.connection, change_set, "150000")?;
        diesel::insert_into(organizations::table)
            .values((
                organizations::id.eq(id),
                organizations::code.eq("T1"),
                organizations::region_id.eq(region),
                organizations::kind.eq(OrganizationKind::RescueTeam),
                organizations::change_set.eq(change_set),
            ))
            .execute(change.connection)?;
        diesel::insert_into(fact_definitions::table)
            .values((
                fact_definitions::key.eq("people_on_shift"),
                fact_definitions::kind.eq("number"),
                fact_definitions::change_set.eq(change_set),
            ))
            .execute(change.connection)?;
        Ok(id)
    });
    written.await.unwrap().value
}

fn cut_other_connections(connection: &mut AnyConnection) {
    connection
        .batch_execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .unwrap();
}
