//! Quarantine: where commands go that arrived and cannot be applied as they were sent. Nothing that arrived is thrown away.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use base::error::{Error, Fault};
use base::id::{CommandId, QuarantineId};
use text::language::Language;
use text::messages::{Message, message};

/// The namespace of the ids that are worked out from a command and its content.
const NAMESPACE: Uuid = Uuid::from_u128(0x6b1f_6c1e_5a55_4b0d_9a3c_2f0c_77d1_51a1);

/// How many things that are wrong with one command are told; a command can have thousands.
const FAULTS_TOLD: usize = 100;

/// What an officer made of a command in quarantine.
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
    /// It was put aside; it stays on record.
    SetAside,
}

base::text_column!(Decision);

/// What became of a command in quarantine so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuarantineStatus {
    /// Nobody has decided.
    Waiting,
    /// It became a count.
    Applied,
    /// It was put aside.
    SetAside,
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

/// The id under which a command with some content is in quarantine: the same for the same two, for ever.
pub fn quarantine_id(command: CommandId, sha256: &str) -> QuarantineId {
    QuarantineId(Uuid::new_v5(&NAMESPACE, format!("{command}/{sha256}").as_bytes()))
}

/// Words in every language, as they were told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    en: String,
    zh: String,
}

impl Told {
    fn of(message: &Message) -> Self {
        Self { en: message.text(Language::English), zh: message.text(Language::Chinese) }
    }

    /// The words in a language.
    pub fn text(&self, language: Language) -> &str {
        language.choose(&self.en, &self.zh)
    }
}

/// Of what sort a refusal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// The values cannot be taken.
    Invalid,
    /// It clashes with what is stored.
    Conflict,
    /// The sender may not do it.
    Forbidden,
    /// The sender could not be let in any more.
    Unauthenticated,
    /// Something failed here.
    Internal,
}

/// Why a command was not applied, as its sender was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Of what sort it is.
    pub kind: RefusalKind,
    /// Why, as a stable snake_case word.
    pub code: String,
    /// Why, in a sentence.
    pub detail: Told,
    /// For bad values, each thing that is wrong.
    pub faults: Vec<RefusedFault>,
    /// SHA-256 of what is stored and of what was sent, where an id was used for other content.
    pub hashes: Option<(String, String)>,
}

/// One thing wrong with a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedFault {
    /// A JSON pointer into the command's data, or `/name` of another member of the command.
    pub pointer: String,
    /// What is wrong, as a stable snake_case word.
    pub code: String,
    /// What is wrong and how to mend it, in a sentence.
    pub detail: Told,
}

impl From<&Fault> for RefusedFault {
    fn from(fault: &Fault) -> Self {
        Self { pointer: fault.pointer.clone(), code: fault.code.to_owned(), detail: Told::of(&fault.detail) }
    }
}

impl Refusal {
    /// The refusal of a command that failed so.
    pub fn of(error: &Error) -> Self {
        let (kind, code, detail, hashes) = match error {
            Error::Invalid(_) => (RefusalKind::Invalid, "values_not_taken", message!("problem-invalid"), None),
            Error::Conflict { code, detail, hashes } => (RefusalKind::Conflict, *code, detail.clone(), hashes.clone()),
            Error::Forbidden { code, detail } => (RefusalKind::Forbidden, *code, detail.clone(), None),
            Error::Unauthenticated { code, detail } => (RefusalKind::Unauthenticated, *code, detail.clone(), None),
            _ => (RefusalKind::Internal, "internal", message!("command-failed"), None),
        };
        let faults = match error {
            Error::Invalid(faults) => faults.iter().take(FAULTS_TOLD).map(RefusedFault::from).collect(),
            _ => Vec::new(),
        };
        Self { kind, code: code.to_owned(), detail: Told::of(&detail), faults, hashes }
    }
}
