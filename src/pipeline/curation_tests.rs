//! What is told of entries and stories besides topics: what they are about, their genre, who told them independently; alerts and approval.

use super::sample::{DESK, Sample, at, draft, numbered, source, topic};
use crate::model::{Alert, Genre, MarkKind, MarkTarget, StoryId, Timestamp};
use crate::store::StoryEntry;

/// A text of forty words on an attack in Mali.
pub(super) const ATTACK: &str = "Au Mali, des hommes armés ont attaqué le marché de Tessit dans la nuit de dimanche, ont annoncé les autorités de la région. Le bilan \
    provisoire fait état de victimes parmi les commerçants, et plusieurs boutiques ont été incendiées avant le départ des assaillants.";

/// Returns a configuration with these sources, each with further keys, and these keys of the topic on Mali.
pub(super) fn desk(sources: &[(&str, &str)], keys: &str) -> String {
    let mut text = "[site]\nbase_url = \"https://feeds.example.org/\"\nout = \"public\"\nrepublish = \"full\"\n".to_owned();
    for (slug, keys) in sources {
        let address = format!("https://{slug}.example/feed");
        text = format!("{text}[[source]]\nid = \"{slug}\"\nname = \"Le {slug}\"\nurl = \"{address}\"\n{keys}\n");
    }
    text + &format!("[[topic]]\nid = \"mali\"\ntitle = \"Mali\"\n{keys}\n")
}

/// Four outlets, of which `c` belongs to the owner of `a`, and `d` to nobody who is known.
pub(super) fn four(keys: &str) -> Sample {
    let owned = |name: &str| format!("owner = \"{name}\"");
    Sample::open(&desk(
        &[
            ("a", &owned("Groupe A")),
            ("b", &owned("Groupe B")),
            ("c", &owned("GROUPE A")),
            ("d", ""),
            ("e", &owned("Groupe E")),
        ],
        keys,
    ))
}

/// Stores one report on the same event by each of these sources, seen and dated at `now`, as one story of texts that are no copies.
pub(super) fn tell(sample: &Sample, slugs: &[&str], title: &str, now: Timestamp) {
    for slug in slugs {
        sample.gather(slug, &[draft(slug, "1", title, &format!("{ATTACK} {slug}"), now)], now);
    }
    compose_as_one(sample, now);
}

/// Composes what waits, makes one story of all entries in which none is a copy, and evaluates the topics.
pub(super) fn compose_as_one(sample: &Sample, now: Timestamp) {
    sample.evaluate_as(now, |compositions, first| {
        for composition in compositions {
            (composition.copy_of, composition.story) = (None, first);
        }
    });
}

pub(super) fn members(sample: &Sample) -> Vec<StoryEntry> {
    let mut ids = Vec::new();
    sample
        .app
        .store
        .entries_by_date(None, 100, &mut |entry| ids.push(entry.id))
        .expect("entries");
    let entries = ids.iter().filter_map(|id| sample.app.store.story_entry(id).expect("an entry"));
    entries.collect()
}

pub(super) fn alerts(sample: &Sample) -> Vec<Alert> {
    let story = members(sample)[0].story;
    sample.app.store.alerts_of_stories(&[story]).expect("alerts")
}

#[test]
fn what_an_entry_is_about_and_its_genre_are_stored_also_without_a_topic() {
    let without_topic = DESK.split("[[topic]]").next().expect("a beginning");
    let mut sample = Sample::open(without_topic);
    sample.gather(
        "aube",
        &[draft("aube", "1", "Tribune : le Mali et ses mines", ATTACK, at(-1))],
        at(0),
    );
    sample.gather("soir", &[draft("soir", "1", "Des pluies", "Il pleut.", at(-1))], at(0));
    sample.evaluate(at(0));
    let told = |sample: &Sample, slug: &str| {
        let entry = members(sample)
            .into_iter()
            .find(|entry| entry.source == source(slug))
            .expect("an entry");
        (entry.about.encode(), entry.genre)
    };
    assert_eq!(told(&sample, "aube"), ("ML:1 ML-7@15.22,-0.30".to_owned(), Some(Genre::Opinion)));
    assert_eq!(told(&sample, "soir"), (String::new(), None));
    // The country of its source tells what an entry without places is about.
    sample.configure(&without_topic.replace("id = \"soir\"", "id = \"soir\"\ncountry = \"NE\""));
    sample.evaluate(at(1));
    assert_eq!(told(&sample, "soir"), ("NE:1".to_owned(), None));
}

