//! The reference client against the real service, both in this process.

use std::path::Path;

use actix_web::http::Method;
use chrono::{DateTime, TimeDelta, Utc};
use client::draft::CountDraft;
use client::report::{End, QuarantineState, Round};
use client::transport::{self, Response, TransportError};
use client::{Phone, Surroundings};
use domain::assessment::Status;
use domain::stock::StockState;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use uuid::Uuid;

use crate::app::TestApp;
use crate::cases::cases;
use crate::seed;

cases![
    what_is_counted_offline_is_accepted_once_and_comes_back_as_stock,
    every_lost_exchange_is_made_good,
    a_phone_that_was_withdrawn_deposits_and_hears_what_became_of_it,
    what_an_officer_corrects_comes_back_with_its_receipt,
    tokens_are_refreshed_for_weeks,
    a_clock_that_is_wrong_by_a_year_is_corrected,
    a_copy_that_is_forty_days_old_shows_nothing_expired_or_stale,
];

type Call = (transport::Request, std::sync::mpsc::Sender<Response>);

/// The connection of a phone, on a thread of its own, to the application of the test.
struct Line {
    calls: UnboundedSender<Call>,
    clock: base::clock::Clock,
    /// The lead of the phone's clock.
    ahead: TimeDelta,
    /// The numbers of the exchanges whose answers are lost.
    lost: Vec<usize>,
}

impl Line {
    fn open(self, folder: &Path) -> Phone {
        let Self { calls, clock, ahead, lost } = self;
        let mut number = 0;
        let transport = move |request: &transport::Request| {
            let (answer, answered) = std::sync::mpsc::channel();
            calls.send((request.clone(), answer)).map_err(|_| TransportError("the test is over".into()))?;
            let response = answered.recv().map_err(|_| TransportError("the test is over".into()))?;
            number += 1;
            if lost.contains(&(number - 1)) { Err(TransportError("lost".into())) } else { Ok(response) }
        };
        let surroundings = Surroundings {
            clock: Box::new(move || clock.now() + ahead),
            transport: Box::new(transport),
            random: StdRng::seed_from_u64(1),
        };
        Phone::open(folder, surroundings).unwrap()
    }
}

impl TestApp {
    /// Works with a phone while its requests are answered.
    async fn with_phone<T: Send + 'static>(
        &self,
        (ahead, lost): (TimeDelta, Vec<usize>),
        work: impl FnOnce(Line) -> T + Send + 'static,
    ) -> T {
        let (calls, mut called) = unbounded_channel::<Call>();
        let line = Line { calls, clock: self.clock.clone(), ahead, lost };
        let phone = std::thread::spawn(move || work(line));
        while let Some((request, answer)) = called.recv().await {
            let _ = answer.send(self.carry(&request).await);
        }
        phone.join().unwrap()
    }

    async fn phone<T: Send + 'static>(
        &self,
        folder: &TempDir,
        work: impl FnOnce(&mut Phone) -> T + Send + 'static,
    ) -> T {
        let folder = folder.path().to_owned();
        self.with_phone((TimeDelta::zero(), vec![]), move |line| work(&mut line.open(&folder))).await
    }

    async fn carry(&self, request: &transport::Request) -> Response {
        let mut out = self.request(Method::from_bytes(request.method.as_bytes()).unwrap(), &request.path);
        for name in ["accept", "accept-encoding", "muster-device", "content-encoding", "authorization"] {
            if let Some(value) = request.header(name) {
                out = out.header(name, value);
            }
        }
        if let Some(media_type) = request.header("content-type") {
            out = out.body(media_type, request.body.clone());
        }
        let answer = out.send().await;
        let text = |(name, value): (&actix_web::http::header::HeaderName, &actix_web::http::header::HeaderValue)| {
            (name.as_str().to_owned(), value.to_str().unwrap().to_owned())
        };
        let headers = answer.headers.iter().map(text).collect();
        Response { status: answer.status.as_u16(), headers, body: answer.body.to_vec() }
    }

    async fn counts_of_t1(&self) -> Vec<Value> {
        let listed = self.get("/api/v1/counts?limit=500").as_("t1").send().await.expect(200);
        listed["items"].as_array().unwrap().clone()
    }
}

