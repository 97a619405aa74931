//! Contacts: the people of a depot or an organization, and their telephones.
//!
//! A contact is personal data. It is in no history and in nothing that is hashed or signed; everything else names it by its id.
//! Each has a purpose and, once the purpose ends, an end day; it can be erased, and its id then stands for nobody.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::revision::Revision;
use base::id::{AccountId, ContactId, DepotId, OrganizationId};

/// The word that stands for an erased name in tables for programs, and that a body may send back for it.
pub const ERASED: &str = "erased";

/// The same word in Chinese.
pub const ERASED_ZH: &str = "已删除";

/// True if a text is the word for an erased name, in either language.
pub fn is_erased_word(text: &str) -> bool {
    [ERASED, ERASED_ZH].contains(&text)
}

/// The task for which a contact is kept.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::EnumString,
    strum::IntoStaticStr,
    diesel::AsExpression,
    diesel::FromSqlRow,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum ContactRole {
    /// The keeper of a depot.
    Keeper,
    /// The second keeper of a depot.
    SecondKeeper,
    /// The legal representative of an organization.
    LegalRepresentative,
    /// The head of safety of an organization.
    SafetyHead,
    /// The telephone of an organization that is answered day and night.
    Duty,
}

base::text_column!(ContactRole);

impl ContactRole {
    /// True for a task in a depot.
    pub const fn is_of_depot(self) -> bool {
        matches!(self, Self::Keeper | Self::SecondKeeper)
    }

    /// The purpose of a contact for which none is named.
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Keeper | Self::SecondKeeper => "to ask who keeps the depot about its stock",
            Self::LegalRepresentative => "to address orders and notices to the organization",
            Self::SafetyHead => "to ask about the organization's reserves and what is missing",
            Self::Duty => "to reach the organization in an emergency",
        }
    }
}

/// The depot or the organization that a contact belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContactOf {
    /// A depot.
    Depot(DepotId),
    /// An organization.
    Organization(OrganizationId),
}

/// The personal data of a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The name, if it is known.
    pub name: Option<String>,
    /// The telephone.
    pub phone: Option<String>,
    /// The number of a certificate.
    pub certificate: Option<String>,
}

/// The erasure of a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// The instant.
    pub at: chrono::DateTime<chrono::Utc>,
    /// The account that asked for it; `None` if it was erased automatically, after its end or again
    /// after a restore.
    pub by: Option<AccountId>,
}

/// A contact as it is now; no earlier state is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// The depot or the organization.
    pub of: ContactOf,
    /// The task.
    pub role: ContactRole,
    /// The person; empty once it is erased.
    pub person: Person,
    /// The purpose for which it is kept.
    pub purpose: String,
    /// The first day on which the purpose no longer holds; `None` while it does.
    pub ended_from: Option<NaiveDate>,
    /// The erasure, if it was erased.
    pub erased: Option<Erasure>,
    /// The revision of its last change; an erasure is none.
    pub last: Revision,
}

impl Contact {
    /// True while the purpose holds on a day.
    pub fn is_present(&self, day: NaiveDate) -> bool {
        self.erased.is_none() && self.ended_from.is_none_or(|end| day < end)
    }

    /// True if it is of the person of a name, and not erased.
    pub fn is_of(&self, name: &str) -> bool {
        self.person.name.as_deref() == Some(name)
    }
}

/// A contact as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Storekeeper of T3", "phone": "0477-8120001"}))]
pub struct NewContact {
    /// The name. Required but for a duty telephone. Another name is another person: the one before ends.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, example = "Storekeeper of T3")]
    #[validate(length(min = 1, max = 200), non_control_character)]
    pub name: Option<String>,
    /// The telephone: digits, with `+`, `-`, `(`, `)`, `/`, `,`, `;`, `*`, `#`, `、`, `，`, `转` and blanks between them.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, example = "0477-8120001")]
    #[validate(length(min = 1, max = 100), non_control_character)]
    pub phone: Option<String>,
    /// The number of a certificate.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, example = "AQ-15-2024-0071")]
    #[validate(length(min = 1, max = 100), non_control_character)]
    pub certificate: Option<String>,
    /// The purpose for which it is kept; left out, that of the role.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 300, example = "to ask who keeps the depot about its stock")]
    #[validate(length(min = 1, max = 300), non_control_character)]
    pub purpose: Option<String>,
    /// The first day on which the purpose no longer holds, from which the days until its erasure count. Left out or `null`,
    /// until another person takes the place.
    #[serde(default, deserialize_with = "base::sent::optional")]
    pub ended_from: Option<NaiveDate>,
}

/// The time for which the versions of a depot name a keeper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tenure {
    /// No version that holds on any day names the keeper.
    Never,
    /// The last version names the keeper, or a day was put for which the keeper stays.
    Open,
    /// A version that does not name the keeper holds from this day on, and all later ones do not either.
    Until(NaiveDate),
}

