//! A site and topics to test with. All of it is invented.

use super::{
    ArchiveLinks, DeletedItem, GroupSummary, Headline, Item, Outlet, OutputFolder, RenderedFile, Report, SiteInfo, SourceStanding,
    TopicFeed, TopicSummary, WriteError, Written,
};
use crate::config::PageLanguage;
use crate::model::{
    About, Agency, ArticleMethod, Author, CleanHtml, Digest128, Enclosure, EntryId, Genre, Image, Reason, SourceId, Timestamp, TopicId,
};
use std::path::Path;
use url::Url;

pub(super) fn url(text: &str) -> Url {
    Url::parse(text).expect("a URL")
}

pub(super) fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

pub(super) fn site(language: PageLanguage) -> SiteInfo {
    SiteInfo {
        title: "Sahel desk".to_owned(),
        base_url: Some(url("https://feeds.example.org/")),
        language,
        timezone: "Africa/Niamey".to_owned(),
        contact: None,
        has_story_pages: true,
        has_search: true,
    }
}

pub(super) fn outlet(id: &str, name: &str) -> Outlet {
    Outlet {
        id: SourceId::new(id).expect("a slug"),
        name: name.to_owned(),
        feed: Some(url(&format!("https://{id}.example/feed?type=rss&lang=fr"))),
        site: Some(url(&format!("https://{id}.example/"))),
        language: Some("fr".to_owned()),
        country: Some("NE".to_owned()),
        kind: Some("private"),
        note: None,
    }
}

fn report(outlet: &str, title: &str, agency: Option<&str>) -> Report {
    Report {
        source: SourceId::new("autre").expect("a slug"),
        outlet: outlet.to_owned(),
        country: Some("ML".to_owned()),
        kind: Some("radio"),
        language: Some("fr".to_owned()),
        title: title.to_owned(),
        link: Some(url("https://autre.example/a?x=1&y=2")),
        date: time("2026-03-01T09:30:00Z"),
        agency: agency.and_then(Agency::parse),
    }
}

/// An item with required fields only.
pub(super) fn bare(number: u32) -> Item {
    let muet = Outlet {
        feed: None,
        site: None,
        language: None,
        country: None,
        kind: None,
        ..outlet("muet", "Le Muet")
    };
    let guid = format!("tag:feeds.example.org,2026-03-01:{number:032x}");
    let story = EntryId::from_bytes([u8::try_from(number).expect("a small number"); 16]).into();
    Item {
        rule: "0a1b2c3d".to_owned(),
        ..Item::new(guid, story, format!("Rien de plus {number}"), muet, time("2026-03-01T12:00:00Z"))
    }
}

/// An item with everything, in French, with all that has to be escaped.
pub(super) fn full() -> Item {
    Item {
        title: "Mali & Niger : « 3 < 5 », dit l'armée\u{7} R&D 🦁 <b>gras</b> &amp;".to_owned(),
        link: Some(url("https://sahel.example/spip.php?article=1&lang=fr|x#a")),
        outlet: outlet("sahel", "Sahel & Cie"),
        body: Some(CleanHtml::from_trusted(
            "<p>Le gouvernement &amp; l'armée ]]&gt; ont parlé.\u{c} <img src=\"https://sahel.example/i.jpg\" alt=\"\"></p>\n<p>Suite : <a href=\"https://sahel.example/2?a=1&amp;b=2\">lire</a>, puis encore quelques mots pour que le corps soit bien plus long que son résumé.</p>".to_owned(),
        )),
        summary: "Le gouvernement & l'armée : 3 < 5 ; <i>non</i>.".to_owned(),
        authors: vec![
            Author {
                name: "Awa Traoré & fils".to_owned(),
                email: Some("awa@sahel.example".to_owned()),
            },
            Author::default(),
        ],
        language: Some("fr".to_owned()),
        categories: ["Politique & société", "Mali", "Mali", " "].map(str::to_owned).to_vec(),
        published: Some(time("2026-03-01T10:00:00Z")),
        updated: time("2026-03-02T08:00:00Z"),
        corrected: Some(time("2026-03-02T08:00:00Z")),
        licence: Some("https://creativecommons.org/licenses/by/4.0/".to_owned()),
        method: ArticleMethod::Blocks,
        enclosure: Some(Enclosure {
            url: url("https://sahel.example/journal.mp3?x=1&y=2"),
            mime: None,
            length: None,
        }),
        image: Some(Image {
            url: url("https://sahel.example/i.jpg?w=1&h=2"),
            width: Some(640),
            height: Some(0),
        }),
        also: vec![report("L'Autre <Journal>", "Même chose & plus", Some("AFP")), report("النهار", "قال الجيش", None)],
        earlier: Some(report("L'Autre", "La veille", None)),
        note: Some("À lire avec l'entretien d'hier <ici> & là.".to_owned()),
        reasons: vec![Reason {
            clause: "@sahel".to_owned(),
            field: "title".to_owned(),
            words: "Mali, Niger".to_owned(),
            positions: vec![3],
        }],
        about: About::decode("ML:0.7 NE:0.3 ML-7@16.27,-0.04"),
        genre: Some(Genre::Opinion),
        agency: Agency::parse("Reuters"),
        unlisted: 1,
        copies: 3,
        independent: 2,
        masked: vec!["niger state".to_owned(), "<b> & co".to_owned()],
        ..bare(1)
    }
}

