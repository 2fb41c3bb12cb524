//! The mails about stories: the digest of a topic, by country, and an alert; and that about the sources' health. As text and as HTML: of foreign markup
//! nothing is in them, and no picture.

use super::labels::{Labels, labels};
use super::mail::MailText;
use super::news::{AlertNews, Briefing, StoryNews};
use crate::config::PageLanguage;
use crate::model::Timestamp;
use crate::text::counted::counted;
use crate::text::country_names::country_name;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How many other outlets of a story are named.
const MAX_OUTLETS: usize = 8;
/// Of a story that is about several countries, that with the greatest share counts, if the share is at least this.
const MIN_SHARE: f64 = 0.2;

/// A mail that is being written, in both forms.
struct Letter<'a> {
    briefing: &'a Briefing,
    labels: &'static Labels,
    text: String,
    html: String,
}

/// Returns the digest of a topic: the stories since `since`, by country.
#[must_use]
pub fn digest(briefing: &Briefing, stories: &[StoryNews], since: Timestamp, now: Timestamp) -> MailText {
    let labels = labels(briefing.language);
    let mut letter = Letter::new(briefing, &format!("{} · {}", briefing.title, labels.digest));
    let count = counted(labels.stories, stories.len());
    let since = format!("{} {} · {count}", labels.since, since.local(&briefing.timezone));
    letter.line(if stories.is_empty() { labels.nothing } else { &since });
    for (country, stories) in by_country(stories, briefing.language) {
        letter.heading(country.unwrap_or(labels.elsewhere));
        for story in stories {
            letter.story(story);
        }
    }
    let day: String = now.local(&briefing.timezone).chars().take(10).collect();
    letter.finish(format!("{} · {} · {day}", briefing.title, labels.digest))
}

/// Returns the mail about an alert.
#[must_use]
pub fn alert(briefing: &Briefing, alert: &AlertNews, story: &StoryNews) -> MailText {
    let labels = labels(briefing.language);
    let count = counted(labels.independent, alert.sources);
    let mut letter = Letter::new(briefing, &format!("{}{}{count}", labels.alert, labels.colon));
    letter.line(&format!("{} · {}", briefing.title, alert.at.local(&briefing.timezone)));
    letter.story(story);
    letter.finish(format!("{}{}{} ({count})", labels.alert, labels.colon, story.title))
}

/// Returns the mail about the sources' health: title and text of each change.
#[must_use]
pub fn health(briefing: &Briefing, changes: &[(String, String)]) -> MailText {
    let labels = labels(briefing.language);
    let mut letter = Letter::new(briefing, &format!("{} · {}", briefing.site, labels.health));
    for (title, text) in changes {
        letter.heading(title);
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            letter.line(line);
        }
    }
    let first = changes.first().map(|(title, _)| title.as_str()).unwrap_or_default();
    let more = if changes.len() > 1 {
        format!(" (+{})", changes.len() - 1)
    } else {
        String::new()
    };
    letter.finish(format!("{}{}{first}{more}", briefing.site, labels.colon))
}

/// Returns the stories by the name of the country that they are about: the countries with the most stories first, those about none last.
fn by_country(stories: &[StoryNews], language: PageLanguage) -> Vec<(Option<&str>, Vec<&StoryNews>)> {
    let mut groups: BTreeMap<Option<&str>, Vec<&StoryNews>> = BTreeMap::new();
    for story in stories {
        let most = story.about.iter().filter(|about| about.share >= MIN_SHARE);
        let most = most.max_by(|one, other| one.share.total_cmp(&other.share));
        groups
            .entry(most.map(|about| country_name(&about.country, language.tag())))
            .or_default()
            .push(story);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(country, stories)| (country.is_none(), std::cmp::Reverse(stories.len())));
    groups
}

impl<'a> Letter<'a> {
    fn new(briefing: &'a Briefing, title: &str) -> Self {
        let tag = briefing.language.tag();
        let dir = if briefing.language == PageLanguage::Ar { "rtl" } else { "ltr" };
        let mut letter = Self {
            briefing,
            labels: labels(briefing.language),
            text: String::new(),
            html: format!(
                "<!DOCTYPE html>\n<html lang=\"{tag}\" dir=\"{dir}\">\n<head><meta charset=\"utf-8\"></head>\n<body style=\"font-family: sans-serif; max-width: 40em\">\n"
            ),
        };
        let _ = writeln!(letter.text, "{title}\n{}\n", "=".repeat(title.chars().count().min(72)));
        let _ = writeln!(letter.html, "<h1 style=\"font-size: 1.4em\">{}</h1>", escape(title));
        letter
    }

    fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "{line}");
        let _ = writeln!(self.html, "<p dir=\"auto\">{}</p>", escape(line));
    }

    fn heading(&mut self, heading: &str) {
        let _ = writeln!(self.text, "\n{heading}\n{}", "-".repeat(heading.chars().count().min(72)));
        let _ = writeln!(self.html, "<h2 style=\"font-size: 1.2em\" dir=\"auto\">{}</h2>", escape(heading));
    }

    fn story(&mut self, story: &StoryNews) {
        let mut facts = vec![story.outlet.name.clone(), story.date().local(&self.briefing.timezone)];
        if story.independent > 1 {
            facts.push(counted(self.labels.independent, story.independent));
        }
        let facts = facts.join(" · ");
        let mut others: Vec<&str> = Vec::new();
        for report in story.sources.iter().skip(1) {
            if !others.contains(&report.name.as_str()) && others.len() < MAX_OUTLETS {
                others.push(&report.name);
            }
        }
        let others = format!("{}{}{}", self.labels.also, self.labels.colon, others.join(self.labels.comma));
        let has_others = story.sources.len() > 1;
        let _ = writeln!(self.text, "\n* {}\n  {facts}", story.title);
        let lines = [
            (!story.summary.is_empty()).then_some(&story.summary),
            has_others.then_some(&others),
            story.link.as_ref(),
        ];
        for line in lines.into_iter().flatten() {
            let _ = writeln!(self.text, "  {line}");
        }
        let title = escape(&story.title);
        let title = match &story.link {
            Some(link) => format!("<a href=\"{}\">{title}</a>", escape(link)),
            None => title,
        };
        let lang = story
            .language
            .as_deref()
            .map(|tag| format!(" lang=\"{}\"", escape(tag)))
            .unwrap_or_default();
        let _ = writeln!(
            self.html,
            "<p{lang} dir=\"auto\"><b>{title}</b><br><small>{}</small></p>",
            escape(&facts)
        );
        if !story.summary.is_empty() {
            let _ = writeln!(self.html, "<p{lang} dir=\"auto\">{}</p>", escape(&story.summary));
        }
        if has_others {
            let _ = writeln!(self.html, "<p><small>{}</small></p>", escape(&others));
        }
    }

    fn finish(mut self, subject: String) -> MailText {
        if let Some(page) = &self.briefing.page {
            let _ = writeln!(self.text, "\n{page}");
            let _ = writeln!(self.html, "<p><a href=\"{0}\">{0}</a></p>", escape(page));
        }
        self.html.push_str("</body>\n</html>\n");
        MailText {
            subject,
            text: self.text,
            html: self.html,
            language: self.briefing.language.tag().to_owned(),
        }
    }
}

/// Returns `text` with the special characters of HTML escaped, for text and attribute values.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}
