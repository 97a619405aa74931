//! The writes that wait, and which of them may be committed together: none that share a lock.
//!
//! A write that shares a lock with an earlier one, waiting or under way, keeps its place and blocks all later writes that
//! share a lock with it. So writes of one lock run in the order of their arrival, the first write in the list never waits
//! for long, and writes without a common lock do not wait for each other.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::locks::Locks;

/// The maximum number of waiting writes. Further ones are refused as busy.
const CAPACITY: usize = 1_024;

/// The maximum number of writes that share one commit.
const GROUP_LENGTH: usize = 64;

/// The number of waiting writes considered for one commit.
const LOOK_AHEAD: usize = 4 * GROUP_LENGTH;

/// The reason why a write cannot be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Too many wait already.
    Full,
    /// The list was closed.
    Closed,
    /// No taker is left.
    Deserted,
}

/// The writes that wait.
#[derive(Debug)]
pub struct WaitingList<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
}

/// A write that waits.
#[derive(Debug)]
struct Entry<T> {
    locks: Locks,
    /// True if nothing else may share its commit: it takes long, and the others would wait for it.
    is_alone: bool,
    write: T,
}

#[derive(Debug)]
struct State<T> {
    waiting: VecDeque<Entry<T>>,
    /// The locks of the groups that were taken and are not committed yet, each with the number of its group.
    under_way: Vec<(u64, Locks)>,
    groups: u64,
    takers: usize,
    is_closed: bool,
}

impl<T> WaitingList<T> {
    /// Creates an open list with the given number of takers.
    pub fn open(takers: usize) -> (Arc<Self>, Vec<Taker<T>>) {
        let (waiting, under_way) = (VecDeque::new(), Vec::new());
        let state = Mutex::new(State { waiting, under_way, groups: 0, takers, is_closed: false });
        let list = Arc::new(Self { state, changed: Condvar::new() });
        let takers = (0..takers).map(|_| Taker { list: Arc::clone(&list) }).collect();
        (list, takers)
    }

    /// The number of writes that wait.
    pub fn count(&self) -> usize {
        self.lock().waiting.len()
    }

    /// Adds a write to the list.
    pub fn put(&self, locks: Locks, write: T) -> Result<(), Refused> {
        self.push(Entry { locks, is_alone: false, write })
    }

    /// Adds a write that must not share its commit with others.
    pub fn put_alone(&self, locks: Locks, write: T) -> Result<(), Refused> {
        self.push(Entry { locks, is_alone: true, write })
    }

    fn push(&self, entry: Entry<T>) -> Result<(), Refused> {
        let mut state = self.lock();
        let refused = match &*state {
            State { is_closed: true, .. } => Err(Refused::Closed),
            State { takers: 0, .. } => Err(Refused::Deserted),
            State { waiting, .. } if waiting.len() >= CAPACITY => Err(Refused::Full),
            _ => Ok(()),
        };
        refused?;
        state.waiting.push_back(entry);
        self.changed.notify_one();
        Ok(())
    }

    /// Releases the locks of a group whose taker is stuck, and creates another taker in its place.
    pub fn replace(self: &Arc<Self>, number: u64) -> Taker<T> {
        let mut state = self.lock();
        state.under_way.retain(|(other, _)| *other != number);
        state.takers += 1;
        drop(state);
        self.changed.notify_all();
        Taker { list: Arc::clone(self) }
    }

