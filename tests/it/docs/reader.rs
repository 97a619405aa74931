//! A reader of one page, who pastes its commands into a shell one after the other.
//!
//! The shell runs in a fresh checkout with nothing built and no variables set, and finds stand-ins on its path: `cargo`
//! builds nothing, and `curl` records refused requests. A block that serves has its own terminal, which shares only the
//! path, and runs until the next such block.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};

use tempfile::TempDir;

use super::page::{Block, Page, root};
use crate::cluster::{self, Cluster};
use crate::database::scratch_folder;

/// The one-time code as pages write it; a reader types the one that `muster serve` printed.
const SETUP_CODE: &str = "7Q2M-0VXK-93HD-T5CN-PB8E-46WY-RJ1Z";

/// A database of PostgreSQL as pages write it; a reader has one of their own.
const POSTGRES: &str = "postgres://USER:PASSWORD@HOST/muster";

/// A separate terminal, with only the variables that the stand-ins need.
const TERMINAL: &str = "env -i PATH=\"$PATH\" HOME=\"$HOME\" RUN=\"$RUN\" PORT=\"$PORT\" MUSTER=\"$MUSTER\" CURL=\"$CURL\" \
     TESTS=\"$TESTS\" PGHOST=\"${PGHOST-}\" PGUSER=\"${PGUSER-}\"";

const MUSTER: &str = r#"#!/bin/sh
case "$1 $*" in
*--help*) exec "$MUSTER" "$@" ;;
serve\ *) export MUSTER_LISTEN="${MUSTER_LISTEN:-127.0.0.1:$PORT}" ;;
demo\ *--listen*) ;;
demo\ *) set -- "$@" --listen "127.0.0.1:$PORT" ;;
*) exec "$MUSTER" "$@" ;;
esac
"$RUN/made/stop"
"$MUSTER" "$@" >"$RUN/served" 2>"$RUN/log" </dev/null &
echo $! >"$RUN/server"
until "$CURL" -s -o "$RUN/live" "http://127.0.0.1:$PORT/health/live" && { [ "$1" = serve ] || [ -s "$RUN/served" ]; }; do
    kill -0 "$(cat "$RUN/server")" 2>/dev/null || { cat "$RUN/log" >&2; exit 1; }
    sleep 0.05
done
cat "$RUN/served"
"#;

const STOP: &str = r#"#!/bin/sh
[ -f "$RUN/server" ] || exit 0
id=$(cat "$RUN/server")
kill "$id" 2>/dev/null
while kill -0 "$id" 2>/dev/null; do sleep 0.05; done
rm "$RUN/server"
"#;

const CARGO: &str = r#"#!/bin/sh
case "$1" in
run)
    while [ "$1" != -- ]; do shift; done
    shift
    exec "$RUN/made/muster" "$@" ;;
build)
    mkdir -p target/release
    ln -sf "$RUN/made/muster" target/release/muster ;;
test)
    shift
    filters=
    while [ $# -gt 0 ]; do
        case "$1" in
        --features) exit 0 ;;
        --test) [ "$2" = it ] || exit 101; shift ;;
        --) ;;
        -*) exit 101 ;;
        *) filters="$filters $1" ;;
        esac
        shift
    done
    [ -z "$filters" ] || "$TESTS" --list $filters | grep -q ': test$' ;;
bench|clippy|fmt) ;;
*) exit 101 ;;
esac
"#;

const CURL: &str = r#"#!/bin/sh
"$CURL" --max-time 60 --fail-with-body "$@"
code=$?
[ $code = 0 ] || echo "$code: curl $*" >>"$RUN/refused"
exit $code
"#;

/// The reader of a page.
pub struct Reader {
    page: &'static Page,
    run: TempDir,
    port: u16,
}

