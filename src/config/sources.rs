//! Settings as command-line options, which clap also reads from the environment.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::path::Path;

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};

use super::setting::{CONFIG, DATABASE_URL, SETTINGS, Scope};

/// A value as text, with its source.
#[derive(Clone, PartialEq, Eq)]
pub struct Found {
    /// The text.
    pub text: String,
    /// The source, in words: `the option --listen`.
    pub origin: String,
    /// True if it stands on the command line.
    pub is_option: bool,
}

/// The settings that a command has.
pub trait Scoped {
    /// The scope.
    const SCOPE: Scope;
}

/// The settings of every command.
pub struct OfEverything;
/// The settings of commands that use the database.
pub struct OfDatabase;
/// The settings of backups.
pub struct OfBackup;
/// The settings of commands that use the signing keys.
pub struct OfKeys;
/// The settings of the service and the demo.
pub struct OfService;
/// The settings of commands that write the service's address.
pub struct OfAddress;
/// The settings of the service alone.
pub struct OfServe;

impl Scoped for OfEverything {
    const SCOPE: Scope = Scope::Everything;
}
impl Scoped for OfDatabase {
    const SCOPE: Scope = Scope::Database;
}
impl Scoped for OfBackup {
    const SCOPE: Scope = Scope::Backup;
}
impl Scoped for OfKeys {
    const SCOPE: Scope = Scope::Keys;
}
impl Scoped for OfService {
    const SCOPE: Scope = Scope::Service;
}
impl Scoped for OfAddress {
    const SCOPE: Scope = Scope::Address;
}
impl Scoped for OfServe {
    const SCOPE: Scope = Scope::Serve;
}

/// The settings of a scope given by options or variables.
pub struct Given<S> {
    found: BTreeMap<&'static str, Found>,
    scope: PhantomData<S>,
}

impl<S> Given<S> {
    /// The settings given, by key.
    pub fn all(&self) -> &BTreeMap<&'static str, Found> {
        &self.found
    }
}

impl Given<OfEverything> {
    /// The settings file to read.
    pub fn file(&self) -> Option<&Path> {
        self.found.get(CONFIG).map(|found| Path::new(&found.text))
    }
}

impl<S: Scoped> Args for Given<S> {
    fn augment_args(command: Command) -> Command {
        let settings = SETTINGS.iter().filter(|setting| setting.scope == S::SCOPE);
        settings.fold(command, |command, setting| {
            let default = match setting.default {
                "" => String::new(),
                default => format!(" [default: {default}]"),
            };
            let mut argument = Arg::new(setting.key)
                .long(setting.option())
                .env(setting.variable)
                .hide_env_values(true)
                .value_name(setting.value)
                .global(S::SCOPE == Scope::Everything)
                .help(format!("{}{default}", setting.help));
            // The option's name in earlier versions of some commands.
            if setting.key == DATABASE_URL {
                argument = argument.alias("database");
            }
            if setting.is_switch() {
                argument = argument.num_args(0..=1).require_equals(true).default_missing_value("true");
            }
            command.arg(argument)
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<S: Scoped> FromArgMatches for Given<S> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let found = SETTINGS.iter().filter(|setting| setting.scope == S::SCOPE).filter_map(|setting| {
            let text = matches.get_one::<String>(setting.key)?.clone();
            let source = matches.value_source(setting.key);
            let origin = match source {
                // Many tools set an empty variable to mean that it is not set.
                Some(ValueSource::EnvVariable) if text.is_empty() => return None,
                Some(ValueSource::EnvVariable) => format!("the variable {}", setting.variable),
                _ => format!("the option --{}", setting.option()),
            };
            Some((setting.key, Found { text, origin, is_option: source == Some(ValueSource::CommandLine) }))
        });
        Ok(Self { found: found.collect(), scope: PhantomData })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
