//! Commands as devices push them. Each is read by itself, so that an unreadable one does not hold up the others.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::new_count::is_plausible;
use base::content::Content;
use base::error::Fault;
use base::id::{CommandId, CountId};
use base::time::observe;
use text::messages::message;

/// The type of a command that submits a count.
pub const SUBMIT_COUNT: &str = "submit_count";

/// The largest sequence number of a device: the largest integer that JSON numbers hold exactly.
pub const LAST_SEQ: i64 = 9_007_199_254_740_991;

/// The longest receipt accepted, in bytes; a receipt has about 900.
const LONGEST_RECEIPT: usize = 4_096;

/// The longest command type that is kept, in characters.
const LONGEST_KIND: usize = 64;

/// A command of a device.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// Its id, made by the client; for a count, the count's id.
    pub id: CommandId,
    /// The id in the letters in which it was sent.
    pub sent_id: String,
    /// The device's sequence number for it.
    pub seq: Option<i64>,
    /// Its type, such as [`SUBMIT_COUNT`].
    pub kind: String,
    /// Its content, as sent.
    pub content: Content,
    /// The receipt it was given before the server was restored from a backup.
    pub receipt: Option<String>,
    /// The faults found outside the content; a command with any is not applied.
    pub faults: Vec<Fault>,
}

impl Command {
    /// The id of the count that it submits.
    pub fn count_id(&self) -> CountId {
        CountId(self.id.0)
    }

    /// The time of counting by the device's clock; `None` if it cannot be read.
    pub fn counted_at(&self) -> Option<DateTime<Utc>> {
        #[derive(serde::Deserialize)]
        struct Seen {
            counted_at: DateTime<Utc>,
        }
        let seen: Seen = serde_json::from_slice(&self.content.bytes).ok()?;
        Some(seen.counted_at).filter(|instant| is_plausible(*instant))
    }
}

/// One entry of a push: a command, or something unreadable.
#[derive(Clone, Debug, PartialEq)]
pub enum Pushed {
    /// A command.
    Command(Box<Command>),
    /// Not a command: without an id it cannot be kept.
    Nothing {
        /// The text sent as its id, if any.
        id: Option<String>,
        /// The fault.
        fault: Fault,
    },
}

impl Pushed {
    /// Reads the entry at a position of the list, each of its members by itself. Unknown members are ignored: an app may be
    /// newer.
    pub fn read(place: usize, sent: &RawValue) -> Self {
        let at = format!("/commands/{place}");
        let no_object =
            |at| Self::Nothing { id: None, fault: Fault::new(at, "wrong_value", message!("command-not-object")) };
        let Ok(members) = serde_json::from_str::<Members<'_>>(sent.get()) else { return no_object(at) };
        let texts: Vec<String> = members.ids.iter().filter_map(|id| serde_json::from_str(id.get()).ok()).collect();
        let named = |text: &String| Some((text.parse::<CommandId>().ok()?, text.clone()));
        let Some((id, sent_id)) = texts.iter().rev().find_map(named) else {
            if members.ids.len() > 1 {
                return no_object(at);
            }
            let fault = Fault::new(format!("{at}/id"), "wrong_value", message!("value-not-uuid"));
            return Self::Nothing { id: texts.first().map(|text| text.chars().take(LONGEST_KIND).collect()), fault };
        };
        let mut faults = Vec::new();
        // Nobody knows which of two members was meant: all of the command is kept then, as it was sent.
        let content = if let Some(name) = members.doubled {
            let detail = message!("field-duplicate", field = name);
            faults.push(Fault::new(format!("/{name}"), "duplicate_field", detail));
            Content::of_bytes(sent.get().as_bytes().to_vec())
        } else {
            let bytes = members.data.unwrap_or(RawValue::NULL).get().as_bytes().to_vec();
            Content::of_sent(bytes.clone()).unwrap_or_else(|| {
                faults.push(Fault::new("", "wrong_value", message!("value-not-readable")));
                Content::of_bytes(bytes)
            })
        };
        let seq = read_seq(members.seq).unwrap_or_else(|()| {
            faults.push(Fault::new("/seq", "wrong_value", message!("command-seq")));
            None
        });
        let receipt = read_receipt(members.receipt).unwrap_or_else(|()| {
            faults.push(Fault::new("/receipt", "wrong_value", message!("receipt-not-genuine")));
            None
        });
        let kind: Option<String> = members.kind.and_then(|kind| serde_json::from_str(kind.get()).ok());
        let kind: String = kind.unwrap_or_default().chars().take(LONGEST_KIND).collect();
        if kind != SUBMIT_COUNT {
            faults.push(Fault::new("/type", "type_unknown", message!("command-type-unknown", kind = kind.as_str())));
        }
        Self::Command(Box::new(Command { id, sent_id, seq, kind: printable(&kind), content, receipt, faults }))
    }
}

