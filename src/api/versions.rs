//! Histories: every version of a thing, the day from which it holds, its author and the reason.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::changed_since::ChangedSince;
use super::page::Page;
use super::reply::Format;
use base::error::Error;
use base::id::AccountId;
use base::time::serialize_instant;
use db::connection::AnyConnection;
use db::history::Recorded;
use domain::revision::{Dated, Revision};

/// One version of a thing.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Version<T> {
    /// The first day on which it holds. Of several versions with the same day, the one with the highest revision holds.
    pub valid_from: NaiveDate,
    /// The revision that recorded it.
    pub revision: Revision,
    /// The time of that revision's commit.
    #[serde(serialize_with = "serialize_instant")]
    pub recorded_at: DateTime<Utc>,
    /// The account that recorded it; `null` for the program itself and for the command line, and for callers whose region is
    /// neither the version's nor above or below it.
    pub author: Option<AuthorLabel>,
    /// The reason of a correction or of an end; `null` if none was given, and for callers to whom `author` is not shown.
    #[schema(max_length = 1000, example = "replaced by the edition of 2023")]
    pub reason: Option<String>,
    /// The content.
    pub state: T,
}

impl<T> Version<T> {
    /// The version for callers of other regions: without its author and the author's words.
    pub fn without_people(self) -> Self {
        Self { author: None, reason: None, ..self }
    }
}

/// The account that recorded something.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"id": "0198f5a2-0000-7000-8000-000000000009", "name": "Duty officer of the bureau"}))]
pub struct AuthorLabel {
    /// The account.
    pub id: AccountId,
    /// The holder's name.
    #[schema(max_length = 100)]
    pub name: String,
}

/// The selection of versions to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListVersions {
    /// Only versions that were recorded after this instant, whatever day they hold from.
    #[serde(default, deserialize_with = "base::sent::optional")]
    pub changed_since: Option<DateTime<Utc>>,
    /// The format of the answer; overrides `Accept`.
    pub format: Option<Format>,
    /// The maximum number to list.
    #[param(minimum = 1, maximum = 500, default = 50)]
    #[validate(range(min = 1, max = 500))]
    pub limit: Option<usize>,
    /// The `next_cursor` of the page before.
    #[param(max_length = 1000)]
    #[validate(length(max = 1000))]
    pub cursor: Option<String>,
}

/// The headers that name the state on which a change is based.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only its documentation is used")]
pub struct ConditionHeaders {
    /// The `ETag` of the state to change, or `*`. Required for a change; leave it out for a new thing.
    #[param(rename = "If-Match", example = "W/\"r812\"")]
    if_match: Option<String>,
    /// `*` to create a new thing or do nothing.
    #[param(rename = "If-None-Match", example = "*")]
    if_none_match: Option<String>,
}

/// The authors of some revisions.
pub struct Authors(BTreeMap<Revision, (AccountId, String)>);

impl Authors {
    /// Reads the authors of some revisions.
    pub fn of(connection: &mut AnyConnection, revisions: impl IntoIterator<Item = Revision>) -> Result<Self, Error> {
        Ok(Self(db::audit::authors(connection, &revisions.into_iter().collect())?))
    }

    /// The author of a revision; `None` if the program made it.
    pub fn label(&self, revision: Revision) -> Option<AuthorLabel> {
        self.0.get(&revision).map(|(id, name)| AuthorLabel { id: *id, name: name.clone() })
    }

    /// A row of a history as it appears in answers.
    pub fn version<V, T>(&self, row: &Dated<V>, reason: Option<String>, state: T) -> Version<T> {
        Version {
            valid_from: row.valid_from,
            revision: row.learnt.revision,
            recorded_at: row.learnt.at,
            author: self.label(row.learnt.revision),
            reason,
            state,
        }
    }
}

/// All the rows of a history with their reasons, in the order given.
pub fn recorded<V, T>(
    connection: &mut AnyConnection,
    rows: &[Recorded<V>],
    view: impl Fn(&V) -> T,
) -> Result<Vec<Version<T>>, Error> {
    let authors = Authors::of(connection, rows.iter().map(|recorded| recorded.row.learnt.revision))?;
    let version = |Recorded { row, reason }: &Recorded<V>| authors.version(row, reason.clone(), view(&row.value));
    Ok(rows.iter().map(version).collect())
}

/// A page of a history, latest revision first. `part` distinguishes rows of one revision and one day, in a history of
/// several things.
pub fn history<V, T>(
    connection: &mut AnyConnection,
    rows: &[(&str, &Dated<V>)],
    query: &ListVersions,
    view: impl Fn(&str, &Dated<V>) -> T,
) -> Result<Page<Version<T>>, Error> {
    let changed = ChangedSince::read(connection, query.changed_since)?;
    let rows: Vec<_> = rows.iter().filter(|(_, row)| changed.takes(row.learnt.revision)).collect();
    let authors = Authors::of(connection, rows.iter().map(|(_, row)| row.learnt.revision))?;
    let versions = rows.into_iter().map(|(part, row)| {
        let key = (Reverse(row.learnt.revision), Reverse(row.valid_from), (*part).to_owned());
        (key, authors.version(row, None, view(part, row)))
    });
    Page::of(versions, query.format.map_or(query.limit, |format| format.limit(query.limit)), query.cursor.as_deref())
}

/// A page of the history of one thing.
pub fn history_of_one<V, T>(
    connection: &mut AnyConnection,
    rows: &[Dated<V>],
    query: &ListVersions,
    view: impl Fn(&Dated<V>) -> T,
) -> Result<Page<Version<T>>, Error> {
    let rows: Vec<(&str, &Dated<V>)> = rows.iter().map(|row| ("", row)).collect();
    history(connection, &rows, query, |_, row| view(row))
}
