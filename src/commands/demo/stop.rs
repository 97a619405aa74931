//! Waiting to be told to stop.

use std::io;

/// The signals that ask a process to end: an interrupt from the keyboard, and a termination.
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

    /// Waits for the first of them.
    pub async fn wait(&mut self) {
        futures_util::future::select(Box::pin(self.interrupt.recv()), Box::pin(self.terminate.recv())).await;
    }
}

/// The one signal that other systems have: an interrupt from the keyboard.
#[cfg(not(unix))]
pub struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// Listens from the first wait on.
    pub fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    /// Waits for it.
    pub async fn wait(&mut self) {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "an interrupt cannot be waited for");
            std::future::pending::<()>().await;
        }
    }
}
