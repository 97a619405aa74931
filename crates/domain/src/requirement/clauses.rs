//! The clauses that a requirement line rests on.

use serde::Serialize;

use super::{AskedRule, RequirementLine};
use crate::standard::StandardCode;

/// A clause of an edition, by its codes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
pub struct ClauseCited {
    /// The code of the edition.
    #[schema(value_type = String, max_length = 64)]
    pub standard: StandardCode,
    /// Its position in the standard.
    #[schema(max_length = 200)]
    pub clause: String,
    /// The code of the rule that transcribes it.
    #[schema(max_length = 64)]
    pub rule: String,
}

impl ClauseCited {
    /// The clauses of a line, scope by scope, each once: of the rules that ask for something, or of all if none does.
    pub fn of(line: &RequirementLine<'_>) -> Vec<Self> {
        let none_asks = !line.rules().any(AskedRule::asks);
        let mut cited = Vec::new();
        for rule in line.rules().filter(|rule| none_asks || rule.asks()) {
            let rule = &rule.binding;
            let clause = Self {
                standard: rule.by.standard.code.clone(),
                clause: rule.rule.clause.clone(),
                rule: rule.rule.code.clone(),
            };
            if !cited.contains(&clause) {
                cited.push(clause);
            }
        }
        cited
    }
}
