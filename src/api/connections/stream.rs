//! The stream of a connection: it counts its bytes, and fails if the connection must close or its client stalls.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

use super::{Connection, Connections};

/// The time after the limit for a head in which the server can still answer 408 by itself.
const GRACE: Duration = Duration::from_secs(2);

/// A stream that keeps its connection's record.
#[derive(Debug)]
pub struct GuardedStream {
    stream: TcpStream,
    connection: Arc<Connection>,
    connections: Connections,
    /// Wakes the connection when its next request is overdue.
    request: Option<Pin<Box<Sleep>>>,
    /// Wakes the connection when its client has taken nothing for too long.
    answer: Option<Pin<Box<Sleep>>>,
}

impl GuardedStream {
    /// Admits a new connection; `None` if there is no room for it.
    pub fn admit(stream: TcpStream, connections: &Connections) -> Option<Self> {
        // An answer in several writes would wait for the client's delayed acknowledgement of the first: 40 ms.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection holds small writes back");
        }
        let connection = connections.admit(stream.peer_addr().ok(), stream.local_addr().ok())?;
        Some(Self { stream, connection, connections: connections.clone(), request: None, answer: None })
    }

    /// The record of the connection.
    pub fn connection(&self) -> &Arc<Connection> {
        &self.connection
    }

    fn is_told_to_go(&self) -> io::Result<()> {
        if self.connection.is_told_to_go.load(Ordering::Acquire) {
            return Err(io::Error::new(io::ErrorKind::ConnectionAborted, "the place is needed for another client"));
        }
        Ok(())
    }

    /// Fails if the head of the next request is overdue.
    fn await_request(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        let Some(since) = self.connection.waits_since() else { return Ok(()) };
        let due = Instant::from_std(since) + self.connections.bounds.head + GRACE;
        let timer = self.request.get_or_insert_with(|| Box::pin(sleep_until(due)));
        if timer.deadline() != due {
            timer.as_mut().reset(due);
        }
        if timer.as_mut().poll(context).is_ready() { Err(stalled()) } else { Ok(()) }
    }

    /// Fails if the client has taken nothing of its answer for too long.
    fn await_client(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        let due = || Instant::now() + self.connections.bounds.head;
        let timer = self.answer.get_or_insert_with(|| Box::pin(sleep_until(due())));
        if timer.as_mut().poll(context).is_ready() { Err(stalled()) } else { Ok(()) }
    }
}

fn stalled() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "the client stalls")
}

impl Drop for GuardedStream {
    fn drop(&mut self) {
        self.connections.lock().remove(&self.connection);
    }
}

impl AsyncRead for GuardedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.connection.waker.register(context.waker());
        self.is_told_to_go()?;
        let before = buffer.filled().len();
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            Poll::Ready(outcome) => {
                self.connection.note_bytes(buffer.filled().len() - before);
                Poll::Ready(outcome)
            }
            Poll::Pending => match self.await_request(context) {
                Ok(()) => Poll::Pending,
                Err(error) => Poll::Ready(Err(error)),
            },
        }
    }
}

impl AsyncWrite for GuardedStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.is_told_to_go()?;
        match Pin::new(&mut self.stream).poll_write(context, bytes) {
            Poll::Ready(outcome) => {
                self.answer = None;
                self.connection.note_answer();
                self.connection.note_bytes(outcome.as_ref().copied().unwrap_or(0));
                Poll::Ready(outcome)
            }
            Poll::Pending => match self.await_client(context) {
                Ok(()) => Poll::Pending,
                Err(error) => Poll::Ready(Err(error)),
            },
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(context))?;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
