//! Export of the data as tables that can be imported again.
//!
//! Each statement of a history is a row with its day, even if it repeats the one before. Imported into an empty database,
//! the tables give the same tables again; imported where they came from, they change nothing. The tables do not contain
//! the time of each change.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::import::statements::statements;
use super::ledger::{Matchers, candidates, key_of};
use base::error::Error;
use base::id::{ContactId, DepotId, OrganizationId, RegionId};
use base::time::{DEFAULT_ZONE, local_day};
use db::connection::AnyConnection;
use db::history::Recorded;
use db::ledger_rows::Filter;
use domain::account::Belongs;
use domain::change::adoptions::NewDecision;
use domain::change::contacts::holder_of;
use domain::change::targets::NewDeclaration;
use domain::change::{Authority, Editor};
use domain::contact::{Contact, ContactOf, ContactRole, ERASED};
use domain::fact::FactValue;
use domain::ledger::{LedgerRowStatus, WhyOpen};
use domain::organization::Organization;
use domain::region::are_in_line;
use domain::revision::Revision;
use tables::form::Form;
use tables::forms::{
    AdoptionRow, AnsweredItem, Cells, ClassRow, DefinitionRow, DepotRow, ItemAnswerRow, ItemRow, OrganizationRow,
    RegionRow, RuleRow, SHEET_COMPLETE, StandardRow, TargetRow,
};
use tables::template::template;
use tables::{Output, Sheet};
use text::messages::message;

/// The tables of some forms, with headers in Chinese or English: with everything that the reader sees, or without rows
/// for templates. Programs get no telephones, and of people no more than the names of keepers.
///
/// # Errors
/// If the database fails.
pub fn sheets(
    connection: &mut AnyConnection,
    forms: &[Form],
    chinese: bool,
    reader: &Editor,
    for_people: bool,
) -> Result<Exported, Error> {
    let mut seen = Seen::load(connection, reader, for_people)?;
    let sheet =
        |form: &Form| Ok(Sheet { form: *form, chinese, is_template: false, rows: seen.rows(connection, *form)? });
    let sheets = forms.iter().map(sheet).collect::<Result<_, Error>>()?;
    Ok(Exported { sheets, read: seen.read.into_inner() })
}

/// Tables, and the contacts whose names or telephones they have.
#[derive(Debug)]
pub struct Exported {
    /// The tables.
    pub sheets: Vec<Sheet>,
    /// The contacts.
    pub read: BTreeSet<ContactId>,
}

/// The most open words that an export asks about.
const OPEN_WORDS: usize = 5000;

/// The same tables without data, to be filled in.
pub fn templates(forms: &[Form], chinese: bool) -> Vec<Sheet> {
    forms.iter().map(|form| template(*form, chinese)).collect()
}

struct Seen {
    /// The day it is for the reader.
    today: chrono::NaiveDate,
    /// The codes of the reader's own region, and of the regions above and below it.
    concerning: BTreeSet<RegionId>,
    regions: BTreeMap<RegionId, String>,
    organizations: Vec<Organization>,
    codes: BTreeMap<OrganizationId, String>,
    ids: Vec<OrganizationId>,
    /// False where a program reads.
    for_people: bool,
    /// The contacts that were read.
    read: RefCell<BTreeSet<ContactId>>,
}

/// The recorded reason of a version, if any.
fn reason_of<'r, T: 'r>(
    recorded: impl IntoIterator<Item = &'r Recorded<T>>,
    day: chrono::NaiveDate,
    revision: Revision,
) -> Option<String> {
    let said = |one: &&Recorded<T>| one.row.valid_from == day && one.row.learnt.revision == revision;
    recorded.into_iter().find(said).and_then(|one| one.reason.clone())
}

fn dated(mut cells: Cells, day: chrono::NaiveDate) -> Cells {
    cells.push(("valid_from", day.into()));
    cells
}

