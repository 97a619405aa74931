//! Conversion of test bodies to trials: the fixture that a body takes decides where it runs.

use std::pin::Pin;
use std::time::Duration;

use libtest_mimic::{Arguments, Completion, Conclusion, Failed, Trial};

use crate::cluster;
use crate::database::Backend;
use crate::tools::{TOOLS, Tool};

/// The time limit of one test, many times the time of the slowest.
const LIMIT: Duration = Duration::from_secs(180);

/// The time after which a test that bounds its own work hangs. A busy machine may well take long for it.
const HANG: Duration = Duration::from_secs(3600);

/// A fixture that a body takes as its argument; each trial gets a fresh one.
pub trait Fixture: Sized + 'static {
    /// The databases on which bodies with this fixture run; `None` for bodies that need no database.
    const BACKENDS: &'static [Option<Backend>];

    /// The programs of others that bodies need.
    const NEEDS: &'static [Tool] = &[];

    /// Makes a fresh one.
    async fn make(backend: Option<Backend>) -> Self;
}

/// No database, for bodies that need none.
pub struct NoDatabase;

impl Fixture for NoDatabase {
    const BACKENDS: &'static [Option<Backend>] = &[None];

    async fn make(_: Option<Backend>) -> Self {
        Self
    }
}

/// One body in one place.
pub struct Case {
    name: String,
    backend: Option<Backend>,
    needs: &'static [Tool],
    limit: Duration,
    body: Box<dyn FnOnce() -> Pin<Box<dyn Future<Output = ()>>> + Send>,
}

impl Case {
    /// The same for a body that bounds its work itself, so that a busy machine does not fail it.
    pub fn bounded_by_work(self) -> Self {
        Self { limit: HANG, ..self }
    }
}

/// The cases of a body: one for each place where it runs.
pub fn cases_of<X, B, F>(module: &str, name: &str, body: B) -> Vec<Case>
where
    X: Fixture,
    B: Fn(X) -> F + Copy + Send + 'static,
    F: Future<Output = ()> + 'static,
{
    let module = module.strip_prefix("it::").unwrap_or(module);
    let case = |&backend: &Option<Backend>| Case {
        name: backend.map_or_else(|| format!("{module}::{name}"), |backend| format!("{module}::{name}::{backend}")),
        backend,
        needs: X::NEEDS,
        limit: LIMIT,
        body: Box::new(move || Box::pin(async move { body(X::make(backend).await).await })),
    };
    X::BACKENDS.iter().map(case).collect()
}

/// A case that is not from a list of bodies, but made for a database.
pub fn case_of<F>(name: String, backend: Backend, body: impl FnOnce() -> F + Send + 'static) -> Case
where
    F: Future<Output = ()> + 'static,
{
    Case {
        name: format!("{name}::{backend}"),
        backend: Some(backend),
        needs: &[],
        limit: LIMIT,
        body: Box::new(move || Box::pin(body())),
    }
}

/// A case that needs programs of others.
pub fn case_with<F>(name: String, needs: &'static [Tool], body: impl FnOnce() -> F + Send + 'static) -> Case
where
    F: Future<Output = ()> + 'static,
{
    Case { name, backend: None, needs, limit: LIMIT, body: Box::new(move || Box::pin(body())) }
}

/// Defines `cases()`, the list of a file's tests. A body that is not in it is dead code, and the compiler says so.
macro_rules! cases {
    ($($body:ident),* $(,)?) => {
        /// The tests of this file.
        pub fn cases() -> Vec<$crate::cases::Case> {
            [$($crate::cases::cases_of(module_path!(), stringify!($body), $body)),*].into_iter().flatten().collect()
        }
    };
}
pub(crate) use cases;

/// Runs the requested tests, and lists on stderr the ones left out.
pub fn run(arguments: &Arguments, cases: impl Iterator<Item = Case>) -> Conclusion {
    let missing = cluster::programs().err().filter(|_| !postgres_is_required());
    let without = TOOLS.map(|tool| (tool, tool.program().err().filter(|_| !tool.is_required())));
    let mut left_out_with = TOOLS.map(|_| 0);
    let mut left_out = 0;
    let mut trials = Vec::new();
    for Case { name, backend, needs, limit, body } in cases {
        let leave_out = missing.is_some() && backend == Some(Backend::Postgres);
        let lacking = without.iter().position(|(tool, missing)| missing.is_some() && needs.contains(tool));
        let run = move || {
            for tool in needs {
                tool.program()?;
            }
            if backend == Some(Backend::Postgres)
                && let Err(reason) = cluster::programs()
            {
                return Err(Failed::from(reason));
            }
            run_alone(limit, body());
            Ok(Completion::Completed)
        };
        let trial = Trial::ignorable_test(name, run).with_ignored_flag(leave_out || lacking.is_some());
        left_out += usize::from(leave_out && !arguments.is_filtered_out(&trial));
        if let Some(number) = lacking.filter(|_| !arguments.is_filtered_out(&trial)) {
            left_out_with[number] += 1;
        }
        trials.push(trial);
    }
    if let Some(reason) = missing.filter(|_| left_out > 0 && !arguments.list) {
        eprintln!("{left_out} tests on PostgreSQL are left out: {reason}");
    }
    for ((tool, missing), number) in without.into_iter().zip(left_out_with) {
        if let Some(reason) = missing.filter(|_| number > 0 && !arguments.list) {
            eprintln!("{number} tests that need {tool:?} are left out: {reason}");
        }
    }
    libtest_mimic::run(arguments, trials)
}

fn run_alone(limit: Duration, body: impl Future<Output = ()>) {
    actix_web::rt::System::new().block_on(async {
        let outcome = actix_web::rt::time::timeout(limit, body).await;
        assert!(outcome.is_ok(), "the test did not end within {limit:?}");
    });
}

/// True if nothing may be left out for want of a program.
pub fn postgres_is_required() -> bool {
    std::env::var("MUSTER_TEST_POSTGRES").is_ok_and(|value| value == "required")
}
