//! Benchmark of counting and reading the demo's banner, on the database of `MUSTER_BENCH_DATABASE` (it must be empty; a new
//! SQLite file if it is not set): `cargo bench`. Machines differ: compare figures of one run only.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a benchmark that meets the unexpected should stop there, and it reads the environment"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use auth::receipts::ReceiptKeys;
use base::clock::Clock;
use base::content::Content;
use base::id::{CountId, OrganizationId};
use db::locks::{Key, Locks};
use db::url::DatabaseUrl;
use db::{self, Db};
use domain::account::{Author, Belongs, Role};
use domain::actor::Actor;
use domain::assessment::assess;
use domain::new_count::NewCount;
use domain::revision::Revision;
use futures_util::future::join_all;
use muster::demo;
use serde_json::json;
use service::chain::Signer;
use service::counts::{DeviceSaid, Submission, submit};
use service::moment::{Moment, MomentQuery};
use service::shortages::{OnDay, Reader};

/// Lines of a submitted count.
const LINES: usize = 60;

#[actix_web::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    let url = std::env::var("MUSTER_BENCH_DATABASE")
        .map_or_else(|_| DatabaseUrl::Sqlite(folder.path().join("bench.sqlite")), |url| url.parse().unwrap());
    db::migrations::run(&url).unwrap();
    let (db, clock) = (Db::open(&url).unwrap(), Clock::System);
    let receipts = Arc::new(ReceiptKeys::generate().unwrap());
    demo::prepare(&db, &clock, "bench-bench-bench", receipts.clone()).await.unwrap();
    println!("{url:?}");
    read_the_banner(&db, &clock).await;
    for writers in [1, 8, 64] {
        submit_counts(&db, &clock, &receipts, writers).await;
    }
    read_the_banner(&db, &clock).await;
    db.close().await.unwrap();
}

/// The shortage table of all organizations: the reference data, then the records, then the assessments.
async fn read_the_banner(db: &Db, clock: &Clock) {
    let now = clock.now();
    let mut took = Vec::new();
    for _ in 0..15 {
        let read = db.read(move |snapshot| {
            let start = Instant::now();
            let moment = Moment::resolve(snapshot, MomentQuery::default(), now)?;
            let organizations = db::organizations::list(snapshot.connection, moment.revision)?;
            let reader = Reader::at(snapshot, &moment)?;
            let reference_data = start.elapsed();
            let (mut assessing, mut lines) = (Duration::ZERO, 0);
            reader.visit(snapshot.connection, &organizations, |reference_data, OnDay { records, day }| {
                let start = Instant::now();
                lines += assess(reference_data, &records, day).len();
                assessing += start.elapsed();
                Ok(true)
            })?;
            Ok((start.elapsed(), reference_data, assessing, lines))
        });
        took.push(read.await.unwrap());
    }
    took.sort();
    let (all, reference_data, assessing, lines) = took[took.len() / 2];
    println!(
        "read the banner: {lines} lines in {all:.1?}; of that the reference_data {reference_data:.1?}, assessing {assessing:.1?}"
    );
}

/// Counts of 60 lines by so many writers at once, committed and answered.
async fn submit_counts(db: &Db, clock: &Clock, receipts: &Arc<ReceiptKeys>, writers: usize) {
    let targets = targets(db).await;
    let start = Instant::now();
    let counts: Vec<usize> = join_all((0..writers).map(|writer| {
        let (db, clock, (author, organization, body)) = (db, clock, targets[writer % targets.len()].clone());
        async move {
            let mut done = 0;
            while start.elapsed() < Duration::from_secs(4) {
                let content = Content::of_json(body.clone()).unwrap();
                let count = serde_json::from_slice::<NewCount>(&body).unwrap().check().unwrap();
                let device = DeviceSaid::default();
                let submission = Submission::new(CountId::new(), count, content, device, clock.now());
                let (author, receipts) = (author.clone(), receipts.clone());
                let locks = Locks::organization(organization).keys([Key::sender(author.account)]);
                db.write(Actor::command("bench"), locks, move |change| {
                    let organization = change.for_organization(organization)?;
                    submit(change, Signer { author: &author, keys: &receipts }, organization, &submission)
                })
                .await
                .unwrap();
                done += 1;
            }
            done
        }
    }))
    .await;
    let rate = counts.iter().sum::<usize>() as f64 / start.elapsed().as_secs_f64();
    println!("submit, {writers} writers at once: {rate:.0} counts/s of {LINES} lines");
}

type Target = (Author, OrganizationId, Vec<u8>);

async fn targets(db: &Db) -> Vec<Target> {
    db.read(|snapshot| {
        let items: Vec<_> = db::items::list(snapshot.connection, Revision::LATEST)?
            .into_values()
            .filter(|item| !item.unit.measured)
            .take(LINES)
            .map(|item| json!({"item": item.code, "quantity": 3}))
            .collect();
        let mut targets = Vec::new();
        for organization in db::organizations::list(snapshot.connection, Revision::LATEST)? {
            let username = organization.code.to_lowercase();
            let (account, _) = db::accounts::find_by_username(snapshot.connection, &username)?.unwrap();
            assert_eq!(account.belongs, Belongs::Organization(organization.id));
            let author = Author { account: account.id, name: account.display_name, role: Role::Quartermaster };
            let depot = db::depots::list(snapshot.connection, &[organization.id], Revision::LATEST)?.remove(0);
            let body = json!({
                "depot_id": depot.id, "scope": "listed", "counted_at": "2026-01-01T00:00:00Z", "lines": items
            });
            targets.push((author, organization.id, serde_json::to_vec(&body).unwrap()));
        }
        Ok(targets)
    })
    .await
    .unwrap()
}
