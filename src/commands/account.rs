//! `muster account`: manages accounts on the server itself, for when nobody can sign in to do it.

use std::error::Error;
use std::io::{self, Read as _, Write as _};

use auth::revocations::Revocation;
use auth::tokens::TokenKeys;
use base::id::EnrolmentId;
use chrono::{DateTime, SecondsFormat, Utc};
use clap::Subcommand;
use db::Db;
use db::locks::Locks;
use db::sqlite_file::FileHold;
use db::write::Change;
use domain::account::{Account, Belongs};
use domain::actor::Actor;
use domain::enrolment::{DEFAULT_VALIDITY, Enrolment, EnrolmentCode};
use domain::password::{LONGEST, SHORTEST, Weakness};
use domain::revision::Revision;
use service::attempts::{self, Parties};
use service::{accounts, enrolment, operator, revocations};

use crate::config::{Given, OfDatabase, OfKeys, WithKeys};
use crate::exit;

/// The options of the command.
#[derive(clap::Args)]
pub struct Options {
    #[command(subcommand)]
    action: Action,
}

/// The database, and the keys that belong to it.
#[derive(clap::Args)]
struct Target {
    #[command(flatten)]
    database: Given<OfDatabase>,
    #[command(flatten)]
    keys: Given<OfKeys>,
}

#[derive(Subcommand)]
enum Action {
    /// Lists the accounts of people: user name, role, place, open or closed, name.
    #[command(after_help = exit::CODES)]
    List {
        #[command(flatten)]
        target: Target,
    },
    /// Sets a new password, ends all sessions of the account and withdraws its codes. The password is generated and
    /// printed, or read from standard input.
    #[command(after_help = exit::CODES)]
    ResetPassword {
        /// The user name.
        username: String,
        /// Reads the new password from standard input, up to the end of the line.
        #[arg(long)]
        password_stdin: bool,
        #[command(flatten)]
        target: Target,
    },
    /// Prints a one-time code with which a device signs in without a password, valid for one day.
    #[command(after_help = exit::CODES)]
    IssueCode {
        /// The user name.
        username: String,
        #[command(flatten)]
        target: Target,
    },
    /// Removes the second factor of an account whose holder lost the app and the recovery codes.
    #[command(after_help = exit::CODES)]
    ResetSecondFactor {
        /// The user name.
        username: String,
        #[command(flatten)]
        target: Target,
    },
    /// Closes an account: it cannot sign in any more. The last admin of a region cannot be closed.
    #[command(after_help = exit::CODES)]
    Close {
        /// The user name.
        username: String,
        /// The reason, kept with the account.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        target: Target,
    },
    /// Opens a closed account again.
    #[command(after_help = exit::CODES)]
    Reopen {
        /// The user name.
        username: String,
        #[command(flatten)]
        target: Target,
    },
}

impl Options {
    /// The settings given.
    pub fn settings(&self) -> (&Given<OfDatabase>, &Given<OfKeys>) {
        let target = match &self.action {
            Action::List { target }
            | Action::ResetPassword { target, .. }
            | Action::IssueCode { target, .. }
            | Action::ResetSecondFactor { target, .. }
            | Action::Close { target, .. }
            | Action::Reopen { target, .. } => target,
        };
        (&target.database, &target.keys)
    }
}

/// Carries out the command, and prints the outcome.
///
/// # Errors
/// If there is no such account, or the change is refused; if there are no keys; if the database cannot be used, or belongs to
/// a running service.
pub async fn run(config: WithKeys, options: Options) -> Result<(), Box<dyn Error>> {
    let _hold = FileHold::take(&config.database, false)?;
    let db = super::open(&config.database)?;
    let outcome = done(&db, &config, options.action).await;
    db.close().await?;
    let mut out = io::stdout();
    writeln!(out, "{}", outcome?)?;
    out.flush()?;
    Ok(())
}

