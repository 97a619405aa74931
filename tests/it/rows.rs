//! Rows inserted by hand, for tests below the service, and reading them back.

use base::error::Error;
use base::id::{ChangeSetId, RegionId};
use db::connection::AnyConnection;
use db::locks::Locks;
use db::schema::{regions, revisions};
use db::write::Change;
use db::{Db, organizations};
use diesel::prelude::*;
use domain::actor::{Actor, Subject, SubjectKind};
use domain::revision::Revision;

/// The actor of a change that no operation makes.
pub fn tester() -> Actor {
    Actor::command("test")
}

/// Every lock, for rows inserted below the service.
pub async fn all_locks(db: &Db) -> Locks {
    let all = db.read(|snapshot| organizations::list(snapshot.connection, Revision::LATEST)).await.unwrap();
    Locks::organizations(all.into_iter().map(|organization| organization.id)).reference().accounts()
}

/// Inserts a region: the smallest row with a change set.
pub fn insert_region(connection: &mut AnyConnection, change_set: ChangeSetId, code: &str) -> QueryResult<RegionId> {
    let id = RegionId::new();
    diesel::insert_into(regions::table)
        .values((regions::id.eq(id), regions::code.eq(code), regions::change_set.eq(change_set)))
        .execute(connection)?;
    Ok(id)
}

/// A write that adds a region.
pub fn add_region(code: impl Into<String>) -> impl FnMut(&mut Change<'_>) -> Result<(), Error> + Send + 'static {
    let code = code.into();
    move |change| {
        let change_set = change.record(Subject::new(SubjectKind::Region, &code)).change_set;
        insert_region(change.connection, change_set, &code)?;
        Ok(())
    }
}

/// True if a region exists.
pub fn region_exists(connection: &mut AnyConnection, code: &str) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(regions::table.filter(regions::code.eq(code)))).get_result(connection)
}

/// The codes and revisions of the regions, in the order of their revisions.
pub fn regions_by_revision(connection: &mut AnyConnection) -> QueryResult<Vec<(String, Revision)>> {
    regions::table
        .inner_join(revisions::table.on(revisions::change_set.eq(regions::change_set)))
        .order((revisions::revision, regions::code))
        .select((regions::code, revisions::revision))
        .load(connection)
}
