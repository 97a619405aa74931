//! Proof that sync loses nothing and counts nothing twice, whatever fails: worlds of servers, a network and phones, in which
//! a seed decides the events and the faults; then all faults end, and a slow, plain checker compares everything.
//!
//! ```sh
//! cargo test --test it -- faults::                             # 40 seeds, as in every run of the tests
//! MUSTER_FAULT_SEEDS=5000 cargo test --test it -- faults::     # as many as that, most of them inside the test
//! MUSTER_FAULT_SEED=1234 cargo test --test it -- faults::nothing    # one, with its script
//! ```
//!
//! A run of many includes the seeds of the usual run, with the same databases.
//!
//! Most phones are the reference client; one in four is the engine of the phone page under Node ([`page_phones`]), and with
//! `MUSTER_FAULT_PAGES=all` each of them. Where Node is not installed they are the reference client too, and the run says so;
//! with `MUSTER_TEST_NODE=required` that is a failure.

mod bodies;
pub mod checker;
mod convergence;
pub mod crash;
mod crash_points;
mod current_counts;
mod desk;
mod figures;
mod in_process;
mod missing;
mod network;
mod officer;
mod page_answers;
mod page_phones;
mod phones;
pub mod plant;
pub mod processes;
mod schedule;
mod servers;
mod traffic;
mod user_actions;
mod world;

use std::collections::BTreeMap;
use std::ops::Range;
use std::panic::AssertUnwindSafe;
use std::sync::Mutex;

use futures_util::FutureExt as _;

use self::in_process::Inside;
use self::processes::Processes;
use self::schedule::{Choices, Script};
use self::servers::Servers;
use self::world::{Tally, World};
use crate::cases::{Case, NoDatabase, case_of, cases_of};
use crate::database::Backend;
use crate::tools::Tool;

/// The number of turns in a world before its faults end.
const TURNS: usize = 160;

/// The number of seeds in one test: few enough for a test on every processor. Each world bounds its own turns and requests.
const TOGETHER: u64 = 5;

/// The seeds of one kind of servers on one database.
struct Seeds {
    way: Way,
    backend: Backend,
    /// The first of them. The usual seeds differ from row to row, so that 40 worlds are tried and not 18.
    first: u64,
    /// The number in the usual run.
    usual: u64,
    /// The share of this row in percent when `MUSTER_FAULT_SEEDS` is set.
    of_a_hundred: u64,
}

const SEEDS: [Seeds; 4] = [
    Seeds { way: Way::Inside, backend: Backend::Sqlite, first: 0, usual: 18, of_a_hundred: 75 },
    Seeds { way: Way::Inside, backend: Backend::Postgres, first: 18, usual: 12, of_a_hundred: 19 },
    Seeds { way: Way::Processes, backend: Backend::Sqlite, first: 30, usual: 5, of_a_hundred: 3 },
    Seeds { way: Way::Processes, backend: Backend::Postgres, first: 35, usual: 5, of_a_hundred: 3 },
];

/// The place of the servers: in this process, or in processes of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Inside,
    Processes,
}

impl Way {
    fn name(self) -> &'static str {
        match self {
            Self::Inside => "inside",
            Self::Processes => "processes",
        }
    }
}

/// The tests: the seeds in groups, each group a test, so that groups run in parallel.
pub fn cases() -> Vec<Case> {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number of seeds"));
    let (one, all) = (number("MUSTER_FAULT_SEED"), number("MUSTER_FAULT_SEEDS"));
    let mut cases = crash_points::cases();
    cases.extend(cases_of(module_path!(), "a_seed_always_comes_to_the_same", twice));
    for Seeds { way, backend, first, usual, of_a_hundred } in SEEDS {
        let seeds = all.map_or(usual, |all| (all * of_a_hundred).div_ceil(100));
        let (first, end) = one.map_or((first, first + seeds), |seed| (seed, seed + 1));
        for start in (first..end).step_by(usize::try_from(TOGETHER).unwrap()) {
            let group = start..end.min(start + TOGETHER);
            let name = format!(
                "faults::nothing_is_lost_and_nothing_is_counted_twice::{}::{}_to_{}",
                way.name(),
                group.start,
                group.end - 1
            );
            COVERAGE.lock().unwrap().groups += 1;
            cases.push(case_of(name, backend, move || run(way, backend, group, one.is_some())));
        }
    }
    cases.into_iter().map(Case::bounded_by_work).collect()
}

async fn twice(_: NoDatabase) {
    for seed in 1000..1003 {
        let scripts = [Script::default(), Script::default()];
        for script in &scripts {
            live_through(Way::Inside, Backend::Sqlite, seed, script.clone()).await;
        }
        let [one, other] = scripts.map(|script| script.text());
        let differ = one.lines().zip(other.lines()).find(|(one, other)| one != other);
        assert!(one == other, "seed {seed}: {differ:?}");
    }
}

