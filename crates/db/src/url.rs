//! Database URLs: parsed without guessing, and never shown with a password.

mod postgres;

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use self::postgres::Parameters;
use super::limits::Limits;

/// The location of a database. `Display` and `Debug` show only the place.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// An SQLite file.
    Sqlite(PathBuf),
    /// A connection string of PostgreSQL as libpq reads it: a `postgres://` URI, or keywords and values.
    Postgres(String),
}

/// The reason why a text is not a database URL. Only the scheme is repeated: the rest may be a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseUrlError {
    /// The scheme is unknown.
    #[error("unknown database scheme {0:?}: {FORMS}")]
    UnknownScheme(String),
    /// There is no scheme.
    #[error("the database URL begins with no scheme: {FORMS}")]
    NoScheme,
    /// `sqlite:` without a path.
    #[error("the database URL has no path: use sqlite:PATH, for example sqlite:muster.sqlite")]
    NoPath,
    /// The part after PostgreSQL's scheme cannot be read.
    #[error("the PostgreSQL connection string cannot be read: {0}")]
    Unreadable(&'static str),
}

/// The accepted forms.
const FORMS: &str = "use sqlite:PATH, postgres://USER:PASSWORD@HOST/NAME or postgres:host=HOST dbname=NAME ...";

impl FromStr for DatabaseUrl {
    type Err = DatabaseUrlError;

    fn from_str(text: &str) -> Result<Self, DatabaseUrlError> {
        let (scheme, rest) = text.split_once(':').unwrap_or_default();
        match scheme {
            "sqlite" => {
                let path = rest.strip_prefix("//").unwrap_or(rest);
                if path.is_empty() || path.starts_with(":memory:") {
                    return Err(DatabaseUrlError::NoPath);
                }
                Ok(Self::Sqlite(PathBuf::from(path)))
            }
            "postgres" | "postgresql" => {
                let text = if rest.starts_with("//") { text } else { rest };
                Parameters::read(text).map_err(DatabaseUrlError::Unreadable)?;
                Ok(Self::Postgres(text.to_owned()))
            }
            // Keywords and values have no scheme, and a colon in them may be part of the password.
            other if is_scheme(other) => Err(DatabaseUrlError::UnknownScheme(other.to_owned())),
            _ => Err(DatabaseUrlError::NoScheme),
        }
    }
}

fn is_scheme(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter))
        && text.len() <= 16
}

impl DatabaseUrl {
    /// The reason why this build cannot connect as the URL, or the variable `PGSSLMODE`, demands: only builds with the
    /// feature `postgres-tls` support TLS.
    ///
    /// # Errors
    /// A sentence that names the feature.
    pub fn check_tls_support(&self, pgsslmode: Option<&str>) -> Result<(), String> {
        let Self::Postgres(text) = self else { return Ok(()) };
        let asked = match Parameters::read(text) {
            Ok(parameters) => parameters.asks_for_tls(pgsslmode),
            Err(_) => None,
        };
        match asked {
            Some(asked) if !cfg!(feature = "postgres-tls") => Err(format!("{asked} asks for TLS, {WITHOUT_TLS}")),
            _ => Ok(()),
        }
    }
}

/// The advice if TLS is demanded but not supported.
pub(super) const WITHOUT_TLS: &str = "which this build of muster does not have: build it with \
     `cargo build --release --features postgres-tls`, or connect over a socket or a tunnel with sslmode=disable";

/// The connection string for libpq: the same in keywords and values, with time limits.
///
/// # Errors
/// A sentence that repeats nothing of the text.
pub(super) fn for_libpq(text: &str, limits: &Limits) -> Result<String, &'static str> {
    Ok(Parameters::read(text)?.for_libpq(limits))
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(text) => match Parameters::read(text) {
                Ok(parameters) => parameters.fmt(f),
                Err(_) => f.write_str("postgres:"),
            },
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_decide_and_nothing_is_guessed() {
        let cases = [
            ("sqlite:a/b.sqlite", Ok(DatabaseUrl::Sqlite("a/b.sqlite".into()))),
            ("sqlite:///var/m.sqlite", Ok(DatabaseUrl::Sqlite("/var/m.sqlite".into()))),
            ("postgres://u@h/d", Ok(DatabaseUrl::Postgres("postgres://u@h/d".into()))),
            ("postgresql://h/d", Ok(DatabaseUrl::Postgres("postgresql://h/d".into()))),
            ("postgres:host=h dbname=d", Ok(DatabaseUrl::Postgres("host=h dbname=d".into()))),
            ("sqlite:sqlite:b", Ok(DatabaseUrl::Sqlite("sqlite:b".into()))),
            ("sqlite:", Err(DatabaseUrlError::NoPath)),
            ("mysql://h/d", Err(DatabaseUrlError::UnknownScheme("mysql".into()))),
            ("muster.sqlite", Err(DatabaseUrlError::NoScheme)),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse::<DatabaseUrl>(), expected, "{text}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        for text in [
            "postgres://user:secret@db.example:5432/muster?password=secret",
            "postgres://user:se%63ret@db.example:5432/muster",
            "postgres://db.example:5432/muster?user=me&p%61ssword=secret",
            "postgres:host=db.example port = 5432 dbname=muster password='secret' sslpassword=secret",
        ] {
            let url: DatabaseUrl = text.parse().unwrap();
            assert_eq!(url.to_string(), "postgres://db.example:5432/muster", "{text}");
            assert_eq!(format!("{url:?}"), "postgres://db.example:5432/muster", "{text}");
        }
        // Texts that libpq would repeat, wholly or in part.
        for text in [
            "postgres://user:se@secret@host/db",
            "postgres://user:pass/secret@host/db",
            "postgres://user:12/secret@host/db",
            "postgres://user:%zzsecret@host/db",
            "postgres:host=h password=my secret",
            "postgres:host=h password='secret",
            "postgres://[::1:secret/db",
            "postgres://h/db?secret",
            "host=h password=a:secret",
            "user:secret@host/db",
            "secret",
        ] {
            let error = text.parse::<DatabaseUrl>().unwrap_err();
            assert!(!format!("{error} {error:?}").contains("secret"), "{text}: {error}");
        }
    }

    #[test]
    fn tls_that_is_asked_for_is_in_the_build_or_refused() {
        let asked = [
            ("postgres://h/d?sslmode=require", None),
            ("postgres://h/d?sslmode=verify-full&sslrootcert=/ca.pem", None),
            ("postgres:host=h sslmode = 'verify-ca'", None),
            ("postgres://h/d?ssl=true", None),
            ("postgres://h/d?sslrootcert=system", None),
            ("postgres://h/d", Some("require")),
            ("postgres://h/d", Some("verify-full")),
        ];
        for (text, variable) in asked {
            let outcome = text.parse::<DatabaseUrl>().unwrap().check_tls_support(variable);
            assert_eq!(outcome.is_ok(), cfg!(feature = "postgres-tls"), "{text} {variable:?}");
            if let Err(said) = outcome {
                assert!(said.contains("--features postgres-tls"), "{said}");
            }
        }
        let not_asked = [
            ("postgres://h/d", None),
            ("postgres://h/d", Some("prefer")),
            ("postgres://h/d?sslmode=disable", Some("require")),
            ("sqlite:m.sqlite", Some("require")),
        ];
        for (text, variable) in not_asked {
            assert_eq!(text.parse::<DatabaseUrl>().unwrap().check_tls_support(variable), Ok(()), "{text}");
        }
    }
}
