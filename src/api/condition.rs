//! Changes that say which state they were made on, so that of two officers who change one thing at once the second is told.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};

use crate::domain::revision::Revision;
use crate::error::Error;
use crate::messages::message;

/// What `If-Match` says: the state of the thing that a change was made on, by the `ETag` of
/// [`reply::versioned`](super::reply::versioned).
///
/// Only the revision in the tag is compared, weakly: the rest of it tells apart languages and days, which a change does not
/// depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IfMatch {
    /// There is no such header.
    Missing,
    /// `*`: whatever the state is, as long as the thing is there.
    Any,
    /// Any of these revisions.
    Revisions(Vec<Revision>),
}

impl IfMatch {
    /// Checks the state that a change of a thing was made on, inside the transaction that makes it.
    ///
    /// # Errors
    /// `Unconditional` where the header is missing; `Changed` where it names another revision than the thing's last.
    pub fn require(&self, last: Revision) -> Result<(), Error> {
        match self {
            Self::Any => Ok(()),
            Self::Revisions(revisions) if revisions.contains(&last) => Ok(()),
            Self::Revisions(_) => Err(Error::Changed(message!("changed-meanwhile"))),
            Self::Missing => Err(Error::Unconditional(message!("if-match-missing"))),
        }
    }

    fn of(header: &str) -> Self {
        if header.trim() == "*" {
            return Self::Any;
        }
        let revision = |tag: &str| {
            let tag = tag.trim();
            let tag = tag.strip_prefix("W/").unwrap_or(tag).strip_prefix("\"r")?.strip_suffix('"')?;
            tag.split('.').next()?.parse().ok().map(Revision)
        };
        Self::Revisions(header.split(',').filter_map(revision).collect())
    }
}

impl FromRequest for IfMatch {
    type Error = std::convert::Infallible;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let header = request.headers().get(header::IF_MATCH).and_then(|value| value.to_str().ok());
        ready(Ok(header.map_or(Self::Missing, Self::of)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_revision_is_read_out_of_each_tag() {
        let cases = [
            ("*", IfMatch::Any),
            ("W/\"r7.abc\"", IfMatch::Revisions(vec![Revision(7)])),
            ("\"r7\", W/\"r12.0\"", IfMatch::Revisions(vec![Revision(7), Revision(12)])),
            ("\"abc\", nonsense, \"rx\"", IfMatch::Revisions(vec![])),
        ];
        for (header, expected) in cases {
            assert_eq!(IfMatch::of(header), expected, "{header}");
        }
    }

    #[test]
    fn a_change_on_another_state_or_on_none_is_refused() {
        let last = Revision(7);
        assert!(IfMatch::of("*").require(last).is_ok());
        assert!(IfMatch::of("\"r7.abc\"").require(last).is_ok());
        assert!(matches!(IfMatch::of("\"r6.abc\"").require(last), Err(Error::Changed(_))));
        assert!(matches!(IfMatch::Missing.require(last), Err(Error::Unconditional(_))));
    }
}
