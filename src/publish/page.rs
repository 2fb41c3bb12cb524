//! HTML pages: one for each topic, and the index. They have no script, hold absolute times only and load only images.

use super::format::{Format, TopicInput};
use super::labels::{Labels, labels};
use super::rendered_item::{ReasonView, RenderedItem, RenderedOutlet, RenderedReport};
use super::text::{direction, to_plain_text};
use super::topic_feed::{Outlet, SiteInfo, TopicSummary};
use crate::model::{Digest128, Timestamp};
use crate::text::counted::counted;
use askama::Template;

pub(super) const FORMAT: Format = Format {
    suffix: ".html",
    media_type: "text/html",
    label: None,
    is_feed: false,
    render: topic,
};

/// A format that pages link to.
struct FormatLink {
    label: &'static str,
    suffix: &'static str,
    media_type: &'static str,
    is_feed: bool,
}

fn format_links(formats: &[Format]) -> Vec<FormatLink> {
    let link = |format: &Format| {
        Some(FormatLink {
            label: format.label?,
            suffix: format.suffix,
            media_type: format.media_type,
            is_feed: format.is_feed,
        })
    };
    formats.iter().filter_map(link).collect()
}

/// What every page has: language, direction, title, labels.
struct Frame<'a> {
    lang: &'static str,
    dir: &'static str,
    site: String,
    labels: &'a Labels,
}

impl Frame<'_> {
    fn new(site: &SiteInfo) -> Self {
        let lang = site.language.tag();
        Self {
            lang,
            dir: direction(Some(lang)),
            site: to_plain_text(&site.title),
            labels: labels(site.language),
        }
    }
}

/// A time as the `datetime` attribute and as people read it.
struct TimeView {
    machine: String,
    people: String,
}

impl TimeView {
    fn new(site: &SiteInfo, time: Timestamp) -> Self {
        Self {
            machine: time.rfc3339(),
            people: time.local(&site.timezone),
        }
    }
}

struct ReportView<'a> {
    rendered: &'a RenderedReport<'a>,
    date: TimeView,
}

impl<'a> ReportView<'a> {
    fn new(site: &SiteInfo, rendered: &'a RenderedReport<'a>) -> Self {
        Self {
            rendered,
            date: TimeView::new(site, rendered.date),
        }
    }
}

struct ItemView<'a> {
    rendered: &'a RenderedItem<'a>,
    anchor: String,
    date: TimeView,
    bylines: String,
    countries: String,
    image: Option<&'a str>,
    fold: bool,
    also: Vec<ReportView<'a>>,
    /// The numbers of reports that are not listed: those without room, and copies.
    rest: Vec<String>,
    earlier: Option<ReportView<'a>>,
    reasons: Vec<ReasonView<'a>>,
}

impl<'a> ItemView<'a> {
    fn new(site: &SiteInfo, rendered: &'a RenderedItem<'a>) -> Self {
        Self {
            rendered,
            anchor: anchor(&rendered.item.guid),
            date: TimeView::new(site, rendered.date),
            bylines: rendered.bylines.join(labels(site.language).comma),
            countries: countries(rendered, labels(site.language)),
            image: rendered.separate_image(),
            // A long body is collapsed under its summary, a short one replaces it.
            fold: !rendered.summary.is_empty() && rendered.body.len() > 2 * rendered.summary.len(),
            also: rendered.also.iter().map(|report| ReportView::new(site, report)).collect(),
            rest: rest(rendered, labels(site.language)),
            earlier: rendered.earlier.as_ref().map(|report| ReportView::new(site, report)),
            reasons: rendered.item.reasons.iter().map(ReasonView::new).collect(),
        }
    }
}

/// Returns the numbers of reports that an item does not list.
fn rest(rendered: &RenderedItem<'_>, labels: &Labels) -> Vec<String> {
    let counts = [(labels.more, rendered.item.unlisted), (labels.copies, rendered.item.copies)];
    let counts = counts.into_iter().filter(|(_, count)| *count > 0);
    counts.map(|(forms, count)| counted(forms, count)).collect()
}

/// Returns the codes of the countries that an item is about.
fn countries(rendered: &RenderedItem<'_>, labels: &Labels) -> String {
    let countries = rendered.item.about.countries().iter();
    countries
        .map(|(country, _)| country.to_string())
        .collect::<Vec<_>>()
        .join(labels.comma)
}

/// Returns the anchor of an item: a digest, since a guid may hold characters that fragments do not allow.
pub(super) fn anchor(guid: &str) -> String {
    format!("i{}", &Digest128::hash(guid.as_bytes()).to_hex()[..12])
}

