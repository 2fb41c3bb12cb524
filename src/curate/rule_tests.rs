//! The borders of the query language, what reasons quote, and what a rule's digest follows.

use super::lexer::{SpannedToken, Token};
use super::tests::{Compiled, compiled, compiled_rule, evaluated, is_match, placed, problems, query, source};
use super::value::date_range;
use super::*;
use crate::config::{Concept, Rule};
use crate::model::{Digest128, Reason, Timestamp};
use std::collections::BTreeMap;

fn words(words: &[&str]) -> Vec<crate::config::Placed> {
    words.iter().map(|word| placed(word)).collect()
}

fn score(text: &str, title: &str, body: &str) -> f64 {
    evaluated(&compiled(text), title, body).map_or(f64::NAN, |verdict| verdict.score)
}

#[track_caller]
fn assert_near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

#[test]
fn a_query_may_be_long_but_not_deep() {
    let long = "mot ".repeat(5_000);
    assert_eq!(long.len(), 20_000);
    assert!(is_match(&long, "Un mot"), "many parts beside each other are not in each other");
    assert!(problems(&format!("{long} "))[0].message.contains("longer than 20000 bytes"));
    let nested = |depth: usize| format!("{}mot{}", "(".repeat(depth), ")".repeat(depth));
    assert!(is_match(&nested(49), "Un mot"));
    assert!(problems(&nested(50))[0].message.contains("stand in each other"));
}

#[test]
fn boosts_multiply_and_change_no_verdict() {
    assert_near(score("(alpha^2 beta)^3", "alpha beta", ""), 1.5 * 2.0 * 3.0 + 1.5 * 3.0);
    assert_near(score("alpha (beta OR gamma)^2", "alpha gamma", ""), 1.5 + 1.5 * 2.0);
    assert_near(score("alpha (-beta)^4", "alpha", ""), 1.5);
    // What an alternative found before it failed does not count.
    assert_near(score("(alpha beta) OR gamma", "alpha gamma", ""), 1.5);
    assert_near(score("alpha alpha", "alpha", ""), 1.5);
}

#[test]
fn words_are_near_up_to_the_distance_and_only_in_one_field() {
    let is_found = |text: &str, title: &str, body: &str| evaluated(&compiled(text), title, body).is_some();
    for (text, holds) in [
        ("alpha NEAR/2 beta", true),
        ("alpha NEAR/1 beta", false),
        ("beta NEAR/2 alpha", true),
        ("SAME(alpha beta)", true),
    ] {
        assert_eq!(is_found(text, "alpha un deux beta", ""), holds, "{text}");
        assert!(!is_found(text, "alpha", "beta"), "{text}");
        assert!(!is_found(text, "alpha", ""), "{text}");
    }
    // Without a number, ten words.
    let apart = |count: usize| format!("alpha {}beta", "mot ".repeat(count));
    assert!(is_found("alpha NEAR beta", &apart(10), "") && !is_found("alpha NEAR beta", &apart(11), ""));
    // Of a chain each part stands near the one before it.
    assert!(is_found("alpha NEAR/1 beta NEAR/1 gamma", "alpha x beta x gamma", ""));
    assert!(!is_found("alpha NEAR/1 beta NEAR/1 gamma", "gamma x alpha x beta", ""));
    assert!(!is_found("alpha NEAR/0 beta NEAR/3 gamma", "alpha x beta gamma", ""));
    assert!(is_found("alpha NEAR/0 beta NEAR/3 gamma", "alpha beta x gamma", ""));
    // A word is not near itself, and parts of one phrase are not near each other.
    assert!(!is_found("\"alpha beta\" NEAR/3 beta", "alpha beta", ""));
    let sentences = "Alpha parle. Beta répond. Alpha et beta se taisent.";
    let verdict = evaluated(&compiled("SAME(alpha beta)"), sentences, "").expect("the third sentence");
    assert_eq!(
        (verdict.reasons[0].words.as_str(), verdict.reasons[0].positions.as_slice()),
        ("Alpha, beta", &[4, 6][..])
    );
    for text in [
        "(alpha OR kind:private) NEAR/2 beta",
        "NEAR/2(alpha -beta)",
        "SAME(alpha (beta gamma))",
    ] {
        assert!(problems(text)[0].message.starts_with("this joins words"), "{text}");
    }
}

