//! Composing and evaluating over several runs: what is new, what enters a topic, what leaves it, and what marks and sources change.

use super::retention;
use super::sample::{DESK, Sample, at, draft, numbered, source, topic, url};
use crate::model::{About, Basis, Changes, Composition, EntryDraft, EntryId, MarkKind, MarkTarget, StoryId, Timestamp};
use crate::store::StoryEntry;
use std::collections::BTreeSet;

/// A text of forty words on Mali that no numbered entry shares a word with.
const FERRY: &str = "Au Mali, le bac de Dioro reprend ses traversées dès lundi, après onze semaines d'arrêt, a annoncé la commission des transports de \
    la région. Deux moteurs neufs ont été posés, et la coque a été réparée par les charpentiers du port, sous les yeux des marchands de riz.";

/// Returns the entries of the only placement's story.
fn members(sample: &Sample) -> Vec<StoryEntry> {
    let placements = sample.placements("mali");
    assert_eq!(placements.len(), 1, "{placements:?}");
    sample.app.store.story_entries(&[placements[0].story]).expect("entries")
}

fn entry_of(entries: &[StoryEntry], slug: &str) -> EntryId {
    entries.iter().find(|entry| entry.source == source(slug)).expect("an entry").id
}

/// Returns a desk on which Le Soir has the text of L'Aube one hour later, under another headline.
fn desk_with_copy() -> Sample {
    let sample = Sample::open(DESK);
    sample.run("aube", &[draft("aube", "bac", "Le bac repart", FERRY, at(-3))], at(0));
    sample.run("soir", &[draft("soir", "1", "On traverse à Dioro", FERRY, at(-2))], at(1));
    assert_eq!(members(&sample).len(), 2);
    sample
}

#[test]
fn a_document_that_was_seen_before_brings_nothing() {
    let sample = Sample::open(DESK);
    let document: Vec<EntryDraft> = (0..5).map(|number| numbered("aube", number, at(-24))).collect();
    assert_eq!(sample.gather("aube", &document, at(0)).changes.new_entries.len(), 5);
    sample.evaluate(at(0));
    let again = sample.gather("aube", &document, at(1)).changes;
    assert_eq!(
        (again.new_entries.len(), again.revised_entries.len(), again.new_keys.len()),
        (0, 0, 0)
    );
    assert_eq!(sample.app.store.uncomposed_ids().expect("ids"), []);
    assert_eq!(sample.app.store.unevaluated_stories().expect("stories"), []);
    let other = sample.gather("soir", &document, at(1)).changes;
    assert_eq!(other.new_entries.len(), 5, "the keys are those of one source");
}

#[test]
fn what_is_older_than_the_topics_keep_does_not_enter_and_what_is_in_stays() {
    let sample = Sample::open(&format!("{DESK}keep = \"30h\"\n"));
    let at_bound = numbered("aube", 1, at(-30));
    let older = numbered("aube", 2, Timestamp::from_unix(at(-30).unix() - 1));
    sample.run("aube", &[at_bound, older], at(0));
    assert_eq!(sample.titles("mali"), ["Mali n1q"]);
    assert_eq!(sample.placements("mali").len(), 1, "the older one is not placed at all");
    // The entry is changed after it has aged: it has left the feed, but its placement stays.
    let mut changed = numbered("aube", 1, at(-30));
    changed.title.push_str(" corrigé");
    sample.run("aube", &[changed], at(5));
    assert_eq!((sample.placements("mali").len(), sample.titles("mali").len()), (1, 0));
}

