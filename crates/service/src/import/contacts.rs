//! The contacts in the rows of organizations and depots.

use super::plan::{Names, Plan};
use base::id::ContactId;
use domain::change::Refusal;
use domain::change::contacts::{ContactKey, holder_of, keeper_on};
use domain::contact::{Contact, ContactOf, ContactRole, ERASED, NewContact, is_erased_word};
use tables::Placed;
use tables::form::Form;
use tables::forms::ContactCells;

/// The word that a table has for a contact: its name, or that it was erased.
pub(super) fn word_for(contacts: &[Contact], id: ContactId) -> Option<String> {
    let contact = contacts.iter().find(|one| one.id == id)?;
    match contact.erased {
        Some(_) => Some(ERASED.to_owned()),
        None => contact.person.name.clone(),
    }
}

impl Plan<'_> {
    /// Plans the contacts of a row after the thing itself. Of a depot the row has named its keepers already, and only the
    /// telephone of a keeper of today is left to be put.
    pub(super) fn plan_contacts<T>(&mut self, form: Form, row: &Placed<T>, names: &Names<'_>, cells: &[ContactCells]) {
        if self.was_refused(form, names.key) {
            return;
        }
        for one in cells {
            let Some(stored) = self.stored_contact(form, names.key, one.role) else { continue };
            let Some(new) = changed(row, one, stored.as_ref()) else { continue };
            let key = match form {
                Form::Depots => ContactKey::Depot(names.key.to_owned(), one.role),
                _ => ContactKey::Organization(names.key.to_owned(), one.role),
            };
            match self.check(&key, &new) {
                Ok(decision) if !row.faulty && !decision.put.is_repeat() => {
                    self.step::<NewContact>(decision.put, decision.write);
                    self.tally_contact(form);
                }
                Ok(_) => {}
                Err(refusal) => self.refuse_contact(form, row, names, one, refusal),
            }
        }
    }

    /// The contact of today in a place, `None` within if there is none; nothing where there is no such place.
    fn stored_contact(&self, form: Form, key: &str, role: ContactRole) -> Option<Option<Contact>> {
        let today = self.today();
        if form == Form::Depots {
            let depot = self.world.known_depot(self.editor, key)?;
            let contacts = self.world.contacts_of(ContactOf::Depot(depot.id));
            let id = keeper_on(depot, role, today);
            return Some(contacts.iter().find(|one| Some(one.id) == id).cloned());
        }
        let organization = self.world.known_organization(self.editor, key)?;
        let contacts = self.world.contacts_of(ContactOf::Organization(organization.id));
        Some(holder_of(contacts, role, today).filter(|one| one.is_present(today)).cloned())
    }

    /// Reports the refusal of a contact at its own columns.
    fn refuse_contact<T>(
        &mut self,
        form: Form,
        row: &Placed<T>,
        names: &Names<'_>,
        cells: &ContactCells,
        refusal: Refusal,
    ) {
        self.note_refused(form, names.key);
        for fault in refusal.into_faults() {
            let column = match fault.pointer.as_str() {
                "/phone" => cells.phone_column,
                _ if cells.name_column.is_empty() => cells.phone_column,
                _ => cells.name_column,
            };
            self.tell(row, &[column, cells.phone_column], fault);
        }
    }
}

/// The contact that a row asks for; `None` if it says nothing of it. A cell left blank takes nobody away: a contact is erased by
/// request, or ends.
fn changed<T>(row: &Placed<T>, cells: &ContactCells, stored: Option<&Contact>) -> Option<NewContact> {
    let kept = stored.filter(|one| one.erased.is_none());
    let named = cells.name.as_deref().filter(|name| !is_erased_word(name));
    let same = kept.filter(|one| named.is_none_or(|name| one.is_of(name)));
    // The phone of a keeper of another day is nobody's of today.
    if cells.role.is_of_depot() && same.is_none() {
        return None;
    }
    let phone =
        if row.has(cells.phone_column) { cells.phone.clone() } else { same.and_then(|one| one.person.phone.clone()) };
    if named.is_none() && phone.is_none() {
        return None;
    }
    Some(NewContact {
        name: named.map(ToOwned::to_owned).or_else(|| same.and_then(|one| one.person.name.clone())),
        phone,
        certificate: same.and_then(|one| one.person.certificate.clone()),
        purpose: same.map(|one| one.purpose.clone()),
        ended_from: same.and_then(|one| one.ended_from),
    })
}
