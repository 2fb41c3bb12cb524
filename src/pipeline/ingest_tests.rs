//! Ingest by what is stored: which language an entry has, and by which text it is known again.

use super::ingest::key;
use super::sample::{DESK, Sample, at, draft, source};
use crate::model::{Digest128, EntryDraft, EntryId, EntryKey, KeyKind, RawMarkup, Timestamp, address_key};
use url::Url;

const FRENCH: &str =
    "Le gouvernement a annoncé que les travaux du pont commenceront avant la saison des pluies, et que les habitants seront informés.";
const ENGLISH: &str =
    "The government has announced that work on the bridge will begin before the rainy season, and that the people will be told.";

#[test]
fn the_language_is_the_operators_else_the_stated_one_unless_the_text_contradicts() {
    let language = |keys: &str, stated: Option<&str>, text: &str| {
        let sample = Sample::open(&DESK.replace("id = \"aube\"", &format!("id = \"aube\"\n{keys}")));
        let mut entry = draft("aube", "1", "", text, at(-1));
        entry.language = stated.map(str::to_owned);
        let outcome = sample.gather("aube", &[entry], at(0));
        outcome.changes.new_entries[0].entry.language.clone()
    };
    assert_eq!(language("lang = \"ar\"", Some("en"), FRENCH).as_deref(), Some("ar"));
    assert_eq!(language("", Some("fr-ML"), FRENCH).as_deref(), Some("fr-ML"));
    assert_eq!(language("", None, FRENCH).as_deref(), Some("fr"));
    assert_eq!(language("", None, ENGLISH).as_deref(), Some("en"));
    assert_eq!(
        language("", Some("en-US"), &FRENCH.repeat(4)).as_deref(),
        Some("fr"),
        "content management systems leave it at their default"
    );
}

#[test]
fn a_date_more_than_a_day_ahead_is_not_shown() {
    let published = |published: Option<Timestamp>, updated: Option<Timestamp>| {
        let sample = Sample::open(DESK);
        let mut entry = draft("aube", "1", "", FRENCH, at(-1));
        (entry.published, entry.updated) = (published, updated);
        let outcome = sample.gather("aube", &[entry], at(0));
        outcome.changes.new_entries[0].entry.published
    };
    let second = std::time::Duration::from_secs(1);
    assert_eq!(published(Some(at(24)), None), Some(at(24)));
    assert_eq!(published(Some(at(24) + second), None), None);
    assert_eq!(published(Some(at(25)), Some(at(-2))), Some(at(-2)), "the second date is good");
    assert_eq!(published(None, Some(at(30))), None);
}

#[test]
fn an_undated_text_identifies_its_entry_from_forty_characters_on() {
    let has_text_key = |summary: &str, content: &str| {
        let entry = EntryDraft {
            guid: Some("1".to_owned()),
            title: "A title that is longer than forty characters does not count".to_owned(),
            summary: Some(RawMarkup(format!("<p>{summary}</p>"))),
            content: Some(RawMarkup(format!("<p>{content}</p>"))),
            ..EntryDraft::default()
        };
        key(vec![entry])[0].keys.iter().any(|key| key.kind == KeyKind::Text)
    };
    // Each letter has two bytes: characters are counted.
    let (long, short) = ("é".repeat(40), "é".repeat(39));
    assert!(has_text_key(&long, &short) && has_text_key(&short, &long));
    assert!(!has_text_key(&short, &short));
}

#[test]
fn an_entry_of_exactly_the_age_of_keep_is_stored_and_an_allowance_that_is_met_leaves_nothing_out() {
    let sample = Sample::open(&format!("{DESK}[retention]\nkeep = \"100d\"\n[fetch]\nmax_new = 2\n"));
    let keep = at(-100 * 24);
    let text = |number: u32| format!("{FRENCH} {number}");
    let at_bound = draft("aube", "1", "Mali 1", &text(1), keep);
    let older = draft("aube", "2", "Mali 2", &text(2), keep - std::time::Duration::from_secs(1));
    let outcome = sample.gather("aube", &[at_bound, older], at(0));
    let titles = |outcome: &super::outcome::VisitOutcome| {
        let new = outcome.changes.new_entries.iter();
        new.map(|new| new.entry.title.clone()).collect::<Vec<_>>()
    };
    assert_eq!(titles(&outcome), ["Mali 1"]);
    let two = [
        draft("aube", "3", "Mali 3", &text(3), at(20)),
        draft("aube", "4", "Mali 4", &text(4), at(21)),
    ];
    let met = sample.gather("aube", &two, at(24));
    assert_eq!((titles(&met).len(), sample.state("aube").flooded), (2, false));
}

#[test]
fn addresses_in_a_text_are_relative_to_its_page() {
    let sample = Sample::open(DESK);
    let text = "<p><a href=\"../cartes/mali\">La carte du pays</a> montre les routes qui rouvriront avant la saison des pluies.</p>";
    let outcome = sample.gather("aube", &[draft("aube", "1", "Mali", text, at(-1))], at(0));
    let entry = &outcome.changes.new_entries[0].entry;
    let html: String = [&entry.summary, &entry.content]
        .into_iter()
        .flatten()
        .map(crate::model::CleanHtml::as_str)
        .collect();
    assert!(html.contains("href=\"https://aube.example/cartes/mali\""), "{html}");
}

