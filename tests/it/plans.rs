//! How the databases carry out the statements of frequent requests: through an index, whatever is stored.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use auth::receipts::ReceiptKeys;
use base::content::Content;
use base::id::{CountId, DepotId};
use db::connection::AnyConnection;
use db::locks::{Key, Locks};
use db::{accounts, organizations};
use diesel::connection::{Connection as _, InstrumentationEvent, SimpleConnection as _};
use diesel::prelude::*;
use domain::account::{Account, Belongs};
use domain::new_count::NewCount;
use domain::revision::Revision;
use serde_json::json;
use service::chain::Signer;
use service::counts::{DeviceSaid, Submission, submit};
use service::moment::{Moment, MomentQuery};
use service::sync::pull::pull;
use service::sync::rights::Reader;
use service::today::Today;
use uuid::Uuid;

use crate::app::TestApp;
use crate::cases::cases;
use crate::rows::tester;
use crate::rules::adopt;
use crate::seed;

cases![frequent_requests_scan_no_table_that_grows];

/// The tables that grow with the organizations there are, with what they count, or with time.
const GROWING: [&str; 34] = [
    "acceptances",
    "accounts",
    "audit_changes",
    "audit_entries",
    "audit_subjects",
    "bearing_counts",
    "count_drafts",
    "count_lines",
    "count_resolves",
    "count_resolves_awaited",
    "counts",
    "declared_targets",
    "depot_owners",
    "depot_versions",
    "depots",
    "device_commands",
    "device_reports",
    "exemption_ends",
    "exemptions",
    "fact_sheets",
    "facts",
    "ledger_decisions",
    "ledger_rows",
    "organization_changes",
    "organization_kinds",
    "organization_versions",
    "organizations",
    "quarantine",
    "receipts",
    "resolution_counts",
    "resolutions",
    "revisions",
    "voids",
    "voids_of_depots",
];

/// The statements that were run.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<BTreeSet<String>>>);

impl Statements {
    /// Collects what a connection runs from now on.
    fn watch(&self, connection: &mut AnyConnection) {
        let statements = Arc::clone(&self.0);
        connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                let text = query.to_string();
                let statement = text.split(" -- binds").next().unwrap_or_default().to_owned();
                statements.lock().unwrap().insert(statement);
            }
        });
    }

    fn release(connection: &mut AnyConnection) {
        connection.set_instrumentation(|_: InstrumentationEvent<'_>| {});
    }

    fn take(self) -> BTreeSet<String> {
        let verbs = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"];
        let all = self.0.lock().unwrap().clone();
        all.into_iter().filter(|statement| verbs.iter().any(|verb| statement.starts_with(verb))).collect()
    }
}

async fn frequent_requests_scan_no_table_that_grows(app: TestApp) {
    adopt(&app).await;
    let account = account(&app, "t1").await;
    let depot: DepotId = app.depot("T1-A").await.parse().unwrap();
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 3}])).await;
    let statements = Statements::default();
    submit_one(&app, &account, depot, &statements).await;
    read_all(&app, &account, depot, &statements).await;
    let statements = statements.take();
    assert!(statements.len() > 30, "{} statements", statements.len());

    let mut connection = app.database().connect();
    let scans: Vec<String> = statements.iter().flat_map(|statement| scans_of(&mut connection, statement)).collect();
    assert!(scans.is_empty(), "{}", scans.join("\n\n"));
    // A statement that does scan is found out.
    let scan = "SELECT COUNT(*) FROM counts WHERE note = 'x'";
    assert!(!scans_of(&mut connection, scan).is_empty());
}

async fn account(app: &TestApp, username: &'static str) -> Account {
    let found = app.db.read(move |snapshot| accounts::find_by_username(snapshot.connection, username)).await;
    found.unwrap().unwrap().0
}

async fn submit_one(app: &TestApp, account: &Account, depot: DepotId, statements: &Statements) {
    let body = json!({
        "depot_id": depot, "scope": "full", "counted_at": app.clock.now(), "catalogue_revision": 1,
        "lines": [{"item": "BOOTS", "quantity": 4}, {"item": "MASK", "quantity": 2, "lot": "A1"}]
    });
    let bytes = serde_json::to_vec(&body).unwrap();
    let count = serde_json::from_slice::<NewCount>(&bytes).unwrap().check().unwrap();
    let device = DeviceSaid { name: Some("phone-1".to_owned()), seq: Some(1), sent_at: None };
    let content = Content::of_json(bytes).unwrap();
    let submission = Submission::new(CountId(Uuid::now_v7()), count, content, device, seed::now());
    let Belongs::Organization(organization) = account.belongs else { panic!("{account:?}") };
    let (keys, author, statements): (Arc<ReceiptKeys>, _, _) =
        (app.receipts.clone(), account.author(), statements.clone());
    let locks = Locks::organization(organization).keys([Key::sender(account.id)]);
    app.db
        .write(tester(), locks, move |change| {
            statements.watch(change.connection);
            let locked = change.for_organization(organization)?;
            let stored = submit(change, Signer { author: &author, keys: &keys }, locked, &submission);
            Statements::release(change.connection);
            stored.map(drop)
        })
        .await
        .unwrap();
}

