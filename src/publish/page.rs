//! Pages for people: one a topic, and the index. They need no script, hold absolute times only and load nothing but pictures.

use super::rendered_item::{ReasonView, RenderedItem, RenderedOutlet, RenderedReport, size};
use super::text::{direction, to_plain_text};
use super::words::{Words, words};
use super::{Outlet, SiteInfo, TopicFeed, TopicSummary};
use crate::model::{Digest128, Timestamp};
use askama::Template;

/// What every page has: language, direction, title, words.
struct Frame<'a> {
    lang: &'static str,
    dir: &'static str,
    site: String,
    words: &'a Words,
}

impl Frame<'_> {
    fn of(site: &SiteInfo) -> Self {
        let lang = site.language.tag();
        Self {
            lang,
            dir: direction(Some(lang)),
            site: to_plain_text(&site.title),
            words: words(site.language),
        }
    }
}

/// A moment for machines and for people.
struct Moment {
    machine: String,
    people: String,
}

impl Moment {
    fn of(site: &SiteInfo, time: Timestamp) -> Self {
        Self {
            machine: time.rfc3339(),
            people: time.local(&site.timezone),
        }
    }
}

struct ReportView<'a> {
    shown: &'a RenderedReport,
    date: Moment,
}

impl<'a> ReportView<'a> {
    fn of(site: &SiteInfo, shown: &'a RenderedReport) -> Self {
        Self {
            shown,
            date: Moment::of(site, shown.date),
        }
    }
}

struct ItemView<'a> {
    shown: &'a RenderedItem<'a>,
    anchor: String,
    date: Moment,
    bylines: String,
    image: Option<&'a str>,
    fold: bool,
    also: Vec<ReportView<'a>>,
    earlier: Option<ReportView<'a>>,
    reasons: Vec<ReasonView>,
}

impl<'a> ItemView<'a> {
    fn of(site: &SiteInfo, shown: &'a RenderedItem<'a>) -> Self {
        Self {
            shown,
            anchor: anchor(&shown.item.guid),
            date: Moment::of(site, shown.date),
            bylines: shown.bylines.join(words(site.language).comma),
            // A picture that the body shows is not shown twice.
            image: shown.image.as_deref().filter(|_| !shown.body.contains("<img")),
            // A long body is folded under its summary, a short one stands in its place.
            fold: !shown.summary.is_empty() && shown.body.len() > 2 * shown.summary.len(),
            also: shown.also.iter().map(|report| ReportView::of(site, report)).collect(),
            earlier: shown.earlier.as_ref().map(|report| ReportView::of(site, report)),
            reasons: shown.item.reasons.iter().map(ReasonView::of).collect(),
        }
    }
}

/// Returns the anchor of an item: a digest, since a guid holds characters that an id should not.
fn anchor(guid: &str) -> String {
    format!("i{}", &Digest128::hash(guid.as_bytes()).to_hex()[..12])
}

struct TopicView {
    id: String,
    title: String,
    description: String,
    items: usize,
    newest: Option<Moment>,
}

