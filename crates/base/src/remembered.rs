//! Answers that are remembered for a moment, so that many who ask at once cost no more than one.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

/// An answer that is remembered for a moment; clones share it.
#[derive(Clone, Debug)]
pub struct Remembered<T> {
    last: Arc<Mutex<Option<(Instant, T)>>>,
    lasts: Duration,
}

impl<T: Clone> Remembered<T> {
    /// No answer yet, and each later one for so long.
    pub fn new(lasts: Duration) -> Self {
        Self { last: Arc::default(), lasts }
    }

    /// The remembered answer where it is young, or a new one. Those who ask meanwhile wait for it.
    ///
    /// # Errors
    /// That of `ask`, which is not remembered.
    pub async fn get<E>(&self, ask: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let mut last = self.last.lock().await;
        if let Some((at, answer)) = &*last
            && at.elapsed() < self.lasts
        {
            return Ok(answer.clone());
        }
        let answer = ask.await?;
        *last = Some((Instant::now(), answer.clone()));
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use futures_util::future::join_all;

    use super::*;

    #[tokio::test]
    async fn those_who_ask_at_once_and_a_moment_later_cost_one_answer() {
        let (remembered, asked) = (Remembered::new(Duration::from_millis(50)), AtomicU32::new(0));
        let ask = async || {
            tokio::task::yield_now().await;
            Ok::<_, ()>(asked.fetch_add(1, Ordering::Relaxed))
        };
        assert_eq!(join_all((0..9).map(|_| remembered.get(ask()))).await, [Ok(0); 9]);
        assert_eq!(remembered.get(ask()).await, Ok(0));
        tokio::time::sleep(Duration::from_millis(60)).await;
        assert_eq!(remembered.get(ask()).await, Ok(1));
    }

    #[tokio::test]
    async fn a_failure_is_not_remembered() {
        let remembered = Remembered::new(Duration::from_secs(60));
        assert_eq!(remembered.get(async { Err("no answer") }).await, Err("no answer"));
        assert_eq!(remembered.get(async { Ok::<_, &str>(7) }).await, Ok(7));
    }
}
