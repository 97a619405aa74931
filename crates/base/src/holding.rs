//! The permits of a request, which last until the last work begun for it has ended, on whatever thread, also where the
//! caller goes away first.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::JoinError;

tokio::task_local! {
    static OF_REQUEST: Holding;
}

/// What a request holds; clones share it, and the last to go gives it back.
#[derive(Clone, Default)]
pub struct Holding(Arc<Mutex<Vec<Box<dyn Send>>>>);

impl Holding {
    /// Runs a request, whose parts find this as [`Holding::current`].
    pub async fn during<F: Future>(self, request: F) -> F::Output {
        OF_REQUEST.scope(self, request).await
    }

    /// Returns the holding of the present request; `None` outside a request. Work on another thread takes it along.
    pub fn current() -> Option<Self> {
        OF_REQUEST.try_with(Self::clone).ok()
    }

    /// Keeps a permit as long as the request is worked on.
    pub fn keep(&self, permit: impl Send + 'static) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(permit));
    }
}

/// Runs work that blocks on a thread of its own, which holds what the present request does until the work has ended.
///
/// # Errors
/// If the work panicked.
pub async fn run_blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, JoinError> {
    let holding = Holding::current();
    let held = move || {
        let _holding = holding;
        work()
    };
    tokio::task::spawn_blocking(held).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_kept_lasts_as_long_as_the_work_that_took_it_along() {
        let permit = Arc::new(());
        let kept = Arc::clone(&permit);
        let request = async move {
            let holding = Holding::current().unwrap();
            holding.keep(kept);
            holding
        };
        let work = Holding::default().during(request).await;
        assert_eq!(Arc::strong_count(&permit), 2);
        drop(work);
        assert_eq!(Arc::strong_count(&permit), 1);
        assert!(Holding::current().is_none());
    }

    #[tokio::test]
    async fn work_on_a_thread_holds_the_permits_of_a_caller_that_has_left() {
        let permit = Arc::new(());
        let kept = Arc::clone(&permit);
        let (started, starts) = tokio::sync::oneshot::channel();
        let (release, released) = std::sync::mpsc::channel::<()>();
        let request = async move {
            Holding::current().unwrap().keep(kept);
            let work = move || {
                started.send(()).unwrap();
                released.recv().unwrap();
            };
            run_blocking(work).await
        };
        tokio::select! {
            _ = Holding::default().during(request) => panic!("the work waits"),
            _ = starts => {}
        }
        assert_eq!(Arc::strong_count(&permit), 2);
        release.send(()).unwrap();
        while Arc::strong_count(&permit) > 1 {
            tokio::task::yield_now().await;
        }
    }
}
