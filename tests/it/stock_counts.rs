//! The counts that are not loaded for stock could not have affected it.

use std::collections::BTreeSet;

use auth::receipts::ReceiptKeys;
use base::content::Content;
use base::error::Error;
use base::id::{AcceptanceId, CountId, DepotId, OrganizationId, ResolutionId};
use base::time::{DEFAULT_ZONE, end_of_day};
use chrono::{DateTime, TimeDelta, Utc};
use db::bearing_counts::{self, RowState};
use db::connection::AnyConnection;
use db::counts::{Filter, StoredCount};
use db::locks::{Key, Locks};
use db::write::Change;
use db::{accounts, counts, organizations, reference_data};
use domain::account::Author;
use domain::account::Role;
use domain::assessment::assess;
use domain::count::{Count, CountLine, CountScope, Source};
use domain::item::CatalogueSeen;
use domain::lot::LotNumber;
use domain::new_count::NewCount;
use domain::organization::Organization;
use domain::reference_data::OrganizationData;
use domain::revision::Revision;
use domain::stock::stock;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::json;
use service::chain::Signer;
use service::counts::{DeviceSaid, Submission, VoidRequest, submit, void};
use service::{acceptances, resolutions};
use uuid::Uuid;

use crate::app::TestApp;
use crate::cases::cases;
use crate::rows::tester;
use crate::rules::adopt;
use crate::seed;

cases![what_is_left_out_would_have_changed_nothing];

/// The number of counts in a history.
const COUNTS: usize = 60;

async fn what_is_left_out_would_have_changed_nothing(app: TestApp) {
    adopt(&app).await;
    let mut random = Random::new();
    for (code, username) in [("T1", "t1"), ("T2", "t2"), ("E1", "e1")] {
        let organization = find(&app, code).await;
        let depot: DepotId = app.depot(&format!("{code}-A")).await.parse().unwrap();
        let author = author(&app, username).await;
        let (mut ids, mut sent) = (Vec::new(), Vec::new());
        for _ in 0..COUNTS {
            let (keys, submission) = (app.receipts.clone(), random.submission(depot, &ids));
            // An own count may not resolve an inspection.
            let inspects = random.one_in(5) || !submission.count.count().resolves.is_empty();
            let role = if inspects { Role::Officer } else { Role::Quartermaster };
            let author = Author { role, ..author.clone() };
            let acceptance = random.acceptance(depot, &sent);
            ids.push(submission.id);
            let taken_back = random.one_in(6).then(|| ids[random.below(ids.len())]);
            sent.push(submission.clone());
            let named = random.resolution(depot, &sent);
            let void = random.one_in(3);
            let id = organization.id;
            app.db
                .write(tester(), Locks::organization(id).keys([Key::sender(author.account)]), move |change| {
                    write(change, (&author, &keys), id, &submission, taken_back)?;
                    accept(change, (&author, &keys), id, acceptance.as_ref())?;
                    decide(change, (&author, &keys), id, (named.as_ref(), void))
                })
                .await
                .unwrap();
        }
        compare(&app, organization).await;
        is_kept_right(&app, depot).await;
    }
}

/// The counts that are kept as bearing on stock are those that follow from all of them.
async fn is_kept_right(app: &TestApp, depot: DepotId) {
    let (kept, state) = app
        .db
        .read(move |snapshot| {
            let newest = snapshot.newest_revision();
            let ends = [(depot, seed::now() + TimeDelta::days(1))].into();
            let kept = bearing_counts::of_depots(snapshot.connection, &ends, newest)?;
            let reference_data = snapshot.reference_data(snapshot.newest_revision())?;
            Ok((kept.len(), bearing_counts::compare(snapshot.connection, &reference_data, depot)?))
        })
        .await
        .unwrap();
    assert_eq!((kept, state), (1, RowState::Right));
}

/// Computes stock and shortages from the loaded counts and from all counts, for days and revisions.
async fn compare(app: &TestApp, organization: Organization) {
    let left_out = app
        .db
        .read(move |snapshot| {
            let mut left_out = 0;
            let newest = snapshot.newest.unwrap().revision.0;
            for revision in (1..=newest).rev().step_by(7).map(Revision) {
                let reference_data = reference_data::reference_data(snapshot.connection, revision)?;
                for days_ago in 0..4 {
                    let day = (seed::now() - TimeDelta::days(days_ago)).date_naive();
                    let before = end_of_day(day, DEFAULT_ZONE);
                    let one = std::slice::from_ref(&organization);
                    let longest = reference_data.longest_validity_days();
                    let loaded =
                        reference_data::records(snapshot.connection, one, revision, longest, |_| before)?.remove(0);
                    let counts = all_counts(snapshot.connection, organization.id, revision)?;
                    left_out += counts.len().checked_sub(loaded.counts.len()).unwrap();
                    let whole = OrganizationData { counts, ..loaded.clone() };
                    assert_eq!(
                        stock(&reference_data, &loaded, day),
                        stock(&reference_data, &whole, day),
                        "{revision:?} {day}"
                    );
                    assert_eq!(
                        assess(&reference_data, &loaded, day),
                        assess(&reference_data, &whole, day),
                        "{revision:?} {day}"
                    );
                }
            }
            Ok(left_out)
        })
        .await
        .unwrap();
    assert!(left_out > COUNTS, "{left_out} counts were left out: too few to tell anything");
}

