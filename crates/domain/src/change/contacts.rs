//! Contacts of depots and organizations: put by the bureau's people.

use chrono::NaiveDate;

use super::{Decision, Editor, OFFICERS, Precondition, Put, Refusal, Since, World, decide};
use crate::contact::{Contact, ContactOf, ContactRole, NewContact, Person, is_erased_word};
use crate::depot::{Depot, DepotVersion};
use crate::naming::{blank_faults, day_fault};
use crate::revision::{Dated, Learnt, Revision, in_force};
use base::error::Fault;
use base::id::{ContactId, DepotId, OrganizationId};
use chrono::DateTime;
use text::messages::message;

/// The contact that is put: whose it is, and its task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactKey {
    /// One of a depot, by its id or code.
    Depot(String, ContactRole),
    /// One of an organization, by its id or code.
    Organization(String, ContactRole),
}

/// A contact to write.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactWrite {
    /// The contact as it becomes.
    pub contact: Contact,
    /// True for another person than before.
    pub is_new: bool,
    /// The contact whose place it takes in an organization, and that ends today.
    pub ended: Option<ContactId>,
    /// The depot's version that names it, where it takes another's place.
    pub depot: Option<KeeperWrite>,
    /// Today, where the contact is.
    pub today: NaiveDate,
}

/// The version of a depot with another keeper.
#[derive(Clone, Debug, PartialEq)]
pub struct KeeperWrite {
    /// The depot.
    pub id: DepotId,
    /// Its code.
    pub code: String,
    /// The organization whose stock it holds.
    pub owner: OrganizationId,
    /// Its version of today, with the keeper.
    pub version: DepotVersion,
}

/// Checks a contact. Needs the regions, the organizations, the depots and the contacts.
///
/// # Errors
/// `Unknown` for a depot or an organization that the editor does not see; `Invalid` with every fault; the refusal of the
/// precondition.
pub fn check(
    world: &World,
    editor: &Editor,
    key: &ContactKey,
    new: &NewContact,
    state: &Precondition,
) -> Result<Decision<ContactWrite>, Refusal> {
    editor.require_role(OFFICERS, "/contact")?;
    let (of, role, owner, depot) = match key {
        ContactKey::Depot(key, role) => {
            let depot = world.known_depot(editor, key).ok_or_else(|| unknown_depot(key))?;
            (ContactOf::Depot(depot.id), *role, world.organizations.get(depot.organization_id), Some(depot))
        }
        ContactKey::Organization(key, role) => {
            let organization = world.organization(editor, key)?;
            (ContactOf::Organization(organization.id), *role, Some(organization), None)
        }
    };
    if role.is_of_depot() != depot.is_some() {
        return Err(Refusal::invalid("contact_role", "/role", message!("contact-role")));
    }
    let today = owner.map_or_else(|| world.today(editor), |owner| world.today_in(owner.region_id, editor.now));
    let mut faults = faults(new, role);
    if let Some(depot) = depot.filter(|depot| in_force(&depot.versions, today).is_none()) {
        let detail = message!("contact-depot-later", depot = &depot.code);
        faults.push(Fault::new("/depot", "depot_not_begun", detail));
    }
    if !faults.is_empty() {
        return Err(Refusal::Invalid(faults));
    }
    let contacts = world.contacts_of(of);
    let stored = match depot {
        Some(depot) => keeper_on(depot, role, today).and_then(|id| contacts.iter().find(|one| one.id == id)),
        None => holder_of(contacts, role, today),
    };
    let person = Person { name: new.name.clone(), phone: new.phone.clone(), certificate: new.certificate.clone() };
    let purpose = new.purpose.clone().unwrap_or_else(|| role.purpose().to_owned());
    let is_same = |one: &&Contact| one.erased.is_none() && one.person.name == person.name;
    let same = stored.filter(is_same);
    let content = |one: &Contact| (one.person.clone(), one.purpose.clone(), one.ended_from, one.erased.is_some());
    let becomes = (person.clone(), purpose.clone(), new.ended_from, false);
    let history = stored.map(|one| {
        let learnt = Learnt { revision: one.last, at: DateTime::UNIX_EPOCH };
        [Dated { valid_from: today, learnt, value: content(one) }]
    });
    let since = Since::new(None, || today);
    let put = decide(history.as_ref().map(|rows| &rows[..]), since, &becomes, state)?;
    let id = same.map_or_else(ContactId::new, |one| one.id);
    let contact =
        Contact { id, of, role, person, purpose, ended_from: new.ended_from, erased: None, last: Revision::LATEST };
    let keeper = depot.filter(|_| same.is_none()).and_then(|depot| {
        let version = in_force(&depot.versions, today)?.value.clone().with_keeper(role, Some(id));
        Some(KeeperWrite { id: depot.id, code: depot.code.clone(), owner: depot.organization_id, version })
    });
    let ended = stored.filter(|one| depot.is_none() && same.is_none() && one.is_present(today)).map(|one| one.id);
    Ok(Decision { put, write: ContactWrite { contact, is_new: same.is_none(), ended, depot: keeper, today } })
}

