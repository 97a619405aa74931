//! Graceful shutdown: work in progress is finished, within limits.

use std::error::Error;
use std::io;
use std::pin::pin;
use std::time::Duration;

use actix_web::dev::Server;
use db::Db;
use futures_util::future::{Either, select};

/// The time for the queue of writes to empty after the last request was answered, in seconds.
const FLUSH_SECONDS: u64 = 10;

/// The signals that ask a process to end: keyboard interrupt and termination.
#[cfg(unix)]
pub struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Listens from now on; a signal no longer ends the process by itself.
    pub fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Waits for the next signal.
    async fn wait(&mut self) {
        select(Box::pin(self.interrupt.recv()), Box::pin(self.terminate.recv())).await;
    }
}

/// The only signal of other systems: keyboard interrupt.
#[cfg(not(unix))]
pub struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// Signals are listened for from the first wait on.
    pub fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    /// Waits for the signal.
    async fn wait(&mut self) {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "an interrupt cannot be waited for");
            std::future::pending::<()>().await;
        }
    }
}

/// Runs a server until a signal comes. It then accepts no more connections, answers the requests in progress and stores
/// accepted writes; a second signal stops it at once.
///
/// # Errors
/// If the server fails, or accepted writes are not stored in time.
pub async fn run_until_told(server: Server, db: &Db, mut signals: Signals) -> Result<(), Box<dyn Error>> {
    let handle = server.handle();
    let mut serving = actix_web::rt::spawn(server);
    let ended = match select(&mut serving, pin!(signals.wait())).await {
        Either::Left((ended, _)) => Some(ended),
        Either::Right(_) => None,
    };
    match ended {
        Some(ended) => ended??,
        None => {
            tracing::info!("told to stop; what is under way is answered first");
            let in_order = async {
                handle.stop(true).await;
                serving.await
            };
            match select(pin!(in_order), pin!(signals.wait())).await {
                Either::Left((ended, _)) => ended??,
                Either::Right(_) => return Err("told to stop a second time: requests in progress are cut off".into()),
            }
        }
    }
    // A change whose client has gone away is still stored.
    let closing = tokio::time::timeout(Duration::from_secs(FLUSH_SECONDS), db.close());
    match select(pin!(closing), pin!(signals.wait())).await {
        Either::Left((Ok(closed), _)) => Ok(closed?),
        Either::Left((Err(_), _)) => Err(format!("writes could not be stored within {FLUSH_SECONDS} seconds").into()),
        Either::Right(_) => Err("told to stop a second time: writes may not be stored".into()),
    }
}
