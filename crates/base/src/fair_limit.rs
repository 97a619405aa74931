//! A limit on work of one kind that callers share fairly: each caller may run a few tasks at once, and waiting callers
//! are served in turn, one task each.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use crate::error::Error;

/// The numbers of a [`FairLimit`].
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Work that runs at once, of all callers together.
    pub at_once: usize,
    /// Work of one caller that runs at once.
    pub at_once_of_one: usize,
    /// Work that waits, of all callers together.
    pub waiting: usize,
    /// Work of one caller that waits.
    pub waiting_of_one: usize,
    /// The longest wait.
    pub patience: Duration,
}

/// The numbers of tasks under a [`FairLimit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FairLoad {
    /// The tasks that run.
    pub running: usize,
    /// The tasks that wait.
    pub waiting: usize,
}

/// Limits concurrent work by caller; clones share the limit.
pub struct FairLimit<K: Clone + Eq + Hash> {
    state: Arc<Mutex<State<K>>>,
    bounds: Bounds,
    busy: &'static str,
}

impl<K: Clone + Eq + Hash> Clone for FairLimit<K> {
    fn clone(&self) -> Self {
        Self { state: Arc::clone(&self.state), ..*self }
    }
}

struct State<K: Clone + Eq + Hash> {
    running: usize,
    waiting: usize,
    tickets: u64,
    callers: HashMap<K, OfCaller<K>>,
    /// The callers with waiting work, the next one to be served first.
    rota: VecDeque<K>,
}

struct OfCaller<K: Clone + Eq + Hash> {
    running: usize,
    waiting: VecDeque<(u64, oneshot::Sender<FairPermit<K>>)>,
}

/// A permit to run, returned when dropped.
pub struct FairPermit<K: Clone + Eq + Hash> {
    limit: FairLimit<K>,
    caller: K,
}

impl<K: Clone + Eq + Hash> Drop for FairPermit<K> {
    fn drop(&mut self) {
        self.limit.end(&self.caller);
    }
}

/// A place in the queue, left when dropped.
struct Waiting<'a, K: Clone + Eq + Hash> {
    limit: &'a FairLimit<K>,
    caller: &'a K,
    ticket: u64,
}

impl<K: Clone + Eq + Hash> Drop for Waiting<'_, K> {
    fn drop(&mut self) {
        self.limit.lock().leave(self.caller, self.ticket);
    }
}

impl FairLimit<()> {
    /// A limit for all callers together, first come, first served.
    pub fn of_all(at_once: usize, waiting: usize, patience: Duration, busy: &'static str) -> Self {
        Self::new(Bounds { at_once, at_once_of_one: at_once, waiting, waiting_of_one: waiting, patience }, busy)
    }
}

impl<K: Clone + Eq + Hash> FairLimit<K> {
    /// A limit with these numbers; `busy` is the message for callers that are refused.
    pub fn new(bounds: Bounds, busy: &'static str) -> Self {
        let state = State { running: 0, waiting: 0, tickets: 0, callers: HashMap::new(), rota: VecDeque::new() };
        Self { state: Arc::new(Mutex::new(state)), bounds, busy }
    }

    /// The work of all callers that runs and waits.
    pub fn load(&self) -> FairLoad {
        let state = self.lock();
        FairLoad { running: state.running, waiting: state.waiting }
    }

