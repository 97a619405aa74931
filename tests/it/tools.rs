//! Programs of others that some tests need. Where one is missing those tests are left out, and it is said; the environment
//! can ask for them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The oldest Node that runs the tests of the pages and their lint: its major and minor version.
const OLDEST_NODE: (u32, u32) = (20, 19);

/// A program of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// The browser.
    Chromium,
    /// Node.
    Node,
    /// Node, with the packages of `tests/web`.
    NodePackages,
}

/// All of them.
pub const TOOLS: [Tool; 3] = [Tool::Chromium, Tool::Node, Tool::NodePackages];

impl Tool {
    /// The program.
    ///
    /// # Errors
    /// The reason why it cannot be used, and the mend.
    pub fn program(self) -> Result<PathBuf, String> {
        match self {
            Self::Chromium => found(&["chromium", "chromium-browser", "google-chrome"])
                .ok_or_else(|| "no Chromium was found; install it (Debian: apt-get install chromium)".to_owned()),
            Self::Node => node(),
            Self::NodePackages => node().and_then(with_packages),
        }
    }

    /// True if nothing may be left out for want of it.
    pub fn is_required(self) -> bool {
        let variable = match self {
            Self::Chromium => "MUSTER_TEST_CHROMIUM",
            Self::Node | Self::NodePackages => "MUSTER_TEST_NODE",
        };
        std::env::var(variable).is_ok_and(|value| value == "required")
    }
}

fn found(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)).collect::<Vec<_>>())
        .find(|file| file.is_file())
}

fn node() -> Result<PathBuf, String> {
    static NODE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    NODE.get_or_init(find_node).clone()
}

fn find_node() -> Result<PathBuf, String> {
    let node = found(&["node", "nodejs"])
        .ok_or_else(|| "no Node was found; install it (Debian: apt-get install nodejs npm)".to_owned())?;
    let said = Command::new(&node).arg("--version").output().map_err(|error| format!("{}: {error}", node.display()))?;
    let version = String::from_utf8_lossy(&said.stdout).trim().to_owned();
    let mut parts = version.trim_start_matches('v').split('.').map_while(|part| part.parse::<u32>().ok());
    let found = parts.next().zip(parts.next());
    if found.is_none_or(|found| found < OLDEST_NODE) {
        let (major, minor) = OLDEST_NODE;
        return Err(format!("Node {version} is too old; install {major}.{minor} or newer"));
    }
    Ok(node)
}

fn with_packages(node: PathBuf) -> Result<PathBuf, String> {
    if !Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/web/node_modules")).is_dir() {
        return Err("the packages of tests/web are not installed; run npm ci in tests/web".to_owned());
    }
    Ok(node)
}
