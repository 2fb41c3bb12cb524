//! The page of what a selection of a topic's items finds, such as a search. It is made from the published JSON feed: it tells nothing that the feed does
//! not, finds the stories that the page of the topic has no room for, and offers the feeds of the selection.

use super::super::calendar::{Calendar, Day};
use super::super::format::Format;
use super::super::labels::labels;
use super::super::selection::{PublishedFeed, PublishedItem, PublishedReport};
use super::super::text::{strip_controls, truncate};
use super::super::topic_feed::SiteInfo;
use super::frame::{FeedLink, Frame, MAX_PAGE_BYTES, render};
use super::message::message;
use super::story_line::{Detail, OutletView, ReportView, StoryView, story_line};
use crate::model::Timestamp;
use crate::text::html_to_text::html_to_text;
use askama::Template;

/// From the most to the least of each story.
const DETAILS: [Detail; 4] = [
    Detail::new(300, 6, 200, false, true),
    Detail::new(200, 3, 100, false, true),
    Detail::new(100, 1, 80, false, false),
    Detail::new(0, 0, 0, false, false),
];

/// Of a longer search, which is refused, the beginning is repeated.
const MAX_SEARCH_CHARS: usize = 250;

/// A selection of a topic's items.
#[derive(Debug)]
pub struct Selection<'a> {
    /// The topic, by the beginning of its files' names.
    pub topic: &'a str,
    /// What was searched for; empty where nothing was.
    pub search: &'a str,
    /// The parameters by which the feeds of the topic hold the same items.
    pub query: &'a str,
    /// What was found, the newest first; or what is wrong with the parameters.
    pub found: Result<Vec<&'a PublishedItem>, Mistake<'a>>,
}

/// A mistake in a search.
#[derive(Debug, Clone, Copy)]
pub struct Mistake<'a> {
    /// What is wrong.
    pub text: &'a str,
    /// What a search may have.
    pub help: &'a str,
    /// The language of both.
    pub language: &'static str,
}

/// The same as markup.
struct MistakeView {
    text: String,
    help: String,
}

#[derive(Template)]
#[template(path = "found.html")]
struct FoundPage<'a> {
    frame: Frame,
    id: &'a str,
    title: &'a str,
    search: &'a str,
    /// The feeds of what was found.
    links: &'a [(&'static str, String)],
    query: &'a str,
    has_search: bool,
    mistake: Option<MistakeView>,
    count: usize,
    days: Vec<Day<String>>,
    /// How many stories there is no room for.
    rest: usize,
}

/// Renders the page.
pub(in crate::publish) fn found(site: &SiteInfo, feed: &PublishedFeed, selection: &Selection<'_>, formats: &[Format]) -> String {
    let (calendar, labels) = (Calendar::new(site), labels(site.language));
    let (items, mistake) = match &selection.found {
        Ok(items) => (&items[..], None),
        Err(mistake) => (&[][..], Some(*mistake)),
    };
    let excerpts: Vec<String> = items.iter().map(|item| excerpt(site, item)).collect();
    let stories = items.iter().zip(&excerpts);
    let stories: Vec<StoryView<'_>> = stories.filter_map(|(item, excerpt)| story(item, excerpt)).collect();
    let query = if selection.query.is_empty() || mistake.is_some() {
        String::new()
    } else {
        format!("?{}", selection.query)
    };
    let search = truncate(&strip_controls(selection.search), MAX_SEARCH_CHARS);
    let title = match &*search {
        "" => feed.title.clone(),
        search => format!("{search} · {}", feed.title),
    };
    let feeds = formats.iter().filter(|format| format.is_feed && mistake.is_none());
    let links = feeds
        .clone()
        .filter_map(|format| Some((format.label?, format!("{}{}{query}", selection.topic, format.suffix))));
    let links: Vec<(&'static str, String)> = links.collect();
    let (mut step, mut count) = (0, stories.len());
    loop {
        let told = stories[..count].iter().map(|story| {
            let line = story_line(site, &calendar, labels, story, String::new(), DETAILS[step]);
            (story.date, line)
        });
        let mut frame = Frame::new(site, &format!("{}.html", selection.topic), title.clone(), feed.description.clone());
        let feed_links = feeds.clone().zip(&links).map(|(format, (label, name))| FeedLink {
            title: format!("{title} ({label})"),
            name: name.clone(),
            media_type: format.media_type,
        });
        frame.feeds = feed_links.collect();
        let page = FoundPage {
            frame: frame.changed(&calendar, stories.iter().map(|story| story.date).max()),
            id: selection.topic,
            title: &feed.title,
            search: &search,
            query: &query,
            links: &links,
            has_search: site.has_search,
            mistake: mistake.map(|mistake| MistakeView {
                text: message(mistake.text, mistake.language, None),
                help: message(mistake.help, mistake.language, None),
            }),
            count: stories.len(),
            days: calendar.by_day(told),
            rest: stories.len() - count,
        };
        let rendered = render(&page, MAX_PAGE_BYTES);
        if rendered.len() <= MAX_PAGE_BYTES || count == 0 {
            return rendered;
        }
        if step + 1 < DETAILS.len() {
            step += 1;
        } else {
            count = (count * MAX_PAGE_BYTES / rendered.len()).min(count - 1);
        }
    }
}

/// Returns the text of which an excerpt shows the beginning: the summary, else the content before the credit lines, which are in the language of the site.
fn excerpt(site: &SiteInfo, item: &PublishedItem) -> String {
    if !item.summary.is_empty() {
        return item.summary.clone();
    }
    let credits = format!("\n<p lang=\"{}\"", site.language.tag());
    let body = item.content_html.split(&credits).next().unwrap_or_default();
    html_to_text(body)
}

/// Returns the view of an item with this excerpt; none of one without a date or a report, which griot does not publish.
fn story<'a>(item: &'a PublishedItem, excerpt: &'a str) -> Option<StoryView<'a>> {
    let (lead, others) = item.reports.split_first()?;
    Some(StoryView {
        guid: &item.guid,
        story: item.story.clone(),
        title: &item.title,
        link: item.url.as_deref(),
        language: item.language.as_deref(),
        date: item.date?,
        outlet: outlet(lead),
        agency: lead.agency.as_deref(),
        note: item.note.as_deref(),
        image: item.image.as_deref(),
        summary: excerpt,
        countries: item.about.iter().map(String::as_str).filter(|code| !code.contains('-')).collect(),
        independent: item.independent,
        reports: others.iter().map(report).collect(),
        unlisted: item.more,
        copies: item.copies,
        earlier: item.earlier.as_ref().map(report),
        reasons: Vec::new(),
    })
}

fn outlet(report: &PublishedReport) -> OutletView<'_> {
    OutletView {
        id: &report.id,
        name: &report.name,
        country: report.country.as_deref(),
    }
}

