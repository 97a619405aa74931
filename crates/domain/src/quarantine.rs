//! Quarantine: commands that arrived and could not be applied as they were sent. No command that arrived is thrown away.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use base::error::{Error, Fault};
use base::id::{CommandId, QuarantineId};
use text::language::Language;
use text::messages::{Message, message};

/// The namespace of the ids derived from a command and its content.
const NAMESPACE: Uuid = Uuid::from_u128(0x6b1f_6c1e_5a55_4b0d_9a3c_2f0c_77d1_51a1);

/// The maximum number of faults reported for one command, which can have thousands.
const FAULTS_TOLD: usize = 100;

/// An officer's decision on a quarantined command.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantNames,
    diesel::AsExpression,
    diesel::FromSqlRow,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum Decision {
    /// It became a count.
    Applied,
    /// It was set aside; it stays on record.
    SetAside,
}

base::text_column!(Decision);

/// The status of a quarantined command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuarantineStatus {
    /// Waiting for a decision.
    Waiting,
    /// It became a count.
    Applied,
    /// It was set aside.
    SetAside,
}

impl QuarantineStatus {
    /// The decision that gives it; `None` while a command waits.
    pub fn decision(self) -> Option<Decision> {
        match self {
            Self::Waiting => None,
            Self::Applied => Some(Decision::Applied),
            Self::SetAside => Some(Decision::SetAside),
        }
    }
}

impl From<Option<Decision>> for QuarantineStatus {
    fn from(decision: Option<Decision>) -> Self {
        match decision {
            None => Self::Waiting,
            Some(Decision::Applied) => Self::Applied,
            Some(Decision::SetAside) => Self::SetAside,
        }
    }
}

/// The id under which a command with given content is quarantined, derived from both.
pub fn quarantine_id(command: CommandId, sha256: &str) -> QuarantineId {
    QuarantineId(Uuid::new_v5(&NAMESPACE, format!("{command}/{sha256}").as_bytes()))
}

/// A text in every language, as it was told to the sender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    en: String,
    zh: String,
}

impl Told {
    fn of(message: &Message) -> Self {
        Self { en: message.text(Language::English), zh: message.text(Language::Chinese) }
    }

    /// The text in a language.
    pub fn text(&self, language: Language) -> &str {
        language.choose(&self.en, &self.zh)
    }
}

/// The kind of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// The values are not valid.
    Invalid,
    /// It conflicts with stored data.
    Conflict,
    /// The sender may not do it.
    Forbidden,
    /// The sender could no longer sign in.
    Unauthenticated,
    /// Quarantine has no room for it.
    TooMany,
    /// An internal failure.
    Internal,
}

/// The reason why a command was not applied, as it was told to the sender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandRefusal {
    /// Its kind.
    pub kind: RefusalKind,
    /// The reason, as a stable snake_case word.
    pub code: String,
    /// The reason, in a sentence.
    pub detail: Told,
    /// The faults, if the values are not valid.
    pub faults: Vec<RefusedFault>,
    /// SHA-256 of the stored and of the sent content, if an id was reused for other content.
    pub hashes: Option<(String, String)>,
}

/// One fault of a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedFault {
    /// A JSON pointer into the command's data, or `/name` of another member of the command.
    pub pointer: String,
    /// The fault, as a stable snake_case word.
    pub code: String,
    /// One sentence saying what is wrong and how to correct it.
    pub detail: Told,
}

impl From<&Fault> for RefusedFault {
    fn from(fault: &Fault) -> Self {
        Self { pointer: fault.pointer.clone(), code: fault.code.to_owned(), detail: Told::of(&fault.detail) }
    }
}

impl CommandRefusal {
    /// The refusal that an error leads to.
    pub fn of(error: &Error) -> Self {
        let (kind, code, detail, hashes) = match error {
            Error::Invalid(_) => (RefusalKind::Invalid, "values_not_taken", message!("problem-invalid"), None),
            Error::Conflict { code, detail, hashes } => (RefusalKind::Conflict, *code, detail.clone(), hashes.clone()),
            Error::Forbidden { code, detail } => (RefusalKind::Forbidden, *code, detail.clone(), None),
            Error::Unauthenticated { code, detail } => (RefusalKind::Unauthenticated, *code, detail.clone(), None),
            Error::TooMany { code, detail, .. } => (RefusalKind::TooMany, *code, detail.clone(), None),
            _ => (RefusalKind::Internal, "internal", message!("command-failed"), None),
        };
        let faults = match error {
            Error::Invalid(faults) => faults.iter().take(FAULTS_TOLD).map(RefusedFault::from).collect(),
            _ => Vec::new(),
        };
        Self { kind, code: code.to_owned(), detail: Told::of(&detail), faults, hashes }
    }
}
