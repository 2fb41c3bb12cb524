//! Rules evaluated on invented entries.

use super::*;
use crate::config::{Concept, ConfigProblem, Place, Placed, Rule, Source, from_str};
use crate::model::Reason;
use std::collections::BTreeMap;

fn source() -> Source {
    let text = "[[source]]\nid = \"lefaso\"\nname = \"leFaso.net\"\nurl = \"https://lefaso.net/\"\ncountry = \"BF\"\nkind = \"private\"\nlang = \"fr\"\ntags = [\"Burkina\"]\n";
    let config = from_str("feeds.toml".as_ref(), text).expect("a configuration");
    config.sources.into_iter().next().expect("a source")
}

fn placed(text: &str) -> Placed {
    Placed {
        text: text.to_owned(),
        place: Place::default(),
    }
}

fn query(text: &str) -> Rule {
    Rule {
        query: Some(placed(text)),
        ..Rule::default()
    }
}

/// A rule with the table of its patterns.
struct Compiled {
    rule: CompiledRule,
    table: PatternTable,
}

fn compiled_rule(rule: &Rule, written: &BTreeMap<String, Concept>) -> Result<Compiled, Vec<ConfigProblem>> {
    let mut table = PatternTable::default();
    let concepts = compile_concepts(written, &mut table)?;
    let rule = compile(rule, &concepts, &mut table)?;
    Ok(Compiled { rule, table })
}

fn compiled(text: &str) -> Compiled {
    compiled_rule(&query(text), &BTreeMap::new()).unwrap_or_else(|problems| panic!("{text}: {problems:?}"))
}

fn problems(text: &str) -> Vec<ConfigProblem> {
    compiled_rule(&query(text), &BTreeMap::new()).err().unwrap_or_default()
}

/// A verdict with its reasons.
#[derive(Debug, PartialEq)]
struct Evaluated {
    score: f64,
    reasons: Vec<Reason>,
}

/// Evaluates a rule on an entry with this title and body.
fn evaluated(compiled: &Compiled, title: &str, body: &str) -> Option<Evaluated> {
    let source = source();
    let authors = ["Awa Ouédraogo".to_owned()];
    let categories = ["Politique intérieure".to_owned(), "Sahel vert".to_owned()];
    let texts = OriginalTexts {
        title: title.to_owned(),
        summary: String::new(),
        body: body.to_owned(),
        authors: authors.to_vec(),
        categories: categories.to_vec(),
        url: Some("https://lefaso.net/politique/article-12".to_owned()),
    };
    let facts = EntryFacts {
        source_id: &source.id,
        source: Some(&source),
        language: Some("fr-BF"),
    };
    let words = texts.word_list();
    let load = || texts.clone();
    let entry = compiled.table.scan(facts, EntryWords::new(&words, None), &load);
    let verdict = compiled.rule.evaluate(&entry, 2)?;
    Some(Evaluated {
        score: verdict.score,
        reasons: verdict.reasons(&entry),
    })
}

fn is_match(text: &str, title: &str) -> bool {
    evaluated(&compiled(text), title, "Un texte sans importance.").is_some()
}

#[test]
fn words_match_whole_words_in_any_spelling_and_number() {
    assert!(is_match("armee", "L’ARMÉE avance"));
    assert!(is_match("l'armée", "l’armée avance"));
    assert!(is_match("attaque", "Des attaques à l'aube"));
    assert!(is_match("général", "Les généraux écoutent"));
    assert!(!is_match("coup", "La Coupe du monde"));
    assert!(!is_match("mali", "Une anomalie"));
    assert!(is_match("انتخابات", "والانتخابات غدا"));
}

#[test]
fn phrases_prefixes_and_exact_words() {
    assert!(is_match("\"coup d'État\"", "Un coup d’Etat déjoué"));
    assert!(!is_match("\"coup d'État\"", "Un État, un coup d'œil"));
    assert!(is_match("djihad*", "Les djihadistes reculent"));
    assert!(!is_match("jihad*", "Les djihadistes reculent"));
    assert!(is_match("=\"Côte\"", "La Côte sauvage") && !is_match("=\"Côte\"", "La cote monte"));
    assert!(is_match("\"force conj\"*", "La force conjointe"));
}

#[test]
fn operators_bind_as_in_freshrss() {
    assert!(is_match("a1 b1 OR c1", "c1") && is_match("a1 b1 OR c1", "b1 x a1") && !is_match("a1 b1 OR c1", "a1"));
    assert!(is_match("a1 (b1 OR c1)", "c1 a1") && !is_match("a1 (b1 OR c1)", "c1"));
    assert!(is_match("a1 -b1", "a1") && !is_match("a1 -b1", "a1 b1") && !is_match("a1 -(b1 OR c1)", "a1 c1"));
    assert!(is_match("a1 NOT b1", "a1") && is_match("a1 AND b1", "b1 a1"));
    assert!(is_match("*", "n'importe quoi") && is_match("-football", "La moisson"));
}

