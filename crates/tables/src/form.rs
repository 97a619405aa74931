//! Forms of tables, with their columns and the names these go by.

use super::value::plain;

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
    /// The columns that every row must fill: at least one of each group.
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
    /// contains.
    pub fn told_by(name: &str) -> Option<Self> {
        let told = plain(name);
        let names = |form: Self| {
            let layout = form.layout();
            [form.name(), layout.zh].into_iter().chain(layout.others.iter().copied()).map(plain).collect::<Vec<_>>()
        };
        Self::all()
            .flat_map(|form| names(form).into_iter().map(move |name| (name, form)))
            .filter(|(name, _)| name.chars().count() > 1 && told.contains(name.as_str()))
            .max_by_key(|(name, _)| name.len())
            .map(|(_, form)| form)
    }

    /// The column for a header.
    pub fn column(self, header: &str) -> Option<&'static Column> {
        let find = |wanted: &str| {
            self.layout().columns.iter().find(|column| {
                plain(column.key) == wanted
                    || plain(column.zh) == wanted
                    || column.others.iter().any(|other| plain(other) == wanted)
            })
        };
        find(&plain(header)).or_else(|| find(&plain(without_remark(header))))
    }

    /// True for a column that people add for themselves and that is skipped with a warning.
    pub fn leaves_out(self, header: &str) -> bool {
        let wanted = plain(header);
        self.column(header).is_none() && self.layout().left_out.iter().chain(BESIDE).any(|name| plain(name) == wanted)
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
