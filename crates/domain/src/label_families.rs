//! The families of labels, each with its codes.

use crate::account::Role;
use crate::actor::SubjectKind;
use crate::assessment::Status;
use crate::causes::Askable;
use crate::checks::CheckStatus;
use crate::condition::{FactState, Truth};
use crate::count::{CountFlag, CountKind, CountScope, Held, LotCondition};
use crate::depot::Holding;
use crate::fact::FactKind;
use crate::item::ItemKind;
use crate::labels::Labelled;
use crate::ledger::{LedgerRowStatus, WhyOpen};
use crate::matching::MatchReason;
use crate::organization::OrganizationKind;
use crate::organization_status::{OrganizationStatus, StatusBasis};
use crate::reason::ReasonCode;
use crate::requirement::Basis;
use crate::rule::{Bound, Certainty, Confidence, RuleRole, Strength};
use crate::standard::StandardStatus;
use crate::stock::{Doubt, LeftOut, SourceKind, StockState};

macro_rules! families {
    ($($family:literal => $codes:ty,)*) => {
        $(impl Labelled for $codes {
            const FAMILY: &'static str = $family;
        })*

        /// The family of the codes of each type, by the type's name in the API's document.
        pub const FAMILIES_BY_TYPE: &[(&str, &str)] = &[$((stringify!($codes), $family)),*];

        /// Every family with its codes.
        pub const FAMILIES: &[(&str, &[&str])] =
            &[$(($family, <$codes as strum::VariantNames>::VARIANTS)),*];
    };
}

families! {
    "role" => Role,
    "status" => Status,
    "organization-status" => OrganizationStatus,
    "status-basis" => StatusBasis,
    "cause" => ReasonCode,
    "ask" => Askable,
    "check-status" => CheckStatus,
    "bound" => Bound,
    "strength" => Strength,
    "basis" => Basis,
    "left-out" => LeftOut,
    "doubt" => Doubt,
    "stock-state" => StockState,
    "condition" => LotCondition,
    "held" => Held,
    "holding" => Holding,
    "count-kind" => CountKind,
    "count-scope" => CountScope,
    "count-flag" => CountFlag,
    "source" => SourceKind,
    "organization-kind" => OrganizationKind,
    "item-kind" => ItemKind,
    "fact-kind" => FactKind,
    "fact-state" => FactState,
    "standard-status" => StandardStatus,
    "confidence" => Confidence,
    "certainty" => Certainty,
    "rule-role" => RuleRole,
    "truth" => Truth,
    "subject" => SubjectKind,
    "ledger-row-status" => LedgerRowStatus,
    "why-open" => WhyOpen,
    "match-reason" => MatchReason,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::OPEN_FAMILIES;
    use text::language::Language;
    use text::messages::Message;

    #[test]
    fn every_code_has_words_in_both_languages() {
        for (family, codes) in FAMILIES.iter().chain(OPEN_FAMILIES) {
            assert!(!codes.is_empty(), "{family}");
            for code in *codes {
                let label = Message::new(format!("{family}-{code}"));
                let [english, chinese] = [Language::English, Language::Chinese].map(|language| label.find(language));
                assert!(
                    english.is_some() && chinese.is_some(),
                    "write {family}-{code} in labels.ftl of both folders of messages"
                );
                assert_ne!(english, chinese, "{family}-{code}");
            }
        }
    }

    #[test]
    fn the_code_is_named_as_json_has_it() {
        assert_eq!(Status::NotRequired.label().text(Language::Chinese), "无需配备");
        assert_eq!(LeftOut::InRepair.label().text(Language::English), "in repair");
    }
}
