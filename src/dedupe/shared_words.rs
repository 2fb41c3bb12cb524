//! The words of a text that stand for terms: what is shown of why an entry joined its story.

use super::fingerprint::EntryText;
use super::lexicon::{body, concept};
use super::story_features::term_hash;
use crate::model::{NameKind, NamedSpan};
use crate::text::stem::stem;
use crate::text::word_list::{Word, cased_words};
use std::collections::BTreeMap;

/// Returns for each of `hashes`, in their order, the first words of a text that stand for that term, folded; terms without one are left out. `names` are
/// its names of the gazetteer.
#[must_use]
pub fn words_of_terms(text: &EntryText<'_>, names: &[NamedSpan], hashes: &[u32]) -> Vec<String> {
    let mut found: BTreeMap<u32, String> = BTreeMap::new();
    for (part, in_title) in [(text.title, true), (text.text, false)] {
        let words: Vec<Word<'_>> = cased_words(part).flatten().collect();
        for span in names
            .iter()
            .filter(|span| span.in_title == in_title && span.kind == NameKind::Country)
        {
            let codes: Vec<String> = span.countries.iter().map(ToString::to_string).collect();
            let spelled = words.get(span.start..span.start + span.word_count).unwrap_or_default();
            let spelled: Vec<&str> = spelled.iter().map(|word| word.text).collect();
            found.entry(term_hash("c", &codes.join(","))).or_insert_with(|| spelled.join(" "));
        }
        for (at, word) in words.iter().enumerate() {
            if let Some((id, length)) = body(&words[at..], false) {
                let spelled: Vec<&str> = words[at..].iter().take(length).map(|word| word.text).collect();
                found.entry(term_hash("n", id)).or_insert_with(|| spelled.join(" "));
            }
            let meaning = concept(word.text).map(|meaning| term_hash("x", meaning));
            let own = [("n", word.text), ("#", word.text)].map(|(kind, value)| term_hash(kind, value));
            for hash in own.into_iter().chain(meaning).chain([term_hash("", &stem(word.text))]) {
                found.entry(hash).or_insert_with(|| word.text.to_owned());
            }
        }
    }
    let mut words: Vec<String> = Vec::with_capacity(hashes.len());
    for word in hashes.iter().filter_map(|hash| found.remove(hash)) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::word_list::encode;

    #[test]
    fn terms_are_told_by_the_words_that_stand_for_them() {
        let (title, body) = (
            encode(&[&["Gao : 12 soldats libérés"]]),
            encode(&[&["Les soldats de Gao, selon le HCR."]]),
        );
        let text = EntryText {
            title: &title,
            text: &body,
            language: Some("fr"),
        };
        let hashes = [
            term_hash("#", "12"),
            term_hash("n", "gao"),
            term_hash("n", "tombouctou"),
            term_hash("", &stem("liberes")),
        ];
        assert_eq!(words_of_terms(&text, &[], &hashes), ["12", "gao", "liberes"]);
    }
}
