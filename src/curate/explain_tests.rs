//! Explanations of rules on invented entries.

use super::tests::{Compiled, compiled, source};
use super::*;
use crate::model::Timestamp;

/// Explains a rule on an entry of a source of Burkina Faso.
fn explained(compiled: &Compiled, title: &str, body: &str, min_score: f64) -> (Explanation, ExplainedAbout) {
    let source = source();
    let texts = OriginalTexts {
        title: title.to_owned(),
        body: body.to_owned(),
        ..OriginalTexts::default()
    };
    let facts = EntryFacts {
        source_id: &source.id,
        source: Some(&source),
        language: Some("fr"),
        date: Timestamp::from_unix(1_785_542_400),
    };
    let words = texts.word_list();
    let load = || texts.clone();
    let entry = compiled.matcher.scan(facts, EntryWords::new(&words, None), &load);
    (compiled.rule.explain(&entry, 2, min_score), entry.explain_about())
}

fn explain(query: &str, title: &str) -> Explanation {
    explained(&compiled(query), title, "Un texte sans importance.", 0.0).0
}

/// Returns the clauses that an entry lacks.
fn lacks(query: &str, title: &str) -> Vec<(String, Lack)> {
    let needs = explain(query, title).needs.into_iter();
    needs.map(|need| (need.clause, need.lack)).collect()
}

fn clause(part: &ExplainedPart) -> &ExplainedClause {
    part.clause.as_ref().expect("a clause")
}

#[test]
fn the_tree_says_of_each_clause_whether_and_where_it_matches() {
    let explained = explain("transition (junte OR putsch*) -football", "Les Putschistes et la transition");
    assert!(explained.is_met && explained.needs.is_empty() && explained.root.kind == PartKind::All);
    let parts = &explained.root.parts;
    let found = |words: &str, position| FoundWords {
        words: words.to_owned(),
        field: "title",
        position: Some(position),
    };
    let part = |at: usize| &parts[at];
    assert_eq!(clause(part(0)).words, [found("transition", 4)]);
    assert_eq!((part(1).kind, part(1).matches), (PartKind::Any, true));
    assert!(!part(1).parts[0].matches && part(1).parts[1].matches);
    assert_eq!(clause(&part(1).parts[1]).words, [found("Putschistes", 1)]);
    assert_eq!((part(2).kind, part(2).matches), (PartKind::Not, true));
    assert!(!part(2).parts[0].matches);
}

#[test]
fn the_explanation_and_the_verdict_agree() {
    for query in [
        "mine OR @security",
        "@sahel -match",
        "lang:ar",
        "NEAR/2(texte importance)",
        "sources:>=2 text:importance^3",
        "topic:harvest",
    ] {
        for title in ["Attaque contre une mine", "Moisson à Dori", "Le match nul"] {
            let compiled = compiled(query);
            let (explanation, _) = explained(&compiled, title, "Un texte sans importance.", 0.0);
            assert_eq!(explanation.is_met, explanation.root.matches, "{query}: {title}");
            assert_eq!(explanation.is_met, explanation.needs.is_empty(), "{query}: {title}");
            assert_eq!(explanation.is_met, explanation.margin >= 0.0, "{query}: {title}");
        }
    }
}

#[test]
fn the_smallest_set_of_changes_is_told() {
    let lack = |clause: &str, lack| vec![(clause.to_owned(), lack)];
    assert_eq!(lacks("mine", "La moisson"), lack("mine", Lack::Match));
    assert_eq!(lacks("moisson -(mine OR puits)", "Moisson au puits"), lack("puits", Lack::NoMatch));
    // Of alternatives the one with the fewest missing clauses; a wording is nearer than another language.
    assert_eq!(
        lacks("(a1 b1) OR (moisson c1) OR (moisson lang:ar)", "La moisson"),
        lack("c1", Lack::Match)
    );
    assert_eq!(lacks("moisson lang:ar", "La moisson").len(), 1);
    assert_eq!(lacks("a1 b1", "La moisson").len(), 2);
    assert!(lacks("a1 b1", "a1 et b1").is_empty());
}

#[test]
fn a_concept_tells_its_words_weights_and_what_it_lacks() {
    let explained = explain("@politics", "La transition");
    let concept = clause(&explained.root).concept.as_ref().expect("a concept");
    let sum: f64 = concept.terms.iter().map(|term| term.weight * term.factor).sum();
    assert!((sum - concept.score).abs() < 1e-9, "{concept:?}");
    if explained.is_met {
        assert!(concept.score >= 1.0);
    } else {
        assert!(matches!(explained.needs[0].lack, Lack::Score(missing) if (missing - (1.0 - concept.score)).abs() < 1e-9));
    }
    let unmet = explain("@politics", "Le puits");
    assert!(
        matches!(unmet.needs[0].lack, Lack::Score(missing) if missing > 0.0),
        "{:?}",
        unmet.needs
    );
}

#[test]
fn a_hidden_place_is_told_with_what_hides_it() {
    let compiled = compiled("@niger");
    let (explanation, about) = explained(&compiled, "Niger State votes, says Nigeria", "Niger State again.", 0.0);
    let hidden = about
        .hidden
        .iter()
        .find(|hidden| hidden.words.position == Some(0))
        .expect("it is hidden");
    assert_eq!((hidden.words.words.as_str(), hidden.by.as_deref()), ("Niger", Some("Niger State")));
    assert!(!explanation.is_met && clause(&explanation.root).hidden.contains(hidden));
    assert!(
        matches!(explanation.needs[0].lack, Lack::CountryScore(missing) if missing > 0.0),
        "{:?}",
        explanation.needs
    );
    assert_eq!(about.prior.map(|(country, _)| country.to_string()), Some("BF".to_owned()));
    assert!(
        about
            .scores
            .iter()
            .any(|(country, score)| country.as_str() == "NG" && *score >= about.needed_score)
    );
}

#[test]
fn a_score_below_the_topics_least_is_told() {
    let compiled = compiled("moisson");
    let (explanation, _) = explained(&compiled, "Un titre", "La moisson.", 1.25);
    let missing = explanation.needs.iter().find_map(|need| {
        if let Lack::MinScore(missing) = need.lack {
            Some(missing)
        } else {
            None
        }
    });
    let score = explanation.score.expect("it matches");
    assert!(!explanation.is_met && explanation.root.matches && (missing.expect("too low") - (1.25 - score)).abs() < 1e-9);
    assert!(explanation.margin < 0.0 && explanation.margin > -0.5, "{}", explanation.margin);
}
