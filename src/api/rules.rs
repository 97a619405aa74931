//! Reading rules.

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::any_of::{AnyOf, Code, are_codes};
use super::callers::{Caller, Everyone};
use super::changed_since::ChangedSince;
use super::labels::StandardLabel;
use super::language::AcceptLanguage;
use super::page::Page;
use super::problem::Problems;
use super::query::{NoParameters, Query};
use super::reply::{self, Format};
use crate::api::error::ApiError;
use crate::api::state::AppState;
use base::error::Error;
use db::read::Snapshot;
use domain::account::Belongs;
use domain::requirement::Basis;
use domain::revision::Revision;
use domain::rule::{Rule, Selector, Strength};
use domain::standard::{RuleHistory, Standard};
use service::moment::{Moment, MomentQuery};
use text::language::Language;

/// A rule with its standard.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "standard": {"code": "GB30077-2013", "title": "Allocation of emergency rescue material, chemical units"},
    "evaluated": true, "basis": "established", "text": "Positive-pressure SCBA: 2 for each workplace.",
    "rule": {
        "code": "R026", "clause": "6.2, table 1, row 1", "role": "requirement",
        "applies_when": {"all": [{"sector": "hazchem"}, {"tag": "hazchem_class_3"}]}, "scope": "workplace",
        "selector": {"item": "L2010101"}, "quantity": {"rate": {"n": 2, "of": "workplaces"}}, "unit": "set",
        "strength": "mandatory", "text_en": "Positive-pressure SCBA: 2 for each workplace.",
        "text_zh": "正压式空气呼吸器：每个作业场所2套。", "confidence": "verified"
    }
}))]
pub(super) struct RuleView {
    /// The standard it belongs to.
    standard: StandardLabel,
    /// True if it requires stock and gives a figure; false if its form cannot be calculated yet, or if it requires no
    /// stock.
    evaluated: bool,
    /// The basis of figures that rest on it: established if its text and its attribution to the standard were verified.
    basis: Basis,
    /// The clause in the caller's language.
    #[schema(max_length = 1000)]
    text: String,
    /// The rule as it stands on that day.
    rule: Rule,
}

/// The selection to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListRules {
    /// Only rules of these standards, by their codes.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["GB30077-2013"]))]
    #[validate(custom(function = are_codes))]
    standard: AnyOf<Code>,
    /// Only rules that require one of these items, by its code.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["L2010101"]))]
    #[validate(custom(function = are_codes))]
    item: AnyOf<Code>,
    /// Only rules of these strengths, in the standard's own words.
    #[serde(default)]
    #[param(inline, style = Form, explode)]
    strength: AnyOf<Strength>,
    /// Only rules that give a figure, or only the others.
    evaluated: Option<bool>,
    /// The day; today if left out.
    #[serde(default, deserialize_with = "base::sent::optional")]
    as_of: Option<NaiveDate>,
    /// The state as of this revision.
    #[param(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    revision: Option<Revision>,
    /// Only entries about which something was recorded after this instant, whatever day it holds from. A rule that
    /// was withdrawn is no longer listed: the history of its standard tells of it.
    #[serde(default, deserialize_with = "base::sent::optional")]
    changed_since: Option<DateTime<Utc>>,
    /// The format of the answer; overrides `Accept`.
    pub(super) format: Option<Format>,
    /// The maximum number to list.
    #[param(minimum = 1, maximum = 500, default = 50)]
    #[validate(range(min = 1, max = 500))]
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    #[param(max_length = 1000)]
    #[validate(length(max = 1000))]
    cursor: Option<String>,
}

impl ListRules {
    fn takes(&self, standard: &Standard, rule: &Rule) -> bool {
        let item = match &rule.selector {
            Selector::Item(item) => Some(item.as_str()),
            _ => None,
        };
        self.standard.takes_code(&standard.code)
            && self.item.takes_some(item)
            && self.strength.takes(&rule.strength)
            && self.evaluated.is_none_or(|evaluated| rule.is_evaluated() == evaluated)
    }
}

/// List rules
///
/// Lists the rules in force on a day, of every standard, adopted or not; ordered by the standard's code, then in the
/// order of the standard.
#[utoipa::path(
    tag = "standards",
    params(ListRules),
    responses((status = 200, description = "A page of rules.", body = Page<RuleView>), Problems),
    security(("bearer" = []))
)]
#[get("/rules")]
pub async fn list_rules(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ListRules>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let (belongs, now) = (caller.belongs, state.clock.now());
    let read = move |snapshot: &mut Snapshot<'_>| read_page(snapshot, belongs, &query, format, language, now);
    reply::list(&request, format, state.db.read(read).await?).await
}

/// The page that a request asks for.
pub(super) fn read_page(
    snapshot: &mut Snapshot<'_>,
    belongs: Belongs,
    query: &ListRules,
    format: Format,
    language: Language,
    now: DateTime<Utc>,
) -> Result<Page<RuleView>, Error> {
    let asked = MomentQuery { as_of: query.as_of, revision: query.revision, known_at: None };
    let moment = Moment::resolve(snapshot, asked, now)?;
    let today = match moment.as_of {
        Some(day) => day,
        None => db::accounts::today(snapshot.connection, belongs, moment.now)?,
    };
    let standards = db::standards::list(snapshot.connection, moment.revision)?;
    let changed = ChangedSince::read(snapshot.connection, query.changed_since)?;
    let is_asked = |(standard, position, rule): &(&Standard, usize, &Rule)| {
        let history = standard.rules.get(*position);
        query.takes(standard, rule) && history.is_some_and(|history| changed.takes_versions(&history.versions))
    };
    let views = rules_in_force(&standards, today)
        .filter(is_asked)
        .map(|(standard, position, rule)| ((standard.code.clone(), position), view(standard, rule, today, language)));
    Page::of(views, format.limit(query.limit), query.cursor.as_deref())
}

/// Find a rule
///
/// Returns one rule by its code, as it is today.
#[utoipa::path(
    tag = "standards",
    params(("rule" = String, Path, description = "The rule's code.", max_length = 64, example = "R026")),
    responses((status = 200, description = "The rule.", body = RuleView), Problems),
    security(("bearer" = []))
)]
#[get("/rules/{rule}")]
pub async fn find_rule(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    code: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let rule = state.db.read(move |snapshot| {
        let today = db::accounts::today(snapshot.connection, belongs, now)?;
        let standards = db::standards::list(snapshot.connection, Revision::LATEST)?;
        rules_in_force(&standards, today)
            .find(|(.., rule)| rule.code == *code)
            .map(|(standard, _, rule)| view(standard, rule, today, language))
            .ok_or(Error::NotFound("rule"))
    });
    reply::json(&request, &rule.await?)
}

/// The rules in force on a day, each with its standard and its position in it.
fn rules_in_force(standards: &[Standard], day: NaiveDate) -> impl Iterator<Item = (&Standard, usize, &Rule)> {
    standards.iter().flat_map(move |standard| {
        let histories = standard.rules.iter().enumerate();
        histories
            .filter_map(move |(position, history): (usize, &RuleHistory)| Some((standard, position, history.on(day)?)))
    })
}

fn view(standard: &Standard, rule: &Rule, day: NaiveDate, language: Language) -> RuleView {
    RuleView {
        standard: StandardLabel::of(standard, day, language),
        evaluated: rule.is_evaluated(),
        basis: if rule.is_verified() { Basis::Established } else { Basis::Indicative },
        text: language.choose(&rule.text_en, &rule.text_zh).to_owned(),
        rule: rule.clone(),
    }
}
