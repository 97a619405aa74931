//! The open connections: their maximum number, and the choice of one to close when there are too many.
//!
//! Idle connections never keep a new one waiting. When there are too many, in all or from one address, the slowest (the
//! fewest bytes for its age) of those that wait for their client is closed. A request that is being worked on is never cut
//! off.

mod stream;

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::task::AtomicWaker;
use ipnet::IpNet;

pub use self::stream::GuardedStream;

/// The time between two warnings that there are too many connections.
const BETWEEN_WARNINGS: Duration = Duration::from_secs(60);

/// The age below which a connection is new.
const NEW: Duration = Duration::from_secs(5);

/// The limits of connections.
#[derive(Clone, Debug)]
pub struct ConnectionBounds {
    /// The maximum number of connections.
    pub most: usize,
    /// The maximum number of connections from one address.
    pub most_of_one: usize,
    /// The time in which the head of a request must arrive, and the longest stall of a client that reads an answer.
    pub head: Duration,
}

impl Default for ConnectionBounds {
    fn default() -> Self {
        Self { most: 4_096, most_of_one: 512, head: Duration::from_secs(60) }
    }
}

/// An open connection.
#[derive(Debug)]
pub struct Connection {
    number: u64,
    /// The address of the client's side.
    pub peer: Option<SocketAddr>,
    /// The address of the server's side, at which the client reached the service.
    pub local: Option<SocketAddr>,
    /// True if it is encrypted by this service itself.
    pub is_tls: bool,
    opened: Instant,
    /// The bytes received and sent.
    bytes: AtomicU64,
    is_working: AtomicBool,
    waits_for_body: AtomicBool,
    /// The milliseconds from the opening to the last answer, or to the last bytes of it that the client took.
    answered_at: AtomicU64,
    is_told_to_go: AtomicBool,
    waker: AtomicWaker,
}

impl Connection {
    fn new(number: u64, peer: Option<SocketAddr>, local: Option<SocketAddr>, is_tls: bool) -> Self {
        Self {
            number,
            peer,
            local,
            is_tls,
            opened: Instant::now(),
            bytes: AtomicU64::new(0),
            is_working: AtomicBool::new(false),
            waits_for_body: AtomicBool::new(false),
            answered_at: AtomicU64::new(0),
            is_told_to_go: AtomicBool::new(false),
            waker: AtomicWaker::new(),
        }
    }

    /// Marks the connection as working on a request until the result is dropped.
    pub fn work(self: &Arc<Self>) -> Working {
        self.is_working.store(true, Ordering::Relaxed);
        Working(Arc::clone(self))
    }

    /// Notes whether the request waits for more of its body.
    pub fn note_body(&self, waits: bool) {
        self.waits_for_body.store(waits, Ordering::Relaxed);
    }