impl Tenure {
    /// The tenure of a keeper by the versions of a depot, each with its first day and the keepers it names, in the order of their
    /// days, and of their revisions within a day.
    pub fn of<'v>(
        keeper: ContactId,
        versions: impl IntoIterator<Item = &'v (NaiveDate, [Option<ContactId>; 2])>,
    ) -> Self {
        let (mut tenure, mut last_day) = (Self::Never, None);
        let mut before = Self::Never;
        for (day, named) in versions {
            // Of two versions of one day the later holds.
            if last_day == Some(*day) {
                tenure = before;
            }
            (before, last_day) = (tenure, Some(*day));
            tenure = match tenure {
                _ if named.contains(&Some(keeper)) => Self::Open,
                Self::Open => Self::Until(*day),
                ended => ended,
            };
        }
        tenure
    }

    /// The first day on which a keeper is no longer in the place after a change of the versions: as the versions have it, unless
    /// an earlier day was put. `before` is the tenure before the change.
    pub fn ended_from(self, before: Self, stored: Option<NaiveDate>, today: NaiveDate) -> Option<NaiveDate> {
        let put = match before {
            Self::Open => stored,
            Self::Until(day) => stored.filter(|stored| *stored < day),
            Self::Never => None,
        };
        match self {
            Self::Open => put,
            Self::Until(day) => Some(put.map_or(day, |put| put.min(day))),
            Self::Never => Some(stored.map_or(today, |stored| stored.min(today))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_erased_or_ended_contact_is_not_present() {
        let mut contact = Contact {
            id: ContactId::new(),
            of: ContactOf::Depot(DepotId::new()),
            role: ContactRole::Keeper,
            person: Person { name: Some("Li".to_owned()), phone: None, certificate: None },
            purpose: ContactRole::Keeper.purpose().to_owned(),
            ended_from: Some(day("2026-12-01")),
            erased: None,
            last: Revision(1),
        };
        assert!(contact.is_present(day("2026-11-30")) && !contact.is_present(day("2026-12-01")));
        contact.ended_from = None;
        contact.erased = Some(Erasure { at: chrono::DateTime::UNIX_EPOCH, by: None });
        assert!(!contact.is_present(day("2026-11-30")));
    }

    #[test]
    fn a_keeper_stays_until_a_version_that_holds_names_another() {
        let (one, other) = (ContactId::new(), ContactId::new());
        let version = |text: &str, keeper: Option<ContactId>| (day(text), [keeper, None]);
        let (past, now, later) = ("2020-01-01", "2026-11-20", "2030-01-01");
        let cases = [
            (vec![], Tenure::Never),
            (vec![version(past, Some(other))], Tenure::Never),
            (vec![version(past, Some(one))], Tenure::Open),
            (vec![version(past, Some(one)), version(now, Some(other))], Tenure::Until(day(now))),
            (vec![version(past, Some(one)), version(now, None), version(later, Some(other))], Tenure::Until(day(now))),
            (vec![version(past, Some(one)), version(now, Some(other)), version(later, Some(one))], Tenure::Open),
            // The later of two versions of one day holds.
            (vec![version(past, Some(one)), version(past, Some(other))], Tenure::Never),
            (vec![version(past, Some(one)), version(now, None), version(now, Some(one))], Tenure::Open),
            (vec![version(past, Some(other)), version(now, Some(one)), version(now, None)], Tenure::Never),
        ];
        for (versions, expected) in cases {
            assert_eq!(Tenure::of(one, &versions), expected, "{versions:?}");
        }
    }

    #[test]
    fn an_earlier_end_that_was_put_stays() {
        use Tenure::{Never, Open, Until};
        let [early, middle, late, today] = ["2026-01-01", "2026-06-01", "2027-01-01", "2026-11-23"].map(day);
        let cases = [
            ((Open, Open), None, None),
            ((Open, Open), Some(late), Some(late)),
            ((Open, Until(middle)), None, Some(middle)),
            ((Open, Until(middle)), Some(early), Some(early)),
            ((Open, Until(middle)), Some(late), Some(middle)),
            // Named again.
            ((Until(middle), Open), Some(middle), None),
            ((Until(middle), Open), Some(early), Some(early)),
            ((Never, Open), Some(middle), None),
            ((Until(middle), Until(late)), Some(middle), Some(late)),
            ((Until(late), Until(middle)), Some(late), Some(middle)),
            // Never to come, so known for no longer than until today.
            ((Until(late), Never), Some(late), Some(today)),
            ((Open, Never), None, Some(today)),
            ((Open, Never), Some(early), Some(early)),
        ];
        for ((before, after), stored, expected) in cases {
            assert_eq!(after.ended_from(before, stored, today), expected, "{before:?} {after:?} {stored:?}");
        }
    }
}
