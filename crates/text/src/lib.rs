//! The words for people: [`messages`] in each [`language`] there is, from the files under `messages/`.

pub mod language;
pub mod messages;
