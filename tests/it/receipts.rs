//! Receipts and chains: issued once and forever, checked by anybody, and a changed byte is found and named.

use std::fs;

use auth::receipts::{ReceiptChecks, ReceiptKeys, ReceiptRefusal};
use base::content::Content;
use base::id::{CountId, OrganizationId};
use chrono::TimeDelta;
use db::connection::AnyConnection;
use db::locks::Locks;
use db::migrations;
use db::receipts::EvidenceRow;
use db::schema::{counts, receipts};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel_migrations::MigrationHarness;
use domain::actor::{Subject, SubjectKind};
use domain::receipt::{FIRST, Link, LinkKind};
use domain::record::link::link_hash;
use futures_util::future::join_all;
use serde_json::{Value, json};
use service::chain::{self, Accepted};
use service::verify::{ReceiptMatch, Verified, match_receipt, verify_all};
use uuid::Uuid;

use crate::acceptances;
use crate::app::TestApp;
use crate::cases::cases;
use crate::process::{muster, text_of};
use crate::resolutions;
use crate::rows::tester;
use crate::rules::count;
use crate::seed;

cases![
    what_was_accepted_has_a_receipt_for_ever,
    a_receipt_is_checked_against_the_key_set_that_is_served,
    the_chain_has_no_gap_after_sixty_four_writers,
    one_changed_byte_is_found_and_named,
    what_was_taken_out_or_slipped_in_is_found,
    a_count_taken_over_after_a_restore_keeps_the_receipt_it_was_given,
    a_receipt_kept_for_a_count_it_was_not_given_for_is_found,
    a_receipt_is_set_against_the_present_chain,
    the_commands_say_what_was_taken_over,
    what_became_of_a_resolution_is_found_and_named,
    what_became_of_an_acceptance_is_found_and_named,
    links_of_a_kind_that_is_not_stored_are_named,
    chains_made_before_there_were_more_kinds_still_verify,
    the_version_of_a_record_decides_how_it_is_checked,
];

async fn what_was_accepted_has_a_receipt_for_ever(app: TestApp) {
    let (id, depot) = (Uuid::now_v7(), app.depot("T1-A").await);
    let body = count(&depot, seed::now(), json!([{ "item": "BOOTS", "quantity": 1 }]));
    let first = app.submit("t1", id, &body).await.expect(201)["receipt"].clone();
    let reason = json!({ "reason": "The wrong depot." });
    let void = async || app.post(&format!("/api/v1/counts/{id}/void")).as_("t1").json(&reason).send().await;
    let voided = void().await.expect(201)["receipt"].clone();
    assert_eq!(app.submit("t1", id, &body).await.expect(200)["receipt"], first);
    assert_eq!(void().await.expect(200)["receipt"], voided);
    let stored = app.get(&format!("/api/v1/counts/{id}/receipt")).as_("viewer").send().await.expect(200);
    assert_eq!(stored, json!({ "receipt": first, "chain_receipt": null, "void_receipt": voided }));
    let checks = checks(&app).await;
    let one = checks.check(first.as_str().unwrap()).unwrap();
    assert_eq!((one.link.kind, one.link.position, one.link.id), (LinkKind::Count, 1, id));
    assert_eq!(one.link.sha256, Content::of_json(serde_json::to_vec(&body).unwrap()).unwrap().sha256);
    assert_eq!((one.link.previous.as_str(), one.link.received_at), (FIRST, seed::now()));
    let other = checks.check(voided.as_str().unwrap()).unwrap();
    assert_eq!((other.link.kind, other.link.position, other.link.id), (LinkKind::Void, 2, id));
    assert_eq!(other.link.previous, one.hash);
    assert_eq!(app.get(&format!("/api/v1/counts/{id}/receipt")).as_("t2").send().await.problem(404), "not_found");
}