impl Seen {
    fn load(connection: &mut AnyConnection, reader: &Editor, for_people: bool) -> Result<Self, Error> {
        let all = db::organizations::list(connection, Revision::LATEST)?;
        let regions = db::regions::list(connection, Revision::LATEST)?;
        let own = match reader.authority {
            Authority::Operator => None,
            Authority::Account { belongs: Belongs::Region(region), .. } => Some(region),
            Authority::Account { belongs: Belongs::Organization(own), .. } => {
                all.iter().find(|one| one.id == own).map(|one| one.region_id)
            }
        };
        let concerns = |id: RegionId| own.is_none_or(|own| are_in_line(&regions, own, id));
        let concerning = regions.iter().map(|region| region.id).filter(|id| concerns(*id)).collect();
        let organizations = match reader.authority {
            Authority::Operator => all,
            Authority::Account { belongs, .. } => {
                db::organizations::list_visible(connection, belongs, Revision::LATEST)?
            }
        };
        let regions = regions.into_iter().map(|region| (region.id, region.code)).collect();
        let codes = organizations.iter().map(|one| (one.id, one.code.clone())).collect();
        let ids = organizations.iter().map(|one| one.id).collect();
        let today = match reader.authority {
            Authority::Operator => local_day(reader.now, DEFAULT_ZONE),
            Authority::Account { belongs, .. } => db::accounts::today(connection, belongs, reader.now)?,
        };
        Ok(Self { today, concerning, regions, ids, organizations, codes, for_people, read: RefCell::default() })
    }

    /// The code of an organization that the reader sees.
    fn code(&self, id: OrganizationId) -> Option<String> {
        self.codes.get(&id).cloned()
    }

    fn rows(&mut self, connection: &mut AnyConnection, form: Form) -> Result<Vec<Cells>, Error> {
        match form {
            Form::Regions => self.regions(connection),
            Form::ItemClasses => classes(connection),
            Form::Items => items(connection),
            Form::Dictionary => dictionary(connection),
            Form::Organizations => self.organizations(connection),
            Form::Facts => self.facts(connection),
            Form::Depots => self.depots(connection),
            Form::Standards => standards(connection),
            Form::Rules => rules(connection),
            Form::Adoptions => self.adoptions(connection),
            Form::Targets => self.targets(connection),
            Form::ItemAnswers => self.item_answers(connection),
            Form::Ledger | Form::Counts => {
                Err(Error::invalid("/form", "only_template", message!("form-only-template", form = form.name())))
            }
        }
    }

    /// The answers about words of ledgers, and after them the words that nobody has answered yet, with an empty cell to fill in.
    fn item_answers(&self, connection: &mut AnyConnection) -> Result<Vec<Cells>, Error> {
        let concerning: Vec<RegionId> = self.concerning.iter().copied().collect();
        let mut answered = BTreeSet::new();
        let mut rows = Vec::new();
        for (answer, _) in db::item_answers::list(connection, &concerning)? {
            answered.insert((answer.region, answer.words_key));
            let said = answer.item.map_or(AnsweredItem::Unlisted, AnsweredItem::Item);
            let row = ItemAnswerRow {
                region: self.regions.get(&answer.region).cloned(),
                name: answer.name,
                specification: answer.specification,
                unit: answer.unit,
                answer: Some(said),
                factor: answer.factor,
                nearest: None,
            };
            rows.push(row.cells());
        }
        let data = db::reference_data::reference_data(connection, Revision::LATEST)?;
        let mut matchers = Matchers::new(&data.items, &data.regions, self.today);
        let region_of: BTreeMap<OrganizationId, RegionId> =
            self.organizations.iter().map(|one| (one.id, one.region_id)).collect();
        let asked = Filter {
            organizations: self.ids.clone(),
            statuses: vec![LedgerRowStatus::Open],
            why: vec![WhyOpen::Item, WhyOpen::NoItem, WhyOpen::Unit],
            ..Filter::default()
        };
        for stored in db::ledger_rows::list(connection, &asked, OPEN_WORDS)? {
            let content = &stored.row.content;
            let Some(region) = region_of.get(&stored.row.organization).copied() else { continue };
            if content.text.name.is_none() || !answered.insert((region, key_of(content))) {
                continue;
            }
            let nearest = candidates(&*matchers.of(connection, region)?, content);
            let told = nearest.iter().map(|near| {
                let name = data.items.get(&near.item).and_then(|item| item.versions.last());
                let name = name.map_or("", |version| version.value.name_zh.as_str());
                format!("{} {name} ({})", near.item, near.score)
            });
            let told: Vec<String> = told.collect();
            let words = content.telling();
            let row = ItemAnswerRow {
                region: self.regions.get(&region).cloned(),
                name: words.name.to_owned(),
                specification: words.specified(),
                unit: words.unit.to_owned(),
                answer: None,
                factor: None,
                nearest: (!told.is_empty()).then(|| told.join("; ")),
            };
            rows.push(row.cells());
        }
        Ok(rows)
    }

