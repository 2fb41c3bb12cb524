//! How entries join, leave and found stories: by scores that are set by hand, and by those of invented texts.

use super::super::story_features::StoryText;
use super::revision::{MAX_LOSS, MERGE_MARGIN};
use super::*;
use crate::model::TermCounts;
use crate::text::word_list::{Word, cased_words, encode};
use proptest::prelude::*;

fn at(hours: i64) -> Timestamp {
    Timestamp::from_unix(1_780_000_000 + hours * 3_600)
}

fn id(number: u8) -> EntryId {
    EntryId::from_bytes([number; 16])
}

fn entry_of(number: u8, hours: i64) -> StoryEntry {
    StoryEntry {
        id: id(number),
        features: StoryFeatures::default(),
        source: SourceId::new(&format!("s{number}")).expect("a slug"),
        outlet: 0,
        language: Some("fr".to_owned()),
        date: at(hours),
        first_seen: at(hours),
        is_by_hand: false,
    }
}

/// An index whose scores are set by hand. Entries and stories are named by numbers; a story has the number of its founder.
struct Scored {
    index: StoryIndex,
    slots: BTreeMap<u8, u32>,
}

impl Scored {
    /// An index with these entries of earlier steps: each with its story and its date in hours.
    fn new(entries: &[(u8, u8, i64)]) -> Self {
        let mut scored = Self {
            index: StoryIndex::new(DedupePolicy::default()),
            slots: BTreeMap::new(),
        };
        for (number, story, hours) in entries {
            scored.insert(entry_of(*number, *hours), *number, *story);
        }
        scored
    }

    fn insert(&mut self, entry: StoryEntry, number: u8, story: u8) {
        let slot = self.index.next_slot();
        self.slots.insert(number, slot);
        self.index.insert_entry(entry, id(story).into(), true);
        if number == story {
            self.index.set_founder(id(story).into(), slot);
        }
    }

    fn group(&mut self, story: u8) -> &mut Group {
        let number = self.index.by_id[&StoryId::from(id(story))];
        &mut self.index.groups[number as usize]
    }

    fn score(&mut self, one: u8, other: u8, value: f64) {
        let (one, other) = (self.slots[&one], self.slots[&other]);
        self.index.scores.entry(one).or_default().insert(other, value);
        self.index.scores.entry(other).or_default().insert(one, value);
    }

    /// Begins a step at this hour, looks at these entries again, and returns the stories of all.
    fn revise(&mut self, hours: i64, looked_at: &[u8]) -> Vec<(u8, u8)> {
        self.index.now = at(hours);
        let slots: Vec<u32> = looked_at.iter().map(|number| self.slots[number]).collect();
        self.index.revise(&slots, &mut BTreeMap::new());
        self.stories()
    }

    fn merge(&mut self, hours: i64, looked_at: &[u8]) -> Vec<(u8, u8)> {
        self.index.now = at(hours);
        let slots: Vec<u32> = looked_at.iter().map(|number| self.slots[number]).collect();
        self.index.merge(&slots, &mut BTreeMap::new());
        self.stories()
    }

    fn stories(&self) -> Vec<(u8, u8)> {
        let story = |slot: u32| EntryId::from_bytes(*self.index.story_of(slot).0.as_bytes());
        let number = |slot: u32| story(slot).as_bytes()[0];
        self.slots.iter().map(|(entry, slot)| (*entry, number(*slot))).collect()
    }
}

/// Story 1 has the entries 1 and 2, and 2 fits story 4 with 4 and 5 far better.
fn torn() -> Scored {
    let mut scored = Scored::new(&[(1, 1, 0), (2, 1, 1), (4, 4, 0), (5, 4, 1)]);
    scored.score(2, 1, -2.5);
    scored.score(2, 4, 3.0);
    scored.score(2, 5, 2.0);
    scored
}

#[test]
fn an_entry_moves_to_the_story_that_it_fits_better() {
    let mut scored = torn();
    assert_eq!(scored.revise(2, &[2]), [(1, 1), (2, 4), (4, 4), (5, 4)]);
    assert_eq!(scored.group(4).members, [1, 2, 3], "in the order in which they came");
    let mut scored = torn();
    scored.score(2, 1, 2.21);
    assert_eq!(scored.revise(2, &[2])[1], (2, 1), "hardly better");
    scored.score(2, 1, 2.19);
    assert_eq!(scored.revise(2, &[2])[1], (2, 4));
}

