//! A made topic feed, for measurements of what it costs to render.

use super::format::{Format, TopicInput};
use super::rendered_item::RenderedItem;
use super::topic_feed::{ArchiveLinks, Item, Outlet, Report, SiteInfo, TopicFeed};
use super::{atom, content, json, opml, pages, rss};
use crate::config::PageLanguage;
use crate::html::clean::text_to_html;
use crate::model::{Author, EntryId, Reason, SourceId, Timestamp, TopicId};
use url::Url;

const SENTENCE: &str = "Les habitants du quartier l'ont dit lundi : « l'eau est montée » & le bac ne passe plus. ";

/// The formats of a topic.
static FORMATS: [Format; 5] = [rss::FORMAT, atom::FORMAT, json::FORMAT, pages::FORMAT, opml::FORMAT];

/// A topic feed with items as a desk has them: an excerpt, a summary, two categories, three other reports and four reasons each.
#[derive(Debug)]
pub struct LabFeed {
    site: SiteInfo,
    topic: TopicFeed,
}

impl LabFeed {
    /// Returns a feed of so many items.
    ///
    /// # Panics
    /// Never: its ids are slugs.
    #[must_use]
    pub fn new(items: u32) -> Self {
        let site = SiteInfo {
            title: "Sahel desk".to_owned(),
            base_url: Url::parse("https://feeds.example.org/").ok(),
            language: PageLanguage::Fr,
            timezone: "Africa/Bamako".to_owned(),
            contact: None,
            has_story_pages: true,
            has_search: false,
        };
        let topic = TopicFeed {
            id: TopicId::new("sahel").expect("a slug"),
            title: "Sahel".to_owned(),
            description: None,
            language: "fr".to_owned(),
            items: (0..items).map(item).collect(),
            deleted: Vec::new(),
            sources: Vec::new(),
            lite: false,
            archive: ArchiveLinks::default(),
            hub: None,
        };
        Self { site, topic }
    }

    /// Returns the size in bytes of the file with this ending, such as `.atom.xml`, once it is rendered; 0 when there is no such format.
    #[must_use]
    pub fn render(&self, suffix: &str) -> usize {
        let Some(format) = FORMATS.iter().find(|format| format.suffix == suffix) else {
            return 0;
        };
        self.rendered(format, &content::render_items(&self.site, &self.topic))
    }

    /// Returns the size of all files of the topic in bytes, once they are rendered.
    #[must_use]
    pub fn render_all(&self) -> usize {
        let items = content::render_items(&self.site, &self.topic);
        FORMATS.iter().map(|format| self.rendered(format, &items)).sum()
    }

    fn rendered(&self, format: &Format, items: &[RenderedItem<'_>]) -> usize {
        let input = TopicInput {
            site: &self.site,
            topic: &self.topic,
            items,
            formats: &FORMATS,
        };
        (format.render)(&input).len()
    }
}

fn outlet(number: u32) -> Outlet {
    Outlet {
        id: SourceId::new(&format!("outlet-{number}")).expect("a slug"),
        name: format!("L'Aube de Ségou {number}"),
        feed: Url::parse(&format!("https://aube-{number}.example/feed")).ok(),
        site: Url::parse(&format!("https://aube-{number}.example/")).ok(),
        language: Some("fr".to_owned()),
        country: Some("ML".to_owned()),
        kind: Some("private"),
        note: None,
    }
}

fn item(number: u32) -> Item {
    let at = Timestamp::from_unix(1_772_000_000 + i64::from(number) * 60);
    let link = |outlet: u32| Url::parse(&format!("https://aube-{outlet}.example/2026/03/01/le-bac-de-segou-{number}")).ok();
    let report = |outlet_number: u32| Report {
        source: outlet(outlet_number).id,
        outlet: outlet(outlet_number).name,
        country: Some("ML".to_owned()),
        kind: Some("private"),
        language: Some("fr".to_owned()),
        title: format!("Crue du Niger : le bac n° {number} ne passe plus à Ségou"),
        link: link(outlet_number),
        date: at,
        agency: None,
    };
    let reason = |clause: &str| Reason {
        clause: clause.to_owned(),
        field: "title".to_owned(),
        words: "Niger".to_owned(),
        positions: vec![2],
    };
    let guid = format!("tag:feeds.example.org,2026-03-01:{number:032x}");
    let story = EntryId::from_bytes(u128::from(number).to_be_bytes()).into();
    Item {
        link: link(0),
        body: Some(text_to_html(&SENTENCE.repeat(6))),
        summary: SENTENCE.repeat(3).trim_end().to_owned(),
        authors: vec![Author {
            name: "Awa Traoré".to_owned(),
            email: None,
        }],
        language: Some("fr".to_owned()),
        categories: vec!["Société".to_owned(), "Eau & climat".to_owned()],
        published: Some(at),
        also: (1..4).map(report).collect(),
        independent: 3,
        reasons: ["@sahel", "crue", "Ségou", "bac"].map(reason).to_vec(),
        ..Item::new(
            guid,
            story,
            format!("Crue du Niger : le bac n° {number} de Ségou est arrêté"),
            outlet(0),
            at,
        )
    }
}