struct OutletView<'a> {
    id: &'a str,
    shown: RenderedOutlet,
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
<title>{{ title }} · {{ frame.site }}</title>
<link rel="stylesheet" href="feed.css">
<link rel="alternate" type="application/rss+xml" title="{{ title }} (RSS)" href="{{ id }}.xml">
<link rel="alternate" type="application/atom+xml" title="{{ title }} (Atom)" href="{{ id }}.atom.xml">
<link rel="alternate" type="application/feed+json" title="{{ title }} (JSON)" href="{{ id }}.json">
</head>
<body>
<header>
<p><a href="index.html">{{ frame.site }}</a></p>
<h1>{{ title }}</h1>
<p>{{ description }}</p>
<p class="feeds">{{ frame.words.feeds }}{{ frame.words.colon }}<a href="{{ id }}.xml">RSS</a> · <a href="{{ id }}.atom.xml">Atom</a> · <a href="{{ id }}.json">JSON</a> · <a href="{{ id }}.opml">OPML</a></p>
</header>
<main>
{%- for item in items %}
<article id="{{ item.anchor }}">
<h2{% if let Some(lang) = item.shown.language %} lang="{{ lang }}"{% endif %} dir="{{ item.shown.dir }}">{% if let Some(link) = item.shown.link %}<a href="{{ link }}" rel="noopener noreferrer">{{ item.shown.title }}</a>{% else %}{{ item.shown.title }}{% endif %}</h2>
<p class="meta">{% if let Some(home) = item.shown.outlet.home() %}<a href="{{ home }}" rel="noopener noreferrer"><bdi>{{ item.shown.outlet.name }}</bdi></a>{% else %}<bdi>{{ item.shown.outlet.name }}</bdi>{% endif %} · <time datetime="{{ item.date.machine }}">{{ item.date.people }}</time>{% if !item.bylines.is_empty() %} · {{ frame.words.by }} <bdi>{{ item.bylines }}</bdi>{% endif %}</p>
{%- if let Some(note) = item.shown.note %}
<p class="note"><strong>{{ frame.words.note }}{{ frame.words.colon }}</strong><bdi>{{ note }}</bdi></p>
{%- endif %}
<div class="text"{% if let Some(lang) = item.shown.language %} lang="{{ lang }}"{% endif %} dir="{{ item.shown.dir }}">
{%- if let Some(image) = item.image %}
<img src="{{ image }}" alt="" loading="lazy">
{%- endif %}
{%- if item.fold || item.shown.body.is_empty() %}
{%- if !item.shown.summary.is_empty() %}
<p>{{ item.shown.summary }}</p>
{%- endif %}
{%- endif %}
{%- if item.fold %}
<details><summary lang="{{ frame.lang }}">{{ frame.words.read }}</summary>
{{ item.shown.body|safe }}
</details>
{%- else if !item.shown.body.is_empty() %}
{{ item.shown.body|safe }}
{%- endif %}
</div>
{%- if let Some(media) = item.shown.enclosure %}
<p class="meta">{{ frame.words.attachment }}{{ frame.words.colon }}<a href="{{ media.url }}" type="{{ media.mime }}" rel="noopener noreferrer">{{ media.mime }}</a></p>
{%- endif %}
{%- if !item.also.is_empty() %}
<p class="meta">{{ frame.words.also }}{{ frame.words.colon }}</p>
<ul class="meta">
{%- for report in item.also %}
<li><bdi>{{ report.shown.outlet }}</bdi>{{ frame.words.colon }}{% if let Some(link) = report.shown.link %}<a href="{{ link }}" rel="noopener noreferrer"><bdi>{{ report.shown.title }}</bdi></a>{% else %}<bdi>{{ report.shown.title }}</bdi>{% endif %} · <time datetime="{{ report.date.machine }}">{{ report.date.people }}</time>{% if report.shown.copy %} · {{ frame.words.copy }}{% endif %}</li>
{%- endfor %}
</ul>
{%- endif %}
{%- if let Some(report) = item.earlier %}
<p class="meta">{{ frame.words.earlier }}{{ frame.words.colon }}{% if let Some(link) = report.shown.link %}<a href="{{ link }}" rel="noopener noreferrer"><bdi>{{ report.shown.title }}</bdi></a>{% else %}<bdi>{{ report.shown.title }}</bdi>{% endif %} (<bdi>{{ report.shown.outlet }}</bdi>, <time datetime="{{ report.date.machine }}">{{ report.date.people }}</time>)</p>
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
    items: Vec<ItemView<'a>>,
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
<title>{{ frame.site }}</title>
<link rel="stylesheet" href="feed.css">
{%- for topic in topics %}
<link rel="alternate" type="application/rss+xml" title="{{ topic.title }}" href="{{ topic.id }}.xml">
{%- endfor %}
</head>
<body>
<header>
<h1>{{ frame.site }}</h1>
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
<li id="source-{{ source.id }}">{% if let Some(site) = source.shown.site %}<a href="{{ site }}" rel="noopener noreferrer"><bdi>{{ source.shown.name }}</bdi></a>{% else %}<bdi>{{ source.shown.name }}</bdi>{% endif %}{% if let Some(feed) = source.shown.feed %} · <a href="{{ feed }}" rel="noopener noreferrer">RSS</a>{% endif %}</li>
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
    sources: Vec<OutletView<'a>>,
}

fn rendered(page: &impl Template, size: usize) -> String {
    let mut out = String::with_capacity(size);
    // Writing into a string cannot fail, and no filter of ours does.
    let written = page.render_into(&mut out);
    debug_assert!(written.is_ok(), "a string takes every write");
    out
}

/// Returns the page of `topic` with `items`.
pub(super) fn topic(site: &SiteInfo, topic: &TopicFeed, items: &[RenderedItem<'_>]) -> String {
    let page = TopicPage {
        frame: Frame::of(site),
        id: topic.id.as_str(),
        title: topic.label(),
        description: topic.about(site),
        items: items.iter().map(|shown| ItemView::of(site, shown)).collect(),
    };
    rendered(&page, size(items))
}

/// Returns the page that lists `topics` and `sources`.
pub(super) fn index(site: &SiteInfo, topics: &[TopicSummary], sources: &[Outlet]) -> String {
    let topic = |topic: &TopicSummary| TopicView {
        id: topic.id.to_string(),
        title: topic.label(),
        description: topic.description.as_deref().map(to_plain_text).unwrap_or_default(),
        items: topic.items,
        newest: topic.newest.map(|newest| Moment::of(site, newest)),
    };
    let page = IndexPage {
        frame: Frame::of(site),
        topics: topics.iter().map(topic).collect(),
        sources: sources
            .iter()
            .map(|outlet| OutletView {
                id: outlet.id.as_str(),
                shown: RenderedOutlet::of(outlet),
            })
            .collect(),
    };
    rendered(&page, 1000 * topics.len() + 300 * sources.len() + 2000)
}
