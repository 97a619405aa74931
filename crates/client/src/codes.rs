//! Stable codes: the type of a command, and the problems that the phone itself finds in an answer.

/// The type of a command that submits a count.
pub const SUBMIT_COUNT: &str = "submit_count";

/// The receipt received is not a genuine one for the command.
pub const RECEIPT_WRONG: &str = "receipt_wrong";

/// The command was applied, but the answer has no receipt.
pub const RECEIPT_MISSING: &str = "receipt_missing";

/// The keys that check receipts could not be fetched.
pub const KEYS_UNREACHABLE: &str = "keys_unreachable";

/// The answer has no result at the command's position.
pub const RESULT_MISSING: &str = "result_missing";

/// No answer came.
pub const UNREACHABLE: &str = "unreachable";

/// The answer did not come from Muster but from a proxy or a captive portal.
pub const NOT_MUSTER: &str = "not_muster";

/// The codes of what was deposited because a session had ended: the service applies it once it is pushed by a session of the
/// same account.
pub const LAPSED_SESSION: [&str; 2] = ["session_ended", "token_expired"];

/// The service has no room for what an officer would have to decide on.
pub const QUARANTINE_FULL: &str = "quarantine_full";
