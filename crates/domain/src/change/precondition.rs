//! The state on which a change is based. If two people change one thing at once, the second is told.

use super::Refusal;
use crate::revision::Revision;
use text::messages::message;

/// The state that `If-Match` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IfMatch {
    /// None.
    Missing,
    /// `*`: any state, as long as the thing exists.
    Any,
    /// Any of these revisions.
    Revisions(Vec<Revision>),
}

impl IfMatch {
    /// Checks the state of an existing thing: the revision of its last change.
    ///
    /// # Errors
    /// `Unconditional` if no state is named; `Changed` if it is another.
    pub fn require(&self, last: Revision) -> Result<(), Refusal> {
        match self {
            Self::Any => Ok(()),
            Self::Revisions(revisions) if revisions.contains(&last) => Ok(()),
            Self::Revisions(_) => Err(Refusal::Changed(message!("changed-meanwhile"))),
            Self::Missing => Err(Refusal::Unconditional(message!("if-match-missing"))),
        }
    }
}

/// The state that a change names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// No state: the rows of a table are compared with the stored data when they are imported.
    Unstated,
    /// The state that the headers of a request name.
    Stated {
        /// The state of an existing thing.
        if_match: IfMatch,
        /// True to create a new thing or do nothing.
        only_new: bool,
    },
    /// The state of the last decision, as `If-Match` names it; none is required for the first decision.
    Decided(IfMatch),
}

impl Precondition {
    /// Checks the state of a thing: the revision of its last change, or `None` if it does not exist yet.
    ///
    /// # Errors
    /// `Unconditional` for a change that names no state; `Changed` if the state is another.
    pub fn check(&self, last: Option<Revision>) -> Result<(), Refusal> {
        match (self, last) {
            (Self::Unstated, _) | (Self::Decided(_), None) => Ok(()),
            (Self::Decided(if_match), Some(last)) => if_match.require(last),
            (Self::Stated { only_new: true, .. }, Some(_)) => Err(Refusal::Changed(message!("version-there-already"))),
            (Self::Stated { if_match, .. }, Some(last)) => if_match.require(last),
            (Self::Stated { if_match: IfMatch::Missing, .. }, None) => Ok(()),
            // The state of a thing that can be read before anything was stated, such as an empty fact sheet.
            (Self::Stated { if_match: IfMatch::Revisions(named), .. }, None) if named.contains(&Revision(0)) => Ok(()),
            (Self::Stated { .. }, None) => Err(Refusal::Changed(message!("version-not-there"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_thing_needs_no_state_and_cannot_be_had_on_one() {
        let put = |if_match, only_new| Precondition::Stated { if_match, only_new };
        let on = |revision| IfMatch::Revisions(vec![Revision(revision)]);
        let there = Some(Revision(7));
        assert!(put(IfMatch::Missing, false).check(None).is_ok());
        assert!(put(IfMatch::Missing, true).check(None).is_ok());
        assert!(matches!(put(on(7), false).check(None), Err(Refusal::Changed(_))));
        assert!(put(on(0), false).check(None).is_ok(), "the state of an empty fact sheet");
        assert!(matches!(put(IfMatch::Any, false).check(None), Err(Refusal::Changed(_))));
        assert!(matches!(put(IfMatch::Missing, false).check(there), Err(Refusal::Unconditional(_))));
        assert!(matches!(put(IfMatch::Missing, true).check(there), Err(Refusal::Changed(_))));
        assert!(put(on(7), false).check(there).is_ok());
        assert!(matches!(put(on(6), false).check(there), Err(Refusal::Changed(_))));
    }

    #[test]
    fn a_change_on_another_state_or_on_none_is_refused() {
        let last = Revision(7);
        assert!(IfMatch::Any.require(last).is_ok());
        assert!(IfMatch::Revisions(vec![last]).require(last).is_ok());
        assert!(matches!(IfMatch::Revisions(vec![Revision(6)]).require(last), Err(Refusal::Changed(_))));
        assert!(matches!(IfMatch::Missing.require(last), Err(Refusal::Unconditional(_))));
    }
}
