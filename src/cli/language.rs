//! The language of messages: that of `[site]` where feeds.toml names one, else that of the locale.

use super::args::{Command, Global};
use super::setup;
use crate::config;
use crate::text::messages::MessageLanguage;

/// The variables of the environment that name the locale, the strongest first (POSIX.1-2017, 8.2).
const LOCALE_VARIABLES: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// Returns the language in which `command` prints messages: `language` of `[site]` where it is written in the feeds.toml in use, which may have mistakes,
/// and griot has messages in it; else the language of the locale; else English.
#[must_use]
pub fn message_language(global: &Global, command: &Command) -> MessageLanguage {
    let checked = match command {
        Command::Check(check) => check.file.clone(),
        _ => None,
    };
    let path = checked.or_else(|| setup::config_path(global).ok());
    let written = path.and_then(|path| config::language_in(&path));
    written
        .and_then(|language| MessageLanguage::of_tag(language.tag()))
        .or_else(|| locale(|name| std::env::var(name).ok()))
        .unwrap_or_default()
}

/// Returns the language of the locale; `None` where there are no messages in it.
fn locale(environment: impl Fn(&str) -> Option<String>) -> Option<MessageLanguage> {
    let mut set = LOCALE_VARIABLES.into_iter().filter_map(environment);
    MessageLanguage::of_tag(&set.find(|value| !value.is_empty())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_is_set_names_the_locale() {
        let language = |variables: &[(&str, &str)]| {
            locale(|name| {
                let found = variables.iter().find(|(own, _)| *own == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(language(&[]), None);
        assert_eq!(language(&[("LANG", "fr_ML")]), Some(MessageLanguage::French));
        assert_eq!(language(&[("LANG", "fr")]), Some(MessageLanguage::French));
        assert_eq!(
            language(&[("LC_ALL", ""), ("LC_MESSAGES", "fr_FR.UTF-8"), ("LANG", "en_US.UTF-8")]),
            Some(MessageLanguage::French)
        );
        assert_eq!(language(&[("LC_ALL", "C"), ("LANG", "fr_FR.UTF-8")]), None);
        assert_eq!(language(&[("LANG", "ar_NE.UTF-8")]), None);
    }
}