#[test]
fn a_visit_brings_ten_old_entries_into_a_topic_and_a_changed_rule_no_more() {
    let mut sample = Sample::open(DESK);
    // Older than 48 hours at the visit: old. Exactly 48 hours is not.
    let old = |number| numbered("aube", number, at(-49 - i64::try_from(number).expect("a number")));
    let mut document: Vec<EntryDraft> = (0..15).map(old).collect();
    document.push(numbered("aube", 90, at(-48)));
    sample.run("aube", &document, at(0));
    let titles = sample.titles("mali");
    assert_eq!(
        (titles.len(), titles[0].as_str(), titles[10].as_str()),
        (11, "Mali n90q", "Mali n9q"),
        "the newest"
    );
    sample.configure(&DESK.replace("\"Mali\"]", "\"Mali\", \"Niger\"]"));
    sample.evaluate(at(1));
    assert_eq!(sample.placements("mali").len(), 11, "those that were refused stay out");
    let (more, others) = (
        (20..35).map(old).collect::<Vec<_>>(),
        (20..35).map(|n| numbered("soir", n + 100, at(-60))),
    );
    sample.gather("aube", &more, at(1));
    sample.gather("soir", &others.collect::<Vec<_>>(), at(1));
    sample.evaluate(at(1));
    assert_eq!(sample.placements("mali").len(), 31, "ten of each visit");
}

#[test]
fn what_only_a_changed_rule_brings_in_is_no_news() {
    let mut sample = Sample::open(&DESK.replace("any = [\"Mali\"]", "any = [\"Niger\"]\nlimit = 3"));
    let document: Vec<EntryDraft> = (0..9).map(|number| numbered("aube", number, at(-2))).collect();
    sample.run("aube", &document, at(0));
    assert_eq!(sample.titles("mali").len(), 0);
    sample.configure(&format!("{DESK}limit = 3\n"));
    sample.evaluate(at(1));
    sample.publish(at(1));
    assert_eq!((sample.placements("mali").len(), sample.titles("mali").len()), (9, 3), "no burst");
    assert!(sample.placements("mali").iter().all(|placement| !placement.is_news));
    sample.run("soir", &[numbered("soir", 50, at(0)), numbered("soir", 51, at(0))], at(2));
    assert!(
        sample
            .placements("mali")
            .iter()
            .all(|placement| placement.is_news == (placement.source == source("soir")))
    );
}

#[test]
fn a_hidden_original_neither_leads_its_story_nor_is_shown() {
    let sample = desk_with_copy();
    let entries = members(&sample);
    let (original, copy) = (entry_of(&entries, "aube"), entry_of(&entries, "soir"));
    let lead = || sample.app.store.stories(&[entries[0].story]).expect("a story")[0].lead;
    assert_eq!((lead(), sample.titles("mali")), (original, vec!["Le bac repart".to_owned()]));
    sample.mark(MarkKind::Hide, MarkTarget::Entry(original), Some(topic("mali")));
    sample.evaluate(at(2));
    sample.publish(at(2));
    assert_eq!(lead(), original, "it is hidden in one topic only");
    assert_eq!(sample.titles("mali"), ["On traverse à Dioro"]);
    sample.mark(MarkKind::Hide, MarkTarget::Entry(original), None);
    sample.evaluate(at(3));
    assert_eq!(lead(), copy);
    sample.mark(MarkKind::Unhide, MarkTarget::Entry(original), None);
    sample.evaluate(at(4));
    sample.publish(at(4));
    assert_eq!((lead(), sample.titles("mali")), (original, vec!["Le bac repart".to_owned()]));
}

#[test]
fn an_item_neither_names_nor_links_what_is_hidden() {
    let sample = desk_with_copy();
    let entries = members(&sample);
    let shown = || {
        let item = sample.items("mali").remove(0);
        assert_eq!(item["_griot"]["sources"].as_array().map(Vec::len), Some(1), "a copy is counted");
        (
            item["url"].as_str().expect("a link").to_owned(),
            item["_griot"]["copies"].as_u64().expect("a number"),
        )
    };
    let hide = |slug, hours| {
        sample.mark(MarkKind::Hide, MarkTarget::Entry(entry_of(&entries, slug)), None);
        sample.evaluate(at(hours));
        sample.publish(at(hours));
    };
    assert_eq!(shown(), ("https://aube.example/bac".to_owned(), 1));
    hide("soir", 2);
    assert_eq!(shown(), ("https://aube.example/bac".to_owned(), 0));
    sample.mark(MarkKind::Unhide, MarkTarget::Entry(entry_of(&entries, "soir")), None);
    hide("aube", 3);
    assert_eq!(
        shown(),
        ("https://soir.example/1".to_owned(), 0),
        "the link of the item was that of the hidden entry"
    );
}

