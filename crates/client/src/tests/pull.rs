//! The copy: pages, resets, decisions.

use chrono::TimeDelta;
use serde_json::json;

use super::fake::{Fault, answer, problem};
use super::{World, body, is_again, nothing_is_lost, settled};
use crate::draft::CountDraft;
use crate::error::PhoneError;
use crate::report::QuarantineState;
use base::content::Content;
use base::quantity::Quantity;
use domain::assessment::Status;

#[test]
fn the_copy_follows_what_is_put_and_what_goes() {
    let world = World::new();
    let mut phone = world.ready();
    {
        let mut fake = world.service.borrow_mut();
        fake.put("item", "L2010101", json!({ "code": "L2010101", "name_en": "Renamed" }));
        for number in 0..5 {
            fake.put("item", &format!("N{number}"), json!({ "code": number }));
        }
        fake.things.remove(&("item".to_owned(), "L2010103".to_owned()));
    }
    let round = phone.sync().unwrap();
    settled(&round);
    assert_eq!(round.pulled, 7);
    nothing_is_lost(&world, &mut phone, 0);
    assert_eq!(phone.sync().unwrap().pulled, 0);
}

#[test]
fn a_pull_that_breaks_off_goes_on_where_it_was() {
    let world = World::new();
    let mut phone = world.ready();
    for number in 0..7 {
        world.service.borrow_mut().put("item", &format!("N{number}"), json!({ "code": number }));
    }
    let next = world.service.borrow().exchanges;
    world.service.borrow_mut().faults.insert(next + 2, Fault::LoseAnswer);
    let first = phone.sync().unwrap();
    assert!(is_again(&first));
    assert_eq!(first.pulled, 4);
    drop(phone);
    let mut phone = world.open();
    let second = phone.sync().unwrap();
    settled(&second);
    assert_eq!(second.pulled, 3);
    nothing_is_lost(&world, &mut phone, 0);
}

#[test]
fn a_page_that_is_no_page_changes_nothing() {
    let world = World::new();
    let mut phone = world.ready();
    let bad = [
        json!({ "hello": 1 }),
        json!({ "changes": [{ "type": "item", "op": "explode", "key": "L2010101" }], "cursor": "0.1.0", "more": false }),
        json!({ "changes": [{ "type": "item", "op": "delete", "key": "L2010101" }], "more": false }),
    ];
    for page in bad {
        world.service.borrow_mut().instead.push(("GET", "/api/v1/sync", answer(200, &page)));
        assert!(is_again(&phone.sync().unwrap()), "{page}");
        nothing_is_lost(&world, &mut phone, 0);
    }
    settled(&phone.sync().unwrap());
}

#[test]
fn a_pull_that_does_not_move_on_ends() {
    let world = World::new();
    let mut phone = world.ready();
    let page = json!({ "changes": [], "cursor": "0.1.0", "more": true });
    world.service.borrow_mut().instead.extend([(); 9].map(|()| ("GET", "/api/v1/sync", answer(200, &page))));
    assert!(is_again(&phone.sync().unwrap()));
}

#[test]
fn after_a_cursor_that_the_service_cannot_read_all_is_pulled_and_pushed_anew() {
    let world = World::new();
    let mut phone = world.ready();
    phone.submit_count(&body(1)).unwrap();
    settled(&phone.sync().unwrap());
    world.service.borrow_mut().requests.clear();
    world.service.borrow_mut().instead.push(("GET", "/api/v1/sync", problem(422, "values_not_taken")));
    let round = phone.sync().unwrap();
    settled(&round);
    // Without it, it would be unknown whether the service still has what it confirmed.
    assert_eq!((round.pulled, round.was_reset, round.sent, round.repeated), (4, false, 1, 1));
    nothing_is_lost(&world, &mut phone, 1);
}

#[test]
fn after_a_restore_of_the_service_what_it_lost_is_pushed_again_with_its_receipts() {
    let world = World::new();
    let mut phone = world.ready();
    for number in 0..150 {
        phone.submit_count(&body(number)).unwrap();
    }
    let suspicious = phone.submit_count(&body(150)).unwrap();
    world.service.borrow_mut().suspicious.insert(suspicious.id.to_string());
    settled(&phone.sync().unwrap());
    let before = phone.acknowledged().unwrap();
    world.pass(TimeDelta::days(30));
    {
        let mut fake = world.service.borrow_mut();
        fake.restore();
        fake.requests.clear();
    }
    let round = phone.sync().unwrap();
    settled(&round);
    assert!(round.was_reset);
    assert_eq!((round.sent, round.applied, round.quarantined), (151, 150, 1));
    assert_eq!(phone.acknowledged().unwrap(), before);
    let pushes = world.pushes();
    for command in pushes.iter().flat_map(|push| push["commands"].as_array().unwrap()) {
        let known = before.iter().find(|known| known.id.to_string() == command["id"]);
        assert_eq!(command["receipt"].as_str(), known.map(|known| known.receipt.as_str()));
    }
    let fake = world.service.borrow();
    assert_eq!(fake.stored.len(), 151);
    assert!(before.iter().all(|known| fake.stored[&known.id.to_string()].receipt.as_ref() == Some(&known.receipt)));
    drop(fake);
    // Once is enough.
    world.service.borrow_mut().requests.clear();
    settled(&phone.sync().unwrap());
    assert_eq!(world.pushes().len(), 0);
}

