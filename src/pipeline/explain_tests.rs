//! What `griot explain` says of what is decided outside of rules, and how entries with an article are read.

use super::curation_tests::{desk, four, tell};
use super::explain::{Circumstance, Standing, TopicExplanation, explain};
use super::forms::article_forms;
use super::sample::{DESK, Sample, article, at, draft, numbered, topic};
use super::topic_suggest::suggest;
use crate::model::{Article, Author, Category, Changes, EntryDraft, EntryId, MarkEvent, MarkKind, MarkTarget, Timestamp};

/// Explains the entry with this title on the topic on Mali.
fn explained(sample: &Sample, title: &str, now: Timestamp) -> TopicExplanation {
    let app = &sample.app;
    let entry = entry(sample, title);
    let explanation = explain(&app.config, &app.prepared, &app.store, entry, Some(&topic("mali")), now);
    let explanation = explanation.expect("the store is read").expect("it is composed");
    explanation.topics.into_iter().next().expect("the topic")
}

fn entry(sample: &Sample, title: &str) -> EntryId {
    let mut found = None;
    let store = &sample.app.store;
    store
        .entries_by_date(None, 100, &mut |entry| {
            if entry.title == title {
                found = Some(entry.id);
            }
        })
        .expect("entries");
    found.expect("an entry")
}

#[test]
fn too_few_reports_and_waiting_are_told() {
    let sample = four("any = [\"Mali\"]\nmin_reports = 2\nreview = true");
    tell(&sample, &["a"], "Attaque au Mali", at(0));
    let few = explained(&sample, "Attaque au Mali", at(0));
    assert_eq!(
        (few.standing, few.circumstances),
        (Standing::Out, vec![Circumstance::TooFewReports(2)])
    );
    tell(&sample, &["b"], "Attaque au Mali", at(0));
    assert_eq!(explained(&sample, "Attaque au Mali", at(0)).circumstances, [Circumstance::Waits]);
    // What is hidden everywhere is no report.
    let hidden = four("any = [\"Mali\"]\nmin_reports = 2");
    tell(&hidden, &["a"], "Attaque au Mali", at(0));
    hidden.mark(MarkKind::Hide, MarkTarget::Entry(entry(&hidden, "Attaque au Mali")), None);
    tell(&hidden, &["b"], "Attaque près de Gao, au Mali", at(0));
    let second = explained(&hidden, "Attaque près de Gao, au Mali", at(0));
    assert_eq!(second.circumstances, [Circumstance::TooFewReports(2)]);
    // That an editor has hidden or pinned it explains enough.
    let first = explained(&hidden, "Attaque au Mali", at(0)).circumstances;
    assert!(matches!(first.as_slice(), [Circumstance::Hidden(Some(_))]), "{first:?}");
    hidden.mark(
        MarkKind::Pin,
        MarkTarget::Entry(entry(&hidden, "Attaque près de Gao, au Mali")),
        None,
    );
    let pinned = explained(&hidden, "Attaque près de Gao, au Mali", at(0)).circumstances;
    assert!(matches!(pinned.as_slice(), [Circumstance::Pinned(Some(_))]), "{pinned:?}");
}

#[test]
fn a_source_that_fills_its_share_is_told() {
    let sample = Sample::open(&format!("{DESK}limit = 4\nmax_share = \"50%\"\n"));
    let drafts = [1, 2, 3].map(|number| numbered("aube", number, at(-10 + i64::try_from(number).expect("small"))));
    sample.gather("aube", &drafts, at(0));
    sample.run("soir", &[numbered("soir", 4, at(-9))], at(0));
    let circumstances = |title: &str| explained(&sample, title, at(0)).circumstances;
    assert_eq!(circumstances("Mali n1q"), [Circumstance::BeyondShare(50)]);
    assert_eq!(circumstances("Mali n2q"), []);
    sample.run("soir", &[numbered("soir", 5, at(-1))], at(0));
    assert_eq!(circumstances("Mali n1q"), [Circumstance::BeyondLimit(4)]);
    assert_eq!(explained(&sample, "Mali n3q", at(0)).standing, Standing::Shown);
}

#[test]
fn the_last_act_that_concerns_the_topic_is_told() {
    let sample = Sample::open(DESK);
    sample.run("aube", &[numbered("aube", 1, at(-1))], at(0));
    let target = MarkTarget::Entry(entry(&sample, "Mali n1q"));
    let hide = |editor: &str, slug: Option<&str>| {
        let event = MarkEvent {
            at: at(0),
            editor: editor.to_owned(),
            kind: MarkKind::Hide,
            target,
            topic: slug.map(topic),
            note: None,
        };
        sample.app.store.add_mark(event).expect("stored");
    };
    let told = || match explained(&sample, "Mali n1q", at(0)).circumstances.first() {
        Some(Circumstance::Hidden(event)) => event.as_ref().map(|event| event.editor.clone()),
        _ => None,
    };
    hide("awa", Some("mali"));
    hide("issa", Some("niger"));
    assert_eq!(told().as_deref(), Some("awa"));
    hide("moussa", None);
    assert_eq!(told().as_deref(), Some("moussa"));
}

