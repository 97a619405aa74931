//! Making anew what is kept of stored data so that it need not be worked out at every read. It is no record: everything in it
//! follows from what is stored elsewhere.

use base::error::Error;
use base::id::{DepotId, OrganizationId};
use db::Db;
use db::bearing_counts::{self, Prepared, RowState};
use db::connection::AnyConnection;
use db::locks::Locks;
use db::read::Snapshot;
use db::write::Change;
use domain::actor::Actor;

/// The number of depots looked up at once.
const BATCH: i64 = 100;

/// The number of attempts to make a row anew while nobody changes what it is made of.
const TRIES: usize = 5;

/// Makes some rows anew that were emptied, and returns their number.
///
/// # Errors
/// If the database fails.
pub async fn mend_emptied(db: &Db, actor: &Actor) -> Result<usize, Error> {
    let emptied = db.read(|snapshot| bearing_counts::emptied(snapshot.connection, BATCH)).await?;
    remake_all(db, actor, emptied).await
}

/// Makes some rows that are missing, and returns their number.
///
/// # Errors
/// If the database fails.
pub async fn add_missing(db: &Db, actor: &Actor) -> Result<usize, Error> {
    let missing = db.read(|snapshot| bearing_counts::missing(snapshot.connection, BATCH)).await?;
    remake_all(db, actor, missing).await
}

/// Makes rows anew; one that cannot be made does not keep others from it.
async fn remake_all(db: &Db, actor: &Actor, depots: Vec<DepotId>) -> Result<usize, Error> {
    let number = depots.len();
    let mut failure = None;
    for depot in depots {
        if let Err(error) = remake(db, actor, depot).await {
            tracing::debug!(%depot, %error, "the kept counts of a depot could not be rebuilt");
            failure = Some(error);
        }
    }
    failure.map_or(Ok(number), Err)
}

/// What a rebuild found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// The number of depots.
    pub depots: usize,
    /// The number of those whose row was found not to be what it should be.
    pub wrong: usize,
    /// The number of those that were found without one.
    pub not_kept: usize,
}

/// Makes the rows of all depots anew; with `only_wrong` looks for those that are not what they should be, tells `found` of each,
/// and makes these alone anew, and those that are missing.
///
/// # Errors
/// If the database fails.
pub async fn rebuild(
    db: &Db,
    actor: &Actor,
    only_wrong: bool,
    mut found: impl FnMut(DepotId),
) -> Result<Rebuilt, Error> {
    let (mut rebuilt, mut after) = (Rebuilt::default(), None);
    loop {
        let depots = db.read(move |snapshot| bearing_counts::list_depots(snapshot.connection, after, BATCH)).await?;
        let Some(last) = depots.last() else { return Ok(rebuilt) };
        after = Some(*last);
        for depot in depots {
            rebuilt.depots += 1;
            if only_wrong {
                let compare = move |snapshot: &mut Snapshot<'_>| {
                    let reference_data = snapshot.reference_data(snapshot.newest_revision())?;
                    bearing_counts::compare(snapshot.connection, &reference_data, depot)
                };
                match db.read(compare).await? {
                    RowState::Right => continue,
                    RowState::NotKept => rebuilt.not_kept += 1,
                    RowState::Wrong => {
                        rebuilt.wrong += 1;
                        found(depot);
                    }
                }
            }
            remake(db, actor, depot).await?;
        }
    }
}

/// Makes the row of a depot anew from one state, and stores it unless a count came meanwhile; then tries again. After several
/// attempts it is made within the write, for which other writers wait.
async fn remake(db: &Db, actor: &Actor, depot: DepotId) -> Result<(), Error> {
    for tried in 1..=TRIES {
        let prepare = move |snapshot: &mut Snapshot<'_>| {
            let organization = owner_of(snapshot.connection, depot)?;
            let prepared = if tried < TRIES { Some(prepare(snapshot, depot)?) } else { None };
            Ok((organization, prepared))
        };
        let (organization, prepared) = db.read(prepare).await?;
        let put = move |change: &mut Change<'_>| {
            let locked = change.for_organization(organization)?;
            // Counts are added under the lock of the organization that has the depot, which may be another by now.
            if owner_of(change.connection, depot)? != organization {
                return Ok(false);
            }
            if let Some(prepared) = &prepared {
                return bearing_counts::put(change, locked, prepared);
            }
            let reference_data = change.reference_data()?;
            let prepared = bearing_counts::prepare(change.connection, &reference_data, depot)?;
            bearing_counts::put(change, locked, &prepared)
        };
        let locks = Locks::organization(organization);
        let written = if tried < TRIES {
            db.write(actor.clone(), locks, put).await?
        } else {
            db.write_long(actor.clone(), locks, put).await?
        };
        if written.value {
            return Ok(());
        }
    }
    Err(Error::Busy("the counts of a depot changed all the time"))
}

fn prepare(snapshot: &mut Snapshot<'_>, depot: DepotId) -> Result<Prepared, Error> {
    let reference_data = snapshot.reference_data(snapshot.newest_revision())?;
    bearing_counts::prepare(snapshot.connection, &reference_data, depot)
}

fn owner_of(connection: &mut AnyConnection, depot: DepotId) -> Result<OrganizationId, Error> {
    db::depots::organization_of(connection, depot)?.ok_or(Error::NotFound("depot"))
}
