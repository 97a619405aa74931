//! Steps of drafts: the outcome, and every value that differs from the step before, rule by rule.

use std::collections::BTreeMap;

use base::error::Error;
use base::id::ChangeSetId;
use db::audit::EntrySubject;
use db::audit_content::{DraftStep, draft_steps};
use db::connection::AnyConnection;
use domain::actor::SubjectKind;
use domain::audit::{ValueChange, differences, of_rule, of_standard};
use domain::rule::Rule;

/// The changes of the drafts on a page.
pub(super) struct DraftsRead(BTreeMap<(ChangeSetId, String), Vec<ValueChange>>);

impl DraftsRead {
    /// Reads one draft after the other, so that few of them are in memory; a page has few by their length.
    pub(super) fn read(connection: &mut AnyConnection, subjects: &[EntrySubject]) -> Result<Self, Error> {
        let mut changes = BTreeMap::new();
        for one in subjects.iter().filter(|one| one.subject.kind == SubjectKind::Draft) {
            let key = one.subject.key.clone();
            let steps = draft_steps(connection, &key, one.revision)?;
            let Some((after, before)) = steps.split_first() else { continue };
            changes.insert((one.change_set, key), of_step(before.first(), after));
        }
        Ok(Self(changes))
    }

    pub(super) fn changes(&self, one: &EntrySubject) -> Option<Vec<ValueChange>> {
        self.0.get(&(one.change_set, one.subject.key.clone())).cloned()
    }
}

fn of_step(before: Option<&DraftStep>, after: &DraftStep) -> Vec<ValueChange> {
    let fate = |step: &DraftStep| <&str>::from(step.fate);
    let mut changes = vec![ValueChange::of("fate", before.map(fate), fate(after))];
    changes.extend(after.valid_from.map(|day| ValueChange::new("valid_from", day)));
    changes.extend(after.reason.as_ref().map(|reason| ValueChange::new("reason", reason)));
    let document = before.map(|step| of_standard(&step.text.document())).unwrap_or_default();
    changes.extend(differences(&document, &of_standard(&after.text.document()), None));
    let rules = |step: &DraftStep| -> BTreeMap<String, Rule> {
        step.text.rules.iter().map(|rule| (rule.code.clone(), rule.clone())).collect()
    };
    let (old, new) = (before.map(rules).unwrap_or_default(), rules(after));
    for code in old.keys().filter(|code| !new.contains_key(*code)) {
        changes.push(ValueChange { part: Some(code.clone()), ..ValueChange::of("withdrawn", false, true) });
    }
    for (code, rule) in &new {
        let before = old.get(code).map(|rule| of_rule(Some(rule))).unwrap_or_default();
        let differing = differences(&before, &of_rule(Some(rule)), None);
        changes.extend(differing.into_iter().map(|change| ValueChange { part: Some(code.clone()), ..change }));
    }
    changes
}
