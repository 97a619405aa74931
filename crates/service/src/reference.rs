//! Changes of reference data: one function for every kind, and the parts that differ from kind to kind.
//!
//! [`domain::change`] decides on each change. This module takes the locks, loads the data that a check needs under them,
//! and writes the result. An import does the same for many rows, with the same checks.

use std::collections::BTreeSet;

use crate::{slips, unavailable};
use base::error::Error;
use base::id::{DepotId, OrganizationId};
use db::connection::AnyConnection;
use db::sql_types::Day;
use db::write::Change;
use domain::account::Belongs;
use domain::change::adoptions::{AdoptionWrite, NewDecision};
use domain::change::catalogue::{ClassWrite, ItemWrite};
use domain::change::contacts::{ContactKey, ContactWrite, KeeperWrite};
use domain::change::depots::DepotWrite;
use domain::change::facts::{DefinitionWrite, FactsWrite};
use domain::change::organizations::OrganizationWrite;
use domain::change::regions::RegionWrite;
use domain::change::standards::{EditionWrite, NewEdition};
use domain::change::targets::{NewDeclaration, TargetWrite};
use domain::change::{
    Authority, Decision, Editor, Precondition, Put, PutOutcome, Refusal, World, adoptions, catalogue, depots, facts,
    organizations, regions, standards, targets,
};
use domain::contact::{ContactOf, NewContact};
use domain::depot::NewDepot;
use domain::draft::Draft;
use domain::item::{NewItem, NewItemClass};
use domain::new_facts::{NewFactDefinition, NewFacts};
use domain::organization::NewOrganization;
use domain::region::NewRegion;
use domain::revision::Revision;
use domain::rule::Selector;

/// A kind of reference data, by the body that a client sends of it.
pub trait Reference: Sized {
    /// The key of a thing of the kind.
    type Key;
    /// The version to write.
    type Write;

    /// Asks for the lock on which the check depends.
    ///
    /// # Errors
    /// The database's error.
    fn lock(change: &mut Change<'_>) -> Result<(), Error> {
        change.for_reference().map(drop)
    }

    /// Adds what the check needs to a world that has the regions.
    ///
    /// # Errors
    /// The database's error.
    fn load(&self, connection: &mut AnyConnection, key: &Self::Key, world: &mut World) -> Result<(), Error>;

    /// Decides on the change.
    ///
    /// # Errors
    /// The refusal.
    fn check(
        &self,
        world: &World,
        editor: &Editor,
        key: &Self::Key,
        state: &Precondition,
    ) -> Result<Decision<Self::Write>, Refusal>;

    /// True if an editor without the right to change the thing may read all of it, and so send it back unchanged.
    fn is_readable(_: &World, _: &Editor, _: &Self::Key) -> bool {
        false
    }

    /// Applies the decision to the world, for later checks.
    fn apply(world: &mut World, put: &Put, write: &Self::Write);

