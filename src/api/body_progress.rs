//! The state of reading the bodies of requests.

use std::cell::Cell;
use std::rc::Rc;

use tokio::sync::Notify;

/// Whether the body of a request is still being read; clones share the state.
#[derive(Clone, Debug, Default)]
pub struct BodyProgress(Rc<Progress>);

#[derive(Debug, Default)]
struct Progress {
    is_being_read: Cell<bool>,
    ended: Notify,
}

impl BodyProgress {
    /// Waits until the body has been read to its end. Returns at once for a body that nobody reads.
    pub async fn end(&self) {
        // After that the extractor of the body has begun to read.
        tokio::task::yield_now().await;
        while self.0.is_being_read.get() {
            self.0.ended.notified().await;
        }
    }

    pub(super) fn note(&self, is_being_read: bool) {
        self.0.is_being_read.set(is_being_read);
        if !is_being_read {
            self.0.ended.notify_waiters();
        }
    }
}
