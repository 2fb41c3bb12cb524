//! Explanations as JSON.

use crate::curate::{
    ExplainedAbout, ExplainedClause, ExplainedConcept, ExplainedLearning, ExplainedPart, ExplainedTerm, FoundWords, HiddenWords, Lack,
    Need, PartKind,
};
use crate::model::{Country, Genre};
use crate::pipeline::explain::{EntryExplanation, Standing, TopicExplanation};
use serde_json::{Value, json};

/// Returns an entry on the rules of topics; `circumstances` are told by `tell`.
pub fn value(explained: &EntryExplanation, tell: impl Fn(&TopicExplanation) -> Vec<String>) -> Value {
    let entry = &explained.entry;
    json!({
        "id": entry.id.to_string(), "story": entry.story.to_string(), "source": entry.source.as_str(), "title": entry.title,
        "url": entry.link.as_ref().map(url::Url::as_str), "date": entry.date.rfc3339(), "lang": entry.language,
        "independent": explained.sources_in_story, "about": about(&explained.about),
        "topics": explained.topics.iter().map(|topic| topic_value(topic, &tell(topic))).collect::<Vec<_>>(),
    })
}

fn topic_value(topic: &TopicExplanation, circumstances: &[String]) -> Value {
    let explanation = &topic.explanation;
    let shown = match &topic.standing {
        Standing::Beside(entry) => Some(entry.to_string()),
        Standing::Shown | Standing::Out => None,
    };
    json!({
        "id": topic.topic.as_str(), "in": topic.standing != Standing::Out, "shown": shown, "version": topic.version,
        "matches": explanation.is_met, "score": explanation.score, "min_score": explanation.min_score,
        "first_published": topic.first_published.map(crate::model::Timestamp::rfc3339), "circumstances": circumstances,
        "rule": part(&explanation.root), "needs": explanation.needs.iter().map(need).collect::<Vec<_>>(),
        "learned": explanation.learning.as_ref().map(learning),
    })
}

fn about(about: &ExplainedAbout) -> Value {
    let pair = |(country, number): &(Country, f64)| json!({"country": country.as_str(), "score": number});
    let place = |(found, countries): &(FoundWords, Vec<Country>)| {
        let mut place = words(found);
        place["countries"] = countries.iter().map(Country::as_str).collect();
        place
    };
    json!({
        "countries": about.about.countries().iter().map(|(country, share)| json!({"country": country.as_str(), "share": share})).collect::<Vec<_>>(),
        "regions": about.about.regions().iter().map(|own| own.region.as_str()).collect::<Vec<_>>(),
        "scores": about.scores.iter().map(pair).collect::<Vec<_>>(), "needed": about.needed_score,
        "prior": about.prior.as_ref().map(pair), "words": about.places.iter().map(place).collect::<Vec<_>>(),
        "hidden": about.hidden.iter().map(hidden).collect::<Vec<_>>(), "mark": about.genre.map(Genre::as_str),
    })
}

fn part(explained: &ExplainedPart) -> Value {
    let kind = match explained.kind {
        PartKind::All => "and",
        PartKind::Any => "or",
        PartKind::Not => "not",
        PartKind::Clause => "clause",
    };
    let mut value = json!({"kind": kind, "matches": explained.matches});
    if let Some(found) = &explained.clause {
        add_clause(&mut value, found);
    }
    if !explained.parts.is_empty() {
        value["parts"] = explained.parts.iter().map(part).collect();
    }
    value
}

fn add_clause(value: &mut Value, clause: &ExplainedClause) {
    value["clause"] = clause.written.as_str().into();
    value["boost"] = clause.boost.into();
    value["score"] = clause.score.into();
    value["words"] = clause.words.iter().map(words).collect();
    if !clause.hidden.is_empty() {
        value["hidden"] = clause.hidden.iter().map(hidden).collect();
    }
    if let Some(own) = &clause.value {
        value["value"] = own.as_str().into();
    }
    if let Some(found) = &clause.concept {
        value["concept"] = concept(found);
    }
}

fn concept(concept: &ExplainedConcept) -> Value {
    let terms = concept.terms.iter().map(|explained| {
        let mut value = term(explained);
        value["sufficient"] = explained.is_sufficient.into();
        value
    });
    let mut value = json!({"score": concept.score, "needed": 1.0, "words": terms.collect::<Vec<_>>()});
    if !concept.countries.is_empty() {
        value["countries"] = concept.countries.iter().map(Country::as_str).collect();
        value["country_score"] = concept.country_score.into();
        value["needed_country_score"] = concept.needed_country_score.into();
    }
    value
}

fn term(term: &ExplainedTerm) -> Value {
    let mut value = words(&term.words);
    value["weight"] = term.weight.into();
    value["factor"] = term.factor.into();
    value
}

fn learning(learning: &ExplainedLearning) -> Value {
    json!({
        "score": learning.score, "needed": learning.needed_score, "rule": learning.rule, "refused": learning.is_refused,
        "words": learning.words.iter().map(term).collect::<Vec<_>>(),
    })
}

fn words(found: &FoundWords) -> Value {
    json!({"text": found.words, "field": found.field, "position": found.position})
}

fn hidden(found: &HiddenWords) -> Value {
    let mut value = words(&found.words);
    value["by"] = found.by.as_deref().into();
    value
}

fn need(need: &Need) -> Value {
    let (lack, missing) = match need.lack {
        Lack::Match => ("match", None),
        Lack::NoMatch => ("no-match", None),
        Lack::Score(missing) => ("score", Some(missing)),
        Lack::CountryScore(missing) => ("country-score", Some(missing)),
        Lack::MinScore(missing) => ("min-score", Some(missing)),
        Lack::Pin => ("pin", None),
    };
    json!({"clause": need.clause, "lacks": lack, "missing": missing})
}
