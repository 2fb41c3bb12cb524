//! Decisions as they are stored: by entries of several sources in an app with its database.

use super::super::sample::{DESK, Sample, at, draft, numbered, source};
use super::*;
use crate::dedupe::{Fingerprint, KnownEntry, KnownStory};
use crate::model::{EntryDraft, StoryId};
use crate::store::{ComposedEntry, ExportRow};

/// A text of a hundred words.
const FERRY: &str = "Au Mali, le bac de Dioro reprend ses traversées dès lundi, après onze semaines d'arrêt, a annoncé la commission des transports de \
    la région. Deux moteurs neufs ont été posés, et la coque a été réparée par les charpentiers du port, sous les yeux des marchands de riz. Le passage \
    coûtera cent francs pour un piéton et mille pour une charrette, comme avant la panne. Le maire Boubacar Sanogo a promis qu'une seconde barge serait \
    commandée à Mopti avant la saison des hautes eaux, et que les élèves passeraient sans payer les jours de cours. Les pêcheurs, qui faisaient traverser \
    les voyageurs dans leurs pirogues, demandent une place au marché du quai.";
/// Another report on it.
const FERRY_TOO: &str = "À Dioro, on traverse de nouveau le fleuve : le bac, en panne depuis onze semaines, repart lundi avec deux moteurs neufs, selon le \
    maire Boubacar Sanogo. Une seconde barge doit venir de Mopti. Un piéton paiera cent francs, une charrette mille, et les élèves rien. À Dioro, les \
    marchands de riz du Mali attendaient la nouvelle.";

const SOURCES: [&str; 6] = ["aube", "soir", "echo", "bafing", "courrier", "radio"];

fn desk() -> String {
    let others = SOURCES[2..]
        .iter()
        .map(|slug| format!("[[source]]\nid = \"{slug}\"\nname = \"{slug}\"\nurl = \"https://{slug}.example/feed\"\n"));
    format!("{DESK}{}[fetch]\nmax_new = 0\n", others.collect::<String>())
}

fn composed(sample: &Sample) -> Vec<ComposedEntry> {
    let mut composed = Vec::new();
    let read = sample
        .app
        .store
        .composed_since(Timestamp::from_unix(0), &mut |_, entry| composed.push(entry));
    read.expect("entries");
    composed
}

fn of<'c>(composed: &'c [ComposedEntry], slug: &str) -> &'c ComposedEntry {
    composed.iter().find(|known| known.entry.source == source(slug)).expect("an entry")
}

fn dump(sample: &Sample) -> Vec<ExportRow> {
    let mut rows = Vec::new();
    sample.app.store.export(&mut |row| rows.push(row)).expect("an export");
    rows
}

fn compose_waiting(sample: &Sample, hours: i64, size: usize) -> Composed {
    let waiting = sample.app.store.uncomposed_ids().expect("ids");
    let panics = StagePanics::default();
    let composed = compose_in_batches(&sample.app, at(hours), &waiting, size, &panics).expect("composed");
    assert!(panics.problems().is_empty());
    composed
}

#[test]
fn a_source_without_dedupe_stays_apart() {
    for (keys, is_merged) in [("dedupe = \"off\"", false), ("", true)] {
        let sample = Sample::open(&desk().replace("id = \"soir\"", &format!("id = \"soir\"\n{keys}")));
        for (slug, text) in [("aube", FERRY), ("soir", FERRY), ("echo", FERRY_TOO)] {
            sample.gather(slug, &[draft(slug, "1", "Le bac de Dioro repart", text, at(-1))], at(0));
            compose_waiting(&sample, 0, 1_000);
        }
        let composed = composed(&sample);
        let (aube, soir, echo) = (of(&composed, "aube"), of(&composed, "soir"), of(&composed, "echo"));
        assert_eq!(soir.copy_of, is_merged.then_some(aube.entry.id), "{keys}");
        assert_eq!((soir.story == aube.story, echo.story), (is_merged, aube.story), "{keys}");
    }
}

#[test]
fn a_story_whose_founder_is_displaced_in_the_same_step_is_stored() {
    let sample = Sample::open(&desk());
    // It links to the site of L'Aube.
    let mut stolen = draft("soir", "1", "Le bac repart", FERRY, at(-3));
    stolen.link = draft("aube", "1", "", "", at(0)).link;
    sample.gather("soir", &[stolen], at(0));
    sample.gather("aube", &[draft("aube", "1", "Le bac de Dioro", FERRY, at(-1))], at(0));
    let counts = compose_waiting(&sample, 0, 1_000);
    assert_eq!((counts.new_stories, counts.updated_stories, counts.copies), (1, 0, 1));
    let composed = composed(&sample);
    let (aube, soir) = (of(&composed, "aube"), of(&composed, "soir"));
    assert_eq!((soir.copy_of, aube.copy_of, aube.story), (Some(aube.entry.id), None, soir.story));
    assert_eq!(sample.app.store.stories(&[soir.story]).expect("stories").len(), 1);
}

