//! Where a user counts: a phone without a network, which is the reference client or a page.

use client::Phone;
use client::draft::CountDraft;
use client::error::PhoneError;

use super::bodies::Drawn;
use super::page_phones::{Queued, SharedPage};
use super::phones::{held_by_page, offline};
use super::schedule::Choices;
use super::world::Handset;

/// The phone, open.
pub enum Desk {
    /// The reference client.
    Client(Box<Phone>),
    /// A page.
    Page(SharedPage),
}

/// A count made from a phone's copy.
pub enum Drafted {
    /// Its body, to be queued.
    Body(Vec<u8>),
    /// The count, which the page queued by itself.
    Queued(Queued),
}

impl Desk {
    /// Opens a phone.
    pub fn of(handset: &Handset) -> Self {
        match &handset.page {
            Some(page) => Self::Page(page.clone()),
            None => Self::Client(Box::new(offline(&handset.folder, &handset.clock))),
        }
    }

    /// Makes a count from the copy; `None` where the copy does not let it.
    pub fn draft(&mut self, draft: &CountDraft) -> Option<Drafted> {
        match self {
            Self::Client(phone) => phone.draft_count(draft).ok().map(Drafted::Body),
            Self::Page(page) => page.borrow_mut().count(draft).ok().map(Drafted::Queued),
        }
    }

    /// Queues a command, and returns its number; `None` where it is refused, or where a page died before it was stored.
    pub fn queue(&mut self, choices: &mut Choices, drawn: &Drawn) -> Option<i64> {
        if drawn.seq.is_some() {
            return drawn.seq;
        }
        match self {
            Self::Client(phone) => match phone.queue(drawn.id, &drawn.kind, &drawn.body) {
                Ok(queued) => Some(queued.seq),
                Err(PhoneError::NotSignedIn | PhoneError::IdReused(_)) => None,
                Err(error) => panic!("{error}"),
            },
            Self::Page(page) => {
                if choices.one_in(10) {
                    page.borrow_mut().doom(1, choices.pick(&[0.0, 0.5, 1.0]));
                }
                let answer = page.borrow_mut().queue(drawn.id, &drawn.kind, &drawn.body);
                match answer {
                    Some(Ok(queued)) => Some(queued.seq),
                    Some(Err(code)) => {
                        assert!(["not_signed_in", "id_reused"].contains(&code.as_str()), "{code}");
                        None
                    }
                    // Nobody was told that it is stored, and it may be.
                    None => {
                        let waiting = held_by_page(page).waiting;
                        waiting.iter().find(|one| one.id == drawn.id && one.body == drawn.body).map(|one| one.seq)
                    }
                }
            }
        }
    }

    /// The id of the device.
    pub fn device(&mut self) -> String {
        match self {
            Self::Client(phone) => phone.status().unwrap().device_id,
            Self::Page(page) => held_by_page(page).status.device_id,
        }
    }
}
