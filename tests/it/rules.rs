//! Rules for the world of [`crate::seed`], and counts for its depots.

use base::error::Error;
use base::quantity::Quantity;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use db::sql_types::Day;
use db::write::Change;
use db::{facts, organizations, regions, standards};
use domain::account::Belongs;
use domain::fact::{FactKind, FactText, FactValue};
use domain::revision::Revision;
use domain::rule::{Rule, Strength};
use domain::standard::StandardDocument;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{Answer, TestApp};
use crate::rows::{all_locks, tester};
use crate::seed;

/// Adopts one standard for the banner: teams shall have 2 pairs of BOOTS per person and a spare of 4:1, and a MASK per
/// person, should have 100 kg of SAND, and shall have a choice that is not evaluated. `T1` has 12 people; the number of
/// `T2` is not recorded; `E1` is covered by no rule.
pub async fn adopt(app: &TestApp) {
    app.db.write(tester(), all_locks(&app.db).await, plant).await.unwrap();
}

/// Marks the fact sheet of an organization complete from the day the tests begin.
pub async fn mark_sheet_complete(app: &TestApp, code: &'static str) {
    let mark = move |change: &mut Change<'_>| {
        let all = organizations::list(change.connection, Revision::LATEST)?;
        let organization = all.iter().find(|organization| organization.code == code).unwrap().id;
        let organization = change.for_organization(organization)?;
        facts::mark_sheet(change, organization, Day(seed::now().date_naive()), true)
    };
    app.db.write(tester(), all_locks(&app.db).await, mark).await.unwrap();
}

fn plant(change: &mut Change<'_>) -> Result<(), Error> {
    let from = Day(NaiveDate::from_ymd_opt(2026, 1, 1).unwrap());
    let text = FactText {
        name_en: "People".into(),
        name_zh: "人数".into(),
        definition_en: "Members of the team.".into(),
        definition_zh: "队员人数。".into(),
    };
    facts::insert_definition(change, "people", FactKind::Number, Some("person"), from, &text)?;
    let document: StandardDocument = serde_json::from_value(json!({
        "title_en": "Test standard", "title_zh": "试验标准", "jurisdiction": "CN", "status": "in_force"
    }))
    .unwrap();
    let rules = [
        rule(
            "B1",
            json!({"item": "BOOTS"}),
            "pair",
            r#"{"rate":{"n":2,"of":"people","spare":{"ratio":{"for_each": 4, "reserve": 1}}}}"#,
            "mandatory",
        ),
        rule("M1", json!({"item": "MASK"}), "piece", r#"{"rate":{"n":1,"of":"people"}}"#, "mandatory"),
        rule("S1", json!({"item": "SAND"}), "kg", r#"{"rate":{"n":100}}"#, "recommended"),
        rule("X1", json!({"other": "a choice of lamps"}), "piece", r#"{"not_evaluated":"any_of"}"#, "mandatory"),
    ];
    standards::insert(change, "STD", from, &document, &rules)?;
    let regions = regions::list(change.connection, Revision::LATEST)?;
    let banner = regions.iter().find(|region| region.code == "159900").unwrap().id;
    standards::insert_adoption(change, banner, "STD", from, Some(Strength::Mandatory), None)?;
    let all = organizations::list_visible(change.connection, Belongs::Region(banner), Revision::LATEST)?;
    let t1 = all.iter().find(|organization| organization.code == "T1").unwrap().id;
    let t1 = change.for_organization(t1)?;
    facts::insert(change, t1, "people", from, FactValue::Number(Quantity::whole(12)))
}

fn rule(code: &str, selector: Value, unit: &str, quantity: &str, strength: &str) -> Rule {
    // Quantities are read from their digits, which a `Value` no longer has.
    let text = format!(
        r#"{{"code":"{code}","clause":"1","applies_when":{{"kind":"rescue_team"}},"scope":"team","selector":{selector},
        "quantity":{quantity},"unit":"{unit}","strength":"{strength}","text_en":"Clause {code}.","text_zh":"条文。",
        "confidence":"verified"}}"#
    );
    serde_json::from_str(&text).unwrap()
}

/// A count of some items of a depot, at an instant.
pub fn count(depot: &str, counted_at: DateTime<Utc>, lines: Value) -> Value {
    json!({
        "depot_id": depot, "scope": "listed", "lines": lines,
        "counted_at": counted_at.to_rfc3339_opts(SecondsFormat::Secs, true)
    })
}

impl TestApp {
    /// The id of a depot, by its code.
    pub async fn depot(&self, code: &str) -> String {
        let found = self
            .db
            .read(|snapshot| {
                let all = organizations::list(snapshot.connection, Revision::LATEST)?;
                let ids: Vec<_> = all.iter().map(|organization| organization.id).collect();
                db::depots::list(snapshot.connection, &ids, Revision::LATEST)
            })
            .await
            .unwrap();
        found.into_iter().find(|depot| depot.code == code).unwrap().id.to_string()
    }

    /// Submits a count made now under a new id; returns the id and the answer. Of counts made at one instant the last one
    /// sent is current, because ids grow and the clock stands still.
    pub async fn count(&self, username: &str, depot: &str, lines: Value) -> (Uuid, Value) {
        let id = Uuid::now_v7();
        let body = count(&self.depot(depot).await, self.clock.now(), lines);
        (id, self.submit(username, id, &body).await.expect(201))
    }

    /// Submits a count under an id.
    pub async fn submit(&self, username: &str, id: Uuid, body: &Value) -> Answer {
        self.put(&format!("/api/v1/counts/{id}")).as_(username).json(body).send().await
    }

    /// The only line of the shortage table for an organization and an item.
    pub async fn shortage(&self, organization: &str, item: &str) -> Value {
        let path = format!("/api/v1/shortages?organization={organization}&item={item}");
        let page = self.get(&path).as_("viewer").send().await.expect(200);
        assert_eq!(page["items"].as_array().unwrap().len(), 1, "{page}");
        page["items"][0].clone()
    }
}

/// The instant a number of minutes before the tests begin.
pub fn minutes_ago(minutes: i64) -> DateTime<Utc> {
    seed::now() - chrono::TimeDelta::minutes(minutes)
}
