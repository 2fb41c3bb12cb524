//! The fingerprint of an entry's texts: all that dedupe compares. It is stored with the entry in the encoding of `encoding.rs`.

use super::boilerplate::OutletMemory;
use super::copy_text::CopyText;
use super::story_features::{StoryFeatures, StoryText};
use crate::model::NamedSpan;
use crate::text::word_list::{self, Word, cased_words};

/// The texts of an entry of which a fingerprint is made.
#[derive(Debug, Clone, Copy)]
pub struct EntryText<'a> {
    /// The headline without what the site appends, as `word_list::encode` writes a part.
    pub title: &'a str,
    /// The text, as `word_list::encode` writes a part.
    pub text: &'a str,
    /// The primary subtag of its language.
    pub language: Option<&'a str>,
}

impl<'a> EntryText<'a> {
    /// Returns the words of the headline, and those of the text.
    #[must_use]
    pub fn words(&self) -> [Vec<Word<'a>>; 2] {
        [self.title, self.text].map(|part| cased_words(part).flatten().collect())
    }

    /// Returns the beginning of the text in which names of the gazetteer are of use: what lies behind it is not read.
    #[must_use]
    pub fn beginning(&self) -> &'a str {
        word_list::first_words(self.text, MAX_NAMED_WORDS)
    }
}

/// The number of words of a text in which names are looked for: more than are read, since what an outlet repeats is left out.
const MAX_NAMED_WORDS: usize = 300;

/// What is compared of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fingerprint {
    /// What stories are found by.
    pub(super) story: StoryFeatures,
    /// What copies are found by.
    pub(super) copy: CopyText,
}

impl Fingerprint {
    /// Makes the fingerprint of an entry; `words` are those of `text`, `names` its names of the gazetteer, and `memory` tells what its outlet repeats.
    #[must_use]
    pub fn new(text: &EntryText<'_>, words: &[Vec<Word<'_>>; 2], names: &[NamedSpan], memory: &OutletMemory) -> Self {
        let [of_title, of_text] = [memory.boilerplate(&words[0]), memory.boilerplate(&words[1])];
        Self {
            story: StoryFeatures::new(&StoryText {
                title: &words[0],
                text: &words[1],
                is_boilerplate: [&of_title, &of_text],
                names,
                language: text.language,
            }),
            copy: CopyText::new([&words[0], &words[1]], [&of_title, &of_text]),
        }
    }

    /// Makes what copies are found by alone, which a settled entry without its page is compared by.
    #[must_use]
    pub fn of_copy(words: &[Vec<Word<'_>>; 2], memory: &OutletMemory) -> Self {
        Self {
            story: StoryFeatures::default(),
            copy: CopyText::new(
                [&words[0], &words[1]],
                [&memory.boilerplate(&words[0]), &memory.boilerplate(&words[1])],
            ),
        }
    }

    /// Returns the terms by whose number of entries fingerprints are compared.
    pub fn counted_terms(&self) -> impl Iterator<Item = u32> {
        self.story.counted_terms()
    }
}
