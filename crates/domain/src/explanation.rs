//! Explanations: one line of the shortage table as a document that proves itself.
//!
//! A program that reads only the document can recompute its figures, check that nothing in it was changed, and check the
//! receipts of the counts. `openapi/explain.md` says how.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::assessment::{Assessment, Explanation};
use crate::engine::ENGINE;
use crate::record;
use crate::revision::Revision;
use crate::stock::Evidence;
use base::id::CountId;
use base::time::serialize_instant;

/// The name of the form of explanations. A change that a reader of the form must know of gives it another number.
pub const SCHEMA: &str = "muster-explanation/1";

/// The member that holds words for people, wherever it stands. Words are not part of the digest.
const WORDS: &str = "words";

/// The member that holds the digest.
const DIGEST: &str = "sha256";

/// A line of the shortage table with everything it was computed from.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(example = explained)]
pub struct ExplainedLine {
    /// The form of this document.
    #[schema(max_length = 64, example = "muster-explanation/1")]
    pub schema: &'static str,
    /// The version of the rules by which the figures were computed.
    #[schema(max_length = 16, example = "2")]
    pub engine: &'static str,
    /// SHA-256, in lower-case hexadecimal, of the RFC 8785 form of this document without this member and without every
    /// member named `words`, wherever it stands. It is the same in every language.
    #[schema(min_length = 64, max_length = 64)]
    pub sha256: String,
    /// The revision it is computed from.
    pub revision: Revision,
    /// The time of that revision's commit.
    #[serde(serialize_with = "serialize_instant")]
    pub known_at: DateTime<Utc>,
    /// The line for people.
    pub words: LineWords,
    /// The figures.
    #[serde(flatten)]
    pub line: Assessment,
    /// The rules, the facts, the working with its numbers, the counts and their lots, and what does not bear on the line:
    /// enough for a program to recompute the figures.
    pub explanation: Explanation,
}

/// An example of an explanation.
fn explained() -> Value {
    serde_json::from_str(include_str!("explained.json")).unwrap_or_default()
}

/// The words about a line, in the language of the request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LineWords {
    /// The name of the organization.
    #[schema(max_length = 200)]
    pub organization: String,
    /// The name of what is required: that of the item or the capability, or the names of several.
    #[schema(max_length = 1000)]
    pub name: String,
    /// The line and its proof in sentences.
    #[schema(max_items = 10_000)]
    pub sentences: Vec<Sentence>,
}

/// A sentence about a line, in the language of the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(max_length = 2000, example = "Counted but not usable: 5 sets (expired).")]
pub struct Sentence(pub String);

/// The proof that a count was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountProof {
    /// SHA-256 of the RFC 8785 form of its content as it was sent.
    pub sha256: String,
    /// Its receipt, if one was given.
    pub receipt: Option<String>,
}

impl ExplainedLine {
    /// The explanation of a line at a revision, without words, digest and receipts.
    pub fn new(line: Assessment, explanation: Explanation, revision: Revision, known_at: DateTime<Utc>) -> Self {
        let (sha256, words) = (String::new(), LineWords::default());
        Self { schema: SCHEMA, engine: ENGINE, sha256, revision, known_at, words, line, explanation }
    }

    /// The counts that it cites.
    pub fn counts(&self) -> Vec<CountId> {
        self.explanation.counts.iter().map(|count| count.id).collect()
    }

    /// Adds the hashes of the counts, and the receipts of those that bear on the figures.
    pub fn attach(&mut self, mut proofs: BTreeMap<CountId, CountProof>) {
        let bearing: BTreeSet<CountId> = Evidence::bearing(&self.explanation.evidence);
        for count in &mut self.explanation.counts {
            if let Some(proof) = proofs.remove(&count.id) {
                count.sha256 = Some(proof.sha256);
                count.receipt = proof.receipt.filter(|_| bearing.contains(&count.id));
            }
        }
    }

    /// Sets the digest of everything else. Nothing but words may be changed afterwards.
    ///
    /// # Errors
    /// None in practice: an explanation can always be written as JSON.
    pub fn seal(&mut self) -> Result<(), serde_json::Error> {
        self.sha256 = digest(serde_json::from_slice(&serde_json::to_vec(self)?)?)?;
        Ok(())
    }
}

/// The digest of an explanation as JSON.
fn digest(mut document: Value) -> Result<String, serde_json::Error> {
    if let Some(members) = document.as_object_mut() {
        members.remove(DIGEST);
    }
    leave_out_words(&mut document);
    record::digest(&document)
}

fn leave_out_words(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove(WORDS);
            members.values_mut().for_each(leave_out_words);
        }
        Value::Array(parts) => parts.iter_mut().for_each(leave_out_words),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
