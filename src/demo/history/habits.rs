//! The counting habits of organizations: complete and recent, partial, long ago, or never.

use super::diary::{Diary, Draft};
use super::shelves::{Round, shelves};
use super::{draw_below, one_in};
use domain::count::CountScope;

/// The counting habit of an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Habit {
    /// Every depot in full each quarter, the last time a number of days ago.
    Full(u32),
    /// Like `Full`, but the last depot was never counted.
    FullButOne(u32),
    /// About half of its items, a number of days ago.
    Listed(u32),
    /// Every depot in full, once, longer ago than counts are valid.
    Stale(u32),
    /// Not at all.
    Never,
}

use Habit::{Full, FullButOne, Listed, Never, Stale};

/// The habit of every organization; about half have counted all they hold within a month.
const HABITS: [(&str, Habit); 54] = [
    ("T1", Full(6)),
    ("T2", Full(15)),
    ("T3", Full(4)),
    ("T4", Full(3)),
    ("T5", Stale(131)),
    ("T6", FullButOne(9)),
    ("HC-01", Full(8)),
    ("HC-02", Full(12)),
    ("HC-03", Full(20)),
    ("HC-04", Full(11)),
    ("HC-05", Full(5)),
    ("HC-06", Stale(118)),
    ("HC-07", Full(27)),
    ("HC-08", Full(14)),
    ("HC-09", Listed(10)),
    ("HC-10", Full(16)),
    ("HC-11", Full(23)),
    ("HC-12", Stale(109)),
    ("HC-13", Full(2)),
    ("HC-14", Listed(32)),
    ("NM-01", Full(9)),
    ("NM-02", FullButOne(21)),
    ("NM-03", Full(13)),
    ("NM-04", Stale(164)),
    ("NM-05", Listed(18)),
    ("FW-01", Full(7)),
    ("FW-02", Stale(176)),
    ("FW-03", Full(25)),
    ("TG-01", Full(10)),
    ("TG-02", Full(19)),
    ("TG-03", Listed(6)),
    ("TG-04", Stale(187)),
    ("PL-01", Full(17)),
    ("PL-02", Stale(102)),
    ("PL-03", Full(28)),
    ("PL-04", Never),
    ("OS-01", Full(5)),
    ("OS-02", Full(22)),
    ("OS-03", Full(3)),
    ("OS-04", Listed(41)),
    ("OS-05", Stale(145)),
    ("ME-01", Full(12)),
    ("ME-02", Full(24)),
    ("ME-03", Full(9)),
    ("CP-01", Full(4)),
    ("CP-02", Full(26)),
    ("CP-03", Stale(122)),
    ("CP-04", Listed(15)),
    ("CP-05", Full(11)),
    ("CP-06", Full(18)),
    ("CP-07", Never),
    ("CP-08", Full(6)),
    ("CP-09", Stale(196)),
    ("CP-10", Full(29)),
];

/// The days between the counts of organizations that count each quarter.
const QUARTER: u32 = 91;

/// Adds the counts that an organization makes by habit, if it has one here.
pub(super) fn write(diary: &mut Diary<'_>) {
    let code = diary.scene.code();
    let Some((_, habit)) = HABITS.iter().find(|(of, _)| *of == code) else { return };
    match *habit {
        Full(days_ago) => full(diary, days_ago, diary.depots().len()),
        FullButOne(days_ago) => full(diary, days_ago, diary.depots().len().saturating_sub(1)),
        Listed(days_ago) => listed(diary, days_ago),
        Stale(days_ago) => round(diary, days_ago, Round::Last, diary.depots().len()),
        Never => {}
    }
}

fn full(diary: &mut Diary<'_>, days_ago: u32, depots: usize) {
    round(diary, days_ago + QUARTER, Round::Before, depots);
    round(diary, days_ago, Round::Last, depots);
    // Something was used since then, and only those items were counted again.
    if days_ago > 3 && one_in(3, &format!("{} used", diary.scene.code())) {
        used_since(diary);
    }
}

/// One round through the first depots, half an hour each, in full.
fn round(diary: &mut Diary<'_>, days_ago: u32, round: Round, depots: usize) {
    let scene = diary.scene;
    // About a third of the organizations count in the browser.
    let phone = (!one_in(3, &format!("{} phone", scene.code()))).then_some(1);
    let (hour, minute) = (8 + draw_below(&format!("{} hour", scene.code()), 6), draw_below(scene.code(), 30));
    for ((depot, lines), hour) in
        diary.depots().iter().zip(shelves(scene, round, diary.day(days_ago))).take(depots).zip(hour..)
    {
        let at = diary.at(days_ago, hour, minute);
        diary.write(Draft { phone, ..Draft::new(depot, at, CountScope::Full, lines) });
    }
}

/// Counts about half of the items, and only in the first depot if there are several.
fn listed(diary: &mut Diary<'_>, days_ago: u32) {
    let scene = diary.scene;
    let at = diary.at(days_ago, 15, draw_below(scene.code(), 60));
    if let Some((depot, mut lines)) = diary.depots().iter().zip(shelves(scene, Round::Last, diary.day(days_ago))).next()
    {
        lines.retain(|line| one_in(2, &format!("{} {} listed", scene.code(), line.item)));
        if !lines.is_empty() {
            diary.write(Draft::new(depot, at, CountScope::Listed, lines));
        }
    }
}

fn used_since(diary: &mut Diary<'_>) {
    let Some(depot) = diary.depots().first() else { return };
    let mut lines = super::incidents::recount(diary.last_lines(depot), 2);
    super::incidents::less_by_one(&mut lines);
    let at = diary.at(1 + draw_below(&format!("{} since", diary.scene.code()), 2), 16, 20);
    if !lines.is_empty() {
        diary.write(Draft { note: Some("after the drill"), ..Draft::new(depot, at, CountScope::Listed, lines) });
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use reference::Banner;

    #[test]
    fn every_organization_has_one_habit() {
        let habits: BTreeSet<&str> = HABITS.iter().map(|(code, _)| *code).collect();
        assert_eq!(habits.len(), HABITS.len());
        let banner = Banner::load().unwrap();
        assert_eq!(habits, banner.organizations.iter().map(|one| one.code.as_str()).collect());
        let lately = HABITS.iter().filter(|(_, habit)| matches!(habit, Full(days_ago) if *days_ago <= 30)).count();
        assert!((27..40).contains(&lately), "{lately}");
    }
}