/// Stores an article of the entry with this title.
fn add_article(sample: &Sample, title: &str, text: &str, authors: &[&str], categories: &[&str]) {
    let author = |name: &&str| Author {
        name: (*name).to_owned(),
        email: None,
    };
    let article = Article {
        authors: authors.iter().map(author).collect(),
        categories: categories.iter().map(|&category| category.to_owned()).collect(),
        ..article(text)
    };
    let forms = article_forms(&article);
    let changes = Changes {
        articles: vec![(entry(sample, title), article, forms, at(0))],
        ..Changes::default()
    };
    sample.app.store.apply(changes).expect("stored");
}

#[test]
fn the_byline_and_the_categories_of_the_page_are_found_and_quoted() {
    let told = |draft: EntryDraft, query: &str| {
        let sample = Sample::open(&desk(&[("a", "")], &format!("query = '''{query}'''")));
        sample.gather("a", &[draft], at(0));
        add_article(
            &sample,
            "Un puits",
            "La page dit tout.",
            &["Awa Traoré", "Issa Ba"],
            &["Eau et forêts"],
        );
        sample.evaluate(at(0));
        let placements = sample.placements("mali");
        let reason = placements.first().map(|placement| placement.reasons[0].clone());
        reason.map(|reason| (reason.words, reason.positions))
    };
    let bare = || draft("a", "1", "Un puits", "Le flux dit peu.", at(-1));
    let found = |words: &str, positions: &[u32]| Some((words.to_owned(), positions.to_vec()));
    assert_eq!(told(bare(), "author:traore"), found("Traoré", &[1]));
    assert_eq!(told(bare(), "author:=\"Issa Ba\""), found("Issa Ba", &[3]));
    assert_eq!(told(bare(), "author:/Tra.ré/"), found("Traoré", &[]));
    assert_eq!(told(bare(), "author:\"traore issa\""), None, "two names are no phrase");
    assert_eq!(told(bare(), "category:forets"), found("forêts", &[2]));
    assert_eq!(told(bare(), "text:page"), found("page", &[1]));
    assert_eq!(told(bare(), "text:flux"), None, "the page's text stands in place of the feed's");
    // What the feed says stands first.
    let full = EntryDraft {
        authors: vec![Author {
            name: "La rédaction".to_owned(),
            email: None,
        }],
        categories: vec![Category {
            term: "Terroir".to_owned(),
            scheme: None,
        }],
        ..bare()
    };
    assert_eq!(told(full.clone(), "author:redaction"), found("rédaction", &[1]));
    assert_eq!(told(full.clone(), "author:traore"), found("Traoré", &[4]));
    assert_eq!(told(full.clone(), "category:forets"), found("forêts", &[4]));
    assert_eq!(told(full, "category:\"terroir eau\""), None);
}

#[test]
fn words_are_suggested_from_the_page_and_each_text_counts_once() {
    let sample = Sample::open(&format!("{DESK}stories = \"off\"\n"));
    let drafts: Vec<_> = (1..=12)
        .map(|number| numbered("aube", number, at(-number_of_hours(number))))
        .collect();
    sample.gather("aube", &drafts, at(0));
    let other = |number: usize| {
        let mut other = numbered("soir", 100 + number, at(-number_of_hours(number)));
        other.title = format!("Togo n{number}q");
        other
    };
    sample.gather("soir", &(1..=12).map(other).collect::<Vec<_>>(), at(0));
    for number in 1..=12 {
        add_article(
            &sample,
            &format!("Mali n{number}q"),
            &format!("Le chameau {number} boit, dit la page."),
            &[],
            &[],
        );
    }
    sample.evaluate_as(at(0), |compositions, _| {
        let original = compositions[0].entry;
        compositions[1].copy_of = Some(original);
    });
    let app = &sample.app;
    let found = suggest(&app.prepared, &app.store, &topic("mali"), at(0)).expect("the store is read");
    assert_eq!(
        (found.is_by_labels, found.entries.iter().sum::<usize>()),
        (false, 23),
        "a copy counts for nothing"
    );
    assert!(found.yes.iter().any(|suggestion| suggestion.word.form == "chameau"), "{found:?}");
    assert!(found.yes[0].example.starts_with("Mali"), "{found:?}");
}

/// Returns an age that puts entries on several days, some of them at the very beginning of one.
fn number_of_hours(number: usize) -> i64 {
    12 * i64::try_from(number).expect("small")
}