#[test]
fn every_address_of_a_private_network_is_counted() {
    let sample = Sample::open(DESK);
    let mut entry = draft("aube", "1", "Mali", FRENCH, at(-1));
    let private = Url::parse("http://10.0.0.1/a").expect("a URL");
    entry.image = Some(private.clone());
    entry.link = Some(private);
    let outcome = sample.gather("aube", &[entry], at(0));
    let problems: Vec<&str> = outcome
        .changes
        .problems
        .iter()
        .flat_map(|(_, problems)| problems)
        .map(|problem| problem.detail.as_str())
        .collect();
    assert!(problems.iter().any(|text| text.contains('2')), "{problems:?}");
}

#[test]
fn what_a_site_appends_to_its_headlines_is_no_evidence() {
    let sample = Sample::open(&DESK.replace("any = [\"Mali\"]", "any = [\"Mali\", \"crue\"]"));
    let entry = |number: &str, title: &str| draft("aube", number, title, &format!("Texte numéro {number}."), at(-1));
    let titles = [
        "La crue monte | Mali Actu",
        "Le marché rouvre | Mali Actu",
        "Une école de plus | Mali Actu",
    ];
    let mut document: Vec<EntryDraft> = (0_u8..)
        .zip(titles)
        .map(|(number, title)| entry(&number.to_string(), title))
        .collect();
    sample.run("aube", &document, at(0));
    assert_eq!(sample.titles("mali"), ["La crue monte | Mali Actu"], "published as it is written");
    // A corrected headline is read in the same way.
    document[1].title = "Le grand marché rouvre | Mali Actu".to_owned();
    sample.run("aube", &document, at(1));
    assert_eq!(sample.titles("mali").len(), 1);
}

/// Links whose canonical form is another one than that under which earlier versions stored them.
const MOVED_FORMS: [&str; 4] = [
    "https://m.aube.example/2026/02/28/la-crue-1?ttclid=1",
    "https://aube.example/2026/02/28/la-crue-2/amp/",
    "https://aube.example/index.php?option=com_content&id=3&tmpl=component&print=1",
    "https://www.google.com/url?q=https://aube.example/2026/02/28/la-crue-4&sa=U",
];

fn drafts_with(links: &[&str], guids: bool) -> Vec<EntryDraft> {
    let one = |(number, link): (u8, &&str)| {
        let mut draft = draft(
            "aube",
            &number.to_string(),
            &format!("Mali {number}"),
            &format!("Texte numéro {number}."),
            at(-1),
        );
        draft.guid = draft.guid.filter(|_| guids);
        draft.link = Some(Url::parse(link).expect("a URL"));
        draft
    };
    (0_u8..).zip(links).map(one).collect()
}

#[test]
fn entries_that_an_earlier_version_stored_are_known_by_their_links() {
    for guids in [false, true] {
        let sample = Sample::open(DESK);
        let drafts = drafts_with(&MOVED_FORMS, guids);
        // Earlier versions had one form of a link, and no digest of a text.
        let mut earlier = key(drafts.clone());
        for keyed in &mut earlier {
            let link = EntryKey::link(address_key(keyed.draft.link.as_ref().expect("a link")));
            let keys = keyed.keys.len();
            keyed.keys.retain(|key| key.kind == KeyKind::Guid || *key == link);
            assert!(keys > keyed.keys.len() + 1, "the canonical form of {} is another one", link.value);
        }
        let hash = |text: &str| Digest128::hash(text.as_bytes());
        let first = sample.gather_keyed("aube", earlier, hash("earlier"), at(0));
        assert_eq!(first.changes.new_entries.len(), MOVED_FORMS.len());
        let again = sample.gather_keyed("aube", key(drafts.clone()), hash("again"), at(2)).changes;
        assert_eq!((again.new_entries.len(), again.revised_entries.len()), (0, 0));
        assert_eq!((again.rehashed_entries.len(), again.updated_entries.len()), (0, 0));
        assert_eq!(
            again.new_keys.len(),
            MOVED_FORMS.len(),
            "they are known by the canonical form from now on"
        );
        let third = sample.gather_keyed("aube", key(drafts), hash("third"), at(4)).changes;
        assert_eq!(
            (third.new_entries.len(), third.revised_entries.len(), third.new_keys.len()),
            (0, 0, 0)
        );
    }
}

#[test]
fn new_tracking_parameters_make_no_new_entry() {
    let sample = Sample::open(DESK);
    let visit = |links: &[&str], hours: i64| {
        let mut drafts = drafts_with(links, false);
        // So that only links identify the entries.
        for draft in &mut drafts {
            draft.title.push_str(&hours.to_string());
        }
        sample.gather("aube", &drafts, at(hours)).changes.new_entries.len()
    };
    assert_eq!(
        visit(
            &["https://aube.example/2026/02/28/la-crue-1?ttclid=1", "https://aube.example/?p=2"],
            0
        ),
        2
    );
    assert_eq!(
        visit(
            &[
                "https://m.aube.example/2026/02/28/la-crue-1?ttclid=2",
                "https://aube.example/?p=2&igsh=4"
            ],
            2
        ),
        0
    );
    assert_eq!(
        visit(&["https://aube.example/2026/02/28/la-crue-1/amp", "https://aube.example/?p=3"], 4),
        1
    );
}

#[test]
fn ids_are_derived_from_the_form_of_links_that_never_changes() {
    let sample = Sample::open(DESK);
    let new = sample.gather(
        "aube",
        &drafts_with(&["https://m.aube.example/2026/02/28/la-crue-1/amp?ref=1"], false),
        at(0),
    );
    let id = EntryId::derive(&source("aube"), "link", "m.aube.example/2026/02/28/la-crue-1/amp");
    assert_eq!(new.changes.new_entries[0].entry.id, id);
}
