//! Stemming of folded words by suffix lists, without a dictionary and without knowing the language.
//!
//! [`strip_inflection`] removes plurals; topic rules match by it. [`stem`] also removes derivational suffixes; texts are compared by it, so that
//! English and French words of one root (`military`, `militaire`) have one stem.

use std::borrow::Cow;

/// Returns the folded word without an English or French plural ending, or without the Arabic article and conjunctions prefixed to it.
#[must_use]
pub fn strip_inflection(folded: &str) -> Cow<'_, str> {
    if folded.is_ascii() {
        return singular(folded);
    }
    let bare = ["وبال", "وال", "بال", "فال", "كال", "ولل", "لل", "ال"]
        .iter()
        .filter_map(|prefix| folded.strip_prefix(prefix))
        .find(|rest| rest.chars().nth(2).is_some())
        .or_else(|| folded.strip_prefix('و').filter(|rest| rest.chars().nth(3).is_some()));
    Cow::Borrowed(bare.unwrap_or(folded))
}

/// Returns what a word in Arabic script may be: itself, and what remains without a conjunction (و ف), a preposition (ب ل ك) and the article that
/// are written as one with it; at least three letters remain. `لل…` is also read as the article. Of `ولموريتانيا`, `موريتانيا` is one. Each form once.
#[must_use]
pub fn arabic_forms(folded: &str) -> Vec<Cow<'_, str>> {
    fn without<'w>(word: &'w str, prefixes: &[char]) -> Option<&'w str> {
        word.strip_prefix(prefixes).filter(|rest| rest.chars().nth(2).is_some())
    }
    let mut forms: Vec<Cow<'_, str>> = Vec::with_capacity(4);
    let bare = without(folded, &['و', 'ف']);
    for word in [Some(folded), bare].into_iter().flatten() {
        forms.push(Cow::Borrowed(word));
        for rest in [Some(word), without(word, &['ب', 'ل', 'ك'])].into_iter().flatten() {
            forms.push(Cow::Borrowed(rest));
            forms.extend(
                rest.strip_prefix("ال")
                    .filter(|rest| rest.chars().nth(2).is_some())
                    .map(Cow::Borrowed),
            );
        }
        if let Some(rest) = word.strip_prefix("لل").filter(|rest| rest.chars().nth(1).is_some()) {
            forms.push(Cow::Borrowed(rest));
            forms.push(Cow::Owned(format!("ال{rest}")));
        }
    }
    forms.sort_unstable();
    forms.dedup();
    forms
}

fn singular(word: &str) -> Cow<'_, str> {
    let changed = |stem: &str, ending: &str| Cow::Owned(format!("{stem}{ending}"));
    // Every ending below ends in one of these letters.
    if word.len() < 4 || !word.ends_with(['x', 's', 'e', 'h']) {
        return Cow::Borrowed(word);
    }
    if let Some(rest) = word.strip_suffix("eaux") {
        return changed(rest, "eau");
    }
    if let Some(rest) = word.strip_suffix("aux").filter(|rest| rest.len() > 2) {
        return changed(rest, "al");
    }
    if word.ends_with("eux") || word.ends_with("oux") {
        return Cow::Borrowed(&word[..word.len() - 1]);
    }
    let base = if word.ends_with("ss") {
        word
    } else {
        word.strip_suffix('s').unwrap_or(word)
    };
    match base {
        // `armies` and `army`, `parties` and `partie`.
        _ if base.len() > 4 && base.ends_with("ie") => changed(&base[..base.len() - 2], "y"),
        // `clashes` and `clash`, `masses` and `mass` and `masse`, `taxes` and `tax`.
        _ if base.ends_with("she") || base.ends_with("sse") || base.ends_with("xe") => Cow::Borrowed(&base[..base.len() - 1]),
        // `branches` and `branch`, but also `marches` and `marche`.
        _ if base.ends_with("ch") => changed(base, "e"),
        _ => Cow::Borrowed(base),
    }
}

/// Suffixes of English and French.
const SUFFIXES: &[&str] = &[
    "issement", "ational", "ateur", "atrice", "ation", "ition", "ement", "ments", "ment", "ness", "ences", "ence", "ance", "ienne", "ien",
    "ian", "ial", "iel", "ielle", "ique", "ical", "isme", "ism", "iste", "ist", "aire", "ary", "euse", "eur", "ing", "edly", "ante", "ant",
    "ent", "ive", "if", "ale", "al", "elle", "el", "able", "ible", "ion", "ity", "ite", "ees", "ee", "ed", "er", "ir", "or", "ly", "es",
    "ic", "e", "y", "a", "o", "i",
];

/// Returns the stem of a folded word. Of a Latin word at least four letters remain; words in other scripts only lose their inflection.
#[must_use]
pub fn stem(folded: &str) -> Cow<'_, str> {
    let base = strip_inflection(folded);
    if !base.is_ascii() || base.len() < 5 {
        return base;
    }
    let last = base.bytes().last();
    let length = SUFFIXES
        .iter()
        .filter(|ending| ending.bytes().last() == last && base.ends_with(*ending))
        .map(|ending| base.len() - ending.len())
        .filter(|length| *length >= 4)
        .min();
    let Some(length) = length else { return base };
    match base {
        Cow::Borrowed(word) => Cow::Borrowed(&word[..length]),
        Cow::Owned(mut word) => {
            word.truncate(length);
            Cow::Owned(word)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_and_singulars_are_equal() {
        for (many, one) in [
            ("attaques", "attaque"),
            ("attacks", "attack"),
            ("armies", "army"),
            ("parties", "partie"),
            ("generaux", "general"),
            ("drapeaux", "drapeau"),
            ("jeux", "jeu"),
            ("clashes", "clash"),
            ("branches", "branch"),
            ("marches", "marche"),
            ("taxes", "tax"),
            ("putschs", "putsch"),
            ("والانتخابات", "انتخابات"),
            ("للنيجر", "النيجر"),
        ] {
            assert_eq!(strip_inflection(many), strip_inflection(one), "{many} {one}");
        }
    }

    #[test]
    fn arabic_words_are_found_without_what_is_written_as_one_with_them() {
        let holds = |word: &'static str, form: &str| arabic_forms(word).iter().any(|own| own == form);
        for (word, form) in [
            ("ولموريتانيا", "موريتانيا"),
            ("بمالي", "مالي"),
            ("بالنيجر", "النيجر"),
            ("للنيجر", "النيجر"),
            ("للنيجر", "نيجر"),
            ("والانتخابات", "انتخابات"),
            ("بوركينا", "بوركينا"),
            ("والي", "والي"),
        ] {
            assert!(holds(word, form), "{word} {form}");
        }
        assert_eq!(arabic_forms("بلد"), ["بلد"], "too short");
        assert_eq!(arabic_forms("تشاد"), ["تشاد"]);
    }

    #[test]
    fn different_words_stay_different() {
        for (one, other) in [
            ("coup", "coupe"),
            ("niger", "nigeria"),
            ("mali", "malien"),
            ("armee", "armes"),
            ("aes", "ae"),
            ("مالي", "الماليه"),
            ("press", "pres"),
        ] {
            assert_ne!(strip_inflection(one), strip_inflection(other), "{one} {other}");
        }
    }

    #[test]
    fn words_of_one_root_have_one_stem_across_languages() {
        for (english, french) in [
            ("military", "militaire"),
            ("presidential", "presidentielle"),
            ("cooperation", "cooperation"),
            ("elected", "electeur"),
        ] {
            assert_eq!(stem(english), stem(french), "{english} {french}");
        }
        assert_eq!(stem("2026"), "2026");
    }
}
