//! The diary of one organization: its fictitious counts, and the form in which they are sent.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, TimeZone, Utc};
use uuid::Uuid;

use super::{DEMO, Scene, content, draw_below};
use base::error::Error;
use base::id::CountId;
use domain::count::{CountKind, CountScope};
use domain::depot::Depot;
use domain::new_count::{NewCount, NewCountLine};
use domain::revision::{Revision, in_force};
use service::counts::{DeviceSaid, Submission};

/// The lag of one team's phone clocks: the server corrects it.
const SLOW_CLOCK: TimeDelta = TimeDelta::minutes(7);

/// The team with the slow phones.
const SLOW_CLOCK_OF: &str = "T2";

/// A fictitious count.
pub(super) struct Draft<'a> {
    /// The depot.
    pub depot: &'a Depot,
    /// The time.
    pub at: DateTime<Utc>,
    /// Its scope.
    pub scope: CountScope,
    /// Its kind.
    pub kind: CountKind,
    /// The number of the organization's phone; `None` for a count in the browser.
    pub phone: Option<u32>,
    /// The counts it resolves.
    pub resolves: Vec<CountId>,
    /// A remark.
    pub note: Option<&'static str>,
    /// The reason why it was voided soon after, if it was.
    pub void: Option<&'static str>,
    /// The lines.
    pub lines: Vec<NewCountLine>,
}

impl<'a> Draft<'a> {
    /// An organization's own count, from its first phone.
    pub fn new(depot: &'a Depot, at: DateTime<Utc>, scope: CountScope, lines: Vec<NewCountLine>) -> Self {
        Self {
            depot,
            at,
            scope,
            kind: CountKind::Own,
            phone: Some(1),
            resolves: Vec::new(),
            note: None,
            void: None,
            lines,
        }
    }
}

/// A count ready to be sent, with its void if it has one.
pub(super) struct Planned {
    /// The submission.
    pub submission: Submission,
    /// The reason and time of its void.
    pub void: Option<(String, DateTime<Utc>)>,
}

/// The id of an organization's count by its number: the same in every demo.
pub(super) fn count_id(organization: &str, number: usize) -> CountId {
    CountId(Uuid::new_v5(&DEMO, format!("{organization} count {number}").as_bytes()))
}

/// The counts of one organization.
pub(super) struct Diary<'a> {
    /// The organization.
    pub scene: Scene<'a>,
    catalogue: Revision,
    /// The number of counts in earlier parts of the diary.
    before: usize,
    drafts: Vec<(CountId, Draft<'a>)>,
}

impl<'a> Diary<'a> {
    pub fn new(scene: Scene<'a>, catalogue: Revision, before: usize) -> Self {
        Self { scene, catalogue, before, drafts: Vec::new() }
    }

    /// The depots of the organization, in the order of their codes.
    pub fn depots(&self) -> &'a [Depot] {
        &self.scene.records.depots
    }

    /// The instant a number of days ago, at a time of the organization's day.
    pub fn at(&self, days_ago: u32, hour: u32, minute: u32) -> DateTime<Utc> {
        let day = self.day(days_ago);
        let local = day.and_hms_opt(hour, minute, 0).unwrap_or_default();
        self.scene.zone.from_local_datetime(&local).earliest().map_or_else(|| local.and_utc(), |at| at.to_utc())
    }

    /// The day a number of days ago.
    pub fn day(&self, days_ago: u32) -> NaiveDate {
        self.scene.today.checked_sub_days(Days::new(days_ago.into())).unwrap_or(self.scene.today)
    }

    /// Adds a count and returns its id.
    pub fn write(&mut self, draft: Draft<'a>) -> CountId {
        let id = count_id(self.scene.code(), self.before + self.drafts.len() + 1);
        self.drafts.push((id, draft));
        id
    }

    /// The lines of the last full count of a depot.
    pub fn last_lines(&self, depot: &Depot) -> &[NewCountLine] {
        self.last(depot).map_or(&[], |(_, draft)| &draft.lines)
    }

    /// The last full count of a depot, and when it was made.
    pub fn last_count(&self, depot: &Depot) -> Option<(CountId, DateTime<Utc>)> {
        self.last(depot).map(|(id, draft)| (*id, draft.at))
    }

    fn last(&self, depot: &Depot) -> Option<&(CountId, Draft<'a>)> {
        let full = |draft: &Draft<'_>| draft.depot.id == depot.id && draft.scope == CountScope::Full;
        self.drafts.iter().filter(|(_, draft)| full(draft)).max_by_key(|(_, draft)| draft.at)
    }

    /// The counts as sent, in the order in which they were made; phones number them.
    pub fn close(self) -> Result<Vec<Planned>, Error> {
        let Self { scene, catalogue, mut drafts, .. } = self;
        drafts.sort_by_key(|(_, draft)| draft.at);
        let mut sent = BTreeMap::<u32, i64>::new();
        drafts
            .into_iter()
            .map(|(id, draft)| {
                let seq = draft.phone.map(|phone| {
                    let seq = sent.entry(phone).or_default();
                    *seq += 1;
                    *seq
                });
                planned(scene, catalogue, id, draft, seq)
            })
            .collect()
    }
}

fn planned(
    scene: Scene<'_>,
    catalogue: Revision,
    id: CountId,
    draft: Draft<'_>,
    seq: Option<i64>,
) -> Result<Planned, Error> {
    let code = scene.code();
    let behind = if code == SLOW_CLOCK_OF && draft.phone.is_some() { SLOW_CLOCK } else { TimeDelta::zero() };
    // A phone sends when it is back in reach, up to four hours later; a browser at once.
    let waited = if draft.phone.is_some() { 60 * (1 + draw_below(&format!("{id} waited"), 240)) } else { 40 };
    let received_at = draft.at + TimeDelta::seconds(waited.into());
    let device = DeviceSaid {
        name: draft.phone.map(|phone| format!("phone-{}-{phone}", code.to_lowercase())),
        seq,
        sent_at: draft.phone.map(|_| received_at - behind - TimeDelta::milliseconds(800)),
    };
    let keeper = || scene.keepers.get(&in_force(&draft.depot.versions, scene.today)?.value.keeper?)?.clone();
    let count = NewCount {
        depot_id: draft.depot.id,
        scope: draft.scope,
        counted_at: draft.at - behind,
        kind: Some(draft.kind),
        survey_id: None,
        catalogue_revision: (draft.scope == CountScope::Full).then_some(catalogue),
        catalogue_change_set: None,
        resolves: draft.resolves,
        counted_by: draft.phone.and_then(|_| keeper()),
        note: draft.note.map(ToOwned::to_owned),
        lines: draft.lines,
    };
    let content = content(&count)?;
    let count = count.check().map_err(Error::Invalid)?;
    let void = draft.void.map(|reason| (reason.to_owned(), received_at + TimeDelta::minutes(20)));
    Ok(Planned { submission: Submission::new(id, count, content, device, received_at), void })
}