struct TopicView {
    id: String,
    title: String,
    description: String,
    items: usize,
    newest: Option<TimeView>,
}

struct OutletView<'a> {
    id: &'a str,
    rendered: RenderedOutlet<'a>,
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
{%- for link in links %}{% if link.is_feed %}
<link rel="alternate" type="{{ link.media_type }}" title="{{ title }} ({{ link.label }})" href="{{ id }}{{ link.suffix }}">
{%- endif %}{% endfor %}
</head>
<body>
<header>
<p><a href="index.html">{{ frame.site }}</a></p>
<h1>{{ title }}</h1>
<p>{{ description }}</p>
<p class="feeds">{{ frame.labels.feeds }}{{ frame.labels.colon }}{% for link in links %}{% if !loop.first %} · {% endif %}<a href="{{ id }}{{ link.suffix }}">{{ link.label }}</a>{% endfor %}</p>
</header>
<main>
{%- for item in items %}
<article id="{{ item.anchor }}">
<h2{% if let Some(lang) = item.rendered.language %} lang="{{ lang }}"{% endif %} dir="{{ item.rendered.dir }}">{% if let Some(link) = item.rendered.link %}<a href="{{ link }}" rel="noopener noreferrer">{{ item.rendered.title }}</a>{% else %}{{ item.rendered.title }}{% endif %}</h2>
<p class="meta">{% if let Some(home) = item.rendered.outlet.home() %}<a href="{{ home }}" rel="noopener noreferrer"><bdi>{{ item.rendered.outlet.name }}</bdi></a>{% else %}<bdi>{{ item.rendered.outlet.name }}</bdi>{% endif %}{% if let Some(agency) = item.rendered.agency %} · <b>{{ agency }}</b>{% endif %} · <time datetime="{{ item.date.machine }}">{{ item.date.people }}</time>{% if !item.bylines.is_empty() %} · {{ frame.labels.by }} <bdi>{{ item.bylines }}</bdi>{% endif %}{% if !item.countries.is_empty() %} · <bdi>{{ item.countries }}</bdi>{% endif %}</p>
{%- if let Some(note) = item.rendered.note %}
<p class="note"><strong>{{ frame.labels.note }}{{ frame.labels.colon }}</strong><bdi>{{ note }}</bdi></p>
{%- endif %}
<div class="text"{% if let Some(lang) = item.rendered.language %} lang="{{ lang }}"{% endif %} dir="{{ item.rendered.dir }}">
{%- if let Some(image) = item.image %}
<img src="{{ image }}" alt="" loading="lazy">
{%- endif %}
{%- if item.fold || item.rendered.body.is_empty() %}
{%- if !item.rendered.summary.is_empty() %}
<p>{{ item.rendered.summary }}</p>
{%- endif %}
{%- endif %}
{%- if item.fold %}
<details><summary lang="{{ frame.lang }}">{{ frame.labels.read }}</summary>
{{ item.rendered.body|safe }}
</details>
{%- else if !item.rendered.body.is_empty() %}
{{ item.rendered.body|safe }}
{%- endif %}
</div>
{%- if let Some(media) = item.rendered.enclosure %}
<p class="meta">{{ frame.labels.attachment }}{{ frame.labels.colon }}<a href="{{ media.url }}" type="{{ media.mime }}" rel="noopener noreferrer">{{ media.mime }}</a></p>
{%- endif %}
{%- if !item.also.is_empty() %}
<p class="meta">{{ frame.labels.also }}{{ frame.labels.colon }}</p>
<ul class="meta">
{%- for report in item.also %}
<li><bdi>{{ report.rendered.outlet }}</bdi>{% if let Some(agency) = report.rendered.agency %} ({{ agency }}){% endif %}{{ frame.labels.colon }}{% if let Some(link) = report.rendered.link %}<a href="{{ link }}" rel="noopener noreferrer"><bdi>{{ report.rendered.title }}</bdi></a>{% else %}<bdi>{{ report.rendered.title }}</bdi>{% endif %} · <time datetime="{{ report.date.machine }}">{{ report.date.people }}</time></li>
{%- endfor %}
{%- for rest in item.rest %}
<li>{{ frame.labels.and }}{{ rest }}</li>
{%- endfor %}
</ul>
{%- else %}
{%- for rest in item.rest %}
<p class="meta">{{ rest }}</p>
{%- endfor %}
{%- endif %}
{%- if let Some(report) = item.earlier %}
<p class="meta">{{ frame.labels.earlier }}{{ frame.labels.colon }}{% if let Some(link) = report.rendered.link %}<a href="{{ link }}" rel="noopener noreferrer"><bdi>{{ report.rendered.title }}</bdi></a>{% else %}<bdi>{{ report.rendered.title }}</bdi>{% endif %} (<bdi>{{ report.rendered.outlet }}</bdi>, <time datetime="{{ report.date.machine }}">{{ report.date.people }}</time>)</p>
{%- endif %}
{%- if !item.reasons.is_empty() %}
<details class="meta"><summary>{{ frame.labels.why }}</summary>
<ul>
{%- for reason in item.reasons %}
<li><code>{{ reason.clause }}</code> ({{ reason.field }}){{ frame.labels.colon }}<bdi>{{ reason.words }}</bdi></li>
{%- endfor %}
</ul>
</details>
{%- endif %}
</article>
{%- else %}
<p>{{ frame.labels.nothing }}</p>
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
    links: Vec<FormatLink>,
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
<p class="feeds">{{ frame.labels.feeds }}{{ frame.labels.colon }}<a href="index.opml">OPML</a> · <a href="health.html">{{ frame.labels.health }}</a></p>
</header>
<main>
<h2>{{ frame.labels.topics }}</h2>
{%- for topic in topics %}
<article id="topic-{{ topic.id }}">
<h3><a href="{{ topic.id }}.html"><bdi>{{ topic.title }}</bdi></a></h3>
{%- if !topic.description.is_empty() %}
<p dir="auto">{{ topic.description }}</p>
{%- endif %}
<p class="meta">{{ frame.labels.items }}{{ frame.labels.colon }}{{ topic.items }}{% if let Some(newest) = topic.newest %} · {{ frame.labels.newest }}{{ frame.labels.colon }}<time datetime="{{ newest.machine }}">{{ newest.people }}</time>{% endif %}{% for link in links %} · <a href="{{ topic.id }}{{ link.suffix }}">{{ link.label }}</a>{% endfor %}</p>
</article>
{%- else %}
<p>{{ frame.labels.nothing }}</p>
{%- endfor %}
{%- if !sources.is_empty() %}
<h2>{{ frame.labels.sources }}</h2>
<ul>
{%- for source in sources %}
<li id="source-{{ source.id }}">{% if let Some(site) = source.rendered.site %}<a href="{{ site }}" rel="noopener noreferrer"><bdi>{{ source.rendered.name }}</bdi></a>{% else %}<bdi>{{ source.rendered.name }}</bdi>{% endif %}{% if let Some(feed) = source.rendered.feed %} · <a href="{{ feed }}" rel="noopener noreferrer">RSS</a>{% endif %}</li>
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
    links: Vec<FormatLink>,
    topics: Vec<TopicView>,
    sources: Vec<OutletView<'a>>,
}