#[test]
fn copies_follow_a_moved_original_also_those_that_are_only_in_the_store() {
    let sample = Sample::open(&desk());
    for slug in ["aube", "soir"] {
        sample.gather(slug, &[draft(slug, "1", slug, FERRY, at(-1))], at(0));
        compose_waiting(&sample, 0, 1_000);
    }
    sample.gather("echo", &[numbered("echo", 7, at(-1))], at(0));
    compose_waiting(&sample, 0, 1_000);
    let before = composed(&sample);
    let (original, copy, other) = (of(&before, "aube"), of(&before, "soir"), of(&before, "echo").story);
    assert_eq!(copy.copy_of, Some(original.entry.id));
    let decision = |entry: EntryId, copy_of, basis| Decision {
        entry,
        copy_of,
        story: other,
        basis,
        measure: None,
        like: None,
        earlier: None,
    };
    let moved = decision(original.entry.id, None, Basis::Event);
    let was = sample
        .app
        .store
        .compositions_of(&copy.entry.id)
        .expect("compositions")
        .pop()
        .expect("one");
    assert_eq!(was.basis, Basis::Text);
    for known in [
        vec![moved.clone()],
        vec![moved, decision(copy.entry.id, Some(original.entry.id), Basis::Event)],
    ] {
        let batch = Batch::read(&sample.app, at(1), &[], &StagePanics::default()).expect("a batch");
        let mut changes = Changes::default();
        batch.add_known(&mut changes, &known).expect("added");
        let [first, second] = changes.compositions.as_slice() else {
            panic!("{:?}", changes.compositions)
        };
        assert_eq!((first.entry, first.story, first.basis), (original.entry.id, other, Basis::Event));
        let expected = Composition {
            story: other,
            at: at(1),
            ..was.clone()
        };
        assert_eq!(second, &expected, "how it was found to be a copy stays");
    }
}

#[test]
fn a_copy_of_what_a_copy_added_is_one_of_the_original() {
    // In another language, so that both parts have no term in common.
    let added = "Meanwhile the dairy cooperative installs three cooled tanks beside the big baobab, where herders bring calabashes before sunrise. One \
        veterinarian checks every churn, writes the name of each herd on slate and counts coins at once, while four apprentices rinse cans with boiling \
        water. Cheese goes to hotels on Saturday, then further south if trucks can pass. Nobody here remembers such quick progress, says an old shepherd, \
        whose grandson wants to study refrigeration.";
    let sample = Sample::open(&desk());
    sample.gather("aube", &[numbered("aube", 0, at(-30))], at(0));
    sample.gather("soir", &[draft("soir", "1", "Le bac repart", FERRY, at(-29))], at(0));
    let many: Vec<EntryDraft> = (1..40).map(|number| numbered("echo", number, at(-20))).collect();
    sample.gather("echo", &many, at(0));
    // One story of all of them, in which the report is neither the founder nor one of the newest.
    sample.evaluate_as(at(0), |compositions, first| {
        for composition in compositions {
            composition.story = first;
        }
    });
    // So late that none of them is looked at again.
    for (slug, text) in [("bafing", format!("{FERRY} {added}")), ("courrier", added.to_owned())] {
        sample.gather(slug, &[draft(slug, "1", slug, &text, at(-2))], at(5));
        compose_waiting(&sample, 5, 1_000);
    }
    let composed = composed(&sample);
    let original = of(&composed, "soir");
    for slug in ["bafing", "courrier"] {
        let copy = of(&composed, slug);
        assert_eq!((copy.copy_of, copy.story), (Some(original.entry.id), original.story), "{slug}");
    }
}

