//! `[[topic]]` and `[concept.NAME]`: what is published, and the words it is found by.

use super::choices::{Republish, StoryMode};
use super::formats::{
    FLAG, LANGUAGE, PERCENT, PLACED_TEXT, PLACED_TEXTS, POSITIVE_DURATION, SECRET, TEXT, WEB_URL_OR_EMPTY, choice, number, table, whole,
};
use super::keys::ValueKind;
use super::notify::{NOTIFY, NotifyTarget};
use super::problem::Placed;
use super::secret::Secret;
use super::section::{Format, Section};
use super::table::{Table, table};
use super::values::{Flaw, no_id};
use crate::model::TopicId;
use std::time::Duration;
use url::Url;

table! {
    /// A curated subject, published as a topic feed.
    "[[topic]]" pub struct Topic {
        required {
            /// The name of its files.
            id: TopicId = TOPIC_ID;
        }
        optional {
            /// Its title.
            title: String = TEXT, default String::new();
            /// What it is about, for people.
            description: Option<String> = TEXT;
            /// Its rule.
            rule: Rule = RULE, default Rule::default();
            /// The least score of a placement.
            min_score: f64 = number(0.0, 1e6), default 0.0;
            /// one: one entry a story; copies: only identical texts are merged; off: every entry.
            stories: StoryMode = choice::<StoryMode>(), default StoryMode::One;
            /// How much of an entry its items hold.
            body: Option<Republish> = choice::<Republish>();
            /// How many items it holds.
            limit: usize = whole::<usize>(1, 1000), default 60;
            /// The share of its items that one source may have, when others have something to tell.
            max_share: f64 = PERCENT, default 0.5;
            /// Items older than this leave.
            keep: Option<Duration> = POSITIVE_DURATION;
            /// How many independent sources must have told a story before it enters.
            min_reports: usize = whole::<usize>(1, 100), default 1;
            /// Raises an alert when so many independent sources have told a story within a short time; `notify` tells it.
            alert: Option<AlertRule> = table::<AlertRule>();
            /// Whether stories wait for an editor's approval.
            review: bool = FLAG, default false;
            /// Whether, from 200 labelled entries on, learned weights of words decide with its rule.
            learn: bool = FLAG, default false;
            /// The precision and recall that the topic has to reach on its labelled entries; `griot topic eval` compares with it.
            expect: Option<Expectation> = table::<Expectation>();
            /// Whether a feed of text alone, ID.lite.xml, is written too.
            lite: bool = FLAG, default false;
            /// Its BCP 47 language tag.
            language: Option<String> = LANGUAGE;
            /// Makes it private: `griot serve` serves it to those who give this token, and it is in no other output.
            token: Option<Secret> = SECRET;
            /// A WebSub hub, which passes each change of its feeds on to their subscribers at once.
            hub: Option<Url> = WEB_URL_OR_EMPTY;
            /// Who is told of each new story and each alert: webhooks, and mail addresses for alerts.
            notify: Vec<NotifyTarget> = NOTIFY, default Vec::new();
            /// Whether it is published at all.
            enabled: bool = FLAG, default true;
        }
    }
}

impl Topic {
    /// Returns the id for the log, where a private topic is not named.
    #[must_use]
    pub fn logged_id(&self) -> &str {
        if self.token.is_some() { "(private)" } else { self.id.as_str() }
    }
}

table! {
    /// A topic's rule as text; `curate` compiles it. All that is given must match.
    "[[topic]]" pub struct Rule {
        optional {
            /// Concepts that must be met, such as @sahel.
            about: Vec<Placed> = PLACED_TEXTS, default Vec::new();
            /// Terms of which one must be met.
            any: Vec<Placed> = PLACED_TEXTS, default Vec::new();
            /// Terms that must all be met.
            all: Vec<Placed> = PLACED_TEXTS, default Vec::new();
            /// Terms that must not be met.
            none: Vec<Placed> = PLACED_TEXTS, default Vec::new();
            /// A rule in the query language.
            query: Option<Placed> = PLACED_TEXT;
        }
    }
}

table! {
    /// When a topic raises an alert.
    "`alert` of [[topic]]" pub struct AlertRule {
        required {
            /// The number of sources, each of another owner.
            sources: usize = whole::<usize>(2, 100);
            /// The time within which they told the story.
            within: Duration = POSITIVE_DURATION;
        }
    }
}