#[test]
fn no_entry_leaves_a_story_that_was_published_long_ago() {
    for (published, is_moved) in [
        (Some(at(4)), true),
        (Some(at(4) - std::time::Duration::from_secs(1)), false),
        (None, true),
    ] {
        for is_lost in [false, true] {
            let mut scored = torn();
            if is_lost {
                // It fits neither story.
                scored.score(2, 4, FLOOR);
                scored.score(2, 5, FLOOR);
            }
            scored.group(1).first_published = published;
            let moved = if is_lost { (2, 2) } else { (2, 4) };
            assert_eq!(
                scored.revise(10, &[2])[1],
                if is_moved { moved } else { (2, 1) },
                "{published:?} {is_lost}"
            );
        }
    }
    let mut scored = torn();
    scored.group(4).first_published = Some(at(-60));
    assert_eq!(scored.revise(10, &[2])[1], (2, 4), "such a story gains entries");
}

#[test]
fn an_entry_that_editors_placed_is_not_moved() {
    let mut scored = torn();
    let slot = scored.slots[&2];
    scored.index.entries[slot as usize].is_by_hand = true;
    assert_eq!(scored.revise(2, &[2])[1], (2, 1));
}

#[test]
fn the_founder_leaves_only_when_it_is_alone() {
    let better = |scored: &mut Scored| {
        scored.score(1, 4, 3.0);
        scored.score(1, 5, 3.0);
    };
    let mut scored = torn();
    better(&mut scored);
    assert_eq!(scored.revise(2, &[1])[0], (1, 1));
    let mut alone = Scored::new(&[(1, 1, 0), (4, 4, 0), (5, 4, 1)]);
    better(&mut alone);
    alone.group(1).others = 1;
    assert_eq!(alone.revise(2, &[1])[0], (1, 1), "others stay that are not known one by one");
    alone.group(1).others = 0;
    assert_eq!(alone.revise(2, &[1])[0], (1, 4));
}

#[test]
fn an_entry_leaves_when_nothing_there_is_like_it_any_more() {
    for (value, is_gone) in [(MIN_VALUE - MAX_LOSS, false), (MIN_VALUE - MAX_LOSS - 0.01, true)] {
        let mut scored = Scored::new(&[(1, 1, 0), (2, 1, 1)]);
        scored.score(2, 1, value);
        let mut moved = BTreeMap::new();
        scored.index.now = at(5);
        scored.index.revise(&[1], &mut moved);
        assert_eq!(scored.stories()[1], (2, if is_gone { 2 } else { 1 }), "{value}");
        assert_eq!(
            moved.values().map(|moved| moved.is_founding).collect::<Vec<_>>(),
            vec![true; usize::from(is_gone)]
        );
        if is_gone {
            assert_eq!((scored.group(2).founded, scored.group(2).date), (at(5), Some(at(1))));
        }
    }
}

#[test]
fn the_two_most_alike_count() {
    let mut scored = Scored::new(&[(1, 1, 0), (2, 1, 0), (3, 1, 0), (4, 4, 0), (9, 9, 1)]);
    scored.score(9, 2, 4.0);
    let fit = |scored: &mut Scored, story: u8| {
        let (number, slot) = (scored.index.by_id[&StoryId::from(id(story))], scored.slots[&9]);
        let fit = scored.index.fit(slot, number, &scored.index.scored_members(slot)).expect("members");
        (fit.value, fit.like)
    };
    assert_eq!(
        fit(&mut scored, 1),
        (f64::midpoint(4.0, FLOOR), 1),
        "one like member of three is not enough"
    );
    scored.score(3, 9, 1.0);
    assert_eq!(fit(&mut scored, 1), (2.5, 1), "a score has two ends");
    scored.score(9, 1, 5.0);
    assert_eq!(fit(&mut scored, 1), (4.5, 0));
    scored.score(9, 4, 3.0);
    assert_eq!(fit(&mut scored, 4), (3.0, 3), "the only member");
    scored.group(4).others = 1;
    assert_eq!(fit(&mut scored, 4), (f64::midpoint(3.0, FLOOR), 3), "others are not like it");
}

