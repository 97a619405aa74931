//! The reference data kept in memory equals the stored data, whoever changed it.

use db::locks::Locks;
use db::reference_data::reference_data;
use db::{Db, items};
use domain::item::Unit;
use domain::revision::Revision;
use serde_json::json;

use crate::app::TestApp;
use crate::cases::cases;
use crate::database::TestDatabase;
use crate::rows::{add_region, tester};
use crate::rules::adopt;
use crate::seed;

cases![at_each_revision_they_are_what_is_stored, a_change_by_another_process_is_seen_at_once];

async fn at_each_revision_they_are_what_is_stored(app: TestApp) {
    for round in 0..3 {
        app.db.write(tester(), Locks::none(), add_region(format!("more {round}"))).await.unwrap();
        app.count("t1", "T1-A", json!([{ "item": "BOOTS", "quantity": round }])).await;
        if round == 1 {
            adopt(&app).await;
        }
        // More states than the cache keeps, there and back.
        let newest = 3 + 2 * round;
        for revision in (1..=newest).chain((1..=newest).rev()) {
            compare(&app.db, Revision(revision)).await;
        }
    }
}

/// Two processes on one database each have their own cache.
async fn a_change_by_another_process_is_seen_at_once(database: TestDatabase) {
    let (here, there) = (database.open(), database.open());
    here.write(tester(), Locks::none(), seed::plant).await.unwrap();
    let count =
        async |db: &Db| db.read(|snapshot| Ok(snapshot.reference_data(Revision::LATEST)?.items.len())).await.unwrap();
    assert_eq!((count(&here).await, count(&there).await), (3, 3));
    let add = |change: &mut db::write::Change<'_>| {
        let item = items::list(change.connection, Revision::LATEST)?.remove("BOOTS").unwrap();
        let version = &item.versions[0];
        items::insert(
            change,
            "GLOVES",
            &Unit { name: "pair".to_owned(), measured: false },
            version.valid_from.into(),
            &version.value,
        )
    };
    here.write(tester(), Locks::none(), add).await.unwrap();
    assert_eq!((count(&here).await, count(&there).await), (4, 4));
}

async fn compare(db: &Db, revision: Revision) {
    db.read(move |snapshot| {
        let kept = snapshot.reference_data(revision)?;
        assert_eq!(*kept, reference_data(snapshot.connection, revision)?, "{revision:?}");
        Ok(())
    })
    .await
    .unwrap();
}
