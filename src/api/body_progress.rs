//! How far bodies of requests were read.

use std::cell::Cell;
use std::rc::Rc;

use tokio::sync::Notify;

/// How far the body of a request was read; clones are about the same body.
#[derive(Clone, Debug, Default)]
pub struct BodyProgress(Rc<Progress>);

#[derive(Debug, Default)]
struct Progress {
    is_being_read: Cell<bool>,
    ended: Notify,
}

impl BodyProgress {
    /// Waits until the body is read to its end. A body that nobody reads is not waited for.
    pub async fn end(&self) {
        // By then whatever reads the body beside this has begun.
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
