//! The file of unsent counts: what is only on one phone, for any other of the same account to take in and send. The ids and the
//! bytes stay, so that a count that arrives from both is one count. `openapi/sync.md` describes it.

use std::collections::BTreeMap;

use chrono::SecondsFormat;
use diesel::sqlite::SqliteConnection;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::Phone;
use super::error::PhoneError;
use super::report::QuarantineState;
use super::store::{commands, tokens};

/// The format that a file names.
const FORMAT: &str = "muster-unsent-counts";

/// The version of the format.
const VERSION: u32 = 1;

/// The largest file that is read, in bytes.
pub const LARGEST_FILE: u64 = 16 * 1024 * 1024;

/// The most commands of a file.
pub const MOST_COMMANDS: usize = 2000;

/// The largest `data` of a command, in bytes: one that a push has room for, which is 1 MiB with what is around it.
const LARGEST_DATA: usize = 1_000_000;

/// The most `data` of a file that is written, in bytes: less than half of the largest file, because a quotation mark takes two.
const MOST_DATA: usize = 7 * 1024 * 1024;

/// The longest type of a command, in bytes.
const LONGEST_TYPE: usize = 64;

#[derive(Serialize, Deserialize)]
struct File {
    format: String,
    version: u32,
    #[serde(deserialize_with = "base::sent::value")]
    account: Uuid,
    #[serde(default)]
    username: String,
    #[serde(default)]
    device_id: String,
    #[serde(default)]
    exported_at: String,
    commands: Vec<Command>,
}

#[derive(Serialize, Deserialize)]
struct Command {
    #[serde(deserialize_with = "base::sent::value")]
    id: Uuid,
    seq: i64,
    #[serde(rename = "type")]
    kind: String,
    /// A text, so that its bytes stay what they are.
    data: String,
}

/// A file as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsentFile {
    /// Its content: JSON in UTF-8.
    pub text: String,
    /// The number of commands in it.
    pub counts: usize,
    /// The number of commands that it has no room for.
    pub left_out: usize,
}

/// The outcome of taking in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TakenIn {
    /// The number of commands that now wait here.
    pub taken: usize,
    /// The number of commands that were here before.
    pub known: usize,
    /// The ids that stand for other content on this phone. Nothing of theirs is taken.
    pub refused: Vec<Uuid>,
}

impl Phone {
    /// Makes the file of what is only on this phone: what waits, and what no officer has decided on yet, the oldest first.
    ///
    /// # Errors
    /// If nobody has signed in, or the phone's file cannot be read.
    pub fn unsent_file(&mut self) -> Result<UnsentFile, PhoneError> {
        let (owner, all) = self.store.read(|connection| {
            let owner = tokens::find(connection)?.ok_or(PhoneError::NotSignedIn)?;
            Ok((owner, unsent(connection)?))
        })?;
        let number = all.len();
        let (mut room, mut commands) = (MOST_DATA, Vec::new());
        for command in all.into_values() {
            let size = command.data.len();
            if commands.len() < MOST_COMMANDS && size <= room.min(LARGEST_DATA) {
                room -= size;
                commands.push(command);
            }
        }
        let counts = commands.len();
        let file = File {
            format: FORMAT.to_owned(),
            version: VERSION,
            account: owner.account.parse().map_err(|_| PhoneError::Storage("the account is no id".to_owned()))?,
            username: owner.username,
            device_id: self.device_id.clone(),
            exported_at: self.now().to_rfc3339_opts(SecondsFormat::Millis, true),
            commands,
        };
        let text = serde_json::to_string_pretty(&file).map_err(|error| PhoneError::Storage(error.to_string()))?;
        Ok(UnsentFile { text: text + "\n", counts, left_out: number - counts })
    }

