//! Making anew what is kept of stored data so that it need not be worked out at every read. It is no record: everything in it
//! follows from what is stored elsewhere.

use base::error::Error;
use base::id::DepotId;
use db::Db;
use db::bearing_counts::{self, OwnedDepot};
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

async fn remake_all(db: &Db, actor: &Actor, depots: Vec<OwnedDepot>) -> Result<usize, Error> {
    let number = depots.len();
    for depot in depots {
        remake(db, actor, depot).await?;
    }
    Ok(number)
}

/// What a rebuild found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// The number of depots.
    pub depots: usize,
    /// The number of those whose row was found not to be what it should be.
    pub wrong: usize,
}

/// Makes the rows of all depots anew; with `only_wrong` looks for those that are not what they should be, tells `found` of each,
/// and makes these alone anew.
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
        after = Some(last.depot);
        for owned in depots {
            let depot = owned.depot;
            rebuilt.depots += 1;
            if only_wrong {
                let is_right = move |snapshot: &mut Snapshot<'_>| {
                    let reference_data = snapshot.reference_data(snapshot.newest_revision())?;
                    bearing_counts::is_right(snapshot.connection, &reference_data, depot)
                };
                if db.read(is_right).await? {
                    continue;
                }
                rebuilt.wrong += 1;
                found(depot);
            }
            remake(db, actor, owned).await?;
        }
    }
}

/// Makes the row of a depot anew from one state, and stores it unless a count came meanwhile; then tries again. After several
/// attempts it is made within the write, for which other writers wait.
async fn remake(db: &Db, actor: &Actor, owned: OwnedDepot) -> Result<(), Error> {
    let OwnedDepot { depot, organization } = owned;
    for _ in 1..TRIES {
        let prepare = move |snapshot: &mut Snapshot<'_>| {
            let reference_data = snapshot.reference_data(snapshot.newest_revision())?;
            bearing_counts::prepare(snapshot.connection, &reference_data, depot)
        };
        let prepared = db.read(prepare).await?;
        let put = move |change: &mut Change<'_>| {
            let locked = change.for_organization(organization)?;
            bearing_counts::put(change, locked, &prepared)
        };
        if db.write(actor.clone(), Locks::organization(organization), put).await?.value {
            return Ok(());
        }
    }
    let make = move |change: &mut Change<'_>| {
        let locked = change.for_organization(organization)?;
        let reference_data = change.reference_data()?;
        let prepared = bearing_counts::prepare(change.connection, &reference_data, depot)?;
        bearing_counts::put(change, locked, &prepared).map(drop)
    };
    db.write_long(actor.clone(), Locks::organization(organization), make).await?;
    Ok(())
}
