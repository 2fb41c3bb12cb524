//! The language that somebody wants to be told in, read from a feeds.toml that may have mistakes: they are to be explained in that language.

use super::choices::{Choice as _, PageLanguage};

/// Returns what `language` of `[site]` says, as far as it can be told; `None` where it is not written, or is no language that griot has.
///
/// It is read line by line, since the text may be no TOML: an equals sign may be a colon, and quotation marks may be others or missing.
pub(super) fn written_language(text: &str) -> Option<PageLanguage> {
    let mut table = "";
    text.trim_start_matches('\u{feff}').lines().find_map(|line| {
        let line = line.trim();
        if let Some(head) = line.strip_prefix('[') {
            table = head.split(']').next().unwrap_or_default().trim();
            return None;
        }
        let (key, value) = line.split_once(['=', ':'])?;
        match (table, key.trim()) {
            ("site", "language") | ("", "site.language") => language(value),
            // `site = { title = "…", language = "fr" }`
            ("", "site") => {
                let (_, value) = value.split_once("language")?;
                language(value.trim_start().strip_prefix(['=', ':'])?)
            }
            _ => None,
        }
    })
}

/// Returns the language of the word that a value begins with.
fn language(value: &str) -> Option<PageLanguage> {
    let value = value.trim_start_matches(|c: char| !c.is_alphanumeric());
    let end = value.find(|c: char| !c.is_alphanumeric()).unwrap_or(value.len());
    let word = value[..end].to_ascii_lowercase();
    let found = PageLanguage::WORDS.iter().find(|(own, _)| *own == word);
    found.map(|(_, language)| *language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_found_in_broken_files() {
        for text in [
            "[site]\nlanguage = \"fr\"\n",
            "\u{feff}[site]\r\n  language = 'fr' # français\r\n",
            "[ site ]\nlanguage: fr\n",
            "[site]\ntitle = \"Bureau\nlanguage = «\u{a0}fr\u{a0}»\n",
            "[site\nlanguage=“fr”\n",
            "[[source]]\nlanguage = \"en\"\n[site]\nlanguage = \"FR\"\n",
            "site.language = \"fr\"\n",
            "site = { title = \"T\", language = \"fr\" }\n",
        ] {
            assert_eq!(written_language(text), Some(PageLanguage::Fr), "{text}");
        }
        for text in [
            "",
            "[site]\n# language = \"fr\"\n",
            "[site]\nlanguage = \"french\"\n",
            "[site]\nlanguage = \"\"\n",
            "[site]\nlanguages = \"fr\"\n",
            "[[source]]\nlanguage = \"fr\"\n",
            "language = \"fr\"\n",
        ] {
            assert_eq!(written_language(text), None, "{text}");
        }
    }
}
