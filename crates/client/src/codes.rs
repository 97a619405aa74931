//! Stable words: the type of a command, and why a phone itself does not take an answer.

/// The type of a command that submits a count.
pub const SUBMIT_COUNT: &str = "submit_count";

/// The receipt that came is not a genuine one of what was sent.
pub const RECEIPT_WRONG: &str = "receipt_wrong";

/// The command was applied, and no receipt came with the answer.
pub const RECEIPT_MISSING: &str = "receipt_missing";

/// The keys by which receipts are checked could not be fetched.
pub const KEYS_UNREACHABLE: &str = "keys_unreachable";

/// The answer has no result for the command in its place.
pub const RESULT_MISSING: &str = "result_missing";

/// No answer came.
pub const UNREACHABLE: &str = "unreachable";

/// What answered is not Muster: a proxy, or a network that wants a sign-in of its own.
pub const NOT_MUSTER: &str = "not_muster";
