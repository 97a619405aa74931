//! The initial data of a world: the seed of the tests with its rules, a second quartermaster, a second depot for each team,
//! and an admin of the topmost bureau.

use std::collections::BTreeMap;

use base::error::Error;
use base::id::DepotId;
use chrono::NaiveDate;
use db::sql_types::Day;
use db::write::Change;
use db::{depots, organizations, regions};
use domain::account::{Belongs, Role};
use domain::revision::Revision;

use crate::app::TestApp;
use crate::database::{Backend, TestDatabase};
use crate::rows::{all_locks, tester};
use crate::{rules, seed};

/// Creates a database with this data; returns it with the ids of the depots by code.
pub async fn database(backend: Backend) -> (TestDatabase, BTreeMap<String, String>) {
    let app = TestApp::over(TestDatabase::create(backend)).await;
    rules::adopt(&app).await;
    app.db.write(tester(), all_locks(&app.db).await, plant).await.unwrap();
    let mut ids = BTreeMap::new();
    for code in ["T1-A", "T1-B", "T2-A", "T2-B", "E1-A"] {
        ids.insert(code.to_owned(), app.depot(code).await);
    }
    (app.into_database().await, ids)
}

fn plant(change: &mut Change<'_>) -> Result<(), Error> {
    let regions = regions::list(change.connection, Revision::LATEST)?;
    let top = regions.iter().find(|region| region.parent_id.is_none()).unwrap().id;
    seed::account(change, ("chief", Role::Admin, Belongs::Region(top)))?;
    let all = organizations::list(change.connection, Revision::LATEST)?;
    let ids: Vec<_> = all.iter().map(|organization| organization.id).collect();
    let version = depots::list(change.connection, &ids, Revision::LATEST)?.remove(0).versions.remove(0).value;
    let from = Day(NaiveDate::from_ymd_opt(2026, 1, 1).unwrap());
    for organization in all.iter().filter(|organization| organization.code.starts_with('T')) {
        let owner = change.for_organization(organization.id)?;
        depots::insert(change, DepotId::new(), &format!("{}-B", organization.code), owner, from, &version)?;
    }
    let first = all.iter().find(|organization| organization.code == "T1").unwrap().id;
    seed::account(change, ("t1-second", Role::Quartermaster, Belongs::Organization(first)))
}
