//! PostgreSQL's own programs: found, chosen by version, and run without a password on their command line.

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use percent_encoding::percent_decode_str;

use super::BackupError;

/// The folder in which Debian keeps the programs of each version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The places to look for PostgreSQL's programs.
#[derive(Clone, Debug, Default)]
pub struct Programs {
    /// The folder that has them; by default Debian's folders and the search path.
    pub folder: Option<PathBuf>,
}

impl Programs {
    /// The oldest program of a name that is not older than a version, with its version. The oldest: a newer one may say
    /// to the server what that does not know yet.
    pub(super) fn find(&self, name: &'static str, at_least: u32) -> Result<(PathBuf, u32), BackupError> {
        let mut found: Vec<(u32, PathBuf)> =
            self.candidates(name).into_iter().filter_map(|program| Some((version_of(&program)?, program))).collect();
        found.sort();
        let newest = found.last().map(|(version, _)| *version);
        found.into_iter().find(|(version, _)| *version >= at_least).map(|(version, path)| (path, version)).ok_or_else(|| {
            let there = match (newest, &self.folder) {
                (Some(newest), _) => format!("the newest found is of version {newest}"),
                (None, Some(folder)) => format!("there is none in {}", folder.display()),
                (None, None) => "none was found".to_owned(),
            };
            BackupError::Refused(format!(
                "this needs {name} of PostgreSQL {at_least} or newer, and {there}; install it (Debian: apt-get install \
                 postgresql-client) or name its folder with --postgres-programs or PG_BIN"
            ))
        })
    }

    fn candidates(&self, name: &str) -> Vec<PathBuf> {
        if let Some(folder) = &self.folder {
            return vec![folder.join(name)];
        }
        let versions = std::fs::read_dir(DEBIAN).into_iter().flatten().flatten();
        let installed =
            versions.map(|version| version.path().join("bin").join(name)).filter(|program| program.exists());
        // A bare name is looked for on the search path.
        installed.chain([PathBuf::from(name)]).collect()
    }
}

/// The major version that a program reports; `None` if it cannot be run.
fn version_of(program: &Path) -> Option<u32> {
    let output = Command::new(program).arg("--version").stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (_, version) = text.split_once("(PostgreSQL) ")?;
    version.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}

/// A PostgreSQL program with its connection; its output goes to a file, whatever its size.
pub(super) struct Program {
    name: &'static str,
    said: File,
    /// The command, to which options and the location of its data are added.
    pub command: Command,
}

impl Program {
    /// A program that connects to a database. The password goes by its environment, where no other user sees it.
    pub(super) fn new(name: &'static str, path: &Path, url: &str) -> Result<Self, BackupError> {
        let failed = |error| BackupError::Program { program: name, said: format!("no temporary file: {error}") };
        let said = tempfile::tempfile().map_err(failed)?;
        let (url, password) = without_password(url);
        let mut command = Command::new(path);
        command.arg(format!("--dbname={url}")).args(["--no-password", "--no-owner", "--no-privileges"]);
        if let Some(password) = password {
            command.env("PGPASSWORD", password);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(said.try_clone().map_err(failed)?);
        Ok(Self { name, said, command })
    }

    /// Returns the program's outcome.
    pub(super) fn outcome(mut self, ended: std::io::Result<ExitStatus>) -> Result<(), BackupError> {
        match ended {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => {
                let mut said = Vec::new();
                let _ = self.said.rewind().and_then(|()| self.said.read_to_end(&mut said));
                let said = String::from_utf8_lossy(&said).trim().to_owned();
                Err(self.failed(if said.is_empty() { status.to_string() } else { said }))
            }
            Err(error) => Err(self.failed(error.to_string())),
        }
    }

    /// A failure of the program.
    pub(super) fn failed(&self, said: String) -> BackupError {
        BackupError::Program { program: self.name, said }
    }
}

/// Splits a PostgreSQL URL into the URL without its password, and the password.
fn without_password(url: &str) -> (String, Option<String>) {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let mut password = None;
    let (before_query, query) = match url.split_once('?') {
        Some((before, query)) => (before, Some(query)),
        None => (url, None),
    };
    let mut bare = before_query.to_owned();
    if let Some((scheme, rest)) = before_query.split_once("://") {
        let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        if let Some((user, host)) = authority.rsplit_once('@')
            && let Some((name, secret)) = user.split_once(':')
        {
            password = Some(decoded(secret));
            bare = format!("{scheme}://{name}@{host}{path}");
        }
    }
    if let Some(query) = query {
        let (secret, rest): (Vec<&str>, Vec<&str>) = query.split('&').partition(|part| {
            let key = part.split_once('=').map_or(*part, |(key, _)| key);
            decoded(key) == "password"
        });
        if let Some((_, secret)) = secret.last().and_then(|part| part.split_once('=')) {
            password = Some(decoded(secret));
        }
        if !rest.is_empty() {
            bare = format!("{bare}?{}", rest.join("&"));
        }
    }
    (bare, password)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_taken_out_of_a_url_wherever_it_stands() {
        for (url, bare, password) in [
            ("postgres://u:p%40s%3As@h:5432/d", "postgres://u@h:5432/d", Some("p@s:s")),
            ("postgres://u@h/d", "postgres://u@h/d", None),
            ("postgresql:///d?host=%2Frun&password=a%26b&port=1", "postgresql:///d?host=%2Frun&port=1", Some("a&b")),
            ("postgres://u:one@h/d?password=two", "postgres://u@h/d", Some("two")),
            ("postgres://u:p@h1:1,h2:2/d", "postgres://u@h1:1,h2:2/d", Some("p")),
            ("postgres://h/d?application_name=a@b:c", "postgres://h/d?application_name=a@b:c", None),
        ] {
            assert_eq!(without_password(url), (bare.to_owned(), password.map(str::to_owned)), "{url}");
        }
    }

    #[test]
    fn a_missing_program_is_named_with_the_way_to_get_it() {
        let folder = tempfile::tempdir().unwrap();
        let programs = Programs { folder: Some(folder.path().to_owned()) };
        let refusal = programs.find("pg_dump", 15).unwrap_err().to_string();
        assert!(refusal.contains("pg_dump of PostgreSQL 15 or newer") && refusal.contains("PG_BIN"), "{refusal}");
    }

    #[cfg(unix)]
    #[test]
    fn a_program_older_than_the_server_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("pg_dump");
        std::fs::write(&program, "#!/bin/sh\necho 'pg_dump (PostgreSQL) 13.11 (Debian 13.11-1)'\n").unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let programs = Programs { folder: Some(folder.path().to_owned()) };
        assert_eq!(programs.find("pg_dump", 13).unwrap(), (program, 13));
        let refusal = programs.find("pg_dump", 14).unwrap_err().to_string();
        assert!(refusal.contains("the newest found is of version 13"), "{refusal}");
    }
}