fn render_page(page: &impl Template, size: usize) -> String {
    let mut out = String::with_capacity(size);
    // Writing into a string cannot fail, and no filter in use does.
    let written = page.render_into(&mut out);
    debug_assert!(written.is_ok(), "a string takes every write");
    out
}

fn topic(input: &TopicInput<'_>) -> String {
    let TopicInput {
        site,
        topic,
        items,
        formats,
    } = input;
    let page = TopicPage {
        frame: Frame::new(site),
        id: topic.id.as_str(),
        title: topic.label(),
        description: topic.about(site),
        links: format_links(formats),
        items: items.iter().map(|item| ItemView::new(site, item)).collect(),
    };
    render_page(&page, input.estimated_bytes())
}

/// Returns the page that lists `topics` and `sources`.
pub(super) fn index(site: &SiteInfo, topics: &[TopicSummary], sources: &[Outlet], formats: &[Format]) -> String {
    let topic = |topic: &TopicSummary| TopicView {
        id: topic.id.to_string(),
        title: topic.label(),
        description: topic.description.as_deref().map(to_plain_text).unwrap_or_default(),
        items: topic.items,
        newest: topic.newest.map(|newest| TimeView::new(site, newest)),
    };
    let page = IndexPage {
        frame: Frame::new(site),
        links: format_links(formats),
        topics: topics.iter().map(topic).collect(),
        sources: sources
            .iter()
            .map(|outlet| OutletView {
                id: outlet.id.as_str(),
                rendered: RenderedOutlet::new(outlet),
            })
            .collect(),
    };
    render_page(&page, 1000 * topics.len() + 300 * sources.len() + 2000)
}