impl Reader {
    /// Gives a reader a fresh checkout.
    pub fn new(page: &'static Page) -> Self {
        let run = scratch_folder("muster-docs-");
        let here = run.path().join("muster");
        for folder in ["bin", "made", "muster"] {
            fs::create_dir(run.path().join(folder)).unwrap();
        }
        for (name, text) in [("made/muster", MUSTER), ("made/stop", STOP), ("bin/cargo", CARGO), ("bin/curl", CURL)] {
            let path = run.path().join(name);
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        for entry in fs::read_dir(root()).unwrap().map(|entry| entry.unwrap()) {
            let name = entry.file_name();
            let text = name.to_string_lossy();
            if !text.starts_with('.') && text != "target" && !text.starts_with("muster-") {
                symlink(entry.path(), here.join(&name)).unwrap();
            }
        }
        Self { page, run, port: free_port() }
    }

    /// Pastes all commands of the page, except those for PostgreSQL if there is none, and checks their output.
    pub fn pastes(self, postgres: Option<&Cluster>) {
        let blocks: Vec<&Block> =
            self.page.commands().filter(|block| postgres.is_some() || !block.needs_postgres()).collect();
        let mut script = "set -eu\n".to_owned();
        for block in &blocks {
            let (line, text) = (block.line, self.as_typed(&block.text));
            script += &format!("exec >\"$RUN/out.{line}\" 2>&1\necho {line} >\"$RUN/at\"\n");
            if block.serves() {
                fs::write(self.run.path().join(format!("block.{line}")), text).unwrap();
                script += &format!("{TERMINAL} sh -eu \"$RUN/block.{line}\"\n");
            } else {
                script += &text;
            }
        }
        fs::write(self.run.path().join("script"), script).unwrap();
        let status = self.shell(postgres).status().unwrap();
        let read = |name: &str| fs::read_to_string(self.run.path().join(name)).unwrap_or_default();
        let at = read("at");
        let told = format!("{}{}", read(&format!("out.{}", at.trim())), read("log"));
        assert!(status.success(), "{}:{}: the block failed: {status}\n{told}", self.page.name, at.trim());
        assert_eq!(read("refused"), "", "{}: the service refused a request\n{told}", self.page.name);
        for block in blocks {
            let shown = self.page.blocks.iter().find(|after| after.line > block.line);
            if let Some(shown) = shown.filter(|after| after.follows && after.language == "text") {
                self.compare(shown, &read(&format!("out.{}", block.line)));
            }
        }
    }

    /// A block with the parts that a reader replaces.
    fn as_typed(&self, text: &str) -> String {
        let text = text.replace(SETUP_CODE, "$(sed -n 's/^    //p' \"$RUN/served\")");
        let text = text.replace("8080", &self.port.to_string());
        // Tests share the server, so each has its own database; the variables of libpq give its place and user.
        let name = format!("docs_{}", self.port);
        text.replace(POSTGRES, &format!("postgres:///{name}")).replace("createdb muster", &format!("createdb {name}"))
    }

    fn shell(&self, postgres: Option<&Cluster>) -> Command {
        let run = self.run.path();
        let path = std::env::var("PATH").unwrap();
        let mut paths = vec![run.join("bin")];
        let mut command = Command::new("sh");
        command.arg(run.join("script")).current_dir(run.join("muster")).env_clear().stdin(Stdio::null());
        if let Some(cluster) = postgres {
            paths.push(cluster::programs().unwrap());
            command.env("PGHOST", cluster.folder()).env("PGUSER", "muster");
        }
        paths.extend(std::env::split_paths(&path));
        let curl = std::env::split_paths(&path).map(|folder| folder.join("curl")).find(|file| file.exists());
        command
            .env("PATH", std::env::join_paths(paths).unwrap())
            .env("HOME", run)
            .env("RUN", run)
            .env("PORT", self.port.to_string())
            .env("MUSTER", env!("CARGO_BIN_EXE_muster"))
            .env("CURL", curl.expect("curl runs, so it is on the path"))
            .env("TESTS", std::env::current_exe().unwrap());
        command
    }

    /// Each line that the page shows must be among what was printed, in this order.
    fn compare(&self, shown: &Block, printed: &str) {
        let printed = printed.replace(&self.port.to_string(), "8080");
        let mut lines = printed.lines();
        for line in shown.text.lines().filter(|line| !["", "…"].contains(&line.trim())) {
            let found = lines.by_ref().any(|printed| is_like(printed.trim_end(), line.trim_end()));
            assert!(found, "{}:{} shows {line:?}, which is not in\n{printed}", self.page.name, shown.line);
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let _ = Command::new(self.run.path().join("made/stop")).env("RUN", self.run.path()).status();
    }
}

/// True if a line matches a pattern, in which `…` stands for any text.
fn is_like(line: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('…');
    let Some(mut rest) = line.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

/// A free port outside the range from which the system assigns ports.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = u16::try_from(std::process::id() % 8_000).unwrap();
    loop {
        let port = 20_000 + (first + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
