//! The content of the demo, and its stability over repeated starts.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::{DemoError, EXAMPLE_DEPOT, EXAMPLE_ITEM, EXAMPLE_ORGANIZATION, Holds, prepare};
use auth::receipts::ReceiptKeys;
use base::clock::Clock;
use base::id::RegionId;
use base::quantity::Quantity;
use base::time::local_day;
use db::Db;
use db::locks::Locks;
use db::sql_types::Day;
use db::url::DatabaseUrl;
use domain::assessment::{Assessment, Status, assess};
use domain::checks::{CheckStatus, checks};
use domain::count::{CountKind, Held, LotCondition};
use domain::interval::Interval;
use domain::reference_data::{OrganizationData, ReferenceData};
use domain::region::RegionVersion;
use domain::revision::Revision;
use domain::rule::{Selector, Strength};
use domain::stock::{LeftOut, StockState, stock};
use text::language::Language;

fn now() -> DateTime<Utc> {
    "2026-11-23T02:10:00Z".parse().unwrap()
}

fn open(folder: &Path) -> Db {
    let url = DatabaseUrl::Sqlite(folder.join("muster.sqlite"));
    db::migrations::run(&url).unwrap();
    Db::open(&url).unwrap()
}

async fn state(db: &Db) -> (Revision, ReferenceData, Vec<OrganizationData>) {
    db.read(|snapshot| {
        let organizations = db::organizations::list(snapshot.connection, Revision::LATEST)?;
        Ok((
            snapshot.newest.unwrap().revision,
            db::reference_data::reference_data(snapshot.connection, Revision::LATEST)?,
            db::reference_data::records(snapshot.connection, &organizations, Revision::LATEST, 3_650, |_| {
                DateTime::<Utc>::MAX_UTC
            })?,
        ))
    })
    .await
    .unwrap()
}

fn assessments(reference_data: &ReferenceData, records: &[OrganizationData], at: DateTime<Utc>) -> Vec<Assessment> {
    records
        .iter()
        .flat_map(|records| {
            let day = local_day(at, reference_data.zone_of(&records.organization, at.date_naive()));
            assess(reference_data, records, day)
        })
        .collect()
}

#[tokio::test]
async fn the_report_shows_every_state() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(folder.path());
    prepare(&db, &Clock::standing_at(now()), "kado-mire-suta", receipts()).await.unwrap();
    let (revision, reference_data, records) = state(&db).await;
    assert_eq!(revision, Revision(2));
    assert_eq!(records.len(), 54);
    let assessed = assessments(&reference_data, &records, now());

    for status in [Status::Met, Status::Short, Status::Unknown, Status::NotSet, Status::NotRequired] {
        assert!(assessed.iter().any(|one| one.status == status && one.strength == Strength::Mandatory), "{status:?}");
    }
    let mandatory = assessed.iter().filter(|one| one.strength == Strength::Mandatory);
    let met = mandatory.clone().filter(|one| one.status == Status::Met).count();
    let short = mandatory.clone().filter(|one| one.status == Status::Short).count();
    assert!(met > short && short * 8 > met, "{met} met, {short} short");
    for reason in [LeftOut::Expired, LeftOut::Unserviceable, LeftOut::InRepair, LeftOut::Lent] {
        assert!(assessed.iter().any(|one| one.left_out.contains_key(&reason)), "{reason:?}");
    }
    let states = |state| {
        let in_state = |one: &&OrganizationData| {
            let today = local_day(now(), reference_data.zone_of(&one.organization, now().date_naive()));
            stock(&reference_data, one, today).iter().any(|depot| depot.state == state)
        };
        records.iter().filter(in_state).map(|one| one.organization.id).collect::<BTreeSet<_>>()
    };
    assert!(states(StockState::Stale).len() >= 8);
    assert_eq!(states(StockState::Conflict).len(), 1);
    let counted = |records: &OrganizationData, depot| records.counts.iter().any(|count| count.depot_id == depot);
    let never = records.iter().flat_map(|one| one.depots.iter().filter(|depot| !counted(one, depot.id))).count();
    assert_eq!(never, 4);
    let violated = |records: &OrganizationData| {
        let today = local_day(now(), reference_data.zone_of(&records.organization, now().date_naive()));
        let checks = checks(&reference_data, records, today, Language::English).into_iter();
        checks.filter(|check| check.status == CheckStatus::Short).collect::<Vec<_>>()
    };
    let mine = records.iter().find(|records| records.organization.code == "NM-02").unwrap();
    let refuge = violated(mine).into_iter().find(|check| check.rule == "N120").expect("50 places for 86 people");
    let exactly = |number| Interval::exactly(Quantity::whole(number));
    assert_eq!((refuge.required, refuge.found, refuge.strength), (exactly(86), exactly(50), Strength::Mandatory));
}

/// The number of voided counts, which do not enter into stock.
async fn voided(db: &Db, records: &[OrganizationData]) -> usize {
    let organizations = records.iter().map(|records| records.organization.id).collect();
    let filter = db::counts::Filter { organizations, ..Default::default() };
    let stored = db.read(move |snapshot| Ok(db::counts::list(snapshot.connection, &filter, 10_000)?)).await.unwrap();
    stored.iter().filter(|count| count.void.is_some()).count()
}

