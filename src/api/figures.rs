//! Pages of figures: organization by organization, all computed for the moment of the first page.

use std::borrow::Borrow;

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderName, HeaderValue};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::page::{from_cursor, to_cursor};
use base::error::Error;
use db::connection::AnyConnection;
use db::read::Snapshot;
use domain::engine::ENGINE;
use domain::organization::Organization;
use domain::reference_data::ReferenceData;
use service::moment::{Bookmark, Moment, MomentQuery};
use service::shortages::{ContactNames, OnDay, Reader};
use text::messages::message;

/// The header that names the version of the rules as coded.
const ENGINE_HEADER: &str = "muster-engine";

/// An answer of figures with the version of the rules by which they are computed, in every format.
pub fn with_engine(mut answer: HttpResponse) -> HttpResponse {
    answer.headers_mut().insert(HeaderName::from_static(ENGINE_HEADER), HeaderValue::from_static(ENGINE));
    answer
}

/// A position in the list of figures: the moment they are computed for, and the last figure returned, by its organization
/// and its number among that organization's figures.
#[derive(Debug, Serialize, Deserialize)]
struct FigurePosition {
    moment: Bookmark,
    organization: String,
    number: usize,
}

/// The start of a page.
#[derive(Debug)]
pub struct Start {
    /// The moment that its figures are for.
    pub moment: Moment,
    after: Option<FigurePosition>,
}

impl Start {
    /// The position of a cursor; without one, the start at the requested moment.
    ///
    /// # Errors
    /// `Invalid` for a cursor of another list, or one whose state is gone; the errors of [`Moment::resolve`].
    pub fn of(
        snapshot: &mut Snapshot<'_>,
        cursor: Option<&str>,
        asked: MomentQuery,
        now: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let after: Option<FigurePosition> = from_cursor(cursor)?;
        let moment = match &after {
            Some(place) if place.moment.contradicts(snapshot, asked, now)? => {
                let detail = message!("cursor-of-another-question");
                return Err(Error::invalid("/cursor", "cursor_of_another_question", detail));
            }
            Some(place) => Moment::at(snapshot, place.moment, now)?,
            None => Moment::resolve(snapshot, asked, now)?,
        };
        Ok(Self { moment, after })
    }

    /// True if the page is the first.
    pub fn is_first(&self) -> bool {
        self.after.is_none()
    }

    /// Fills a page or a table, row by row: of a table no more is in memory than the rows of one organization. `figures`
    /// computes the figures of an organization in a fixed order, with `None` for those that were not requested. Returns the
    /// cursor of the next page if there is one.
    pub fn fill<Row>(
        &self,
        snapshot: &mut Snapshot<'_>,
        organizations: &[impl Borrow<Organization>],
        limit: usize,
        figures: impl Fn(&ReferenceData, OnDay) -> Vec<Option<Row>>,
        add: impl FnMut(Row) -> Result<(), Error>,
    ) -> Result<Option<String>, Error> {
        let mut filling = self.filling(organizations, limit, add);
        Reader::at(snapshot, &self.moment)?.visit(snapshot.connection, filling.left, |reference_data, on_day| {
            let code = on_day.records.organization.code.clone();
            filling.add(&code, figures(reference_data, on_day))
        })?;
        filling.end()
    }

    /// Fills them with figures that name keepers.
    pub fn fill_with_keepers<Row>(
        &self,
        snapshot: &mut Snapshot<'_>,
        organizations: &[impl Borrow<Organization>],
        limit: usize,
        figures: impl Fn(&ReferenceData, OnDay, &ContactNames) -> Vec<Option<Row>>,
        add: impl FnMut(Row) -> Result<(), Error>,
    ) -> Result<Option<String>, Error> {
        let mut filling = self.filling(organizations, limit, add);
        let reader = Reader::at(snapshot, &self.moment)?;
        reader.visit_with_keepers(snapshot.connection, filling.left, |reference_data, on_day, names| {
            let code = on_day.records.organization.code.clone();
            filling.add(&code, figures(reference_data, on_day, names))
        })?;
        filling.end()
    }

    /// Fills them with figures that name keepers, and for which more is read.
    pub fn fill_with<Row>(
        &self,
        snapshot: &mut Snapshot<'_>,
        organizations: &[impl Borrow<Organization>],
        limit: usize,
        figures: impl Fn(&mut AnyConnection, &ReferenceData, OnDay, &ContactNames) -> Result<Vec<Option<Row>>, Error>,
        add: impl FnMut(Row) -> Result<(), Error>,
    ) -> Result<Option<String>, Error> {
        let mut filling = self.filling(organizations, limit, add);
        let reader = Reader::at(snapshot, &self.moment)?;
        reader.visit_with(snapshot.connection, filling.left, |connection, reference_data, on_day, names| {
            let code = on_day.records.organization.code.clone();
            filling.add(&code, figures(connection, reference_data, on_day, names)?)
        })?;
        filling.end()
    }

    fn filling<'a, O: Borrow<Organization>, Add>(
        &'a self,
        organizations: &'a [O],
        limit: usize,
        add: Add,
    ) -> Filling<'a, O, Add> {
        let first = self.after.as_ref().map_or(0, |place| {
            organizations.partition_point(|organization| organization.borrow().code < place.organization)
        });
        let left = organizations.get(first..).unwrap_or_default();
        Filling { start: self, left, limit, add, rows: 0, last: None, more: false }
    }
}

/// A page or a table that is being filled.
struct Filling<'a, O, Add> {
    start: &'a Start,
    /// The organizations that are left.
    left: &'a [O],
    limit: usize,
    add: Add,
    rows: usize,
    last: Option<(String, usize)>,
    more: bool,
}

impl<O, Add> Filling<'_, O, Add> {
    /// Adds the figures of an organization; false once the page is full.
    fn add<Row>(&mut self, code: &str, figures: Vec<Option<Row>>) -> Result<bool, Error>
    where
        Add: FnMut(Row) -> Result<(), Error>,
    {
        let skipped = match &self.start.after {
            Some(place) if place.organization == code => place.number.saturating_add(1),
            _ => 0,
        };
        let asked_for = figures.into_iter().enumerate().skip(skipped);
        for (number, row) in asked_for.filter_map(|(number, row)| Some((number, row?))) {
            if self.rows == self.limit {
                self.more = true;
                return Ok(false);
            }
            (self.add)(row)?;
            self.rows += 1;
            self.last = Some((code.to_owned(), number));
        }
        Ok(true)
    }

    /// The cursor of the next page, if there is one.
    fn end(self) -> Result<Option<String>, Error> {
        let moment = self.start.moment;
        let next = self.last.filter(|_| self.more).map(|(organization, number)| {
            to_cursor(&FigurePosition { moment: moment.bookmark(), organization, number })
        });
        next.transpose()
    }
}
