//! The commands sent, and the effects of their answers.

use ed25519_dalek::SigningKey;
use serde_json::{Value, json};
use uuid::Uuid;

use super::fake::{self, Fault, problem};
use super::{World, body, is_again, nothing_is_lost, settled};
use crate::codes;
use crate::report::{QuarantineState, WaitingState};

#[test]
fn a_count_leaves_the_queue_with_a_receipt_that_was_checked() {
    let world = World::new();
    let mut phone = world.ready();
    let queued = phone.submit_count(&body(1)).unwrap();
    assert_eq!(queued.seq, 1);
    let round = phone.sync().unwrap();
    settled(&round);
    assert_eq!((round.sent, round.applied, round.repeated), (1, 1, 0));
    nothing_is_lost(&world, &mut phone, 1);
    let push = &world.pushes()[0];
    assert_eq!(push["device_id"], phone.status().unwrap().device_id);
    assert_eq!((&push["queued"], &push["commands"][0]["type"]), (&json!(1), &json!("submit_count")));
    assert_eq!(push["sent_at"], "2026-11-18T11:06:40.000000Z");
}

#[test]
fn a_lost_answer_is_made_good_by_the_same_again() {
    let world = World::new();
    let mut phone = world.ready();
    phone.submit_count(&body(1)).unwrap();
    let next = world.service.borrow().exchanges;
    world.service.borrow_mut().faults.insert(next, Fault::LoseAnswer);
    assert!(is_again(&phone.sync().unwrap()));
    assert_eq!(phone.waiting().unwrap()[0].attempts, 1);
    let round = phone.sync().unwrap();
    settled(&round);
    assert_eq!((round.applied, round.repeated), (1, 1));
    nothing_is_lost(&world, &mut phone, 1);
}

#[test]
fn a_long_queue_goes_out_oldest_first_in_requests_of_a_bounded_size() {
    let world = World::new();
    let mut phone = world.ready();
    for number in 0..250 {
        phone.submit_count(&body(number)).unwrap();
    }
    settled(&phone.sync().unwrap());
    let sizes: Vec<_> = world
        .pushes()
        .iter()
        .map(|push| (push["commands"].as_array().unwrap().len(), push["queued"].clone()))
        .collect();
    assert_eq!(sizes, [(100, json!(250)), (100, json!(150)), (50, json!(50))]);
    let pushes = world.pushes();
    let seqs: Vec<i64> = pushes
        .iter()
        .flat_map(|push| push["commands"].as_array().unwrap().iter().map(|command| command["seq"].as_i64().unwrap()))
        .collect();
    assert_eq!(seqs, (1..=250).collect::<Vec<_>>());
    nothing_is_lost(&world, &mut phone, 250);
}

