//! Topics that learn from labels, over several runs.

use super::explain::explain;
use super::sample::{DESK, Sample, at, draft, topic};
use super::topic_eval::{Counts, eval_marks};
use super::topic_learn::LabelTally;
use super::topic_rule::TopicRule;
use crate::model::{EntryId, MarkKind, MarkTarget, TopicLearning};
use std::collections::BTreeMap;

/// The headlines of labelled entries, and whether they belong to the topic. The rule finds those that name Mali.
const KINDS: [(&str, bool); 4] = [
    ("Mali orpailleur", true),
    ("Mali footballeur", false),
    ("Bamako orpailleur", true),
    ("Dakar marché", false),
];

fn learning(keys: &str) -> String {
    format!("{DESK}learn = true\n{keys}")
}

/// A headline that shares no more with another of its kind than two reports of two events do.
fn headline(title: &str, number: usize, kind: usize) -> String {
    format!("{title} n{number}k{kind}q à Rive{number}k{kind} chez Awa{number}k{kind}")
}

/// A desk with one entry of each kind for each number, each dated a little apart and a story of its own.
fn desk(config: &str, numbers: std::ops::Range<usize>) -> Sample {
    let sample = Sample::open(&format!("{config}[fetch]\nmax_new = 0\n"));
    add(&sample, numbers, 0);
    sample
}

fn add(sample: &Sample, numbers: std::ops::Range<usize>, hours: i64) {
    let drafts: Vec<_> = numbers
        .flat_map(|number| KINDS.iter().enumerate().map(move |(kind, (title, _))| (number, kind, *title)))
        .map(|(number, kind, title)| {
            let words: Vec<String> = (0..20).map(|word| format!("mot{number}k{kind}x{word}")).collect();
            let guid = format!("{number}-{kind}");
            draft("aube", &guid, &headline(title, number, kind), &words.join(" "), at(hours - 1))
        })
        .collect();
    sample.gather("aube", &drafts, at(hours));
    sample.evaluate(at(hours));
}

fn titles(sample: &Sample) -> BTreeMap<String, EntryId> {
    let mut titles = BTreeMap::new();
    let each = &mut |entry: crate::model::Entry| {
        titles.insert(entry.title, entry.id);
    };
    sample.app.store.entries_by_date(None, 10_000, each).expect("entries");
    titles
}

/// Labels the entries of these numbers for the topic.
fn label(sample: &Sample, numbers: std::ops::Range<usize>) {
    let titles = titles(sample);
    for number in numbers {
        for (kind, (title, is_yes)) in KINDS.iter().enumerate() {
            let entry = titles[&headline(title, number, kind)];
            let kind = if *is_yes { MarkKind::Yes } else { MarkKind::No };
            sample.mark(kind, MarkTarget::Entry(entry), Some(topic("mali")));
        }
    }
}

/// Returns how many entries of each kind are placed.
fn placed(sample: &Sample) -> [usize; 4] {
    let titles: BTreeMap<EntryId, String> = titles(sample).into_iter().map(|(title, id)| (id, title)).collect();
    let placements = sample.placements("mali");
    KINDS.map(|(kind, _)| placements.iter().filter(|one| titles[&one.entry].starts_with(kind)).count())
}

fn learned(sample: &Sample) -> Option<TopicLearning> {
    sample.app.store.topic_learning(&topic("mali")).expect("read")
}