/// Runs the worlds of some seeds, one after the other.
async fn run(way: Way, backend: Backend, seeds: Range<u64>, aloud: bool) {
    let mut tally = Tally::new();
    for seed in seeds {
        let script = Script::default();
        let lived = AssertUnwindSafe(live_through(way, backend, seed, script.clone())).catch_unwind().await;
        if aloud {
            eprintln!("{}", script.text());
        }
        match lived {
            Ok(happened) => happened.into_iter().for_each(|(what, often)| *tally.entry(what).or_default() += often),
            Err(cause) => {
                let text = cause.downcast_ref::<String>().map(String::as_str);
                let why = text.or(cause.downcast_ref::<&str>().copied()).unwrap_or("a panic without words");
                panic!(
                    "seed {seed} with servers {} on {backend}: {why}\n\nWhat happened:\n{}\nAgain:\n\
                     MUSTER_FAULT_SEED={seed} cargo test --test it -- faults::nothing_is_lost_and_nothing_is_counted_twice::{}::{seed}_to_{seed}::{backend}\n",
                    way.name(),
                    script.text(),
                    way.name()
                );
            }
        }
    }
    if aloud {
        eprintln!("{tally:#?}");
    }
    let mut coverage = COVERAGE.lock().unwrap();
    coverage.passed += 1;
    tally.into_iter().for_each(|(what, often)| *coverage.tally.entry(what).or_default() += often);
}

/// The events that the groups of seeds have tried so far.
struct Coverage {
    /// The number of groups, including those that a filter leaves out.
    groups: usize,
    /// The number of groups that passed.
    passed: usize,
    /// The events in those.
    tally: Tally,
}

static COVERAGE: Mutex<Coverage> = Mutex::new(Coverage { groups: 0, passed: 0, tally: Tally::new() });

/// Checks, after all tests, that the seeds tried every kind of fault: a suite that injects nothing proves nothing. If only
/// some groups ran, because of a filter or a failure, it checks nothing and says so on stderr.
///
/// # Errors
/// The names of the events that never occurred.
pub fn look_that_all_was_tried() -> Result<(), String> {
    let coverage = COVERAGE.lock().unwrap();
    let Coverage { groups, passed, tally } = &*coverage;
    if *passed == 0 {
        return Ok(());
    }
    if passed < groups || std::env::var_os("MUSTER_FAULT_SEED").is_some() {
        eprintln!(
            "faults: {passed} of {groups} groups of seeds ran and passed; whether all faults were tried is left out"
        );
        return Ok(());
    }
    let of_pages: &[&str] = match Tool::Node.program() {
        Ok(_) => &["phone page", "page killed at a write"],
        Err(reason) => {
            eprintln!("faults: no phone was the engine of the phone page: {reason}");
            &[]
        }
    };
    let wanted = [
        "network RequestLost",
        "network AnswerLost",
        "network Twice",
        "network TwiceAtOnce",
        "network RequestCut",
        "network AnswerCut",
        "network Unavailable",
        "network Late",
        "network together",
        "late arrival",
        "end set Ran",
        "end set Recorded",
        "end set Numbered",
        "end set Committed",
        "killed",
        "put back",
        "twin",
        "clock jumps",
        "time",
        "backup",
        "restore",
        "reset",
        "makes a count under a taken id",
        "makes a count with an unknown field",
        "makes a command of an unknown type",
        "officer Decide done",
        "officer Void done",
        "officer Resolve done",
        "officer VoidResolution done",
        "officer Close done",
        "officer Reopen done",
        "officer Move done",
        "officer Item done",
        "officer Depot done",
        "officer Withdraw done",
        "officer Inspect done",
        "restore behind new tokens",
        "restore with requests under way",
        "late arrival after a restore",
        "officer Decide done after a restore",
        "session that outlived a restore",
        "makes a count that settles another",
        "checked promises",
        "checked acknowledged",
        "checked withdrawn devices",
        "checked devices",
    ];
    let untried: Vec<&str> = wanted.iter().chain(of_pages).copied().filter(|what| !tally.contains_key(*what)).collect();

    if untried.is_empty() { Ok(()) } else { Err(format!("faults: these never happened: {untried:?} in {tally:#?}")) }
}

/// Runs one seed: creates a world, lives through its turns, ends its faults and checks the result.
async fn live_through(way: Way, backend: Backend, seed: u64, script: Script) -> Tally {
    let (database, depots): (_, BTreeMap<String, String>) = plant::database(backend).await;
    // Several servers on one database: only PostgreSQL has that.
    let number = if backend == Backend::Postgres { 1 + Choices::of(seed ^ 1).below(3) } else { 1 };
    let servers = match way {
        Way::Inside => Servers::Inside(Inside::start(database, number).await),
        Way::Processes => Servers::Processes(Processes::start(database, number)),
    };
    Servers::begin_world();
    let mut world = World::new(seed, script, servers, depots);
    world.live(TURNS).await;
    world.calm_down().await;
    checker::check(world).await
}
