//! Stop words of French, English, Hausa and Arabic: frequent words that do not depend on the topic of a text.

use std::collections::HashSet;
use std::sync::LazyLock;

/// The length of the longest of them.
const MAX_BYTES: usize = 12;

/// Stop words of French; folded, sorted.
const FRENCH: &[&str] = &[
    "a",
    "ai",
    "ainsi",
    "alors",
    "apres",
    "au",
    "aucun",
    "aussi",
    "autre",
    "autres",
    "aux",
    "avant",
    "avec",
    "avoir",
    "c",
    "ce",
    "cela",
    "celle",
    "ces",
    "cet",
    "cette",
    "ceux",
    "chez",
    "comme",
    "contre",
    "d",
    "dans",
    "de",
    "depuis",
    "des",
    "deux",
    "dont",
    "du",
    "elle",
    "elles",
    "en",
    "encore",
    "entre",
    "est",
    "et",
    "etait",
    "ete",
    "etre",
    "eux",
    "fait",
    "il",
    "ils",
    "j",
    "je",
    "jusqu",
    "l",
    "la",
    "le",
    "les",
    "leur",
    "leurs",
    "lors",
    "lui",
    "m",
    "mais",
    "meme",
    "mes",
    "moins",
    "mon",
    "n",
    "ne",
    "nos",
    "notre",
    "nous",
    "on",
    "ont",
    "ou",
    "par",
    "pas",
    "pendant",
    "peu",
    "peut",
    "plus",
    "plusieurs",
    "pour",
    "qu",
    "que",
    "quelques",
    "qui",
    "s",
    "sa",
    "sans",
    "se",
    "selon",
    "sera",
    "ses",
    "si",
    "son",
    "sont",
    "sous",
    "sur",
    "t",
    "tous",
    "tout",
    "toute",
    "toutes",
    "tres",
    "un",
    "une",
    "vers",
    "vous",
    "y",
];

/// Stop words of English; folded, sorted.
const ENGLISH: &[&str] = &[
    "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "because", "been", "before", "but", "by", "can",
    "could", "did", "do", "during", "for", "from", "had", "has", "have", "he", "her", "his", "how", "i", "if", "in", "into", "is", "it",
    "its", "just", "last", "more", "most", "new", "no", "not", "now", "of", "on", "one", "only", "or", "other", "our", "out", "over", "s",
    "said", "say", "says", "she", "so", "some", "such", "t", "than", "that", "the", "their", "them", "then", "there", "these", "they",
    "this", "to", "two", "under", "up", "was", "we", "were", "what", "when", "where", "which", "while", "who", "will", "with", "would",
    "you", "your",
];

/// Stop words of Hausa; folded, sorted.
const HAUSA: &[&str] = &[
    "a", "aka", "akan", "ake", "an", "ba", "bayan", "ce", "cewa", "ci", "cikin", "da", "daga", "dai", "domin", "don", "duk", "fara", "ga",
    "haka", "har", "ina", "ita", "ke", "ko", "kuma", "mai", "masu", "mutane", "na", "ne", "ran", "sa", "shi", "shugaban", "suka", "sun",
    "ta", "tare", "wa", "wani", "wannan", "wata", "ya", "yadda", "yan", "yi", "yin", "za", "zai", "zuwa",
];

/// Stop words of Arabic; folded, sorted.
const ARABIC: &[&str] = &[
    "الا", "التي", "الذي", "الي", "ان", "او", "بعد", "بعض", "بين", "تم", "ثم", "حتي", "حول", "خلال", "ذلك", "ضد", "عبر", "علي", "عن", "عند",
    "غير", "في", "قال", "قبل", "قد", "كان", "كانت", "كل", "كما", "لا", "لم", "ما", "مع", "من", "منذ", "هذا", "هذه", "هو", "هي", "و", "وقال",
    "يوم",
];

/// Returns whether the folded word is a stop word of any of the languages.
#[must_use]
pub fn is_stop_word(folded: &str) -> bool {
    static ALL: LazyLock<HashSet<&str>> = LazyLock::new(|| [FRENCH, ENGLISH, HAUSA, ARABIC].concat().into_iter().collect());
    folded.len() <= MAX_BYTES && ALL.contains(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_none_is_too_long() {
        for list in [FRENCH, ENGLISH, HAUSA, ARABIC] {
            assert!(list.iter().all(|word| word.len() <= MAX_BYTES && is_stop_word(word)));
            for pair in list.windows(2) {
                assert!(pair[0] < pair[1], "{pair:?}");
            }
        }
    }
}
