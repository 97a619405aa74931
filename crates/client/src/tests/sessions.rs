//! Tokens that expire, rotate and end, and clocks that are wrong.

use std::rc::Rc;

use chrono::TimeDelta;
use serde_json::json;

use super::fake::{Fake, Fault, answer, problem};
use super::{World, body, is_again, nothing_is_lost, settled};
use crate::error::PhoneError;
use crate::report::{End, QuarantineState, SessionState, WaitingState};
use crate::transport::Request;
use crate::{Phone, Surroundings};

#[test]
fn a_token_that_is_over_by_the_phones_clock_is_refreshed_before_anything_is_sent() {
    let world = World::new();
    let mut phone = world.ready();
    world.pass(TimeDelta::minutes(16));
    world.service.borrow_mut().expire();
    phone.submit_count(&body(1)).unwrap();
    settled(&phone.sync().unwrap());
    let paths: Vec<_> = world.service.borrow().requests.iter().map(|request| request.path.clone()).collect();
    assert_eq!(paths[..2], ["/api/v1/auth/refresh", "/api/v1/sync"]);
    nothing_is_lost(&world, &mut phone, 1);
}

#[test]
fn a_token_that_is_over_by_the_services_clock_is_refreshed_once_and_the_same_sent_again() {
    let world = World::new();
    let mut phone = world.ready();
    world.service.borrow_mut().expire();
    phone.submit_count(&body(1)).unwrap();
    settled(&phone.sync().unwrap());
    let paths: Vec<_> = world.service.borrow().requests.iter().map(|request| request.path.clone()).collect();
    assert_eq!(paths[..3], ["/api/v1/sync", "/api/v1/auth/refresh", "/api/v1/sync"]);
    nothing_is_lost(&world, &mut phone, 1);
}

#[test]
fn a_service_that_takes_no_token_at_all_is_not_asked_for_ever() {
    let world = World::new();
    let mut phone = world.ready();
    phone.submit_count(&body(1)).unwrap();
    for _ in 0..2 {
        world.service.borrow_mut().instead.push(("POST", "/api/v1/sync", problem(401, "token_expired")));
    }
    assert!(is_again(&phone.sync().unwrap()));
    assert_eq!(world.asked("/auth/refresh"), 1);
    settled(&phone.sync().unwrap());
}

#[test]
fn a_refresh_whose_answer_was_lost_is_repeated_with_the_same_token() {
    let world = World::new();
    let mut phone = world.ready();
    for _ in 0..3 {
        world.pass(TimeDelta::hours(1));
        let next = world.service.borrow().exchanges;
        world.service.borrow_mut().faults.extend([(next, Fault::LoseAnswer), (next + 1, Fault::LoseAnswer)]);
        assert!(is_again(&phone.sync().unwrap()));
        phone = world.open();
        assert!(is_again(&phone.sync().unwrap()));
        settled(&phone.sync().unwrap());
    }
    assert_eq!(world.service.borrow().ended, None);
}

#[test]
fn two_processes_on_one_phone_do_not_undo_each_others_tokens() {
    let world = World::new();
    let (mut one, mut other) = (world.ready(), world.open());
    for _ in 0..4 {
        world.pass(TimeDelta::hours(1));
        settled(&one.sync().unwrap());
        settled(&other.sync().unwrap());
        world.pass(TimeDelta::hours(1));
        settled(&other.sync().unwrap());
    }
    assert_eq!(world.service.borrow().ended, None);
}

#[test]
fn an_answer_to_a_refresh_that_another_process_overtook_is_not_stored() {
    let world = World::new();
    drop(world.ready());
    world.pass(TimeDelta::hours(1));
    let surroundings = world.surroundings();
    let (service, clock) = (Rc::clone(&world.service), Rc::clone(&world.clock));
    let mut other = Some(world.open());
    let slow = move |request: &Request| {
        let response = Fake::exchange(&service, request);
        if let Some(mut other) = other.take_if(|_| request.path.ends_with("/auth/refresh")) {
            for _ in 0..3 {
                settled(&other.sync().unwrap());
                clock.set(clock.get() + TimeDelta::hours(1));
            }
        }
        response
    };
    let mut phone =
        Phone::open(world.folder.path(), Surroundings { transport: Box::new(slow), ..surroundings }).unwrap();
    settled(&phone.sync().unwrap());
    for _ in 0..3 {
        world.pass(TimeDelta::hours(1));
        settled(&phone.sync().unwrap());
    }
    assert_eq!(world.service.borrow().ended, None);
}

