//! Pages of figures: organization by organization, all at the moment that the first page was worked out for.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::page::{from_cursor, to_cursor};
use base::error::Error;
use db::read::Snapshot;
use domain::organization::Organization;
use domain::reference_data::ReferenceData;
use service::moment::{Bookmark, Moment, MomentQuery};
use service::shortages::{OnDay, Reader};
use text::messages::message;

/// A place among the figures: the moment they were worked out for, and the last one given, by its organization and its
/// number among all of that organization's.
#[derive(Debug, Serialize, Deserialize)]
struct FigurePosition {
    moment: Bookmark,
    organization: String,
    number: usize,
}

/// The start of a page.
#[derive(Debug)]
pub struct Start {
    /// The moment its figures are for.
    pub moment: Moment,
    after: Option<FigurePosition>,
}

impl Start {
    /// The place of a cursor; without one, the beginning at the moment asked for.
    ///
    /// # Errors
    /// `Invalid` for a cursor that was not given out here or whose state is gone, and as [`Moment::resolve`] says.
    pub fn of(
        snapshot: &mut Snapshot<'_>,
        cursor: Option<&str>,
        asked: MomentQuery,
        now: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let after: Option<FigurePosition> = from_cursor(cursor)?;
        let moment = match &after {
            Some(place) if place.moment.contradicts(asked.as_of, asked.revision) => {
                let detail = message!("cursor-of-another-question");
                return Err(Error::invalid("/cursor", "cursor_of_another_question", detail));
            }
            Some(place) => Moment::at(snapshot, place.moment, now)?,
            None => Moment::resolve(snapshot, asked, now)?,
        };
        Ok(Self { moment, after })
    }

    /// Fills a page. `figures` works an organization's out, all of them in a fixed order, with `None` for those that were
    /// not asked for. Answers the page's rows, and the cursor of the next page where there is one.
    pub fn fill<Row>(
        &self,
        snapshot: &mut Snapshot<'_>,
        organizations: &[Organization],
        limit: usize,
        figures: impl Fn(&ReferenceData, OnDay) -> Vec<Option<Row>>,
    ) -> Result<(Vec<Row>, Option<String>), Error> {
        let first = self
            .after
            .as_ref()
            .map_or(0, |place| organizations.partition_point(|organization| organization.code < place.organization));
        let left = organizations.get(first..).unwrap_or_default();
        let (mut rows, mut last, mut more) = (Vec::new(), None, false);
        Reader::at(snapshot, &self.moment)?.visit(snapshot.connection, left, |reference_data, on_day| {
            let code = on_day.records.organization.code.clone();
            let skipped = match &self.after {
                Some(place) if place.organization == code => place.number.saturating_add(1),
                _ => 0,
            };
            let asked_for = figures(reference_data, on_day).into_iter().enumerate().skip(skipped);
            for (number, row) in asked_for.filter_map(|(number, row)| Some((number, row?))) {
                if rows.len() == limit {
                    more = true;
                    return Ok(false);
                }
                rows.push(row);
                last = Some((code.clone(), number));
            }
            Ok(true)
        })?;
        let next = last.filter(|_| more).map(|(organization, number)| {
            to_cursor(&FigurePosition { moment: self.moment.bookmark(), organization, number })
        });
        Ok((rows, next.transpose()?))
    }
}