#[test]
fn fields_look_at_their_own_zones_and_properties() {
    for (text, holds) in [
        ("title:moisson", true),
        ("title:importance", false),
        ("text:importance", true),
        ("title:(pluie OR moisson)", true),
        ("title:pluie,moisson", true),
        ("author:ouedraogo", true),
        ("url:politique", true),
        ("category:\"politique interieure\"", true),
        ("category:\"interieure sahel\"", false),
        ("source:lefaso,autre", true),
        ("source:autre", false),
        ("tag:burkina", true),
        ("kind:private", true),
        ("-kind:aggregator", true),
        ("country:ML,BF", true),
        ("lang:fr,en", true),
        ("lang:f", false),
        ("sources:>=2", true),
        ("sources:>2", false),
        ("sources:<3", true),
        ("sources:2", true),
        ("/moiss[ao]n/", true),
        ("/MOISSON/", false),
        ("title:/MOISSON/i", true),
    ] {
        assert_eq!(is_match(text, "La moisson commence"), holds, "{text}");
    }
}

#[test]
fn reasons_quote_the_words_as_they_stand() {
    let rule = compiled("@sahel (junte^2 OR transition) lang:fr");
    let verdict = evaluated(&rule, "Au Niger, la Junte s’explique", "La transition, dit Niamey, durera.").expect("it matches");
    let reasons: Vec<(&str, &str, &str)> = verdict
        .reasons
        .iter()
        .map(|reason| (reason.clause.as_str(), reason.field.as_str(), reason.words.as_str()))
        .collect();
    assert_eq!(
        reasons,
        [
            ("@sahel", "title", "Niger"),
            ("junte", "title", "Junte"),
            ("transition", "body", "transition"),
            ("lang:fr", "lang", "fr-bf")
        ]
    );
    // Title 4, title 4 with boost 2, body 1; a property adds nothing.
    assert!((verdict.score - 13.0).abs() < f64::EPSILON, "{}", verdict.score);
}

#[test]
fn a_part_that_fails_leaves_no_reason() {
    let verdict = evaluated(&compiled("(alpha beta) OR gamma"), "alpha gamma", "").expect("gamma is there");
    assert_eq!(verdict.reasons.len(), 1);
    assert_eq!(verdict.reasons[0].clause, "gamma");
}

#[test]
fn the_sahel_is_known_in_its_languages() {
    for title in [
        "Mali's army retakes a town",
        "Le Burkina Faso ferme sa frontière",
        "Nigeriens vote on Sunday",
        "NIAMEY : reprise des cours",
        "L'AES crée une banque",
        "Chad’s opposition leader freed",
        "Tchad : dialogue à N’Djaména",
        "الجيش في مالي يعلن",
        "رئيس النيجر يزور موريتانيا",
        "Shugaban Nijar ya yi jawabi",
        "Le président mauritanien en visite",
        "Les pays du Sahel s'accordent",
    ] {
        assert!(is_match("@sahel", title), "{title}");
    }
}

#[test]
fn look_alikes_of_the_sahel_do_not_match() {
    for title in [
        "Niger State governor opens a road",
        "Niger Delta communities sue an oil firm",
        "Nigeria: Abuja market reopens",
        "Le fleuve Niger monte",
        "Chad Walker signs for a new club",
        "Fishing on Lake Chad",
        "I mali di stagione",
        "L'Étoile du Sahel gagne le derby",
        "وزير المالية يتحدث",
        "Une anomalie dans le comptage",
        "Guinée : un nouveau port",
    ] {
        assert!(!is_match("@sahel", title), "{title}");
    }
    assert!(
        is_match("@sahel", "Niger State traders stranded in Niamey"),
        "a mask hides itself only"
    );
}

#[test]
fn lists_must_all_match() {
    let rule = Rule {
        about: vec![placed("@sahel")],
        any: vec![placed("junta"), placed("coup d'État")],
        all: vec![placed("élection*")],
        none: vec![placed("football")],
        query: Some(placed("-kind:aggregator")),
    };
    let rule = compiled_rule(&rule, &BTreeMap::new()).expect("it compiles");
    assert!(evaluated(&rule, "Mali : après le coup d’État, les élections", "").is_some());
    assert!(evaluated(&rule, "Après le coup d’État, les élections", "").is_none());
    assert!(evaluated(&rule, "Mali : les élections", "").is_none());
    assert!(evaluated(&rule, "Mali : après le coup d’État", "").is_none());
    assert!(evaluated(&rule, "Mali : après le coup d’État, les élections", "et le football").is_none());
}