#[test]
fn after_the_end_of_its_session_a_phone_deposits_and_keeps_until_somebody_signs_in() {
    for code in ["session_ended", "account_closed"] {
        let world = World::new();
        let mut phone = world.ready();
        // The service has the first already, and its answer was lost.
        let first = phone.submit_count(&body(1)).unwrap();
        let next = world.service.borrow().exchanges;
        world.service.borrow_mut().faults.insert(next, Fault::LoseAnswer);
        assert!(is_again(&phone.sync().unwrap()));
        let second = phone.submit_count(&body(2)).unwrap();
        world.service.borrow_mut().ended = Some(code);
        world.pass(TimeDelta::hours(1));

        let round = phone.sync().unwrap();
        assert_eq!(round.end, End::SignInAgain { code: code.to_owned() });
        assert_eq!((round.applied, round.quarantined), (0, 1));
        assert_eq!(phone.status().unwrap().session, SessionState::Ended { code: code.to_owned() });
        let waiting = phone.waiting().unwrap();
        assert_eq!((waiting.len(), waiting[0].id, waiting[0].state), (1, first.id, WaitingState::AwaitsSignIn));
        let quarantined = phone.quarantined().unwrap();
        assert_eq!((quarantined[0].id, quarantined[0].state), (second.id, QuarantineState::Undecided));
        assert!(world.service.borrow().requests.last().unwrap().path.ends_with("?deposit=true"));

        // What was deposited is not deposited again.
        world.service.borrow_mut().requests.clear();
        assert_eq!(phone.sync().unwrap().end, End::SignInAgain { code: code.to_owned() });
        assert_eq!(world.service.borrow().requests.len(), 0);

        phone.sign_in("http://muster.example", "t3", "password", "phone").unwrap();
        let round = phone.sync().unwrap();
        settled(&round);
        // What a session's end alone held up is applied; what a closed account left is for an officer.
        let applied = if code == "session_ended" { 2 } else { 1 };
        assert_eq!((round.applied, round.repeated), (applied, applied));
        assert_eq!(phone.quarantined().unwrap().len(), 2 - applied);
        assert_eq!(phone.waiting().unwrap(), []);
        assert_eq!(phone.status().unwrap().session, SessionState::SignedIn);
    }
}

#[test]
fn a_session_that_ended_unnoticed_is_noticed_by_the_pull() {
    let world = World::new();
    let mut phone = world.ready();
    world.service.borrow_mut().ended = Some("session_ended");
    phone.submit_count(&body(1)).unwrap();
    let round = phone.sync().unwrap();
    assert_eq!(round.end, End::SignInAgain { code: "session_ended".to_owned() });
    assert_eq!(round.quarantined, 1);
}

#[test]
fn a_deposit_that_is_full_keeps_everything_on_the_phone() {
    let world = World::new();
    let mut phone = world.ready();
    world.service.borrow_mut().ended = Some("account_closed");
    assert!(matches!(phone.sync().unwrap().end, End::SignInAgain { .. }));
    phone.submit_count(&body(1)).unwrap();
    world.service.borrow_mut().instead.push(("POST", "/api/v1/sync", problem(429, "deposit_full")));
    assert_eq!(phone.sync().unwrap().end, End::SignInAgain { code: "deposit_full".to_owned() });
    assert_eq!(phone.waiting().unwrap().len(), 1);
}

