//! Pages for people: one a topic, and the index. They need no script, hold absolute times only and load nothing but pictures.

use super::item::media_type_of;
use super::plain::{direction, language, plain, strip_controls};
use super::words::{Words, words};
use super::{Desk, Item, Outlet, Report, TopicFeed, TopicSummary, address, content};
use crate::model::Timestamp;
use askama::Template;

/// What every page has: language, direction, title, words.
struct Frame<'a> {
    lang: &'static str,
    dir: &'static str,
    desk: String,
    words: &'a Words,
}

impl Frame<'_> {
    fn of(desk: &Desk) -> Self {
        let lang = desk.language.tag();
        Self {
            lang,
            dir: direction(Some(lang)),
            desk: plain(&desk.title),
            words: words(desk.language),
        }
    }
}

/// A moment for machines and for people.
struct Moment {
    machine: String,
    people: String,
}

impl Moment {
    fn of(desk: &Desk, time: Timestamp) -> Self {
        Self {
            machine: time.rfc3339(),
            people: time.local(&desk.timezone),
        }
    }
}

struct ReportView {
    outlet: String,
    title: String,
    link: Option<String>,
    date: Moment,
    copy: bool,
}

impl ReportView {
    fn of(desk: &Desk, report: &Report) -> Self {
        Self {
            outlet: plain(&report.outlet),
            title: plain(&report.title),
            link: report.address(),
            date: Moment::of(desk, report.date),
            copy: report.copy,
        }
    }
}

struct ReasonView {
    clause: String,
    field: String,
    words: String,
}

struct ItemView {
    anchor: String,
    lang: Option<String>,
    dir: &'static str,
    title: String,
    link: Option<String>,
    outlet: String,
    home: Option<String>,
    date: Moment,
    bylines: String,
    image: Option<String>,
    summary: String,
    body: String,
    fold: bool,
    enclosure: Option<(String, String)>,
    note: Option<String>,
    also: Vec<ReportView>,
    earlier: Option<ReportView>,
    reasons: Vec<ReasonView>,
}

impl ItemView {
    fn of(desk: &Desk, item: &Item) -> Self {
        let body = item.body.as_ref().map(|body| strip_controls(body.as_str())).unwrap_or_default();
        let summary = plain(&item.summary);
        let image = item.image.as_ref().and_then(|image| address::web(&image.url));
        Self {
            anchor: anchor(&item.guid),
            lang: item.language.as_deref().and_then(language),
            dir: direction(item.language.as_deref()),
            title: item.heading(),
            link: item.address(),
            outlet: item.outlet.label(),
            home: item.outlet.home(),
            date: Moment::of(desk, item.date()),
            bylines: item.bylines().join(words(desk.language).comma),
            // A picture that the body shows is not shown twice.
            image: image.filter(|_| !body.contains("<img")),
            // A long body is folded under its summary, a short one stands in its place.
            fold: !summary.is_empty() && body.len() > 2 * summary.len(),
            summary,
            body,
            enclosure: item
                .enclosure
                .as_ref()
                .and_then(|media| Some((address::web(&media.url)?, media_type_of(media)))),
            note: content::note(item),
            also: item.also.iter().map(|report| ReportView::of(desk, report)).collect(),
            earlier: item.earlier.as_ref().map(|report| ReportView::of(desk, report)),
            reasons: reasons(item),
        }
    }
}

fn reasons(item: &Item) -> Vec<ReasonView> {
    let view = |reason: &crate::model::Reason| ReasonView {
        clause: plain(&reason.clause),
        field: plain(&reason.field),
        words: plain(&reason.words),
    };
    item.reasons.iter().map(view).collect()
}

/// Returns the anchor of an item: a digest, since a guid holds characters that an id should not.
fn anchor(guid: &str) -> String {
    format!("i{}", &blake3::hash(guid.as_bytes()).to_hex()[..12])
}

struct TopicView {
    id: String,
    title: String,
    description: String,
    items: usize,
    newest: Option<Moment>,
}

