//! The time limits of work with a database, so that nothing waits forever for an instance, a server or a network that is
//! dead.

use std::time::Duration;

/// The time limits of connections and writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The limit for connecting to a server, unless the URL sets `connect_timeout`.
    pub connect: Duration,
    /// The limit for waiting until another process releases a lock.
    pub lock: Duration,
    /// The limit of one statement; `None` for no limit.
    pub statement: Option<Duration>,
    /// The limit of one transaction, if the server supports such a limit; `None` for no limit.
    pub transaction: Option<Duration>,
    /// The time that a process may be idle inside a transaction before the server ends the transaction; `None` for no
    /// limit.
    pub idle: Option<Duration>,
    /// The time that a process may be idle between transactions, in the same way.
    pub idle_session: Option<Duration>,
    /// The time without an answer from the network after which either end closes the connection.
    pub dead: Duration,
    /// The limit of a write, from its arrival to its answer.
    pub write: Duration,
    /// The limit of a long write, such as an import.
    pub long_write: Duration,
    /// The time from which a statement is slow, and logged; `None` to log none.
    pub slow: Option<Duration>,
}

/// The time by which a statement may exceed its limit before its connection is closed: normally the server ends the
/// statement first.
pub(super) const GRACE: Duration = Duration::from_secs(1);

const fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(60 * minutes)
}

impl Limits {
    /// The limits of the service unless its settings say otherwise: a write that cannot go on is answered within 8
    /// seconds.
    pub const SERVICE: Self = Self {
        connect: Duration::from_secs(4),
        lock: Duration::from_secs(3),
        statement: Some(Duration::from_secs(5)),
        transaction: Some(Duration::from_secs(13)),
        idle: Some(Duration::from_secs(5)),
        idle_session: None,
        dead: Duration::from_secs(10),
        write: Duration::from_secs(8),
        long_write: minutes(2),
        slow: Some(Duration::from_millis(500)),
    };

    /// The limits of commands that people wait for, such as `muster import` and `muster verify`.
    pub const COMMAND: Self = Self {
        connect: Duration::from_secs(10),
        lock: Duration::from_secs(30),
        statement: None,
        transaction: None,
        idle: Some(minutes(10)),
        idle_session: None,
        dead: Duration::from_secs(30),
        write: minutes(60),
        long_write: minutes(60),
        slow: None,
    };

    /// The limits of migrations, which may rewrite tables and wait until another process has done so. The lock of the schema
    /// belongs to the session, so a silent session ends too.
    pub const MIGRATION: Self =
        Self { lock: minutes(10), idle: Some(minutes(2)), idle_session: Some(minutes(2)), ..Self::COMMAND };

    /// The limits of backups, whose transaction stands still while other programs read the same state.
    pub const BACKUP: Self = Self { idle: None, ..Self::COMMAND };

    /// The limits of connections that only read: they block nobody, and spend time computing between their statements.
    pub(super) fn of_readers(self) -> Self {
        Self { idle: self.idle.map(|idle| idle.max(self.long_write)), transaction: None, ..self }
    }

    /// The parameters of a session on PostgreSQL. Parameters that the server does not know are skipped.
    pub(super) fn of_session(&self) -> Vec<(&'static str, String)> {
        let milliseconds = |limit: Option<Duration>| limit.map_or(0, |limit| limit.as_millis()).to_string();
        let [idle, interval, count] = self.keepalives();
        vec![
            ("lock_timeout", milliseconds(Some(self.lock))),
            ("statement_timeout", milliseconds(self.statement)),
            ("idle_in_transaction_session_timeout", milliseconds(self.idle)),
            ("idle_session_timeout", milliseconds(self.idle_session)),
            // The server's side of a dead connection; local sockets do not know these parameters.
            ("tcp_keepalives_idle", idle.to_string()),
            ("tcp_keepalives_interval", interval.to_string()),
            ("tcp_keepalives_count", count.to_string()),
            ("tcp_user_timeout", milliseconds(Some(self.dead))),
            // PostgreSQL 17 or newer.
            ("transaction_timeout", milliseconds(self.transaction)),
        ]
    }

    /// The parameters of one transaction with a long write.
    pub(super) fn of_long_write(&self) -> Vec<(&'static str, String)> {
        let limit = self.long_write.as_millis().to_string();
        vec![
            ("statement_timeout", limit.clone()),
            ("idle_in_transaction_session_timeout", limit),
            ("transaction_timeout", "0".to_owned()),
        ]
    }

    /// The parameters of a connection on the client's side, as libpq names them.
    pub(super) fn of_libpq(&self) -> Vec<(&'static str, String)> {
        let [idle, interval, count] = self.keepalives();
        vec![
            // libpq requires at least 2 seconds.
            ("connect_timeout", self.connect.as_secs().max(2).to_string()),
            ("keepalives_idle", idle.to_string()),
            ("keepalives_interval", interval.to_string()),
            ("keepalives_count", count.to_string()),
            ("tcp_user_timeout", self.dead.as_millis().to_string()),
        ]
    }

    /// The keepalive times: the seconds of silence before the first probe, the seconds between two probes, and their
    /// number. In all no longer than the limit, if that is at least 4 seconds.
    fn keepalives(&self) -> [u64; 3] {
        let seconds = self.dead.as_secs().max(1);
        let interval = (seconds / 6).max(1);
        [seconds.saturating_sub(3 * interval).max(1), interval, 3]
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::SERVICE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_connection_is_given_up_within_its_limit() {
        for seconds in 4..600 {
            let limits = Limits { dead: Duration::from_secs(seconds), ..Limits::SERVICE };
            let [idle, interval, count] = limits.keepalives();
            assert!(idle + interval * count <= seconds, "{seconds}: {idle} + {interval} * {count}");
        }
    }
}