async fn a_receipt_is_checked_against_the_key_set_that_is_served(app: TestApp) {
    let (_, answer) = app.count("t1", "T1-A", json!([{ "item": "BOOTS", "quantity": 1 }])).await;
    let receipt = answer["receipt"].as_str().unwrap();
    let checks = checks(&app).await;
    assert!(checks.check(receipt).is_ok());
    let (head, signature) = receipt.rsplit_once('.').unwrap();
    let other = if signature.starts_with('A') { "B" } else { "A" };
    assert_eq!(checks.check(&format!("{head}.{other}{}", &signature[1..])), Err(ReceiptRefusal::WrongSignature));
    assert_eq!(checks.check("a.b.c"), Err(ReceiptRefusal::Unreadable));
    // An access token is signed by a key of the same set, but is not a receipt.
    assert_eq!(checks.check(&app.token_of("t1").await), Err(ReceiptRefusal::Unreadable));
    let stranger = auth::receipts::ReceiptKeys::generate().unwrap();
    assert_eq!(stranger.checks().check(receipt), Err(ReceiptRefusal::UnknownKey(app.receipts.key_id().to_owned())));
}

async fn the_chain_has_no_gap_after_sixty_four_writers(app: TestApp) {
    let depots = [("t1", app.depot("T1-A").await), ("t2", app.depot("T2-A").await)];
    let sent = join_all((0..64).map(|number| {
        let (username, depot) = &depots[number % 2];
        let body = count(depot, seed::now(), json!([{ "item": "BOOTS", "quantity": number }]));
        let app = &app;
        async move { app.submit(username, Uuid::now_v7(), &body).await.expect(201) }
    }));
    assert_eq!(sent.await.len(), 64);
    assert_eq!(verify(&app).await, Verified { organizations: 2, links: 64, ..Verified::default() });
}

/// Each change is made with the triggers disabled, found, and undone.
async fn one_changed_byte_is_found_and_named(app: TestApp) {
    let id = history(&app).await;
    let changes = [
        ("count_lines", "quantity = quantity + 1", "its line 0 is not what was accepted"),
        ("count_lines", "lot = 'B2'", "its line 0 is not what was accepted"),
        ("count_lines", "expires_on = '2030-01-01'", "its line 0 is not what was accepted"),
        ("count_lines", "condition = 'in_repair'", "its line 0 is not what was accepted"),
        ("count_lines", "place = 'shelf 3'", "its line 0 is not what was accepted"),
        ("count_lines", "source = 'device x'", "its line 0 is not what was accepted"),
        ("counts", "note = 'another'", "its header, or what it settles, is not what was accepted"),
        ("counts", "counted_by = 'another'", "its header, or what it settles, is not what was accepted"),
        ("counts", "device = 'another'", "its line 0 is not what was accepted"),
        ("counts", "seq = 7", "its header, or what it settles, is not what was accepted"),
        ("counts", "scope = 'full'", "its header, or what it settles, is not what was accepted"),
        ("voids", "reason = 'another'", "the void is not what was accepted"),
        ("receipts", "position = position + 10", "those between are missing"),
        ("receipts", "sha256 = record_sha256", "its hash is not the hash of what it says"),
        ("receipts", "hash = previous_hash", "its hash is not the hash of what it says"),
        ("receipts", "jws = replace(jws, '.', 'a.')", "its receipt does not verify"),
    ];
    let checks = checks(&app).await;
    let mut connection = app.database().connect();
    assert_eq!(verify_all(&mut connection, &checks).unwrap().findings, vec![]);
    for (table, change, what) in changes {
        let row = match table {
            "counts" => "id",
            "receipts" => "kind = 'count' AND subject_id",
            _ => "count_id",
        };
        let findings = tampered(&mut connection, &checks, &[table], |connection| {
            let literal = literal(connection, id);
            connection.batch_execute(&format!("UPDATE {table} SET {change} WHERE {row} = {literal}"))
        });
        let named = findings.iter().any(|text| text.contains(what) && text.contains(&id.to_string()));
        assert!(named, "{table}.{change}: {findings:#?}");
    }
    assert_eq!(verify_all(&mut connection, &checks).unwrap().findings, vec![]);
}

