//! The permits of a request, which last until the last work begun for it has ended, on whatever thread, also where the
//! caller goes away first.

use std::sync::{Arc, Mutex, PoisonError};

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
}
