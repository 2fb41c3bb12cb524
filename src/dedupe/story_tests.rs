//! What stories compare of an entry: what is told from a text.

use super::story_features::{StoryFeatures, StoryText, term_hash};
use super::story_pair::are_of_series;
use crate::model::{Country, NameKind, NamedSpan};
use crate::text::word_list::{Word, cased_words, encode};

fn span(in_title: bool, start: usize, kind: NameKind, country: [u8; 2]) -> NamedSpan {
    NamedSpan {
        in_title,
        start,
        word_count: 1,
        kind,
        countries: vec![Country::of(country)],
    }
}

fn features_in(language: &str, title: &str, text: &str, names: &[NamedSpan]) -> StoryFeatures {
    let (title, text) = (encode(&[&[title]]), encode(&[&[text]]));
    let (title, text): (Vec<Word<'_>>, Vec<Word<'_>>) = (cased_words(&title).flatten().collect(), cased_words(&text).flatten().collect());
    StoryFeatures::new(&StoryText {
        title: &title,
        text: &text,
        is_boilerplate: [&vec![false; title.len()], &vec![false; text.len()]],
        names,
        language: Some(language),
    })
}

fn features(title: &str, text: &str) -> StoryFeatures {
    features_in("fr", title, text, &[])
}

fn has_name(features: &StoryFeatures, name: &str) -> bool {
    let hash = term_hash("n", name);
    features.terms.iter().any(|term| term.hash == hash && term.is_name)
}

#[test]
fn names_are_written_with_a_capital_where_no_sentence_begins() {
    let told = features(
        "Le maire Koné inaugure un pont",
        "Hier matin, le maire de Ségou parlait. Demain il part. Selon lui, la ville attend.",
    );
    assert!(has_name(&told, "kone") && has_name(&told, "segou"));
    for word in ["le", "hier", "demain", "selon", "maire"] {
        assert!(!has_name(&told, word), "{word}");
    }
    let shown = features("Le Maire Inaugure Un Grand Pont Neuf", "Il est beau.");
    assert!(
        !has_name(&shown, "maire") && !has_name(&shown, "pont"),
        "a headline in title case shows none"
    );
    let both = features("Il voit Aube", "La rive aube est belle, dit Aube.");
    assert!(!has_name(&both, "aube"), "a word that is written small as well");
}

#[test]
fn names_of_the_gazetteer_are_countries_places_and_names() {
    let names = [
        span(true, 0, NameKind::Country, *b"ML"),
        span(true, 3, NameKind::Place { is_weak: false }, *b"ML"),
        span(false, 1, NameKind::Place { is_weak: true }, *b"NE"),
        span(false, 3, NameKind::Capital, *b"NE"),
    ];
    let told = features_in("fr", "Mali : crue à Gao", "À Say et Niamey aussi", &names);
    assert_eq!(told.title_countries, [Country::of(*b"ML")]);
    assert_eq!(told.countries, [Country::of(*b"ML"), Country::of(*b"NE")]);
    assert_eq!((told.places.len(), told.title_places.len()), (1, 1), "a weak place is no evidence");
    assert!(has_name(&told, "gao") && has_name(&told, "niamey") && !has_name(&told, "mali"));
    assert!(told.terms.iter().any(|term| term.hash == term_hash("c", "ML") && term.in_title));
}

#[test]
fn numbers_are_joined_and_days_and_years_are_none() {
    let told = features(
        "Crue : 1 617 sinistrés",
        "Le 28 juillet 2026, 12 maisons et 1,500 arbres. Le 1er août aussi, et 3 puits.",
    );
    let number = |value: &str| told.numbers.iter().find(|number| number.hash == term_hash("#", value));
    assert!(number("1617").is_some_and(|number| number.in_title && !number.is_small));
    assert!(number("12").is_some_and(|number| !number.in_title));
    assert!(number("1500").is_some() && number("3").is_some_and(|number| number.is_small));
    assert_eq!(told.numbers.len(), 4, "neither 28 nor 2026 nor 1");
    assert_eq!(told.days, [7 * 32 + 28, 8 * 32 + 1]);
    assert!(told.title_days.is_empty());
    let counted = features("Titre", "The wells: 12 out of 20 work, since 4 Agusta.");
    assert_eq!(
        (counted.numbers.len(), counted.days.as_slice()),
        (2, [8 * 32 + 4].as_slice()),
        "`out` is no October"
    );
}

#[test]
fn words_of_one_meaning_are_one_term_across_languages() {
    let (french, english) = (features("Attaque à Tera", ""), features_in("en", "Attack on Tera", "", &[]));
    let shared = french
        .terms
        .iter()
        .filter(|term| english.terms.iter().any(|other| other.hash == term.hash));
    assert_eq!(shared.count(), 2);
}

#[test]
fn what_the_outlet_repeats_is_left_out() {
    let title = encode(&[&["Crue"]]);
    let text = encode(&[&["La crue monte. Suivez notre chaîne Zarma"]]);
    let (title, text): (Vec<Word<'_>>, Vec<Word<'_>>) = (cased_words(&title).flatten().collect(), cased_words(&text).flatten().collect());
    let told = StoryFeatures::new(&StoryText {
        title: &title,
        text: &text,
        is_boilerplate: [&[false], &[false, false, false, true, true, true, true]],
        names: &[],
        language: Some("fr"),
    });
    assert!(!has_name(&told, "zarma") && told.terms.len() == 2, "{:?}", told.terms);
}

#[test]
fn only_the_beginning_of_a_text_is_read() {
    let filler = "mot ".repeat(149);
    let inside = features("Un titre", &format!("{filler}zarbaz"));
    let outside = features("Un titre", &format!("{filler}mot zarbaz"));
    let has = |told: &StoryFeatures| told.terms.iter().any(|term| term.hash == term_hash("", "zarbaz"));
    assert_eq!((has(&inside), has(&outside)), (true, false));
}

#[test]
fn entries_of_a_series_are_told_by_their_headlines() {
    let series = |one: &str, other: &str| are_of_series(&features(one, ""), &features(other, ""), true);
    assert!(series("Journal du 12 mai de 7 heures", "Journal du 13 mai de 7 heures"));
    assert!(series("Flash info numéro 12", "Flash info numéro 12"), "equal ones of a series");
    assert!(!series("La crue monte", "La crue monte"));
    assert!(series("Bulletin 12 : pluies", "Bulletin 13 : sable"));
    assert!(!series("Le pont de la rive ouvre", "Le marché de la ville brûle"));
}
