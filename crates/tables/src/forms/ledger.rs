//! The lines of ledgers (应急物资台账), as people keep them.

use chrono::NaiveDate;

use super::Cells;
use crate::choices::Choice as _;
use crate::ledger::{DayKind, LedgerDay, LedgerQuantity, UnreadQuantity, read_ledger_quantity, service_life_months};
use crate::row::Row;
use crate::value::{Output, Value};
use domain::count::{Held, LotCondition};

/// A line of a ledger: its words, and of these the quantity, the days and the condition as far as they can be read exactly.
///
/// Words stand as in the file; only line breaks within a cell became blanks. A value that the sheet says once for many rows
/// is filled in: of merged cells, of a cell of organization or depot above empty ones, and of labels such as `单位：…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerRow {
    /// The code or name of the organization.
    pub organization: Option<String>,
    /// The code of the depot, where the sheet has a column for it beside the name.
    pub depot_code: Option<String>,
    /// The code or name of the depot.
    pub depot: Option<String>,
    /// The place in the depot, such as a shelf.
    pub place: Option<String>,
    /// The title of the table, such as `某某公司应急物资台账`: it may name the organization, which is not guessed from it.
    pub title: Option<String>,
    /// The heading that the row stands under, such as `一、个体防护`.
    pub section: Option<String>,
    /// The name of the thing; a row has a name, an item code, or both.
    pub name: Option<String>,
    /// The item code.
    pub item: Option<String>,
    /// The class of the thing.
    pub class: Option<String>,
    /// The specification; of a sheet with a model alone, the model.
    pub specification: Option<String>,
    /// The model, where the sheet has it beside the specification.
    pub model: Option<String>,
    /// The maker or brand.
    pub maker: Option<String>,
    /// The asset number.
    pub asset_number: Option<String>,
    /// The unit, by the column or label for it.
    pub unit: Option<String>,
    /// The quantity.
    pub quantity: LedgerQuantity,
    /// The lot number.
    pub lot: Option<String>,
    /// The day it was made.
    pub made_on: Option<LedgerDay>,
    /// The day it was bought, or taken into the depot.
    pub bought_on: Option<LedgerDay>,
    /// The last day on which it may be used.
    pub expires_on: Option<LedgerDay>,
    /// The service life, in words.
    pub service_life: Option<String>,
    /// The months that these words say, with the header of their column.
    pub service_life_months: Option<u32>,
    /// The day of the last inspection.
    pub inspected_on: Option<LedgerDay>,
    /// The day by which the next inspection is due.
    pub inspection_due: Option<LedgerDay>,
    /// The condition.
    pub condition: Option<LedgerCondition>,
    /// Whether it is in the depot or lent.
    pub held: Option<LedgerHeld>,
    /// The keeper.
    pub keeper: Option<String>,
    /// The phone of the keeper.
    pub phone: Option<String>,
    /// The second keeper.
    pub second_keeper: Option<String>,
    /// The phone of the second keeper.
    pub second_phone: Option<String>,
    /// A remark.
    pub note: Option<String>,
    /// The day on which the ledger was so: by the row's own column, else by a label or title of the sheet. `None` if the
    /// sheet says no day; the name of the file is never asked.
    pub counted_on: Option<NaiveDate>,
}

/// The condition of a thing in a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LedgerCondition {
    /// A known condition.
    Known(LotCondition),
    /// Words for another one.
    Words(String),
}

/// Where a thing in a ledger is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LedgerHeld {
    /// In the depot, or lent.
    Known(Held),
    /// Words for something else.
    Words(String),
}

/// The maximum length of the words of most cells, in characters.
const WORDS: usize = 200;

impl LedgerRow {
    /// Reads a row; the place of a value that labels state for many rows is still empty.
    pub(crate) fn read(row: &mut Row<'_>) -> Self {
        let unit = row.joined("unit", 32);
        let quantity = read_quantity(row, unit.as_deref());
        let service_life = row.joined("service_life", WORDS);
        let header = row.header("service_life");
        Self {
            organization: row.joined("organization_code", WORDS).or_else(|| row.joined("organization", WORDS)),
            depot_code: row.joined("depot_code", WORDS),
            depot: row.joined("depot", WORDS),
            place: row.joined("place", WORDS),
            title: None,
            section: None,
            name: row.joined("name", WORDS),
            item: row.code("item"),
            class: row.joined("class", WORDS),
            specification: row.joined("specification", 500),
            model: row.joined("model", WORDS),
            maker: row.joined("maker", WORDS),
            asset_number: row.joined("asset_number", WORDS),
            unit,
            quantity,
            lot: row.joined("lot", 64),
            made_on: row.ledger_day("made_on", DayKind::Past),
            bought_on: row.ledger_day("bought_on", DayKind::Past),
            expires_on: row.ledger_day("expires_on", DayKind::End),
            service_life_months: service_life.as_deref().and_then(|words| service_life_months(words, &header)),
            service_life,
            inspected_on: row.ledger_day("inspected_on", DayKind::Past),
            inspection_due: row.ledger_day("inspection_due", DayKind::End),
            condition: row.joined("condition", WORDS).map(|words| match LotCondition::named(&words) {
                Some(condition) => LedgerCondition::Known(condition),
                None => LedgerCondition::Words(words),
            }),
            held: row.joined("held", WORDS).map(|words| match Held::named(&words) {
                Some(held) => LedgerHeld::Known(held),
                None => LedgerHeld::Words(words),
            }),
            keeper: row.joined("keeper", WORDS),
            phone: row.joined("phone", WORDS),
            second_keeper: row.joined("second_keeper", WORDS),
            second_phone: row.joined("second_phone", WORDS),
            note: row.joined("note", 1000),
            counted_on: row.day("counted_on").or_else(|| row.day("as_of")),
        }
    }

