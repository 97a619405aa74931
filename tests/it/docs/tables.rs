//! The tables of a page that are generated from the program's help.
//!
//! A table stands between `<!-- begin NAME -->` and `<!-- end NAME -->`, and its name is `options of muster COMMAND` or
//! `exit codes`.

use std::path::Path;

use crate::process::muster;

/// An option of a command.
#[derive(Debug)]
pub struct CommandOption {
    /// Its name, without the hyphens before it.
    pub name: String,
    /// The word for its value; empty for a switch.
    value: String,
    /// Its meaning.
    meaning: String,
    /// Its default; empty for none.
    pub default: String,
    /// Its environment variable; empty for none.
    variable: String,
}

/// The line that begins the table of this name.
pub fn begin(name: &str) -> String {
    format!("<!-- begin {name} -->\n")
}

/// A page with its tables as they should be, and their number.
pub fn written_anew(text: &str) -> (String, usize) {
    let (mut written, mut rest, mut tables) = (String::new(), text, 0);
    while let Some((before, after)) = rest.split_once("\n<!-- begin ") {
        let (name, after) = after.split_once(" -->").unwrap();
        let end = format!("<!-- end {name} -->");
        let (_, after) = after.split_once(&end).unwrap_or_else(|| panic!("the table of {name} has no end"));
        let table = match name.strip_prefix("options of muster ") {
            Some(command) => options_table(&options_of(command)),
            None if name == "exit codes" => exit_codes_table(),
            None => panic!("there is no table of {name}"),
        };
        written += &format!("{before}\n{}\n{table}\n{end}", begin(name));
        (rest, tables) = (after, tables + 1);
    }
    (written + rest, tables)
}

fn help_of(command: &str) -> String {
    let arguments: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
    let output = muster(Path::new("."), &arguments, &[]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The options of a command, in the order of their names, without those of the help.
pub fn options_of(command: &str) -> Vec<CommandOption> {
    let help = help_of(command);
    let (_, listed) = help.split_once("\nOptions:\n").unwrap();
    let (listed, _) = listed.split_once("\nExit codes:").unwrap_or((listed, ""));
    let mut options: Vec<CommandOption> = Vec::new();
    for line in listed.lines() {
        if let Some((_, option)) = line.split_once("--").filter(|(before, _)| matches!(before.trim(), "" | "-h,")) {
            let (head, meaning) = option.split_once("  ").unwrap_or((option, ""));
            let word = head.trim_end_matches(['>', ']']).split_once(['<']).map_or("", |(_, word)| word);
            options.push(CommandOption {
                name: head.split([' ', '[']).next().unwrap().to_owned(),
                value: word.to_owned(),
                meaning: meaning.trim().to_owned(),
                default: String::new(),
                variable: String::new(),
            });
        } else if let Some(option) = options.last_mut().filter(|_| !line.trim().is_empty() && !line.contains("  -")) {
            option.meaning = format!("{} {}", option.meaning, line.trim()).trim().to_owned();
        }
    }
    for option in &mut options {
        option.default = taken_out(&mut option.meaning, "[default: ");
        option.variable = taken_out(&mut option.meaning, "[env: ").trim_end_matches('=').to_owned();
    }
    options.retain(|option| option.name != "help");
    assert!(!options.is_empty(), "{help}");
    options
}

/// Removes the text between some words and the next bracket.
fn taken_out(text: &mut String, words: &str) -> String {
    let Some((before, after)) = text.split_once(words) else { return String::new() };
    let (found, after) = after.split_once(']').unwrap();
    let found = found.to_owned();
    *text = format!("{}{}", before.trim_end(), after);
    found
}

fn options_table(options: &[CommandOption]) -> String {
    let (by_variable, by_default) = (
        options.iter().any(|option| !option.variable.is_empty()),
        options.iter().any(|option| !option.default.is_empty()),
    );
    let row = |option: &str, variable: &str, default: &str, meaning: &str| {
        let mut cells = vec![option.to_owned()];
        cells.extend(by_variable.then(|| variable.to_owned()));
        cells.extend(by_default.then(|| default.to_owned()));
        cells.push(meaning.to_owned());
        let cells: Vec<String> = cells.iter().map(|cell| format!(" {cell}").trim_end().to_owned()).collect();
        format!("|{} |\n", cells.join(" |"))
    };
    let columns = 2 + usize::from(by_variable) + usize::from(by_default);
    let mut table = row("option", "variable", "default", "meaning") + &format!("|{}\n", "---|".repeat(columns));
    for option in options {
        let code = |text: &str| if text.is_empty() { String::new() } else { format!("`{text}`") };
        let name = format!("--{} {}", option.name, option.value);
        let meaning = option.meaning.replace('|', "\\|");
        table += &row(&code(name.trim()), &code(&option.variable), &code(&option.default), &meaning);
    }
    table
}

fn exit_codes_table() -> String {
    let help = help_of("");
    let (_, listed) = help.split_once("\nExit codes:\n").unwrap();
    let mut rows: Vec<(String, String)> = Vec::new();
    for line in listed.lines().map(str::trim) {
        match line.split_once("  ").filter(|(code, _)| code.parse::<u8>().is_ok()) {
            Some((code, meaning)) => rows.push((code.to_owned(), meaning.trim().to_owned())),
            None => rows.last_mut().unwrap().1 += &format!(" {line}"),
        }
    }
    assert!(rows.len() >= 8, "{help}");
    let rows = rows.iter().map(|(code, meaning)| format!("| {code} | {meaning} |\n"));
    format!("| code | meaning |\n|---|---|\n{}", rows.collect::<String>())
}