struct OutletView {
    id: String,
    name: String,
    site: Option<String>,
    feed: Option<String>,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!DOCTYPE html>
<html lang="{{ frame.lang }}" dir="{{ frame.dir }}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src http: https:; media-src http: https:; style-src 'self'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="griot">
<meta name="description" content="{{ description }}">
<title>{{ title }} · {{ frame.desk }}</title>
<link rel="stylesheet" href="feed.css">
<link rel="alternate" type="application/rss+xml" title="{{ title }} (RSS)" href="{{ id }}.xml">
<link rel="alternate" type="application/atom+xml" title="{{ title }} (Atom)" href="{{ id }}.atom.xml">
<link rel="alternate" type="application/feed+json" title="{{ title }} (JSON)" href="{{ id }}.json">
</head>
<body>
<header>
<p><a href="index.html">{{ frame.desk }}</a></p>
<h1>{{ title }}</h1>
<p>{{ description }}</p>
<p class="feeds">{{ frame.words.feeds }}{{ frame.words.colon }}<a href="{{ id }}.xml">RSS</a> · <a href="{{ id }}.atom.xml">Atom</a> · <a href="{{ id }}.json">JSON</a> · <a href="{{ id }}.opml">OPML</a></p>
</header>
<main>
{%- for item in items %}
<article id="{{ item.anchor }}">
<h2{% if let Some(lang) = item.lang %} lang="{{ lang }}"{% endif %} dir="{{ item.dir }}">{% if let Some(link) = item.link %}<a href="{{ link }}" rel="noopener noreferrer">{{ item.title }}</a>{% else %}{{ item.title }}{% endif %}</h2>
<p class="meta">{% if let Some(home) = item.home %}<a href="{{ home }}" rel="noopener noreferrer"><bdi>{{ item.outlet }}</bdi></a>{% else %}<bdi>{{ item.outlet }}</bdi>{% endif %} · <time datetime="{{ item.date.machine }}">{{ item.date.people }}</time>{% if !item.bylines.is_empty() %} · {{ frame.words.by }} <bdi>{{ item.bylines }}</bdi>{% endif %}</p>
{%- if let Some(note) = item.note %}
<p class="note"><strong>{{ frame.words.note }}{{ frame.words.colon }}</strong><bdi>{{ note }}</bdi></p>
{%- endif %}
<div class="text"{% if let Some(lang) = item.lang %} lang="{{ lang }}"{% endif %} dir="{{ item.dir }}">
{%- if let Some(image) = item.image %}
<img src="{{ image }}" alt="" loading="lazy">
{%- endif %}
{%- if item.fold || item.body.is_empty() %}
{%- if !item.summary.is_empty() %}
<p>{{ item.summary }}</p>
{%- endif %}
{%- endif %}
{%- if item.fold %}
<details><summary lang="{{ frame.lang }}">{{ frame.words.read }}</summary>
{{ item.body|safe }}
</details>
{%- else if !item.body.is_empty() %}
{{ item.body|safe }}
{%- endif %}
</div>
{%- if let Some((url, mime)) = item.enclosure %}
<p class="meta">{{ frame.words.attachment }}{{ frame.words.colon }}<a href="{{ url }}" type="{{ mime }}" rel="noopener noreferrer">{{ mime }}</a></p>
{%- endif %}
{%- if !item.also.is_empty() %}
<p class="meta">{{ frame.words.also }}{{ frame.words.colon }}</p>
<ul class="meta">
{%- for report in item.also %}
<li><bdi>{{ report.outlet }}</bdi>{{ frame.words.colon }}{% if let Some(link) = report.link %}<a href="{{ link }}" rel="noopener noreferrer"><bdi>{{ report.title }}</bdi></a>{% else %}<bdi>{{ report.title }}</bdi>{% endif %} · <time datetime="{{ report.date.machine }}">{{ report.date.people }}</time>{% if report.copy %} · {{ frame.words.copy }}{% endif %}</li>
{%- endfor %}
</ul>
{%- endif %}
{%- if let Some(report) = item.earlier %}
<p class="meta">{{ frame.words.earlier }}{{ frame.words.colon }}{% if let Some(link) = report.link %}<a href="{{ link }}" rel="noopener noreferrer"><bdi>{{ report.title }}</bdi></a>{% else %}<bdi>{{ report.title }}</bdi>{% endif %} (<bdi>{{ report.outlet }}</bdi>, <time datetime="{{ report.date.machine }}">{{ report.date.people }}</time>)</p>
{%- endif %}
{%- if !item.reasons.is_empty() %}
<details class="meta"><summary>{{ frame.words.why }}</summary>
<ul>
{%- for reason in item.reasons %}
<li><code>{{ reason.clause }}</code> ({{ reason.field }}){{ frame.words.colon }}<bdi>{{ reason.words }}</bdi></li>
{%- endfor %}
</ul>
</details>
{%- endif %}
</article>
{%- else %}
<p>{{ frame.words.nothing }}</p>
{%- endfor %}
</main>
</body>
</html>
"#
)]
struct TopicPage<'a> {
    frame: Frame<'a>,
    id: &'a str,
    title: String,
    description: String,
    items: Vec<ItemView>,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!DOCTYPE html>