    /// Writes the decision.
    ///
    /// # Errors
    /// The database's error.
    fn write(change: &mut Change<'_>, put: &Put, write: &Self::Write) -> Result<(), Error>;
}

/// Puts a thing: checks it against the stored data and the state that the editor names, and writes it unless it is a
/// repeat.
///
/// # Errors
/// The refusal; the database's error.
pub fn put<R: Reference>(
    change: &mut Change<'_>,
    editor: &Editor,
    key: &R::Key,
    new: &R,
    state: &Precondition,
) -> Result<Put, Error> {
    let decision = decide(change, editor, key, new, state)??;
    write::<R>(change, &decision)
}

/// Puts a thing under a code that something may use of which the editor may not know. The refusal of such a code is the
/// inner error: it is counted in the same write, which must be committed.
///
/// # Errors
/// The refusal; `TooMany` after too many codes that were not available; the database's error.
pub fn put_coded<R: Reference>(
    change: &mut Change<'_>,
    editor: &Editor,
    key: &R::Key,
    new: &R,
    state: &Precondition,
) -> Result<Result<Put, Error>, Error> {
    match decide(change, editor, key, new, state)? {
        Ok(decision) => {
            if decision.put.outcome == PutOutcome::Created {
                unavailable::require_left(change.connection, change.actor().account(), editor.now)?;
            }
            write::<R>(change, &decision).map(Ok)
        }
        Err(refusal) if refusal.is_unavailable() => {
            unavailable::count(change, 1, editor.now)?;
            Ok(Err(refusal.into()))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

fn decide<R: Reference>(
    change: &mut Change<'_>,
    editor: &Editor,
    key: &R::Key,
    new: &R,
    state: &Precondition,
) -> Result<Result<Decision<R::Write>, Refusal>, Error> {
    R::lock(change)?;
    let mut world = load_regions(change.connection, editor)?;
    new.load(change.connection, key, &mut world)?;
    Ok(new.check(&world, editor, key, state))
}

fn write<R: Reference>(change: &mut Change<'_>, decision: &Decision<R::Write>) -> Result<Put, Error> {
    if !decision.put.is_repeat() {
        R::write(change, &decision.put, &decision.write)?;
    }
    Ok(decision.put)
}

/// A world with regions only, which knows whether the editor belongs to the topmost bureau.
fn load_regions(connection: &mut AnyConnection, editor: &Editor) -> Result<World, Error> {
    let mut world = World::default();
    world.reference_data.regions = db::regions::list(connection, Revision::LATEST)?;
    if let Authority::Account { belongs, .. } = editor.authority {
        world.topmost = db::accounts::is_topmost(connection, belongs)?;
        if let Belongs::Organization(_) = belongs {
            load_organizations(connection, &mut world)?;
        }
    }
    Ok(world)
}

/// Refuses an editor outside the topmost bureau, which keeps the data that all regions share.
///
/// # Errors
/// `Forbidden` for such an editor.
pub fn require_topmost(connection: &mut AnyConnection, editor: &Editor) -> Result<(), Error> {
    Ok(load_regions(connection, editor)?.require_topmost(editor, "")?)
}

fn load_organizations(connection: &mut AnyConnection, world: &mut World) -> Result<(), Error> {
    world.organizations = db::organizations::list(connection, Revision::LATEST)?.into_iter().collect();
    Ok(())
}

fn load_depots(connection: &mut AnyConnection, world: &mut World) -> Result<(), Error> {
    let owners: Vec<OrganizationId> = world.organizations.iter().map(|one| one.id).collect();
    world.depots = db::depots::list(connection, &owners, Revision::LATEST)?.into_iter().collect();
    Ok(())
}

/// Loads the contacts of the depot or the organization with a key, if there is one.
fn load_contacts(connection: &mut AnyConnection, of: Option<ContactOf>, world: &mut World) -> Result<(), Error> {
    if let Some(of) = of {
        world.add_contacts(db::contacts::list(connection, of)?);
    }
    Ok(())
}

fn load_targets(
    connection: &mut AnyConnection,
    organizations: &[OrganizationId],
    world: &mut World,
) -> Result<(), Error> {
    for (organization, targets) in db::targets::list(connection, organizations, Revision::LATEST)? {
        let targets = targets.into_iter().map(|target| ((organization, target.rule), target.versions));
        world.targets.extend(targets);
    }
    Ok(())
}

fn load_drafts(connection: &mut AnyConnection, world: &mut World) -> Result<(), Error> {
    let drafts = db::drafts::list(connection, Revision::LATEST)?;
    world.drafted = drafts.into_iter().filter(Draft::is_open).map(|draft| draft.standard).collect();
    Ok(())
}

/// Loads everything that any check may need, for many changes at once.
pub(super) fn load_all(connection: &mut AnyConnection, editor: &Editor) -> Result<World, Error> {
    let mut world = load_regions(connection, editor)?;
    world.reference_data = db::reference_data::reference_data(connection, Revision::LATEST)?;
    let items = std::mem::take(&mut world.reference_data.items);
    world.set_items(items);
    world.classes = db::items::list_classes(connection, Revision::LATEST)?;
    load_organizations(connection, &mut world)?;
    load_depots(connection, &mut world)?;
    let depots: Vec<DepotId> = world.depots.iter().map(|depot| depot.id).collect();
    let all: Vec<OrganizationId> = world.organizations.iter().map(|one| one.id).collect();
    world.contacts = db::contacts::list_some(connection, &depots, &all)?;
    world.sheets = db::facts::list_sheets(connection, &all, Revision::LATEST)?;
    load_targets(connection, &all, &mut world)?;
    load_drafts(connection, &mut world)?;
    Ok(world)
}

impl Reference for NewRegion {
    type Key = String;
    type Write = RegionWrite;

    fn load(&self, _: &mut AnyConnection, _: &String, _: &mut World) -> Result<(), Error> {
        Ok(())
    }

    fn check(
        &self,
        world: &World,
        editor: &Editor,
        key: &String,
        state: &Precondition,
    ) -> Result<Decision<RegionWrite>, Refusal> {
        regions::check(world, editor, key, self, state)
    }

    fn is_readable(world: &World, editor: &Editor, key: &String) -> bool {
        world.region(key).is_some_and(|region| world.concerns(editor, region.id))
    }

    fn apply(world: &mut World, put: &Put, write: &RegionWrite) {
        world.apply_region(put, write);
    }

    fn write(change: &mut Change<'_>, put: &Put, write: &RegionWrite) -> Result<(), Error> {
        let RegionWrite { id, code, parent, version } = write;
        if put.outcome == PutOutcome::Created {
            return db::regions::insert(change, *id, code, *parent, Day(put.valid_from), version);
        }
        db::regions::insert_version(change, *id, code, Day(put.valid_from), version)
    }
}

impl Reference for NewOrganization {
    type Key = String;
    type Write = OrganizationWrite;

    fn load(&self, connection: &mut AnyConnection, key: &String, world: &mut World) -> Result<(), Error> {
        load_organizations(connection, world)?;
        slips::load_kinds(connection, world, [(key.as_str(), self)])
    }

    fn check(
        &self,
        world: &World,
        editor: &Editor,
        key: &String,
        state: &Precondition,
    ) -> Result<Decision<OrganizationWrite>, Refusal> {
        organizations::check(world, editor, key, self, state)
    }

    fn apply(world: &mut World, put: &Put, write: &OrganizationWrite) {
        world.apply_organization(put, write);
    }

    fn write(change: &mut Change<'_>, put: &Put, write: &OrganizationWrite) -> Result<(), Error> {
        let OrganizationWrite { id, code, region, kind, is_mended, version } = write;
        if put.outcome == PutOutcome::Created {
            return db::organizations::insert(change, *id, code, *region, *kind, Day(put.valid_from), version);
        }
        if *is_mended {
            db::organizations::mend_kind(change, *id, code, *kind)?;
        }
        db::organizations::insert_version(change, *id, code, Day(put.valid_from), version)
    }
}

impl Reference for NewDepot {
    type Key = String;
    type Write = DepotWrite;

    /// The code of a new depot must be unused by all organizations.
    fn load(&self, connection: &mut AnyConnection, key: &String, world: &mut World) -> Result<(), Error> {
        load_organizations(connection, world)?;
        load_depots(connection, world)?;
        let depot = world.depots.find(key).map(|depot| ContactOf::Depot(depot.id));
        load_contacts(connection, depot, world)?;
        slips::load_owners(connection, world, [(key.as_str(), self)])
    }

    fn check(
        &self,
        world: &World,
        editor: &Editor,
        key: &String,
        state: &Precondition,
    ) -> Result<Decision<DepotWrite>, Refusal> {
        depots::check(world, editor, key, self, state)
    }

    fn apply(world: &mut World, put: &Put, write: &DepotWrite) {
        world.apply_depot(put, write);
    }

    fn write(change: &mut Change<'_>, put: &Put, write: &DepotWrite) -> Result<(), Error> {
        let DepotWrite { id, code, owner, mended, version, contacts: new, today } = write;
        let owner = change.for_organization(*owner)?;
        let day = Day(put.valid_from);
        new.iter().try_for_each(|contact| db::contacts::save(change, contact, true))?;
        if put.outcome == PutOutcome::Created {
            return db::depots::insert(change, *id, code, owner, day, version);
        }
        if let Some(before) = mended {
            let before = change.for_organization(*before)?;
            db::depots::mend_owner(change, before, *id, code, owner)?;
        }
        db::depots::insert_version(change, owner, *id, code, day, version)?;
        Ok(db::contacts::follow_versions(change.connection, *id, (put.valid_from, *today), None)?)
    }
}

impl Reference for NewContact {
    type Key = ContactKey;
    type Write = ContactWrite;

    fn load(&self, connection: &mut AnyConnection, key: &ContactKey, world: &mut World) -> Result<(), Error> {
        load_organizations(connection, world)?;
        let of = match key {
            ContactKey::Organization(key, _) => {
                world.organizations.find(key).map(|one| ContactOf::Organization(one.id))
            }
            ContactKey::Depot(key, _) => {
                let ids: Vec<DepotId> = key.parse().ok().into_iter().collect();
                let found = db::depots::list_some(connection, std::slice::from_ref(key), &ids, Revision::LATEST)?;
                world.depots = found.into_iter().collect();
                world.depots.find(key).map(|depot| ContactOf::Depot(depot.id))
            }
        };
        load_contacts(connection, of, world)
    }

    fn check(
        &self,
        world: &World,
        editor: &Editor,
        key: &ContactKey,
        state: &Precondition,
    ) -> Result<Decision<ContactWrite>, Refusal> {
        domain::change::contacts::check(world, editor, key, self, state)
    }

    fn apply(world: &mut World, put: &Put, write: &ContactWrite) {
        world.apply_contact(put, write);
    }

    fn write(change: &mut Change<'_>, put: &Put, write: &ContactWrite) -> Result<(), Error> {
        let ContactWrite { contact, is_new, ended, depot, today } = write;
        db::contacts::save(change, contact, *is_new)?;
        db::contacts::end(change.connection, ended.as_slice(), *today)?;
        let Some(KeeperWrite { id, code, owner, version }) = depot else { return Ok(()) };
        let owner = change.for_organization(*owner)?;
        db::depots::insert_version(change, owner, *id, code, Day(put.valid_from), version)?;
        Ok(db::contacts::follow_versions(change.connection, *id, (put.valid_from, *today), Some(contact.id))?)
    }
}

impl Reference for NewItemClass {
    type Key = String;
    type Write = ClassWrite;

    fn load(&self, connection: &mut AnyConnection, _: &String, world: &mut World) -> Result<(), Error> {
        world.classes = db::items::list_classes(connection, Revision::LATEST)?;
        Ok(())
    }

    fn check(
        &self,
        world: &World,
        editor: &Editor,
        key: &String,
        state: &Precondition,
    ) -> Result<Decision<ClassWrite>, Refusal> {
        catalogue::check_class(world, editor, key, self, state)
    }

    /// All regions share it.
    fn is_readable(_: &World, _: &Editor, _: &Self::Key) -> bool {
        true
    }

    fn apply(world: &mut World, put: &Put, write: &ClassWrite) {
        world.apply_class(put, write);
    }

    fn write(change: &mut Change<'_>, put: &Put, write: &ClassWrite) -> Result<(), Error> {
        db::items::insert_class(change, &write.code, Day(put.valid_from), &write.class)
    }
}

impl Reference for NewItem {
    type Key = String;
    type Write = ItemWrite;

    fn load(&self, connection: &mut AnyConnection, key: &String, world: &mut World) -> Result<(), Error> {
        world.set_items(db::items::list(connection, Revision::LATEST)?);
        world.classes = db::items::list_classes(connection, Revision::LATEST)?;
        slips::load_units(connection, world, [(key.as_str(), self)])
    }

    fn check(
        &self,
        world: &World,
        editor: &Editor,
        key: &String,
        state: &Precondition,
    ) -> Result<Decision<ItemWrite>, Refusal> {
        catalogue::check_item(world, editor, key, self, state)
    }

    /// All regions share it.
    fn is_readable(_: &World, _: &Editor, _: &Self::Key) -> bool {
        true
    }

    fn apply(world: &mut World, put: &Put, write: &ItemWrite) {
        world.apply_item(put, write);
    }

    fn write(change: &mut Change<'_>, put: &Put, write: &ItemWrite) -> Result<(), Error> {
        let ItemWrite { code, unit, is_mended, version } = write;
        if put.outcome == PutOutcome::Created {
            return db::items::insert(change, code, unit, Day(put.valid_from), version);
        }
        if *is_mended {
            db::items::mend_unit(change, code, unit)?;
        }
        db::items::insert_version(change, code, Day(put.valid_from), version)
    }
}

impl Reference for NewFactDefinition {
    type Key = String;
    type Write = DefinitionWrite;

    fn load(&self, connection: &mut AnyConnection, _: &String, world: &mut World) -> Result<(), Error> {
        world.reference_data.dictionary = db::facts::list_definitions(connection, Revision::LATEST)?;
        Ok(())
    }

    fn check(
        &self,
        world: &World,
        editor: &Editor,
        key: &String,
        state: &Precondition,
    ) -> Result<Decision<DefinitionWrite>, Refusal> {
        facts::check_definition(world, editor, key, self, state)
    }

    /// All regions share it.
    fn is_readable(_: &World, _: &Editor, _: &Self::Key) -> bool {
        true
    }

    fn apply(world: &mut World, put: &Put, write: &DefinitionWrite) {
        world.apply_definition(put, write);
    }

    fn write(change: &mut Change<'_>, put: &Put, write: &DefinitionWrite) -> Result<(), Error> {
        let DefinitionWrite { key, kind, unit, text } = write;
        if put.outcome == PutOutcome::Created {
            return db::facts::insert_definition(change, key, *kind, unit.as_deref(), Day(put.valid_from), text);
        }
        db::facts::insert_definition_version(change, key, Day(put.valid_from), text)
    }
}

impl Reference for NewFacts {
    /// The organization.
    type Key = String;
    type Write = FactsWrite;

    /// The organization's lock is requested when its rows are written.
    fn lock(_: &mut Change<'_>) -> Result<(), Error> {
        Ok(())
    }

    fn load(&self, connection: &mut AnyConnection, key: &String, world: &mut World) -> Result<(), Error> {
        load_organizations(connection, world)?;
        world.reference_data.dictionary = db::facts::list_definitions(connection, Revision::LATEST)?;
        if let Some(organization) = world.organizations.find(key) {
            world.sheets = db::facts::list_sheets(connection, &[organization.id], Revision::LATEST)?;
        }
        Ok(())
    }

    fn check(
        &self,
        world: &World,
        editor: &Editor,
        key: &String,
        state: &Precondition,
    ) -> Result<Decision<FactsWrite>, Refusal> {
        facts::check(world, editor, key, self, state)
    }

    fn apply(world: &mut World, put: &Put, write: &FactsWrite) {
        world.apply_facts(put, write);
    }

    fn write(change: &mut Change<'_>, put: &Put, write: &FactsWrite) -> Result<(), Error> {
        let organization = change.for_organization(write.organization)?;
        for (key, value) in &write.facts {
            db::facts::insert(change, organization, key, Day(put.valid_from), *value)?;
        }
        match write.mark {
            Some(complete) => db::facts::mark_sheet(change, organization, Day(put.valid_from), complete),
            None => Ok(()),
        }
    }
}

impl Reference for NewDecision {
    /// The region and the standard.
    type Key = (String, String);
    type Write = AdoptionWrite;

    fn load(&self, connection: &mut AnyConnection, _: &Self::Key, world: &mut World) -> Result<(), Error> {
        world.reference_data.standards = db::standards::list(connection, Revision::LATEST)?;
        world.reference_data.adoptions = db::standards::list_adoptions(connection, Revision::LATEST)?;
        load_drafts(connection, world)
    }

    fn check(
        &self,
        world: &World,
        editor: &Editor,
        (region, standard): &Self::Key,
        state: &Precondition,
    ) -> Result<Decision<AdoptionWrite>, Refusal> {
        adoptions::check(world, editor, region, standard, self, state)
    }

    fn is_readable(world: &World, editor: &Editor, (region, _): &Self::Key) -> bool {
        world.region(region).is_some_and(|region| world.concerns(editor, region.id))
    }

    fn apply(world: &mut World, put: &Put, write: &AdoptionWrite) {
        world.apply_adoption(put, write);
    }

    fn write(change: &mut Change<'_>, put: &Put, write: &AdoptionWrite) -> Result<(), Error> {
        let AdoptionWrite { region, standard, strength, reason } = write;
        db::standards::insert_adoption(change, *region, standard, Day(put.valid_from), *strength, reason.as_deref())
    }
}

impl Reference for NewDeclaration {
    /// The organization and the rule.
    type Key = (String, String);
    type Write = TargetWrite;

    /// The organization's lock is requested when its rows are written.
    fn lock(_: &mut Change<'_>) -> Result<(), Error> {
        Ok(())
    }

    fn load(
        &self,
        connection: &mut AnyConnection,
        (organization, rule): &Self::Key,
        world: &mut World,
    ) -> Result<(), Error> {
        load_organizations(connection, world)?;
        world.reference_data.standards = db::standards::list(connection, Revision::LATEST)?;
        let items: BTreeSet<String> = world
            .rule(rule)
            .into_iter()
            .flat_map(|history| &history.versions)
            .filter_map(|row| match row.value.as_ref().map(|rule| &rule.selector) {
                Some(Selector::Item(item)) => Some(item.clone()),
                _ => None,
            })
            .collect();
        world.set_items(db::items::list_some(connection, &items, Revision::LATEST)?);
        match world.organizations.find(organization).map(|one| one.id) {
            Some(organization) => load_targets(connection, &[organization], world),
            None => Ok(()),
        }
    }

    fn check(
        &self,
        world: &World,
        editor: &Editor,
        (organization, rule): &Self::Key,
        state: &Precondition,
    ) -> Result<Decision<TargetWrite>, Refusal> {
        targets::check(world, editor, organization, rule, self, state)
    }

    fn apply(world: &mut World, put: &Put, write: &TargetWrite) {
        world.apply_target(put, write);
    }

    fn write(change: &mut Change<'_>, put: &Put, write: &TargetWrite) -> Result<(), Error> {
        let TargetWrite { organization, rule, quantity, reason } = write;
        let organization = change.for_organization(*organization)?;
        db::targets::insert(change, organization, rule, Day(put.valid_from), *quantity, reason.as_deref())
    }
}

impl Reference for NewEdition {
    /// The code is part of the edition.
    type Key = ();
    type Write = EditionWrite;

    fn load(&self, connection: &mut AnyConnection, (): &(), world: &mut World) -> Result<(), Error> {
        world.reference_data = db::reference_data::reference_data(connection, Revision::LATEST)?;
        Ok(())
    }

    fn check(
        &self,
        world: &World,
        editor: &Editor,
        (): &(),
        _: &Precondition,
    ) -> Result<Decision<EditionWrite>, Refusal> {
        standards::check(world, editor, self)
    }

    /// All regions share it.
    fn is_readable(_: &World, _: &Editor, _: &Self::Key) -> bool {
        true
    }

    fn apply(world: &mut World, put: &Put, write: &EditionWrite) {
        world.apply_edition(put, write);
    }

    fn write(change: &mut Change<'_>, put: &Put, write: &EditionWrite) -> Result<(), Error> {
        let (code, day) = (write.code.as_str(), Day(put.valid_from));
        if write.is_new {
            db::standards::insert_code(change, code)?;
        }
        if let Some(document) = &write.document {
            db::standards::insert_version(change, code, day, &document.value, document.reason.as_deref())?;
        }
        for new in &write.rules {
            let reason = new.rule.reason.as_deref();
            match (&new.rule.value, new.is_new) {
                (Some(rule), true) => {
                    let position = match new.position {
                        Some(position) => position,
                        None => db::standards::next_position(change.connection, code)?,
                    };
                    db::standards::insert_rule(change, code, position, day, rule, reason)?;
                }
                (None, true) => {}
                (rule, false) => db::standards::insert_rule_version(change, &new.code, day, rule.as_ref(), reason)?,
            }
        }
        Ok(())
    }
}
