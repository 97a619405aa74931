//! Maintaining organizations: their hosts, their end, and two officers at the same time.

use base::error::Error;
use db::Db;
use db::locks::Locks;
use db::write::Change;
use domain::account::{Belongs, Role};
use domain::change::{Editor, IfMatch, Precondition, Put, PutOutcome};
use domain::organization::{NewOrganization, OrganizationKind};
use domain::revision::Revision;
use futures_util::future::join;
use serde_json::{Value, json};
use service::reference;

use crate::app::TestApp;
use crate::cases::cases;
use crate::database::TestDatabase;
use crate::regions::places;
use crate::rows::tester;
use crate::rules;
use crate::seed;

cases![
    an_organization_is_made_changed_and_ended,
    figures_and_phones_follow_a_changed_organization_at_once,
    a_brigade_is_hosted_by_an_enterprise_and_nothing_else_is,
    what_never_changes_is_refused,
    an_organization_of_another_region_is_as_if_it_were_not,
    of_two_officers_who_change_one_thing_at_once_one_is_told,
    of_two_officers_who_make_one_thing_at_once_one_is_told,
];

fn team(name: &str) -> Value {
    json!({"region": "159900", "kind": "rescue_team", "name_en": name, "name_zh": "队", "organization_type": "fire_station"})
}

async fn an_organization_is_made_changed_and_ended(app: TestApp) {
    rules::adopt(&app).await;
    let made = app.put_on("/organizations/T9", "officer", &team("Ninth"), None).await;
    assert_eq!(made.expect(201)["stored"]["active"], true);
    let lines = "/shortages?organization=T9&item=BOOTS";
    assert_eq!(app.read(lines).await["items"].as_array().unwrap().len(), 1);
    let before = app.read(lines).await["revision"].clone();

    let mut ended = team("Ninth");
    ended["active"] = json!(false);
    ended["valid_from"] = json!("2026-11-24");
    app.put_on("/organizations/T9", "officer", &ended, Some(made.header("etag"))).await.expect(200);
    app.clock.set(seed::now() + chrono::TimeDelta::days(1));
    assert_eq!(app.read("/organizations/T9").await["active"], false);
    assert_eq!(app.read(lines).await["items"], json!([]));
    assert_eq!(app.read(&format!("{lines}&as_of=2026-11-23")).await["items"].as_array().unwrap().len(), 1);
    let known = format!("{lines}&as_of=2026-11-24&revision={before}");
    assert_eq!(app.read(&known).await["items"].as_array().unwrap().len(), 1);

    // A change that does not mention it leaves it inactive; it can become active again.
    let tag = app.tag("/organizations/T9", "officer").await;
    let renamed = app.put_on("/organizations/T9", "officer", &team("Renamed"), Some(&tag)).await;
    assert_eq!(renamed.expect(200)["stored"]["active"], false);
    let mut again = team("Renamed");
    again["active"] = json!(true);
    app.put_on("/organizations/T9", "officer", &again, Some(renamed.header("etag"))).await.expect(200);
    assert_eq!(app.read("/organizations/T9").await["active"], true);
    let history = app.read("/organizations/T9/history").await;
    let actives: Vec<&Value> = history["items"].as_array().unwrap().iter().map(|row| &row["state"]["active"]).collect();
    assert_eq!(actives, [true, false, false, true]);
    assert_eq!(history["items"][0]["author"]["name"], "Holder of officer");
}

