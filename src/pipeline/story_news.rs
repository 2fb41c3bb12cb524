//! What notifications and digests say of an item: as plain texts and published addresses, within what `republish` allows.

use super::app::App;
use super::prepare::PreparedTopic;
use super::site_info::site_info;
use crate::config::{PageLanguage, Topic};
use crate::model::{Agency, Genre};
use crate::notify::news::CountryShare;
use crate::notify::{Briefing, OutletNews, ReportNews, StoryNews};
use crate::publish::{Item, Report, public_address, to_plain_text, to_published};

/// How many reports of a story are told.
const MAX_REPORTS: usize = 30;

/// Returns what is told of an item.
#[must_use]
pub fn story_news(item: &Item) -> StoryNews {
    let left_out = item.also.len().saturating_sub(MAX_REPORTS);
    let lead = ReportNews {
        id: item.outlet.id.to_string(),
        name: to_plain_text(&item.outlet.name),
        kind: item.outlet.kind,
        language: item.language.clone(),
        title: title(item),
        url: item.link.as_ref().and_then(to_published),
        date: item.published.unwrap_or(item.first_seen).min(item.first_published),
        agency: item.agency.map(Agency::as_str),
    };
    let others = item.also[left_out..].iter().map(report);
    StoryNews {
        guid: item.guid.clone(),
        story: item.story.to_string(),
        title: title(item),
        link: lead.url.clone(),
        summary: to_plain_text(&item.summary),
        outlet: OutletNews {
            id: lead.id.clone(),
            name: lead.name.clone(),
            url: item.outlet.site.as_ref().and_then(to_published),
            kind: item.outlet.kind,
        },
        language: item.language.clone(),
        published: item.published,
        first_seen: item.first_seen,
        first_published: item.first_published,
        updated: item.updated,
        about: (item.about.countries().iter())
            .map(|(country, share)| CountryShare {
                country: country.to_string(),
                share: *share,
            })
            .collect(),
        mark: item.genre.map(Genre::as_str),
        independent: item.independent,
        sources: std::iter::once(lead).chain(others).collect(),
        more: left_out + item.unlisted,
        copies: item.copies,
        note: item.note.as_deref().map(to_plain_text).filter(|note| !note.is_empty()),
        licence: item.licence.as_deref().map(to_plain_text).filter(|licence| !licence.is_empty()),
    }
}

fn title(item: &Item) -> String {
    let title = to_plain_text(&item.title);
    if title.is_empty() {
        to_plain_text(&item.outlet.name)
    } else {
        title
    }
}

fn report(report: &Report) -> ReportNews {
    ReportNews {
        id: report.source.to_string(),
        name: to_plain_text(&report.outlet),
        kind: report.kind,
        language: report.language.clone(),
        title: to_plain_text(&report.title),
        url: report.link.as_ref().and_then(to_published),
        date: report.date,
        agency: report.agency.map(Agency::as_str),
    }
}

/// Returns which site and topic news is of.
#[must_use]
pub fn briefing(app: &App, topic: &Topic) -> Briefing {
    let site = &app.config.site;
    let info = site_info(&app.config);
    let is_public = topic.token.is_none() && site.base_url.is_some();
    Briefing {
        site: to_plain_text(&site.title),
        topic: topic.id.to_string(),
        title: to_plain_text(&topic.title),
        page: is_public.then(|| public_address(&info, &format!("{}.html", topic.id))),
        language: language(topic, site.language),
        timezone: site.timezone.clone(),
    }
}

/// Returns the language of fixed texts: the topic's where griot has it, else the site's.
fn language(topic: &Topic, of_site: PageLanguage) -> PageLanguage {
    let tag = topic.language.as_deref().unwrap_or_default().to_ascii_lowercase();
    let primary = tag.split('-').next().unwrap_or_default();
    let known = [PageLanguage::En, PageLanguage::Fr, PageLanguage::Ar];
    known.into_iter().find(|language| language.tag() == primary).unwrap_or(of_site)
}

/// Returns the published topic with this id.
#[must_use]
pub fn prepared<'a>(app: &'a App, id: &crate::model::TopicId) -> Option<&'a PreparedTopic> {
    app.prepared.topics.iter().find(|prepared| prepared.topic.id == *id)
}