#[test]
fn what_a_removed_source_brought_stays_unless_it_is_hidden() {
    let mut sample = Sample::open(DESK);
    let document: Vec<EntryDraft> = (0..3).map(|number| numbered("soir", number, at(-2))).collect();
    sample.run("soir", &document, at(0));
    let placed: BTreeSet<StoryId> = sample.placements("mali").iter().map(|placement| placement.story).collect();
    let without = DESK.split("[[source]]\nid = \"soir\"").next().expect("a beginning");
    // No entry matches the new rule.
    sample.configure(&format!("{without}[[topic]]\nid = \"mali\"\ntitle = \"Mali\"\nany = [\"Niger\"]\n"));
    sample.evaluate(at(1));
    let stays: BTreeSet<StoryId> = sample.placements("mali").iter().map(|placement| placement.story).collect();
    assert_eq!((stays.len(), &stays), (3, &placed));
    sample.publish(at(1));
    assert!(
        sample
            .items("mali")
            .iter()
            .all(|item| item["_griot"]["sources"][0]["name"] == "Le Soir")
    );
    let hidden = sample.placements("mali")[0].entry;
    sample.mark(MarkKind::Hide, MarkTarget::Entry(hidden), Some(topic("mali")));
    sample.evaluate(at(2));
    let left = sample.placements("mali");
    assert_eq!(left.len(), 2);
    assert!(left.iter().all(|placement| placement.entry != hidden));
}

#[test]
fn the_placements_of_a_source_that_is_still_configured_follow_the_rule() {
    let mut sample = Sample::open(DESK);
    sample.run("soir", &[numbered("soir", 1, at(-2))], at(0));
    sample.configure(&DESK.replace("\"Mali\"]", "\"Niger\"]"));
    sample.evaluate(at(1));
    assert_eq!(sample.placements("mali"), []);
}

#[test]
fn entries_of_a_source_are_evaluated_again_when_its_country_tags_kind_or_trust_change() {
    let with = |keys: &str, rule: &str| {
        DESK.replace("id = \"soir\"", &format!("id = \"soir\"\n{keys}"))
            .replace("any = [\"Mali\"]", rule)
            // A rule may name no tag that no source has.
            + "[[source]]\nid = \"matin\"\nname = \"Matin\"\nurl = \"https://matin.example/feed\"\ntags = [\"nord\"]\n"
    };
    for (rule, keys) in [
        ("query = \"country:ML\"", "country = \"ML\""),
        ("query = \"tag:nord\"", "tags = [\"nord\"]"),
        ("query = \"kind:wire\"", "kind = \"wire\""),
    ] {
        let mut sample = Sample::open(&with("", rule));
        sample.run("soir", &[numbered("soir", 1, at(-2))], at(0));
        sample.run("aube", &[numbered("aube", 2, at(-2))], at(0));
        assert_eq!(sample.placements("mali").len(), 0, "{keys}");
        sample.configure(&with(keys, rule));
        sample.evaluate(at(1));
        assert_eq!(sample.placements("mali").len(), 1, "{keys}");
        sample.configure(&with("", rule));
        sample.evaluate(at(2));
        assert_eq!(sample.placements("mali").len(), 0, "{keys}");
    }
    let mut sample = desk_with_copy();
    let entries = members(&sample);
    let apart: Vec<Composition> = entries
        .iter()
        .map(|entry| Composition::new(entry.id, None, entry.story, at(2), Basis::Event))
        .collect();
    sample
        .app
        .store
        .apply(Changes {
            compositions: apart,
            ..Changes::default()
        })
        .expect("two originals");
    sample.evaluate(at(2));
    assert_eq!(sample.placements("mali")[0].entry, entry_of(&entries, "aube"), "the earlier one");
    sample.configure(&with("trust = 90", "any = [\"Mali\"]"));
    sample.evaluate(at(3));
    assert_eq!(
        sample.placements("mali")[0].entry,
        entry_of(&entries, "soir"),
        "the one that is trusted more"
    );
}