    fn note_bytes(&self, count: usize) {
        self.bytes.fetch_add(u64::try_from(count).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn note_answer(&self) {
        let passed = u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.answered_at.store(passed, Ordering::Relaxed);
    }

    /// The start of the wait for the next request; `None` while a request is being worked on.
    fn waits_since(&self) -> Option<Instant> {
        let answered_at = Duration::from_millis(self.answered_at.load(Ordering::Relaxed));
        (!self.is_working.load(Ordering::Relaxed)).then(|| self.opened + answered_at)
    }

    fn waits_for_client(&self) -> bool {
        !self.is_working.load(Ordering::Relaxed) || self.waits_for_body.load(Ordering::Relaxed)
    }

    /// The bytes per second. A new connection counts as quick, because its pace is not known yet.
    fn pace(&self) -> u64 {
        let age = self.opened.elapsed();
        if age < NEW { u64::MAX } else { self.bytes.load(Ordering::Relaxed) / age.as_secs().max(1) }
    }

    fn tell_to_go(&self) {
        self.is_told_to_go.store(true, Ordering::Release);
        self.waker.wake();
    }

    fn network(&self) -> Option<IpAddr> {
        self.peer.map(|peer| peer.ip().to_canonical())
    }
}

/// A request under way.
#[derive(Debug)]
pub struct Working(Arc<Connection>);

impl Drop for Working {
    fn drop(&mut self) {
        self.0.note_answer();
        self.0.note_body(false);
        self.0.is_working.store(false, Ordering::Relaxed);
    }
}

/// All open connections of a server; clones share them.
#[derive(Clone, Debug)]
pub struct Connections {
    bounds: ConnectionBounds,
    /// The trusted proxies, each of which stands for many clients.
    proxies: Arc<[IpNet]>,
    is_tls: bool,
    open: Arc<Mutex<Open>>,
}

#[derive(Debug, Default)]
struct Open {
    opened: u64,
    by_number: HashMap<u64, Arc<Connection>>,
    of_address: HashMap<IpAddr, usize>,
    warned: Option<Instant>,
}

impl Connections {
    /// Creates the record of a server without connections; with `is_tls` it encrypts them itself.
    pub fn new(bounds: ConnectionBounds, proxies: &[IpNet], is_tls: bool) -> Self {
        Self { bounds, proxies: proxies.into(), is_tls, open: Arc::default() }
    }

    /// Admits a connection. If there is no room, closes the slowest one that waits for its client; `None` if there is none.
    fn admit(&self, peer: Option<SocketAddr>, local: Option<SocketAddr>) -> Option<Arc<Connection>> {
        let mut open = self.lock();
        open.opened += 1;
        let connection = Arc::new(Connection::new(open.opened, peer, local, self.is_tls));
        let network = connection.network();
        let of_address = network.and_then(|network| open.of_address.get(&network)).copied().unwrap_or(0);
        let is_proxy = network.is_none_or(|address| self.proxies.iter().any(|net| net.contains(&address)));
        let slowest = if of_address >= self.bounds.most_of_one && !is_proxy {
            open.warn("from one address", network, of_address);
            Some(open.slowest(|other| other.network() == network)?)
        } else if open.by_number.len() >= self.bounds.most {
            open.warn("of all clients", None, self.bounds.most);
            Some(open.slowest(|_| true)?)
        } else {
            None
        };
        if let Some(slowest) = slowest {
            open.remove(&slowest);
            slowest.tell_to_go();
        }
        open.by_number.insert(connection.number, Arc::clone(&connection));
        if let Some(network) = network {
            *open.of_address.entry(network).or_default() += 1;
        }
        Some(connection)
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    /// The slowest of the connections that wait for their client.
    fn slowest(&self, of: impl Fn(&Connection) -> bool) -> Option<Arc<Connection>> {
        let waiting = self.by_number.values().filter(|connection| of(connection) && connection.waits_for_client());
        waiting.min_by_key(|connection| (connection.pace(), connection.number)).cloned()
    }

    fn remove(&mut self, connection: &Connection) {
        if self.by_number.remove(&connection.number).is_none() {
            return;
        }
        let Some(network) = connection.network() else { return };
        if let Some(count) = self.of_address.get_mut(&network) {
            *count -= 1;
            if *count == 0 {
                self.of_address.remove(&network);
            }
        }
    }

    fn warn(&mut self, whose: &str, network: Option<IpAddr>, count: usize) {
        if self.warned.is_some_and(|warned| warned.elapsed() < BETWEEN_WARNINGS) {
            return;
        }
        self.warned = Some(Instant::now());
        let address = network.map(|address| address.to_string());
        tracing::warn!(address, count, "too many connections {whose}: the slowest are closed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connections(most: usize, most_of_one: usize) -> Connections {
        let bounds = ConnectionBounds { most, most_of_one, head: Duration::from_secs(60) };
        Connections::new(bounds, &["10.0.0.0/8".parse().unwrap()], false)
    }

    fn from(connections: &Connections, peer: &str) -> Option<Arc<Connection>> {
        connections.admit(Some(SocketAddr::new(peer.parse().unwrap(), 1)), None)
    }

    fn is_told_to_go(connection: &Connection) -> bool {
        connection.is_told_to_go.load(Ordering::Acquire)
    }

    #[test]
    fn the_slowest_that_waits_for_its_client_goes_for_a_new_one() {
        let all = connections(3, 3);
        let working = from(&all, "192.0.2.1").unwrap();
        let work = working.work();
        let dripping = from(&all, "192.0.2.2").unwrap();
        let body = dripping.work();
        dripping.note_body(true);
        let quick = from(&all, "192.0.2.3").unwrap();
        quick.note_bytes(10_000);
        let fourth = from(&all, "192.0.2.4").unwrap();
        assert!(is_told_to_go(&dripping) && !is_told_to_go(&working) && !is_told_to_go(&quick));
        drop((work, body));
        from(&all, "192.0.2.5").unwrap();
        assert!(is_told_to_go(&working) && !is_told_to_go(&fourth), "the oldest of equals");
    }

    #[test]
    fn an_address_has_its_own_bound_and_a_proxy_has_none() {
        let all = connections(100, 2);
        let first = from(&all, "192.0.2.1").unwrap();
        let other = from(&all, "192.0.2.2").unwrap();
        let second = from(&all, "192.0.2.1").unwrap();
        let work = [first.work(), second.work()];
        assert!(from(&all, "192.0.2.1").is_none(), "a request that is worked on is not cut off");
        drop(work);
        assert!(from(&all, "::ffff:192.0.2.1").is_some());
        assert!(is_told_to_go(&first) && !is_told_to_go(&other));
        let proxied: Vec<_> = (0..10).filter_map(|_| from(&all, "10.1.2.3")).collect();
        assert_eq!((proxied.len(), proxied.iter().filter(|one| is_told_to_go(one)).count()), (10, 0));
    }
}