/// An item in Arabic, whose date lies in the future and whose clock is wrong elsewhere.
pub(super) fn arabic() -> Item {
    Item {
        title: "النيجر: الجيش يعلن عن انتقال".to_owned(),
        link: Some(url("https://sahara.example/أخبار/1")),
        outlet: outlet("sahara", "صحراء ميديا"),
        body: Some(CleanHtml::from_trusted("<p>أعلن الجيش اليوم.</p>".to_owned())),
        summary: "أعلن الجيش اليوم.".to_owned(),
        language: Some("ar-NE".to_owned()),
        published: Some(time("2031-01-01T00:00:00Z")),
        enclosure: Some(Enclosure {
            url: url("https://sahara.example/v.mp4"),
            mime: Some("Video/MP4; codecs=x".to_owned()),
            length: Some(1234),
        }),
        ..bare(2)
    }
}

pub(super) fn topic() -> TopicFeed {
    let old = Item {
        published: Some(time("1970-01-01T00:00:00Z")),
        title: " \u{0}".to_owned(),
        summary: "Un résumé seul".to_owned(),
        language: Some("inconnue".to_owned()),
        link: Some(url("javascript:alert(1)")),
        ..bare(4)
    };
    TopicFeed {
        id: TopicId::new("sahel-politics").expect("a slug"),
        title: "Sahel & politique".to_owned(),
        description: Some("Ce qui se décide <là-bas> & ici".to_owned()),
        language: "fr".to_owned(),
        items: vec![full(), arabic(), bare(3), old],
        deleted: vec![DeletedItem {
            guid: "tag:feeds.example.org,2026-02-28:0".to_owned(),
            at: time("2026-03-01T13:00:00Z"),
        }],
        sources: vec![
            outlet("sahel", "Sahel & Cie"),
            Outlet {
                feed: None,
                ..outlet("sahara", "صحراء \"ميديا\"")
            },
            bare(3).outlet,
        ],
        lite: true,
        archive: ArchiveLinks::default(),
        hub: None,
    }
}

pub(super) fn empty() -> TopicFeed {
    TopicFeed {
        id: TopicId::new("vide").expect("a slug"),
        title: "Vide".to_owned(),
        description: None,
        language: "fr".to_owned(),
        items: Vec::new(),
        deleted: Vec::new(),
        sources: Vec::new(),
        lite: false,
        archive: ArchiveLinks::default(),
        hub: None,
    }
}

pub(super) fn summary(topic: &TopicFeed) -> TopicSummary {
    TopicSummary {
        id: topic.id.clone(),
        title: topic.title.clone(),
        description: topic.description.clone(),
        rule: vec!["about: @sahel".to_owned(), "none: ‹b>football".to_owned()],
        newest: topic.items.iter().map(|item| item.first_published).max(),
        headlines: topic.items.iter().map(Headline::of).collect(),
    }
}

/// Returns the outlets of a topic as sources that bring news, but for the last, which is silent.
pub(super) fn standings(topic: &TopicFeed) -> Vec<SourceStanding> {
    let last = topic.sources.len().saturating_sub(1);
    let standing = |(place, outlet): (usize, &Outlet)| SourceStanding {
        outlet: outlet.clone(),
        is_silent: place > 0 && place == last,
        is_failing: false,
    };
    topic.sources.iter().enumerate().map(standing).collect()
}

/// Writes one group of files as the whole output.
pub(super) fn write(out: &Path, database_id: &str, files: &[RenderedFile]) -> Result<Written, WriteError> {
    let mut folder = OutputFolder::open(out, database_id)?;
    folder.write("all", Digest128::hash(b"1"), GroupSummary::default(), files)?;
    folder.finish()
}