proptest! {
    #[test]
    fn a_fit_is_the_mean_of_the_two_highest_scores(scores in proptest::collection::vec(proptest::option::of(-9.0..9.0_f64), 1..9), others in 0..2_u32) {
        let mut entries = vec![(9, 9, 0)];
        entries.extend((0..scores.len()).map(|number| (10 + u8::try_from(number).expect("few"), 1, 0)));
        let mut scored = Scored::new(&entries);
        for (number, score) in (10..).zip(&scores) {
            if let Some(score) = score {
                scored.score(9, number, *score);
            }
        }
        scored.group(1).others = others;
        let number = scored.index.by_id[&StoryId::from(id(1))];
        let fit = scored.index.fit(0, number, &scored.index.scored_members(0)).expect("members");
        let mut values: Vec<f64> = scores.iter().map(|score| score.unwrap_or(FLOOR)).collect();
        values.sort_by(|one, other| other.total_cmp(one));
        let second = values.get(1).copied().into_iter().chain((others > 0).then_some(FLOOR)).reduce(f64::max);
        let expected = second.map_or(values[0], |second| f64::midpoint(values[0], second));
        prop_assert!((fit.value - expected).abs() < 1e-9, "{} {expected}", fit.value);
    }
}

#[test]
fn a_story_is_open_for_three_days_after_its_founding_and_about_the_date_of_its_founder() {
    // The founding, the date of the founder, that of the entry and now, in hours.
    for (founded, date, entry, now, is_open) in [
        (0, 0, 72, 72, true),
        (0, 0, 72, 73, false),
        (0, 0, 73, 72, false),
        (80, 0, 72, 81, true),
        (80, 0, 73, 81, false),
        (80, 100, 28, 81, true),
        (80, 100, 27, 81, false),
    ] {
        let mut scored = Scored::new(&[(1, 1, date), (9, 9, entry)]);
        scored.score(9, 1, 3.0);
        scored.group(1).founded = at(founded);
        scored.index.now = at(now);
        let own = scored.index.of[1];
        let best = scored.index.best_group(1, MIN_VALUE, Some(own));
        assert_eq!(best.is_some(), is_open, "founded {founded}, dated {date}, entry {entry}, now {now}");
    }
}

#[test]
fn the_story_that_an_entry_fits_best_gains() {
    for (of_older, of_younger, expected) in [(1.0, 1.1, 5), (1.1, 1.0, 4)] {
        let mut scored = Scored::new(&[(4, 4, 0), (5, 5, 1), (9, 9, 2)]);
        scored.score(9, 4, of_older);
        scored.score(9, 5, of_younger);
        assert_eq!(scored.revise(2, &[9])[2], (9, expected));
    }
}

#[test]
fn of_equal_stories_the_older_one_gains() {
    for (one, other, expected) in [(0, 1, 4), (1, 0, 5), (0, 0, 4)] {
        let mut scored = Scored::new(&[(5, 5, 0), (4, 4, 0), (9, 9, 1)]);
        scored.group(4).founded = at(one);
        scored.group(5).founded = at(other);
        scored.score(9, 4, 1.0);
        scored.score(9, 5, 1.0);
        assert_eq!(scored.revise(2, &[9])[2], (9, expected), "{one} {other}");
    }
}

/// Story 4 was founded after story 1, and its entries are all like those of that one.
fn split_event() -> Scored {
    let mut scored = Scored::new(&[(1, 1, 0), (2, 1, 1), (4, 4, 2), (5, 4, 3)]);
    for (own, other) in [(4, 1), (4, 2), (5, 1), (5, 2)] {
        scored.score(own, other, MIN_VALUE + MERGE_MARGIN + 0.01);
    }
    scored
}