#[test]
fn a_copy_is_found_for_ten_days_also_when_the_store_was_pruned_meanwhile() {
    for (days, is_copy, is_kept) in [(5, true, true), (9, true, true), (11, false, true), (15, false, false)] {
        let sample = Sample::open(DESK);
        sample.run("aube", &[draft("aube", "bac", "Le bac repart", FERRY, at(-1))], at(0));
        let now = at(24 * days);
        let pruned = retention::prune(&sample.app.store, &sample.app.config.retention, now, || true).expect("pruned");
        assert_eq!(!pruned.rows.contains_key("fingerprint"), is_kept, "{days} days: {pruned:?}");
        sample.run("soir", &[draft("soir", "1", "On traverse à Dioro", FERRY, at(24 * days - 1))], now);
        let stories = sample.placements("mali").len();
        assert_eq!(stories, if is_copy { 1 } else { 2 }, "{days} days");
    }
}

#[test]
fn entries_are_purged_when_they_are_older_than_keep_but_some_of_each_source_stay() {
    let sample = Sample::open(&format!("{DESK}[retention]\nkeep = \"20d\"\nkeep_min = 2\n"));
    let document: Vec<EntryDraft> = (0..5).map(|number| numbered("aube", number, at(-24))).collect();
    sample.run("aube", &document, at(0));
    sample.run("soir", &[numbered("soir", 9, at(-24))], at(0));
    let stored = |slug: &str| sample.app.store.stories_of_source(&source(slug)).expect("stories").len();
    let prune = |now| retention::prune(&sample.app.store, &sample.app.config.retention, now, || true).expect("pruned");
    prune(at(19 * 24));
    assert_eq!((stored("aube"), stored("soir")), (5, 1), "at the age of `keep`");
    prune(Timestamp::from_unix(at(19 * 24).unix() + 1));
    assert_eq!((stored("aube"), stored("soir")), (2, 1));
    let again = sample.gather("aube", &document, at(19 * 24 + 1));
    assert_eq!(again.changes.new_entries.len(), 0, "what was purged does not come back");
    let day = at(19 * 24);
    assert!(!retention::is_due(&sample.app.store, day).expect("asked"), "once a day");
    assert!(retention::is_due(&sample.app.store, at(20 * 24)).expect("asked"));
}

#[test]
fn pruning_does_at_least_one_transaction_and_goes_on_as_long_as_it_may() {
    let sample = Sample::open(&format!("{DESK}[retention]\nkeep = \"20d\"\nkeep_min = 1\n"));
    let document: Vec<EntryDraft> = (0..701).map(|number| numbered("aube", number, at(-24))).collect();
    sample.gather("aube", &document, at(0));
    let count = || {
        let mut count = 0;
        sample.app.store.entries_by_date(None, 1_000, &mut |_| count += 1).expect("entries");
        count
    };
    let first = retention::prune(&sample.app.store, &sample.app.config.retention, at(21 * 24), || false).expect("pruned");
    assert_eq!((first.is_done, first.rows["entry"], count()), (false, 500, 201));
    assert!(
        retention::is_due(&sample.app.store, at(21 * 24)).expect("asked"),
        "it has not come to its end"
    );
    let rest = retention::prune(&sample.app.store, &sample.app.config.retention, at(21 * 24), || true).expect("pruned");
    assert_eq!((rest.is_done, rest.rows["entry"], count()), (true, 200, 1));
}

#[test]
fn a_corrected_link_is_taken_over_under_the_same_guid() {
    let sample = Sample::open(DESK);
    let mut entry = draft("aube", "bac", "Le bac repart", FERRY, at(-2));
    sample.run("aube", &[entry.clone()], at(0));
    let guid = sample.items("mali")[0]["id"].clone();
    entry.link = Some(url("https://aube.example/bac-corrige"));
    sample.run("aube", &[entry], at(1));
    let items = sample.items("mali");
    assert_eq!((items.len(), &items[0]["id"]), (1, &guid));
    assert_eq!(items[0]["url"], "https://aube.example/bac-corrige");
}

