//! The phone is killed, or loses its network, at every single exchange in turn; nothing may be lost or duplicated.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use super::fake::Fault;
use super::{World, body, nothing_is_lost, settled};

/// Runs counts, a refresh, a paged pull and a restore of the service: every kind of step a phone takes. A killed phone
/// is opened anew and continues.
fn live_through(world: &World, faults: &[Fault]) -> usize {
    let mut killed = 0;
    let mut step = |work: &dyn Fn()| {
        for _ in 0..faults.len() + 1 {
            match catch_unwind(AssertUnwindSafe(work)) {
                Ok(()) => return,
                Err(end) if end.downcast_ref() == Some(&"killed") => killed += 1,
                Err(failure) => resume_unwind(failure),
            }
        }
        panic!("it was killed more often than it was told to");
    };
    let sync = || {
        let mut phone = world.open();
        settled(&phone.sync_until_settled(5, &mut |_| {}).unwrap());
    };
    step(&|| {
        while world.open().sign_in("http://muster.example", "t3", "password", "phone").is_err() {}
    });
    step(&sync);
    for number in 0..3 {
        world.open().submit_count(&body(number)).unwrap();
    }
    world.service.borrow_mut().expire();
    step(&sync);
    world.service.borrow_mut().restore();
    world.open().submit_count(&body(3)).unwrap();
    step(&sync);
    killed
}

fn exchanges_of_a_life() -> usize {
    let world = World::new();
    live_through(&world, &[]);
    nothing_is_lost(&world, &mut world.open(), 4);
    world.service.borrow().exchanges
}

#[test]
fn a_fault_at_any_exchange_loses_nothing_and_doubles_nothing() {
    let exchanges = exchanges_of_a_life();
    assert!(exchanges >= 10, "{exchanges}");
    for fault in [Fault::LoseRequest, Fault::LoseAnswer, Fault::KillBefore, Fault::KillAfter] {
        for at in 0..exchanges {
            let world = World::new();
            world.service.borrow_mut().faults.insert(at, fault);
            let killed = live_through(&world, &[fault]);
            let is_kill = matches!(fault, Fault::KillBefore | Fault::KillAfter);
            assert_eq!(killed, usize::from(is_kill), "{fault:?} at {at}");
            nothing_is_lost(&world, &mut world.open(), 4);
        }
    }
}

#[test]
fn faults_at_two_exchanges_lose_nothing_either() {
    let exchanges = exchanges_of_a_life();
    for first in 0..exchanges {
        for second in [first + 1, first + 3] {
            let world = World::new();
            for at in [first, second] {
                world.service.borrow_mut().faults.insert(at, Fault::LoseAnswer);
            }
            live_through(&world, &[Fault::LoseAnswer; 2]);
            nothing_is_lost(&world, &mut world.open(), 4);
        }
    }
}