#[test]
fn feeds_and_pages_say_what_an_item_is_about() {
    let sample = four("any = [\"Mali\"]");
    tell(&sample, &["a", "b", "c"], "Attaque au Mali", at(0));
    sample.publish(at(0));
    let griot = sample.items("mali")[0]["_griot"].clone();
    assert_eq!(griot["about"], serde_json::json!([{"country": "ML", "share": 1.0}]));
    assert_eq!((&griot["independent"], griot.get("mark")), (&serde_json::json!(2), None));
    assert_eq!(griot["provenance"]["rule"].as_str().map(str::len), Some(8));
    assert!(sample.file("mali.html").expect("a page").contains(" · <span>Mali</span></p>"));
}

#[test]
fn a_placement_names_the_words_that_longer_names_hide() {
    let sample = Sample::open(&desk(&[("a", "")], "about = [\"@niger\"]"));
    let text = "Niger votes on Sunday. Boats on the Niger River were stopped at Niamey, the capital of Niger.";
    sample.run("a", &[draft("a", "1", "Niger : vote à Niamey", text, at(-1))], at(0));
    let placements = sample.placements("mali");
    assert!(
        placements[0].masked.iter().any(|masked| masked.contains("niger river")),
        "{placements:?}"
    );
    let rule = sample.app.prepared.topics[0].rule.digest().to_hex();
    assert_eq!(placements[0].rule, rule[..8]);
    let griot = sample.items("mali")[0]["_griot"].clone();
    assert_eq!(griot["masked"].as_array().map(Vec::len), Some(placements[0].masked.len()));
}

#[test]
fn an_opinion_leads_only_where_nothing_else_can() {
    let sample = Sample::open(DESK);
    sample.gather("aube", &[draft("aube", "1", "Tribune : attaque au Mali", ATTACK, at(-3))], at(0));
    compose_as_one(&sample, at(0));
    sample.publish(at(0));
    assert_eq!(sample.titles("mali"), ["Tribune : attaque au Mali"]);
    assert_eq!(sample.items("mali")[0]["_griot"]["mark"], "opinion");
    sample.gather(
        "soir",
        &[draft("soir", "1", "Attaque au Mali", &format!("{ATTACK} Bilan."), at(-1))],
        at(1),
    );
    compose_as_one(&sample, at(1));
    sample.publish(at(1));
    assert_eq!(sample.titles("mali"), ["Attaque au Mali"]);
    let entries = members(&sample);
    let lead = sample.app.store.stories(&[entries[0].story]).expect("a story")[0].lead;
    assert_eq!(lead, entries.iter().find(|entry| entry.genre.is_none()).expect("a report").id);
}

#[test]
fn sources_of_one_owner_count_once_and_each_of_unknown_owner_for_itself() {
    for (slugs, expected) in [(["a", "c", "a"].as_slice(), 0), (&["a", "b"], 1), (&["a", "d"], 1)] {
        let sample = four("query = \"Mali sources:>=2\"");
        tell(&sample, slugs, "Attaque au Mali", at(0));
        assert_eq!(sample.placements("mali").len(), expected, "{slugs:?}");
        let sample = four("any = [\"Mali\"]\nmin_reports = 2");
        tell(&sample, slugs, "Attaque au Mali", at(0));
        assert_eq!(sample.placements("mali").len(), expected, "{slugs:?}");
    }
    // An owner without a name is none that is known.
    let blank = Sample::open(&desk(
        &[("a", "owner = \" \""), ("b", "owner = \" \"")],
        "any = [\"Mali\"]\nmin_reports = 2",
    ));
    tell(&blank, &["a", "b"], "Attaque au Mali", at(0));
    assert_eq!(blank.placements("mali").len(), 1);
    // A change of the owner is judged anew.
    let before = desk(&[("a", ""), ("b", "")], "any = [\"Mali\"]\nmin_reports = 2");
    let mut sample = Sample::open(&before);
    tell(&sample, &["a", "b"], "Attaque au Mali", at(0));
    assert_eq!(sample.placements("mali").len(), 1);
    let one_owner = [("a", "owner = \"X\""), ("b", "owner = \"X\"")];
    sample.configure(&desk(&one_owner, "any = [\"Mali\"]\nmin_reports = 2"));
    sample.evaluate(at(1));
    assert_eq!(sample.placements("mali").len(), 0);
}

