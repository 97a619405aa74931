//! Connection strings of PostgreSQL, read as libpq reads them but without its messages, which repeat what they cannot
//! read, passwords included.

use std::fmt;

use crate::limits::Limits;

/// The values of `sslmode`.
const SSL_MODES: [&str; 6] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/// The keywords that concern TLS.
const TLS_KEYWORDS: [&str; 6] = ["sslrootcert", "sslcert", "sslkey", "sslcrl", "sslcrldir", "sslnegotiation"];

/// Keywords with their values, in the order given; the last of the same name counts.
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads either form.
    pub(super) fn read(text: &str) -> Result<Self, &'static str> {
        let uri = text.strip_prefix("postgres://").or_else(|| text.strip_prefix("postgresql://"));
        let read = match uri {
            Some(rest) => Self(read_uri(rest)?),
            None => Self(read_keywords(text)?),
        };
        if read.0.iter().any(|(_, value)| value.contains('\0')) {
            return Err("no value can hold U+0000");
        }
        match read.get("sslmode") {
            Some(mode) if !SSL_MODES.contains(&mode) => {
                Err("sslmode is none of disable, allow, prefer, require, verify-ca, verify-full")
            }
            _ => Ok(read),
        }
    }

    fn get(&self, keyword: &str) -> Option<&str> {
        let found = self.0.iter().rev().find(|(name, _)| name == keyword);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// The parameter that demands TLS, if any.
    pub(super) fn asks_for_tls(&self, pgsslmode: Option<&str>) -> Option<String> {
        let demands = |mode: &str| ["require", "verify-ca", "verify-full"].contains(&mode);
        let of_variable = pgsslmode.filter(|mode| demands(mode)).map(|mode| format!("PGSSLMODE={mode}"));
        match self.get("sslmode") {
            Some(mode) if demands(mode) => return Some(format!("sslmode={mode} of the database URL")),
            Some("disable") => return None,
            _ => {}
        }
        let of_files = TLS_KEYWORDS.iter().find(|keyword| self.get(keyword).is_some());
        let of_files = of_files.map(|keyword| format!("{keyword} of the database URL"));
        of_files.or_else(|| of_variable.filter(|_| self.get("sslmode").is_none()))
    }

    /// Keywords and values for libpq, with limits where the string sets none.
    pub(super) fn for_libpq(&self, limits: &Limits) -> String {
        let given = self.0.iter().map(|(keyword, value)| (keyword.as_str(), value.clone()));
        let bounds = limits.of_libpq().into_iter().chain([("fallback_application_name", "muster".to_owned())]);
        let bounds = bounds.filter(|(keyword, _)| self.get(keyword).is_none());
        let quoted = |value: &str| value.replace('\\', r"\\").replace('\'', r"\'");
        let pairs = given.chain(bounds).map(|(keyword, value)| format!("{keyword}='{}'", quoted(&value)));
        pairs.collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Display for Parameters {
    /// The place: hosts, ports and the name of the database.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "postgres://{}", self.get("host").or(self.get("hostaddr")).unwrap_or(""))?;
        if let Some(port) = self.get("port") {
            write!(f, ":{port}")?;
        }
        match self.get("dbname") {
            Some(name) => write!(f, "/{name}"),
            None => Ok(()),
        }
    }
}

/// `[user[:password]@][host[:port],...][/dbname][?keyword=value&...]`
fn read_uri(rest: &str) -> Result<Vec<(String, String)>, &'static str> {
    let mut found = Vec::new();
    let mut add = |keyword: &str, value: &str| -> Result<(), &'static str> {
        if !value.is_empty() {
            found.push((keyword.to_owned(), percent_decoded(value)?));
        }
        Ok(())
    };
    let before_path = rest.find(['@', '/']).unwrap_or(rest.len());
    let place = match rest.split_at_checked(before_path) {
        Some((credentials, after)) if after.starts_with('@') => {
            let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
            add("user", user)?;
            add("password", password)?;
            after.get(1..).unwrap_or("")
        }
        _ => rest,
    };
    let (place, query) = place.split_once('?').unwrap_or((place, ""));
    if place.contains('@') {
        return Err("write @ as %40 and / as %2F inside the user, the password and the name");
    }
    let (hosts, name) = place.split_once('/').unwrap_or((place, ""));
    let (hosts, ports) = read_hosts(hosts)?;
    add("host", &hosts)?;
    add("port", &ports)?;
    add("dbname", name)?;
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (keyword, value) = pair.split_once('=').ok_or("a parameter after the ? has no =")?;
        match (percent_decoded(keyword)?.as_str(), value) {
            ("ssl", "true") => add("sslmode", "require")?,
            (keyword, value) if is_keyword(keyword) => add(keyword, value)?,
            _ => return Err("a parameter after the ? has no proper name"),
        }
    }
    Ok(found)
}

