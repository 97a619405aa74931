//! The forms: which columns each has, and under which names they are known.

use super::value::plain;

/// A form that a table can have.
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
    /// What is known of organizations: one fact in each row, or one organization in each row and one fact in each column.
    Facts,
    /// Where organizations keep their stock.
    Depots,
    /// Editions of standards.
    Standards,
    /// Their clauses.
    Rules,
    /// Which standard binds where.
    Adoptions,
    /// What organizations declare where a rule says "as needed".
    Targets,
}

/// A column of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name, as an export in English writes it.
    pub key: &'static str,
    /// Its name in Chinese, as an export in Chinese writes it.
    pub zh: &'static str,
    /// Other names that people give it.
    pub others: &'static [&'static str],
}

/// What a form is made of.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Its name in Chinese.
    pub zh: &'static str,
    /// Other names that people give it.
    pub others: &'static [&'static str],
    /// Its columns, in the order of an export.
    pub columns: &'static [Column],
    /// What every row must fill: at least one of each group.
    pub needs: &'static [&'static [&'static str]],
    /// Columns that people keep beside and that are left out with a warning.
    pub left_out: &'static [&'static str],
}

impl Form {
    /// All forms, in the order in which one may name another.
    pub fn all() -> impl Iterator<Item = Self> {
        use strum::IntoEnumIterator as _;
        Self::iter()
    }

    /// Its name, such as `item_classes`.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The form that a person names, in English or Chinese.
    pub fn named(name: &str) -> Option<Self> {
        let wanted = plain(name);
        Self::all().find(|form| {
            let layout = form.layout();
            plain(form.name()) == wanted
                || plain(layout.zh) == wanted
                || layout.others.iter().any(|other| plain(other) == wanted)
        })
    }

    /// The form that a file's name or a sheet's name tells, such as `02-organizations 2026.csv`: the longest name in it.
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

    /// A column by the name that stands in a header.
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

    /// True for a column that people keep beside and that is left out with a warning.
    pub fn leaves_out(self, header: &str) -> bool {
        let wanted = plain(header);
        self.column(header).is_none() && self.layout().left_out.iter().chain(BESIDE).any(|name| plain(name) == wanted)
    }
}

/// What people keep in any table for themselves.
const BESIDE: &[&str] = &["no", "序号", "备注", "remark", "remarks", "note", "说明"];

/// A header without a remark in brackets behind it, such as `保质期（月）`.
fn without_remark(header: &str) -> &str {
    match header.find(['(', '（', '[', '【']) {
        Some(at) if at > 0 => header.get(..at).unwrap_or(header),
        _ => header,
    }
}