fn sign_in(phone: &mut Phone) {
    phone.sign_in("http://muster.example", "t1", seed::PASSWORD, "phone of T1").unwrap();
}

fn settled(round: &Round) {
    assert_eq!(round.end, End::Settled, "{round:?}");
}

/// Signs in and fetches everything.
fn ready(phone: &mut Phone) {
    sign_in(phone);
    settled(&phone.sync().unwrap());
}

/// Counts boots, and returns the id of the count.
pub fn boots(phone: &mut Phone, pairs: i16) -> Uuid {
    let lines = vec![("BOOTS".to_owned(), base::quantity::Quantity::whole(pairs))];
    let draft = CountDraft { depot: "T1-A".to_owned(), is_full: false, lines, note: None };
    let body = phone.draft_count(&draft).unwrap();
    phone.submit_count(&body).unwrap().id
}

/// The pairs of boots that are usable, by the copy.
fn boots_by_the_copy(phone: &mut Phone) -> Value {
    let stock = phone.mirrored("stock").unwrap();
    let document = &stock.iter().find(|one| one.key == "T1-A").unwrap().data;
    let place = |name: &str| document["columns"].as_array().unwrap().iter().position(|one| one == name).unwrap();
    let row = document["rows"].as_array().unwrap().iter().find(|row| row[place("item")] == "BOOTS").unwrap().clone();
    json!([row[place("usable_min")], row[place("usable_max")]])
}

