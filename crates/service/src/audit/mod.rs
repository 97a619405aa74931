//! Reading the audit: pages of changes, each with the values before and after, as far as the reader's reach.
//!
//! Values are compared when they are read, from the versions that are stored; only of things whose rows keep no earlier
//! state were they written down with the change. The subjects of a page are read by their keys; the reader's reach is read
//! whole: all accounts and organizations that the reader sees.

mod content;
mod counts;
mod drafts;
mod found;
mod organizations;
mod people;
mod reference;

use std::collections::{BTreeMap, BTreeSet};

use base::error::Error;
use base::id::{AccountId, ChangeSetId, OrganizationId};
use db::audit::{Entry, EntrySubject, Filter};
use db::read::Snapshot;
use domain::account::Account;
use domain::actor::SubjectKind;
use domain::audit::ValueChange;
use domain::depot::Depot;
use domain::organization::Organization;
use domain::revision::Revision;

use content::Content;

/// The most subjects on a page.
const MOST_SUBJECTS: usize = 1_000;

/// The most values on a page, about. A subject alone may have more.
const MOST_VALUES: i64 = 20_000;

/// The characters of a draft or a rule that weigh as much as one value.
const CHARACTERS_OF_VALUE: i64 = 200;

/// The number of values that a rule has.
const VALUES_OF_RULE: i64 = 17;

/// A place in the audit: a revision, and the number of a subject of it.
pub type Place = (Revision, i64);

/// The things that a reader may see.
#[derive(Debug)]
pub struct Visible {
    /// The organizations.
    pub organizations: BTreeMap<OrganizationId, Organization>,
    /// The accounts, those of clients included.
    pub accounts: BTreeMap<AccountId, Account>,
}

/// An entry with the subjects that a page has of it.
#[derive(Debug)]
pub struct AuditedEntry {
    /// The entry.
    pub entry: Entry,
    /// Its subjects.
    pub subjects: Vec<AuditedSubject>,
    /// True if the next page has more of them.
    pub has_more: bool,
}

/// A subject with what the change did to it.
#[derive(Debug)]
pub struct AuditedSubject {
    /// Its kind.
    pub kind: SubjectKind,
    /// Its code or id; `None` where it lies beyond the reader's reach.
    pub key: Option<String>,
    /// The organization it belongs to, where the reader sees it.
    pub organization: Option<OrganizationId>,
    /// The depot of a count, a void, a resolution or an acceptance.
    pub depot: Option<Depot>,
    /// The values that changed; `None` where they lie beyond the reader's reach, or were not recorded then.
    pub changes: Option<Vec<ValueChange>>,
}

/// A page of the audit.
#[derive(Debug)]
pub struct AuditedPage {
    /// The entries, latest first.
    pub entries: Vec<AuditedEntry>,
    /// The place of what follows.
    pub next: Option<Place>,
}

/// Reads a page of the audit from a place on.
///
/// # Errors
/// If the database fails.
pub fn read_page(
    snapshot: &mut Snapshot<'_>,
    visible: &Visible,
    filter: &Filter,
    from: Option<Place>,
    limit: usize,
) -> Result<AuditedPage, Error> {
    let filter = Filter { through: from.map(|(revision, _)| revision), ..filter.clone() };
    let mut entries = db::audit::list(snapshot.connection, &filter, limit.saturating_add(1))?;
    // Only of the revision that the page before ended in are some told already.
    let first = from.filter(|(revision, _)| entries.first().is_some_and(|entry| entry.learnt.revision == *revision));
    let position = first.map_or(0, |(_, position)| position);
    let mut subjects =
        db::audit::subjects_of(snapshot.connection, &entries, &filter, position, MOST_SUBJECTS.saturating_add(1))?;
    let beyond = entries.get(limit).map(|entry| entry.change_set);
    let next = cut(snapshot, &mut subjects, beyond)?;
    entries.truncate(limit);
    let content = Content::read(snapshot, visible, &subjects)?;
    let mut told = BTreeMap::<ChangeSetId, Vec<AuditedSubject>>::new();
    for subject in &subjects {
        let subject_told = content.tell(subject);
        // An answer to a guessed key would say that there is such a thing beyond the reader's reach.
        if filter.subject.is_none() || subject_told.key.is_some() {
            told.entry(subject.change_set).or_default().push(subject_told);
        }
    }
    let has_more = |entry: &Entry| next.is_some_and(|(revision, _)| revision == entry.learnt.revision);
    let entries = entries.into_iter().filter_map(|entry| {
        let subjects = told.remove(&entry.change_set)?;
        Some(AuditedEntry { has_more: has_more(&entry), entry, subjects })
    });
    Ok(AuditedPage { entries: entries.collect(), next })
}

