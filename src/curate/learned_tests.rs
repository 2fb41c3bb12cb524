//! Topics that learn, on invented entries.

use super::tests::{Compiled, compiled};
use super::*;
use crate::model::{SourceId, Timestamp, TopicModel};

/// Passes an entry in French of the source `slug`, which is not configured, to `each`.
fn with<T>(compiled: &Compiled, slug: &str, [title, body]: [&str; 2], each: impl FnOnce(&MatchedEntry<'_>) -> T) -> T {
    let source_id = SourceId::new(slug).expect("a slug");
    let texts = OriginalTexts {
        title: title.to_owned(),
        body: body.to_owned(),
        ..OriginalTexts::default()
    };
    let facts = EntryFacts {
        source_id: &source_id,
        source: None,
        language: Some("fr"),
        date: Timestamp::from_unix(1_785_542_400),
    };
    let words = texts.word_list();
    let load = || texts.clone();
    each(&compiled.matcher.scan(facts, EntryWords::new(&words, None), &load))
}

fn add(learner: &mut TopicLearner, compiled: &Compiled, slug: &str, title: &str, is_yes: bool) {
    with(compiled, slug, [title, ""], |entry| {
        learner.add(&compiled.rule, entry, 1, 0.0, is_yes);
    });
}

fn is_in(compiled: &Compiled, title: &str, model: Option<&TopicModel>) -> bool {
    with(compiled, "aube", [title, ""], |entry| {
        let verdict = compiled.rule.decide(entry, 1, 0.0, model);
        let explanation = compiled.rule.explain_decision(entry, 1, 0.0, model);
        assert_eq!(verdict.is_some(), explanation.is_met, "{title}");
        assert_eq!(explanation.is_met, explanation.needs.is_empty(), "{title}: {explanation:?}");
        verdict.is_some()
    })
}

/// A topic on mining, whose rule takes a mine for a mine; of five sources.
fn mining(compiled: &Compiled) -> TopicLearner {
    let mut learner = TopicLearner::default();
    for number in 0..50 {
        let slug = format!("source{}", number % 5);
        add(&mut learner, compiled, &slug, "Une mine ouvre", true);
        add(&mut learner, compiled, &slug, "Grise mine après le match", false);
        add(&mut learner, compiled, &slug, "Un orpailleur fait fortune", true);
        add(&mut learner, compiled, &slug, "Le marché ouvre", false);
    }
    learner
}

fn model(rule_weight: f64, words: &[(&str, f64)]) -> TopicModel {
    TopicModel {
        rule_weight,
        words: words.iter().map(|(word, weight)| ((*word).to_owned(), *weight)).collect(),
    }
}

#[test]
fn without_labels_the_rule_alone_decides() {
    let compiled = compiled("mine -football");
    let learned = TopicLearner::default().learn();
    assert_eq!(learned, model(2.0, &[]));
    for title in ["Une mine ouvre", "Le marché ouvre", "Mine et football"] {
        assert_eq!(is_in(&compiled, title, Some(&learned)), is_in(&compiled, title, None), "{title}");
    }
}

#[test]
fn words_are_learned_for_and_against_the_topic() {
    let compiled = compiled("mine");
    let learned = mining(&compiled).learn();
    let weight = |word: &str| learned.words.get(word).copied().unwrap_or_default();
    assert!(weight("orpailleur") > 0.2 && weight("matche") < -0.2, "{learned:?}");
    assert!(weight("ouvre").abs() < weight("orpailleur") / 2.0, "{learned:?}");
    assert!(!learned.words.contains_key("apres"), "stop words say nothing");
    let rows = [
        ("Une mine ouvre", true, true),
        ("Grise mine après le match", true, false),
        ("Un orpailleur fait fortune", false, true),
        ("Le marché ouvre", false, false),
    ];
    for (title, by_rule, by_model) in rows {
        assert_eq!(is_in(&compiled, title, None), by_rule, "{title}");
        assert_eq!(is_in(&compiled, title, Some(&learned)), by_model, "{title}");
    }
    assert_eq!(mining(&compiled).learn(), learned, "the same labels give the same weights");
    assert_eq!(mining(&compiled).learn().digest(), learned.digest());
}

#[test]
fn rare_words_get_no_weight_and_of_many_only_the_strongest_do() {
    let compiled = compiled("mine");
    let words: Vec<String> = (0..300).map(|number| format!("mot{number}q")).collect();
    let others: Vec<String> = (0..300).map(|number| format!("autre{number}q")).collect();
    let mut learner = TopicLearner::default();
    for (text, is_yes) in [(words.join(" "), true), (others.join(" "), false)] {
        for _ in 0..3 {
            with(&compiled, "aube", ["", &text], |entry| {
                learner.add(&compiled.rule, entry, 1, 0.0, is_yes);
            });
        }
    }
    for (slug, title) in [
        ("a", "Rare"),
        ("b", "Rare"),
        ("a", "Fréquent"),
        ("b", "Fréquent"),
        ("c", "Fréquent"),
    ] {
        add(&mut learner, &compiled, slug, title, true);
    }
    let model = learner.learn();
    assert_eq!(model.words.len(), 500);
    assert!(model.words.contains_key("frequent") && !model.words.contains_key("rare"));
    let sixtieth = |prefix: &str| model.words.contains_key(&format!("{prefix}59q"));
    assert!(sixtieth("mot") && sixtieth("autre"), "words of the lead weigh more");
}

#[test]
fn a_word_counts_where_it_is_most_prominent_and_less_in_long_texts() {
    let compiled = compiled("mine");
    let learned = model(2.0, &[("orpailleur", 1.0)]);
    let score = |title: &str, body: &str| {
        with(&compiled, "aube", [title, body], |entry| {
            compiled
                .rule
                .explain_decision(entry, 1, 0.0, Some(&learned))
                .learning
                .expect("a score")
                .score
        })
    };
    let filler = "mot ".repeat(60);
    assert!((score("Orpailleurs", "l'orpailleur") - 1.5).abs() < 1e-9);
    assert!((score("", "des orpailleurs") - 1.0).abs() < 1e-9);
    let rest = score("", &format!("{filler} orpailleur"));
    assert!(rest > 0.3 && rest < 0.4, "{rest}");
}

#[test]
fn what_the_rule_excludes_stays_out_whatever_was_learned() {
    let learned = model(2.0, &[("orpailleur", 9.0)]);
    let rows = [
        ("mine", true),
        ("mine -football", false),
        ("mine lang:fr", true),
        ("mine lang:ar", false),
        ("mine (lang:ar OR lang:fr)", true),
        ("(mine lang:ar) OR (puits lang:fr)", true),
        ("(mine lang:ar) OR (puits lang:ha)", false),
        ("mine about:ML", true),
        ("mine about:NE", false),
        ("mine @mali", true),
        ("mine @niger", false),
        ("mine @politics", true),
        ("mine sources:>=2", false),
        ("mine date:>=2030", false),
        ("mine mark:opinion", false),
        ("topic:harvest", true),
    ];
    for (query, expected) in rows {
        let found = is_in(&compiled(query), "Un orpailleur malien joue au football à Bamako", Some(&learned));
        assert_eq!(found, expected, "{query}");
    }
    // A topic without a rule holds what is pinned to it.
    let empty = super::tests::compiled_rule(&crate::config::Rule::default(), &std::collections::BTreeMap::new()).expect("a rule");
    assert!(!is_in(&empty, "Un orpailleur", Some(&learned)));
}

#[test]
fn what_is_below_min_score_stays_out() {
    let compiled = compiled("mine");
    let learned = model(2.0, &[("orpailleur", 9.0)]);
    let decide = |title: &str, min_score: f64| {
        with(&compiled, "aube", [title, ""], |entry| {
            let verdict = compiled.rule.decide(entry, 1, min_score, Some(&learned));
            let explanation = compiled.rule.explain_decision(entry, 1, min_score, Some(&learned));
            assert_eq!(explanation.is_met, verdict.is_some());
            verdict.map(|verdict| verdict.score)
        })
    };
    assert_eq!(decide("Un orpailleur à la mine", 1.5), Some(1.5));
    assert_eq!(decide("Un orpailleur à la mine", 1.6), None);
    assert_eq!(
        decide("Un orpailleur", 1.6),
        Some(1.6),
        "what the model takes in has the least score"
    );
}

#[test]
fn entries_are_cross_validated_by_what_other_sources_teach() {
    let compiled = compiled("mine -football");
    assert_eq!(mining(&compiled).cross_validate(), [100, 0, 0, 100]);
    let mut learner = TopicLearner::default();
    for _ in 0..30 {
        // Only one source says that gold-diggers belong there.
        add(&mut learner, &compiled, "seule", "Un orpailleur", true);
        add(&mut learner, &compiled, "autre", "Le marché", false);
    }
    add(&mut learner, &compiled, "autre", "Mine et football", true);
    add(&mut learner, &compiled, "autre", "Mine et football", false);
    assert_eq!(learner.cross_validate(), [0, 0, 31, 31]);
    assert!(is_in(&compiled, "Un orpailleur", Some(&learner.learn())));
    assert_eq!(
        learner.learn().words.get("football"),
        None,
        "nothing is learned of what the rule refuses"
    );
}

#[test]
fn reasons_and_explanations_name_the_words_that_weigh_most() {
    let compiled = compiled("mine");
    let learned = model(0.5, &[("orpailleur", 0.8), ("match", -1.0), ("puit", 0.1)]);
    let reasons = with(&compiled, "aube", ["Orpailleurs à la mine", "Des puits"], |entry| {
        let verdict = compiled.rule.decide(entry, 1, 0.0, Some(&learned)).expect("it is in");
        verdict.reasons(entry, &[])
    });
    let told: Vec<_> = reasons
        .iter()
        .map(|reason| (&*reason.clause, &*reason.field, &*reason.words, &*reason.positions))
        .collect();
    assert_eq!(
        told,
        [
            ("mine", "title", "mine", [3].as_slice()),
            ("learned", "title", "orpailleurs +1.20", &[0]),
            ("learned", "body", "puits +0.10", &[1]),
        ]
    );
    let explain = |title: &str| {
        with(&compiled, "aube", [title, ""], |entry| {
            compiled.rule.explain_decision(entry, 1, 0.0, Some(&learned))
        })
    };
    let out = explain("La mine");
    assert_eq!(
        out.needs,
        [Need {
            clause: "learned".to_owned(),
            lack: Lack::Score(0.5)
        }]
    );
    assert!((out.margin + 0.5).abs() < 1e-9);
    let learning = out.learning.expect("a score");
    assert_eq!((learning.rule, learning.is_refused, learning.words.len()), (Some(0.5), false, 0));
    let missed = explain("Le puits");
    let needs: Vec<&str> = missed.needs.iter().map(|need| need.clause.as_str()).collect();
    assert_eq!(needs, ["mine", "learned"], "the rule alone would not be enough");
}