<html lang="{{ frame.lang }}" dir="{{ frame.dir }}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="griot">
<title>{{ frame.desk }}</title>
<link rel="stylesheet" href="feed.css">
{%- for topic in topics %}
<link rel="alternate" type="application/rss+xml" title="{{ topic.title }}" href="{{ topic.id }}.xml">
{%- endfor %}
</head>
<body>
<header>
<h1>{{ frame.desk }}</h1>
<p class="feeds">{{ frame.words.feeds }}{{ frame.words.colon }}<a href="index.opml">OPML</a></p>
</header>
<main>
<h2>{{ frame.words.topics }}</h2>
{%- for topic in topics %}
<article id="topic-{{ topic.id }}">
<h3><a href="{{ topic.id }}.html"><bdi>{{ topic.title }}</bdi></a></h3>
{%- if !topic.description.is_empty() %}
<p dir="auto">{{ topic.description }}</p>
{%- endif %}
<p class="meta">{{ frame.words.items }}{{ frame.words.colon }}{{ topic.items }}{% if let Some(newest) = topic.newest %} · {{ frame.words.newest }}{{ frame.words.colon }}<time datetime="{{ newest.machine }}">{{ newest.people }}</time>{% endif %} · <a href="{{ topic.id }}.xml">RSS</a> · <a href="{{ topic.id }}.atom.xml">Atom</a> · <a href="{{ topic.id }}.json">JSON</a> · <a href="{{ topic.id }}.opml">OPML</a></p>
</article>
{%- else %}
<p>{{ frame.words.nothing }}</p>
{%- endfor %}
{%- if !sources.is_empty() %}
<h2>{{ frame.words.sources }}</h2>
<ul>
{%- for source in sources %}
<li id="source-{{ source.id }}">{% if let Some(site) = source.site %}<a href="{{ site }}" rel="noopener noreferrer"><bdi>{{ source.name }}</bdi></a>{% else %}<bdi>{{ source.name }}</bdi>{% endif %}{% if let Some(feed) = source.feed %} · <a href="{{ feed }}" rel="noopener noreferrer">RSS</a>{% endif %}</li>
{%- endfor %}
</ul>
{%- endif %}
</main>
</body>
</html>
"#
)]
struct IndexPage<'a> {
    frame: Frame<'a>,
    topics: Vec<TopicView>,
    sources: Vec<OutletView>,
}

fn rendered(page: &impl Template) -> String {
    // Writing into a string cannot fail, and no filter of ours does.
    page.render().unwrap_or_default()
}

/// Returns the page of `topic`.
pub(super) fn topic(desk: &Desk, topic: &TopicFeed) -> String {
    rendered(&TopicPage {
        frame: Frame::of(desk),
        id: topic.id.as_str(),
        title: plain(&topic.title),
        description: topic.about(desk),
        items: topic.items.iter().map(|item| ItemView::of(desk, item)).collect(),
    })
}

/// Returns the page that lists `topics` and `sources`.
pub(super) fn index(desk: &Desk, topics: &[TopicSummary], sources: &[Outlet]) -> String {
    let topic = |topic: &TopicSummary| TopicView {
        id: topic.id.to_string(),
        title: plain(&topic.title),
        description: topic.description.as_deref().map(plain).unwrap_or_default(),
        items: topic.items,
        newest: topic.newest.map(|newest| Moment::of(desk, newest)),
    };
    let source = |outlet: &Outlet| OutletView {
        id: outlet.id.to_string(),
        name: outlet.label(),
        site: outlet.site.as_ref().and_then(address::web),
        feed: outlet.feed.as_ref().and_then(address::web),
    };
    rendered(&IndexPage {
        frame: Frame::of(desk),
        topics: topics.iter().map(topic).collect(),
        sources: sources.iter().map(source).collect(),
    })
}