async fn what_was_taken_out_or_slipped_in_is_found(app: TestApp) {
    let id = history(&app).await;
    let checks = checks(&app).await;
    let mut connection = app.database().connect();
    let all = |connection: &mut AnyConnection, statements: &str| {
        let literal = literal(connection, id);
        connection.batch_execute(&statements.replace("{id}", &literal))
    };
    let gone = "DELETE FROM voids_of_depots WHERE count_id = {id}; DELETE FROM voids WHERE count_id = {id}";
    let tables = ["voids_of_depots", "voids"];
    let findings = tampered(&mut connection, &checks, &tables, |connection| all(connection, gone));
    assert!(findings.iter().any(|text| text.contains("the void is no longer stored")), "{findings:#?}");
    let line = "DELETE FROM count_lines WHERE count_id = {id} AND position = 1";
    let findings = tampered(&mut connection, &checks, &["count_lines"], |connection| all(connection, line));
    assert!(findings.iter().any(|text| text.contains("2 lines were accepted and 1 are stored")), "{findings:#?}");
    let link = "DELETE FROM receipts WHERE subject_id = {id} AND kind = 'void'";
    let findings = tampered(&mut connection, &checks, &["receipts"], |connection| all(connection, link));
    assert!(findings.iter().any(|text| text.contains("no link of the chain is about it")), "{findings:#?}");
}

async fn a_count_taken_over_after_a_restore_keeps_the_receipt_it_was_given(app: TestApp) {
    let id = history(&app).await;
    let linked = app.get(&format!("/api/v1/counts/{id}/receipt")).as_("t1").send().await.expect(200)["receipt"].clone();
    let given = receipt_of_another_chain(&app, linked.as_str().unwrap(), |link| link.position = 77);
    keep_evidence(&app, id, &given).await;
    let both = app.get(&format!("/api/v1/counts/{id}/receipt")).as_("t1").send().await.expect(200);
    assert_eq!((&both["receipt"], &both["chain_receipt"]), (&json!(given), &linked));
    let stored = app.db.read(move |snapshot| Ok(db::receipts::receipt_of(snapshot.connection, id)?)).await.unwrap();
    assert_eq!(stored, Some(given));
    let verified = verify(&app).await;
    assert_eq!(verified.findings, vec![]);
    let notes: Vec<String> = verified.notes.iter().map(ToString::to_string).collect();
    assert_eq!(notes, [format!("T1 link 2, count {id}: taken over with a receipt from before a restore")]);
}

async fn a_receipt_kept_for_a_count_it_was_not_given_for_is_found(app: TestApp) {
    let wrong: [(&str, fn(&mut Link)); 6] = [
        ("for another count", |link| link.kind = LinkKind::Void),
        ("for another count", |link| link.id = Uuid::nil()),
        ("to another organization", |link| link.organization = OrganizationId(Uuid::nil())),
        ("for other content", |link| link.sha256 = FIRST.to_owned()),
        ("for another time of receipt", |link| link.received_at += TimeDelta::microseconds(1)),
        ("for another time of counting", |link| link.effective_at = None),
    ];
    let mut expected = Vec::new();
    for (what, change) in wrong {
        let (id, answer) = app.count("t1", "T1-A", json!([{ "item": "BOOTS", "quantity": 1 }])).await;
        let given = receipt_of_another_chain(&app, answer["receipt"].as_str().unwrap(), change);
        keep_evidence(&app, id.into(), &given).await;
        expected.push(format!("count {id}: the receipt that it was taken over with was given {what}"));
    }
    let (id, answer) = app.count("t1", "T1-A", json!([{ "item": "BOOTS", "quantity": 1 }])).await;
    let stranger = ReceiptKeys::generate().unwrap();
    let link = checks(&app).await.check(answer["receipt"].as_str().unwrap()).unwrap().link;
    keep_evidence(&app, id.into(), &stranger.sign(&link, &link_hash(&link).unwrap()).unwrap()).await;
    let verified = verify(&app).await;
    assert_eq!(verified.missing_keys, [(stranger.key_id().to_owned(), 1)].into());
    assert_eq!(verified.notes, vec![]);
    let found: Vec<String> =
        verified.findings.iter().map(|found| format!("{} {}: {}", found.kind, found.id, found.what)).collect();
    assert_eq!(found, expected);
}

