//! The phone against a service in memory, over a network that loses, duplicates and reorders, killed at every step.

mod fake;
mod faults;
mod kills;
mod pull;
mod push;
mod sessions;
mod store;
mod transfer;

use std::cell::Cell;
use std::path::Path;
use std::rc::Rc;

use chrono::{DateTime, TimeDelta, Utc};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use serde_json::json;
use tempfile::TempDir;

use self::fake::{Fake, Shared};
use super::report::{End, Round};
use super::transport::Request;
use super::{Phone, Surroundings};

/// A phone, its folder, its clock, and the service.
struct World {
    folder: TempDir,
    clock: Rc<Cell<DateTime<Utc>>>,
    service: Shared,
}

impl World {
    fn new() -> Self {
        let clock = Rc::new(Cell::new(DateTime::from_timestamp(1_795_000_000, 0).unwrap()));
        Self { folder: tempfile::tempdir().unwrap(), clock, service: Shared::new(Fake::new().into()) }
    }

    fn surroundings(&self) -> Surroundings {
        let (clock, service) = (Rc::clone(&self.clock), Rc::clone(&self.service));
        Surroundings {
            clock: Box::new(move || clock.get()),
            transport: Box::new(move |request: &Request| Fake::exchange(&service, request)),
            random: StdRng::seed_from_u64(1),
        }
    }

    fn open_in(&self, folder: &Path) -> Phone {
        Phone::open(folder, self.surroundings()).unwrap()
    }

    fn open(&self) -> Phone {
        self.open_in(self.folder.path())
    }

    /// A phone that is signed in and has the copy.
    fn ready(&self) -> Phone {
        let mut phone = self.open();
        phone.sign_in("http://muster.example/", "t3", "password", "phone of T3").unwrap();
        settled(&phone.sync().unwrap());
        self.service.borrow_mut().requests.clear();
        phone
    }

    fn pass(&self, time: TimeDelta) {
        self.clock.set(self.clock.get() + time);
    }

    /// The pushes that arrived, unpacked.
    fn pushes(&self) -> Vec<serde_json::Value> {
        let fake = self.service.borrow();
        let pushes = fake.requests.iter().filter(|request| request.method == "POST" && request.path.contains("/sync"));
        pushes.map(|request| serde_json::from_slice(&fake::body_of(request)).unwrap()).collect()
    }

    /// The number of requests of a path that arrived.
    fn asked(&self, path: &str) -> usize {
        self.service.borrow().requests.iter().filter(|request| request.path.contains(path)).count()
    }
}

/// The body of a count, spelled differently from the canonical form.
fn body(number: usize) -> Vec<u8> {
    format!("{{\"lines\": [ {{\"quantity\":{number}.50, \"item\":\"L2010101\"}} ],\n \"scope\":\"listed\"}}")
        .into_bytes()
}

fn settled(round: &Round) {
    assert_eq!(round.end, End::Settled, "{round:?}");
}

fn is_again(round: &Round) -> bool {
    matches!(round.end, End::Again { .. })
}

/// Checks that the service has exactly what the phone holds receipts for, byte for byte, and that nothing waits.
fn nothing_is_lost(world: &World, phone: &mut Phone, counts: usize) {
    assert_eq!(phone.waiting().unwrap(), []);
    let acknowledged = phone.acknowledged().unwrap();
    assert_eq!(acknowledged.len(), counts);
    let fake = world.service.borrow();
    assert_eq!(fake.stored.len(), counts, "something came twice under two ids");
    for (command, seq) in acknowledged.iter().zip(1..) {
        let stored = &fake.stored[&command.id.to_string()];
        assert_eq!((stored.data.as_bytes(), command.seq), (command.body.as_slice(), seq));
        assert_eq!(stored.receipt.as_ref(), Some(&command.receipt));
    }
    let things: Vec<_> = fake.things.iter().map(|((kind, key), data)| json!([kind, key, data])).collect();
    let copy: Vec<_> = phone.mirror().unwrap().iter().map(|thing| json!([thing.kind, thing.key, thing.data])).collect();
    assert_eq!(copy, things);
}
