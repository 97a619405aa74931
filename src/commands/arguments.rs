//! Arguments that several commands share.

use tables::form::Form;
use text::language::Language;

/// Reads the name of a form.
pub(super) fn form(name: &str) -> Result<Form, String> {
    let known = || Form::all().map(Form::name).collect::<Vec<_>>().join(", ");
    Form::named(name).ok_or_else(|| format!("the forms are {}", known()))
}

/// Reads the tag of a language.
pub(super) fn language(name: &str) -> Result<Language, String> {
    match name.to_lowercase().split('-').next() {
        Some("en") => Ok(Language::English),
        Some("zh") => Ok(Language::Chinese),
        _ => Err("the languages are en and zh-CN".to_owned()),
    }
}
