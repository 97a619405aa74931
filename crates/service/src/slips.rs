//! The things whose first entry a change would mend: whether anything rests on it is asked of the database inside the write,
//! and only of them.

use std::collections::BTreeSet;

use base::error::Error;
use db::connection::AnyConnection;
use domain::change::World;
use domain::depot::NewDepot;
use domain::item::NewItem;
use domain::naming::names;
use domain::organization::NewOrganization;

/// Looks at the items that would get another unit. Needs the catalogue.
pub(crate) fn load_units<'n>(
    connection: &mut AnyConnection,
    world: &mut World,
    new: impl IntoIterator<Item = (&'n str, &'n NewItem)>,
) -> Result<(), Error> {
    let differs = |(code, new): &(&str, &NewItem)| {
        let stored = world.reference_data.items.get(*code);
        stored.is_some_and(|item| {
            new.unit.as_ref().is_some_and(|unit| *unit != item.unit.name)
                || new.measured.is_some_and(|measured| measured != item.unit.measured)
        })
    };
    let codes: BTreeSet<String> = new.into_iter().filter(differs).map(|(code, _)| code.to_owned()).collect();
    world.resting.items = db::items::named(connection, &codes)?;
    Ok(())
}

/// Looks at the organizations that would be of another kind. Needs the organizations.
pub(crate) fn load_kinds<'n>(
    connection: &mut AnyConnection,
    world: &mut World,
    new: impl IntoIterator<Item = (&'n str, &'n NewOrganization)>,
) -> Result<(), Error> {
    let differing = |(key, new): (&str, &NewOrganization)| {
        let stored = world.organizations.find(key)?;
        new.kind.is_some_and(|kind| kind != stored.kind).then_some(stored.id)
    };
    let ids: BTreeSet<_> = new.into_iter().filter_map(differing).collect();
    world.resting.organizations = db::organizations::in_use(connection, &ids)?;
    Ok(())
}

/// Looks at the depots that would get another owner. Needs the organizations and the depots.
pub(crate) fn load_owners<'n>(
    connection: &mut AnyConnection,
    world: &mut World,
    new: impl IntoIterator<Item = (&'n str, &'n NewDepot)>,
) -> Result<(), Error> {
    let differing = |(key, new): (&str, &NewDepot)| {
        let stored = world.depots.find(key)?;
        let owner = world.organizations.get(stored.organization_id)?;
        let named = new.organization.as_deref()?;
        (!names(named, owner.id, &owner.code)).then_some(stored.id)
    };
    let ids: BTreeSet<_> = new.into_iter().filter_map(differing).collect();
    world.resting.depots = db::depots::counted(connection, &ids)?;
    Ok(())
}
