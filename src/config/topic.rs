//! `[[topic]]` and `[concept.NAME]`: what is published, and the words it is found by.

use super::section::Section;
use super::site::REPUBLISH;
use super::values::{self, Flaw};
use super::{BUILTIN_CONCEPTS, Concept, ConfigProblem, Placed, Rule, StoryMode, Topic, unknown};
use crate::model::TopicId;
use std::collections::BTreeMap;

const STORIES: [(&str, StoryMode); 3] = [("one", StoryMode::One), ("copies", StoryMode::Copies), ("off", StoryMode::Off)];

/// Reads one topic. With it comes its id with the id's place; `None` when it has no usable id.
pub(super) fn topic(section: &mut Section<'_>, nested: &mut Vec<ConfigProblem>) -> Option<(Placed, Topic)> {
    let rule = rule(section);
    let expect = expect(section, nested);
    let id = section.parsed("id", topic_id);
    let topic = Topic {
        title: section.text("title").unwrap_or_default(),
        description: section.text("description"),
        rule,
        min_score: section.number("min_score").unwrap_or_default(),
        stories: section.choice("stories", &STORIES).unwrap_or_default(),
        body: section.choice("body", &REPUBLISH),
        limit: section.whole("limit").and_then(|limit| usize::try_from(limit).ok()).unwrap_or(60),
        keep: section.some_time("keep"),
        review: section.flag("review").unwrap_or_default(),
        learn: section.flag("learn").unwrap_or_default(),
        expect,
        lite: section.flag("lite").unwrap_or_default(),
        language: section.parsed("language", values::language),
        token: section.parsed("token", values::secret),
        hub: section.parsed("hub", |text| values::unless_empty(text, values::web_url)).flatten(),
        notify: section.list("notify", values::web_url).into_iter().map(|(url, _)| url).collect(),
        enabled: section.flag("enabled").unwrap_or(true),
        place: section.place(),
        id: id?,
    };
    let id = Placed {
        text: topic.id.to_string(),
        place: section.place_of("id")?,
    };
    Some((id, named(topic)))
}

/// Gives a topic without a title its id as title.
fn named(mut topic: Topic) -> Topic {
    if topic.title.is_empty() {
        topic.title = topic.id.to_string();
    }
    topic
}

/// Reads a topic's id, which also names files: those of the whole and those of another topic must stay apart from it.
fn topic_id(text: &str) -> Result<TopicId, Flaw> {
    let id = TopicId::new(text).map_err(|error| Flaw::new(format!("is no id: {error}")))?;
    if ["index", "health"].contains(&text) || [".atom", ".lite"].iter().any(|end| text.ends_with(end)) {
        return Err(Flaw::new(format!("must not be `{text}`: griot writes files of that name itself")));
    }
    Ok(id)
}

fn rule(section: &mut Section<'_>) -> Rule {
    let rule = Rule {
        about: section.placed_list("about"),
        any: section.placed_list("any"),
        all: section.placed_list("all"),
        none: section.placed_list("none"),
        query: section.placed("query"),
    };
    for concept in rule.about.iter().filter(|one| !one.text.starts_with('@')) {
        let help = format!("write \"@{}\" for the concept, or put the word into `any`", concept.text);
        section.wrong_at(&concept.place, "`about` takes concepts only", Some(help));
    }
    let positive = ["about", "any", "all", "query"];
    if positive
        .iter()
        .all(|key| section.place_of(key).is_none() || section.is_empty_list(key))
    {
        let help = "add `about`, `any`, `all` or `query`; query = \"*\" takes everything";
        section.wrong_at(&section.place(), "a topic needs a rule", Some(help.to_owned()));
    }
    rule
}

fn expect(section: &mut Section<'_>, problems: &mut Vec<ConfigProblem>) -> Option<(f64, f64)> {
    let mut expect = section.table("expect")?;
    let read = expect.number("precision").zip(expect.number("recall"));
    expect.finish(problems);
    read
}

/// Reads one concept.
pub(super) fn concept(name: &Placed, section: &mut Section<'_>) -> Concept {
    let concept = Concept {
        any: section.placed_list("any"),
        weak: section.placed_list("weak"),
        mask: section.placed_list("mask"),
        nostem: section.placed_list("nostem"),
        place: section.place(),
    };
    // The query language ends a concept's name where no such character follows.
    let well_formed =
        !name.text.is_empty() && name.text.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_' | '-')) && name.text.len() <= 64;
    if !well_formed {
        let message = format!("`{}` is no name of a concept", name.text);
        section.wrong_at(&name.place, message, Some("use a-z, 0-9, `_` and `-`, 64 at most".to_owned()));
    }
    if (section.place_of("any").is_none() || section.is_empty_list("any"))
        && (section.place_of("weak").is_none() || section.is_empty_list("weak"))
    {
        section.wrong_at(
            &name.place,
            format!("the concept `{}` has no words", name.text),
            Some("add some to `any`".to_owned()),
        );
    }
    concept
}

/// Checks that every concept which the lists of a rule name exists. Those in `query` are checked by whoever compiles it.
pub(super) fn concepts_exist(topic: &Topic, concepts: &BTreeMap<String, Concept>, problems: &mut Vec<ConfigProblem>) {
    let rule = &topic.rule;
    for term in rule.about.iter().chain(&rule.any).chain(&rule.all).chain(&rule.none) {
        let Some(name) = term.text.strip_prefix('@') else { continue };
        // A boost may follow, as in `@sahel^2`.
        let name = name.split('^').next().unwrap_or_default();
        if concepts.contains_key(name) || BUILTIN_CONCEPTS.contains(&name) {
            continue;
        }
        let known = || concepts.keys().map(String::as_str).chain(BUILTIN_CONCEPTS.iter().copied());
        let help = match unknown::nearest(name, known()) {
            Some((near, _)) => format!("did you mean `@{near}`?"),
            None => format!(
                "there is no [concept.{name}]; known: {}",
                known().map(|one| format!("@{one}")).collect::<Vec<_>>().join(", ")
            ),
        };
        problems.push(ConfigProblem {
            place: Some(term.place.clone()),
            message: format!("unknown concept `@{name}`"),
            help: Some(help),
            also: None,
        });
    }
}