fn report(report: &PublishedReport) -> ReportView<'_> {
    ReportView {
        outlet: outlet(report),
        language: report.language.as_deref(),
        title: &report.title,
        link: report.url.as_deref(),
        date: report.date.unwrap_or(Timestamp::from_unix(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::{arabic, bare, full, site, topic};
    use super::super::super::{Item, RenderedFile, TopicFeed, published_feed, render_selection, render_topic};
    use super::*;
    use crate::config::PageLanguage::{Ar, En, Fr};
    use crate::model::StoryId;

    fn text(file: RenderedFile) -> String {
        String::from_utf8(file.bytes).expect("UTF-8")
    }

    fn file(files: Vec<RenderedFile>, end: &str) -> String {
        let file = files.into_iter().find(|file| file.name == format!("sahel-politics{end}"));
        text(file.expect("a file"))
    }

    /// Returns the page of the topic and that of a selection which finds all its items.
    fn pages(site: &SiteInfo, items: Vec<Item>, query: &str, search: &str) -> (String, String) {
        let feed = TopicFeed { items, ..topic() };
        let published = published_feed(file(render_topic(site, &feed), ".json").as_bytes()).expect("a feed");
        let selection = Selection {
            topic: "sahel-politics",
            search,
            query,
            found: Ok(published.items.iter().collect()),
        };
        let found = render_selection(site, &published, &selection);
        (file(render_topic(site, &feed), ".html"), text(found))
    }

    /// Returns the stories of a page, without what only the page of the topic has: what filters ask for, and the reasons.
    fn stories(page: &str) -> Vec<String> {
        let stories = page.split("<article id=").skip(1).map(|story| {
            let (tag, rest) = story.split_once('>').expect("a start tag");
            let classes = tag.split_once(" class=\"").and_then(|(_, classes)| classes.split_once('"'));
            let tag = classes.map_or(tag.to_owned(), |(classes, _)| tag.replace(&format!(" class=\"{classes}\""), ""));
            let rest = rest.split("</article>").next().and_then(|rest| rest.split("<details").next());
            format!("{tag}>{}", rest.unwrap_or_default().trim_end())
        });
        stories.collect()
    }

    #[test]
    fn a_story_that_was_found_is_told_as_on_the_page_of_the_topic() {
        let listed = Item { unlisted: 0, ..full() };
        let short = Item {
            summary: "Le résumé".to_owned(),
            ..bare(5)
        };
        for language in [En, Fr, Ar] {
            let items = vec![listed.clone(), arabic(), short.clone(), bare(3)];
            let (page, found) = pages(&site(language), items, "q=a", "a");
            let (own, told) = (stories(&page), stories(&found));
            assert_eq!(told, own);
            assert!(
                own[0].contains("L&#39;Autre ‹Journal&#62;</bdi></span>"),
                "the first teller: {}",
                own[0]
            );
            assert!(own[2].contains("Le résumé"), "{}", own[2]);
            assert_eq!(own.len(), 4);
        }
    }

    #[test]
    fn the_page_repeats_the_search_and_offers_its_feeds() {
        let (page, found) = pages(&site(Fr), topic().items, "q=%22a%22&lang=fr", "\"a\" <b>");
        assert!(found.contains("name=\"q\" value=\"&#34;a&#34; &#60;b&#62;\""), "{found}");
        assert!(
            found.contains("<title>&#34;a&#34; &#60;b&#62; · Sahel &#38; politique · Sahel desk</title>"),
            "{found}"
        );
        for suffix in [".xml", ".atom.xml", ".json"] {
            let address = format!("href=\"sahel-politics{suffix}?q=%22a%22&#38;lang=fr\"");
            assert_eq!(
                found.matches(&address).count(),
                3,
                "in the head, to people and in the footer: {address} {found}"
            );
        }
        assert!(
            found.contains("role=\"status\">Sujets\u{a0}: 4 · <a href=\"sahel-politics.html\">Tout</a>"),
            "{found}"
        );
        assert!(
            found.contains("<meta name=\"description\" content=\"Ce qui se décide ‹là-bas&#62; &#38; ici\">"),
            "{found}"
        );
        assert!(!found.contains(".opml?"), "{found}");
        assert!(
            !found.contains("class=\"none\"") && !found.contains("class=\"note\" role"),
            "{found}"
        );
        assert!(found.contains("1 autre article, 3 copies du même texte"), "{found}");
        assert!(!page.contains(" value=") && !page.contains("?q="), "{page}");
        let (_, all) = pages(&site(Fr), topic().items, "limit=9", "");
        assert!(all.contains("<title>Sahel &#38; politique ·") && !all.contains(" value="), "{all}");
    }

    #[test]
    fn of_a_search_nothing_but_text_is_repeated() {
        let long = "x".repeat(9_000);
        let (_, found) = pages(&site(Fr), topic().items, "q=a", &format!("a\u{0}\u{1b}b {long}"));
        let repeated = found.split("name=\"q\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let repeated = repeated.expect("a value");
        assert!(
            repeated.starts_with("ab") && repeated.chars().count() <= MAX_SEARCH_CHARS + 1,
            "{repeated:?}"
        );
        assert!(!found.contains(['\u{0}', '\u{1b}']), "{found:?}");
    }

    #[test]
    fn a_page_says_that_nothing_was_found_or_what_is_wrong() {
        let feed = published_feed(b"{\"title\":\"Mali\",\"items\":[]}").expect("a feed");
        let mut selection = Selection {
            topic: "mali",
            search: "(",
            query: "q=(",
            found: Ok(Vec::new()),
        };
        let nothing = text(render_selection(&site(En), &feed, &selection));
        assert!(
            nothing.contains("Stories: 0 · ") && nothing.contains("class=\"none\">"),
            "{nothing}"
        );
        selection.found = Err(Mistake {
            text: "a parenthesis <is> open",
            help: "give `a` or `b*`",
            language: "en",
        });
        let refused = text(render_selection(&site(Ar), &feed, &selection));
        assert!(
            refused.contains("role=\"alert\"><bdi lang=\"en\" dir=\"ltr\">a parenthesis &#60;is&#62; open</bdi></p>"),
            "{refused}"
        );
        assert!(refused.contains("or <code dir=\"ltr\">b*</code></bdi></p>"), "{refused}");
        assert!(refused.contains("value=\"(\"") && !refused.contains("?q=") && !refused.contains("class=\"none\""));
        assert!(!refused.contains("rel=\"alternate\" type=\"application/rss+xml\""), "{refused}");
    }

    #[test]
    fn what_a_private_topic_finds_links_to_no_page_that_is_not_there() {
        let private = SiteInfo {
            has_story_pages: false,
            has_search: false,
            ..site(En)
        };
        let (_, found) = pages(&private, topic().items, "q=a", "a");
        for absent in ["story/", "source/", "<form"] {
            assert!(!found.contains(absent), "{absent}: {found}");
        }
    }

    #[test]
    fn many_stories_fit_and_the_others_are_in_the_feed() {
        let items = |title: &str, count: u16| {
            let item = |number: u16| Item {
                story: StoryId::from_bytes([u8::try_from(number % 250).expect("small"); 16]),
                guid: format!("tag:feeds.example.org,2026-03-01:{number:032x}"),
                title: format!("Nouvelle {number} : {title}"),
                ..full()
            };
            (0..count).map(item).collect()
        };
        for (title, count, least) in [("le bac repart".repeat(5), 60, 60), ("le bac repart".repeat(10), 400, 40)] {
            let (_, found) = pages(&site(Ar), items(&title, count), "q=a", "a");
            let shown = found.matches("<article id=").count();
            assert!(found.len() <= MAX_PAGE_BYTES && shown >= least, "{shown} in {} bytes", found.len());
            let rest = format!("<a href=\"sahel-politics.xml?q=a\">+ {}</a>", usize::from(count) - shown);
            assert_eq!(found.contains(&rest), shown < usize::from(count), "{rest}");
            assert!(found.contains(&format!("{count} · ")), "all are counted");
        }
    }
}