/// Of what is kept in memory nothing is from before the change.
async fn figures_and_phones_follow_a_changed_organization_at_once(app: TestApp) {
    rules::adopt(&app).await;
    let groups = async || {
        let summary = app.read("/shortages/summary?group_by=organization").await;
        let groups = summary["groups"].as_array().unwrap().clone();
        groups.iter().map(|group| group["key"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let lines_of_t1 = async || {
        let page = app.read("/shortages?limit=500").await;
        let lines = page["items"].as_array().unwrap().clone();
        lines.into_iter().filter(|line| line["organization"]["code"] == "T1").collect::<Vec<_>>()
    };
    assert!(groups().await.contains(&"T1".to_owned()));
    assert_ne!(lines_of_t1().await[0]["organization"]["name"], "Renamed");
    let pulled = app.get("/api/v1/sync").as_("t1").send().await.expect(200);

    app.put_on("/organizations/T1", "officer", &team("Renamed"), Some("*")).await.expect(200);
    assert_eq!(lines_of_t1().await[0]["organization"]["name"], "Renamed");
    let path = format!("/api/v1/sync?cursor={}", pulled["cursor"].as_str().unwrap());
    let changes = app.get(&path).as_("t1").send().await.expect(200)["changes"].to_string();
    assert!(changes.contains("Renamed"), "{changes}");

    let mut ended = team("Renamed");
    ended["active"] = json!(false);
    app.put_on("/organizations/T1", "officer", &ended, Some("*")).await.expect(200);
    assert!(!groups().await.contains(&"T1".to_owned()));
    assert_eq!(lines_of_t1().await, Vec::<Value>::new());
}

async fn a_brigade_is_hosted_by_an_enterprise_and_nothing_else_is(app: TestApp) {
    let hosted = |kind: &str, host: &str| {
        let mut body = team("Hosted");
        body["hosted_by"] = json!(host);
        body["kind"] = json!(kind);
        body
    };
    let put = async |code: &str, kind: &str, host: &str| {
        app.put_on(&format!("/organizations/{code}"), "officer", &hosted(kind, host), Some("*")).await
    };
    assert_eq!(put("T1", "rescue_team", "E1").await.expect(200)["stored"]["hosted_by"]["code"], "E1");
    assert_eq!(places(&put("T1", "rescue_team", "NONE").await), ["/hosted_by organization_unknown"]);
    // So no organization is its own host, directly or through others.
    for (code, kind, host, fault) in [
        ("T1", "rescue_team", "T1", "host_not_enterprise"),
        ("T2", "rescue_team", "T1", "host_not_enterprise"),
        ("E1", "enterprise", "E1", "hosted_not_team"),
        ("E1", "enterprise", "T1", "host_not_enterprise"),
    ] {
        assert_eq!(places(&put(code, kind, host).await), [format!("/hosted_by {fault}")], "{code} by {host}");
    }
    let mut free = team("Free");
    free["hosted_by"] = Value::Null;
    app.put_on("/organizations/T1", "officer", &free, Some("*")).await.expect(200);
    assert_eq!(app.read("/organizations/T1").await["hosted_by"], Value::Null);
}

async fn what_never_changes_is_refused(app: TestApp) {
    // Counted, so its kind stays.
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 1}])).await;
    let mut body = team("T1");
    body["kind"] = json!("enterprise");
    body["region"] = json!("150000");
    let answer = app.put_on("/organizations/T1", "officer", &body, Some("*")).await;
    assert_eq!(places(&answer), ["/region region_unknown", "/kind never_changes"]);
    let answer = app.put_on("/organizations/T9", "officer", &json!({"name_en": "A", "name_zh": "甲"}), None).await;
    assert_eq!(places(&answer), ["/region missing_field", "/kind missing_field"]);
    // Immutable fields may be left out of a change.
    let answer = app.put_on("/organizations/T1", "officer", &json!({"name_en": "A", "name_zh": "甲"}), Some("*")).await;
    assert_eq!(answer.expect(200)["stored"]["kind"], "rescue_team");
    let id = app.read("/organizations/T1").await["id"].as_str().unwrap().to_owned();
    let by_id = app.put_on(&format!("/organizations/{id}"), "officer", &team("By id"), Some("*")).await;
    assert_eq!(by_id.expect(200)["stored"]["code"], "T1");
}