/// Reads the figures of an organization and of a bureau, what an explanation needs besides, and what a phone pulls.
async fn read_all(app: &TestApp, account: &Account, depot: DepotId, statements: &Statements) {
    let (account, statements, now) = (account.clone(), statements.clone(), app.clock.now());
    app.db
        .read(move |snapshot| {
            let reader = Reader { account: account.clone(), scopes: None };
            let before = serde_json::to_value(pull(snapshot, &reader, None, now)?).unwrap();
            let today = Today::default();
            let moment = Moment::resolve(snapshot, MomentQuery::default(), now)?;
            today.compute_missing(snapshot, &moment, usize::MAX)?;
            statements.watch(snapshot.connection);
            let Belongs::Organization(id) = account.belongs else { panic!("{account:?}") };
            let organizations = organizations::list_some(snapshot.connection, &[], &[id], Revision::LATEST)?;
            let visible = today.visible(snapshot, account.belongs, moment.revision)?;
            today.figures(snapshot, &moment, visible)?;
            let longest = snapshot.reference_data(moment.revision)?.longest_validity_days();
            let records =
                db::reference_data::records(snapshot.connection, &organizations, moment.revision, longest, |_| {
                    now + chrono::TimeDelta::days(1)
                })?;
            let depots: Vec<DepotId> = records.iter().flat_map(|one| &one.depots).map(|depot| depot.id).collect();
            let day = now.date_naive();
            service::lot_details::of_depots(snapshot.connection, &depots, day, moment.revision)?;
            db::ledger_rows::list_of_day(snapshot.connection, &depots, day, moment.revision)?;
            db::stock_counts::voided(snapshot.connection, depot, moment.revision, now, 50)?;
            db::organization_changes::since(snapshot.connection, Revision(1))?;
            db::sessions::state(snapshot.connection, base::id::SessionId::new())?;
            pull(snapshot, &reader, before["cursor"].as_str(), now)?;
            Statements::release(snapshot.connection);
            Ok(())
        })
        .await
        .unwrap();
}

/// The steps of a statement that read a table which grows from one end to the other.
fn scans_of(connection: &mut AnyConnection, statement: &str) -> Vec<String> {
    // Of the newest revision, one row is read.
    let is_of_newest = statement.contains("revision") && statement.contains("DESC LIMIT");
    let steps: Vec<String> = match connection {
        AnyConnection::Sqlite(connection) => explained_by_sqlite(connection, statement),
        AnyConnection::Postgres(connection) => explained_by_postgres(connection, statement),
    };
    let is_scan = |step: &&String| {
        let words: Vec<&str> = step.split_whitespace().collect();
        let scanned = words.windows(2).find(|pair| pair[0] == "SCAN").map(|pair| pair[1]);
        let scanned =
            scanned.or_else(|| words.windows(4).find(|part| part[..3] == ["Seq", "Scan", "on"]).map(|part| part[3]));
        let scanned = scanned.map(|table| table.trim_matches('"'));
        scanned.is_some_and(|table| GROWING.contains(&table) && !(table == "revisions" && is_of_newest))
    };
    steps.iter().filter(is_scan).map(|step| format!("{step}\n  {statement}")).collect()
}

fn explained_by_sqlite(connection: &mut diesel::sqlite::SqliteConnection, statement: &str) -> Vec<String> {
    #[derive(QueryableByName)]
    struct Detail {
        #[diesel(sql_type = diesel::sql_types::Text)]
        detail: String,
    }
    let steps: Vec<Detail> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(connection).unwrap();
    steps.into_iter().map(|step| step.detail).chain(rewound_by_sqlite(connection, statement)).collect()
}

/// The tables that a statement reads from their first row on. The plan alone does not tell of those that SQLite reads for the
/// sake of foreign keys.
fn rewound_by_sqlite(connection: &mut diesel::sqlite::SqliteConnection, statement: &str) -> Vec<String> {
    #[derive(QueryableByName)]
    struct Instruction {
        #[diesel(sql_type = diesel::sql_types::Text)]
        opcode: String,
        #[diesel(sql_type = diesel::sql_types::Integer)]
        p1: i32,
        #[diesel(sql_type = diesel::sql_types::Integer)]
        p2: i32,
    }
    #[derive(QueryableByName)]
    struct Table {
        #[diesel(sql_type = diesel::sql_types::Text)]
        name: String,
        #[diesel(sql_type = diesel::sql_types::Integer)]
        rootpage: i32,
    }
    let tables = "SELECT name, rootpage FROM sqlite_schema WHERE type = 'table'";
    let tables: Vec<Table> = diesel::sql_query(tables).load(connection).unwrap();
    let program: Vec<Instruction> = diesel::sql_query(format!("EXPLAIN {statement}")).load(connection).unwrap();
    let opened = |cursor: i32| {
        let opens = |step: &&Instruction| step.opcode.starts_with("Open") && step.p1 == cursor;
        let root = program.iter().find(opens)?.p2;
        tables.iter().find(|table| table.rootpage == root)
    };
    let rewinds = program.iter().filter(|step| step.opcode == "Rewind");
    rewinds.filter_map(|step| Some(format!("SCAN {}", opened(step.p1)?.name))).collect()
}

/// With small tables PostgreSQL would rather read them as a whole; told not to, it does so where no index serves.
fn explained_by_postgres(connection: &mut PgConnection, statement: &str) -> Vec<String> {
    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = diesel::sql_types::Text)]
        #[diesel(column_name = "QUERY PLAN")]
        line: String,
    }
    connection
        .batch_execute("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan; DEALLOCATE ALL")
        .unwrap();
    connection.batch_execute(&format!("PREPARE asked AS {statement}")).unwrap();
    let values = (1..).take_while(|number| statement.contains(&format!("${number}"))).count();
    let values = vec!["NULL"; values].join(", ");
    let execute =
        if values.is_empty() { "EXPLAIN EXECUTE asked".to_owned() } else { format!("EXPLAIN EXECUTE asked({values})") };
    let lines: Vec<Line> = diesel::sql_query(execute).load(connection).unwrap();
    lines.into_iter().map(|line| line.line).collect()
}
