//! Long tables: each is the pages of its list put together, takes a bounded room on the disk, and leaves nothing behind.

use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use base::error::Error;
use base::id::{DepotId, OrganizationId};
use chrono::NaiveDate;
use db::sql_types::Day;
use db::write::Change;
use db::{depots, organizations, regions};
use domain::depot::{DepotVersion, Holding};
use domain::organization::{OrganizationKind, OrganizationVersion};
use domain::revision::Revision;
use futures_util::future::poll_fn;
use futures_util::poll;
use muster::api::answer_files::FileBounds;
use muster::api::settings::Settings;
use serde_json::json;

use crate::app::{Answer, Lasting, TestApp};
use crate::cases::cases;
use crate::regions::faults;
use crate::rows::{all_locks, tester};
use crate::rules::adopt;

cases![
    a_table_is_the_pages_of_its_list_put_together,
    a_long_table_has_a_tag_and_a_length_and_is_known_by_it,
    a_client_that_goes_away_leaves_nothing_behind,
    tables_have_a_bound_that_is_told_before_the_first_byte,
];

/// Adds so many teams with a depot each.
pub async fn plant_teams(app: &TestApp, number: usize) {
    let plant = move |change: &mut Change<'_>| -> Result<(), Error> {
        let from = Day(NaiveDate::from_ymd_opt(2026, 1, 1).unwrap());
        let all = regions::list(change.connection, Revision::LATEST)?;
        let banner = all.iter().find(|region| region.code == "159900").unwrap().id;
        for number in 0..number {
            let (code, id) = (format!("R{number:04}"), OrganizationId::new());
            let version = OrganizationVersion {
                name_en: format!("Team {number}, \"of the plain\""),
                name_zh: format!("第{number}救援队"),
                organization_type: Some("fire_station".to_owned()),
                sector: None,
                hosted_by: None,
                credit_code: None,
                address: None,
                active: true,
            };
            organizations::insert(change, id, &code, banner, OrganizationKind::RescueTeam, from, &version)?;
            let depot = DepotVersion {
                name_en: format!("Depot {number}"),
                name_zh: format!("{number}库"),
                position: None,
                keeper: None,
                second_keeper: None,
                holding: Holding::Physical,
                open: true,
            };
            let owner = change.for_organization(id)?;
            depots::insert(change, DepotId::new(), &format!("{code}-A"), owner, from, &depot)?;
        }
        Ok(())
    };
    app.db.write(tester(), all_locks(&app.db).await, plant).await.unwrap();
}

/// The table of a list, or a part of it.
async fn table(app: &TestApp, path: &str) -> Answer {
    let answer = app.get(path).as_("viewer").send().await;
    assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
    answer
}

/// The parts of a table with so many entries each, put together.
async fn put_together(app: &TestApp, path: &str, limit: usize) -> Vec<u8> {
    let mut whole = Vec::new();
    let mut next = Some(format!("{path}&limit={limit}"));
    while let Some(path) = next {
        let part = table(app, &path).await;
        let header = part.body.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        whole.extend(if whole.is_empty() { &part.body[..] } else { &part.body[header..] });
        let link = part.header("link");
        next = link.strip_prefix('<').and_then(|link| Some(link.split_once('>')?.0.to_owned()));
    }
    whole
}