/// Every count of an organization as of a revision, with nothing left out.
pub fn all_counts(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    revision: Revision,
) -> Result<Vec<Count>, Error> {
    let filter = Filter { organizations: vec![organization], ..Filter::default() };
    let stored = counts::list(connection, &filter, 1_000)?;
    let voids = voided_by(connection, revision)?;
    Ok(stored
        .into_iter()
        .filter(|count| count.revision <= revision)
        .map(|count| {
            let voided = voids.contains(&count.row.id);
            as_count(count, voided)
        })
        .collect())
}

fn voided_by(connection: &mut AnyConnection, revision: Revision) -> Result<Vec<CountId>, Error> {
    use db::schema::{revisions, voids};
    use diesel::prelude::*;
    Ok(voids::table
        .inner_join(revisions::table.on(revisions::change_set.eq(voids::change_set)))
        .filter(revisions::revision.le(revision))
        .select(voids::count_id)
        .load(connection)?)
}

fn as_count(StoredCount { row, lines, resolves, flags, .. }: StoredCount, voided: bool) -> Count {
    Count {
        id: row.id,
        depot_id: row.depot_id,
        kind: row.kind,
        scope: row.scope,
        source: row.device.map_or(Source::Account(row.account_id), Source::Device),
        effective_at: row.effective_at.0,
        received_at: row.received_at.0,
        seq: row.seq,
        catalogue: row.catalogue_revision.map_or(CatalogueSeen::When(row.effective_at.0), CatalogueSeen::At),
        counted_by: row.counted_by,
        resolves,
        voided,
        flags,
        lines: lines
            .into_iter()
            .map(|line| CountLine {
                item: line.item_code,
                quantity: line.quantity,
                lot: line.lot.as_deref().and_then(LotNumber::read),
                expires_on: line.expires_on.map(Into::into),
                made_on: line.made_on.map(Into::into),
                inspected_on: line.inspected_on.map(Into::into),
                condition: line.condition,
                held: line.held,
            })
            .collect(),
    }
}