#[test]
fn large_bodies_go_out_in_several_requests() {
    let world = World::new();
    let mut phone = world.ready();
    for number in 0..5 {
        let note = "x".repeat(100 * 1024);
        phone.submit_count(json!({ "note": note, "number": number }).to_string().as_bytes()).unwrap();
    }
    settled(&phone.sync().unwrap());
    let sizes: Vec<_> = world.pushes().iter().map(|push| push["commands"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [2, 2, 1]);
}

#[test]
fn what_is_too_large_for_the_service_is_split_until_it_fits() {
    let world = World::new();
    let mut phone = world.ready();
    world.service.borrow_mut().largest = 1500;
    for number in 0..40 {
        phone.submit_count(&body(number)).unwrap();
    }
    settled(&phone.sync().unwrap());
    nothing_is_lost(&world, &mut phone, 40);
}

#[test]
fn one_command_that_the_service_refuses_does_not_stand_in_the_way_of_others() {
    let world = World::new();
    let mut phone = world.ready();
    for number in 0..10 {
        phone.submit_count(&body(number)).unwrap();
    }
    let poison = phone.submit_count(br#"{"poison":true}"#).unwrap();
    for number in 11..20 {
        phone.submit_count(&body(number)).unwrap();
    }
    let round = phone.sync().unwrap();
    settled(&round);
    assert_eq!(round.applied, 19);
    assert_eq!(round.kept.last().map(|kept| (kept.id, kept.code.as_str())), Some((poison.id, "values_not_taken")));
    let waiting = phone.waiting().unwrap();
    assert_eq!((waiting.len(), waiting[0].id, waiting[0].state), (1, poison.id, WaitingState::Held));
    // The next rounds try it alone and after the others.
    world.service.borrow_mut().requests.clear();
    phone.submit_count(&body(30)).unwrap();
    settled(&phone.sync().unwrap());
    let seqs: Vec<_> = world.pushes().iter().map(|push| push["commands"][0]["seq"].clone()).collect();
    assert_eq!(seqs, [json!(21), json!(11)]);
}

/// The changes that a network or a confused service may make to a list of three results.
#[test]
fn only_a_result_in_its_place_moves_a_command() {
    type Mangle = fn(&mut Vec<Value>);
    let cases: [(&str, Mangle, usize); 7] = [
        ("as they are", |_| {}, 3),
        ("reordered", |results| results.swap(0, 2), 1),
        ("all reordered", |results| results.rotate_left(1), 0),
        ("one missing at the end", |results| results.truncate(2), 2),
        ("one missing at the beginning", |results| drop(results.remove(0)), 0),
        ("one doubled at the end", |results| results.push(results[2].clone()), 3),
        ("one doubled at the beginning", |results| results.insert(0, results[0].clone()), 1),
    ];
    for (name, mangle, applied) in cases {
        let world = World::new();
        let mut phone = world.ready();
        for number in 0..3 {
            phone.submit_count(&body(number)).unwrap();
        }
        world.service.borrow_mut().mangle = Some(mangle);
        let round = phone.sync().unwrap();
        assert_eq!((round.applied, round.kept.len()), (applied, 3 - applied), "{name}");
        assert_eq!(is_again(&round), applied < 3, "{name}");
        world.service.borrow_mut().mangle = None;
        settled(&phone.sync().unwrap());
        nothing_is_lost(&world, &mut phone, 3);
    }
}

#[test]
fn a_quarantine_in_the_place_of_another_moves_nothing() {
    let world = World::new();
    let mut phone = world.ready();
    let queued: Vec<_> = (0..3).map(|number| phone.submit_count(&body(number)).unwrap().id).collect();
    world.service.borrow_mut().suspicious.insert(queued[2].to_string());
    world.service.borrow_mut().mangle = Some(|results| results.swap(0, 2));
    let round = phone.sync().unwrap();
    assert_eq!((round.applied, round.quarantined, round.kept.len()), (1, 0, 2));
    assert_eq!(phone.quarantined().unwrap(), []);
    world.service.borrow_mut().mangle = None;
    settled(&phone.sync().unwrap());
    assert_eq!(phone.quarantined().unwrap()[0].id, queued[2]);
}

#[test]
fn a_receipt_that_is_not_of_what_was_sent_is_kept_out() {
    type Mangle = fn(&mut Vec<Value>);
    fn replace(results: &mut [Value], key: u8, change: fn(&mut Value)) {
        let id = results[0]["id"].clone();
        let sha256 = base::content::Content::of_json(body(1)).unwrap().sha256;
        let mut claims = json!({ "iss": "muster", "kind": "count", "id": id, "sha256": sha256 });
        change(&mut claims);
        results[0]["receipt"] = fake::receipt(&SigningKey::from_bytes(&[key; 32]), &claims).into();
    }
    let cases: [(&str, Mangle, bool); 10] = [
        ("a right one", |results| replace(results, 1, |_| {}), true),
        ("of another key", |results| replace(results, 9, |_| {}), false),
        ("of other content", |results| replace(results, 1, |claims| claims["sha256"] = "ab".repeat(32).into()), false),
        ("of another id", |results| replace(results, 1, |claims| claims["id"] = Uuid::nil().to_string().into()), false),
        ("of a void", |results| replace(results, 1, |claims| claims["kind"] = "void".into()), false),
        ("of another issuer", |results| replace(results, 1, |claims| claims["iss"] = "mustard".into()), false),
        (
            "with a changed signature",
            |results| {
                let receipt = results[0]["receipt"].as_str().unwrap();
                let (head, signature) = receipt.rsplit_once('.').unwrap();
                let first = if signature.starts_with('A') { "B" } else { "A" };
                results[0]["receipt"] = format!("{head}.{first}{}", &signature[1..]).into();
            },
            false,
        ),
        ("that is none", |results| results[0]["receipt"] = "yes".into(), false),
        ("that is missing", |results| results[0]["receipt"] = Value::Null, false),
        ("of another count, undecided", |results| results[0]["count_id"] = Uuid::nil().to_string().into(), false),
    ];
    for (name, mangle, is_right) in cases {
        let world = World::new();
        let mut phone = world.ready();
        let queued = phone.submit_count(&body(1)).unwrap();
        world.service.borrow_mut().mangle = Some(mangle);
        let round = phone.sync().unwrap();
        assert_eq!(round.applied == 1, is_right, "{name}");
        if is_right {
            continue;
        }
        assert!(is_again(&round), "{name}");
        assert_eq!(round.kept[0].id, queued.id, "{name}");
        let waiting = phone.waiting().unwrap();
        assert_eq!(waiting[0].problem.as_ref().unwrap().code, round.kept[0].code, "{name}");
        assert!([codes::RECEIPT_WRONG, codes::RECEIPT_MISSING].contains(&round.kept[0].code.as_str()), "{name}");
        world.service.borrow_mut().mangle = None;
        settled(&phone.sync().unwrap());
        nothing_is_lost(&world, &mut phone, 1);
    }
}

#[test]
fn keys_are_fetched_once_and_again_for_a_receipt_of_a_new_one() {
    let world = World::new();
    let mut phone = world.ready();
    for number in 0..3 {
        phone.submit_count(&body(number)).unwrap();
        settled(&phone.sync().unwrap());
    }
    assert_eq!(world.asked("jwks"), 1);
    {
        let mut fake = world.service.borrow_mut();
        let new = SigningKey::from_bytes(&[2; 32]);
        let old = std::mem::replace(&mut fake.key, new);
        fake.retired.push(old);
    }
    phone.submit_count(&body(3)).unwrap();
    settled(&phone.sync().unwrap());
    assert_eq!(world.asked("jwks"), 2);
    nothing_is_lost(&world, &mut phone, 4);
}

#[test]
fn without_keys_nothing_counts_as_accepted() {
    let world = World::new();
    let mut phone = world.ready();
    phone.submit_count(&body(1)).unwrap();
    world.service.borrow_mut().instead.push(("GET", "/.well-known/jwks.json", problem(503, "busy")));
    let round = phone.sync().unwrap();
    assert!(is_again(&round));
    assert_eq!(round.kept[0].code, codes::KEYS_UNREACHABLE);
    settled(&phone.sync().unwrap());
    nothing_is_lost(&world, &mut phone, 1);
}

#[test]
fn what_is_quarantined_is_kept_with_its_reason_and_not_sent_again() {
    let world = World::new();
    let mut phone = world.ready();
    let queued = phone.submit_count(&body(1)).unwrap();
    world.service.borrow_mut().suspicious.insert(queued.id.to_string());
    phone.submit_count(&body(2)).unwrap();
    let round = phone.sync().unwrap();
    settled(&round);
    assert_eq!((round.applied, round.quarantined), (1, 1));
    let quarantined = phone.quarantined().unwrap();
    assert_eq!((quarantined[0].id, quarantined[0].state), (queued.id, QuarantineState::Undecided));
    assert_eq!(quarantined[0].body, body(1));
    assert_eq!(quarantined[0].problem.as_ref().unwrap().code, "depot_unknown");
    world.service.borrow_mut().requests.clear();
    settled(&phone.sync().unwrap());
    assert_eq!(world.pushes(), [] as [Value; 0]);
}

#[test]
fn what_the_service_takes_for_no_command_is_kept_and_told() {
    let world = World::new();
    let mut phone = world.ready();
    phone.submit_count(&body(1)).unwrap();
    let result = json!({ "id": null, "status": "rejected", "problem": { "code": "no_command", "detail": "no" } });
    let answer = fake::answer(200, &json!({ "results": [result] }));
    world.service.borrow_mut().instead.push(("POST", "/api/v1/sync", answer));
    let round = phone.sync().unwrap();
    settled(&round);
    assert_eq!(round.rejected, 1);
    assert_eq!(phone.quarantined().unwrap()[0].state, QuarantineState::Rejected);
}
