//! The pace at which a request's body must arrive. A slow line with stalls is served; a body that drips only to hold a place
//! is not.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{Error as ActixError, HttpMessage as _};
use futures_util::Stream;
use tokio::time::{Instant, Sleep, sleep_until};

use super::body_progress::BodyProgress;
use super::connections::Connection;
use super::settings::BodyPace;
use super::state::AppState;

/// The bytes that must arrive within each [`BodyPace::stall`].
const LEAST_BYTES: usize = 1_000;

/// Holds the body of every request to its pace, and marks its connection as one that is worked on.
pub async fn hold_to_pace(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, ActixError> {
    let connection = request.conn_data::<Arc<Connection>>().cloned();
    let _working = connection.as_ref().map(Connection::work);
    let pace = request.app_data::<Data<AppState>>().map(|state| state.settings.body_pace).unwrap_or_default();
    let payload = request.take_payload();
    if !matches!(payload, Payload::None) {
        let progress = BodyProgress::default();
        request.extensions_mut().insert(progress.clone());
        let body: Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>> =
            Box::pin(PacedBody::new(payload, pace, progress, connection));
        request.set_payload(body.into());
    }
    next.call(request).await
}

/// A body that fails when it falls behind its pace.
struct PacedBody {
    body: Payload,
    pace: BodyPace,
    progress: BodyProgress,
    connection: Option<Arc<Connection>>,
    end: Instant,
    /// The bytes since the timer was set.
    bytes: usize,
    timer: Pin<Box<Sleep>>,
}

impl PacedBody {
    fn new(body: Payload, pace: BodyPace, progress: BodyProgress, connection: Option<Arc<Connection>>) -> Self {
        let now = Instant::now();
        let end = now + pace.whole;
        let timer = Box::pin(sleep_until(end.min(now + pace.stall)));
        Self { body, pace, progress, connection, end, bytes: 0, timer }
    }

    fn note(&self, waits: bool) {
        if let Some(connection) = &self.connection {
            connection.note_body(waits);
        }
    }
}

impl Stream for PacedBody {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = Pin::new(&mut self.body).poll_next(context);
        self.note(polled.is_pending());
        self.progress.note(matches!(polled, Poll::Pending | Poll::Ready(Some(Ok(_)))));
        match polled {
            Poll::Ready(Some(Ok(bytes))) => {
                self.bytes += bytes.len();
                if self.bytes >= LEAST_BYTES {
                    self.bytes = 0;
                    let due = self.end.min(Instant::now() + self.pace.stall);
                    self.timer.as_mut().reset(due);
                }
                Poll::Ready(Some(Ok(bytes)))
            }
            Poll::Pending if self.timer.as_mut().poll(context).is_ready() => {
                self.note(false);
                self.progress.note(false);
                let late = io::Error::new(io::ErrorKind::TimedOut, "the body arrives too slowly");
                Poll::Ready(Some(Err(PayloadError::Io(late))))
            }
            other => other,
        }
    }
}

impl Drop for PacedBody {
    /// A body that is given up holds nobody up.
    fn drop(&mut self) {
        self.progress.note(false);
    }
}

/// True for the failure of a body that fell behind its pace.
pub fn is_too_slow(error: &PayloadError) -> bool {
    matches!(error, PayloadError::Io(error) if error.kind() == io::ErrorKind::TimedOut)
}

#[cfg(test)]
mod tests {
    use actix_web::web::BytesMut;
    use futures_util::{StreamExt as _, stream};

    use std::time::Duration;

    use super::*;

    /// The outcome of a body whose parts come after so many seconds each.
    async fn read(parts: &[(u64, usize)]) -> Result<usize, PayloadError> {
        let parts = parts.to_vec();
        let body = stream::iter(parts).then(|(seconds, length)| async move {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            Ok::<Bytes, PayloadError>(BytesMut::zeroed(length).freeze())
        });
        let body: Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>> = Box::pin(body);
        let mut paced = PacedBody::new(body.into(), BodyPace::default(), BodyProgress::default(), None);
        let mut length = 0;
        while let Some(part) = paced.next().await {
            length += part?.len();
        }
        Ok(length)
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_line_with_stalls_gets_through() {
        // 64 kB at 1 kB a second, with a stall of 20 seconds after each.
        assert_eq!(read(&[(21, 1_000); 64]).await.unwrap(), 64_000);
        assert_eq!(read(&[(1, 1_000), (59, 10)]).await.unwrap(), 1_010);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_drips_is_given_up() {
        for parts in [&[(1, 1); 200][..], &[(1, 10); 200], &[(1, 5_000), (61, 5_000)], &[(50, 1_000); 40]] {
            assert!(is_too_slow(&read(parts).await.unwrap_err()), "{parts:?}");
        }
    }
}
