//! Stems: what is left of a folded word without its endings. No dictionary, and no language need be known.
//!
//! [`strip_inflection`] takes plurals off and is made for matching what people wrote in a rule. [`stem`] cuts deeper and is made for comparing
//! texts, where English and French words of one root (`military`, `militaire`) should meet.

use std::borrow::Cow;

/// Returns the folded word without the plural of English and French, or without the article and conjunction that Arabic writes in one with it.
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

fn singular(word: &str) -> Cow<'_, str> {
    let changed = |stem: &str, ending: &str| Cow::Owned(format!("{stem}{ending}"));
    if word.len() < 4 || word.bytes().all(|byte| byte.is_ascii_digit()) {
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
    let one = if word.ends_with("ss") {
        word
    } else {
        word.strip_suffix('s').unwrap_or(word)
    };
    match one {
        // `armies` and `army`, `parties` and `partie`.
        _ if one.len() > 4 && one.ends_with("ie") => changed(&one[..one.len() - 2], "y"),
        // `clashes` and `clash`, `masses` and `mass` and `masse`, `taxes` and `tax`.
        _ if one.ends_with("she") || one.ends_with("sse") || one.ends_with("xe") => Cow::Borrowed(&one[..one.len() - 1]),
        // `branches` and `branch`, but also `marches` and `marche`.
        _ if one.ends_with("ch") => changed(one, "e"),
        _ => Cow::Borrowed(one),
    }
}

/// Endings of English and French, the longer before the shorter where one ends in the other.
const ENDINGS: &[&str] = &[
    "issement", "ational", "ateur", "atrice", "ation", "ition", "ement", "ments", "ment", "ness", "ences", "ence", "ance", "ienne", "ien",
    "ian", "ial", "iel", "ielle", "ique", "ical", "isme", "ism", "iste", "ist", "aire", "ary", "euse", "eur", "ing", "edly", "ante", "ant",
    "ent", "ive", "if", "ale", "al", "elle", "el", "able", "ible", "ion", "ity", "ite", "ees", "ee", "ed", "er", "ir", "or", "ly", "es",
    "ic", "e", "y", "a", "o", "i",
];

/// Returns the folded word without its endings; at least four letters of a Latin word stay.
#[must_use]
pub fn stem(folded: &str) -> Cow<'_, str> {
    let one = strip_inflection(folded);
    if !one.is_ascii() || one.len() < 5 {
        return one;
    }
    let cut = ENDINGS
        .iter()
        .filter(|ending| one.ends_with(*ending))
        .map(|ending| one.len() - ending.len())
        .filter(|left| *left >= 4)
        .min();
    let Some(left) = cut else { return one };
    match one {
        Cow::Borrowed(word) => Cow::Borrowed(&word[..left]),
        Cow::Owned(mut word) => {
            word.truncate(left);
            Cow::Owned(word)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_meet_their_singular() {
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
    fn different_words_stay_apart() {
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
    fn words_of_one_root_meet_across_languages() {
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