/// Leaves on a page what it may hold, and returns the place of the first subject that it does not.
fn cut(
    snapshot: &mut Snapshot<'_>,
    subjects: &mut Vec<EntrySubject>,
    beyond: Option<ChangeSetId>,
) -> Result<Option<Place>, Error> {
    let counts = ids_of(subjects, SubjectKind::Count);
    let lines = db::audit_content::numbers_of_lines(snapshot.connection, &counts)?;
    let lines: BTreeMap<String, i64> = lines.into_iter().map(|(id, number)| (id.to_string(), number)).collect();
    let drafts = change_sets_of(subjects, SubjectKind::Draft);
    let drafts = db::audit_content::lengths_of_drafts(snapshot.connection, &drafts)?;
    let rules = change_sets_of(subjects, SubjectKind::Rule);
    let rules = db::audit_content::lengths_of_rules(snapshot.connection, &rules)?;
    let by_length = |lengths: &BTreeMap<(ChangeSetId, String), i64>, one: &EntrySubject| {
        let length = lengths.get(&(one.change_set, one.subject.key.clone())).copied().unwrap_or(0);
        length.checked_div(CHARACTERS_OF_VALUE).unwrap_or(0).max(1)
    };
    let weight = |one: &EntrySubject| match one.subject.kind {
        SubjectKind::Count => lines.get(&one.subject.key).copied().unwrap_or(1),
        SubjectKind::Draft => by_length(&drafts, one),
        SubjectKind::Rule => by_length(&rules, one).max(VALUES_OF_RULE),
        _ => 1,
    };
    let (mut total, mut kept) = (0_i64, 0_usize);
    for one in subjects.iter() {
        total = total.saturating_add(weight(one));
        if Some(one.change_set) == beyond || kept == MOST_SUBJECTS || (kept > 0 && total > MOST_VALUES) {
            break;
        }
        kept = kept.saturating_add(1);
    }
    let next = subjects.get(kept).map(|one| (one.revision, one.position));
    subjects.truncate(kept);
    Ok(next)
}

/// The ids of the subjects of a kind.
fn ids_of<T: std::str::FromStr>(subjects: &[EntrySubject], kind: SubjectKind) -> Vec<T> {
    keys_of(subjects, kind).iter().filter_map(|key| key.parse().ok()).collect()
}

/// The keys of the subjects of a kind, each once.
fn keys_of(subjects: &[EntrySubject], kind: SubjectKind) -> BTreeSet<String> {
    subjects.iter().filter(|one| one.subject.kind == kind).map(|one| one.subject.key.clone()).collect()
}

/// The change sets with subjects of a kind, each once.
fn change_sets_of(subjects: &[EntrySubject], kind: SubjectKind) -> Vec<ChangeSetId> {
    let found: BTreeSet<ChangeSetId> =
        subjects.iter().filter(|one| one.subject.kind == kind).map(|one| one.change_set).collect();
    found.into_iter().collect()
}

/// The two parts of a key.
fn parts(key: &str) -> Option<(&str, &str)> {
    key.split_once('/')
}
