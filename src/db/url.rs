//! Which database: read from a URL, and nothing is guessed.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Where the database is. `Display` leaves out the password.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// An SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL connection string.
    Postgres(String),
}

/// Why a text names no database.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseUrlError {
    /// The scheme is none of those known.
    #[error("unknown database scheme {0:?}: use sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME")]
    UnknownScheme(String),
    /// `sqlite:` without a path.
    #[error("the database URL has no path: use sqlite:PATH, for example sqlite:muster.sqlite")]
    NoPath,
}

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
            "postgres" | "postgresql" => Ok(Self::Postgres(text.to_owned())),
            other => Err(DatabaseUrlError::UnknownScheme(other.to_owned())),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", ""));
                let place = rest.split_once('@').map_or(rest, |(_, place)| place);
                let place = place.split_once('?').map_or(place, |(place, _)| place);
                write!(f, "{scheme}://{place}")
            }
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
            ("sqlite:sqlite:b", Ok(DatabaseUrl::Sqlite("sqlite:b".into()))),
            ("sqlite:", Err(DatabaseUrlError::NoPath)),
            ("mysql://h/d", Err(DatabaseUrlError::UnknownScheme("mysql".into()))),
            ("muster.sqlite", Err(DatabaseUrlError::UnknownScheme(String::new()))),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse::<DatabaseUrl>(), expected, "{text}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let url: DatabaseUrl = "postgres://user:secret@db.example:5432/muster?password=also".parse().unwrap();
        assert_eq!(url.to_string(), "postgres://db.example:5432/muster");
        assert_eq!(format!("{url:?}"), "postgres://db.example:5432/muster");
    }
}