/// The contact of an organization that has a task: the one present on a day, or else the last that was.
pub fn holder_of(contacts: &[Contact], role: ContactRole, day: NaiveDate) -> Option<&Contact> {
    let of_role = || contacts.iter().filter(|one| one.role == role);
    of_role().filter(|one| one.is_present(day)).max_by_key(|one| one.id).or_else(|| of_role().max_by_key(|one| one.id))
}

/// The keeper of a depot on a day.
pub fn keeper_on(depot: &Depot, role: ContactRole, day: NaiveDate) -> Option<ContactId> {
    let version = &in_force(&depot.versions, day)?.value;
    version.keepers().find(|(of, _)| *of == role).map(|(_, id)| id)
}

fn unknown_depot(key: &str) -> Refusal {
    let detail = message!("contact-depot-unknown", depot = key);
    Refusal::Unknown { thing: "depot", fault: Fault::new("/depot", "depot_unknown", detail) }
}

fn faults(new: &NewContact, role: ContactRole) -> Vec<Fault> {
    let NewContact { name, phone, certificate, purpose, ended_from } = new;
    let texts = [("/name", name), ("/phone", phone), ("/certificate", certificate), ("/purpose", purpose)];
    let mut faults =
        blank_faults(texts.into_iter().filter_map(|(pointer, text)| text.as_deref().map(|text| (pointer, text))));
    // A duty telephone is nobody's in particular; of anybody else the name is what matters.
    let needed = if role == ContactRole::Duty { ("phone", phone) } else { ("name", name) };
    if let (field, None) = needed {
        faults.push(Fault::new(format!("/{field}"), "missing_field", message!("version-needed", field = field)));
    }
    if name.as_deref().is_some_and(is_erased_word) {
        faults.push(Fault::new("/name", "name_erased", message!("contact-name-erased")));
    }
    if phone.as_deref().is_some_and(|phone| !is_phone(phone)) {
        faults.push(Fault::new("/phone", "not_a_phone", message!("contact-phone")));
    }
    faults.extend(ended_from.and_then(|day| day_fault("/ended_from", day)));
    faults
}

/// True for the characters of telephone numbers, with enough digits among them to call one.
pub fn is_phone(text: &str) -> bool {
    let takes = |sign: char| sign.is_ascii_digit() || "+-()/,;*# 、，转".contains(sign);
    text.chars().all(takes) && text.chars().filter(char::is_ascii_digit).count() >= 3
}

impl World {
    /// Applies the decision on a contact.
    pub fn apply_contact(&mut self, put: &Put, write: &ContactWrite) {
        let ContactWrite { contact, ended, depot, today, .. } = write;
        if let Some(one) = ended.and_then(|id| self.contacts.get_mut(&contact.of)?.iter_mut().find(|one| one.id == id))
        {
            one.ended_from = Some(*today);
        }
        self.add_contacts([contact.clone()]);
        if let Some(KeeperWrite { id, version, .. }) = depot
            && let Some(depot) = self.depots.get_mut(*id)
        {
            depot.versions.push(super::world::decided(put.valid_from, version.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_has_digits_and_the_signs_between_them() {
        for good in ["0477-8120001", "+86 138 0000 0000", "110", "(0477) 812 0001 转 12", "8120001/8120002"] {
            assert!(is_phone(good), "{good}");
        }
        for bad in ["", "12", "call me", "0477 812 000a", "<b>123"] {
            assert!(!is_phone(bad), "{bad}");
        }
    }

    #[test]
    fn another_task_needs_a_name() {
        let phone = NewContact { phone: Some("119".to_owned()), ..NewContact::default() };
        assert_eq!(faults(&phone, ContactRole::Duty), []);
        assert_eq!(faults(&phone, ContactRole::Keeper).first().map(|fault| fault.code), Some("missing_field"));
        let erased = NewContact { name: Some("erased".to_owned()), ..NewContact::default() };
        assert_eq!(faults(&erased, ContactRole::Keeper).first().map(|fault| fault.code), Some("name_erased"));
    }
}