/// The outcome in words.
async fn done(db: &Db, config: &WithKeys, action: Action) -> Result<String, Box<dyn Error>> {
    match action {
        Action::List { .. } => list(db).await,
        Action::ResetPassword { username, password_stdin, .. } => {
            let given = password_stdin.then(read_password).transpose()?;
            Command::begin(db, config, "reset-password").await?.reset_password(&username, given).await
        }
        Action::IssueCode { username, .. } => {
            Command::begin(db, config, "issue-code").await?.issue_code(&username).await
        }
        Action::ResetSecondFactor { username, .. } => {
            let name = username.clone();
            let removed = Command::begin(db, config, "reset-second-factor").await?.write(move |change| {
                let locked = change.for_accounts()?;
                Ok((operator::reset_second_factor(change, locked, &name)?, None))
            });
            Ok(match removed.await? {
                true => {
                    format!("The second factor of {username} was removed: the password alone is enough to sign in.")
                }
                false => format!("{username} has no second factor; nothing was changed."),
            })
        }
        Action::Close { username, reason, .. } => {
            if reason.trim().is_empty() || reason.chars().count() > 1000 {
                return Err("give a reason of 1 to 1000 characters".into());
            }
            Command::begin(db, config, "close").await?.close(&username, reason).await
        }
        Action::Reopen { username, .. } => Command::begin(db, config, "reopen").await?.reopen(&username).await,
    }
}

/// A command that changes accounts, in the name of the operator.
struct Command<'a> {
    db: &'a Db,
    /// The keys of the service, beside which revocations are kept.
    keys: TokenKeys,
    actor: Actor,
    now: DateTime<Utc>,
}

impl<'a> Command<'a> {
    /// Begins a command: on a restored database it first carries out what was kept before.
    ///
    /// # Errors
    /// If there are no keys: nothing could be kept beside them.
    async fn begin(db: &'a Db, config: &WithKeys, action: &str) -> Result<Self, Box<dyn Error>> {
        let keys = TokenKeys::load(&config.keys())?;
        let command = format!("muster account {action}");
        revocations::apply(db, keys.revocations(), &command).await?;
        Ok(Self { db, keys, actor: Actor::command(&command), now: Utc::now() })
    }

    /// Makes a change of accounts, and keeps its revocation beside the keys.
    async fn write<T: Send + 'static>(
        self,
        work: impl FnMut(&mut Change<'_>) -> Result<(T, Option<Revocation>), base::error::Error> + Send + 'static,
    ) -> Result<T, base::error::Error> {
        self.write_with(Locks::none(), work).await
    }

    /// Same as [`Self::write`], with further locks.
    async fn write_with<T: Send + 'static>(
        self,
        locks: Locks,
        work: impl FnMut(&mut Change<'_>) -> Result<(T, Option<Revocation>), base::error::Error> + Send + 'static,
    ) -> Result<T, base::error::Error> {
        revocations::write(self.db, self.keys.revocations(), self.actor, locks.accounts(), self.now, work).await
    }

    async fn close(self, username: &str, reason: String) -> Result<String, Box<dyn Error>> {
        let (name, now) = (username.to_owned(), self.now);
        let closed = self.write(move |change| {
            let locked = change.for_accounts()?;
            let account = operator::find(change.connection, &name)?.id;
            let closed = operator::close(change, locked, &name, &reason, now)?;
            Ok((closed, closed.then(|| Revocation::AccountClosed { account, reason: reason.clone() })))
        });
        Ok(match closed.await? {
            true => format!("{username} is closed; its sessions and codes have ended."),
            false => format!("{username} was closed already; nothing was changed."),
        })
    }

    async fn reopen(self, username: &str) -> Result<String, Box<dyn Error>> {
        let name = username.to_owned();
        let reopened = self.write(move |change| {
            let locked = change.for_accounts()?;
            let account = operator::find(change.connection, &name)?.id;
            let reopened = operator::reopen(change, locked, &name)?;
            Ok((reopened, reopened.then_some(Revocation::AccountReopened { account })))
        });
        Ok(match reopened.await? {
            true => format!("{username} is open again, with its old password."),
            false => format!("{username} is not closed; nothing was changed."),
        })
    }