#[test]
fn a_portal_that_answers_in_the_services_place_ends_no_session() {
    let world = World::new();
    let mut phone = world.ready();
    phone.submit_count(&body(1)).unwrap();
    world.pass(TimeDelta::hours(1));
    for status in [200, 302, 401, 403, 511] {
        let mut portal = answer(status, &json!("sign in to this network"));
        portal.body = b"<html>".to_vec();
        world.service.borrow_mut().instead.push(("POST", "/api/v1/auth/refresh", portal));
        assert!(is_again(&phone.sync().unwrap()), "{status}");
    }
    settled(&phone.sync().unwrap());
    nothing_is_lost(&world, &mut phone, 1);
}

#[test]
fn a_phone_is_one_accounts_until_its_folder_goes() {
    let world = World::new();
    let mut phone = world.ready();
    phone.submit_count(&body(1)).unwrap();
    world.service.borrow_mut().account = uuid::Uuid::from_u128(4);
    let refused = phone.sign_in("http://muster.example", "t4", "password", "phone");
    assert!(matches!(refused, Err(PhoneError::OtherAccount { .. })), "{refused:?}");
    assert_eq!(world.asked("/auth/logout"), 1);
    assert_eq!(phone.waiting().unwrap().len(), 1);
}

#[test]
fn a_token_is_repeated_with_its_key_and_the_next_has_another() {
    let world = World::new();
    let mut phone = world.ready();
    for _ in 0..2 {
        world.pass(TimeDelta::hours(1));
        let next = world.service.borrow().exchanges;
        world.service.borrow_mut().faults.extend([(next, Fault::LoseAnswer)]);
        assert!(is_again(&phone.sync().unwrap()));
        settled(&phone.sync().unwrap());
    }
    let service = world.service.borrow();
    let refreshes = service.requests.iter().filter(|request| request.path.ends_with("/auth/refresh"));
    let keys: Vec<&str> = refreshes.map(|request| request.header("idempotency-key").unwrap()).collect();
    assert_eq!(keys.len(), 4);
    assert!(keys[0] == keys[1] && keys[2] == keys[3] && keys[0] != keys[2], "{keys:?}");
}

#[test]
fn a_code_is_repeated_with_its_key_and_the_secret_of_the_phone_is_kept() {
    let world = World::new();
    let mut phone = world.open();
    let next = world.service.borrow().exchanges;
    world.service.borrow_mut().faults.extend([(next, Fault::LoseAnswer)]);
    assert!(phone.enrol("http://muster.example", "7ZK3M-0QX9D", "phone").is_err());
    phone.enrol("http://muster.example", "7ZK3M-0QX9D", "phone").unwrap();
    phone.sign_in("http://muster.example", "t3", "a password", "phone").unwrap();
    let service = world.service.borrow();
    let [lost, again, sign_in] = &service.requests[..] else { panic!("{:?}", service.requests.len()) };
    assert_eq!(lost.header("idempotency-key"), again.header("idempotency-key"));
    assert!(lost.header("idempotency-key").is_some_and(|key| key.len() == 36));
    let sent: serde_json::Value = serde_json::from_slice(&sign_in.body).unwrap();
    assert_eq!(sent["device_token"], "the secret of this phone");
}

#[test]
fn a_wrong_password_is_told_and_changes_nothing() {
    let world = World::new();
    let mut phone = world.open();
    world.service.borrow_mut().instead.push(("POST", "/api/v1/auth/login", problem(401, "credentials_wrong")));
    let refused = phone.sign_in("http://muster.example", "t3", "guess", "phone");
    assert!(
        matches!(&refused, Err(PhoneError::Refused(problem)) if problem.code == "credentials_wrong"),
        "{refused:?}"
    );
    assert!(matches!(phone.sync(), Err(PhoneError::NotSignedIn)));
    assert_eq!(phone.status().unwrap().session, SessionState::Nobody);
}

#[test]
fn a_clock_that_is_wrong_by_a_year_and_is_set_hinders_nothing() {
    let world = World::new();
    let mut phone = world.ready();
    for (number, jump) in [(0, 365), (1, -730), (2, 400)] {
        world.pass(TimeDelta::days(jump));
        phone.submit_count(&body(number)).unwrap();
        settled(&phone.sync().unwrap());
    }
    // The service tells the date: accepted commands do not count as old.
    world.pass(TimeDelta::days(365));
    settled(&phone.sync().unwrap());
}