#[test]
fn concepts_of_feeds_toml_are_compiled() {
    let mut written = BTreeMap::new();
    let words = |words: &[&str]| words.iter().map(|word| placed(word)).collect();
    written.insert(
        "armed".to_owned(),
        Concept {
            any: words(&["JNIM", "nasr"]),
            weak: words(&["katiba", "brigade"]),
            mask: words(&["nasr city"]),
            nostem: words(&["nasr"]),
        },
    );
    let all = compile_concepts(&written, &mut PatternTable::default()).expect("they compile");
    assert_eq!(all.names().collect::<Vec<_>>(), ["armed", "sahel"]);
    let rule = compiled_rule(&query("@Armed"), &written).expect("it compiles");
    for (title, holds) in [
        ("Le JNIM revendique", true),
        ("nasr", true),
        ("nasrs", false),
        ("Nasr City floods", false),
        ("Une brigade arrive", false),
        ("Une brigade, une autre brigade", false),
        ("Une brigade et une katiba", true),
    ] {
        assert_eq!(evaluated(&rule, title, "").is_some(), holds, "{title}");
    }
    let empty = BTreeMap::from([(
        "x".to_owned(),
        Concept {
            any: words(&["…"]),
            ..Concept::default()
        },
    )]);
    assert!(compile_concepts(&empty, &mut PatternTable::default()).is_err_and(|problems| problems[0].message.contains("holds no word")));
}

#[test]
fn the_digest_follows_the_rule_and_its_concepts() {
    let plain = compiled("@sahel junte").rule.digest();
    assert_eq!(plain, compiled("@sahel junte").rule.digest());
    assert_ne!(plain, compiled("@sahel coup").rule.digest());
    let other = BTreeMap::from([(
        "sahel".to_owned(),
        Concept {
            any: vec![placed("Tombouctou")],
            ..Concept::default()
        },
    )]);
    let own = compiled_rule(&query("@sahel junte"), &other).expect("it compiles");
    assert_ne!(plain, own.rule.digest());
    let unrelated = BTreeMap::from([("x".to_owned(), Concept::default())]);
    let same = compiled_rule(&query("@sahel junte"), &unrelated).expect("it compiles");
    assert_eq!(plain, same.rule.digest());
}

#[test]
fn errors_come_with_their_remedy() {
    for (text, message, help) in [
        ("@sahl", "there is no concept `@sahl`", "did you mean `@sahel`?"),
        ("tittle:x", "there is no field `tittle:`", "did you mean `title:`"),
        ("kind:aggregater", "there is no kind `aggregater`", "did you mean `aggregator`?"),
        ("(a OR b", "this parenthesis is not closed", ""),
        ("a)", "this parenthesis closes nothing", ""),
        ("a OR", "a word is missing here", ""),
        ("\"a b", "the quotation is not closed", "add \" at its end"),
        ("/a(/", "this is no regular expression", ""),
        ("/a{9999}{9999}/", "this regular expression is too big", ""),
        ("/a", "the regular expression is not closed", "add /"),
        ("title:", "a value is missing behind `title:`", ""),
        ("sources:many", "a number of sources is missing", "sources:>=2"),
        ("a^x", "`^x` is no boost", "^2"),
        ("NEAR/5(a b)", "`NEAR/5` waits", "phrase"),
        ("SAME(a b)", "`SAME(…)` waits", "phrase"),
        ("date:2026", "`date:` waits", "keep"),
        ("", "the query is empty", "`*`"),
        ("a …", "there is no word in this", ""),
    ] {
        let found = problems(text);
        let hit = found.iter().find(|problem| problem.message.starts_with(message));
        let hit = hit.unwrap_or_else(|| panic!("{text}: {found:?}"));
        assert!(hit.help.as_deref().unwrap_or_default().contains(help), "{text}: {hit:?}");
    }
    assert_eq!(problems("@sahl tittle:x").len(), 2, "parsing goes on after an error");
    assert!(problems(&"(".repeat(10_000))[0].message.contains("stand in each other"));
    assert!(problems(&"-".repeat(10_000))[0].message.contains("stand in each other"));
    assert!(compiled_rule(&Rule::default(), &BTreeMap::new()).is_err());
}

#[test]
fn an_error_points_at_its_place_in_the_file() {
    let at = |text: &str, string: std::ops::Range<usize>| {
        let mut rule = query(text);
        if let Some(query) = &mut rule.query {
            query.place.span = string;
        }
        let problems = compiled_rule(&rule, &BTreeMap::new()).err().unwrap_or_default();
        problems[0].place.clone().expect("a place").span
    };
    // A string in single quotes, in three quotes, in three quotes with a newline behind them, and one with escapes.
    assert_eq!(at("mil @sahl", 10..21), 15..20);
    assert_eq!(at("mil @sahl", 10..25), 17..22);
    assert_eq!(at("mil @sahl", 10..26), 18..23);
    assert_eq!(at("mil @sahl", 10..31), 10..31);
    let about = Rule {
        about: vec![placed("sahel")],
        ..Rule::default()
    };
    let problems = compiled_rule(&about, &BTreeMap::new()).err().unwrap_or_default();
    assert_eq!(problems[0].help.as_deref(), Some("write \"@sahel\", or move it to `any` or `all`"));
}

proptest::proptest! {
    #[test]
    fn no_query_panics(text in "[a-c@/=^:()\"*\\- ORé,]{0,30}") {
        if let Ok(rule) = compiled_rule(&query(&text), &BTreeMap::new()) {
            let _ = evaluated(&rule, "a b c", "é");
        }
    }
}