#[test]
fn a_topic_learns_from_200_labels_on_and_switching_it_off_leaves_the_rule_alone() {
    let mut sample = desk(&learning(""), 0..52);
    label(&sample, 0..49);
    let last = titles(&sample);
    let titles_of_last: Vec<_> = (0..3).map(|kind| last[&headline(KINDS[kind].0, 49, kind)]).collect();
    for (entry, (_, is_yes)) in titles_of_last.iter().zip(KINDS) {
        let kind = if is_yes { MarkKind::Yes } else { MarkKind::No };
        sample.mark(kind, MarkTarget::Entry(*entry), Some(topic("mali")));
    }
    sample.evaluate(at(1));
    assert_eq!(sample.app.store.label_count(&topic("mali")).expect("read"), 199);
    assert_eq!(
        (learned(&sample), placed(&sample)),
        (None, [52, 52, 0, 0]),
        "199 labels are too few"
    );
    label(&sample, 50..51);
    let before = sample.placements("mali").len();
    sample.evaluate(at(2));
    assert_eq!(before, 104);
    assert_eq!(placed(&sample), [52, 0, 52, 0], "also of entries that nobody has labelled");
    let taken_in = sample
        .placements("mali")
        .into_iter()
        .find(|one| one.placed == at(2))
        .expect("a new one");
    assert!(!taken_in.is_news, "a topic that learns floods nobody");
    let reason = taken_in.reasons.iter().find(|reason| reason.clause == "learned").expect("a reason");
    assert!(reason.words.contains("orpailleur +") && reason.field == "title", "{reason:?}");
    sample.publish(at(2));
    assert!(sample.file("mali.html").expect("a page").contains("orpailleur"), "it is published");
    let first = learned(&sample).expect("it has learned");
    assert_eq!((first.label_count, first.learned), (203, at(2)));
    // A new entry is decided by what was learned.
    add(&sample, 60..61, 3);
    assert_eq!(placed(&sample), [53, 0, 53, 0]);
    assert_eq!(learned(&sample).as_ref(), Some(&first), "nothing was learned again");
    sample.configure(&format!("{DESK}[fetch]\nmax_new = 0\n"));
    sample.evaluate(at(4));
    assert_eq!(placed(&sample), [53, 53, 0, 0], "the rule alone");
}

#[test]
fn a_topic_learns_again_when_labels_have_grown_by_a_tenth_or_its_rule_is_another() {
    let mut sample = desk(&learning(""), 0..60);
    label(&sample, 0..50);
    sample.evaluate(at(1));
    let first = learned(&sample).expect("it has learned");
    assert_eq!((first.label_count, first.learned), (200, at(1)));
    label(&sample, 50..54);
    sample.evaluate(at(2));
    assert_eq!(learned(&sample), Some(first), "216 labels are not a tenth more");
    label(&sample, 54..55);
    sample.evaluate(at(3));
    assert_eq!(
        learned(&sample).map(|learning| (learning.label_count, learning.learned)),
        Some((220, at(3)))
    );
    sample.configure(&format!("{}[fetch]\nmax_new = 0\n", learning("none = [\"Kati\"]\n")));
    sample.evaluate(at(4));
    assert_eq!(
        learned(&sample).map(|learning| (learning.label_count, learning.learned)),
        Some((220, at(4)))
    );
}

#[test]
fn twenty_labels_of_each_kind_are_needed() {
    let sample = desk(&learning(""), 0..60);
    let titles = titles(&sample);
    let mut labels = titles.iter().filter(|(title, _)| title.starts_with("Mali"));
    let mut label = |count: usize, kind: MarkKind| {
        for (_, entry) in labels.by_ref().take(count) {
            sample.mark(kind, MarkTarget::Entry(*entry), Some(topic("mali")));
        }
    };
    label(95, MarkKind::Yes);
    label(19, MarkKind::No);
    let others: Vec<EntryId> = titles
        .iter()
        .filter(|(title, _)| !title.starts_with("Mali"))
        .map(|(_, id)| *id)
        .collect();
    for entry in &others[..100] {
        sample.mark(MarkKind::Yes, MarkTarget::Entry(*entry), Some(topic("mali")));
    }
    sample.evaluate(at(1));
    let first = learned(&sample).expect("it was tried");
    assert_eq!((first.label_count, first.digest), (214, None));
    assert_eq!(placed(&sample), [60, 60, 0, 0]);
    sample.evaluate(at(2));
    assert_eq!(learned(&sample), Some(first), "not tried again without a new label");
    sample.mark(MarkKind::No, MarkTarget::Entry(others[110]), Some(topic("mali")));
    sample.evaluate(at(3));
    assert!(
        learned(&sample).is_some_and(|learning| learning.digest.is_some()),
        "tried with the next label"
    );
}