fn write(
    change: &mut Change<'_>,
    (author, keys): (&Author, &ReceiptKeys),
    organization: OrganizationId,
    submission: &Submission,
    taken_back: Option<CountId>,
) -> Result<(), Error> {
    let organization = change.for_organization(organization)?;
    submit(change, Signer { author, keys }, organization, submission)?;
    let Some(id) = taken_back else { return Ok(()) };
    let content = Content::of_json(br#"{"reason":"wrong shelf"}"#.to_vec()).unwrap();
    let request = VoidRequest { reason: "wrong shelf", content: &content, at: submission.received_at };
    void(change, Signer { author, keys }, organization, id, Default::default(), request).map(drop)
}

/// Accepts an own count, if the drawn counts are an inspection and a later own count, both valid.
fn accept(
    change: &mut Change<'_>,
    (author, keys): (&Author, &ReceiptKeys),
    organization: OrganizationId,
    acceptance: Option<&acceptances::Submission>,
) -> Result<(), Error> {
    let Some(acceptance) = acceptance else { return Ok(()) };
    let organization = change.for_organization(organization)?;
    match acceptances::accept(change, Signer { author, keys }, organization, acceptance) {
        Ok(_) | Err(Error::Invalid(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Excludes counts by a resolution, and voids it if the history says so.
fn decide(
    change: &mut Change<'_>,
    (author, keys): (&Author, &ReceiptKeys),
    organization: OrganizationId,
    (decision, void): (Option<&resolutions::Submission>, bool),
) -> Result<(), Error> {
    let Some(decision) = decision else { return Ok(()) };
    let organization = change.for_organization(organization)?;
    resolutions::resolve(change, Signer { author, keys }, organization, decision)?;
    if void {
        let content = Content::of_json(br#"{"reason":"wrong item"}"#.to_vec()).unwrap();
        let request = VoidRequest { reason: "wrong item", content: &content, at: decision.received_at };
        resolutions::void(change, Signer { author, keys }, organization, decision.id, request)?;
    }
    Ok(())
}

async fn find(app: &TestApp, code: &'static str) -> Organization {
    let all = app.db.read(|snapshot| organizations::list(snapshot.connection, Revision::LATEST)).await.unwrap();
    all.into_iter().find(|organization| organization.code == code).unwrap()
}

async fn author(app: &TestApp, username: &'static str) -> Author {
    let found = app.db.read(|snapshot| accounts::find_by_username(snapshot.connection, username)).await.unwrap();
    let (account, _) = found.unwrap();
    Author { account: account.id, name: account.display_name, role: Role::Quartermaster }
}

/// Draws the same histories in every run.
struct Random(TestRng);

impl Random {
    fn new() -> Self {
        Self(TestRng::deterministic_rng(RngAlgorithm::ChaCha))
    }

    fn below(&mut self, end: usize) -> usize {
        use proptest::prelude::Rng as _;
        (self.0.next_u32() as usize) % end
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// On one of three days, within less than half an hour, so that counts coincide, follow and contradict one another.
    fn instant(&mut self) -> DateTime<Utc> {
        seed::now() - TimeDelta::days(self.below(3) as i64) - TimeDelta::minutes(self.below(25) as i64)
    }

    /// Now and then excludes one or two of the last counts that can cover an item.
    fn resolution(&mut self, depot: DepotId, sent: &[Submission]) -> Option<resolutions::Submission> {
        let item = ["BOOTS", "MASK", "SAND"][self.below(3)];
        let last = &sent[sent.len().saturating_sub(6)..];
        let speaks =
            |count: &NewCount| count.scope == CountScope::Full || count.lines.iter().any(|line| line.item == item);
        let last: Vec<CountId> =
            last.iter().filter(|sent| speaks(sent.count.count())).map(|submission| submission.id).collect();
        if last.is_empty() || !self.one_in(4) {
            return None;
        }
        let counts: BTreeSet<CountId> = (0..2).map(|_| last[self.below(last.len())]).collect();
        let body = json!({ "depot_id": depot, "item": item, "counts": counts, "reason": "counted twice" });
        let bytes = serde_json::to_vec(&body).unwrap();
        Some(resolutions::Submission {
            id: ResolutionId(Uuid::now_v7()),
            resolution: serde_json::from_slice(&bytes).unwrap(),
            content: Content::of_json(bytes).unwrap(),
            received_at: seed::now(),
        })
    }

    /// An acceptance of two counts that were sent.
    fn acceptance(&mut self, depot: DepotId, sent: &[Submission]) -> Option<acceptances::Submission> {
        if sent.is_empty() || !self.one_in(2) {
            return None;
        }
        let [inspection, count] = [0, 1].map(|_| sent[self.below(sent.len())].id);
        let item = ["BOOTS", "MASK", "SAND"][self.below(3)];
        let body = json!({
            "depot_id": depot, "item": item, "inspection": inspection, "count": count, "reason": "the note was shown"
        });
        let bytes = serde_json::to_vec(&body).unwrap();
        Some(acceptances::Submission {
            id: AcceptanceId(Uuid::now_v7()),
            acceptance: serde_json::from_slice(&bytes).unwrap(),
            content: Content::of_json(bytes).unwrap(),
            received_at: seed::now(),
        })
    }

    fn submission(&mut self, depot: DepotId, earlier: &[CountId]) -> Submission {
        let mut lines = Vec::new();
        for item in ["BOOTS", "MASK", "SAND"] {
            if !self.one_in(3) {
                let lot = [json!(null), json!("A1"), json!("a1"), json!("B1")][self.below(4)].clone();
                lines.push(json!({"item": item, "quantity": self.below(4), "lot": lot}));
            }
        }
        let full = lines.is_empty() || self.one_in(4);
        let settles = self.one_in(7);
        let resolves: Vec<_> = earlier.iter().rev().take(8).filter(|_| settles && self.one_in(2)).collect();
        let body = json!({
            "depot_id": depot, "scope": if full { "full" } else { "listed" }, "counted_at": self.instant(),
            "lines": lines, "resolves": resolves, "catalogue_revision": full.then_some(1)
        });
        let bytes = serde_json::to_vec(&body).unwrap();
        let name = [None, Some("phone-1"), Some("phone-2")][self.below(3)].map(ToOwned::to_owned);
        let count = serde_json::from_slice::<NewCount>(&bytes).unwrap().check().unwrap();
        let device = DeviceSaid { name, seq: None, sent_at: None };
        Submission::new(CountId(Uuid::now_v7()), count, Content::of_json(bytes).unwrap(), device, seed::now())
    }
}