table! {
    /// The precision and recall that a topic has to reach on its labelled entries.
    "`expect` of [[topic]]" pub struct Expectation {
        required {
            /// The share of its items that belong there.
            precision: f64 = number(0.0, 1.0);
            /// The share of what belongs there that it holds.
            recall: f64 = number(0.0, 1.0);
        }
    }
}

table! {
    /// A named set of words in several languages.
    "[concept.NAME]" pub struct Concept {
        optional {
            /// Words and phrases of which one must be met.
            any: Vec<Placed> = PLACED_TEXTS, default Vec::new();
            /// Words that count only with other evidence near.
            weak: Vec<Placed> = PLACED_TEXTS, default Vec::new();
            /// Longer words that are taken out before matching.
            mask: Vec<Placed> = PLACED_TEXTS, default Vec::new();
            /// Words that are evidence for those of `weak`, and count for nothing else.
            evidence: Vec<Placed> = PLACED_TEXTS, default Vec::new();
            /// Other concepts whose words belong here too, such as @mali; its own name extends the built-in concept.
            r#use: Vec<Placed> = PLACED_TEXTS, default Vec::new();
            /// Words that are not stemmed.
            nostem: Vec<Placed> = PLACED_TEXTS, default Vec::new();
        }
    }
}

/// A topic's id, which also names files: it must differ from the names of other files that griot writes.
const TOPIC_ID: Format<TopicId> = Format::new(ValueKind::Text, |section, key| section.parsed(key, topic_id));

/// Returns the topic id that a text is; an error when it is none, or when griot writes other files of that name.
pub(super) fn topic_id(text: &str) -> Result<TopicId, Flaw> {
    let id = TopicId::new(text).map_err(|error| no_id(text, error))?;
    let is_of_site = ["about", "health", "index", "region"].contains(&text);
    let is_of_topic = [".atom", ".lite"].iter().any(|end| text.ends_with(end)) || text.contains(".archive-");
    if is_of_site || is_of_topic {
        return Err(Flaw::new(format!("must not be `{text}`: griot writes files of that name itself")));
    }
    Ok(id)
}

/// The keys of a rule, which are keys of the topic itself.
const RULE: Format<Rule> = Format::new(ValueKind::Flattened(Rule::KEYS), |section, _| {
    let rule = Rule::read(section)?;
    check_rule(&rule, section);
    Some(rule)
});

/// Checks that `about` names concepts, and that something selects entries. A topic without any key of a rule holds what editors pin to it.
fn check_rule(rule: &Rule, section: &mut Section<'_>) {
    for concept in rule.about.iter().filter(|one| !one.text.starts_with('@')) {
        let help = format!("write \"@{}\" for the concept, or put the word into `any`", concept.text);
        section.wrong_at(&concept.place, "`about` takes concepts only", Some(help));
    }
    let positive = ["about", "any", "all", "query"];
    let is_given = |key: &&str| section.place_of(key).is_some();
    let any_key = positive.iter().chain([&"none"]).any(is_given);
    if any_key && positive.iter().all(|key| !is_given(key) || section.is_empty_list(key)) {
        let help = "add `about`, `any`, `all` or `query`; query = \"*\" takes everything";
        let given = positive.iter().chain([&"none"]).find_map(|key| section.place_of(key));
        let place = given.unwrap_or_else(|| section.place());
        section.wrong_at(&place, "this rule takes nothing", Some(help.to_owned()));
    }
}

/// Reads one topic; `None` when it has no usable id. A topic without a title gets its id as title.
pub(super) fn read_topic(section: &mut Section<'_>) -> Option<Topic> {
    let mut topic = Topic::read(section)?;
    if topic.title.is_empty() {
        topic.title = topic.id.to_string();
    }
    Some(topic)
}

/// Reads one concept.
pub(super) fn read_concept(name: &Placed, section: &mut Section<'_>) -> Option<Concept> {
    let concept = Concept::read(section);
    // The query language ends a concept's name at any other character.
    let well_formed =
        !name.text.is_empty() && name.text.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_' | '-')) && name.text.len() <= 64;
    if !well_formed {
        let message = format!("`{}` is no name of a concept", name.text);
        section.wrong_at(&name.place, message, Some("use a-z, 0-9, `_` and `-`, 64 at most".to_owned()));
    }
    let has_no = |key: &str| section.place_of(key).is_none() || section.is_empty_list(key);
    if ["any", "weak", "use"].into_iter().all(has_no) {
        section.wrong_at(
            &name.place,
            format!("the concept `{}` has no words", name.text),
            Some("add some to `any`".to_owned()),
        );
    }
    concept
}