    /// True if it names keepers or their phones.
    pub fn tells_people(&self) -> bool {
        [&self.keeper, &self.phone, &self.second_keeper, &self.second_phone].into_iter().any(Option::is_some)
    }

    /// Its cells, as a ledger of our own writes them. A quantity or day that was not read is written in its words.
    pub fn cells(&self) -> Cells {
        let day = |day: &Option<LedgerDay>| Output::from(day.as_ref().map(LedgerDay::output));
        let text = |text: &Option<String>| Output::from(text.clone());
        let condition = self.condition.as_ref().map(|condition| match condition {
            LedgerCondition::Known(condition) => condition.word(),
            LedgerCondition::Words(words) => words,
        });
        let held = self.held.as_ref().map(|held| match held {
            LedgerHeld::Known(held) => held.word(),
            LedgerHeld::Words(words) => words,
        });
        vec![
            ("organization", text(&self.organization)),
            ("organization_code", Output::Empty),
            ("depot", text(&self.depot)),
            ("depot_code", text(&self.depot_code)),
            ("place", text(&self.place)),
            ("item", text(&self.item)),
            ("name", text(&self.name)),
            ("class", text(&self.class)),
            ("specification", text(&self.specification)),
            ("model", text(&self.model)),
            ("maker", text(&self.maker)),
            ("asset_number", text(&self.asset_number)),
            ("unit", text(&self.unit)),
            ("quantity", self.quantity.output()),
            ("lot", text(&self.lot)),
            ("made_on", day(&self.made_on)),
            ("bought_on", day(&self.bought_on)),
            ("expires_on", day(&self.expires_on)),
            ("service_life", text(&self.service_life)),
            ("inspected_on", day(&self.inspected_on)),
            ("inspection_due", day(&self.inspection_due)),
            ("condition", condition.into()),
            ("held", held.into()),
            ("keeper", text(&self.keeper)),
            ("phone", text(&self.phone)),
            ("second_keeper", text(&self.second_keeper)),
            ("second_phone", text(&self.second_phone)),
            ("counted_on", self.counted_on.into()),
            ("as_of", Output::Empty),
            ("note", text(&self.note)),
        ]
    }
}

/// Reads the quantity of a row. A cell that spans several rows is counted in none of them: nothing says how much of it
/// belongs to each.
fn read_quantity(row: &mut Row<'_>, unit: Option<&str>) -> LedgerQuantity {
    let unread = |words: Option<String>, why| LedgerQuantity::Unread { words: words.unwrap_or_default(), why };
    let read = match row.cell("quantity") {
        Value::Empty => unread(None, UnreadQuantity::Blank),
        Value::Number(number) => read_ledger_quantity(number, unit),
        Value::Formatted { number, shown } => as_shown(number, shown, unit),
        value @ (Value::Day(_) | Value::Time(_)) => unread(value.shown(), UnreadQuantity::Day),
        _ => match row.joined("quantity", WORDS) {
            Some(words) => read_ledger_quantity(&words, unit),
            // The fault of the cell was reported.
            None => unread(row.cell("quantity").shown(), UnreadQuantity::NotANumber),
        },
    };
    match read {
        LedgerQuantity::Read { .. } if row.is_merged_over_rows("quantity") => {
            unread(row.cell("quantity").shown(), UnreadQuantity::Merged)
        }
        read => read,
    }
}

/// Reads a number whose cell shows other words, such as `3套`: they must say the same number.
fn as_shown(number: &str, shown: &str, unit: Option<&str>) -> LedgerQuantity {
    let as_words = read_ledger_quantity(shown, unit);
    match (read_ledger_quantity(number, unit), &as_words) {
        (LedgerQuantity::Read { quantity, .. }, LedgerQuantity::Read { quantity: said, .. }) if quantity == *said => {
            as_words
        }
        (LedgerQuantity::Read { .. }, _) => {
            LedgerQuantity::Unread { words: format!("{shown} ({number})"), why: UnreadQuantity::ShownOtherwise }
        }
        (unread, _) => unread,
    }
}
