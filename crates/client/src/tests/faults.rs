//! The outcome of a round with a busy or absent service, and the phone's waiting times.

use std::time::Duration;

use super::fake::{Fault, problem};
use super::{World, body, is_again, nothing_is_lost, settled};
use crate::report::End;

#[test]
fn the_wait_that_a_busy_service_asks_for_is_kept() {
    let world = World::new();
    let mut phone = world.ready();
    phone.submit_count(&body(1)).unwrap();
    let mut busy = problem(503, "busy");
    busy.headers.push(("Retry-After".to_owned(), "30".to_owned()));
    world.service.borrow_mut().instead.push(("POST", "/api/v1/sync", busy));
    let End::Again { wait, why } = phone.sync().unwrap().end else { panic!("it did not end so") };
    assert!((30..=31).contains(&wait.as_secs()), "{wait:?}");
    assert_eq!(why, "it is busy");
}

#[test]
fn failures_in_a_row_are_remembered_over_restarts_and_forgotten_with_a_success() {
    let world = World::new();
    drop(world.ready());
    let next = world.service.borrow().exchanges;
    world.service.borrow_mut().faults.extend((next..next + 12).map(|at| (at, Fault::LoseRequest)));
    for failures in 1..=12 {
        let mut phone = world.open();
        let End::Again { wait, .. } = phone.sync().unwrap().end else { panic!("it did not end so") };
        assert_eq!(phone.status().unwrap().failures, failures);
        assert!(wait <= Duration::from_secs(900));
    }
    let mut phone = world.open();
    settled(&phone.sync().unwrap());
    assert_eq!(phone.status().unwrap().failures, 0);
}

#[test]
fn rounds_are_repeated_until_one_is_settled_and_their_numbers_summed() {
    let world = World::new();
    let mut phone = world.ready();
    phone.submit_count(&body(1)).unwrap();
    let next = world.service.borrow().exchanges;
    world.service.borrow_mut().faults.extend([(next, Fault::LoseAnswer), (next + 1, Fault::LoseRequest)]);
    let mut waits = Vec::new();
    let round = phone.sync_until_settled(5, &mut |wait| waits.push(wait)).unwrap();
    settled(&round);
    assert_eq!((round.sent, round.applied, waits.len()), (3, 1, 2));
    nothing_is_lost(&world, &mut phone, 1);
}

#[test]
fn what_would_be_refused_again_is_told_and_not_tried_in_a_row() {
    let world = World::new();
    let mut phone = world.ready();
    world.service.borrow_mut().instead.push(("GET", "/api/v1/sync", problem(403, "role_not_allowed")));
    let round = phone.sync_until_settled(5, &mut |_| panic!("it was tried again")).unwrap();
    assert_eq!(round.end, End::Refused { code: "role_not_allowed".into(), why: "it is role_not_allowed".into() });
    assert!(!is_again(&round));
}