    fn regions(&self, connection: &mut AnyConnection) -> Result<Vec<Cells>, Error> {
        let mut rows = Vec::new();
        let all = db::regions::list(connection, Revision::LATEST)?;
        for region in all.into_iter().filter(|region| self.concerning.contains(&region.id)) {
            let parent = region.parent_id.and_then(|id| self.regions.get(&id)).cloned();
            for (day, _, version) in statements(&region.versions, None) {
                rows.push(dated(RegionRow::of(&region.code, parent.clone(), version).cells(), day));
            }
        }
        Ok(rows)
    }

    fn organizations(&self, connection: &mut AnyConnection) -> Result<Vec<Cells>, Error> {
        let contacts = db::contacts::list_some(connection, &[], &self.ids)?;
        let mut rows = Vec::new();
        for one in &self.organizations {
            let region = self.regions.get(&one.region_id).cloned().unwrap_or_default();
            let of_one = contacts.get(&ContactOf::Organization(one.id)).map_or(&[][..], Vec::as_slice);
            let person = |role| {
                // Those of the past have no row of their own to stand in.
                self.person(
                    holder_of(of_one, role, self.today).filter(|one| one.is_present(self.today) && self.for_people),
                )
            };
            for (day, _, version) in statements(&one.versions, None) {
                let host = version.hosted_by.and_then(|host| self.code(host));
                let row = OrganizationRow::of(&one.code, region.clone(), one.kind, version, host, person);
                rows.push(dated(row.cells(), day));
            }
        }
        Ok(rows)
    }

    /// The name and the telephone of a contact, and a note that they were read.
    fn person(&self, contact: Option<&Contact>) -> (Option<String>, Option<String>) {
        let Some(contact) = contact else { return (None, None) };
        if contact.erased.is_some() {
            return (Some(ERASED.to_owned()), None);
        }
        self.read.borrow_mut().insert(contact.id);
        let phone = contact.person.phone.clone().filter(|_| contact.is_present(self.today) && self.for_people);
        (contact.person.name.clone(), phone)
    }

    fn facts(&self, connection: &mut AnyConnection) -> Result<Vec<Cells>, Error> {
        let sheets = db::facts::list_sheets(connection, &self.ids, Revision::LATEST)?;
        let mut rows = Vec::new();
        for one in &self.organizations {
            let Some(sheet) = sheets.get(&one.id) else { continue };
            let mut push = |fact: &str, value: Output, day| {
                let cells: Cells = vec![("organization", (&one.code).into()), ("fact", fact.into()), ("value", value)];
                rows.push(dated(cells, day));
            };
            for (key, versions) in &sheet.facts {
                for (day, _, value) in statements(versions, Some(&FactValue::Withdrawn)) {
                    push(key, value.into(), day);
                }
            }
            for (day, _, complete) in statements(&sheet.complete, Some(&false)) {
                push(SHEET_COMPLETE, complete.into(), day);
            }
        }
        Ok(rows)
    }

    fn depots(&self, connection: &mut AnyConnection) -> Result<Vec<Cells>, Error> {
        let mut rows = Vec::new();
        let depots = db::depots::list(connection, &self.ids, Revision::LATEST)?;
        let ids: Vec<DepotId> = depots.iter().map(|depot| depot.id).collect();
        let contacts = db::contacts::list_some(connection, &ids, &[])?;
        for depot in depots {
            let organization = self.code(depot.organization_id).unwrap_or_default();
            let of_one = contacts.get(&ContactOf::Depot(depot.id)).map_or(&[][..], Vec::as_slice);
            for (day, _, version) in statements(&depot.versions, None) {
                let named: Vec<(ContactRole, ContactId)> = version.keepers().collect();
                let person = |role| {
                    let id = named.iter().find(|(of, _)| *of == role).map(|(_, id)| *id);
                    self.person(of_one.iter().find(|contact| Some(contact.id) == id))
                };
                let row = DepotRow::of(&depot.code, organization.clone(), version, person);
                rows.push(dated(row.cells(), day));
            }
        }
        Ok(rows)
    }

