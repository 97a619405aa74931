//! Slips at first entry: the unit of an item, the kind of an organization and the owner of a depot are mended while nothing
//! rests on them, and never change after that.

use crate::item::Item;
use crate::organization::Organization;
use base::error::Fault;
use base::id::DepotId;
use text::messages::{Message, message};

use super::World;

/// Returns a value of the first entry: the one sent, where there is none yet or nothing rests on the stored one. It is a fault
/// if something rests on another one, or if there is neither; `why` names what rests on it.
pub(super) fn entered<T: PartialEq + Clone>(
    field: &'static str,
    sent: Option<&T>,
    stored: Option<&T>,
    why: Option<Message>,
    faults: &mut Vec<Fault>,
) -> Option<T> {
    match (sent, stored) {
        (Some(sent), Some(stored)) if sent != stored => {
            faults.extend(why.map(|why| Fault::new(format!("/{field}"), "never_changes", why)));
            Some(sent.clone())
        }
        (None, None) => {
            faults.push(Fault::new(format!("/{field}"), "missing_field", message!("version-needed", field = field)));
            None
        }
        (_, Some(value)) | (Some(value), None) => Some(value.clone()),
    }
}

impl World {
    /// The reason why the unit of an item stays as it is, if there is one.
    pub(super) fn rests_on_unit(&self, item: &Item) -> Option<Message> {
        self.resting.items.contains(&item.code).then(|| message!("item-unit-rests", item = &item.code))
    }

    /// The reason why the kind of an organization stays as it is, if there is one.
    pub(super) fn rests_on_kind(&self, one: &Organization) -> Option<Message> {
        let is_hosted = one.versions.iter().any(|row| row.value.hosted_by.is_some());
        let hosts = |other: &Organization| other.versions.iter().any(|row| row.value.hosted_by == Some(one.id));
        let rests = self.resting.organizations.contains(&one.id) || is_hosted || self.organizations.iter().any(hosts);
        rests.then(|| message!("organization-kind-rests", organization = &one.code))
    }

    /// The reason why a depot stays its owner's, if there is one.
    pub(super) fn rests_on_owner(&self, depot: DepotId, code: &str) -> Option<Message> {
        self.resting.depots.contains(&depot).then(|| message!("depot-owner-rests", depot = code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_entry_is_mended_while_nothing_rests_on_it() {
        let why = || Some(message!("item-unit-rests", item = "ROPE"));
        let mut faults = Vec::new();
        assert_eq!(entered("unit", Some(&"kg"), Some(&"piece"), None, &mut faults), Some("kg"));
        assert_eq!(entered("unit", None, Some(&"piece"), why(), &mut faults), Some("piece"));
        assert_eq!(entered("unit", Some(&"piece"), Some(&"piece"), why(), &mut faults), Some("piece"));
        assert_eq!(entered("unit", Some(&"kg"), None, None, &mut faults), Some("kg"));
        assert!(faults.is_empty());
        entered("unit", Some(&"kg"), Some(&"piece"), why(), &mut faults);
        entered::<&str>("unit", None, None, None, &mut faults);
        assert_eq!(faults.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["never_changes", "missing_field"]);
    }
}