#[test]
fn what_was_accepted_is_kept_for_90_days_and_longer_while_it_waits_to_be_pushed_again() {
    let world = World::new();
    let mut phone = world.ready();
    phone.submit_count(&body(1)).unwrap();
    settled(&phone.sync().unwrap());
    world.pass(TimeDelta::days(89));
    settled(&phone.sync().unwrap());
    assert_eq!(phone.acknowledged().unwrap().len(), 1);

    // The service starts over, and does not take the push for weeks.
    world.service.borrow_mut().restore();
    let next = world.service.borrow().exchanges;
    // Two pages; then the push.
    world.service.borrow_mut().faults.insert(next + 2, Fault::LoseRequest);
    assert!(is_again(&phone.sync().unwrap()));
    world.pass(TimeDelta::days(30));
    world.service.borrow_mut().instead.push(("POST", "/api/v1/sync", problem(503, "busy")));
    assert!(is_again(&phone.sync().unwrap()));
    assert!(phone.acknowledged().unwrap()[0].is_to_repeat);
    settled(&phone.sync().unwrap());
    assert_eq!(world.service.borrow().stored.len(), 1);
    assert_eq!(phone.acknowledged().unwrap(), []);
}

#[test]
fn what_the_service_refuses_to_take_again_is_kept_however_old_it_is() {
    let world = World::new();
    let mut phone = world.ready();
    phone.submit_count(&body(1)).unwrap();
    settled(&phone.sync().unwrap());
    {
        let mut fake = world.service.borrow_mut();
        fake.restore();
        fake.largest = 10;
    }
    for _ in 0..2 {
        let round = phone.sync().unwrap();
        settled(&round);
        assert_eq!(round.kept.len(), 1);
        assert!(phone.acknowledged().unwrap()[0].is_to_repeat);
        world.pass(TimeDelta::days(100));
    }
    world.service.borrow_mut().largest = 1024 * 1024;
    settled(&phone.sync().unwrap());
    assert_eq!(world.service.borrow().stored.len(), 1);
}

#[test]
fn a_clock_far_from_the_services_drops_nothing() {
    let world = World::new();
    let mut phone = world.ready();
    phone.submit_count(&body(1)).unwrap();
    settled(&phone.sync().unwrap());
    let date = world.clock.get().to_rfc2822();
    world.pass(TimeDelta::days(365));
    let mut page = answer(200, &json!({ "changes": [], "cursor": "0.1.0", "more": false }));
    page.headers.push(("date".to_owned(), date));
    world.service.borrow_mut().instead.push(("GET", "/api/v1/sync", page));
    settled(&phone.sync().unwrap());
    assert_eq!(phone.acknowledged().unwrap().len(), 1);
}

#[test]
fn what_an_officer_decides_reaches_the_sender() {
    let world = World::new();
    let mut phone = world.ready();
    let queued: Vec<_> = (0..3).map(|number| phone.submit_count(&body(number)).unwrap()).collect();
    for command in &queued {
        world.service.borrow_mut().suspicious.insert(command.id.to_string());
    }
    settled(&phone.sync().unwrap());
    assert_eq!(phone.quarantined().unwrap().len(), 3);

    let corrected = uuid::Uuid::from_u128(99).to_string();
    {
        let mut fake = world.service.borrow_mut();
        let sign = |id: &str, body: Vec<u8>| {
            let sha256 = Content::of_json(body).unwrap().sha256;
            json!({ "iss": "muster", "kind": "count", "id": id, "sha256": sha256 })
        };
        let id = queued[0].id.to_string();
        let applied = super::fake::receipt(&fake.key, &sign(&id, body(0)));
        fake.put(
            "quarantine",
            "1",
            json!({
                "command_id": id, "status": "applied", "count_id": id, "receipt": applied, "reason": "it exists now",
            }),
        );
        let other = super::fake::receipt(&fake.key, &sign(&corrected, body(77)));
        fake.put(
            "quarantine",
            "2",
            json!({
                "command_id": queued[1].id, "status": "applied", "count_id": corrected, "receipt": other,
            }),
        );
        fake.put(
            "quarantine",
            "3",
            json!({
                "command_id": queued[2].id, "status": "set_aside", "reason": "counted twice",
            }),
        );
    }
    let round = phone.sync().unwrap();
    settled(&round);
    assert_eq!(round.applied, 2);
    let acknowledged = phone.acknowledged().unwrap();
    let told: Vec<_> =
        acknowledged.iter().map(|command| (command.id, command.count_id.to_string(), command.is_own_content)).collect();
    assert_eq!(told, [(queued[0].id, queued[0].id.to_string(), true), (queued[1].id, corrected, false)]);
    let set_aside = &phone.quarantined().unwrap()[0];
    assert_eq!((set_aside.id, set_aside.state), (queued[2].id, QuarantineState::SetAside));
    assert_eq!(set_aside.decision.as_ref().unwrap().reason, "counted twice");
    assert_eq!(set_aside.problem.as_ref().unwrap().code, "depot_unknown");
}

