//! Makes the pages in `web/` ready for the binary, with their texts in `messages/`.

use std::error::Error;
use std::path::PathBuf;

use web_build::{Bundle, table};

#[expect(clippy::disallowed_methods, reason = "cargo tells a build script its folders by the environment")]
fn main() -> Result<(), Box<dyn Error>> {
    let folder = |name| std::env::var_os(name).map(PathBuf::from).ok_or_else(|| format!("cargo did not set {name}"));
    let (root, out) = (folder("CARGO_MANIFEST_DIR")?, folder("OUT_DIR")?);
    for watched in ["build.rs", "web", "messages"] {
        println!("cargo::rerun-if-changed={watched}");
    }
    match Bundle::join(&root.join("web"), &root.join("messages")) {
        Ok(bundle) => table::write(&bundle, &out.join("site"))?,
        Err(fault) => println!("cargo::error={fault}"),
    }
    Ok(())
}