/// The members of a command, unread.
#[derive(Default)]
struct Members<'a> {
    ids: Vec<&'a RawValue>,
    seq: Option<&'a RawValue>,
    kind: Option<&'a RawValue>,
    data: Option<&'a RawValue>,
    receipt: Option<&'a RawValue>,
    /// The last of these that came twice.
    doubled: Option<&'static str>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut sent: A) -> Result<Members<'de>, A::Error> {
                let mut members = Members::default();
                // A name that is no text, such as half of a character, is none of these.
                while let Some(name) = sent.next_key::<&RawValue>()? {
                    let value: &RawValue = sent.next_value()?;
                    let name: Option<String> = serde_json::from_str(name.get()).ok();
                    let (name, slot) = match name.as_deref() {
                        Some("id") => {
                            members.doubled = (!members.ids.is_empty()).then_some("id").or(members.doubled);
                            members.ids.push(value);
                            continue;
                        }
                        Some("seq") => ("seq", &mut members.seq),
                        Some("type") => ("type", &mut members.kind),
                        Some("data") => ("data", &mut members.data),
                        Some("receipt") => ("receipt", &mut members.receipt),
                        _ => continue,
                    };
                    members.doubled = slot.replace(value).map(|_| name).or(members.doubled);
                }
                Ok(members)
            }
        }

        reader.deserialize_map(Object)
    }
}

fn read_seq(sent: Option<&RawValue>) -> Result<Option<i64>, ()> {
    match sent.map(RawValue::get) {
        None | Some("null") => Ok(None),
        Some(text) => match serde_json::from_str(text) {
            Ok(seq) if (0..=LAST_SEQ).contains(&seq) => Ok(Some(seq)),
            _ => Err(()),
        },
    }
}

fn read_receipt(sent: Option<&RawValue>) -> Result<Option<String>, ()> {
    match sent.map(RawValue::get) {
        None | Some("null") => Ok(None),
        Some(text) => match serde_json::from_str::<String>(text) {
            Ok(text) if text.len() <= LONGEST_RECEIPT && text.bytes().all(|byte| byte.is_ascii_graphic()) => {
                Ok(Some(text))
            }
            _ => Err(()),
        },
    }
}

/// A text without control characters, some of which a database cannot store.
fn printable(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).collect()
}