#[test]
fn a_young_story_is_merged_into_an_older_one_on_the_same_event() {
    let apart = [(1, 1), (2, 1), (4, 4), (5, 4)];
    let merged = [(1, 1), (2, 1), (4, 1), (5, 1)];
    assert_eq!(split_event().merge(4, &[5]), merged);

    let mut less = split_event();
    less.score(5, 2, MIN_VALUE + MERGE_MARGIN - 0.1);
    assert_eq!(less.merge(4, &[5]), merged, "the best of them count");
    let mut less = split_event();
    less.score(5, 2, MIN_VALUE + MERGE_MARGIN - 0.1);
    less.score(5, 1, MIN_VALUE + MERGE_MARGIN - 0.1);
    less.score(4, 1, MIN_VALUE + MERGE_MARGIN - 0.1);
    assert_eq!(less.merge(4, &[5]), apart);

    let mut settled = split_event();
    settled.group(4).first_published = Some(at(0));
    assert_eq!(settled.merge(6, &[5]), merged);
    let mut settled = split_event();
    settled.group(4).first_published = Some(at(0));
    assert_eq!(settled.merge(7, &[5]), apart, "it was published long ago");

    let mut by_hand = split_event();
    by_hand.index.entries[2].is_by_hand = true;
    assert_eq!(by_hand.merge(4, &[5]), apart, "an editor made it");

    let mut large = split_event();
    large.group(4).others = 1;
    assert_eq!(large.merge(4, &[5]), apart, "it has entries that are not compared");
}

#[test]
fn an_old_story_is_not_merged_nor_into_a_younger_one() {
    for (last, is_merged) in [(8, true), (9, false)] {
        let mut scored = Scored::new(&[(1, 1, 0), (4, 4, 2), (5, 4, last)]);
        scored.score(4, 1, 2.0);
        scored.score(5, 1, 2.0);
        assert_eq!(scored.merge(9, &[5])[2], (5, if is_merged { 1 } else { 4 }), "{last}");
    }
    for (founded, is_merged) in [(1, true), (3, false)] {
        let mut scored = split_event();
        scored.group(1).founded = at(founded);
        // Neither is looked at from the side of story 1.
        assert_eq!(scored.merge(4, &[5])[2], (4, if is_merged { 1 } else { 4 }), "founded {founded}");
    }
    // Of two stories that were founded in one step a later step merges the one with the higher id into the other.
    for (now, is_merged) in [(4, true), (2, false)] {
        let mut scored = split_event();
        scored.group(1).founded = at(2);
        assert_eq!(scored.merge(now, &[5])[2], (4, if is_merged { 1 } else { 4 }), "at {now}");
    }
    let mut closed = split_event();
    assert_eq!(closed.merge(73, &[5])[2], (4, 4), "no entry would join it any more");
}

fn features(title: &str, text: &str) -> StoryFeatures {
    let (title, text) = (encode(&[&[title]]), encode(&[&[text]]));
    let (title, text): (Vec<Word<'_>>, Vec<Word<'_>>) = (cased_words(&title).flatten().collect(), cased_words(&text).flatten().collect());
    StoryFeatures::new(&StoryText {
        title: &title,
        text: &text,
        is_boilerplate: [&[], &[]],
        names: &[],
        language: Some("fr"),
    })
}

/// Adds a report of a new step; returns its slot, and whether it founded a story.
fn tell(index: &mut StoryIndex, number: u32, outlet: &str, hours: i64, [title, text]: [&str; 2]) -> (u32, bool) {
    let entry = StoryEntry {
        features: features(title, text),
        source: SourceId::new(outlet).expect("a slug"),
        ..entry_of(1, hours)
    };
    let id = EntryId::from_bytes(u128::from(number).to_be_bytes());
    let slot = index.next_slot();
    index.begin_step(at(hours));
    let placed = index.place(StoryEntry { id, ..entry }, id, None, Membership::Alone);
    (slot, placed.is_founding)
}

const BRIDGE: [&str; 2] = [
    "Le pont de Korbalé s'effondre, 14 blessés",
    "Le pont de Korbalé, sur la Sirba, s'est effondré lundi sous le poids d'un camion de sel : quatorze blessés, selon le préfet Oumar Tandina.",
];
const BRIDGE_TOO: [&str; 2] = [
    "Effondrement du pont de Korbalé : 14 blessés",
    "À Korbalé, le pont sur la Sirba s'est effondré au passage d'un camion : on compte 14 blessés, dit le préfet Tandina.",
];
const MARKET: [&str; 2] = [
    "Le marché de Tandibou rouvre après trois mois",
    "Les commerçants de Tandibou retrouvent leurs étals neufs, trois mois après l'incendie qui a détruit la halle.",
];

