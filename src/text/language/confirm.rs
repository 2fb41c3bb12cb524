//! Confirms a stated language by its most frequent words: much cheaper than detection, and right for nearly every text of a feed.

/// Frequent words of French that the other languages of the model do not have; lower case, sorted.
const FRENCH: &[&str] = &[
    "au", "aux", "avec", "cette", "dans", "des", "du", "est", "et", "les", "leur", "ont", "par", "pas", "pour", "qui", "sont", "sur",
    "une", "été",
];
/// Frequent words of English that the other languages of the model do not have, Nigerian Pidgin excepted; lower case, sorted.
const ENGLISH: &[&str] = &[
    "and", "are", "by", "for", "from", "has", "have", "his", "of", "on", "said", "that", "the", "this", "was", "were", "which", "with",
];
/// Only this many words at the start of a text are read.
const MAX_WORDS: usize = 100;
/// The least number of words of a text that are frequent words of its language ...
const MIN_FREQUENT_WORDS: usize = 4;
/// ... and one in so many of its words at least.
const WORDS_PER_FREQUENT_WORD: usize = 9;
/// Of the other language's words there is at most one for so many.
const FREQUENT_WORDS_PER_OTHER: usize = 6;
/// The longest of the words, in bytes.
const MAX_WORD_BYTES: usize = 6;

/// Returns whether the text is certainly in the language with this primary tag. `false` says nothing about it.
pub(super) fn is_confirmed(primary: &str, text: &str) -> bool {
    let (own, other) = match primary {
        "fr" => (FRENCH, ENGLISH),
        "en" => (ENGLISH, FRENCH),
        _ => return false,
    };
    let (mut words, mut frequent, mut others) = (0, 0, 0);
    for word in text
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .take(MAX_WORDS)
    {
        words += 1;
        if word.len() <= MAX_WORD_BYTES {
            let word = word.to_lowercase();
            let has = |list: &[&str]| usize::from(list.binary_search(&word.as_str()).is_ok());
            frequent += has(own);
            others += has(other);
        }
    }
    frequent >= MIN_FREQUENT_WORDS && frequent * WORDS_PER_FREQUENT_WORD >= words && others * FREQUENT_WORDS_PER_OTHER <= frequent
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_apart_and_none_is_too_long() {
        for list in [FRENCH, ENGLISH] {
            assert!(list.is_sorted() && list.iter().all(|word| word.len() <= MAX_WORD_BYTES));
        }
        assert!(FRENCH.iter().all(|word| !ENGLISH.contains(word)));
    }

    #[test]
    fn a_text_confirms_its_own_language_only() {
        let french = "Les forces armées ont annoncé dans la nuit que des combats sont en cours sur la route qui mène à Gao, avec des pertes \
                      pour les deux camps.";
        let english = "The armed forces said that fighting was under way on the road from Gao, and that both sides have lost men in the \
                       battle for the bridge.";
        assert!(is_confirmed("fr", french) && is_confirmed("en", english));
        assert!(!is_confirmed("en", french) && !is_confirmed("fr", english));
        assert!(!is_confirmed("ha", french), "only these two are told");
        assert!(!is_confirmed("fr", "Des combats dans la ville"), "too short");
        let both = format!("{french} {english}");
        assert!(!is_confirmed("fr", &both) && !is_confirmed("en", &both));
    }
}