    /// Takes in such a file: each command waits here with its id and its bytes, and with the next number of this phone, in the
    /// order of the numbers that they had. One that is known changes nothing.
    ///
    /// # Errors
    /// If nobody has signed in, the file is none or is broken, it is another account's, or the phone's file cannot be written.
    /// Then nothing is taken.
    pub fn take_in(&mut self, file: &[u8]) -> Result<TakenIn, PhoneError> {
        let file = read(file)?;
        let now = self.now();
        self.store.change(|connection| {
            let owner = tokens::find(connection)?.ok_or(PhoneError::NotSignedIn)?;
            if owner.account != file.account.to_string() {
                let other = shown(&file.username).unwrap_or_else(|| file.account.to_string());
                return Err(PhoneError::OtherAccount { present: owner.username, other });
            }
            let mut taken_in = TakenIn::default();
            for command in &file.commands {
                match commands::insert(connection, command.id, &command.kind, command.data.as_bytes(), now) {
                    Ok(queued) if queued.is_new => taken_in.taken += 1,
                    Ok(_) => taken_in.known += 1,
                    Err(PhoneError::IdReused(id)) => taken_in.refused.push(id),
                    Err(error) => return Err(error),
                }
            }
            Ok(taken_in)
        })
    }
}

/// The commands that are only on this phone, by their numbers.
fn unsent(connection: &mut SqliteConnection) -> Result<BTreeMap<i64, Command>, PhoneError> {
    let waiting = commands::list_waiting(connection)?.into_iter().map(|one| (one.id, one.seq, one.kind, one.body));
    let undecided = commands::list_quarantined(connection)?
        .into_iter()
        .filter(|one| one.state == QuarantineState::Undecided)
        .map(|one| (one.id, one.seq, one.kind, one.body));
    let command = |(id, seq, kind, body): (Uuid, i64, String, Vec<u8>)| {
        let data = String::from_utf8(body).map_err(|error| PhoneError::Storage(error.to_string()))?;
        Ok((seq, Command { id, seq, kind, data }))
    };
    waiting.chain(undecided).map(command).collect()
}

/// Reads a file, and checks all of it.
fn read(bytes: &[u8]) -> Result<File, PhoneError> {
    let none = |why: String| PhoneError::NotUnsentCounts(why);
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > LARGEST_FILE {
        return Err(none(format!("it is larger than {} MiB", LARGEST_FILE / 1024 / 1024)));
    }
    // Editors put a mark before the text, and serde would take a list for the members in their order.
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let value: Value = serde_json::from_slice(bytes).map_err(|error| none(format!("it is not JSON: {error}")))?;
    let (format, version) = (value.get("format"), value.get("version").and_then(Value::as_u64));
    if format.and_then(Value::as_str) != Some(FORMAT) {
        return Err(none(format!("its format is not {FORMAT}")));
    }
    if version != Some(VERSION.into()) {
        let found = version.map_or_else(|| "no version".to_owned(), |version| format!("version {version}"));
        return Err(none(format!("it has {found}, and this program reads {VERSION}: use a newer one")));
    }
    if !value.get("commands").and_then(Value::as_array).into_iter().flatten().all(Value::is_object) {
        return Err(none("each of its commands must be an object".to_owned()));
    }
    let mut file: File = serde_path_to_error::deserialize(value)
        .map_err(|error| none(format!("{}: {}", error.path(), error.inner())))?;
    if file.commands.len() > MOST_COMMANDS {
        return Err(none(format!("it has {} commands, and at most {MOST_COMMANDS} are read", file.commands.len())));
    }
    for (at, command) in file.commands.iter().enumerate() {
        check(command).map_err(|(member, why)| none(format!("/commands/{at}/{member} {why}")))?;
    }
    file.commands.sort_by_key(|command| command.seq);
    Ok(file)
}

/// Checks a command; tells the member that cannot be taken, and why.
fn check(command: &Command) -> Result<(), (&'static str, String)> {
    if command.kind.is_empty() || command.kind.len() > LONGEST_TYPE {
        return Err(("type", format!("must have 1 to {LONGEST_TYPE} bytes")));
    }
    if command.kind.contains(char::is_control) {
        return Err(("type", "must have no control characters".to_owned()));
    }
    if command.data.len() > LARGEST_DATA {
        return Err(("data", format!("is larger than {LARGEST_DATA} bytes")));
    }
    serde_json::from_str::<BTreeMap<String, &RawValue>>(&command.data)
        .map(drop)
        .map_err(|error| ("data", format!("must be the text of a JSON object: {error}")))
}

/// A name from a file, fit for a line of output; `None` for an empty one.
fn shown(name: &str) -> Option<String> {
    let name: String = name.chars().filter(|sign| !sign.is_control()).take(64).collect();
    (!name.is_empty()).then_some(name)
}