#[test]
fn reports_of_one_event_are_one_story_and_others_are_not() {
    let mut index = StoryIndex::new(DedupePolicy::default());
    let (bridge, _) = tell(&mut index, 1, "aube", 1, BRIDGE);
    let (market, is_founding) = tell(&mut index, 2, "soir", 1, MARKET);
    assert!(is_founding && index.story_of(market) != index.story_of(bridge));
    let (too, is_founding) = tell(&mut index, 3, "echo", 5, BRIDGE_TOO);
    assert_eq!((is_founding, index.story_of(too)), (false, index.story_of(bridge)));
}

#[test]
fn two_of_a_series_are_two_stories() {
    let text = "Le journal de la rédaction, présenté par Awa Korbalé depuis le studio de la Sirba.";
    for (outlet, is_founding) in [("aube", true), ("soir", false)] {
        let mut index = StoryIndex::new(DedupePolicy::default());
        tell(&mut index, 1, "aube", 1, ["Journal de Korbalé du 12 mai de 6 heures", text]);
        let (_, founded) = tell(&mut index, 2, outlet, 2, ["Journal de Korbalé du 12 mai de 7 heures", text]);
        assert_eq!(founded, is_founding, "{outlet}");
    }
}

#[test]
fn an_earlier_story_is_found_for_fourteen_days_and_has_names_in_common() {
    let named = [
        "Pavel Dorin et Salou Garba se retrouvent à Korbalé",
        "Le général Salou Garba et Pavel Dorin se sont revus à Korbalé : la Varenia livrera des instruments au port de Tandibou.",
    ];
    let first = [
        "Pavel Dorin reçu par Salou Garba à Korbalé",
        "Pavel Dorin et le général Salou Garba ont parlé à Korbalé du port de Tandibou, où la Varenia livrera des instruments.",
    ];
    let unnamed = first.map(str::to_lowercase);
    let unnamed = unnamed.each_ref().map(String::as_str);
    let earliest = |former: [&str; 2], later: [&str; 2], hours: i64| {
        let mut index = StoryIndex::new(DedupePolicy::default());
        let (former, _) = tell(&mut index, 1, "aube", 0, former);
        let (slot, is_founding) = tell(&mut index, 2, "soir", hours, later);
        assert!(is_founding, "{hours}");
        let (story, earlier) = index.story_of(slot);
        assert_ne!(Some(story), earlier);
        earlier.map(|earlier| earlier == index.story_of(former).0)
    };
    assert_eq!(earliest(first, named, 100), Some(true));
    assert_eq!(earliest(first, named, 14 * 24), Some(true));
    assert_eq!(earliest(first, named, 14 * 24 + 1), None);
    assert_eq!(earliest(unnamed, unnamed, 100), None, "the same words without names");
}

#[test]
fn an_outlet_that_floods_a_term_hides_no_other_outlets_report() {
    let mut index = StoryIndex::new(DedupePolicy::default());
    let (bridge, _) = tell(&mut index, 1, "echo", 0, BRIDGE);
    for number in 0..2 * u32::try_from(MAX_COMPARED).expect("a number") {
        let text = format!(
            "Le pont de Korbalé sur la Sirba : avis {number} du préfet Oumar Tandina, quatorze camions de sel. Page{number} lot{number}"
        );
        tell(&mut index, 10 + number, "aube", 0, ["Pont de Korbalé effondré : 14 blessés", &text]);
    }
    let (slot, _) = tell(&mut index, 2, "soir", 1, BRIDGE_TOO);
    let found = index.candidates(slot);
    assert!(found.contains(&bridge), "{found:?}");
    assert!(found.len() <= MAX_COMPARED);
}