#[test]
fn neither_copies_nor_aggregators_are_independent() {
    let sample = Sample::open(&desk(
        &[("a", ""), ("b", ""), ("g", "kind = \"aggregator\"")],
        "any = [\"Mali\"]\nmin_reports = 2",
    ));
    sample.gather("a", &[draft("a", "1", "Attaque au Mali", ATTACK, at(0))], at(0));
    sample.gather("b", &[draft("b", "1", "Attaque au Mali", ATTACK, at(0))], at(0));
    sample.evaluate(at(0));
    assert!(members(&sample).iter().any(|entry| entry.copy_of.is_some()));
    assert_eq!(sample.placements("mali").len(), 0, "a copy");
    tell(&sample, &["g"], "Attaque au Mali", at(0));
    assert_eq!(members(&sample).len(), 3);
    let entries = members(&sample);
    let by_id = |id: &crate::model::SourceId| sample.app.source(id).map(|prepared| &prepared.source);
    assert_eq!(
        super::independence::tellers(&entries, by_id).len(),
        2,
        "the aggregator counts for nothing"
    );
    let pinned = entries[0].story;
    sample.mark(MarkKind::Pin, MarkTarget::Story(pinned), None);
    sample.evaluate(at(0));
    assert_eq!(sample.placements("mali").len(), 1, "an editor needs no second report");
}

pub(super) const ALERT: &str = "any = [\"Mali\"]\nalert = { sources = 2, within = \"1h\" }";

#[test]
fn so_many_owners_within_the_time_raise_one_alert() {
    let sample = four(ALERT);
    tell(&sample, &["a", "c", "d"], "Attaque au Mali", at(0));
    assert_eq!(alerts(&sample), [], "one owner, and one that is not known");
    tell(&sample, &["b"], "Attaque au Mali", at(1));
    let raised = alerts(&sample);
    let story = members(&sample)[0].story;
    let expected = Alert {
        topic: topic("mali"),
        story,
        at: at(1),
        owners: vec!["Groupe A".to_owned(), "Groupe B".to_owned()],
        sources: 3,
        title: "Attaque au Mali".to_owned(),
        sent: None,
    };
    assert_eq!(raised, [expected]);
    // Evaluated again without news, and then long afterwards.
    for hours in [1, 2, 30] {
        sample.mark(MarkKind::Note, MarkTarget::Story(story), None);
        sample.evaluate(at(hours));
    }
    assert_eq!(alerts(&sample), raised);
}

#[test]
fn what_was_told_slowly_or_long_ago_raises_no_alert() {
    let slow = four(ALERT);
    tell(&slow, &["a"], "Attaque au Mali", at(0));
    tell(&slow, &["b"], "Attaque au Mali", at(2));
    assert_eq!(alerts(&slow), []);
    let old = four(ALERT);
    for slug in ["a", "b"] {
        let entry = draft(slug, "1", "Attaque au Mali", &format!("{ATTACK} {slug}"), at(-9));
        old.gather(slug, &[entry], at(0));
    }
    compose_as_one(&old, at(0));
    assert_eq!(
        (old.placements("mali").len(), alerts(&old)),
        (1, vec![]),
        "the first visit of two feeds"
    );
    let opinions = four(ALERT);
    tell(&opinions, &["a"], "Attaque au Mali", at(0));
    tell(&opinions, &["b"], "Tribune : attaque au Mali", at(0));
    assert_eq!(alerts(&opinions), []);
    let hidden = four(ALERT);
    tell(&hidden, &["a"], "Attaque au Mali", at(0));
    hidden.mark(MarkKind::Hide, MarkTarget::Entry(members(&hidden)[0].id), None);
    tell(&hidden, &["b"], "Attaque au Mali", at(0));
    assert_eq!(alerts(&hidden), []);
}

#[test]
fn what_an_alert_has_told_is_no_reason_for_another_after_the_cool_down() {
    let sample = four("any = [\"Mali\"]\nalert = { sources = 2, within = \"24h\" }");
    tell(&sample, &["a", "b"], "Attaque au Mali", at(0));
    sample.mark(MarkKind::Note, MarkTarget::Story(members(&sample)[0].story), None);
    sample.evaluate(at(7));
    assert_eq!(alerts(&sample).len(), 1);
    tell(&sample, &["c"], "Attaque au Mali", at(8));
    assert_eq!(alerts(&sample).len(), 2);
}

#[test]
fn only_new_owners_or_a_new_number_break_the_cool_down() {
    let sample = four(ALERT);
    tell(&sample, &["a", "b"], "Attaque au Mali : 12 morts", at(0));
    assert_eq!(alerts(&sample).len(), 1);
    tell(&sample, &["c", "d"], "Attaque au Mali : 12 morts", at(1));
    assert_eq!(alerts(&sample).len(), 1, "no other owner");
    tell(&sample, &["e"], "Attaque au Mali : 12 morts", at(1));
    assert_eq!(alerts(&sample).len(), 2, "another owner");
    // The lead's title is corrected, and corrected back.
    let correct = |title: &str, hours| {
        let entry = draft("a", "1", title, &format!("{ATTACK} a {hours}"), at(0));
        sample.gather("a", &[entry], at(hours));
        sample.evaluate(at(hours));
        alerts(&sample).len()
    };
    assert_eq!(correct("Attaque au Mali : douze morts", 2), 2);
    assert_eq!(correct("Attaque au Mali : 25 morts", 3), 3);
    assert_eq!(correct("Attaque au Mali : 12 morts", 4), 3);
}

