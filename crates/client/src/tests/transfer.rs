//! The file of unsent counts.

use uuid::Uuid;

use super::{World, body, nothing_is_lost, settled};
use crate::transfer::{MOST_COMMANDS, TakenIn};

#[test]
fn what_is_taken_in_keeps_id_and_bytes_and_gets_the_next_numbers() {
    let world = World::new();
    let folder = tempfile::tempdir().unwrap();
    let (mut one, mut other) = (world.ready(), world.open_in(folder.path()));
    other.sign_in("http://muster.example/", "t3", "password", "another phone of T3").unwrap();
    one.submit_count(&body(1)).unwrap();
    one.submit_count(&body(2)).unwrap();
    let file = one.unsent_file().unwrap();
    assert_eq!((file.counts, file.left_out), (2, 0));
    let taken = TakenIn { taken: 2, known: 0, refused: Vec::new() };
    assert_eq!(other.take_in(file.text.as_bytes()).unwrap(), taken);
    let content = |waiting: Vec<crate::report::Waiting>| -> Vec<_> {
        waiting.into_iter().map(|one| (one.id, one.seq, one.kind, one.body)).collect()
    };
    assert_eq!(content(other.waiting().unwrap()), content(one.waiting().unwrap()));
    settled(&other.sync().unwrap());
    settled(&one.sync().unwrap());
    nothing_is_lost(&world, &mut one, 2);
    nothing_is_lost(&world, &mut other, 2);
    let known = TakenIn { taken: 0, known: 2, refused: Vec::new() };
    assert_eq!(other.take_in(file.text.as_bytes()).unwrap(), known);
    assert_eq!(one.unsent_file().unwrap().counts, 0);
}

#[test]
fn a_file_that_is_full_says_how_many_are_left_out_and_is_read() {
    let world = World::new();
    let mut phone = world.ready();
    phone.submit_count(format!("{{\"note\":\"{}\"}}", "\\\"".repeat(1 << 20)).as_bytes()).unwrap();
    for number in 0..=MOST_COMMANDS {
        phone.submit_count(&body(number)).unwrap();
    }
    let file = phone.unsent_file().unwrap();
    assert_eq!((file.counts, file.left_out), (MOST_COMMANDS, 2));
    let known = TakenIn { taken: 0, known: MOST_COMMANDS, refused: Vec::new() };
    assert_eq!(phone.take_in(file.text.as_bytes()).unwrap(), known);
}

#[test]
fn what_a_file_has_under_an_id_of_other_content_is_not_taken() {
    let world = World::new();
    let mut phone = world.ready();
    let id = Uuid::from_u128(1);
    phone.queue(id, "submit_count", &body(1)).unwrap();
    let text = phone.unsent_file().unwrap().text;
    assert!(text.contains(".50"), "{text}");
    let refused = phone.take_in(text.replace(".50", ".75").as_bytes()).unwrap();
    assert_eq!(refused, TakenIn { taken: 0, known: 0, refused: vec![id] });
    assert_eq!(phone.waiting().unwrap()[0].body, body(1));
}
