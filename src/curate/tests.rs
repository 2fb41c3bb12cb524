//! Rules evaluated on invented entries.

use super::*;
use crate::config::{Concept, ConfigProblem, Place, Placed, Rule, Source, from_str};
use crate::model::{Reason, Timestamp};
use std::collections::BTreeMap;

pub(super) fn source() -> Source {
    let text = "[[source]]\nid = \"lefaso\"\nname = \"leFaso.net\"\nurl = \"https://lefaso.net/\"\ncountry = \"BF\"\nkind = \"private\"\nlang = \"fr\"\ntags = [\"Burkina\"]\n";
    let config = from_str("feeds.toml".as_ref(), text).expect("a configuration");
    config.sources.into_iter().next().expect("a source")
}

pub(super) fn placed(text: &str) -> Placed {
    Placed {
        text: text.to_owned(),
        place: Place::default(),
    }
}

pub(super) fn query(text: &str) -> Rule {
    Rule {
        query: Some(placed(text)),
        ..Rule::default()
    }
}

/// A rule with the matcher of its patterns.
pub(super) struct Compiled {
    pub rule: CompiledRule,
    pub matcher: Matcher,
}

pub(super) fn compiled_rule(rule: &Rule, written: &BTreeMap<String, Concept>) -> Result<Compiled, Vec<ConfigProblem>> {
    let mut table = PatternTable::default();
    let concepts = compile_concepts(written)?;
    let sources = [source()];
    let other = query("title:moisson");
    let circle = query("topic:circle");
    let topics = BTreeMap::from([("harvest".to_owned(), &other), ("circle".to_owned(), &circle)]);
    let rule = compile(rule, &RuleContext::new(&concepts, Some(&sources), &topics), &mut table)?;
    let matcher = Matcher::new([&rule], &concepts, &table);
    Ok(Compiled { rule, matcher })
}

pub(super) fn compiled(text: &str) -> Compiled {
    compiled_rule(&query(text), &BTreeMap::new()).unwrap_or_else(|problems| panic!("{text}: {problems:?}"))
}

pub(super) fn problems(text: &str) -> Vec<ConfigProblem> {
    compiled_rule(&query(text), &BTreeMap::new()).err().unwrap_or_default()
}

/// A verdict with its reasons.
#[derive(Debug, PartialEq)]
pub(super) struct Evaluated {
    pub score: f64,
    pub reasons: Vec<Reason>,
}

/// Evaluates a rule on an entry with this title and body.
pub(super) fn evaluated(compiled: &Compiled, title: &str, body: &str) -> Option<Evaluated> {
    evaluated_in("BF", compiled, title, body)
}

/// Evaluates a rule on an entry of a source of this country.
fn evaluated_in(country: &str, compiled: &Compiled, title: &str, body: &str) -> Option<Evaluated> {
    let mut source = source();
    source.country = Some(country.to_owned());
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
        date: Timestamp::from_unix(1_785_542_400),
    };
    let words = texts.word_list();
    let load = || texts.clone();
    let entry = compiled.matcher.scan(facts, EntryWords::new(&words, None), &load);
    let verdict = compiled.rule.evaluate(&entry, 2)?;
    Some(Evaluated {
        score: verdict.score,
        reasons: verdict.reasons(&entry, &[]),
    })
}