    fn adoptions(&self, connection: &mut AnyConnection) -> Result<Vec<Cells>, Error> {
        let mut rows = Vec::new();
        let all = db::standards::list_adoptions(connection, Revision::LATEST)?;
        for adoption in all.into_iter().filter(|adoption| self.concerning.contains(&adoption.region_id)) {
            let region = self.regions.get(&adoption.region_id).cloned().unwrap_or_default();
            let (region_id, standard) = (adoption.region_id, adoption.standard.as_str());
            let recorded = db::standards::adoption_history(connection, region_id, standard, Revision::LATEST)?;
            for (day, revision, strength) in statements(&adoption.versions, Some(&None)) {
                let reason = reason_of(&recorded, day, revision);
                let new = NewDecision { strength, valid_from: None, reason };
                let row = AdoptionRow { region: region.clone(), standard: adoption.standard.clone(), new };
                rows.push(((row.region.clone(), row.standard.clone(), day), dated(row.cells(), day)));
            }
        }
        // Sorted by code, because ids of regions differ between databases.
        rows.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(rows.into_iter().map(|(_, cells)| cells).collect())
    }

    fn targets(&self, connection: &mut AnyConnection) -> Result<Vec<Cells>, Error> {
        let targets = db::targets::list(connection, &self.ids, Revision::LATEST)?;
        let mut rows = Vec::new();
        for one in &self.organizations {
            for target in targets.get(&one.id).into_iter().flatten() {
                let recorded = db::targets::history(connection, one.id, &target.rule, Revision::LATEST)?;
                for (day, revision, quantity) in statements(&target.versions, Some(&None)) {
                    let reason = reason_of(&recorded, day, revision);
                    let new = NewDeclaration { quantity, valid_from: None, reason };
                    let row = TargetRow { organization: one.code.clone(), rule: target.rule.clone(), new };
                    rows.push(dated(row.cells(), day));
                }
            }
        }
        Ok(rows)
    }
}

fn classes(connection: &mut AnyConnection) -> Result<Vec<Cells>, Error> {
    let mut rows = Vec::new();
    for (code, versions) in db::items::list_classes(connection, Revision::LATEST)? {
        for (day, _, class) in statements(&versions, None) {
            rows.push(dated(ClassRow::of(&code, class).cells(), day));
        }
    }
    Ok(rows)
}

fn items(connection: &mut AnyConnection) -> Result<Vec<Cells>, Error> {
    let mut rows = Vec::new();
    for item in db::items::list(connection, Revision::LATEST)?.values() {
        for (day, _, version) in statements(&item.versions, None) {
            rows.push(dated(ItemRow::of(item, version).cells(), day));
        }
    }
    Ok(rows)
}

fn dictionary(connection: &mut AnyConnection) -> Result<Vec<Cells>, Error> {
    let mut rows = Vec::new();
    for entry in db::facts::list_definitions(connection, Revision::LATEST)? {
        for (day, _, text) in statements(&entry.versions, None) {
            let row = DefinitionRow::of(&entry.key, entry.kind, entry.unit.clone(), text);
            rows.push(dated(row.cells(), day));
        }
    }
    Ok(rows)
}

fn standards(connection: &mut AnyConnection) -> Result<Vec<Cells>, Error> {
    let mut rows = Vec::new();
    for standard in db::standards::list(connection, Revision::LATEST)? {
        let recorded = db::standards::document_history(connection, &standard.code, Revision::LATEST)?;
        for (day, revision, document) in statements(&standard.versions, None) {
            let reason = reason_of(&recorded, day, revision);
            rows.push(dated(StandardRow { code: standard.code.clone(), document, reason }.cells(), day));
        }
    }
    Ok(rows)
}

fn rules(connection: &mut AnyConnection) -> Result<Vec<Cells>, Error> {
    let mut rows = Vec::new();
    for standard in db::standards::list(connection, Revision::LATEST)? {
        let recorded = db::standards::rule_history(connection, &standard.code, Revision::LATEST)?;
        for history in &standard.rules {
            let of_rule = recorded.iter().filter(|(code, _)| *code == history.code).map(|(_, row)| row);
            for (day, revision, rule) in statements(&history.versions, Some(&None)) {
                let reason = reason_of(of_rule.clone(), day, revision);
                let row = RuleRow {
                    code: history.code.clone(),
                    standard: standard.code.clone(),
                    rule,
                    reason,
                    is_document: false,
                };
                rows.push(dated(row.cells(), day));
            }
        }
    }
    Ok(rows)
}
