//! The state that all requests share.

use std::sync::Arc;

use auth::passwords::Passwords;
use auth::receipts::ReceiptKeys;
use auth::tokens::TokenKeys;
use base::clock::Clock;
use db::Db;
use service::quotas::Ledger;
use service::today::Today;

use super::answer_files::AnswerFiles;
use super::caller_limits::CallerLimits;
use super::metrics::Metrics;
use super::settings::Settings;

/// The state that all requests share.
#[derive(Clone)]
pub struct AppState {
    /// The database.
    pub db: Db,
    /// The keys of access tokens.
    pub keys: Arc<TokenKeys>,
    /// The keys of receipts.
    pub receipts: Arc<ReceiptKeys>,
    /// The checker of passwords.
    pub passwords: Passwords,
    /// The limits on the work of callers.
    pub caller_limits: CallerLimits,
    /// The requests that callers made.
    pub quotas: Arc<Ledger>,
    /// The figures of today in memory.
    pub today: Arc<Today>,
    /// The files of long answers.
    pub files: AnswerFiles,
    /// The source of "now".
    pub clock: Clock,
    /// The settings of this service that affect its answers.
    pub settings: Arc<Settings>,
    /// The metrics, if the operator asks for them.
    pub metrics: Option<Arc<Metrics>>,
}
