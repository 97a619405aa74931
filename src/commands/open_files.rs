//! The number of files, connections among them, that the system lets this process have open.

/// Files that are no connections of clients: the database, the keys, the log.
const OTHERS: usize = 128;

/// Raises the limit as far as the system allows, and returns how many connections there is room for.
#[cfg(unix)]
pub fn make_room() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let current = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(error) => {
            tracing::debug!(%error, "the limit of open files stays as it is");
            limit.current
        }
    };
    let files = current.and_then(|files| usize::try_from(files).ok()).unwrap_or(usize::MAX);
    files.saturating_sub(OTHERS).max(files / 2)
}

/// Other systems have no such limit.
#[cfg(not(unix))]
pub fn make_room() -> usize {
    usize::MAX
}
