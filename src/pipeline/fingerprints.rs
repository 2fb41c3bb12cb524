//! The fingerprints of entries: what dedupe compares, made of the words that were stored where a document or a page was parsed.

use crate::curate::named_spans;
use crate::dedupe::{EntryText, Fingerprint, OutletMemory, words_of_terms};
use crate::model::Timestamp;
use crate::text::word_list::Word;

/// Makes the fingerprints of entries of one outlet, each with its date. All of them teach what the outlet repeats before any is compared.
#[must_use]
pub fn fingerprints(texts: &[(EntryText<'_>, Timestamp)], memory: &mut OutletMemory) -> Vec<Fingerprint> {
    let words: Vec<_> = texts.iter().map(|(text, _)| text.words()).collect();
    for ([title, body], (_, date)) in words.iter().zip(texts) {
        memory.teach(title, body, *date);
    }
    words
        .iter()
        .zip(texts)
        .map(|(words, (text, _))| fingerprint(text, words, memory))
        .collect()
}

/// Makes the fingerprint of an entry that teaches nothing.
#[must_use]
pub fn fingerprint(text: &EntryText<'_>, words: &[Vec<Word<'_>>; 2], memory: &OutletMemory) -> Fingerprint {
    let names = named_spans(text.title, text.beginning(), text.language);
    Fingerprint::new(text, words, &names, memory)
}

/// Returns the words of a text that stand for the terms with these hashes, in their order; folded.
#[must_use]
pub fn words_with(text: &EntryText<'_>, hashes: &[u32]) -> Vec<String> {
    if hashes.is_empty() {
        return Vec::new();
    }
    words_of_terms(text, &named_spans(text.title, text.beginning(), text.language), hashes)
}