/// Returns a report on an event in an order and with words of its own: it is like others of the event by names and words, and not by its text.
fn paraphrase(event: usize, number: usize, place: usize) -> (String, String) {
    const EVENTS: [[&str; 12]; 3] = [
        [
            "Korbalé",
            "Tandina",
            "pont",
            "camion",
            "Sirba",
            "sel",
            "préfet",
            "Oumar",
            "effondré",
            "rive",
            "blessés",
            "Tera",
        ],
        [
            "Dorin",
            "Varenia",
            "Garba",
            "Niamey",
            "accord",
            "école",
            "général",
            "instructeurs",
            "Tandibou",
            "signature",
            "Pavel",
            "délégation",
        ],
        [
            "Ansongo",
            "troupeau",
            "Ménaka",
            "vaccin",
            "Walet",
            "éleveurs",
            "Aminata",
            "puits",
            "campagne",
            "vétérinaires",
            "zébus",
            "Ber",
        ],
    ];
    let facts = EVENTS[event];
    let in_order = (0..facts.len()).map(|fact| facts[(fact * [1, 5, 7, 11][number % 4] + number) % facts.len()]);
    let text: Vec<String> = in_order
        .enumerate()
        .map(|(at, fact)| format!("avec {fact} mot{place}x{at}"))
        .collect();
    let title = format!("À {} : {} et {} sur le {}", facts[0], facts[number % 3 + 1], facts[4], facts[2]);
    (title, text.join(" "))
}

/// Reports on a few events by several sources, in words and orders that `numbers` choose.
fn reports(numbers: &[usize]) -> Vec<(&'static str, EntryDraft)> {
    const EVENTS: [(&str, &str); 4] = [
        ("Le bac de Dioro repart avec deux moteurs", FERRY),
        ("Dioro : le maire Sanogo relance le bac", FERRY_TOO),
        (
            "Nara : quarante puits pour les éleveurs",
            "À Nara, quarante puits seront creusés avant mars pour les éleveurs du Wagadou, a promis la ministre Fanta Keïta. Chaque puits aura sa \
             pompe solaire et son gardien. Le chantier coûte deux milliards de francs, dont une part vient des communes de Nara et de Mourdiah.",
        ),
        (
            "La ministre Fanta Keïta promet quarante puits à Nara",
            "La ministre Fanta Keïta a visité Nara et Mourdiah : quarante puits avec pompe solaire, un gardien pour chacun, deux milliards de francs. \
             Les éleveurs du Wagadou demandent que le chantier commence avant mars.",
        ),
    ];
    let made = numbers.iter().enumerate().map(|(place, number)| {
        let slug = SOURCES[number / 3 % SOURCES.len()];
        if number % 2 == 0 {
            let (title, text) = paraphrase(number / 7 % 3, number / 5, place);
            let hours = i64::try_from(number / 11 % 40).expect("few hours");
            return (slug, draft(slug, &place.to_string(), &title, &text, at(-hours)));
        }
        let (title, text) = EVENTS[number / 7 % EVENTS.len()];
        let skipped = number / 31 % 5 * 9;
        let words: Vec<&str> = text.split_whitespace().skip(skipped).collect();
        let text = format!("{} Avis{number} lot{place}.", words.join(" "));
        let hours = i64::try_from(number / 11 % 40).expect("few hours");
        (
            slug,
            draft(slug, &place.to_string(), &format!("{title} {}", number % 3), &text, at(-hours)),
        )
    });
    made.collect()
}

