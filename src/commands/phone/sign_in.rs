//! `muster phone sign-in` and `muster phone enrol`.

use std::error::Error;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::PathBuf;

use client::Phone;
use serde::Deserialize;

use crate::exit::FileFailure;

/// The options of a sign-in with a password.
#[derive(clap::Args)]
pub struct Password {
    /// The address of the service, such as https://muster.example.
    #[arg(long, value_name = "URL")]
    server: String,
    /// The user name.
    #[arg(long, value_name = "NAME")]
    username: String,
    /// The file whose first line is the password; by default the first line of standard input.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// The name of this phone in the list of devices.
    #[arg(long, value_name = "NAME", default_value = "muster phone")]
    name: String,
}

/// The options of a sign-in with a code.
#[derive(clap::Args)]
pub struct Code {
    /// The content of the QR code: muster://enrol?server=…&code=… or https://…/enrol#code=…
    #[arg(value_name = "URI", required_unless_present = "code", conflicts_with_all = ["server", "code"])]
    uri: Option<String>,
    /// The address of the service, such as https://muster.example.
    #[arg(long, value_name = "URL", requires = "code")]
    server: Option<String>,
    /// The code.
    #[arg(long, value_name = "CODE", requires = "server")]
    code: Option<String>,
    /// The name of this phone in the list of devices.
    #[arg(long, value_name = "NAME", default_value = "muster phone")]
    name: String,
}

/// Signs in with a password.
pub fn with_password(phone: &mut Phone, options: &Password) -> Result<(), Box<dyn Error>> {
    let password = match &options.password_file {
        Some(file) => {
            let text = std::fs::read_to_string(file);
            text.map_err(FileFailure::reading(file))?
        }
        None => {
            let mut input = io::stdin().lock();
            if input.is_terminal() {
                eprint!("Password: ");
            }
            let mut line = String::new();
            input.read_line(&mut line)?;
            line
        }
    };
    let password = password.lines().next().unwrap_or_default();
    phone.sign_in(&options.server, &options.username, password, &options.name)?;
    welcome(phone)
}

/// Signs in with a code.
pub fn with_code(phone: &mut Phone, options: &Code) -> Result<(), Box<dyn Error>> {
    let (server, code) = match (&options.uri, &options.server, &options.code) {
        (Some(uri), ..) => read(uri)?,
        (None, Some(server), Some(code)) => (server.clone(), code.clone()),
        _ => return Err("give the URI of the QR code, or --server and --code".into()),
    };
    phone.enrol(&server, &code, &options.name)?;
    welcome(phone)
}

fn read(uri: &str) -> Result<(String, String), Box<dyn Error>> {
    #[derive(Deserialize)]
    struct Enrolment {
        server: Option<String>,
        code: String,
    }
    if let Some((server, code)) = uri.split_once("/enrol#code=")
        && (server.starts_with("https://") || server.starts_with("http://"))
    {
        return Ok((server.to_owned(), code.to_owned()));
    }
    let expected = "a QR code holds muster://enrol?server=…&code=… or https://…/enrol#code=…";
    let query = uri.strip_prefix("muster://enrol?").ok_or(expected)?;
    let Enrolment { server, code } = serde_html_form::from_str(query)?;
    let server = server.ok_or("the QR code does not name its server: give --server and --code")?;
    Ok((server, code))
}

fn welcome(phone: &mut Phone) -> Result<(), Box<dyn Error>> {
    let status = phone.status()?;
    let (username, server) = (status.username.unwrap_or_default(), status.server.unwrap_or_default());
    writeln!(io::stdout(), "Signed in to {server} as {username}. Next: muster phone sync")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qr_code_names_the_server_and_the_code() {
        let uri = "muster://enrol?server=https%3A%2F%2Fmuster.example&code=7ZK3M-0QX9D";
        assert_eq!(read(uri).unwrap(), ("https://muster.example".to_owned(), "7ZK3M-0QX9D".to_owned()));
        let page = "https://muster.example/enrol#code=7ZK3M-0QX9D";
        assert_eq!(read(page).unwrap(), ("https://muster.example".to_owned(), "7ZK3M-0QX9D".to_owned()));
        assert!(read("https://muster.example").is_err());
        assert!(read("muster://enrol?code=7ZK3M-0QX9D").unwrap_err().to_string().contains("--server"));
    }
}