async fn a_receipt_is_set_against_the_present_chain(app: TestApp) {
    app.count("t1", "T1-A", json!([{ "item": "BOOTS", "quantity": 1 }])).await;
    let (_, answer) = app.count("t1", "T1-A", json!([{ "item": "BOOTS", "quantity": 2 }])).await;
    let given = answer["receipt"].as_str().unwrap();
    let cases: [(fn(&mut Link), ReceiptMatch, &str); 4] = [
        (|_| (), ReceiptMatch::Present(2), "genuine, and the present chain has the same link at position 2"),
        (
            |link| link.position = 9,
            ReceiptMatch::Elsewhere(2),
            "genuine, from before a restore: the present chain has its content at position 2",
        ),
        (
            |link| link.id = Uuid::nil(),
            ReceiptMatch::Absent,
            "genuine, from before a restore: the present chain does not have its content",
        ),
        (
            |link| link.sha256 = FIRST.to_owned(),
            ReceiptMatch::OtherContent,
            "genuine, but the present chain has other content under its id",
        ),
    ];
    for (change, expected, text) in cases {
        let receipt = checks(&app).await.check(&receipt_of_another_chain(&app, given, change)).unwrap();
        let found = app.db.read(move |snapshot| match_receipt(snapshot.connection, &receipt)).await.unwrap();
        assert_eq!((found.to_string().as_str(), found), (text, expected));
    }
}