    /// Waits for a permit.
    ///
    /// # Errors
    /// `Busy` if too many tasks wait already, of this caller or of all, or if no permit was free in time.
    pub async fn take(&self, caller: K) -> Result<FairPermit<K>, Error> {
        let (ticket, turn) = {
            let mut state = self.lock();
            if state.may_start(&caller, &self.bounds) {
                state.start(&caller);
                drop(state);
                return Ok(FairPermit { limit: self.clone(), caller });
            }
            state.wait(&caller, &self.bounds).ok_or(Error::Busy(self.busy))?
        };
        let _waiting = Waiting { limit: self, caller: &caller, ticket };
        match tokio::time::timeout(self.bounds.patience, turn).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(Error::Busy(self.busy)),
        }
    }

    /// Ends a caller's work, and starts waiting work that may now run.
    fn end(&self, caller: &K) {
        self.lock().end(caller);
        loop {
            // Permits are handed over without the lock: one whose taker has left comes back at once, and locks again.
            let Some((next, turn)) = self.lock().next(&self.bounds) else { return };
            let _ = turn.send(FairPermit { limit: self.clone(), caller: next });
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<K>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Clone + Eq + Hash> State<K> {
    fn may_start(&self, caller: &K, bounds: &Bounds) -> bool {
        let own = self.callers.get(caller).map_or(0, |own| own.running);
        self.running < bounds.at_once && own < bounds.at_once_of_one
    }

    fn of(&mut self, caller: &K) -> &mut OfCaller<K> {
        self.callers.entry(caller.clone()).or_insert_with(|| OfCaller { running: 0, waiting: VecDeque::new() })
    }

    fn start(&mut self, caller: &K) {
        self.running += 1;
        self.of(caller).running += 1;
    }

    fn end(&mut self, caller: &K) {
        self.running = self.running.saturating_sub(1);
        let own = self.of(caller);
        own.running = own.running.saturating_sub(1);
        self.forget(caller);
    }

    /// Puts work into its caller's queue; `None` if there is no room.
    fn wait(&mut self, caller: &K, bounds: &Bounds) -> Option<(u64, oneshot::Receiver<FairPermit<K>>)> {
        let own = self.callers.get(caller).map_or(0, |own| own.waiting.len());
        if own >= bounds.waiting_of_one || self.waiting >= bounds.waiting {
            return None;
        }
        if own == 0 {
            self.rota.push_back(caller.clone());
        }
        self.tickets += 1;
        self.waiting += 1;
        let (sender, turn) = oneshot::channel();
        let ticket = self.tickets;
        self.of(caller).waiting.push_back((ticket, sender));
        Some((ticket, turn))
    }

    /// Removes work from its caller's queue, if it is still there.
    fn leave(&mut self, caller: &K, ticket: u64) {
        let Some(own) = self.callers.get_mut(caller) else { return };
        let Some(place) = own.waiting.iter().position(|(number, _)| *number == ticket) else { return };
        own.waiting.remove(place);
        self.waiting -= 1;
        if own.waiting.is_empty() {
            self.rota.retain(|other| other != caller);
        }
        self.forget(caller);
    }

    /// The next work to run, which counts as running from now on.
    fn next(&mut self, bounds: &Bounds) -> Option<(K, oneshot::Sender<FairPermit<K>>)> {
        for _ in 0..self.rota.len() {
            let caller = self.rota.pop_front()?;
            let turn = if self.may_start(&caller, bounds) { self.of(&caller).waiting.pop_front() } else { None };
            if !self.of(&caller).waiting.is_empty() {
                self.rota.push_back(caller.clone());
            }
            if let Some((_, turn)) = turn {
                self.waiting -= 1;
                self.start(&caller);
                return Some((caller, turn));
            }
        }
        None
    }

    fn forget(&mut self, caller: &K) {
        if self.callers.get(caller).is_some_and(|own| own.running == 0 && own.waiting.is_empty()) {
            self.callers.remove(caller);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;

    use futures_util::poll;

    use super::*;

    const BOUNDS: Bounds =
        Bounds { at_once: 2, at_once_of_one: 1, waiting: 6, waiting_of_one: 4, patience: Duration::from_secs(60) };

    type Take<'a> = Pin<Box<dyn Future<Output = Result<FairPermit<char>, Error>> + 'a>>;

    fn take(limit: &FairLimit<char>, caller: char) -> Take<'_> {
        Box::pin(limit.take(caller))
    }

    #[tokio::test]
    async fn callers_are_served_one_after_the_other_however_much_one_of_them_asks() {
        let limit = FairLimit::new(BOUNDS, "too many");
        let mut running = vec![limit.take('a').await.unwrap(), limit.take('b').await.unwrap()];
        let mut waiting = Vec::new();
        for caller in ['a', 'a', 'a', 'c', 'b'] {
            let mut turn = take(&limit, caller);
            assert!(poll!(&mut turn).is_pending());
            waiting.push((caller, turn));
        }
        let mut order = Vec::new();
        while !waiting.is_empty() {
            drop(running.remove(0));
            let mut left = Vec::new();
            for (caller, mut turn) in waiting {
                match poll!(&mut turn) {
                    std::task::Poll::Ready(permit) => {
                        order.push(caller);
                        running.push(permit.unwrap());
                    }
                    std::task::Poll::Pending => left.push((caller, turn)),
                }
            }
            waiting = left;
        }
        assert_eq!(order, ['a', 'c', 'b', 'a', 'a']);
        drop(running);
        assert!(limit.lock().callers.is_empty() && limit.lock().rota.is_empty());
    }

    #[tokio::test]
    async fn one_caller_leaves_places_to_others_and_has_a_queue_of_its_own() {
        let limit = FairLimit::new(BOUNDS, "too many");
        let _first = limit.take('a').await.unwrap();
        let mut waiting: Vec<_> = (0..4).map(|_| take(&limit, 'a')).collect();
        for turn in &mut waiting {
            assert!(poll!(turn).is_pending());
        }
        assert!(matches!(limit.take('a').await, Err(Error::Busy("too many"))));
        let other = limit.take('b').await.unwrap();
        let mut more: Vec<_> = (0..2).map(|_| take(&limit, 'b')).collect();
        for turn in &mut more {
            assert!(poll!(turn).is_pending());
        }
        assert!(limit.take('c').await.is_err(), "too much waits of all");
        drop((waiting, more, other));
        assert_eq!(limit.lock().waiting, 0, "who goes away leaves the queue");
        assert!(limit.take('b').await.is_ok());
    }

    #[tokio::test]
    async fn of_all_together_so_many_work_and_so_many_wait() {
        let limit = FairLimit::of_all(1, 1, Duration::from_secs(60), "too many");
        let first = limit.take(()).await.unwrap();
        let mut second = Box::pin(limit.take(()));
        assert!(poll!(&mut second).is_pending());
        assert!(matches!(limit.take(()).await, Err(Error::Busy("too many"))));
        drop(first);
        assert!(second.await.is_ok());
        assert!(limit.take(()).await.is_ok());
    }

    #[tokio::test]
    async fn a_permit_that_nobody_takes_any_more_goes_to_the_next() {
        let limit = FairLimit::new(Bounds { at_once: 1, ..BOUNDS }, "too many");
        let first = limit.take('a').await.unwrap();
        let (mut gone, mut next) = (take(&limit, 'b'), take(&limit, 'c'));
        assert!(poll!(&mut gone).is_pending() && poll!(&mut next).is_pending());
        drop(first);
        // The permit was handed over, but its taker left before it looked.
        drop(gone);
        assert!(poll!(&mut next).is_ready());
    }

    #[tokio::test]
    async fn nobody_waits_for_ever() {
        let limit = FairLimit::new(Bounds { patience: Duration::from_millis(10), ..BOUNDS }, "too many");
        let first = limit.take('a').await.unwrap();
        assert!(matches!(limit.take('a').await, Err(Error::Busy("too many"))));
        drop(first);
        assert!(limit.take('a').await.is_ok());
    }
}