#[test]
fn a_count_is_drafted_offline_from_the_copy() {
    let world = World::new();
    let mut phone = world.ready();
    let draft = CountDraft {
        depot: "T3-D1".to_owned(),
        is_full: false,
        lines: vec![("L2010101".to_owned(), "12.5".parse::<Quantity>().unwrap())],
        note: None,
    };
    let body = phone.draft_count(&draft).unwrap();
    assert_eq!(
        String::from_utf8(body).unwrap(),
        "{\"depot_id\":\"00000000-0000-0000-0000-000000000007\",\"scope\":\"listed\",\
         \"counted_at\":\"2026-11-18T11:06:40.000000Z\",\"catalogue_revision\":1,\
         \"lines\":[{\"item\":\"L2010101\",\"quantity\":12.5}]}"
    );
    let line = |item: &str, quantity: &str| vec![(item.to_owned(), quantity.parse::<Quantity>().unwrap())];
    let wrong = [
        CountDraft { depot: "T9-D1".to_owned(), ..draft.clone() },
        CountDraft { depot: "T3-D9".to_owned(), ..draft.clone() },
        CountDraft { lines: line("L9", "0"), ..draft.clone() },
        CountDraft { lines: line("L2010103", "1.5"), ..draft.clone() },
        CountDraft { lines: line("L2010101", "-1"), ..draft.clone() },
        CountDraft { lines: [draft.lines.clone(), draft.lines.clone()].concat(), ..draft.clone() },
    ];
    for draft in wrong {
        assert!(matches!(phone.draft_count(&draft), Err(PhoneError::Invalid(_))), "{draft:?}");
    }
}

#[test]
fn of_a_catalogue_that_is_half_here_no_full_count_is_made() {
    let world = World::new();
    let mut phone = world.ready();
    let revision = phone.status().unwrap().revision;
    for number in 0..7 {
        world.service.borrow_mut().put("item", &format!("N{number}"), json!({ "code": number }));
    }
    let next = world.service.borrow().exchanges;
    world.service.borrow_mut().faults.insert(next + 1, Fault::LoseAnswer);
    assert!(is_again(&phone.sync().unwrap()));
    // The phone has at least what it had before.
    assert_eq!(phone.status().unwrap().revision, revision);
    let draft = CountDraft { depot: "T3-D1".to_owned(), is_full: true, lines: vec![], note: None };
    assert!(phone.draft_count(&draft).is_ok());

    world.service.borrow_mut().restore();
    let next = world.service.borrow().exchanges;
    world.service.borrow_mut().faults.insert(next + 1, Fault::LoseAnswer);
    assert!(is_again(&phone.sync().unwrap()));
    assert!(matches!(phone.draft_count(&draft), Err(PhoneError::Invalid(_))));
    settled(&phone.sync().unwrap());
    assert!(phone.draft_count(&draft).is_ok());
}

/// What is only recommended is below it or at it, whichever word the service had for it.
#[test]
fn a_copy_of_an_earlier_service_is_read_as_one_of_today() {
    let world = World::new();
    let mut phone = world.ready();
    let columns = ["item", "strength", "usable_min", "usable_max", "shortage_min", "shortage_max", "status"];
    for (strength, said, expected) in [
        ("mandatory", "short", Status::Short),
        ("mandatory", "met", Status::Met),
        ("recommended", "short", Status::Below),
        ("recommended", "met", Status::At),
        ("recommended", "below", Status::Below),
        ("optional", "at", Status::At),
        ("optional", "unknown", Status::Unknown),
        // A word of a later service: worked out from 5 required and 2 usable.
        ("mandatory", "a later word", Status::Short),
        ("reference", "a later word", Status::Below),
    ] {
        let rows = json!([["L2010101", strength, 2, 2, 3, 3, said]]);
        let required = json!({
            "columns": ["item", "strength", "required_min", "required_max"], "rows": [["L2010101", strength, 5, 5]]
        });
        {
            let mut fake = world.service.borrow_mut();
            fake.put("requirements", "T3", required);
            fake.put("assessments", "T3", json!({ "columns": columns, "rows": rows }));
        }
        settled(&phone.sync().unwrap());
        let found: Vec<Status> = phone.shortages().unwrap().into_iter().map(|line| line.status).collect();
        assert_eq!(found, [expected], "{strength} {said}");
    }
}
