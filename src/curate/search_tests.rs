//! Searches: which expression a query becomes, and what is refused with its place.

use super::{CompiledSearch, RuleContext, compile_concepts, compile_search};
use crate::config::{Rule, from_str};
use crate::model::{Area, Country, SearchExpression, SearchFact, SearchZone, Timestamp};
use std::collections::BTreeMap;

const NOW: i64 = 1_770_000_000;

const FEEDS: &str = "
[[source]]
id = \"lefaso\"
url = \"https://lefaso.example/feed\"
country = \"BF\"
kind = \"private\"
tags = [\"web\"]
[[source]]
id = \"ortm\"
url = \"https://ortm.example/feed\"
country = \"ML\"
kind = \"state\"
[[topic]]
id = \"sahel\"
title = \"Sahel\"
any = [\"Mali\"]
[concept.armes]
any = [\"fusil\", \"char d'assaut\"]
use = [\"@niger\"]
";

fn compile(query: &str) -> Result<CompiledSearch, (String, String, Option<String>)> {
    let config = from_str(std::path::Path::new("feeds.toml"), FEEDS).expect("a configuration");
    let concepts = compile_concepts(&config.concepts).expect("concepts");
    let rules: BTreeMap<String, &Rule> = config.topics.iter().map(|topic| (topic.id.to_string(), &topic.rule)).collect();
    let context = RuleContext::new(&concepts, Some(&config.sources), &rules);
    compile_search(query, &context, Timestamp::from_unix(NOW)).map_err(|errors| {
        let error = errors.into_iter().next().expect("a mistake");
        (query[error.span.clone()].to_owned(), error.message, error.help)
    })
}

/// Writes an expression shortly.
fn short(expression: &SearchExpression) -> String {
    let all = |parts: &[SearchExpression], sign: &str| format!("({})", parts.iter().map(short).collect::<Vec<_>>().join(sign));
    match expression {
        SearchExpression::All(parts) => all(parts, " & "),
        SearchExpression::Any(parts) if parts.len() == 1 => short(&parts[0]),
        SearchExpression::Any(parts) => all(parts, " | "),
        SearchExpression::Not(part) => format!("-{}", short(part)),
        SearchExpression::Everything => "*".to_owned(),
        SearchExpression::Phrase(phrase, zones) => {
            let zone = if *zones == SearchZone::TEXT {
                String::new()
            } else {
                format!("{zones:?}:")
            };
            format!("{zone}{}{}", phrase.words.join("_"), if phrase.is_prefix { "*" } else { "" })
        }
        SearchExpression::Near(one, other, distance, _) => format!("{}~{distance}~{}", one.words.join("_"), other.words.join("_")),
        SearchExpression::Fact(SearchFact::Source(source)) => format!("source {source}"),
        SearchExpression::Fact(SearchFact::Language(tag)) => format!("lang {tag}"),
        SearchExpression::Fact(SearchFact::About(country)) => format!("about {country}"),
        SearchExpression::Fact(SearchFact::Genre(genre)) => genre.as_str().to_owned(),
        SearchExpression::Fact(SearchFact::Days(from, until)) => format!("days {from:?} {until:?}"),
    }
}

#[test]
fn a_query_becomes_words_without_inflection_and_facts() {
    for (query, expected) in [
        ("Attaques", "attaque"),
        ("junta \"coup d'État\"", "(junta & coup_d_etat)"),
        ("l'élection", "election"),
        ("attaqu*", "attaqu*"),
        ("attaques*", "(attaques* | attaque)"),
        ("\"mine d'o\"*", "mine_d_o*"),
        ("Djibo OR Arbinda -football", "(djibo | (arbinda & -football))"),
        ("(Djibo OR Arbinda) -football", "((djibo | arbinda) & -football)"),
        ("-football", "-football"),
        ("*", "*"),
        ("title:crue", "[Title]:crue"),
        ("text:crue", "[Summary, Body]:crue"),
        ("author:awa category:eau", "([Author]:awa & [Category]:eau)"),
        ("lang:fr,ar", "(lang fr | lang ar)"),
        ("source:lefaso", "source lefaso"),
        ("kind:state", "source ortm"),
        ("country:BF", "source lefaso"),
        ("tag:web", "source lefaso"),
        ("about:ML,NE", "(about ML | about NE)"),
        ("about:ne-2,ML", "(about NE-2 | about ML)"),
        ("@mali crue", "(about ML & crue)"),
        ("@armes", "(about NE | fusil | char_d_assaut)"),
        ("mark:opinion", "opinion"),
        ("date:2026-01-02..2026-01-03", "days Some(20455) Some(20457)"),
        ("chef NEAR/5 armées", "(chef~5~armee)"),
        ("NEAR/2(un deux trois)", "(un~2~deu & deu~2~troi)"),
        ("نيجر", "(بنيجر | فبنيجر | فلنيجر | فنيجر | كنيجر | لنيجر | نيجر)"),
    ] {
        assert_eq!(
            compile(query).map(|compiled| short(&compiled.query.expression)),
            Ok(expected.to_owned()),
            "{query}"
        );
    }
}

#[test]
fn since_and_topic_hold_for_the_whole_search() {
    let parts = |query: &str| {
        let compiled = compile(query).expect("it compiles").query;
        let since = compiled.since.map(|since| NOW - since.unix());
        (short(&compiled.expression), since, compiled.topic.map(|topic| topic.to_string()))
    };
    assert_eq!(parts("crue since:24h"), ("crue".to_owned(), Some(86_400), None));
    assert_eq!(parts("since:7d"), ("*".to_owned(), Some(7 * 86_400), None));
    assert_eq!(parts("since:7d AND crue AND since:1d AND eau since:3d").0, "(crue & eau)");
    assert_eq!(parts("since:7d crue since:1d").1, Some(86_400), "the later one");
    assert_eq!(
        parts("since:2026-02-01 crue").1,
        Some(NOW - Timestamp::parse("2026-02-01").expect("a day").unix())
    );
    assert_eq!(parts("topic:sahel crue"), ("crue".to_owned(), None, Some("sahel".to_owned())));
    assert_eq!(parts("topic:sahel"), ("*".to_owned(), None, Some("sahel".to_owned())));
}

#[test]
fn what_an_index_does_not_answer_is_refused_with_its_place() {
    for (query, place, message) in [
        ("", "", "the query is empty"),
        ("crue tile:eau", "tile:", "there is no field `tile:`"),
        ("crue \"coup", "\"coup", "the quotation is not closed"),
        ("(crue OR eau", "(", "this parenthesis is not closed"),
        ("crue OR", "R", "a word is missing here"),
        ("crue ...", "...", "there is no word in this"),
        ("crue /ea+u/", "/ea+u/", "a search compares no regular expression"),
        ("crue =\"Eau\"", "=\"Eau\"", "a search does not compare how a word is written"),
        ("crue eau^2", "eau", "a search weighs no words"),
        ("SAME(crue eau)", "SAME(crue eau)", "a search knows no sentences"),
        ("crue url:eau", "url:eau", "a search does not look into addresses"),
        ("lead:eau", "lead:eau", "a search has no field `lead:`"),
        ("crue sources:>=2", "sources:>=2", "a search finds entries, not stories"),
        ("crue OR topic:sahel", "topic:sahel", "`topic:` holds for the whole search"),
        ("topic:sahell crue", "sahell", "there is no topic `sahell`"),
        ("crue OR since:7d", "since:", "`since:` holds for the whole search"),
        ("crue -since:7d", "since:", "`since:` holds for the whole search"),
        ("since:7d OR crue", "since:", "`since:` holds for the whole search"),
        ("(since:7d crue)", "since:", "`since:` holds for the whole search"),
        ("since:soon", "soon", "`soon` is no time"),
        ("since:", "since:", "a value is missing behind `since:`"),
        ("source:lefasso", "lefasso", "there is no source `lefasso`"),
        ("date:mars", "mars", "this is no date"),
        ("@politique", "@politique", "there is no concept `@politique`"),
        ("a*", "a*", "`a*` begins too many words"),
        ("ab*cd", "ab*cd", "`ab*cd` can match nothing"),
    ] {
        let refused = compile(query).map(|compiled| short(&compiled.query.expression));
        let (own_place, own_message, _) = refused.expect_err(query);
        assert_eq!((own_place.as_str(), own_message.as_str()), (place, message), "{query}");
    }
    let many = format!(
        "NEAR/3(({}) ({}))",
        "bac OR eau OR mil OR riz OR ".repeat(10) + "puits",
        "un OR deux OR ".repeat(20) + "trois"
    );
    assert_eq!(
        compile(&many).expect_err("too many").1,
        "the search has more than 1000 alternatives"
    );
    let help = compile("date:mars").expect_err("no date").2.expect("help");
    assert!(!help.contains("keep"), "{help}");
}

#[test]
fn the_words_are_marked_where_they_stand() {
    let marked = |query: &str, text: &str| -> String {
        let marks = compile(query).expect("it compiles").marks;
        let mut out = text.to_owned();
        for span in marks.spans(text).into_iter().rev() {
            out.insert(span.end, ']');
            out.insert(span.start, '[');
        }
        out
    };
    assert_eq!(marked("attaque", "Des Attaques, une attaque."), "Des [Attaques], une [attaque].");
    assert_eq!(
        marked("\"coup d'etat\" coup", "Un coup d’État, un coup"),
        "Un [coup d’État], un [coup]"
    );
    assert_eq!(marked("att* -marche", "Attaque du marché, marche"), "[Attaque] du marché, marche");
    assert_eq!(marked("-(a -marche)", "une marche"), "une [marche]");
    assert_eq!(marked("النيجر", "في بالنيجر اليوم"), "في [بالنيجر] اليوم");
    assert_eq!(marked("lang:fr", "fr"), "fr");
    assert_eq!(
        compile("about:ML").expect("it compiles").query.expression,
        SearchExpression::Any(vec![SearchExpression::Fact(SearchFact::About(Area::Country(Country::of(*b"ML"))))])
    );
}