pub(super) fn is_match(text: &str, title: &str) -> bool {
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
        ("source:lefaso", true),
        ("-source:lefaso", false),
        ("tag:burkina", true),
        ("kind:private", true),
        ("-kind:aggregator", true),
        ("country:ML,BF", true),
        ("lang:fr,en", true),
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
fn words_near_each_other_and_in_one_sentence() {
    let title = "La junte annonce un scrutin. Un coup, dit l'opposition, de trop";
    for (text, holds) in [
        ("junte NEAR/3 scrutin", true),
        ("scrutin NEAR/2 junte", true),
        ("junte NEAR/1 scrutin", false),
        ("NEAR/3(junte scrutin)", true),
        ("junte NEAR/2 scrutin NEAR/3 coup", true),
        ("junte NEAR/2 coup", false),
        ("(armée OR junte) NEAR/2 \"un scrutin\"", true),
        ("junte NEAR junte", false),
        ("SAME(junte scrutin)", true),
        ("SAME(junte coup)", false),
        ("SAME(coup opposition (trop OR peu))", true),
        ("title:SAME(junte scrutin)", true),
        ("@politics NEAR/5 coup", true),
    ] {
        assert_eq!(is_match(text, title), holds, "{text}");
    }
    let verdict = evaluated(&compiled("junte NEAR/3 scrutin^3"), title, "").expect("it matches");
    assert_eq!(verdict.reasons[0].clause, "junte NEAR/3 scrutin");
    assert_eq!(
        (verdict.reasons[0].words.as_str(), verdict.reasons[0].positions.as_slice()),
        ("scrutin", &[4][..])
    );
}

#[test]
fn summary_lead_dates_marks_and_other_topics() {
    let body = format!("Le maire parle. {} La fin.", "mot ".repeat(70));
    for (text, holds) in [
        ("lead:maire", true),
        ("lead:fin", false),
        ("text:fin", true),
        ("summary:maire", false),
        ("date:2026-08-01", true),
        ("date:2026-08", true),
        ("date:2025", false),
        ("date:2026-07-01..2026-08-01", true),
        ("date:2026-07-01/2026-07-31", false),
        ("date:>=2026-08-01", true),
        ("date:<2026-08-01", false),
        ("date:<=2026-08-01", true),
        ("date:>2026-08-01", false),
        ("about:BF", true),
        ("about:ML,NE", false),
        ("about:@sahel", true),
        ("mark:opinion", true),
        ("mark:live,bulletin", false),
        ("-mark:opinion", false),
        ("topic:harvest", true),
        ("-topic:harvest", false),
    ] {
        let found = evaluated(&compiled(text), "Tribune : la moisson", &body);
        assert_eq!(found.is_some(), holds, "{text}");
    }
}

#[test]
fn entries_that_report_no_event_are_told() {
    for (title, genre) in [
        ("Éditorial – Le pays attend", "opinion"),
        ("Lettre ouverte au ministre", "opinion"),
        ("رأي: إلى أين", "opinion"),
        ("Dix ans après l'attentat de Bamako", "anniversary"),
        ("Niger: one year after the coup", "anniversary"),
        ("EN DIRECT : les résultats", "live"),
        ("Revue de presse du lundi", "bulletin"),
    ] {
        assert!(is_match(&format!("mark:{genre}"), title), "{title}");
    }
    for title in [
        "L'opinion publique divisée",
        "Le direct du marché reprend",
        "La tribune du stade s'effondre",
        "Le journal Aube saisi",
    ] {
        assert!(is_match("-mark:opinion,anniversary,live,bulletin", title), "{title}");
    }
}

#[test]
fn terms_of_a_list_may_be_queries() {
    let any = |terms: &[&str], title: &str| {
        let rule = Rule {
            any: terms.iter().map(|term| placed(term)).collect(),
            ..Rule::default()
        };
        let rule = compiled_rule(&rule, &BTreeMap::new()).unwrap_or_else(|problems| panic!("{terms:?}: {problems:?}"));
        evaluated(&rule, title, "La junte parle").is_some()
    };
    assert!(any(&["title:moisson"], "La moisson") && !any(&["title:junte"], "La moisson"));
    assert!(any(&["/mois+on/"], "La moisson") && !any(&["/moiss$/"], "La moisson"));
    assert!(any(&["junte OR mine"], "x") && any(&["mine OR junte"], "x") && !any(&["mine OR route"], "x"));
    assert!(any(&["@sahel"], "Au Niger") && any(&["coup d'État", "la moisson"], "La moisson"));
    assert!(any(&["moisson NEAR/2 lente"], "Moisson bien lente") && !any(&["moisson NEAR/2 lente"], "Moisson"));
    assert!(any(&["-pluie"], "x") && !any(&["-junte"], "x"));
    assert!(!any(&["la moisson commence"], "La moisson"), "a phrase without quotes");
    let wrong = |term: &str| {
        let rule = Rule {
            any: vec![placed(term)],
            ..Rule::default()
        };
        compiled_rule(&rule, &BTreeMap::new()).err().unwrap_or_default()
    };
    for term in ["tittle:x", "*tion", "country:Niger", "(a OR b", "…"] {
        assert_eq!(wrong(term).len(), 1, "{term}");
    }
}

#[test]
fn concepts_use_other_concepts() {
    let words = |words: &[&str]| words.iter().map(|word| placed(word)).collect::<Vec<_>>();
    let concept = |any: &[&str], uses: &[&str], mask: &[&str]| Concept {
        any: words(any),
        r#use: words(uses),
        mask: words(mask),
        ..Concept::default()
    };
    let written = BTreeMap::from([
        ("a".to_owned(), concept(&["alpha"], &["@b"], &[])),
        ("b".to_owned(), concept(&["beta"], &["a"], &[])),
        ("gold".to_owned(), concept(&["mine d'or"], &["@mali"], &[])),
        ("politics".to_owned(), concept(&["palabre"], &["politics"], &["putsch"])),
        (
            "harvest".to_owned(),
            Concept {
                weak: words(&["grenier"]),
                evidence: words(&["mil"]),
                ..Concept::default()
            },
        ),
    ]);
    let holds = |text: &str, title: &str| {
        let rule = compiled_rule(&query(text), &written).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
        evaluated(&rule, title, "Rien").is_some()
    };
    assert!(holds("@a", "beta") && holds("@b", "alpha") && holds("@a", "alpha") && !holds("@a", "gamma"));
    assert!(holds("@gold", "À Bamako, une route") && holds("@gold", "Une mine d'or"));
    assert!(
        holds("@politics", "La palabre") && holds("@politics", "Coup d'État à Lomé"),
        "what is built in is extended"
    );
    assert!(!holds("@politics", "Un putsch"), "and cut down");
    assert!(holds("@harvest", "Le mil au grenier") && !holds("@harvest", "Le grenier") && !holds("@harvest", "Le mil"));
    for (key, term, message) in [
        ("any", "@sahel", "`@sahel` is a concept"),
        ("any", "junte OR mine", "`junte OR mine` is no word"),
        ("any", "title:junte", "`title:junte` is no word"),
        ("any", "/x/", "`/x/` is no word"),
        ("any", "*tion", "`*tion` can match nothing"),
        ("use", "@sahl", "there is no concept `@sahl`"),
    ] {
        let concept = if key == "use" {
            concept(&["x"], &[term], &[])
        } else {
            concept(&[term], &[], &[])
        };
        let problems = compile_concepts(&BTreeMap::from([("x".to_owned(), concept)]))
            .err()
            .unwrap_or_default();
        assert!(problems[0].message.starts_with(message), "{term}: {problems:?}");
        assert!(problems[0].help.is_some(), "{term}");
    }
}

#[test]
fn spellings_of_a_word_count_once() {
    let score = |text: &str| evaluated(&compiled(text), "L’ÉLECTION", "").expect("it matches").score;
    assert!((score("élection OR election OR l'élection") - score("election")).abs() < f64::EPSILON);
    for spelling in ["élection", "election", "ÉLECTION", "e\u{301}lection", "l’élection"] {
        assert!(is_match("élection", &format!("Une {spelling} de plus")), "{spelling}");
        assert!(
            is_match(spelling, "Une élection de plus") || spelling.starts_with('l'),
            "{spelling}"
        );
    }
    for spelling in ["النيجر", "بالنيجر", "للنيجر", "والنيجر", "النّيجر", "النيجـر"] {
        assert!(is_match("النيجر", &format!("خبر من {spelling} اليوم")), "{spelling}");
        assert!(is_match("about:NE", &format!("خبر من {spelling} اليوم")), "{spelling}");
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
    // A concept of countries 1, headline 1.5 with boost 2, lead 1; a property adds nothing.
    assert!((verdict.score - 5.0).abs() < f64::EPSILON, "{}", verdict.score);
}

#[test]
fn a_part_that_fails_leaves_no_reason() {
    let verdict = evaluated(&compiled("(alpha beta) OR gamma"), "alpha gamma", "").expect("gamma is there");
    assert_eq!(verdict.reasons.len(), 1);
    assert_eq!(verdict.reasons[0].clause, "gamma");
}

#[test]
fn the_sahel_is_known_in_its_languages() {
    let rule = compiled("@sahel");
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
        assert!(evaluated_in("US", &rule, title, "").is_some(), "{title}");
    }
}

#[test]
fn look_alikes_of_the_sahel_do_not_match() {
    let rule = compiled("@sahel");
    for title in [
        "Niger State governor opens a road",
        "Niger Delta communities sue an oil firm",
        "Nigeria: Abuja market reopens",
        "Le fleuve Niger monte",
        "Chad Walker signs for a new club",
        "I mali di stagione",
        "L'Étoile du Sahel gagne le derby",
        "وزير المالية يتحدث",
        "Une anomalie dans le comptage",
        "Guinée : un nouveau port",
    ] {
        assert!(evaluated_in("US", &rule, title, "").is_none(), "{title}");
    }
    let both = evaluated_in("US", &rule, "Niger State traders stranded in Niamey", "");
    assert!(both.is_some(), "a mask hides itself only");
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
    assert!(evaluated(&rule, "Au Togo, après le coup d’État, les élections", "").is_none());
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
            ..Concept::default()
        },
    );
    let all = compile_concepts(&written).expect("they compile");
    assert!(all.names().contains(&"armed") && all.names().contains(&"sahel"));
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
    assert!(compile_concepts(&empty).is_err_and(|problems| problems[0].message.contains("holds no word")));
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
        ("NEAR/5(a)", "this joins two parts or more", "NEAR/5"),
        ("a NEAR/5 kind:private", "this joins words, phrases and concepts only", "outside"),
        ("SAME(a /b/)", "this joins words, phrases and concepts only", "outside"),
        ("SAME(a OR b)", "`OR` stands beside other parts", "SAME(("),
        ("NEAR/5", "words are missing around this", "NEAR/5"),
        ("a NEAR/x b", "`NEAR/x` is no distance", "NEAR/5"),
        ("date:yesterday", "this is no date", "keep"),
        ("source:lefasso", "there is no source `lefasso`", "did you mean `lefaso`?"),
        ("country:Niger", "there is no country `niger`", "did you mean `NE`?"),
        ("country:xq", "there is no country `xq`", "ISO 3166-1"),
        ("lang:french", "there is no language `french`", "did you mean `fr`?"),
        ("tag:Burkna", "there is no tag `burkna`", "did you mean `burkina`?"),
        ("about:Tchad", "there is no country `tchad`", "did you mean `TD`?"),
        ("mark:opinon", "there is no mark `opinon`", "did you mean `opinion`?"),
        ("topic:harvst", "there is no topic `harvst`", "did you mean `harvest`?"),
        ("topic:circle", "the topic `circle` leads back to itself", "no other"),
        ("*tion", "`*tion` can match nothing", "at the end"),
        ("title:mal*ia", "`mal*ia` can match nothing", "at the end"),
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
    let pinned = compiled_rule(&Rule::default(), &BTreeMap::new()).expect("a topic for what is pinned");
    assert!(evaluated(&pinned, "Mali", "").is_none());
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

/// The examples of docs/topics.md are what griot does.
#[test]
fn the_examples_of_the_document_hold() {
    let document = include_str!("../../docs/topics.md");
    let examples = document
        .split("```examples\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("examples");
    let mut rule: Option<(&str, Compiled)> = None;
    let mut count = 0;
    for line in examples.lines() {
        let headline = |sign: &str| line.strip_prefix(sign).filter(|_| rule.is_some());
        if let Some((title, holds)) = headline("+ ")
            .map(|title| (title, true))
            .or_else(|| headline("- ").map(|title| (title, false)))
        {
            let (query, rule) = rule.as_ref().expect("a query");
            assert_eq!(evaluated_in("FR", rule, title, "").is_some(), holds, "{query}: {title}");
            count += 1;
        } else if line.is_empty() {
            rule = None;
        } else {
            rule = Some((line, compiled(line)));
        }
    }
    assert!(count > 24, "{count}");
}

proptest::proptest! {
    #[test]
    fn no_query_panics(text in "[a-c@/=^:()\"*\\- ORé,]{0,30}") {
        if let Ok(rule) = compiled_rule(&query(&text), &BTreeMap::new()) {
            let _ = evaluated(&rule, "a b c", "é");
        }
    }
}
