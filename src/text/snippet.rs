//! The passage of a text that shows the words which were searched for.

use std::collections::BTreeSet;
use std::ops::Range;

/// A passage of a text on one line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snippet {
    /// The passage; `…` stands for what is left out.
    pub text: String,
    /// The byte ranges of the words in it.
    pub marks: Vec<Range<usize>>,
}

/// How many characters stand before the first word of a passage at most.
const MAX_CHARS_BEFORE: usize = 60;

/// Returns the passage of at most about `max_chars` characters that shows most of the words at `spans`, which are byte ranges of `text` in order; the first
/// of equal ones, and the beginning of the text without any word. White space is one blank.
#[must_use]
pub fn snippet(text: &str, spans: &[Range<usize>], max_chars: usize) -> Snippet {
    let mut best = ((0, 0), 0);
    let mut first = 0;
    for (last, span) in spans.iter().enumerate() {
        while first < last && spans[first].start + max_chars.saturating_sub(MAX_CHARS_BEFORE) < span.end {
            first += 1;
        }
        let weight = weight(text, &spans[first..=last]);
        if weight > best.0 {
            best = (weight, first);
        }
    }
    let anchor = spans.get(best.1).map_or(0, |span| span.start);
    let start = begin_before(text, anchor);
    let end = end_behind(text, start, max_chars);
    let mut passage = Passage::default();
    if text.get(..start).is_some_and(|before| !before.trim().is_empty()) {
        passage.out.text.push('…');
    }
    let mut at = start;
    for span in spans.iter().filter(|span| span.start >= start && span.end <= end) {
        if span.start < at {
            continue;
        }
        passage.push(text.get(at..span.start).unwrap_or_default());
        let from = passage.out.text.len();
        passage.push(text.get(span.clone()).unwrap_or_default());
        let marked = passage.out.text.get(from..).unwrap_or_default();
        let from = from + marked.len() - marked.trim_start().len();
        let to = passage.out.text.len();
        passage.out.marks.push(from..to);
        at = span.end;
    }
    passage.push(text.get(at..end).unwrap_or_default());
    if text.get(end..).is_some_and(|behind| !behind.trim().is_empty()) {
        passage.out.text.push('…');
    }
    passage.out
}

/// Returns how much spans show of what was searched for: the bytes of what stands in them, each text once, then their number.
fn weight(text: &str, spans: &[Range<usize>]) -> (usize, usize) {
    let texts: BTreeSet<String> = spans
        .iter()
        .filter_map(|span| text.get(span.clone()))
        .map(str::to_lowercase)
        .collect();
    (texts.iter().map(String::len).sum(), spans.len())
}

/// Returns where a passage with the word at `anchor` begins: with a word, a few before it.
fn begin_before(text: &str, anchor: usize) -> usize {
    let before = text.get(..anchor).unwrap_or_default();
    let Some((mut start, _)) = before.char_indices().rev().nth(MAX_CHARS_BEFORE) else {
        return 0;
    };
    // Not within a word.
    let rest = text.get(start..anchor).unwrap_or_default();
    start += rest.find(char::is_whitespace).unwrap_or(rest.len());
    start
}

fn end_behind(text: &str, start: usize, max_chars: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let Some((end, _)) = rest.char_indices().nth(max_chars) else {
        return text.len();
    };
    let passage = rest.get(..end).unwrap_or_default();
    start + passage.rfind(char::is_whitespace).filter(|cut| *cut > end / 2).unwrap_or(end)
}

/// A passage that is being written.
#[derive(Default)]
struct Passage {
    out: Snippet,
    has_blank: bool,
}

impl Passage {
    /// Adds a part of the text, its white space as one blank.
    fn push(&mut self, part: &str) {
        for letter in part.chars() {
            if letter.is_whitespace() {
                self.has_blank = true;
                continue;
            }
            if std::mem::take(&mut self.has_blank) && !self.out.text.is_empty() && self.out.text != "…" {
                self.out.text.push(' ');
            }
            self.out.text.push(letter);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spans(text: &str, word: &str) -> Vec<Range<usize>> {
        text.match_indices(word).map(|(at, word)| at..at + word.len()).collect()
    }

    fn marked(snippet: &Snippet) -> String {
        let mut out = snippet.text.clone();
        for mark in snippet.marks.iter().rev() {
            out.insert(mark.end, ']');
            out.insert(mark.start, '[');
        }
        out
    }

    #[test]
    fn the_passage_with_most_words_is_shown() {
        let text = "Une attaque.\n\n".to_owned()
            + &"Il ne s'est rien passé d'autre ce jour-là. ".repeat(9)
            + "Une attaque suit l'attaque de la veille.";
        let shown = snippet(&text, &spans(&text, "attaque"), 120);
        assert_eq!(
            marked(&shown),
            "…ce jour-là. Il ne s'est rien passé d'autre ce jour-là. Une [attaque] suit l'[attaque] de la veille."
        );
        let two = format!("une attaque, {}une attaque de Djibo", "et rien d'autre ".repeat(20));
        let mut both = spans(&two, "attaque");
        both.extend(spans(&two, "Djibo"));
        assert!(marked(&snippet(&two, &both, 90)).ends_with("une [attaque] de [Djibo]"));
        let other = format!(
            "une attaque, attaque, attaque, {}une attaque de Djibo",
            "et rien d'autre ".repeat(20)
        );
        let mut both = spans(&other, "attaque");
        both.extend(spans(&other, "Djibo"));
        assert!(
            marked(&snippet(&other, &both, 90)).ends_with("une [attaque] de [Djibo]"),
            "another word counts more than the same"
        );
        assert_eq!(
            marked(&snippet(&text, &spans(&text, "attaque")[..1], 40)),
            "Une [attaque]. Il ne s'est rien passé…"
        );
        assert_eq!(marked(&snippet(&text, &[], 30)), "Une attaque. Il ne s'est…");
        assert_eq!(snippet("", &[], 30), Snippet::default());
    }

    proptest! {
        #[test]
        fn marks_are_the_words_and_the_passage_is_bounded(text in "([a-zé]{1,9}[ \n]{1,2}){0,60}", word in "[a-zé]{1,2}", max in 1_usize..90) {
            let shown = snippet(&text, &spans(&text, &word), max);
            for mark in &shown.marks {
                prop_assert_eq!(shown.text.get(mark.clone()), Some(word.as_str()));
            }
            prop_assert!(shown.text.chars().count() <= max + 2);
        }
    }
}
