//! Commands that the server reports as never received, compared with those that were made and are not stored.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use uuid::Uuid;

use super::checker::Stored;
use super::world::{Made, Tally};

/// Checks the report of every device. All remaining phones have sent everything, so a missing command was lost when a phone
/// was restored from a copy; only a later sequence number can reveal it. `corrected` are commands that an officer applied
/// with other content.
pub fn check(made: &[Made], stored: &Stored, corrected: &BTreeSet<(Uuid, String)>, tally: &mut Tally) {
    let mut received: BTreeMap<(&str, &str), BTreeSet<i64>> = BTreeMap::new();
    for command in made {
        let numbers = received.entry((&command.username, &command.device)).or_default();
        let is_corrected = corrected.contains(&(command.id, command.sha256.clone()));
        if stored.has(command.id, &command.sha256) || is_corrected {
            numbers.insert(command.seq);
        }
    }
    let mut told: BTreeMap<(&str, &str), &Value> = BTreeMap::new();
    for device in &stored.devices {
        for sync in device["sync"].as_array().unwrap() {
            let of = (device["account"]["username"].as_str().unwrap(), sync["device"].as_str().unwrap());
            assert!(told.insert(of, sync).is_none(), "two reports of {of:?}");
        }
    }
    for (of, numbers) in received {
        let Some(last) = numbers.last() else { continue };
        let sync = told.get(&of).unwrap_or_else(|| panic!("nothing is told of {of:?}, from whom {numbers:?} came"));
        let gaps = gaps_in(&numbers);
        let missing: i64 = gaps.iter().map(|(from, to)| to - from + 1).sum();
        let not_received = &sync["not_received"];
        let told_gaps: Vec<(i64, i64)> = not_received["gaps"]
            .as_array()
            .unwrap()
            .iter()
            .map(|gap| (gap["from"].as_i64().unwrap(), gap["to"].as_i64().unwrap()))
            .collect();
        assert_eq!(told_gaps, gaps, "of {of:?} the server has {numbers:?}: {sync}");
        assert_eq!(sync["last_seq"], *last, "{of:?}: {sync}");
        assert_eq!(not_received["queued"], 0, "{of:?} has nothing that waits: {sync}");
        assert_eq!(not_received["count"], missing, "{of:?}: {sync}");
        *tally.entry("checked devices".to_owned()).or_default() += 1;
        if missing > 0 {
            *tally.entry("checked missing numbers".to_owned()).or_default() += 1;
        }
    }
}

/// Checks that no phone used a number twice. Phones of accounts of which one was restored or set up from a copy may have.
pub fn check_numbers(made: &[Made], copied: &BTreeSet<String>) {
    let mut used: BTreeMap<(&str, &str, i64), Uuid> = BTreeMap::new();
    for command in made.iter().filter(|command| !copied.contains(&command.username)) {
        let number = (command.username.as_str(), command.device.as_str(), command.seq);
        let first = *used.entry(number).or_insert(command.id);
        assert_eq!(first, command.id, "the number {number:?} was used twice");
    }
}

fn gaps_in(numbers: &BTreeSet<i64>) -> Vec<(i64, i64)> {
    let mut gaps = Vec::new();
    let mut before = 0;
    for number in numbers {
        if *number > before + 1 {
            gaps.push((before + 1, number - 1));
        }
        before = *number;
    }
    gaps
}
