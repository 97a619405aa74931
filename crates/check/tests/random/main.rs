//! Random explanations, made by the engine and checked by both checkers.

mod worlds;

use std::fs;
use std::io::Write as _;

use worlds::Worlds;

/// A number from the environment.
fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[test]
fn dump() {
    let Ok(path) = std::env::var("MUSTER_EXPLANATIONS_FILE") else { return };
    let mut file = std::io::BufWriter::new(fs::File::create(path).unwrap());
    let number = usize::try_from(setting("MUSTER_EXPLANATIONS", 300)).unwrap();
    for explained in Worlds::new(setting("MUSTER_EXPLANATIONS_SEED", 1)).take(number) {
        writeln!(file, "{explained}").unwrap();
    }
}
