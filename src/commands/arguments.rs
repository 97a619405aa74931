//! Arguments that several commands read alike.

use tables::form::Form;
use text::language::Language;

/// The form of a name.
pub(super) fn form(name: &str) -> Result<Form, String> {
    let known = || Form::all().map(Form::name).collect::<Vec<_>>().join(", ");
    Form::named(name).ok_or_else(|| format!("the forms are {}", known()))
}

/// The language of a tag.
pub(super) fn language(name: &str) -> Result<Language, String> {
    match name.to_lowercase().split('-').next() {
        Some("en") => Ok(Language::English),
        Some("zh") => Ok(Language::Chinese),
        _ => Err("the languages are en and zh-CN".to_owned()),
    }
}
