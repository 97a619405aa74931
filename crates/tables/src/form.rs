//! Forms of tables, with their columns and the names of both.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::folding::plain;

/// A form of table.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, strum::EnumString, strum::IntoStaticStr, strum::EnumIter,
)]
#[strum(serialize_all = "snake_case")]
pub enum Form {
    /// Administrative divisions.
    Regions,
    /// Classes of items.
    ItemClasses,
    /// The catalogue.
    Items,
    /// The dictionary of facts.
    Dictionary,
    /// Rescue teams, enterprises and bureaus.
    Organizations,
    /// Facts of organizations: one fact per row, or one organization per row and one fact per column.
    Facts,
    /// Depots of organizations.
    Depots,
    /// Editions of standards.
    Standards,
    /// The clauses of standards.
    Rules,
    /// The adoptions of standards by regions.
    Adoptions,
    /// The targets that organizations declare where a rule says "as needed".
    Targets,
    /// Answers to which item the words of ledgers mean.
    ItemAnswers,
    /// Ledgers of stock, as people keep them.
    Ledger,
    /// Count lists by codes.
    Counts,
}

/// A column of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name, as an export in English writes it.
    pub key: &'static str,
    /// Its name in Chinese, as an export in Chinese writes it.
    pub zh: &'static str,
    /// Other names in use.
    pub others: &'static [&'static str],
}

/// The layout of a form.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Its name in Chinese.
    pub zh: &'static str,
    /// Other names in use.
    pub others: &'static [&'static str],
    /// Its columns, in the order in which they are exported.
    pub columns: &'static [Column],
    /// The columns that name a thing, which every table has.
    pub keys: &'static [&'static str],
    /// The columns that every row of a new thing must fill: at least one of each group.
    pub needs: &'static [&'static [&'static str]],
    /// Columns that people add for themselves; they are skipped with a warning.
    pub left_out: &'static [&'static str],
}

impl Form {
    /// All forms, in the order in which one may refer to another.
    pub fn all() -> impl Iterator<Item = Self> {
        use strum::IntoEnumIterator as _;
        Self::iter()
    }

    /// The forms that an export has with their rows. Ledgers and count lists only come in: what is counted leaves as stock.
    pub fn exported() -> impl Iterator<Item = Self> {
        Self::all().filter(|form| !matches!(form, Self::Ledger | Self::Counts))
    }

    /// Its name, such as `item_classes`.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The form for a name in English or Chinese.
    pub fn named(name: &str) -> Option<Self> {
        let wanted = plain(name);
        Self::all().find(|form| {
            let layout = form.layout();
            plain(form.name()) == wanted
                || plain(layout.zh) == wanted
                || layout.others.iter().any(|other| plain(other) == wanted)
        })
    }

    /// The form that the name of a file or sheet suggests, such as `02-organizations 2026.csv`: the longest name it
    /// contains, of some forms.
    pub fn told_by(name: &str, of: impl Fn(Self) -> bool) -> Option<Self> {
        let told = plain(name);
        let names = |form: Self| {
            let layout = form.layout();
            [form.name(), layout.zh].into_iter().chain(layout.others.iter().copied()).map(plain).collect::<Vec<_>>()
        };
        Self::all()
            .flat_map(|form| names(form).into_iter().map(move |name| (name, form)))
            .filter(|(name, _)| name.chars().count() > 1 && told.contains(name.as_str()))
            .filter(|(_, form)| of(*form))
            .max_by_key(|(name, _)| name.len())
            .map(|(_, form)| form)
    }

    /// The column for a header.
    pub fn column(self, header: &str) -> Option<&'static Column> {
        let columns = &self.names().columns;
        columns.get(&plain(header)).or_else(|| columns.get(&plain(without_remark(header)))).copied()
    }

    /// True for a column that people add for themselves and that is skipped with a warning.
    pub fn leaves_out(self, header: &str) -> bool {
        self.names().left_out.contains(&plain(header)) && self.column(header).is_none()
    }

    /// The names of its columns, looked up for every cell of what may be a header.
    fn names(self) -> &'static Names {
        static NAMES: OnceLock<HashMap<Form, Names>> = OnceLock::new();
        static NONE: OnceLock<Names> = OnceLock::new();
        let all = NAMES.get_or_init(|| Self::all().map(|form| (form, Names::of(form.layout()))).collect());
        all.get(&self).unwrap_or_else(|| NONE.get_or_init(Names::default))
    }
}

/// The names of a form's columns, in the form used for comparison.
#[derive(Default)]
struct Names {
    columns: HashMap<String, &'static Column>,
    left_out: HashSet<String>,
}

impl Names {
    fn of(layout: &'static Layout) -> Self {
        let mut columns = HashMap::new();
        for column in layout.columns {
            for name in [column.key, column.zh].into_iter().chain(column.others.iter().copied()) {
                // If several columns have a name, the first one gets it.
                columns.entry(plain(name)).or_insert(column);
            }
        }
        Self { columns, left_out: layout.left_out.iter().chain(BESIDE).map(|name| plain(name)).collect() }
    }
}

/// Headers of columns that people add to any table for themselves.
const BESIDE: &[&str] = &["no", "序号", "备注", "remark", "remarks", "note", "说明"];

/// A header without a trailing remark in brackets, such as `保质期（月）`.
fn without_remark(header: &str) -> &str {
    match header.find(['(', '（', '[', '【']) {
        Some(at) if at > 0 => header.get(..at).unwrap_or(header),
        _ => header,
    }
}