/// Stores that the only entry of a story is about nothing, as told by `version`.
fn forget_subject(sample: &Sample, story: StoryId, version: Option<i64>) {
    let entry = sample.app.store.story_entries(&[story]).expect("entries")[0].id;
    let changes = Changes {
        subjects: vec![(entry, About::default(), None)],
        subjects_version: version,
        ..Changes::default()
    };
    sample.app.store.apply(changes).expect("stored");
}

#[test]
fn a_changed_rule_reads_only_entries_about_its_countries() {
    let mut sample = Sample::open(DESK);
    // More stories than are evaluated at once.
    let document: Vec<EntryDraft> = (0..1_201).map(|number| numbered("aube", number, at(-2))).collect();
    sample.run("aube", &document, at(0));
    assert_eq!(sample.placements("mali").len(), 1_201);
    sample.configure(&DESK.replace("any = [\"Mali\"]", "any = [\"Niger\"]"));
    sample.evaluate(at(1));
    assert_eq!(sample.placements("mali").len(), 0);
    sample.configure(&DESK.replace("any = [\"Mali\"]", "query = \"about:ML,NE\""));
    sample.evaluate(at(2));
    assert_eq!(sample.placements("mali").len(), 1_201);
    let forgotten = sample.placements("mali")[0].story;
    forget_subject(&sample, forgotten, None);
    sample.configure(&DESK.replace("any = [\"Mali\"]", "query = \"about:NE\""));
    sample.evaluate(at(3));
    assert_eq!(
        sample.placements("mali").len(),
        0,
        "what the topic holds is read whatever it is about"
    );
    forget_subject(&sample, forgotten, None);
    sample.configure(&DESK.replace("any = [\"Mali\"]", "about = [\"@mali\"]"));
    sample.evaluate(at(4));
    let placed = sample.placements("mali");
    assert_eq!((placed.len(), placed.iter().any(|one| one.story == forgotten)), (1_200, false));
}

#[test]
fn a_changed_rule_keeps_what_is_pinned_whatever_it_is_about() {
    for target_story in [false, true] {
        let mut sample = Sample::open(DESK);
        sample.run(
            "aube",
            &[draft("aube", "1", "Le marché rouvre", "Trois mots seulement.", at(-1))],
            at(0),
        );
        let entries = sample.app.store.stories_of_source(&source("aube")).expect("stories");
        let entry = sample.app.store.story_entries(&entries).expect("entries")[0].id;
        let target = if target_story {
            MarkTarget::Story(entries[0])
        } else {
            MarkTarget::Entry(entry)
        };
        sample.mark(MarkKind::Pin, target, None);
        // The rule changes before the mark was evaluated in the topic.
        let other = DESK
            .replace("id = \"mali\"", "id = \"niger\"")
            .replace("any = [\"Mali\"]", "about = [\"@niger\"]");
        sample.configure(&DESK.replace("any = [\"Mali\"]", "about = [\"@mali\"]"));
        sample.evaluate(at(1));
        assert_eq!(sample.placements("mali").len(), 1, "{target:?}");
        sample.configure(&other);
        sample.evaluate(at(2));
        assert_eq!(sample.placements("niger").len(), 1, "{target:?}");
    }
}

#[test]
fn all_is_evaluated_again_when_entries_may_be_about_something_else_than_was_stored() {
    let sample = Sample::open(&DESK.replace("any = [\"Mali\"]", "about = [\"@mali\"]"));
    sample.run("aube", &[numbered("aube", 1, at(-2))], at(0));
    let story = sample.placements("mali")[0].story;
    forget_subject(&sample, story, Some(1));
    let about = || sample.app.store.story_entries(&[story]).expect("entries")[0].about.encode();
    assert_eq!(about(), "");
    sample.evaluate(at(1));
    assert_eq!(about(), "ML:1", "an earlier version told it otherwise");
    forget_subject(&sample, story, None);
    sample.evaluate(at(2));
    assert_eq!(about(), "", "once");
}