#[tokio::test]
async fn the_history_has_one_of_everything() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(folder.path());
    prepare(&db, &Clock::standing_at(now()), "kado-mire-suta", receipts()).await.unwrap();
    let (_, _, records) = state(&db).await;
    let counts: Vec<_> = records.iter().flat_map(|records| &records.counts).collect();
    assert_eq!(counts.iter().filter(|count| count.kind == CountKind::Inspection).count(), 1);
    assert_eq!(voided(&db, &records).await, 1);
    assert_eq!(counts.iter().filter(|count| !count.resolves.is_empty()).count(), 1);
    assert!(counts.iter().all(|count| count.effective_at < now() - TimeDelta::hours(3)));
    let lines = || counts.iter().flat_map(|count| &count.lines);
    assert!(lines().any(|line| line.condition == LotCondition::InRepair));
    assert!(lines().any(|line| line.condition == LotCondition::Unserviceable));
    assert!(lines().any(|line| line.held == Held::Lent));
    assert!(lines().any(|line| line.quantity == Quantity::ZERO));
    let today = now().date_naive();
    let expiring = |line: &&domain::count::CountLine| {
        line.expires_on.is_some_and(|day| day >= today && day <= today + TimeDelta::days(30))
    };
    assert!(lines().filter(expiring).count() > 5);
    let owners = records.iter().map(|records| records.organization.id).collect();
    let filter = db::counts::Filter { organizations: owners, ..Default::default() };
    let stored = db.read(move |snapshot| Ok(db::counts::list(snapshot.connection, &filter, 500)?)).await.unwrap();
    assert!(stored.iter().flat_map(|count| &count.lines).any(|line| line.pack.is_some()));
    assert!(stored.iter().any(|count| count.row.seq.is_some_and(|seq| seq > 1)));
    assert!(stored.iter().any(|count| count.row.counted_at != count.row.effective_at));
    for count in &stored {
        let day = local_day(count.row.effective_at.0, base::time::DEFAULT_ZONE);
        for line in &count.lines {
            assert!(line.made_on.is_none_or(|Day(made_on)| made_on <= day), "{line:?} on {day}");
            assert!(line.inspected_on.is_none_or(|Day(inspected_on)| inspected_on <= day), "{line:?} on {day}");
        }
    }
}

#[tokio::test]
async fn the_example_is_short_and_its_count_makes_it_less_so() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(folder.path());
    prepare(&db, &Clock::standing_at(now()), "kado-mire-suta", receipts()).await.unwrap();
    let (_, reference_data, records) = state(&db).await;
    let owner = records.iter().find(|records| records.organization.code == EXAMPLE_ORGANIZATION).unwrap();
    let assessed = assessments(&reference_data, std::slice::from_ref(owner), now());
    let item = Selector::Item(EXAMPLE_ITEM.into());
    let line = assessed.iter().find(|one| one.selector == item && one.strength == Strength::Mandatory).unwrap();
    assert_eq!(line.required, Interval::exactly(Quantity::whole(29)));
    assert_eq!(line.shortage, Interval::exactly(Quantity::whole(5)));
    let depot = owner.depots.iter().find(|depot| depot.code == EXAMPLE_DEPOT).unwrap();
    let example = super::example(&db, &Clock::standing_at(now())).await.unwrap();
    let count: domain::new_count::NewCount = serde_json::from_str(&example.body).unwrap();
    assert_eq!((count.depot_id, count.counted_at), (depot.id, now()));
    const { assert!(super::EXAMPLE_QUANTITY > super::history::EXAMPLE_COUNTED) };
    const { assert!(super::EXAMPLE_QUANTITY < super::history::EXAMPLE_COUNTED + 5) };
}

#[tokio::test]
async fn a_second_start_adds_nothing_and_a_first_that_was_cut_short_is_finished() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(folder.path());
    let (reference, banner) = (reference::Reference::load().unwrap(), reference::Banner::load().unwrap());
    let hash = auth::passwords::hash("first").unwrap();
    db.write(super::actor(), Locks::none(), move |change| {
        super::seed::insert_reference(change, &reference)?;
        let setting =
            super::seed::Setting { since: super::seed::banner_day(), prefix: "", password_hash: &hash, now: now() };
        super::seed::insert_banner(change, &banner, &mut std::collections::BTreeMap::new(), setting)
    })
    .await
    .unwrap();
    assert_eq!(state(&db).await.0, Revision(1));

    prepare(&db, &Clock::standing_at(now()), "second", receipts()).await.unwrap();
    let (revision, _, records) = state(&db).await;
    assert_eq!(revision, Revision(2));

    prepare(&db, &Clock::standing_at(now() + TimeDelta::days(3)), "third", receipts()).await.unwrap();
    let again = state(&db).await;
    assert_eq!((again.0, &again.2), (revision, &records));
    for username in ["admin", "officer", "viewer", "t1", "cp-10"] {
        let read =
            move |snapshot: &mut db::read::Snapshot<'_>| db::accounts::find_by_username(snapshot.connection, username);
        let (_, hash) = db.read(read).await.unwrap().unwrap();
        let passwords = auth::passwords::Passwords::new().unwrap();
        assert!(passwords.verify("third".into(), hash).await.unwrap(), "{username}");
    }
}

#[tokio::test]
async fn other_data_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(folder.path());
    let version = RegionVersion {
        name_en: "Real".into(),
        name_zh: "真".into(),
        time_zone: None,
        validity_days: None,
        inspection_stands_days: None,
    };
    db.write(super::actor(), Locks::none(), move |change| {
        db::regions::insert(change, RegionId::new(), "150626", None, Day(now().date_naive()), &version)?;
        Ok(())
    })
    .await
    .unwrap();
    let refused = prepare(&db, &Clock::standing_at(now()), "kado-mire-suta", receipts()).await;
    assert!(matches!(refused, Err(DemoError::NotTheDemo)), "{refused:?}");
    let held = db.read(|snapshot| super::holds(snapshot.connection, &["T1".into()])).await.unwrap();
    assert_eq!((held, state(&db).await.0), (Holds::SomethingElse, Revision(1)));
}

fn receipts() -> Arc<ReceiptKeys> {
    Arc::new(ReceiptKeys::generate().unwrap())
}
