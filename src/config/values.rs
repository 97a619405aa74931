//! Conversion of settings from text: a value that is not valid is refused with its name, its source and the correction.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::TimeDelta;
use db::limits::Limits;
use db::url::DatabaseUrl;
use domain::quota::Quotas;
use ipnet::IpNet;
use muster::api::answer_files::FileBounds;
use muster::api::app::Work;
use muster::api::connections::ConnectionBounds;
use muster::api::origin::Origin;
use muster::api::settings::{BodyPace, ForwardedHeader, Settings};
use muster::api::tls::TlsFiles;
use tracing_subscriber::EnvFilter;

use super::file;
use super::setting::{self, DATABASE_URL};
use super::sources::Found;
use super::{ConfigError, Logging, pgsslmode};

/// The settings given, by key; if there are several sources, the first in order counts.
pub struct Values(BTreeMap<&'static str, Found>);

impl Values {
    /// Combines options, variables and a file.
    pub fn of(given: &[&BTreeMap<&'static str, Found>], file: Option<&Path>) -> Result<Self, ConfigError> {
        let mut values = file.map(file::read).transpose()?.unwrap_or_default();
        for given in given {
            values.extend(given.iter().map(|(key, found)| (*key, found.clone())));
        }
        Ok(Self(values))
    }

    fn found(&self, key: &str) -> Option<Found> {
        let by_default = || {
            let default = setting::find(key)?.default;
            (!default.is_empty()).then(|| Found {
                text: default.to_owned(),
                origin: "its default".to_owned(),
                is_option: false,
            })
        };
        self.0.get(key).cloned().or_else(by_default)
    }

    /// True if a source other than the default gives a setting.
    pub fn is_given(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    fn required(&self, key: &'static str) -> Result<Found, ConfigError> {
        self.found(key).ok_or_else(|| {
            let ways = setting::find(key).map(|setting| {
                let variable = setting.variable;
                format!(
                    "{variable} is not set: set it, or {key} in a file named by --config, or --{}",
                    setting.option()
                )
            });
            ConfigError(ways.unwrap_or_else(|| format!("{key} is not set")))
        })
    }

    fn refuse(&self, key: &str, found: &Found, mend: &str) -> ConfigError {
        let secret = setting::find(key).is_none_or(|setting| setting.secret);
        let value = if secret { String::new() } else { format!(" {:?}", found.text) };
        ConfigError(format!("the setting {key} from {} cannot be{value}: {mend}", found.origin))
    }

    pub fn text(&self, key: &'static str) -> Result<String, ConfigError> {
        let found = self.required(key)?;
        if found.text.is_empty() { Err(self.refuse(key, &found, "it is empty")) } else { Ok(found.text) }
    }

    pub fn optional_path(&self, key: &'static str) -> Option<PathBuf> {
        // An empty one, as in a file that lists all settings, is none.
        self.found(key).filter(|found| !found.text.is_empty()).map(|found| PathBuf::from(found.text))
    }

    pub fn optional_number(&self, key: &'static str, least: u64, most: u64) -> Result<Option<u64>, ConfigError> {
        let Some(found) = self.found(key) else { return Ok(None) };
        match found.text.parse() {
            Ok(number) if (least..=most).contains(&number) => Ok(Some(number)),
            _ => Err(self.refuse(key, &found, &format!("give a whole number from {least} to {most}"))),
        }
    }

    pub fn number(&self, key: &'static str, least: u64, most: u64) -> Result<u64, ConfigError> {
        self.required(key)?;
        Ok(self.optional_number(key, least, most)?.unwrap_or(least))
    }

    pub fn switch(&self, key: &'static str) -> Result<bool, ConfigError> {
        let found = self.required(key)?;
        match found.text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Ok(true),
            "false" | "no" | "off" | "0" => Ok(false),
            _ => Err(self.refuse(key, &found, "give true or false")),
        }
    }

    pub fn logging(&self) -> Result<Logging, ConfigError> {
        let filter = self.required("log")?;
        EnvFilter::try_new(&filter.text).map_err(|error| self.refuse("log", &filter, &error.to_string()))?;
        let format = self.required("log_format")?;
        let json = match format.text.as_str() {
            "json" => true,
            "text" => false,
            _ => return Err(self.refuse("log_format", &format, "give text or json")),
        };
        Ok(Logging { filter: filter.text, json })
    }

    pub fn optional_database(&self) -> Result<Option<DatabaseUrl>, ConfigError> {
        self.found(DATABASE_URL).map(|_| self.database()).transpose()
    }

    pub fn database(&self) -> Result<DatabaseUrl, ConfigError> {
        let found = self.required(DATABASE_URL)?;
        let taken = found.text.parse::<DatabaseUrl>().map_err(|error| error.to_string()).and_then(|url| {
            url.check_tls_support(pgsslmode().as_deref())?;
            Ok(url)
        });
        taken.map_err(|why| ConfigError(format!("the setting database_url from {}: {why}", found.origin)))
    }

    pub fn listen(&self) -> Result<String, ConfigError> {
        let found = self.required("listen")?;
        self.address("listen", found)
    }

    pub fn metrics_listen(&self) -> Result<Option<String>, ConfigError> {
        let found = self.found("metrics_listen").filter(|found| !found.text.is_empty());
        found.map(|found| self.address("metrics_listen", found)).transpose()
    }

    fn address(&self, key: &'static str, found: Found) -> Result<String, ConfigError> {
        let port = found.text.rsplit_once(':').map(|(_, port)| port.parse::<u16>());
        match port {
            Some(Ok(_)) => Ok(found.text),
            _ => Err(self.refuse(key, &found, "give ADDRESS:PORT, such as 127.0.0.1:8080 or [::]:8080")),
        }
    }

    pub fn tls(&self) -> Result<Option<TlsFiles>, ConfigError> {
        for key in ["tls_cert", "tls_key"] {
            // An option whose variable of a shell is empty asks for HTTPS: plain HTTP in its place would be a trap.
            if let Some(found) = self.found(key).filter(|found| found.text.is_empty() && found.is_option) {
                return Err(self.refuse(key, &found, "it is empty"));
            }
        }
        match (self.optional_path("tls_cert"), self.optional_path("tls_key")) {
            (None, None) => Ok(None),
            (Some(certificate), Some(key)) => Ok(Some(TlsFiles { certificate, key })),
            (Some(_), None) => Err(self.alone("tls_cert", "tls_key")),
            (None, Some(_)) => Err(self.alone("tls_key", "tls_cert")),
        }
    }

    fn alone(&self, key: &'static str, missing: &str) -> ConfigError {
        let origin = self.found(key).map(|found| found.origin).unwrap_or_default();
        ConfigError(format!("the setting {key} from {origin} needs {missing}: set both"))
    }

    /// The time limits of the service's work with its database.
    pub fn limits(&self) -> Result<Limits, ConfigError> {
        let seconds = |key, least, most| self.number(key, least, most).map(Duration::from_secs);
        let write = seconds("database_write_seconds", 1, 60)?;
        let statement = seconds("database_statement_seconds", 1, 600)?;
        Ok(Limits {
            write,
            long_write: seconds("database_import_seconds", 1, 3600)?,
            statement: Some(statement),
            transaction: Some(write + statement),
            lock: seconds("database_lock_seconds", 1, 60)?,
            idle: Some(seconds("database_idle_seconds", 1, 600)?),
            dead: seconds("database_dead_seconds", 4, 600)?,
            slow: self.slow_query()?,
            ..Limits::SERVICE
        })
    }

    fn slow_query(&self) -> Result<Option<Duration>, ConfigError> {
        let key = "slow_query_milliseconds";
        if self.required(key)?.text.eq_ignore_ascii_case("off") {
            return Ok(None);
        }
        self.number(key, 0, 600_000).map(|milliseconds| Some(Duration::from_millis(milliseconds)))
    }

    pub fn settings(&self) -> Result<Settings, ConfigError> {
        let minutes = self.number("access_token_minutes", 1, 1_440)?;
        let days = self.number("refresh_token_days", 1, 366)?;
        let session_days = self.number("session_days", 1, 3_660)?;
        let header = self.required("forwarded_header")?;
        Ok(Settings {
            public_url: self.public_url()?,
            trusted_proxies: self.trusted_proxies()?,
            forwarded_header: match header.text.to_ascii_lowercase().as_str() {
                "x-forwarded-for" => ForwardedHeader::XForwardedFor,
                "forwarded" => ForwardedHeader::Forwarded,
                _ => return Err(self.refuse("forwarded_header", &header, "give x-forwarded-for or forwarded")),
            },
            access_token_lifetime: TimeDelta::minutes(i64::try_from(minutes).unwrap_or(i64::from(u16::MAX))),
            refresh_token_lifetime: TimeDelta::days(i64::try_from(days).unwrap_or(i64::from(u16::MAX))),
            body_pace: BodyPace {
                stall: self.seconds("body_stall_seconds", 3_600)?,
                whole: self.seconds("body_seconds", 86_400)?,
            },
            answer_files: FileBounds {
                most: self.number("table_disk_mb", 16, 1_048_576)? * 1_024 * 1_024,
                sending: self.seconds("table_seconds", 86_400)?,
            },
            docs: self.switch("docs")?,
            require_second_factor: self.switch("require_second_factor")?,
            open_data: self.switch("open_data")?,
            personal_data_days: self.number("personal_data_days", 0, 3_650)?,
            session_lifetime: TimeDelta::days(i64::try_from(session_days).unwrap_or(i64::from(u16::MAX))),
            cors_origins: self.cors_origins()?,
            quotas: self.quotas()?,
            authority: None,
            demo: None,
            web_dir: self.web_dir()?,
        })
    }

    pub fn work(&self) -> Result<Work, ConfigError> {
        Ok(Work {
            workers: self.optional_size("workers", 1, 1_024)?,
            shutdown_seconds: self.number("shutdown_seconds", 1, 3_600)?,
            connections: ConnectionBounds {
                most: self.optional_size("max_connections", 16, 100_000)?.unwrap_or(usize::MAX),
                most_of_one: self.optional_size("max_connections_per_address", 8, 100_000)?.unwrap_or(usize::MAX),
                head: self.seconds("head_seconds", 3_600)?,
            },
        })
    }

    fn seconds(&self, key: &'static str, most: u64) -> Result<Duration, ConfigError> {
        self.number(key, 1, most).map(Duration::from_secs)
    }

    fn optional_size(&self, key: &'static str, least: u64, most: u64) -> Result<Option<usize>, ConfigError> {
        Ok(self.optional_number(key, least, most)?.and_then(|number| usize::try_from(number).ok()))
    }

    pub fn public_url(&self) -> Result<Option<String>, ConfigError> {
        let Some(found) = self.found("public_url") else { return Ok(None) };
        let url = found.text.trim_end_matches('/');
        let place = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or_default();
        if place.is_empty() || place.starts_with('/') || place.contains(|sign: char| "@?# ".contains(sign)) {
            let mend = "give http:// or https:// and a host, such as https://muster.example.org";
            return Err(self.refuse("public_url", &found, mend));
        }
        Ok(Some(url.to_owned()))
    }

    fn cors_origins(&self) -> Result<Vec<Origin>, ConfigError> {
        let Some(found) = self.found("cors_origins") else { return Ok(Vec::new()) };
        let parts = found.text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(|part| part.parse::<Origin>().map_err(|()| part)).collect::<Result<_, _>>().map_err(|part| {
            let mend = format!(
                "{part:?} is not an origin: give http:// or https://, a host and perhaps a port, without a path or a \
                 wildcard, such as https://app.example.org"
            );
            self.refuse("cors_origins", &found, &mend)
        })
    }

    fn web_dir(&self) -> Result<Option<PathBuf>, ConfigError> {
        let Some(found) = self.found("web_dir").filter(|found| !found.text.is_empty()) else { return Ok(None) };
        let folder = PathBuf::from(&found.text);
        if !folder.join("phone").is_dir() {
            return Err(self.refuse("web_dir", &found, "give the folder web of the sources, in which there is phone"));
        }
        Ok(Some(folder))
    }

    fn quotas(&self) -> Result<Quotas, ConfigError> {
        let rate = |key| self.number(key, 0, 1_000_000).map(|number| u32::try_from(number).unwrap_or(u32::MAX));
        let window = self.number("request_window_seconds", 1, 3_600)?;
        Ok(Quotas {
            client: rate("client_requests_per_minute")?,
            person: rate("person_requests_per_minute")?,
            address: rate("address_requests_per_minute")?,
            window_seconds: u32::try_from(window).unwrap_or(u32::MAX),
        })
    }

    fn trusted_proxies(&self) -> Result<Vec<IpNet>, ConfigError> {
        let Some(found) = self.found("trusted_proxies") else { return Ok(Vec::new()) };
        let parts = found.text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts
            .map(|part| part.parse::<IpNet>().or_else(|_| part.parse::<IpAddr>().map(IpNet::from)))
            .collect::<Result<_, _>>()
            .map_err(|_| self.refuse("trusted_proxies", &found, "give addresses or networks such as 10.0.0.0/8"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(pairs: &[(&'static str, &str)]) -> Values {
        let found = |text: &str| Found { text: text.to_owned(), origin: "a test".to_owned(), is_option: false };
        Values(pairs.iter().map(|(key, text)| (*key, found(text))).collect())
    }

    #[test]
    fn what_cannot_be_taken_is_named_with_its_source_and_the_mend() {
        type Read = fn(&Values) -> Option<ConfigError>;
        let cases: [(&'static str, &str, Read, &str); 20] = [
            ("web_dir", "/nowhere", |values| values.settings().err(), "the folder web of the sources"),
            ("listen", "nowhere", |values| values.listen().err(), "ADDRESS:PORT"),
            ("listen", "h:70000", |values| values.listen().err(), "ADDRESS:PORT"),
            ("metrics_listen", "9464", |values| values.metrics_listen().err(), "ADDRESS:PORT"),
            ("slow_query_milliseconds", "200ms", |values| values.limits().err(), "from 0 to 600000"),
            ("workers", "0", |values| values.work().err(), "from 1 to 1024"),
            ("log_format", "xml", |values| values.logging().err(), "text or json"),
            ("log", "muster=loud", |values| values.logging().err(), "expected one of"),
            ("migrate_at_start", "perhaps", |values| values.switch("migrate_at_start").err(), "true or false"),
            ("public_url", "ftp://h", |values| values.settings().err(), "https://"),
            ("trusted_proxies", "10.0.0.0/33", |values| values.settings().err(), "10.0.0.0/8"),
            ("forwarded_header", "via", |values| values.settings().err(), "x-forwarded-for"),
            ("max_connections", "1", |values| values.work().err(), "from 16 to 100000"),
            ("body_seconds", "0", |values| values.settings().err(), "from 1 to 86400"),
            ("database_dead_seconds", "3", |values| values.limits().err(), "from 4 to 600"),
            ("cors_origins", "*", |values| values.settings().err(), "\"*\" is not an origin"),
            (
                "cors_origins",
                "https://a.example,https://b.example/x",
                |values| values.settings().err(),
                "without a path",
            ),
            ("client_requests_per_minute", "-1", |values| values.settings().err(), "from 0 to 1000000"),
            ("request_window_seconds", "0", |values| values.settings().err(), "from 1 to 3600"),
            ("access_token_minutes", "15m", |values| values.settings().err(), "from 1 to 1440"),
        ];
        for (key, text, read, mend) in cases {
            let said = read(&values(&[(key, text)])).unwrap().to_string();
            assert!(said.contains(&format!("the setting {key} from a test cannot be {text:?}")), "{said}");
            assert!(said.contains(mend), "{said}");
        }
    }

    #[test]
    fn a_certificate_needs_its_key() {
        assert_eq!(values(&[]).tls().unwrap(), None);
        let files = values(&[("tls_cert", "a.pem"), ("tls_key", "a.key")]).tls().unwrap().unwrap();
        assert_eq!(files, TlsFiles { certificate: "a.pem".into(), key: "a.key".into() });
        for (key, missing) in [("tls_cert", "tls_key"), ("tls_key", "tls_cert")] {
            let said = values(&[(key, "a")]).tls().unwrap_err().to_string();
            assert_eq!(said, format!("the setting {key} from a test needs {missing}: set both"));
        }
    }

    #[test]
    fn a_database_that_cannot_be_taken_is_not_repeated() {
        for text in ["mysql://u:secret@h/d", "secret", "postgres://u:%%secret@h", "postgres://u:secret@h:x"] {
            let said = values(&[("database_url", text)]).database().unwrap_err().to_string();
            assert!(said.starts_with("the setting database_url from a test: ") && !said.contains("secret"), "{said}");
        }
        let said = values(&[]).database().unwrap_err().to_string();
        assert!(said.contains("DATABASE_URL is not set"), "{said}");
    }

    #[test]
    fn defaults_can_be_taken() {
        let none = values(&[]);
        let settings = none.settings().unwrap();
        assert_eq!(settings.access_token_lifetime, Settings::default().access_token_lifetime);
        assert_eq!(settings.session_lifetimes(), Settings::default().session_lifetimes());
        assert_eq!(none.limits().unwrap(), Limits::SERVICE);
        assert_eq!(none.listen().unwrap(), "127.0.0.1:8080");
        assert_eq!(none.metrics_listen().unwrap(), None);
        assert!(none.switch("migrate_at_start").unwrap() && !none.switch("create_database").unwrap());
        assert_eq!(settings.body_pace, BodyPace::default());
        assert!(settings.docs && settings.cors_origins.is_empty());
        let quotas = Quotas { client: 600, person: 1_200, address: 1_200, window_seconds: 60 };
        assert_eq!(settings.quotas, quotas);
        let (work, bounds) = (none.work().unwrap(), ConnectionBounds::default());
        assert_eq!((work.workers, work.shutdown_seconds), (None, 20));
        assert_eq!(
            (work.connections.most, work.connections.most_of_one, work.connections.head),
            (bounds.most, bounds.most_of_one, bounds.head)
        );
    }
}
