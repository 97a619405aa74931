//! Who changes something, and what is changed: what the audit tells of every change.

use super::account::{Belongs, Role};
use super::scope::ScopeSet;
use base::id::{AccountId, SessionId};

/// Who asks for a change, where a person does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// The account.
    pub account: AccountId,
    /// What people call its holder.
    pub name: String,
    /// What it may do.
    pub role: Role,
}

/// Who or what makes a change, by which operation, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person; `None` where the program acts by itself or at the command line.
    pub author: Option<Author>,
    /// The operation, by its `operationId` in the API's document, or the command, such as `muster import`.
    pub action: String,
    /// The device that it came from, as the device names itself.
    pub device: Option<String>,
    /// The request that asked for it, as the logs name it.
    pub request_id: Option<String>,
    /// The rights that they were let in with, looked at once more in the write; `None` where nobody need be let in: before a
    /// sign-in, at the command line, and where what arrives is only kept for an officer to decide.
    pub rights: Option<Rights>,
}

/// The rights that somebody was let in with. The change that they ask for is made only while they are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights {
    /// Their session.
    pub session: SessionId,
    /// The roles that may do what is asked for.
    pub allowed: &'static [Role],
    /// Their role.
    pub role: Role,
    /// Where they belong.
    pub belongs: Belongs,
    /// The most that their account may do, where it is a client's.
    pub scopes: Option<ScopeSet>,
}

impl Actor {
    /// The program itself, in one of its commands.
    pub fn command(name: &str) -> Self {
        Self { author: None, action: name.to_owned(), device: None, request_id: None, rights: None }
    }

    /// The account of the person; `None` for a command.
    pub fn account(&self) -> Option<AccountId> {
        self.author.as_ref().map(|author| author.account)
    }
}

/// What sort of thing a change is about.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::EnumIter,
    diesel::AsExpression,
    diesel::FromSqlRow,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum SubjectKind {
    /// A region, by its code.
    Region,
    /// An organization, by its code.
    Organization,
    /// A depot, by its code.
    Depot,
    /// A class of items, by its code.
    ItemClass,
    /// An item, by its code.
    Item,
    /// An entry of the fact dictionary, by its key.
    FactDefinition,
    /// A fact of an organization, by the organization's code or id and the key.
    Fact,
    /// The completeness of a fact sheet, by the organization.
    FactSheet,
    /// A standard, by its code.
    Standard,
    /// A rule, by its code.
    Rule,
    /// The adoption of a standard, by region and standard.
    Adoption,
    /// A declared target, by organization and rule.
    DeclaredTarget,
    /// An exemption, by its id.
    Exemption,
    /// The draft of a standard, by the standard's code.
    Draft,
    /// A count, by its id.
    Count,
    /// The taking back of a count, by the count's id.
    Void,
    /// A command in quarantine, by its id there.
    Quarantine,
    /// A resolution, by its id.
    Resolution,
    /// An account, by its user name.
    Account,
    /// A program of others, by its id.
    Client,
    /// A code that signs in once, by its id.
    Enrolment,
    /// A device, by its id.
    Device,
    /// A session that was ended for its holder's safety, by its id.
    Session,
}

base::text_column!(SubjectKind);

impl SubjectKind {
    /// True for what the figures of every organization are worked out from ([`Books`](super::books::Books)). A kind that
    /// is not known to be kept elsewhere is taken to be part of them.
    pub const fn is_in_books(self) -> bool {
        !matches!(
            self,
            Self::Depot
                | Self::Fact
                | Self::FactSheet
                | Self::DeclaredTarget
                | Self::Exemption
                | Self::Draft
                | Self::Count
                | Self::Void
                | Self::Quarantine
                | Self::Resolution
                | Self::Account
                | Self::Client
                | Self::Enrolment
                | Self::Device
                | Self::Session
                | Self::Organization
        )
    }
}

/// One thing that a change is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subject {
    /// What sort it is.
    pub kind: SubjectKind,
    /// Its code or id; of what has two parts, both with a `/` between them.
    pub key: String,
}

impl Subject {
    /// A thing by its code or id.
    pub fn new(kind: SubjectKind, key: impl ToString) -> Self {
        Self { kind, key: key.to_string() }
    }

    /// A thing of two parts, such as a fact of an organization.
    pub fn of_two(kind: SubjectKind, one: impl ToString, other: &str) -> Self {
        Self { kind, key: format!("{}/{other}", one.to_string()) }
    }
}
