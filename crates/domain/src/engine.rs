//! The version of the rules by which figures are computed.

/// The version of the rules as coded. It is raised with every change of a figure, or of a status, that an old question
/// gets; the changelog then lists the old figure, the new one and the cause. The same question at the same revision, in
/// the same language and by the same engine has the same answer, byte for byte.
pub const ENGINE: &str = "3";