#[test]
fn nothing_is_read_of_topics_that_do_not_learn_and_a_count_of_those_that_have_learned() {
    for (config, expected) in [
        (DESK.to_owned(), vec![]),
        (learning(""), vec!["SELECT count(*) FROM mark_event", "SELECT topic, labels, rule"]),
    ] {
        let mut sample = desk(&config, 0..50);
        label(&sample, 0..50);
        sample.evaluate(at(1));
        let statements = sample.trace();
        sample.evaluate(at(2));
        let of_learning = |sql: &&String| {
            ["topic_model", "topic_weight", "mark_event_label"]
                .iter()
                .any(|name| sql.contains(name))
        };
        let read = statements.lock().expect("the list");
        let read: Vec<&String> = read.iter().filter(of_learning).collect();
        assert_eq!(read.len(), expected.len(), "{read:?}");
        assert!(
            read.iter().zip(&expected).all(|(sql, beginning)| sql.starts_with(beginning)),
            "{read:?}"
        );
    }
}

#[test]
fn what_a_retired_topic_learned_is_deleted() {
    let mut sample = desk(&learning(""), 0..50);
    label(&sample, 0..50);
    sample.evaluate(at(1));
    assert!(sample.app.store.topic_model(&topic("mali")).expect("read").is_some());
    sample.configure(&DESK.replace("id = \"mali\"", "id = \"eau\""));
    sample.evaluate(at(2));
    assert_eq!(
        (learned(&sample), sample.app.store.topic_model(&topic("mali")).expect("read")),
        (None, None)
    );
}

#[test]
fn an_evaluation_of_a_topic_that_learns_has_the_figures_by_cross_validation_beside_those_in_sample() {
    let evaluate = |sample: &Sample| {
        let app = &sample.app;
        let rule = TopicRule::new(&app.config, &app.prepared, &topic("mali"), None);
        let mut rule = rule.expect("a rule").expect("a topic");
        rule.read_model(&app.store).expect("read");
        eval_marks(&app.prepared, &app.store, &rule).expect("evaluated")
    };
    let sample = desk(&learning("expect = { precision = 0.9, recall = 0.9 }\n"), 0..50);
    label(&sample, 0..49);
    sample.evaluate(at(1));
    let few = evaluate(&sample);
    assert_eq!(few.too_few, Some(LabelTally { yes: 98, no: 98 }));
    assert_eq!((few.counts, few.cross_validated), (Counts([49, 49, 49, 49]), None));
    label(&sample, 49..50);
    sample.evaluate(at(2));
    let enough = evaluate(&sample);
    // All entries are of one source: what others teach is nothing.
    assert_eq!(enough.counts, Counts([100, 0, 0, 100]));
    assert_eq!((enough.cross_validated, enough.too_few), (Some(Counts([50, 50, 50, 50])), None));
    assert!(!enough.is_expectation_met(), "figures in sample do not count");
    let explained = explain(
        &sample.app.config,
        &sample.app.prepared,
        &sample.app.store,
        titles(&sample)[&headline(KINDS[1].0, 0, 1)],
        None,
        at(2),
    );
    let topics = explained.expect("read").expect("composed").topics;
    let found = &topics[0].explanation;
    assert!(
        !found.is_met && found.root.matches && topics[0].circumstances.is_empty(),
        "{topics:?}"
    );
    let words: Vec<&str> = found
        .learning
        .iter()
        .flat_map(|learning| &learning.words)
        .map(|term| term.words.words.as_str())
        .collect();
    assert_eq!(words.first(), Some(&"footballeur"), "{words:?}");
}