async fn the_commands_say_what_was_taken_over(app: TestApp) {
    let id = history(&app).await;
    let linked = app.get(&format!("/api/v1/counts/{id}/receipt")).as_("t1").send().await.expect(200)["receipt"].clone();
    let given = receipt_of_another_chain(&app, linked.as_str().unwrap(), |link| link.position = 77);
    keep_evidence(&app, id, &given).await;
    let folder = tempfile::tempdir().unwrap();
    let keys = app.get("/.well-known/jwks.json").send().await.expect(200);
    fs::write(folder.path().join("jwks.json"), keys.to_string()).unwrap();
    fs::write(folder.path().join("given.jws"), &given).unwrap();
    fs::write(folder.path().join("linked.jws"), linked.as_str().unwrap()).unwrap();
    app.db.close().await.unwrap();
    let database = text_of(&app.database().url);
    let verify = |arguments: &[&str]| -> String {
        let all = [&["verify"], arguments, &["--keys", "jwks.json", "--database-url", &database]].concat();
        let output = muster(folder.path(), &all, &[]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let said = verify(&["receipt", "given.jws"]);
    assert!(said.contains("\"position\": 77"), "{said}");
    assert!(
        said.ends_with("}\ngenuine, from before a restore: the present chain has its content at position 2\n"),
        "{said}"
    );
    let said = verify(&["receipt", "linked.jws"]);
    assert!(said.ends_with("}\ngenuine, and the present chain has the same link at position 2\n"), "{said}");
    let note = format!("Note: T1 link 2, count {id}: taken over with a receipt from before a restore");
    let all = "Verified 4 links of 1 organization: all are as they were accepted.";
    assert_eq!(verify(&["chain"]), format!("{note}\n{all}\n"));
}

async fn what_became_of_a_resolution_is_found_and_named(app: TestApp) {
    let lines = json!([{ "item": "BOOTS", "quantity": 1 }]);
    let (one, _) = app.count("t1", "T1-A", lines.clone()).await;
    let (other, _) = app.count("t1", "T1-A", lines).await;
    let id = resolutions::resolve(&app, "T1-A", "BOOTS", &[one]).await;
    let reason = json!({ "reason": "The wrong count." });
    app.post(&format!("/api/v1/resolutions/{id}/void")).as_("officer").json(&reason).send().await.expect(201);
    let checks = checks(&app).await;
    let mut connection = app.database().connect();
    assert_eq!(verify_all(&mut connection, &checks).unwrap().findings, vec![]);
    let named = "the counts that it takes out are not what was accepted";
    let other = uuid_literal(&connection, other);
    let of_resolution = uuid_literal(&connection, id);
    for (table, statement, what) in [
        ("resolutions", "UPDATE resolutions SET resolved_by = 'another'", "its header is not what was accepted"),
        ("resolutions", "UPDATE resolutions SET item_code = 'MASK'", named),
        ("resolution_counts", "UPDATE resolution_counts SET item_code = 'MASK'", named),
        ("resolution_counts", &format!("UPDATE resolution_counts SET count_id = {other}"), named),
        ("resolution_counts", "DELETE FROM resolution_counts", named),
        (
            "resolution_counts",
            &format!("INSERT INTO resolution_counts VALUES ({of_resolution}, {other}, 'BOOTS')"),
            named,
        ),
        ("resolution_voids", "UPDATE resolution_voids SET reason = 'another'", "the void is not what was accepted"),
        ("resolution_voids", "DELETE FROM resolution_voids", "the void is no longer stored"),
        ("receipts", "DELETE FROM receipts WHERE kind = 'resolution_void'", "no link of the chain is about it"),
    ] {
        let tampered = tampered(&mut connection, &checks, &[table], |connection| connection.batch_execute(statement));
        let found = tampered.iter().any(|text| text.contains(what) && text.contains(&id.to_string()));
        assert!(found, "{statement}: {tampered:#?}");
    }
}

async fn what_became_of_an_acceptance_is_found_and_named(app: TestApp) {
    let acceptances::Accepted { id, inspection, .. } = acceptances::accept(&app, "t1", "T1-A", "BOOTS").await;
    let checks = checks(&app).await;
    let mut connection = app.database().connect();
    assert_eq!(verify_all(&mut connection, &checks).unwrap().findings, vec![]);
    let named = "the acceptance is not what was accepted";
    let inspection = uuid_literal(&connection, inspection);
    for (table, statement, what) in [
        ("acceptances", "UPDATE acceptances SET reason = 'another'", named),
        ("acceptances", "UPDATE acceptances SET item_code = 'MASK'", named),
        ("acceptances", &format!("UPDATE acceptances SET count_id = {inspection}"), named),
        ("acceptances", "DELETE FROM acceptances", "what it is about is no longer stored"),
        ("receipts", "DELETE FROM receipts WHERE kind = 'acceptance'", "no link of the chain is about it"),
    ] {
        let tampered = tampered(&mut connection, &checks, &[table], |connection| connection.batch_execute(statement));
        let found = tampered.iter().any(|text| text.contains(what) && text.contains(&id.to_string()));
        assert!(found, "{statement}: {tampered:#?}");
    }
}

async fn links_of_a_kind_that_is_not_stored_are_named(app: TestApp) {
    let (_, answer) = app.count("t1", "T1-A", json!([{ "item": "BOOTS", "quantity": 1 }])).await;
    let organization = checks(&app).await.check(answer["receipt"].as_str().unwrap()).unwrap().link.organization;
    let (id, keys) = (Uuid::now_v7(), app.receipts.clone());
    app.db
        .write(tester(), Locks::organization(organization), move |change| {
            let change_set = change.record(Subject::new(SubjectKind::Count, id)).change_set;
            let accepted = Accepted {
                change_set,
                kind: LinkKind::Decision,
                id,
                sha256: FIRST,
                received_at: seed::now().into(),
                effective_at: None,
            };
            let organization = change.for_organization(organization)?;
            chain::append(change, &keys, organization, accepted, FIRST)
        })
        .await
        .unwrap();
    let found: Vec<String> = verify(&app).await.findings.iter().map(ToString::to_string).collect();
    let what = "what it is about is no longer stored";
    assert_eq!(found, [format!("T1 link 2, decision {id}: {what}")]);
}

/// The migration makes the table anew on one of the databases.
async fn chains_made_before_there_were_more_kinds_still_verify(app: TestApp) {
    history(&app).await;
    let before = verify(&app).await;
    assert_eq!((before.links, &before.findings), (4, &vec![]));
    let mut connection = app.database().connect();
    let undone = |connection: &mut AnyConnection| match connection {
        AnyConnection::Sqlite(connection) => connection.revert_last_migration(migrations::SQLITE).unwrap().to_string(),
        AnyConnection::Postgres(connection) => {
            connection.revert_last_migration(migrations::POSTGRES).unwrap().to_string()
        }
    };
    while undone(&mut connection) != "20261125000012" {}
    drop(connection);
    migrations::run(&app.database().url).unwrap();
    assert_eq!(verify(&app).await, before);
}

/// A link without a version is from before versions were stored.
async fn the_version_of_a_record_decides_how_it_is_checked(app: TestApp) {
    let id = history(&app).await;
    let checks = checks(&app).await;
    let mut connection = app.database().connect();
    let current: i64 =
        receipts::table.filter(receipts::record_version.eq(1)).count().get_result(&mut connection).unwrap();
    assert_eq!(current, 4);
    let mut with = |version: &str| {
        let statement = format!("UPDATE receipts SET record_version = {version} WHERE kind = 'void'");
        tampered(&mut connection, &checks, &["receipts"], |connection| connection.batch_execute(&statement))
    };
    assert_eq!(with("NULL"), Vec::<String>::new());
    let unknown = "its record is of version 2, which this program does not know";
    assert_eq!(with("2"), [format!("T1 link 3, void {id}: {unknown}")]);
}

/// A genuine receipt of another chain, such as one from before a restore.
fn receipt_of_another_chain(app: &TestApp, jws: &str, change: impl Fn(&mut Link)) -> String {
    let mut link = app.receipts.checks().check(jws).unwrap().link;
    change(&mut link);
    app.receipts.sign(&link, &link_hash(&link).unwrap()).unwrap()
}

/// Stores a receipt as that of a count that was taken over.
async fn keep_evidence(app: &TestApp, count_id: CountId, jws: &str) {
    let jws = jws.to_owned();
    app.db
        .write(tester(), Locks::none(), move |change| {
            // As if it had come with the count.
            let change_set = db::counts::find(change.connection, count_id)?.unwrap().row.change_set;
            let row = EvidenceRow { count_id, change_set, jws: jws.clone() };
            Ok(db::receipts::insert_evidence(change, &row)?)
        })
        .await
        .unwrap();
}

/// A count with every field, among others; it is voided.
async fn history(app: &TestApp) -> CountId {
    app.count("t1", "T1-A", json!([{ "item": "BOOTS", "quantity": 1 }])).await;
    let id = Uuid::now_v7();
    let lines = json!([
        { "item": "MASK", "quantity": 4, "lot": "B1", "expires_on": "2027-01-31" },
        { "item": "SAND", "quantity": 2.5 },
    ]);
    let mut body = count(&app.depot("T1-A").await, seed::now(), lines);
    body["note"] = json!("after the drill");
    let put = app.put(&format!("/api/v1/counts/{id}")).as_("t1").header("muster-device", "phone-7");
    put.header("muster-seq", "3").json(&body).send().await.expect(201);
    let reason = json!({ "reason": "The wrong depot." });
    app.post(&format!("/api/v1/counts/{id}/void")).as_("t1").json(&reason).send().await.expect(201);
    app.count("t1", "T1-A", json!([{ "item": "BOOTS", "quantity": 2 }])).await;
    id.into()
}

/// The findings of a verification after a change made with the triggers switched off; the change is rolled back.
fn tampered(
    connection: &mut AnyConnection,
    checks: &ReceiptChecks,
    tables: &[&str],
    change: impl Fn(&mut AnyConnection) -> QueryResult<()>,
) -> Vec<String> {
    let mut findings = Vec::new();
    let _ = connection.transaction::<(), diesel::result::Error, _>(|connection| {
        for table in tables {
            match connection {
                AnyConnection::Postgres(connection) => {
                    connection.batch_execute(&format!("ALTER TABLE {table} DISABLE TRIGGER USER"))?;
                }
                AnyConnection::Sqlite(connection) => connection.batch_execute(&format!(
                    "DROP TRIGGER {table}_refuse_update; DROP TRIGGER {table}_refuse_delete"
                ))?,
            }
        }
        change(connection).unwrap();
        let verified = verify_all(connection, checks).unwrap();
        findings = verified.findings.iter().map(ToString::to_string).collect();
        Err(diesel::result::Error::RollbackTransaction)
    });
    findings
}

/// An id as the database writes it.
fn literal(connection: &mut AnyConnection, id: CountId) -> String {
    let there: i64 = counts::table.filter(counts::id.eq(id)).count().get_result(connection).unwrap();
    assert_eq!(there, 1);
    uuid_literal(connection, id.into())
}

fn uuid_literal(connection: &AnyConnection, id: Uuid) -> String {
    match connection {
        AnyConnection::Postgres(_) => format!("'{id}'"),
        AnyConnection::Sqlite(_) => format!("x'{}'", id.simple()),
    }
}

async fn checks(app: &TestApp) -> ReceiptChecks {
    let served = app.get("/.well-known/jwks.json").send().await;
    let keys: Value = served.expect(200);
    assert_eq!(keys["keys"].as_array().unwrap().len(), 2, "one of access tokens and one of receipts");
    ReceiptChecks::of_key_set(&keys.to_string()).unwrap()
}

async fn verify(app: &TestApp) -> Verified {
    let checks = checks(app).await;
    app.db.read(move |snapshot| verify_all(snapshot.connection, &checks)).await.unwrap()
}
