//! What a running service does by itself: it keeps figures quick and its memory small, and erases contacts whose time has passed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use base::clock::Clock;
use base::error::Error;
use db::Db;
use db::read::Snapshot;
use domain::actor::Actor;
use service::contacts;
use service::moment::{Moment, MomentQuery};
use service::rebuild;
use service::today::Today;

/// The time between two looks for rows to be rebuilt.
const PAUSE: Duration = Duration::from_secs(2);

/// The time between two looks after a failure.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(30);

/// The time between two looks at all organizations for figures to be computed: another process may have written, or the day have
/// turned.
const PAUSE_OF_FIGURES: Duration = Duration::from_secs(5);

/// The shortest time between two of them, so that the counts of one moment are looked at together.
const BREATH: Duration = Duration::from_millis(10);

/// The number of organizations whose figures are computed in one read: few, so that nobody waits long for its reader.
const AT_ONCE: usize = 25;

/// The time between two looks for memory that can be given back.
const PAUSE_OF_MEMORY: Duration = Duration::from_secs(5);

/// More than the allocator keeps for a thread: a piece of this size is the system's again as soon as it is dropped.
const LARGE: usize = 1 << 20;

/// The time between two looks for contacts to be erased.
const PAUSE_OF_ERASURE: Duration = Duration::from_secs(600);

/// Starts all of it; it ends with the runtime.
pub fn start(db: &Db, today: &Arc<Today>, clock: Clock, actor: Actor, personal_data_days: u64) {
    actix_web::rt::spawn(keep_up(db.clone(), actor.clone()));
    actix_web::rt::spawn(erase_ended(db.clone(), clock.clone(), actor, personal_data_days));
    actix_web::rt::spawn(keep_figures(db.clone(), Arc::clone(today), clock));
    actix_web::rt::spawn(give_memory_back());
}

/// Lets the allocator give back what a burst has left. It looks for that only when a large piece is dropped, and only a second
/// after the memory became free: a service that has nothing more to do would keep all of it, also what its start took.
async fn give_memory_back() {
    loop {
        tokio::time::sleep(PAUSE_OF_MEMORY).await;
        drop(std::hint::black_box(Vec::<u8>::with_capacity(LARGE)));
    }
}

/// Erases the contacts that ended so many days ago.
async fn erase_ended(db: Db, clock: Clock, actor: Actor, after_days: u64) {
    loop {
        let pause = match contacts::erase_ended(&db, &actor, after_days, clock.now()).await {
            Ok(0) => PAUSE_OF_ERASURE,
            Ok(erased) => {
                tracing::info!(erased, "contacts were erased, as their purpose ended long enough ago");
                Duration::ZERO
            }
            Err(error) => {
                tracing::warn!(%error, "contacts whose time has passed could not be erased; it is tried again");
                PAUSE_AFTER_FAILURE
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// Computes the figures that nobody has asked for since they changed or the day turned, some at a time, so that a summary finds
/// them ready. It begins with every commit, with what that changed; all organizations are looked through only now and then.
async fn keep_figures(db: Db, today: Arc<Today>, clock: Clock) {
    let mut looked = None::<Instant>;
    loop {
        let begun = Instant::now();
        let of_all = looked.is_none_or(|at| at.elapsed() >= PAUSE_OF_FIGURES);
        let computed = compute_some(&db, &today, &clock, of_all).await;
        let worked = begun.elapsed();
        match computed {
            // As long as some were missing, others may be.
            Ok(number) if of_all => looked = (number == 0).then_some(begun),
            // A commit meanwhile ends the wait at once.
            Ok(0) => _ = tokio::time::timeout(PAUSE_OF_FIGURES, db.wait_for_commit()).await,
            Ok(_) => {}
            Err(error) => {
                tracing::debug!(%error, "figures could not be computed ahead; they are when they are asked for");
                tokio::time::sleep(PAUSE_AFTER_FAILURE).await;
            }
        }
        // Half of the time is left to those who wait for an answer.
        tokio::time::sleep(worked.max(BREATH)).await;
    }
}

async fn compute_some(db: &Db, today: &Arc<Today>, clock: &Clock, of_all: bool) -> Result<usize, Error> {
    let (today, now) = (Arc::clone(today), clock.now());
    let compute = move |snapshot: &mut Snapshot<'_>| {
        if snapshot.newest.is_none() {
            return Ok(0);
        }
        let moment = Moment::resolve(snapshot, MomentQuery::default(), now)?;
        if of_all {
            today.compute_missing(snapshot, &moment, AT_ONCE)
        } else {
            today.compute_changed(snapshot, &moment, AT_ONCE)
        }
    };
    db.read(compute).await
}

/// Rebuilds rows that were emptied, one depot at a time, for as long as it runs; first those that are missing. Writers wait for
/// one row at most.
async fn keep_up(db: Db, actor: Actor) {
    let mut are_all_there = false;
    loop {
        let done = if are_all_there {
            rebuild::mend_emptied(&db, &actor).await
        } else {
            rebuild::add_missing(&db, &actor).await
        };
        let pause = match done {
            Ok(0) if are_all_there => PAUSE,
            Ok(number) => {
                are_all_there |= number == 0;
                Duration::ZERO
            }
            Err(error) => {
                tracing::debug!(%error, "the kept counts of a depot could not be rebuilt; it is tried again");
                PAUSE_AFTER_FAILURE
            }
        };
        tokio::time::sleep(pause).await;
    }
}
