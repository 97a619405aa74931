//! The phone's own file.

use std::fs;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use uuid::Uuid;

use super::{World, body, nothing_is_lost, settled};
use crate::error::PhoneError;
use crate::{Phone, Queued};

fn raw(world: &World) -> SqliteConnection {
    SqliteConnection::establish(world.folder.path().join("phone.sqlite").to_str().unwrap()).unwrap()
}

#[test]
fn numbers_are_given_once_also_by_two_processes() {
    let world = World::new();
    let (mut one, mut other) = (world.open(), world.open());
    let seqs: Vec<i64> = (0..6)
        .map(|number| {
            let phone = if number % 2 == 0 { &mut one } else { &mut other };
            phone.submit_count(&body(number)).unwrap().seq
        })
        .collect();
    assert_eq!(seqs, [1, 2, 3, 4, 5, 6]);
    assert_eq!(one.status().unwrap().device_id, other.status().unwrap().device_id);
}

#[test]
fn the_same_command_again_is_the_same_and_another_under_its_id_is_refused() {
    let world = World::new();
    let mut phone = world.ready();
    let id = Uuid::from_u128(1);
    let first = phone.queue(id, "submit_count", &body(1)).unwrap();
    assert!(first.is_new);
    let known = Queued { is_new: false, ..first };
    assert_eq!(phone.queue(id, "submit_count", &body(1)).unwrap(), known);
    assert!(matches!(phone.queue(id, "submit_count", &body(2)), Err(PhoneError::IdReused(_))));
    settled(&phone.sync().unwrap());
    assert_eq!(phone.queue(id, "submit_count", &body(1)).unwrap(), known);
    nothing_is_lost(&world, &mut phone, 1);
    for no_object in [&b"[1]"[..], b"{", b"", b"\"x\"", b"{} {}"] {
        assert!(matches!(phone.submit_count(no_object), Err(PhoneError::Invalid(_))));
    }
}

#[test]
fn a_copy_of_the_file_is_a_phone_restored_from_that_copy() {
    let world = World::new();
    let mut phone = world.ready();
    phone.submit_count(&body(1)).unwrap();
    drop(phone);
    let copy = tempfile::tempdir().unwrap();
    fs::copy(world.folder.path().join("phone.sqlite"), copy.path().join("phone.sqlite")).unwrap();
    assert_eq!(fs::read_dir(world.folder.path()).unwrap().count(), 1);
    let (mut phone, mut restored) = (world.open(), world.open_in(copy.path()));
    let (one, other) = (phone.submit_count(&body(2)).unwrap(), restored.submit_count(&body(3)).unwrap());
    assert_eq!(one.seq, other.seq);
    assert_ne!(one.id, other.id);
    assert_eq!(phone.status().unwrap().device_id, restored.status().unwrap().device_id);
}

#[test]
fn a_stored_command_cannot_be_changed() {
    let world = World::new();
    world.open().submit_count(&body(1)).unwrap();
    let mut raw = raw(&world);
    for change in ["body = x'00'", "seq = 9", "id = 'x'", "kind = 'x'"] {
        let refused = raw.batch_execute(&format!("UPDATE queue SET {change}"));
        assert!(refused.unwrap_err().to_string().contains("never changes"), "{change}");
    }
}

#[test]
fn a_file_of_something_else_or_of_a_newer_program_is_left_alone() {
    let world = World::new();
    drop(world.open());
    raw(&world).batch_execute("PRAGMA user_version = 99").unwrap();
    assert!(matches!(Phone::open(world.folder.path(), world.surroundings()), Err(PhoneError::Newer(_))));

    let other = World::new();
    raw(&other).batch_execute("CREATE TABLE things (id INTEGER)").unwrap();
    let refused = Phone::open(other.folder.path(), other.surroundings());
    assert!(matches!(refused, Err(PhoneError::NotAPhone(..))));

    let text = World::new();
    fs::write(text.folder.path().join("phone.sqlite"), "a letter ".repeat(2000)).unwrap();
    let refused = Phone::open(text.folder.path(), text.surroundings());
    assert!(matches!(refused, Err(PhoneError::NotAPhone(..))));
    assert_eq!(fs::read_to_string(text.folder.path().join("phone.sqlite")).unwrap(), "a letter ".repeat(2000));

    fs::write(text.folder.path().join("file"), "").unwrap();
    let refused = Phone::open(&text.folder.path().join("file"), text.surroundings());
    assert!(matches!(refused, Err(PhoneError::NoFolder(..))));
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_what_holds_tokens() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new();
    let folder = world.folder.path().join("phone");
    let mut phone = world.open_in(&folder);
    phone.submit_count(&body(1)).unwrap();
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    for entry in fs::read_dir(&folder).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.file_name());
    }
}