#[test]
fn stories_of_a_reviewed_topic_wait_for_approval() {
    let keys = "any = [\"Mali\"]\nreview = true\nalert = { sources = 2, within = \"1h\" }";
    let sample = four(keys);
    tell(&sample, &["a", "b"], "Attaque au Mali", at(0));
    sample.publish(at(0));
    let waiting = sample
        .app
        .store
        .placements_of_stories(&[members(&sample)[0].story])
        .expect("placements");
    assert_eq!(waiting.iter().map(|placement| placement.waits).collect::<Vec<_>>(), [true]);
    assert_eq!((sample.titles("mali").len(), alerts(&sample).len()), (0, 0));
    let entries = members(&sample);
    // Of two entries that are alike, the one with the lower id would lead.
    let second = entries.iter().max_by_key(|entry| entry.id).expect("an entry");
    sample.mark(MarkKind::Approve, MarkTarget::Entry(second.id), Some(topic("mali")));
    sample.evaluate(at(1));
    sample.publish(at(1));
    let shown = sample.placements("mali");
    assert_eq!((shown[0].entry, shown[0].placed), (second.id, at(1)), "the entry that was approved");
    assert_eq!((sample.titles("mali").len(), alerts(&sample).len()), (1, 1));
    sample.mark(MarkKind::Approve, MarkTarget::Story(second.story), None);
    sample.evaluate(at(2));
    let first = entries.iter().min_by_key(|entry| entry.id).expect("an entry");
    assert_eq!(sample.placements("mali")[0].entry, first.id, "any of the story");
    tell(&sample, &["d"], "Attaque au Mali", at(2));
    assert_eq!(sample.placements("mali").len(), 1);
}

#[test]
fn review_holds_back_what_comes_and_not_what_is_out() {
    let mut sample = Sample::open(DESK);
    sample.run("aube", &[numbered("aube", 1, at(-2))], at(0));
    sample.configure(&format!("{DESK}review = true\n"));
    sample.run("aube", &[numbered("aube", 2, at(-1))], at(1));
    assert_eq!(sample.titles("mali"), ["Mali n1q"]);
    sample.configure(DESK);
    sample.evaluate(at(2));
    sample.publish(at(2));
    assert_eq!(sample.titles("mali"), ["Mali n2q", "Mali n1q"]);
}

#[test]
fn a_story_stays_hidden_whatever_joins_it_and_whatever_its_founder_is() {
    let sample = four("any = [\"Mali\"]");
    tell(&sample, &["a"], "Attaque au Mali", at(0));
    let founder = members(&sample)[0].clone();
    sample.mark(MarkKind::Hide, MarkTarget::Entry(founder.id), None);
    sample.mark(MarkKind::Hide, MarkTarget::Story(founder.story), Some(topic("mali")));
    sample.evaluate(at(1));
    assert_eq!(sample.placements("mali"), []);
    tell(&sample, &["b"], "Attaque au Mali", at(1));
    sample.mark(MarkKind::Unhide, MarkTarget::Entry(founder.id), None);
    tell(&sample, &["d"], "Attaque au Mali", at(2));
    assert_eq!(members(&sample).len(), 3);
    assert_eq!(sample.placements("mali"), []);
    sample.mark(MarkKind::Unhide, MarkTarget::Story(founder.story), Some(topic("mali")));
    sample.evaluate(at(3));
    assert_eq!(sample.placements("mali").len(), 1);
}

#[test]
fn a_topic_without_a_rule_holds_what_is_pinned_to_it() {
    let sample = Sample::open(&desk(&[("a", "")], ""));
    sample.run("a", &[numbered("a", 1, at(-2)), numbered("a", 2, at(-1))], at(0));
    assert_eq!(sample.titles("mali").len(), 0);
    let story = StoryId::from(members(&sample)[0].id);
    sample.mark(MarkKind::Pin, MarkTarget::Story(story), Some(topic("mali")));
    sample.evaluate(at(1));
    sample.publish(at(1));
    assert_eq!(sample.titles("mali"), ["Mali n1q"]);
}
