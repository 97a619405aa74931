//! The words for people: [`messages`] in every [`language`], from the files under `messages/`.

pub mod language;
pub mod messages;