#[test]
fn terms_with_a_hyphen_are_phrases() {
    let any = |term: &str, title: &str| {
        let rule = Rule {
            any: words(&[term]),
            ..Rule::default()
        };
        let rule = compiled_rule(&rule, &BTreeMap::new()).unwrap_or_else(|problems| panic!("{term}: {problems:?}"));
        evaluated(&rule, title, "").is_some()
    };
    assert!(any("Bobo-Dioulasso", "À Bobo-Dioulasso"));
    assert!(any("bobo -dioulasso", "À Bobo Dioulasso") && !any("bobo -dioulasso", "À Bobo"));
    assert!(any("=\"Bobo\"", "À Bobo") && !any("=\"Bobo\"", "Le bobo"));
    assert!(any("mines d'or", "La mine d'or") && any("min*", "Les mineurs"));
    assert!(any("@mali -pluie", "Au Mali") && !any("@mali -pluie", "Pluie au Mali") && !any("@mali vote", "Au Mali"));
    // A comma makes alternatives behind a field only.
    assert!(is_match("alpha,beta", "alpha beta") && !is_match("alpha,beta", "beta") && is_match("title:alpha,beta", "beta"));
}

#[test]
fn a_concept_of_countries_in_one_field_asks_for_its_places_there() {
    for (text, title, body, holds) in [
        ("title:@mali", "Le Mali vote", "", true),
        ("title:@mali", "Le vote", "Au Mali, on vote.", false),
        ("text:@mali", "Le vote", "Au Mali, on vote.", true),
        ("text:@mali", "Le Mali vote", "Rien.", false),
        ("text:(about:@mali)", "Le Mali vote", "", true),
    ] {
        assert_eq!(evaluated(&compiled(text), title, body).is_some(), holds, "{text}: {title}");
    }
    // The score of the concept is 1 where it is met so.
    assert_near(score("@mali", "Le Mali vote", ""), 1.0);
}

#[test]
fn evidence_for_a_weak_word_is_another_word_of_the_concept_within_forty_words() {
    let concept = Concept {
        any: words(&["mine"]),
        weak: words(&["site"]),
        evidence: words(&["gravier"]),
        mask: words(&["site internet"]),
        ..Concept::default()
    };
    let rule = compiled_rule(&query("@or"), &BTreeMap::from([("or".to_owned(), concept)])).expect("it compiles");
    let is_found = |title: &str| evaluated(&rule, title, "").is_some();
    let apart = |count: usize| format!("site {}gravier", "mot ".repeat(count));
    assert!(is_found(&apart(40)) && !is_found(&apart(41)));
    assert!(is_found("mine") && !is_found("gravier") && !is_found("site et site"));
    // What a mask hides is neither a word nor evidence.
    assert!(!is_found("Un site internet et du gravier") && is_found("Un site, un site internet et du gravier"));
    assert!(evaluated(&rule, "Le site", "Du gravier.").is_none(), "in another field");
}