/// Adds near-identical entries of twenty words, the last hundred in one step; returns how many pairs were scored and read for each of these at most.
fn scored_pairs(outlets: usize, entries: u32) -> [u64; 2] {
    let mut index = StoryIndex::new(DedupePolicy::default());
    let mut most = [0; 2];
    let new = 100;
    for number in 0..entries {
        let title = format!("Cours du mil au marché de Korbalé, lot {number}");
        let text = "Le sac de mil se vend ce matin au marché de Korbalé au même prix que la veille, selon les commerçants.";
        let entry = StoryEntry {
            features: features(&title, text),
            source: SourceId::new(&format!("s{}", number as usize % outlets)).expect("a slug"),
            ..entry_of(1, 0)
        };
        let id = EntryId::from_bytes(u128::from(number).to_be_bytes());
        if number < entries - new {
            let first_seen = at(-9);
            index.insert_entry(StoryEntry { id, first_seen, ..entry }, EntryId::from_bytes([0; 16]).into(), true);
            continue;
        }
        if number == entries - new {
            index.begin_step(at(0));
        }
        let before = work(&index);
        index.place(StoryEntry { id, ..entry }, id, None, Membership::Alone);
        for (most, (now, before)) in most.iter_mut().zip(work(&index).into_iter().zip(before)) {
            *most = (*most).max(now - before);
        }
    }
    let before = work(&index);
    index.finish_step();
    for (most, (now, before)) in most.iter_mut().zip(work(&index).into_iter().zip(before)) {
        *most = (*most).max((now - before) / u64::from(new));
    }
    let longest = index.postings.values().map(Vec::len).max().unwrap_or_default();
    assert!(longest <= 2 * MAX_READ_PER_TERM, "{longest}");
    most
}

fn work(index: &StoryIndex) -> [u64; 2] {
    [index.scored, index.read.get()]
}

#[test]
fn the_work_for_an_entry_has_a_bound() {
    let compared = u64::try_from(MAX_COMPARED).expect("a number");
    for outlets in [1, 200] {
        // Once for its story and once for the earlier one; then at the end of the step.
        let [scored, read] = scored_pairs(outlets, 2_000);
        assert!(scored > 0 && scored <= 2 * compared, "{outlets} outlets: {scored}");
        assert!(read <= 8 * compared, "{outlets} outlets: {read}");
    }
}

#[test]
fn terms_that_many_entries_have_find_nothing_before_rare_ones() {
    let mut index = StoryIndex::new(DedupePolicy::default());
    let told = features(
        "Crue",
        &(0..MAX_TERMS_TOLD).map(|word| format!("mot{word}")).collect::<Vec<_>>().join(" "),
    );
    let common: Vec<u32> = told
        .terms
        .iter()
        .filter(|term| !term.in_title)
        .map(|term| term.hash)
        .take(60)
        .collect();
    index.frequencies.add_counts(&TermCounts {
        entries: 1_000,
        counts: common.iter().map(|term| (*term, 900)).collect(),
    });
    let keys = index.key_terms(&told);
    assert_eq!(keys.len(), MAX_KEY_TERMS);
    assert!(told.terms.iter().filter(|term| term.in_title).all(|term| keys.contains(&term.hash)));
    let rare = keys.iter().filter(|term| !common.contains(term)).count();
    assert_eq!(rare, MAX_KEY_TERMS, "{rare}");
}

const MAX_TERMS_TOLD: usize = 110;

/// Features with the terms of these numbers, all of the text.
fn numbered(numbers: std::ops::Range<u32>) -> StoryFeatures {
    let term = |hash| Term {
        hash,
        count: 1,
        in_title: false,
        in_lead: false,
        is_name: false,
    };
    StoryFeatures {
        terms: numbers.map(term).collect(),
        ..StoryFeatures::default()
    }
}

#[test]
fn an_entry_is_found_by_the_same_terms_whether_it_came_before_or_after_others_became_common() {
    let counts = TermCounts {
        entries: 1_000,
        counts: (0..60).map(|term| (term, 900)).collect(),
    };
    let told = |number, terms| StoryEntry {
        features: numbered(terms),
        ..entry_of(number, 0)
    };
    for is_filled in [false, true] {
        let mut index = StoryIndex::new(DedupePolicy::default());
        if is_filled {
            index.insert_entry(told(1, 0..100), id(1).into(), true);
            index.frequencies.add(&numbered(0..100));
        } else {
            index.begin_step(at(0));
            index.place(told(1, 0..100), id(1), None, Membership::Alone);
        }
        index.frequencies.add_counts(&counts);
        index.begin_step(at(0));
        // While all of its terms were equally rare, the first of them said most.
        for (number, terms, is_found) in [(2, 0..40, false), (3, 60..100, true)] {
            index.place(told(number, terms), id(number), None, Membership::Alone);
            let found = index.candidates(u32::from(number) - 1).contains(&0);
            assert_eq!(found, is_found, "{number} {is_filled}");
        }
    }
}
