//! Actors and subjects of changes, as the audit records them.

use super::account::{Author, Belongs, Role};
use super::scope::ScopeSet;
use base::id::{AccountId, SessionId};

/// The origin of a change: person or program, operation, device and request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person; `None` for the program itself or a command line.
    pub author: Option<Author>,
    /// The operation, by its `operationId` in the API document, or the command, such as `muster import`.
    pub action: String,
    /// The device it came from, by the name the device gives itself.
    pub device: Option<String>,
    /// The id of the request, as in the logs.
    pub request_id: Option<String>,
    /// The rights with which the request was admitted, checked again in the write. `None` if no rights are needed: before
    /// a sign-in, at the command line, and for commands that are only kept for an officer to decide.
    pub rights: Option<Rights>,
}

/// The rights with which a request was admitted. The change is made only while they are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights {
    /// The holder.
    pub holder: Holder,
    /// The roles that may do what is asked for.
    pub allowed: &'static [Role],
    /// The role.
    pub role: Role,
    /// The organization or region that the account belongs to.
    pub belongs: Belongs,
    /// The scopes that limit a client's account; `None` for a person.
    pub scopes: Option<ScopeSet>,
}

/// The holder of rights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A session: its account must be open, and the session not ended.
    Session(SessionId),
    /// An account that the operator of the machine acts for; it must be open.
    Account(AccountId),
}

impl Actor {
    /// The program itself, running one of its commands.
    pub fn command(name: &str) -> Self {
        Self { author: None, action: name.to_owned(), device: None, request_id: None, rights: None }
    }

    /// The account of the person; `None` for a command.
    pub fn account(&self) -> Option<AccountId> {
        self.author.as_ref().map(|author| author.account)
    }
}

/// The kind of thing that a change concerns.
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
    /// A contact of an organization or a depot, by its id.
    Contact,
    /// An item class, by its code.
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
    /// A column map, by region and name.
    ColumnMap,
    /// A count, by its id.
    Count,
    /// The voiding of a count, by the count's id.
    Void,
    /// A quarantined command, by its id there.
    Quarantine,
    /// A resolution, by its id.
    Resolution,
    /// An acceptance, by its id.
    Acceptance,
    /// An account, by its user name.
    Account,
    /// A client, by its id.
    Client,
    /// An enrolment code, by its id.
    Enrolment,
    /// A device, by its id.
    Device,
    /// A session ended for its holder's safety, by its id.
    Session,
    /// A check of tables of which nothing was written, by form and number of rows.
    TableCheck,
    /// Rows of a ledger that were kept, or decided about, by organization and day.
    Ledger,
    /// What words of ledgers mean in a region, by the region and the words.
    ItemAnswer,
}

base::text_column!(SubjectKind);

/// A part of what the figures of organizations are computed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FigureInput {
    /// None: no figure depends on it.
    Nothing,
    /// The reference data behind every organization's figures.
    ReferenceData,
    /// The counts of an organization, and what is decided about them.
    Counts,
    /// An organization's other data: its depots, facts, targets and exemptions, and itself.
    Organization,
}

impl SubjectKind {
    /// The part of the input of figures that such a subject belongs to.
    pub const fn figure_input(self) -> FigureInput {
        match self {
            Self::Region
            | Self::ItemClass
            | Self::Item
            | Self::FactDefinition
            | Self::Standard
            | Self::Rule
            | Self::Adoption => FigureInput::ReferenceData,
            Self::Organization
            | Self::Depot
            | Self::Fact
            | Self::FactSheet
            | Self::DeclaredTarget
            | Self::Exemption => FigureInput::Organization,
            Self::Count | Self::Void | Self::Resolution | Self::Acceptance => FigureInput::Counts,
            Self::Draft
            | Self::ColumnMap
            | Self::Quarantine
            | Self::Contact
            | Self::Account
            | Self::Client
            | Self::Enrolment
            | Self::Device
            | Self::Session
            | Self::TableCheck
            | Self::Ledger
            | Self::ItemAnswer => FigureInput::Nothing,
        }
    }

    /// True for the reference data behind every organization's figures.
    pub const fn is_reference_data(self) -> bool {
        matches!(self.figure_input(), FigureInput::ReferenceData)
    }
}

/// One thing that a change concerns.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subject {
    /// Its kind.
    pub kind: SubjectKind,
    /// Its code or id; a key of two parts has a `/` between them.
    pub key: String,
}

impl Subject {
    /// A thing by its code or id.
    pub fn new(kind: SubjectKind, key: impl ToString) -> Self {
        Self { kind, key: key.to_string() }
    }

    /// A thing whose key has two parts, such as a fact of an organization.
    pub fn of_two(kind: SubjectKind, one: impl ToString, other: &str) -> Self {
        Self { kind, key: format!("{}/{other}", one.to_string()) }
    }
}