async fn an_organization_of_another_region_is_as_if_it_were_not(app: TestApp) {
    app.db.write(tester(), Locks::none(), seed::plant_below).await.unwrap();
    let body = json!({"name_en": "A", "name_zh": "甲", "region": "159901", "kind": "rescue_team"});
    for code in ["T1", "NONE"] {
        let changed = app.put_on(&format!("/organizations/{code}"), "admin-below", &body, Some("*")).await;
        assert_eq!(changed.problem(412), "changed_meanwhile", "{code}");
    }
    let taken = app.put_on("/organizations/T1", "admin-below", &body, None).await;
    assert_eq!(taken.problem(409), "unavailable");
    app.put_on("/organizations/T8", "admin-below", &body, None).await.expect(201);
    app.put_on("/organizations/T8", "officer", &json!({"name_en": "B", "name_zh": "乙"}), Some("*")).await.expect(200);
    let elsewhere = app.put_on("/organizations/T7", "admin-below", &team("T7"), None).await;
    assert_eq!(places(&elsewhere), ["/region region_unknown"]);
}

/// Puts an organization on a state, without HTTP, so that two puts can run in two processes at the same time.
async fn put(db: &Db, name: &str, condition: Option<Revision>) -> Result<Put, Error> {
    let lookup = db.read(|snapshot| db::regions::list(snapshot.connection, Revision::LATEST)).await?;
    let banner = lookup.iter().find(|region| region.code == "159900").unwrap().id;
    let editor = Editor::of(Role::Officer, Belongs::Region(banner), seed::now());
    let new = NewOrganization {
        valid_from: None,
        region: Some("159900".to_owned()),
        kind: Some(OrganizationKind::RescueTeam),
        name_en: name.to_owned(),
        name_zh: name.to_owned(),
        organization_type: None,
        sector: None,
        hosted_by: None,
        credit_code: None,
        address: None,
        active: None,
    };
    let state = match condition {
        Some(last) => Precondition::Stated { if_match: IfMatch::Revisions(vec![last]), only_new: false },
        None => Precondition::Stated { if_match: IfMatch::Missing, only_new: true },
    };
    let key = "T9".to_owned();
    let work = move |change: &mut Change<'_>| reference::put(change, &editor, &key, &new, &state);
    Ok(db.write(tester(), Locks::none().reference(), work).await?.value)
}

async fn last_change_of(db: &Db) -> Option<Revision> {
    let all = db.read(|snapshot| db::organizations::list(snapshot.connection, Revision::LATEST)).await.unwrap();
    all.iter().find(|one| one.code == "T9").map(|one| domain::revision::last_change(&one.versions))
}

async fn of_two_officers_who_change_one_thing_at_once_one_is_told(database: TestDatabase) {
    let (left, right) = (database.open(), database.open());
    left.write(tester(), Locks::none(), seed::plant).await.unwrap();
    put(&left, "first", None).await.unwrap();
    for round in 0..10 {
        let seen = last_change_of(&left).await;
        let (one, other) = (format!("left {round}"), format!("right {round}"));
        let (one, other) = join(put(&left, &one, seen), put(&right, &other, seen)).await;
        let outcomes = [one, other];
        let changed = outcomes.iter().filter(|it| matches!(it, Ok(put) if put.outcome == PutOutcome::Changed)).count();
        let told = outcomes.iter().filter(|it| matches!(it, Err(Error::Changed(_)))).count();
        assert_eq!((changed, told), (1, 1), "{outcomes:?}");
    }
}

async fn of_two_officers_who_make_one_thing_at_once_one_is_told(database: TestDatabase) {
    let (left, right) = (database.open(), database.open());
    left.write(tester(), Locks::none(), seed::plant).await.unwrap();
    let (one, other) = join(put(&left, "left", None), put(&right, "right", None)).await;
    let outcomes = [one, other];
    let made = outcomes.iter().filter(|it| matches!(it, Ok(put) if put.outcome == PutOutcome::Created)).count();
    let told = outcomes.iter().filter(|it| matches!(it, Err(Error::Changed(_)))).count();
    assert_eq!((made, told), (1, 1), "{outcomes:?}");
    // The same content from both is one thing, and nobody needs to be told.
    let name = if outcomes[0].is_ok() { "left" } else { "right" };
    assert_eq!(put(&right, name, None).await.unwrap().outcome, PutOutcome::Repeated);
}
