//! The text the demo prints when it is ready: the address of the board, its accounts, and three commands to try.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use muster::demo::{BUREAU_USERNAMES, Example};
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use reference::{Banner, ReferenceError};

use super::authority::Issued;

/// The addresses at which the demo is reached.
pub struct Reached {
    /// By programs on this machine.
    base: String,
    /// By phones on its network, if it makes its certificate itself.
    pub by_phones: Option<String>,
    /// The file of the authority's certificate then.
    authority: Option<PathBuf>,
}

impl Reached {
    /// Those of a demo that listens on an address.
    pub fn at(address: SocketAddr, is_tls: bool, issued: Option<&Issued>) -> Self {
        let scheme = if is_tls { "https" } else { "http" };
        let base = format!("{scheme}://{}", crate::commands::reachable(address));
        let of_network = |issued: &Issued| {
            let own = if address.ip().is_unspecified() { *issued.addresses.first()? } else { address.ip() };
            // No phone reaches an address of this machine alone.
            (!own.is_loopback()).then(|| format!("{scheme}://{}", SocketAddr::new(own, address.port())))
        };
        let by_phones = issued.and_then(of_network);
        Self { base, by_phones, authority: issued.map(|issued| issued.authority_file.clone()) }
    }

    /// The invitation to phones; empty if there is none.
    fn invitation(&self) -> String {
        let Some(base) = &self.by_phones else { return String::new() };
        let drawn = QrCode::new(format!("{base}/phone")).map(|code| code.render::<Dense1x2>().build());
        format!(
            "On a phone in the same network: {base}/phone\n\n{}\n\nUntil the phone trusts the demo's authority, its browser \
             warns, and the page needs the network.\nThe steps to trust it: {base}/trust\n\n",
            drawn.unwrap_or_default()
        )
    }
}

/// The text, for a terminal or a pipe.
pub fn text(reached: &Reached, data: &Path, password: &str, example: &Example) -> Result<String, ReferenceError> {
    let base = &reached.base;
    let invitation = reached.invitation();
    let codes: Vec<String> =
        Banner::load()?.organizations.iter().map(|organization| organization.code.to_lowercase()).collect();
    let curl = match &reached.authority {
        Some(file) => format!("curl -sS --cacert {}", quoted(&file.display().to_string())),
        None => "curl -sS".to_owned(),
    };
    let [sign_in, submit, read] = curl_lines(&curl, base, password, example);
    Ok(format!(
        "Muster demo: {base}/board
In a browser on this machine, its first page has the accounts to click.

{invitation}Accounts
  {bureau}
  a quartermaster for each organization: {quartermasters}
Password of all: {password}

Try it in a shell: sign in, submit a count, read the shortage it changed.

{sign_in}
{submit}
{read}

API documentation: {base}/api/docs

The data are in {data}; started again with the same options, the demo goes on where it was. Ctrl-C stops it.
",
        bureau = BUREAU_USERNAMES.join(", "),
        quartermasters = ranges(&codes),
        data = data.display(),
    ))
}

fn curl_lines(curl: &str, base: &str, password: &str, example: &Example) -> [String; 3] {
    let Example { username, organization, item, id, body } = example;
    let json = "-H 'Content-Type: application/json'";
    let bearer = r#"-H "Authorization: Bearer $TOKEN""#;
    let password = serde_json::Value::from(password);
    let credentials = quoted(&format!(r#"{{"username":"{username}","password":{password}}}"#));
    let body = quoted(body);
    let pick = r#"sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p'"#;
    [
        format!("TOKEN=$({curl} {base}/api/v1/auth/login {json} -d {credentials} | {pick})"),
        format!(r"{curl} -w '\n' -X PUT {base}/api/v1/counts/{id} {bearer} {json} -d {body}"),
        format!(r"{curl} -w '\n' '{base}/api/v1/shortages?organization={organization}&item={item}' {bearer}"),
    ]
}

/// Quotes a text as one word for a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Abbreviates codes that end in consecutive numbers: `t1 to t6, hc-01 to hc-14`.
fn ranges(codes: &[String]) -> String {
    let prefix = |code: &str| code.trim_end_matches(|letter: char| letter.is_ascii_digit()).to_owned();
    codes
        .chunk_by(|one, next| prefix(one) == prefix(next))
        .filter_map(|series| match series {
            [only] => Some(only.clone()),
            [first, .., last] => Some(format!("{first} to {last}")),
            [] => None,
        })
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_of_codes_are_told_by_their_ends() {
        let codes = ["t1", "t2", "t3", "hc-01", "hc-02", "bureau"].map(str::to_owned);
        assert_eq!(ranges(&codes), "t1 to t3, hc-01 to hc-02, bureau");
    }

    #[test]
    fn an_apostrophe_does_not_end_a_word() {
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
