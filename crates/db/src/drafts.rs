//! Drafts of standards, with their complete history.

use diesel::prelude::*;

use super::connection::AnyConnection;
use super::schema::{draft_versions, revisions};
use super::sql_types::{Day, Instant};
use super::write::{Change, Origin};
use base::error::Error;
use domain::actor::{Subject, SubjectKind};
use domain::draft::{Draft, DraftFate, StandardText};
use domain::revision::{Learnt, Revision};

type Row = (String, DraftFate, String, Option<Day>, Option<String>, (Revision, Instant));

/// The last state of every draft as of a revision, ordered by the standard's code.
pub fn list(connection: &mut AnyConnection, revision: Revision) -> Result<Vec<Draft>, Error> {
    let rows: Vec<Row> = history().filter(revisions::revision.le(revision)).load(connection)?;
    let mut last: Vec<Draft> = Vec::new();
    for draft in rows.into_iter().map(read) {
        let draft = draft?;
        match last.last_mut() {
            Some(before) if before.standard == draft.standard => *before = draft,
            _ => last.push(draft),
        }
    }
    last.sort_by(|one, other| one.standard.cmp(&other.standard));
    Ok(last)
}

/// The last state of a standard's draft; `None` if there never was one.
pub fn find(connection: &mut AnyConnection, standard: &str) -> Result<Option<Draft>, Error> {
    let rows: Vec<Row> = history().filter(draft_versions::standard_code.eq(standard.to_owned())).load(connection)?;
    rows.into_iter().next_back().map(read).transpose()
}

/// The history of all drafts: standard by standard, earliest first.
#[diesel::dsl::auto_type]
fn history() -> _ {
    draft_versions::table
        .inner_join(revisions::table.on(revisions::change_set.eq(draft_versions::change_set)))
        .order((draft_versions::standard_code, revisions::revision))
        .select((
            draft_versions::standard_code,
            draft_versions::fate,
            draft_versions::document,
            draft_versions::valid_from,
            draft_versions::reason,
            (revisions::revision, revisions::at),
        ))
}

fn read((standard, fate, document, valid_from, reason, (revision, Instant(at))): Row) -> Result<Draft, Error> {
    let text: StandardText = domain::rule::read_stored(&document)
        .map_err(|error| Error::internal("a stored draft cannot be read", error))?;
    let valid_from = valid_from.map(|Day(day)| day);
    Ok(Draft { standard, fate, text, valid_from, reason, learnt: Learnt { revision, at } })
}

/// Records a step of a draft; for a publication, with its first day, and with the reason if it is a correction.
pub fn insert(
    change: &mut Change<'_>,
    fate: DraftFate,
    text: &StandardText,
    valid_from: Option<Day>,
    reason: Option<&str>,
) -> Result<(), Error> {
    let document = serde_json::to_string(text).map_err(|error| Error::internal("a draft cannot be written", error))?;
    let Origin { change_set, author } = change.record(Subject::new(SubjectKind::Draft, &text.code));
    diesel::insert_into(draft_versions::table)
        .values((
            draft_versions::standard_code.eq(&text.code),
            draft_versions::change_set.eq(change_set),
            draft_versions::author_id.eq(author),
            draft_versions::fate.eq(fate),
            draft_versions::document.eq(document),
            draft_versions::valid_from.eq(valid_from),
            draft_versions::reason.eq(reason),
        ))
        .execute(change.connection)?;
    Ok(())
}