/// Splits hosts and ports, each separated by commas.
fn read_hosts(text: &str) -> Result<(String, String), &'static str> {
    let mut hosts = Vec::new();
    let mut ports = Vec::new();
    for one in text.split(',') {
        let (host, port) = match one.strip_prefix('[') {
            Some(rest) => {
                let (host, after) = rest.split_once(']').ok_or("an IPv6 address has no closing ]")?;
                match after.strip_prefix(':') {
                    Some(port) => (host, port),
                    None if after.is_empty() => (host, ""),
                    None => return Err("something other than a port follows an IPv6 address"),
                }
            }
            None => one.split_once(':').unwrap_or((one, "")),
        };
        if !port.chars().all(|digit| digit.is_ascii_digit()) {
            return Err("a port is no number; write : as %3A, / as %2F and @ as %40 inside the password");
        }
        hosts.push(host);
        ports.push(port);
    }
    let ports = if ports.iter().all(|port| port.is_empty()) { String::new() } else { ports.join(",") };
    Ok((hosts.join(","), ports))
}

/// Reads `keyword = value` or `keyword = 'value'`, separated by spaces; a backslash escapes the next character.
fn read_keywords(text: &str) -> Result<Vec<(String, String)>, &'static str> {
    let mut found = Vec::new();
    let mut letters = text.chars().peekable();
    loop {
        while letters.next_if(|letter| letter.is_whitespace()).is_some() {}
        if letters.peek().is_none() {
            return Ok(found);
        }
        let mut keyword = String::new();
        while let Some(letter) = letters.next_if(|letter| *letter != '=' && !letter.is_whitespace()) {
            keyword.push(letter);
        }
        while letters.next_if(|letter| letter.is_whitespace()).is_some() {}
        if letters.next() != Some('=') {
            return Err("a keyword has no =; put a value with spaces between apostrophes");
        }
        if !is_keyword(&keyword) {
            return Err("a keyword has other characters than letters and underscores");
        }
        while letters.next_if(|letter| letter.is_whitespace()).is_some() {}
        let quoted = letters.next_if_eq(&'\'').is_some();
        let mut value = String::new();
        loop {
            match letters.next() {
                Some('\\') => value.extend(letters.next()),
                Some('\'') if quoted => break,
                Some(letter) if !quoted && letter.is_whitespace() => break,
                Some(letter) => value.push(letter),
                None if quoted => return Err("an apostrophe is not closed"),
                None => break,
            }
        }
        found.push((keyword, value));
    }
}

fn is_keyword(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_')
}

fn percent_decoded(text: &str) -> Result<String, &'static str> {
    const BROKEN: &str = "write % as %25: two hexadecimal digits follow each % inside a URL";
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16)).ok_or(BROKEN);
        let value = digit()? * 16 + digit()?;
        bytes.push(u8::try_from(value).map_err(|_| BROKEN)?);
    }
    String::from_utf8(bytes).map_err(|_| "a value is not UTF-8 once its % are read")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_say_the_same() {
        let others = "keepalives_idle='15' keepalives_interval='5' keepalives_count='3' tcp_user_timeout='30000' \
                      fallback_application_name='muster'";
        let bounds = format!("connect_timeout='10' {others}");
        for (text, expected) in [
            ("postgres://", bounds.clone()),
            (
                "postgres://me:it's%40%25@a:1,[::1]/n?sslmode=disable",
                format!(r"user='me' password='it\'s@%' host='a,::1' port='1,' dbname='n' sslmode='disable' {bounds}"),
            ),
            (
                r"host = h password='a \'b\\' dbname=n connect_timeout=3",
                format!(r"host='h' password='a \'b\\' dbname='n' connect_timeout='3' {others}"),
            ),
            ("postgres:///n?host=%2Ftmp%2Fx", format!("dbname='n' host='/tmp/x' {bounds}")),
        ] {
            assert_eq!(Parameters::read(text).map(|read| read.for_libpq(&Limits::COMMAND)), Ok(expected), "{text}");
        }
    }
}