/// Passes an entry with this headline, whose texts must not be read, to `each`.
fn matched<T>(rule: &Compiled, title: &str, each: impl FnOnce(&MatchedEntry<'_>) -> T) -> T {
    let texts = OriginalTexts {
        title: title.to_owned(),
        ..OriginalTexts::default()
    };
    let words = texts.word_list();
    let load = || panic!("the texts are read");
    let source = source();
    let facts = EntryFacts {
        source_id: &source.id,
        source: Some(&source),
        language: Some("fr"),
        date: Timestamp::from_unix(1_785_542_400),
    };
    each(&rule.matcher.scan(facts, EntryWords::new(&words, None), &load))
}

fn reasons_of_words(rule: &Compiled, title: &str, known: &[Reason]) -> Vec<Reason> {
    matched(rule, title, |entry| {
        let verdict = rule.rule.evaluate(entry, 1).expect("it matches");
        verdict.reasons(entry, known)
    })
}

#[test]
fn words_that_longer_names_hide_are_told_unless_a_word_that_counts_holds_them() {
    let concept = Concept {
        any: words(&["site", "site minier"]),
        mask: words(&["site web", "site internet", "site vert", "site bleu", "site noir", "site gris"]),
        ..Concept::default()
    };
    let written = BTreeMap::from([("or".to_owned(), concept)]);
    let masked = |text: &str, title: &str| {
        let rule = compiled_rule(&query(text), &written).expect("it compiles");
        matched(&rule, title, |entry| rule.rule.masked(entry)).join(", ")
    };
    assert_eq!(masked("@or", "Un site minier"), "");
    assert_eq!(masked("@or", "Un site minier et un site web"), "site web");
    assert_eq!(masked("-@or", "Un Site web, un site web"), "site web");
    let all = "site gris, site web, site internet, site vert, site bleu, site noir";
    assert_eq!(masked("@or", all), "site gris, site web, site internet, site vert, site bleu");
    // What hides places is told where the rule asks what the entry is about.
    for (text, told) in [
        ("about:GN", true),
        ("-about:GN OR mot", true),
        ("@guinea", true),
        ("route", false),
        ("@or", false),
    ] {
        let title = "Golfe de Guinée : une route";
        assert_eq!(masked(text, title).contains("golfe de guinee"), told, "{text}");
    }
}

#[test]
fn what_a_former_placement_quotes_of_the_same_words_is_not_read_again() {
    let rule = compiled("mine OR puits*");
    let title = "La Mine, une mine et les Puits";
    let first = evaluated(&rule, title, "").expect("it matches").reasons;
    assert_eq!((first[0].words.as_str(), first[1].words.as_str()), ("Mine", "Puits"));
    assert_eq!(reasons_of_words(&rule, title, &first), first);
}

#[test]
fn a_reason_quotes_five_different_words_at_most() {
    let rule = compiled("mot*");
    let reason = |title: &str| evaluated(&rule, title, "").expect("it matches").reasons[0].words.clone();
    assert_eq!(reason("mota motb motc motd mote motf"), "mota, motb, motc, motd, mote");
    assert_eq!(reason("mota Mota motb"), "mota, motb");
    let verdict = evaluated(&rule, "motb", "mota").expect("it matches");
    assert_eq!(
        (verdict.reasons[0].field.as_str(), verdict.reasons[0].words.as_str()),
        ("title", "motb")
    );
}

fn digest(rule: &Rule, concepts: &[(&str, Concept)]) -> Digest128 {
    let written = concepts
        .iter()
        .map(|(name, concept)| ((*name).to_owned(), concept.clone()))
        .collect();
    let compiled = compiled_rule(rule, &written).unwrap_or_else(|problems| panic!("{problems:?}"));
    compiled.rule.digest()
}

#[test]
fn the_digest_follows_every_concept_on_which_the_rule_depends() {
    let concept = |any: &[&str], uses: &[&str]| Concept {
        any: words(any),
        r#use: words(uses),
        ..Concept::default()
    };
    let with = |word: &str| [("a", concept(&["alpha"], &["b"])), ("b", concept(&[word], &[]))];
    for text in ["@a", "-@a", "title:@a OR mot", "@a NEAR/3 mot", "SAME(mot @b)"] {
        assert_eq!(digest(&query(text), &with("beta")), digest(&query(text), &with("beta")), "{text}");
        assert_ne!(digest(&query(text), &with("beta")), digest(&query(text), &with("gamma")), "{text}");
    }
    // A word does another thing in another list.
    let weak = Concept {
        weak: words(&["alpha"]),
        ..Concept::default()
    };
    let rule = query("@a");
    assert_ne!(digest(&rule, &[("a", concept(&["alpha"], &[]))]), digest(&rule, &[("a", weak)]));
    let of = |any: &[&str], all: &[&str], none: &[&str]| {
        let rule = Rule {
            any: words(any),
            all: words(all),
            none: words(none),
            ..Rule::default()
        };
        digest(&rule, &[])
    };
    assert_ne!(of(&["mot"], &[], &[]), of(&[], &["mot"], &[]));
    assert_ne!(of(&[], &["mot"], &[]), of(&[], &[], &["mot"]));
    assert_eq!(compiled("mot").rule.version(), compiled("mot").rule.digest().to_hex()[..8]);
}

#[test]
fn the_digest_follows_the_topics_that_the_rule_names() {
    let digest_with = |other: &Rule, concepts: &BTreeMap<String, Concept>| {
        let concepts = compile_concepts(concepts).expect("they compile");
        let topics = BTreeMap::from([("other".to_owned(), other)]);
        let context = RuleContext::new(&concepts, None, &topics);
        let mut table = PatternTable::default();
        let rule = compile(&query("-topic:other"), &context, &mut table).expect("it compiles");
        rule.digest()
    };
    let none = BTreeMap::new();
    assert_eq!(digest_with(&query("mot"), &none), digest_with(&query("mot"), &none));
    assert_ne!(digest_with(&query("mot"), &none), digest_with(&query("mots"), &none));
    let concept = |word: &str| {
        let concept = Concept {
            any: words(&[word]),
            ..Concept::default()
        };
        BTreeMap::from([("a".to_owned(), concept)])
    };
    assert_ne!(
        digest_with(&query("@a"), &concept("alpha")),
        digest_with(&query("@a"), &concept("beta"))
    );
}

#[test]
fn the_genre_of_a_headline_is_told_by_its_first_words_before_punctuation() {
    for (title, holds) in [
        ("Tribune : le pays attend", true),
        ("Tribune", true),
        ("Tribune libre", true),
        ("Tribune du stade", false),
        ("La tribune : elle attend", false),
    ] {
        assert_eq!(is_match("mark:opinion", title), holds, "{title}");
    }
    assert!(
        is_match("mark:opinion", "Dix ans après : lettre ouverte"),
        "an opinion before an anniversary"
    );
}

#[test]
fn a_date_of_a_month_or_a_year_reaches_up_to_the_next_one() {
    let range = |text: &str| {
        let spanned = SpannedToken {
            token: Token::Word(text.to_owned()),
            span: 0..text.len(),
        };
        let range = date_range(&spanned).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        [range.from, range.until].map(|time| time.map_or_else(String::new, |time| time.rfc3339()[..10].to_owned()))
    };
    for (text, from, until) in [
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-11", "2026-11-01", "2026-12-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("2026-12-31", "2026-12-31", "2027-01-01"),
        ("2026-02-28", "2026-02-28", "2026-03-01"),
        (">2026", "2027-01-01", ""),
        ("<=2026-12", "", "2027-01-01"),
        ("2026-08..", "2026-08-01", ""),
        ("..2026-08", "", "2026-09-01"),
        ("2026-08/2026-09", "2026-08-01", "2026-10-01"),
    ] {
        assert_eq!(range(text), [from, until], "{text}");
    }
    for text in ["date:2026-13", "date:2026-00", "date:2026-02-30", "date:..x", "date:2026-1-1-1"] {
        assert_eq!(problems(text).len(), 1, "{text}");
    }
}

#[test]
fn numbers_of_sources_are_compared() {
    // The entry's story has two sources.
    for (text, holds) in [
        ("sources:2", true),
        ("sources:3", false),
        ("sources:>1", true),
        ("sources:>2", false),
        ("sources:<=2", true),
        ("sources:<=1", false),
        ("sources:<2", false),
        ("sources:<3", true),
        ("sources:>=3", false),
    ] {
        assert_eq!(is_match(text, "Un mot"), holds, "{text}");
    }
}