async fn a_table_is_the_pages_of_its_list_put_together(app: TestApp) {
    adopt(&app).await;
    plant_teams(&app, 60).await;
    for (username, depot) in [("t1", "T1-A"), ("t2", "T2-A"), ("e1", "E1-A")] {
        let lines = json!([
            {"item": "BOOTS", "quantity": 3}, {"item": "SAND", "quantity": 5},
            {"item": "MASK", "quantity": 4, "lot": "L1", "expires_on": "2026-12-02"},
        ]);
        app.count(username, depot, lines).await;
    }
    for list in ["shortages", "stock", "expiring", "organization-statuses", "fact-checks", "counts", "depots"] {
        let path = format!("/api/v1/{list}?format=csv");
        let whole = table(&app, &path).await;
        assert_eq!(whole.header("link"), "", "{list}");
        assert!(whole.body.len() > 100, "{list}: {whole:?}");
        for limit in [2, 50] {
            assert_eq!(
                String::from_utf8_lossy(&put_together(&app, &path, limit).await),
                String::from_utf8_lossy(&whole.body),
                "{list}"
            );
        }
    }
    let mut lines: Vec<String> = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = app.get(&format!("/api/v1/shortages?limit=100{cursor}")).as_("viewer").send().await.expect(200);
        lines.extend(page["items"].as_array().unwrap().iter().map(|line| line["line"].as_str().unwrap().to_owned()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let csv = table(&app, "/api/v1/shortages?format=csv").await;
    let mut reader = csv::Reader::from_reader(csv.body.as_ref());
    let place = |name: &str, headers: &csv::StringRecord| headers.iter().position(|header| header == name).unwrap();
    let headers = reader.headers().unwrap().clone();
    let (line, revision) = (place("line", &headers), place("revision", &headers));
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert!(lines.len() > 240 && rows.iter().map(|row| &row[line]).eq(lines.iter().map(String::as_str)));
    assert!(rows.iter().all(|row| row[revision] == rows[0][revision]), "one revision");
}

/// More lines than are kept in memory.
const MANY: usize = 640;

async fn a_long_table_has_a_tag_and_a_length_and_is_known_by_it(app: TestApp) {
    adopt(&app).await;
    plant_teams(&app, MANY).await;
    let path = "/api/v1/shortages?format=csv";
    let token = json!(app.token_of("viewer").await);
    let held = app.get(path).bearing(&token).begin().await;
    assert!(app.files.taken() > 500_000, "it lies in a file while nobody reads it: {}", app.files.taken());
    let answer = held.read().await;
    assert_eq!(app.files.taken(), 0);
    assert_eq!(answer.status, 200);
    let tag = answer.header("etag").to_owned();
    let known = app.get(path).bearing(&token).header("if-none-match", &tag).send().await;
    assert_eq!((known.status.as_u16(), known.header("etag"), known.body.len()), (304, tag.as_str(), 0));
    assert_eq!(app.files.taken(), 0);
    let packed = app.get(path).bearing(&token).header("accept-encoding", "gzip").send().await;
    assert_eq!((packed.header("content-encoding"), packed.header("etag")), ("gzip", tag.as_str()));
    let mut unpacked = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(packed.body.as_ref()), &mut unpacked).unwrap();
    assert!(unpacked == answer.body);
    assert_eq!(app.files.taken(), 0);
}

async fn a_client_that_goes_away_leaves_nothing_behind(app: TestApp) {
    adopt(&app).await;
    plant_teams(&app, MANY).await;
    let token = json!(app.token_of("viewer").await);
    let path = "/api/v1/shortages?format=csv";
    // While it is sent.
    let held = app.get(path).bearing(&token).begin().await;
    assert!(app.files.taken() > 0);
    drop(held);
    assert_eq!(app.files.taken(), 0);
    // While it is made: it is given up, and so is what it took.
    {
        let mut request = pin!(app.get(path).bearing(&token).send());
        let until_it_is_made = tokio::time::timeout(
            Duration::from_millis(300),
            poll_fn(|context| {
                assert!(request.as_mut().poll(context).is_pending(), "it takes seconds");
                Poll::<()>::Pending
            }),
        );
        assert!(until_it_is_made.await.is_err());
        assert!(poll!(request).is_pending());
    }
    let mut left = 200;
    while app.db.load().reading > 0 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        left -= 1;
        assert!(left > 0, "the read goes on for nobody");
    }
    assert_eq!(app.files.taken(), 0);
}

async fn tables_have_a_bound_that_is_told_before_the_first_byte(app: TestApp) {
    adopt(&app).await;
    plant_teams(&app, MANY).await;
    let path = "/api/v1/shortages?format=csv";
    let length = u64::try_from(table(&app, path).await.body.len()).unwrap();
    let bounded = |most| {
        let answer_files = FileBounds { most, sending: Duration::from_secs(60) };
        Lasting::new(Settings { answer_files, ..Settings::default() })
    };

    let app = TestApp::again(Arc::new(app.into_database().await), bounded(length * 3 / 2), None).await;
    let token = json!(app.token_of("viewer").await);
    let first = app.get(path).bearing(&token).begin().await;
    let other = app.get(path).bearing(&token).send().await;
    assert_eq!(other.problem(503), "busy");
    assert_ne!(other.header("retry-after"), "");
    assert_eq!(u64::try_from(first.read().await.body.len()).unwrap(), length);
    assert_eq!(app.files.taken(), 0);

    let app = TestApp::again(Arc::new(app.into_database().await), bounded(length - 1), None).await;
    for format in ["csv", "xlsx"] {
        let refused = app.get(&format!("/api/v1/shortages?format={format}")).as_("viewer").send().await;
        assert_eq!(faults(&refused), [("/format".to_owned(), "table_too_long".to_owned())], "{format}");
    }
    assert_eq!(app.files.taken(), 0);
    assert!(table(&app, &format!("{path}&limit=500")).await.header("link").ends_with("rel=\"next\""));
}