    async fn reset_password(self, username: &str, given: Option<String>) -> Result<String, Box<dyn Error>> {
        let name = username.to_owned();
        let known = self.db.read(move |snapshot| {
            let account = operator::find(snapshot.connection, &name)?;
            accounts::known_of(snapshot.connection, &account)
        });
        let known = known.await?;
        let password = given.clone().unwrap_or_else(made_up);
        let hash = auth::passwords::choose(&password, &known)?.map_err(|weakness| match weakness {
            Weakness::TooShort => format!("the password is too short: use at least {SHORTEST} characters"),
            Weakness::Guessable => "the password is too easy to guess: use several unrelated words".to_owned(),
            Weakness::LikeUsername => "the password is too similar to the user name".to_owned(),
        })?;
        let parties = Parties::of_account(&self.keys, username);
        let locks = Locks::none().keys(parties.keys());
        let (name, now) = (username.to_owned(), self.now);
        self.write_with(locks, move |change| {
            let locked = change.for_accounts()?;
            let account = operator::set_password(change, locked, &name, &hash, now)?.id;
            attempts::succeed(change, &parties)?;
            Ok(((), Some(Revocation::PasswordChanged { account, hash: Some(hash.clone()), session: None })))
        })
        .await?;
        let mut told = format!("The password of {username} was reset; its sessions and codes have ended.");
        if given.is_none() {
            told += &format!(" It is\n\n    {password}\n\nChange it after signing in.");
        }
        Ok(told)
    }

    async fn issue_code(self, username: &str) -> Result<String, Box<dyn Error>> {
        let (code, name) = (EnrolmentCode::of_bits(rand::random()), username.to_owned());
        let hash = enrolment::code_hash(&self.keys, Some(&code));
        let (now, expires_at) = (self.now, self.now + DEFAULT_VALIDITY);
        self.write(move |change| {
            let account = operator::find(change.connection, &name)?;
            let enrolment = Enrolment {
                id: EnrolmentId::new(),
                account: account.id,
                note: None,
                created_at: now,
                expires_at,
                used_at: None,
                device: None,
                withdrawn_at: None,
            };
            let locked = change.for_accounts()?;
            Ok((enrolment::add(change, locked, &account, &enrolment, &hash)?, None))
        })
        .await?;
        let until = expires_at.to_rfc3339_opts(SecondsFormat::Secs, true);
        Ok(format!("This code signs one device in to {username}, once, until {until}:\n\n    {code}\n"))
    }
}

async fn list(db: &Db) -> Result<String, Box<dyn Error>> {
    let listed = db.read(|snapshot| {
        let connection = &mut *snapshot.connection;
        let regions = db::regions::list(connection, Revision::LATEST)?;
        let organizations = db::organizations::list(connection, Revision::LATEST)?;
        let line = |account: &Account| {
            let place = match account.belongs {
                Belongs::Region(id) => regions.iter().find(|region| region.id == id).map(|region| region.code.as_str()),
                Belongs::Organization(id) => {
                    organizations.iter().find(|found| found.id == id).map(|found| found.code.as_str())
                }
            };
            let state = if account.closed { "closed" } else { "open" };
            let Account { username, role, display_name, .. } = account;
            format!("{username}\t{role}\t{}\t{state}\t{display_name}", place.unwrap_or("?"))
        };
        let mut lines: Vec<String> =
            db::accounts::list(connection)?.iter().map(|record| line(&record.account)).collect();
        lines.sort();
        Ok(lines.join("\n"))
    });
    Ok(listed.await?)
}

/// Generates a password of 100 random bits, in groups that are easy to type.
fn made_up() -> String {
    let codes = [EnrolmentCode::of_bits(rand::random()), EnrolmentCode::of_bits(rand::random())];
    codes.map(|code| code.to_string().to_lowercase()).join("-")
}

fn read_password() -> Result<String, Box<dyn Error>> {
    let mut text = String::new();
    // A character has at most four bytes.
    let most = u64::try_from(4 * LONGEST + 2)?;
    io::stdin().take(most).read_to_string(&mut text)?;
    let password = text.lines().next().unwrap_or_default().to_owned();
    if password.is_empty() || password.chars().count() > LONGEST {
        return Err(format!("give the password as one line of {SHORTEST} to {LONGEST} characters").into());
    }
    Ok(password)
}
