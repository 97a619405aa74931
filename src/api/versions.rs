//! What all reference data has in common: a version is put from a day, and every version there was can be read.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use actix_web::HttpResponse;
use actix_web::http::header::{ETag, EntityTag};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::page::Page;
use base::error::Error;
use base::id::AccountId;
use base::time::serialize_instant;
use db::connection::AnyConnection;
use domain::revision::{Dated, Revision};
use service::keeping::{Fate, Put};

/// What became of what was put.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Stored<T> {
    /// The thing as it is from the day on which that holds.
    pub stored: T,
    /// The first day on which it holds.
    pub valid_from: NaiveDate,
    /// The revision that brought it.
    pub revision: Revision,
    /// True where it said so before: nothing was changed.
    #[schema(example = false)]
    pub repeated: bool,
}

/// One version of a thing.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Version<T> {
    /// The first day on which it holds. Of those with the same day the one with the highest revision holds.
    pub valid_from: NaiveDate,
    /// The revision that brought it.
    pub revision: Revision,
    /// When it was learnt.
    #[serde(serialize_with = "serialize_instant")]
    pub at: DateTime<Utc>,
    /// Who put it; `null` where the program did by itself or at the command line.
    pub author: Option<AuthorLabel>,
    /// What it says.
    pub state: T,
}

/// Who put something.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"id": "0198f5a2-0000-7000-8000-000000000009", "name": "Duty officer of the bureau"}))]
pub struct AuthorLabel {
    /// The account.
    pub id: AccountId,
    /// What people call its holder.
    #[schema(max_length = 100)]
    pub name: String,
}

/// Which versions to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListVersions {
    /// How many to list at most.
    #[param(minimum = 1, maximum = 500, default = 50)]
    #[validate(range(min = 1, max = 500))]
    pub limit: Option<usize>,
    /// The `next_cursor` of the page before.
    #[param(max_length = 1000)]
    #[validate(length(max = 1000))]
    pub cursor: Option<String>,
}

/// The headers by which a change says which state it was made on.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only its documentation is used")]
pub struct ConditionHeaders {
    /// The `ETag` of the state that is changed, or `*`. Needed for a change; a new thing has none.
    #[param(rename = "If-Match", max_length = 1000, example = "W/\"r812\"")]
    if_match: Option<String>,
    /// `*` to make a new thing or nothing.
    #[param(rename = "If-None-Match", max_length = 1000, example = "*")]
    if_none_match: Option<String>,
}

/// The answer to a `PUT`, given the revision of the write. Its `ETag` is the state that a next change is made on.
pub fn answer<T: Serialize>(put: Put, written: Revision, stored: T) -> HttpResponse {
    let revision = put.revision(written);
    let repeated = put.fate == Fate::Repeated;
    let mut response = if put.fate == Fate::Created { HttpResponse::Created() } else { HttpResponse::Ok() };
    response.insert_header(ETag(EntityTag::new_weak(format!("r{}", revision.0))));
    response.json(Stored { stored, valid_from: put.valid_from, revision, repeated })
}

/// A page of a history, the last that was learnt first. `part` tells rows of one revision and one day apart, where a
/// history is made of several things.
pub fn history<V, T>(
    connection: &mut AnyConnection,
    rows: &[(&str, &Dated<V>)],
    query: &ListVersions,
    view: impl Fn(&str, &V) -> T,
) -> Result<Page<Version<T>>, Error> {
    let asked: BTreeSet<Revision> = rows.iter().map(|(_, row)| row.learnt.revision).collect();
    let authors = db::audit::authors(connection, &asked)?;
    let versions = rows.iter().map(|(part, row)| {
        let author = authors.get(&row.learnt.revision);
        let version = Version {
            valid_from: row.valid_from,
            revision: row.learnt.revision,
            at: row.learnt.at,
            author: author.map(|(id, name)| AuthorLabel { id: *id, name: name.clone() }),
            state: view(part, &row.value),
        };
        ((Reverse(row.learnt.revision), Reverse(row.valid_from), (*part).to_owned()), version)
    });
    Page::of(versions, (query.limit, query.cursor.as_deref()))
}

/// A page of the history of one thing.
pub fn history_of_one<V, T>(
    connection: &mut AnyConnection,
    rows: &[Dated<V>],
    query: &ListVersions,
    view: impl Fn(&V) -> T,
) -> Result<Page<Version<T>>, Error> {
    let rows: Vec<(&str, &Dated<V>)> = rows.iter().map(|row| ("", row)).collect();
    history(connection, &rows, query, |_, version| view(version))
}