async fn what_is_counted_offline_is_accepted_once_and_comes_back_as_stock(app: TestApp) {
    let (folder, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (id, copy) = app
        .phone(&folder, |phone| {
            ready(phone);
            let id = boots(phone, 12);
            let round = phone.sync().unwrap();
            settled(&round);
            assert_eq!((round.applied, round.quarantined, round.kept.len()), (1, 0, 0));
            assert_eq!(boots_by_the_copy(phone), json!([12, 12]));
            assert_eq!(phone.sync().unwrap().pulled, 0);
            (id, phone.mirror().unwrap())
        })
        .await;
    let counts = app.counts_of_t1().await;
    assert_eq!((counts.len(), &counts[0]["id"]), (1, &json!(id)));
    let fresh = app
        .phone(&other, |phone| {
            ready(phone);
            phone.mirror().unwrap()
        })
        .await;
    assert_eq!(copy, fresh);
}

async fn every_lost_exchange_is_made_good(app: TestApp) {
    // A sign-in is repeated by hand, the rest by further rounds.
    for lost in 1..9 {
        let folder = TempDir::new().unwrap();
        let path = folder.path().to_owned();
        let before = app.counts_of_t1().await.len();
        let (clock, start) = (app.clock.clone(), app.clock.now());
        app.with_phone((TimeDelta::zero(), vec![lost, lost + 1]), move |line| {
            let mut phone = line.open(&path);
            sign_in(&mut phone);
            let sync = |phone: &mut Phone| settled(&phone.sync_until_settled(5, &mut |_| {}).unwrap());
            sync(&mut phone);
            boots(&mut phone, 1);
            boots(&mut phone, 2);
            clock.set(start + TimeDelta::minutes(20));
            sync(&mut phone);
            assert_eq!((phone.waiting().unwrap().len(), phone.acknowledged().unwrap().len()), (0, 2), "{lost}");
        })
        .await;
        assert_eq!(app.counts_of_t1().await.len(), before + 2, "{lost}");
    }
}

async fn withdraw_phone(app: &TestApp) {
    let devices = app.get("/api/v1/devices?account=t1").as_("admin").send().await.expect(200);
    for device in devices["items"].as_array().unwrap() {
        let path = format!("/api/v1/devices/{}/withdraw", device["id"].as_str().unwrap());
        app.post(&path).as_("admin").json(&json!({"reason": "thought lost"})).send().await.expect(200);
    }
}

async fn a_phone_that_was_withdrawn_deposits_and_hears_what_became_of_it(app: TestApp) {
    let folder = TempDir::new().unwrap();
    app.phone(&folder, ready).await;
    withdraw_phone(&app).await;
    let (first, second, third) = app
        .phone(&folder, |phone| {
            // The pull finds it; from then on it is known before anything is sent.
            let mut deposit = |pairs| {
                let id = boots(phone, pairs);
                let round = phone.sync().unwrap();
                assert_eq!(round.end, End::SignInAgain { code: "session_ended".into() });
                assert_eq!((round.quarantined, phone.waiting().unwrap().len()), (1, 0));
                id
            };
            let ids = (deposit(1), deposit(2), deposit(3));
            assert_eq!(phone.quarantined().unwrap()[0].problem.as_ref().unwrap().code, "session_ended");
            ids
        })
        .await;
    let listed = app.get("/api/v1/quarantine?status=waiting").as_("officer").send().await.expect(200);
    for one in listed["items"].as_array().unwrap().iter().filter(|one| one["command_id"] != json!(third)) {
        let how = if one["command_id"] == json!(first) { "apply" } else { "set-aside" };
        let path = format!("/api/v1/quarantine/{}/{how}", one["id"].as_str().unwrap());
        app.post(&path).as_("officer").json(&json!({"reason": "asked them"})).send().await.expect(200);
    }
    app.phone(&folder, move |phone| {
        sign_in(phone);
        let round = phone.sync().unwrap();
        settled(&round);
        // All are pushed again; the one that nobody decided on is applied.
        assert_eq!((round.sent, round.applied), (3, 2));
        let acknowledged = phone.acknowledged().unwrap();
        let ids: Vec<_> = acknowledged.iter().map(|one| (one.id, one.is_own_content)).collect();
        assert_eq!(ids, [(first, true), (third, true)]);
        let set_aside = phone.quarantined().unwrap();
        assert_eq!((set_aside[0].id, set_aside[0].state), (second, QuarantineState::SetAside));
        assert_eq!(set_aside[0].decision.as_ref().unwrap().reason, "asked them");
        assert_eq!(boots_by_the_copy(phone), json!([3, 3]));
    })
    .await;
}

async fn what_an_officer_corrects_comes_back_with_its_receipt(app: TestApp) {
    let folder = TempDir::new().unwrap();
    let right = app.depot("T1-A").await;
    let id = app
        .phone(&folder, |phone| {
            ready(phone);
            let body = json!({"depot_id": Uuid::nil(), "scope": "listed", "counted_at": "2026-11-23T01:00:00Z",
                              "lines": [{"item": "BOOTS", "quantity": 4}]});
            let id = phone.submit_count(body.to_string().as_bytes()).unwrap().id;
            assert_eq!(phone.sync().unwrap().quarantined, 1);
            id
        })
        .await;
    let waiting = app.waiting().await;
    let meant = json!({"depot_id": right, "scope": "listed", "counted_at": "2026-11-23T01:00:00Z",
                       "lines": [{"item": "BOOTS", "quantity": 4}]});
    let path = format!("/api/v1/quarantine/{}/apply", waiting.as_str().unwrap());
    let verdict = json!({"reason": "meant their own", "data": meant});
    app.post(&path).as_("officer").json(&verdict).send().await.expect(200);
    app.phone(&folder, move |phone| {
        settled(&phone.sync().unwrap());
        let acknowledged = phone.acknowledged().unwrap();
        assert_eq!((acknowledged[0].id, acknowledged[0].count_id), (id, id));
        assert!(!acknowledged[0].is_own_content);
        assert_eq!(phone.quarantined().unwrap(), []);
    })
    .await;
}

async fn tokens_are_refreshed_for_weeks(app: TestApp) {
    let folder = TempDir::new().unwrap();
    app.phone(&folder, ready).await;
    for days in 1..6 {
        app.clock.set(seed::now() + TimeDelta::days(30 * days));
        app.phone(&folder, move |phone| {
            boots(phone, days.try_into().unwrap());
            settled(&phone.sync().unwrap());
        })
        .await;
    }
    assert_eq!(app.counts_of_t1().await.len(), 5);
}

async fn a_clock_that_is_wrong_by_a_year_is_corrected(app: TestApp) {
    for days in [-365, 365] {
        let folder = TempDir::new().unwrap();
        let path = folder.path().to_owned();
        let id = app
            .with_phone((TimeDelta::days(days), vec![]), move |line| {
                let mut phone = line.open(&path);
                ready(&mut phone);
                let id = boots(&mut phone, 3);
                settled(&phone.sync().unwrap());
                settled(&phone.sync().unwrap());
                assert_eq!(phone.acknowledged().unwrap().len(), 1);
                id
            })
            .await;
        let count = app.get(&format!("/api/v1/counts/{id}")).as_("t1").send().await.expect(200);
        let effective: DateTime<Utc> = count["effective_at"].as_str().unwrap().parse().unwrap();
        assert_eq!(effective, app.clock.now(), "{count}");
    }
}

/// The phone reads without a network, with only the copy, its clock and the rules.
async fn a_copy_that_is_forty_days_old_shows_nothing_expired_or_stale(app: TestApp) {
    crate::rules::adopt(&app).await;
    let masks = json!([
        {"item": "MASK", "quantity": 30, "lot": "OLD", "expires_on": "2026-12-24"},
        {"item": "MASK", "quantity": 2, "lot": "NEW", "expires_on": "2027-12-24"},
        {"item": "BOOTS", "quantity": 40}
    ]);
    app.count("t1", "T1-A", masks).await;
    let folder = TempDir::new().unwrap();
    app.phone(&folder, |phone| {
        sign_in(phone);
        assert_eq!(phone.sync().unwrap().end, End::Settled);
    })
    .await;
    let seen_after = async |days: i64| {
        let path = folder.path().to_owned();
        let read = move |line: Line| {
            let mut phone = line.open(&path);
            let age = phone.copy_age().unwrap().unwrap();
            let stock =
                phone.stock().unwrap().into_iter().find(|row| row.item == "MASK" && row.depot == "T1-A").unwrap();
            let line = phone.shortages().unwrap().into_iter().find(|row| row.item == "MASK").unwrap();
            let shown = [stock.usable, line.usable]
                .map(|usable| (usable.min.to_string(), usable.max.map(|max| max.to_string())));
            ((age.today - age.pulled_on).num_days(), shown.into_iter().collect::<Vec<_>>(), line.status, stock.state)
        };
        app.with_phone((TimeDelta::days(days), vec![]), read).await
    };
    let shown = |min: &str, max: Option<&str>| (min.to_owned(), max.map(ToOwned::to_owned));
    let (age, today, status, state) = seen_after(0).await;
    assert_eq!((age, status, state), (0, Status::Met, StockState::Counted));
    assert_eq!(today, [shown("32", Some("32")), shown("32", Some("32"))]);
    // The last usable day of the old lot, and the day after: 12 people need 12 masks.
    assert_eq!(seen_after(31).await.2, Status::Met);
    let (age, later, status, state) = seen_after(40).await;
    assert_eq!((age, status, state), (40, Status::Short, StockState::Counted));
    assert_eq!(later, [shown("2", Some("2")), shown("2", Some("2"))]);
    // The count is valid for 90 days.
    let (_, stale, status, state) = seen_after(91).await;
    assert_eq!((status, state), (Status::Unknown, StockState::Stale));
    assert_eq!(stale, [shown("0", None), shown("0", None)]);
    // A clock that goes back does not make the copy younger.
    assert_eq!(seen_after(-40).await.0, 0);
}
