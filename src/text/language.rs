//! Language: a guess by script and by the small words of a text. Thin: it tells Arabic, French, English and Hausa apart, and says nothing when unsure.

use super::token::tokens;

/// Small words of French; folded, sorted.
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

/// Small words of English; folded, sorted.
const ENGLISH: &[&str] = &[
    "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "because", "been", "before", "but", "by", "can",
    "could", "did", "do", "during", "for", "from", "had", "has", "have", "he", "her", "his", "how", "i", "if", "in", "into", "is", "it",
    "its", "just", "last", "more", "most", "new", "no", "not", "now", "of", "on", "one", "only", "or", "other", "our", "out", "over", "s",
    "said", "say", "says", "she", "so", "some", "such", "t", "than", "that", "the", "their", "them", "then", "there", "these", "they",
    "this", "to", "two", "under", "up", "was", "we", "were", "what", "when", "where", "which", "while", "who", "will", "with", "would",
    "you", "your",
];

/// Small words of Hausa; folded, sorted.
const HAUSA: &[&str] = &[
    "a", "aka", "akan", "ake", "an", "ba", "bayan", "ce", "cewa", "ci", "cikin", "da", "daga", "dai", "domin", "don", "duk", "fara", "ga",
    "haka", "har", "ina", "ita", "ke", "ko", "kuma", "mai", "masu", "mutane", "na", "ne", "ran", "sa", "shi", "shugaban", "suka", "sun",
    "ta", "tare", "wa", "wani", "wannan", "wata", "ya", "yadda", "yan", "yi", "yin", "za", "zai", "zuwa",
];

/// Small words of Arabic; folded, sorted.
const ARABIC: &[&str] = &[
    "الا", "التي", "الذي", "الي", "ان", "او", "بعد", "بعض", "بين", "تم", "ثم", "حتي", "حول", "خلال", "ذلك", "ضد", "عبر", "علي", "عن", "عند",
    "غير", "في", "قال", "قبل", "قد", "كان", "كانت", "كل", "كما", "لا", "لم", "ما", "مع", "من", "منذ", "هذا", "هذه", "هو", "هي", "و", "وقال",
    "يوم",
];

/// Returns whether the folded word is one of the small words that say nothing of what a text is about, in any language we know.
#[must_use]
pub fn is_stop_word(folded: &str) -> bool {
    [FRENCH, ENGLISH, HAUSA, ARABIC]
        .iter()
        .any(|list| list.binary_search(&folded).is_ok())
}

/// Returns the BCP 47 tag of the language `text` is most likely in: `ar`, `fr`, `en` or `ha`; nothing when unsure.
#[must_use]
pub fn guess(text: &str) -> Option<&'static str> {
    // A few hundred words say as much as the whole.
    const WORDS: usize = 400;
    let (mut words, mut arabic) = (0_u32, 0_u32);
    let mut hits = [("fr", 0_u32), ("en", 0), ("ha", 0)];
    for token in tokens(text).take(WORDS) {
        words += 1;
        arabic += u32::from(token.folded.chars().all(|letter| ('\u{600}'..='\u{6FF}').contains(&letter)));
        for ((_, count), list) in hits.iter_mut().zip([FRENCH, ENGLISH, HAUSA]) {
            *count += u32::from(list.binary_search(&token.folded.as_ref()).is_ok());
        }
    }
    if arabic * 2 > words {
        // Persian and Urdu share the script; their letters پ چ ژ گ ٹ ڈ ں ے are not Arabic.
        let foreign = text.chars().any(|letter| "پچژگٹڈںےڑ".contains(letter));
        return (!foreign).then_some("ar");
    }
    hits.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let [(best, most), (_, second), _] = hits;
    // Small words are a third of running text; a lone one in a headline may be a word of any language.
    (most >= 2 && most > second && most * 8 >= words).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted() {
        for list in [FRENCH, ENGLISH, HAUSA, ARABIC] {
            for pair in list.windows(2) {
                assert!(pair[0] < pair[1], "{pair:?}");
            }
        }
    }

    #[test]
    fn languages_of_the_region_are_told_apart() {
        for (text, tag) in [
            ("Le gouvernement de la transition a annoncé la tenue des élections", Some("fr")),
            ("The army said on Monday that the soldiers were released", Some("en")),
            ("Shugaban kasar ya ce za a yi zabe a cikin wannan shekara", Some("ha")),
            ("أعلن الرئيس في خطاب له عن حل الحكومة", Some("ar")),
            ("Bamako", None),
            ("", None),
            ("Правительство объявило о новых выборах", None),
        ] {
            assert_eq!(guess(text), tag, "{text}");
        }
    }
}