    /// Accepts no more writes; those that wait are still taken.
    pub fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> State<T> {
    /// The writes of the next group with the locks of each, in the order of arrival; empty if all must wait.
    fn gather(&mut self) -> Vec<(Locks, T)> {
        let (mut group, mut left) = (Vec::new(), Vec::new());
        let mut held = Locks::none();
        self.under_way.iter().for_each(|(_, locks)| held.add(locks));
        let ahead = self.waiting.len().min(LOOK_AHEAD);
        let mut is_closed = false;
        for entry in self.waiting.drain(..ahead) {
            let has_room = group.len() < GROUP_LENGTH && !is_closed && (group.is_empty() || !entry.is_alone);
            let joins = has_room && !entry.locks.conflict_with(&held);
            // Also the locks of a write that stays: later writes must not pass it.
            held.add(&entry.locks);
            if joins {
                is_closed |= entry.is_alone;
                group.push((entry.locks, entry.write));
            } else {
                left.push(entry);
            }
        }
        left.into_iter().rev().for_each(|one| self.waiting.push_front(one));
        group
    }
}

/// A taker of groups, one after the other.
#[derive(Debug)]
pub struct Taker<T> {
    list: Arc<WaitingList<T>>,
}

impl<T> Taker<T> {
    /// The next group; waits for one. `None` once the list is closed and empty.
    ///
    /// Nothing waits for a group to fill up: groups form while earlier ones are being committed.
    pub fn take(&self) -> Option<Group<T>> {
        let mut state = self.list.lock();
        loop {
            if let Some(group) = self.take_from(&mut state) {
                return Some(group);
            }
            if state.is_closed && state.waiting.is_empty() {
                return None;
            }
            state = self.list.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The next group, if there is one.
    fn take_from(&self, state: &mut State<T>) -> Option<Group<T>> {
        let writes = state.gather();
        if writes.is_empty() {
            return None;
        }
        let mut locks = Locks::none();
        writes.iter().for_each(|(of_one, _)| locks.add(of_one));
        state.groups += 1;
        state.under_way.push((state.groups, locks));
        if !state.waiting.is_empty() {
            self.list.changed.notify_one();
        }
        Some(Group { writes, number: state.groups, list: Arc::clone(&self.list) })
    }
}

impl<T> Drop for Taker<T> {
    /// The last taker to end, by a panic or because the list was closed, must leave no write waiting forever.
    fn drop(&mut self) {
        let abandoned = {
            let mut state = self.list.lock();
            state.takers = state.takers.saturating_sub(1);
            if state.takers == 0 { std::mem::take(&mut state.waiting) } else { VecDeque::new() }
        };
        drop(abandoned);
    }
}

/// Writes that are committed together. Until it is dropped, no taker gets a write that shares a lock with one of them.
#[derive(Debug)]
pub struct Group<T> {
    /// The writes with the locks of each, in the order of arrival.
    pub writes: Vec<(Locks, T)>,
    /// Its number, by which it can be [replaced](WaitingList::replace).
    pub number: u64,
    list: Arc<WaitingList<T>>,
}

impl<T> Drop for Group<T> {
    fn drop(&mut self) {
        self.list.lock().under_way.retain(|(number, _)| *number != self.number);
        self.list.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use base::id::OrganizationId;

    fn names<T: Copy>(group: &Group<T>) -> Vec<T> {
        group.writes.iter().map(|(_, name)| *name).collect()
    }

    #[test]
    fn writes_that_share_a_lock_never_share_a_group_and_others_still_do() {
        let (list, takers) = WaitingList::open(1);
        let (one, other) = (OrganizationId::new(), OrganizationId::new());
        for (name, locks) in [
            ("first of one", Locks::organization(one)),
            ("second of one", Locks::organization(one)),
            ("first of the other", Locks::organization(other)),
            ("a change of the reference data", Locks::none().reference()),
            ("second of the other", Locks::organization(other)),
            ("nobody's", Locks::none()),
        ] {
            list.put(locks, name).unwrap();
        }
        list.close();
        let mut groups = Vec::new();
        while let Some(group) = takers[0].take() {
            groups.push(names(&group));
        }
        let expected: [&[&str]; 4] = [
            &["first of one", "first of the other", "nobody's"],
            &["second of one"],
            &["a change of the reference data"],
            &["second of the other"],
        ];
        assert_eq!(groups, expected);
    }

    #[test]
    fn what_shares_a_lock_with_a_group_under_way_waits_for_its_end() {
        let (list, takers) = WaitingList::open(2);
        let (one, other) = (OrganizationId::new(), OrganizationId::new());
        list.put(Locks::organization(one), 1).unwrap();
        let under_way = takers[0].take().unwrap();
        list.put(Locks::organization(one), 2).unwrap();
        list.put(Locks::organization(other), 3).unwrap();
        assert_eq!(names(&takers[1].take().unwrap()), [3]);
        assert!(takers[1].take_from(&mut list.lock()).is_none(), "the second of the organization waits");
        drop(under_way);
        assert_eq!(names(&takers[1].take().unwrap()), [2]);
    }

    #[test]
    fn a_long_write_shares_its_commit_with_no_other() {
        let (list, takers) = WaitingList::open(2);
        list.put(Locks::none(), 1).unwrap();
        list.put_alone(Locks::none(), 2).unwrap();
        list.put(Locks::none(), 3).unwrap();
        assert_eq!(names(&takers[0].take().unwrap()), [1, 3]);
        list.put(Locks::none(), 4).unwrap();
        assert_eq!(names(&takers[0].take().unwrap()), [2]);
        assert_eq!(names(&takers[0].take().unwrap()), [4]);
    }

    #[test]
    fn a_taker_that_does_not_come_back_holds_nobody_up() {
        let (list, takers) = WaitingList::open(1);
        let one = OrganizationId::new();
        list.put(Locks::organization(one), 1).unwrap();
        let never_ends = takers[0].take().unwrap();
        list.put(Locks::organization(one), 2).unwrap();
        let other = list.replace(never_ends.number);
        let next = other.take().unwrap();
        assert_eq!(names(&next), [2]);
        // The stuck taker returns after all.
        drop((never_ends, takers));
        list.put(Locks::organization(one), 3).unwrap();
        assert!(other.take_from(&mut list.lock()).is_none(), "the second is still under way");
        drop(next);
        assert_eq!(names(&other.take().unwrap()), [3]);
    }

    #[test]
    fn a_list_without_takers_lets_nobody_wait() {
        let (list, takers) = WaitingList::open(1);
        let waits = Arc::new(());
        list.put(Locks::none(), Arc::clone(&waits)).unwrap();
        drop(takers);
        assert_eq!(Arc::strong_count(&waits), 1, "what waited is let go");
        assert_eq!(list.put(Locks::none(), waits), Err(Refused::Deserted));
    }

    #[test]
    fn a_list_that_is_full_or_closed_says_so() {
        let (list, takers) = WaitingList::open(1);
        for number in 0..CAPACITY {
            list.put(Locks::none(), number).unwrap();
        }
        assert_eq!(list.put(Locks::none(), 0), Err(Refused::Full));
        assert_eq!(takers[0].take().unwrap().writes.len(), GROUP_LENGTH);
        list.put(Locks::none(), 0).unwrap();
        list.close();
        assert_eq!(list.put(Locks::none(), 0), Err(Refused::Closed));
    }

    /// The locks of a write, chosen by a number.
    fn locks(organizations: &[OrganizationId], number: usize) -> Locks {
        match organizations.get(number) {
            Some(id) => Locks::organization(*id),
            None if number == organizations.len() => Locks::none().reference(),
            None => Locks::none(),
        }
    }

    proptest! {
        /// Groups are taken and ended in any order by several takers.
        #[test]
        fn writes_of_one_lock_run_one_after_the_other_in_their_order(
            writes in prop::collection::vec(0_usize..6, 1..120),
            ends in prop::collection::vec(0_usize..3, 120),
        ) {
            let organizations: Vec<OrganizationId> = (0..4).map(|_| OrganizationId::new()).collect();
            let (list, takers) = WaitingList::open(3);
            for (place, number) in writes.iter().enumerate() {
                list.put(locks(&organizations, *number), place).unwrap();
            }
            let mut open: Vec<Group<usize>> = Vec::new();
            let mut started: Vec<usize> = Vec::new();
            let mut ends = ends.into_iter();
            while started.len() < writes.len() {
                let group = (open.len() < takers.len()).then(|| takers[0].take_from(&mut list.lock())).flatten();
                let Some(group) = group else {
                    prop_assert!(!open.is_empty(), "the first of all can always go where nothing is under way");
                    open.remove(ends.next().unwrap_or(0) % open.len());
                    continue;
                };
                let running = open.iter().flat_map(|group| &group.writes);
                for (position, (locks, place)) in group.writes.iter().enumerate() {
                    for (other, before) in running.clone().chain(&group.writes[..position]) {
                        prop_assert!(!locks.conflict_with(other), "{place} runs beside {before}");
                    }
                    for (before, number) in writes.iter().enumerate().take(*place) {
                        let conflict = locks.conflict_with(&self::locks(&organizations, *number));
                        prop_assert!(!conflict || started.contains(&before), "{place} passed {before}");
                    }
                }
                started.extend(group.writes.iter().map(|(_, place)| *place));
                open.push(group);
            }
        }
    }
}