fn gather(sample: &Sample, reports: &[(&'static str, EntryDraft)], hours: i64) {
    for slug in SOURCES {
        let drafts: Vec<EntryDraft> = reports
            .iter()
            .filter(|(of, _)| *of == slug)
            .map(|(_, draft)| draft.clone())
            .collect();
        sample.gather(slug, &drafts, at(hours));
    }
}

/// Numbers without a pattern.
fn numbers(count: usize) -> Vec<usize> {
    (1..=count).map(|number| number * 7_919 % 5_003).collect()
}

#[test]
fn a_run_that_is_killed_and_goes_on_decides_the_same() {
    let reports = reports(&numbers(45));
    let told = reports.iter().filter(|(_, draft)| draft.title.starts_with('À')).count();
    assert!((10..35).contains(&told), "{told}");
    let run = |is_killed: bool| {
        let sample = Sample::open(&desk());
        gather(&sample, &reports, 0);
        if is_killed {
            let waiting = sample.app.store.uncomposed_ids().expect("ids");
            compose_in_batches(&sample.app, at(0), &waiting[..16], 16, &StagePanics::default()).expect("composed");
        }
        compose_waiting(&sample, 0, 16);
        assert_eq!(sample.app.store.uncomposed_ids().expect("ids"), []);
        sample.evaluate(at(0));
        sample
    };
    let (whole, killed, again) = (run(false), run(true), run(false));
    let stories: BTreeSet<StoryId> = composed(&whole).iter().map(|known| known.story).collect();
    assert!((2..20).contains(&stories.len()), "{} stories show nothing", stories.len());
    assert_eq!(dump(&killed), dump(&whole));
    assert_eq!(dump(&again), dump(&whole));
}

type Outcome = (EntryId, Option<EntryId>, StoryId);

/// Returns what is decided about what waits, as it comes: by an index of what it hits, and by one that holds all that is stored.
fn decided_by_hits_and_by_all(sample: &Sample, hours: i64) -> (Vec<Outcome>, Vec<Outcome>) {
    let app = &sample.app;
    let waiting = app.store.uncomposed_ids().expect("ids");
    let batch = Batch::read(app, at(hours), &waiting, &StagePanics::default()).expect("a batch");
    let mut index = Index::new(DedupePolicy::default());
    let composed = composed(sample);
    let stories: BTreeSet<StoryId> = composed.iter().map(|known| known.story).collect();
    for story in app.store.known_stories(&stories.into_iter().collect::<Vec<_>>()).expect("stories") {
        index.insert_story(&KnownStory {
            id: story.story.id,
            founded: story.story.founded,
            earlier: story.story.earlier,
            first_published: story.first_published,
            members: u32::try_from(story.members).expect("few members"),
        });
    }
    let mut terms = BTreeSet::new();
    for known in &composed {
        let fingerprint = Fingerprint::from_bytes(&known.entry.fingerprint).expect("a fingerprint");
        terms.extend(fingerprint.counted_terms());
        index.insert(&KnownEntry {
            entry: dedupe_entry(app, &known.entry, fingerprint),
            copy_of: known.copy_of,
            story: known.story,
            is_by_hand: known.is_by_hand,
        });
    }
    terms.extend(batch.entries.iter().flat_map(|entry| entry.fingerprint.counted_terms()));
    let (entries, counts) = app.store.term_frequencies(&terms.into_iter().collect::<Vec<_>>()).expect("counts");
    index.add_frequencies(&crate::model::TermCounts { entries, counts });
    let decide = |mut index: Index| -> Vec<Outcome> {
        index.begin_step(at(hours));
        let decisions = batch.entries.iter().map(|entry| index.assign(entry));
        decisions
            .map(|decision| (decision.entry, decision.copy_of, decision.story))
            .collect()
    };
    (
        decide(comparison::with_stories(app, &batch.entries).expect("an index")),
        decide(index),
    )
}

#[test]
fn an_index_of_what_is_hit_decides_as_one_of_all() {
    for (first, count, steps) in [(1, 12, 2), (50, 24, 3), (200, 40, 4), (700, 33, 2), (1_300, 40, 3)] {
        let reports = reports(&numbers(first + count)[first..]);
        let sample = Sample::open(&desk());
        for (hours, reports) in (0..).zip(reports.chunks(reports.len().div_ceil(steps))) {
            gather(&sample, reports, hours);
            let (hit, expected) = decided_by_hits_and_by_all(&sample, hours);
            assert_eq!(hit, expected, "from {first} after {hours} hours");
            compose_waiting(&sample, hours, 1_000);
        }
    }
}

#[test]
fn what_an_editor_decided_stays_when_more_is_composed() {
    let sample = Sample::open(&desk());
    for slug in ["aube", "echo"] {
        let text = if slug == "aube" { FERRY } else { FERRY_TOO };
        sample.gather(slug, &[draft(slug, "1", "Le bac de Dioro repart lundi", text, at(-1))], at(0));
    }
    compose_waiting(&sample, 0, 1_000);
    let before = composed(&sample);
    let echo = of(&before, "echo");
    assert_eq!(echo.story, of(&before, "aube").story);
    let own = StoryId::from(echo.entry.id);
    let mut changes = Changes {
        compositions: vec![Composition::new(echo.entry.id, None, own, at(1), Basis::Split)],
        ..Changes::default()
    };
    changes.stories.push(Story {
        id: own,
        lead: echo.entry.id,
        founded: at(1),
        earlier: None,
    });
    sample.app.store.apply(changes).expect("stored");
    for (number, slug) in ["soir", "radio", "bafing"].iter().enumerate() {
        let text = format!("{FERRY_TOO} Avis {number} de {slug}.");
        sample.gather(slug, &[draft(slug, "1", "Le bac de Dioro repart lundi", &text, at(0))], at(2));
        compose_waiting(&sample, 2, 1_000);
    }
    assert_eq!(of(&composed(&sample), "echo").story, own);
}