/// The effective times of the commands of one push, in its order: each is the device's time as the server corrects it,
/// and never later than that of a command that follows on the device. `fixed` holds the times fixed at an earlier
/// receipt, which do not change.
pub fn effective_times(
    commands: &[(&Command, Option<DateTime<Utc>>)],
    sent_at: Option<DateTime<Utc>>,
    received_at: DateTime<Utc>,
) -> Vec<DateTime<Utc>> {
    let mut order: Vec<usize> = (0..commands.len()).collect();
    if commands.iter().all(|(command, _)| command.seq.is_some()) {
        order.sort_by_key(|place| commands.get(*place).and_then(|(command, _)| command.seq));
    }
    let mut times = vec![received_at; commands.len()];
    let mut following = received_at;
    for place in order.into_iter().rev() {
        let (Some((command, fixed)), Some(time)) = (commands.get(place), times.get_mut(place)) else { continue };
        let own = match (fixed, command.counted_at()) {
            (Some(fixed), _) => Some(*fixed),
            (None, Some(counted_at)) => Some(observe(counted_at, sent_at, received_at).effective_at.min(following)),
            (None, None) => None,
        };
        // A command that is not applied as sent does not bound others.
        if command.faults.is_empty() {
            following = own.map_or(following, |own| own.min(following));
        }
        *time = own.unwrap_or(following);
    }
    times
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn read(text: &str) -> Pushed {
        Pushed::read(3, &RawValue::from_string(text.to_owned()).unwrap())
    }

    fn command(text: &str) -> Command {
        match read(text) {
            Pushed::Command(command) => *command,
            nothing => panic!("{nothing:?}"),
        }
    }

    const ID: &str = "0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b11";

    #[test]
    fn what_cannot_be_named_is_no_command() {
        for (text, pointer) in [
            ("7", "/commands/3"),
            ("[]", "/commands/3"),
            ("{\"id\":\"x\",\"id\":\"y\"}", "/commands/3"),
            ("{}", "/commands/3/id"),
            ("{\"id\":7}", "/commands/3/id"),
            ("{\"id\":\"phone-1\"}", "/commands/3/id"),
        ] {
            match read(text) {
                Pushed::Nothing { fault, .. } => assert_eq!(fault.pointer, pointer, "{text}"),
                command => panic!("{text}: {command:?}"),
            }
        }
    }

    #[test]
    fn the_data_are_kept_as_they_were_sent() {
        let sent = format!(
            "{{ \"new\": [1], \"id\": \"{ID}\", \"seq\": 4, \"type\": \"submit_count\", \"data\": {{ \"b\": 1.0,\"a\":2}} }}"
        );
        let command = command(&sent);
        assert_eq!(command.content.bytes, b"{ \"b\": 1.0,\"a\":2}");
        assert_eq!(
            command.content,
            Content {
                bytes: command.content.bytes.clone(),
                ..Content::of_json(b"{\"a\":2,\"b\":1}".to_vec()).unwrap()
            }
        );
        assert_eq!((command.seq, command.faults.len()), (Some(4), 0));
    }

    #[test]
    fn what_cannot_be_carried_out_is_kept_all_the_same() {
        let cases = [
            ("\"type\":\"lend\",\"data\":{}", "type_unknown"),
            ("\"data\":{}", "type_unknown"),
            ("\"type\":\"submit_count\",\"seq\":\"4\"", "wrong_value"),
            ("\"type\":\"submit_count\",\"seq\":-1", "wrong_value"),
            ("\"type\":\"submit_count\",\"seq\":1.5", "wrong_value"),
            ("\"type\":\"submit_count\",\"receipt\":{}", "wrong_value"),
        ];
        for (members, code) in cases {
            let command = command(&format!("{{\"id\":\"{ID}\",{members}}}"));
            assert_eq!(command.faults.iter().map(|fault| fault.code).collect::<Vec<_>>(), [code], "{members}");
        }
    }

    #[test]
    fn each_member_is_read_by_itself_and_a_doubled_one_is_kept_with_all_of_the_command() {
        let deep = "[".repeat(450_000) + &"]".repeat(450_000);
        let upper = ID.to_uppercase();
        let cases = [
            (format!("{{\"id\":\"{ID}\",\"seq\":1e400,\"type\":\"submit_count\",\"data\":{{}}}}"), vec!["/seq"], "{}"),
            (format!("{{\"id\":\"{ID}\",\"\\ud83d\":1,\"type\":\"submit_count\",\"data\":{{}}}}"), vec![], "{}"),
            (format!("{{\"new\":{deep},\"id\":\"{ID}\",\"type\":\"submit_count\",\"data\":1}}"), vec![], "1"),
            (format!("{{\"id\":\"{ID}\",\"type\":\"submit_count\",\"data\":{deep}}}"), vec![""], deep.as_str()),
        ];
        for (sent, faults, data) in cases {
            let command = command(&sent);
            let found: Vec<_> = command.faults.iter().map(|fault| fault.pointer.as_str()).collect();
            assert_eq!((found, command.content.bytes == data.as_bytes()), (faults, true), "{}", &sent[..120]);
        }
        for doubled in [
            format!("{{\"id\":\"{upper}\",\"id\":\"{upper}\",\"type\":\"submit_count\",\"data\":{{}}}}"),
            format!("{{\"id\":\"{upper}\",\"type\":\"submit_count\",\"data\":{{}},\"data\":{{}}}}"),
            format!("{{\"id\":7,\"id\":\"{upper}\",\"type\":\"submit_count\",\"data\":{{}}}}"),
        ] {
            let command = command(&doubled);
            assert_eq!((command.id.to_string(), command.sent_id), (ID.to_owned(), upper.clone()));
            assert_eq!(command.content, Content::of_bytes(doubled.into_bytes()));
            assert_eq!(command.faults.len(), 1);
        }
    }

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + 60 * minute, 0).unwrap()
    }

    fn counted(seq: i64, minute: i64) -> Command {
        command(&format!(
            "{{\"id\":\"{ID}\",\"seq\":{seq},\"type\":\"submit_count\",\"data\":{{\"counted_at\":\"{}\"}}}}",
            at(minute).to_rfc3339()
        ))
    }

    fn minutes(commands: &[(Command, Option<i64>)], sent: i64) -> Vec<i64> {
        let commands: Vec<_> = commands.iter().map(|(command, fixed)| (command, fixed.map(at))).collect();
        let times = effective_times(&commands, Some(at(sent)), at(100));
        times.into_iter().map(|time| (time - at(0)).num_minutes()).collect()
    }

    #[test]
    fn a_count_is_never_later_than_one_that_follows() {
        assert_eq!(minutes(&[(counted(1, 10), None), (counted(2, 20), None)], 100), [10, 20]);
        // The clock went back between them.
        assert_eq!(
            minutes(&[(counted(1, 50), None), (counted(2, 20), None), (counted(3, 60), None)], 100),
            [20, 20, 60]
        );
        // The order is that of the device, not of sending.
        assert_eq!(minutes(&[(counted(2, 20), None), (counted(1, 50), None)], 100), [20, 20]);
        // Times fixed earlier stay, and bound those before them.
        assert_eq!(minutes(&[(counted(1, 30), None), (counted(2, 20), Some(25))], 100), [25, 25]);
    }

    #[test]
    fn a_clock_that_is_off_is_corrected_and_none_is_later_than_its_receipt() {
        let a_year = TimeDelta::days(365).num_minutes();
        assert_eq!(minutes(&[(counted(1, 10 - a_year), None)], 100 - a_year), [10]);
        assert_eq!(minutes(&[(counted(1, 10 + a_year), None)], 100 + a_year), [10]);
        assert_eq!(minutes(&[(counted(1, 500), None)], 100), [100]);
    }
}
