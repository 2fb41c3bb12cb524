//! The text of Slack's incoming webhooks, which Mattermost reads too. Nothing in a title can mention people, show a picture or become a link.

use super::labels::labels;
use super::news::{AlertNews, Briefing, StoryNews, SummaryNews};
use crate::text::counted::counted;

/// The longest title, summary and list of outlets, in characters.
const MAX_TEXT_CHARS: usize = 300;
/// How many other outlets are named.
const MAX_OUTLETS: usize = 8;
/// A space without width: it separates what would be markup together.
const ZERO_WIDTH_SPACE: char = '\u{200b}';

/// Returns the text for a story.
pub(super) fn story(briefing: &Briefing, story: &StoryNews) -> String {
    let labels = labels(briefing.language);
    let mut facts = vec![plain(&story.outlet.name), story.date().local(&briefing.timezone)];
    if story.independent > 1 {
        facts.push(counted(labels.independent, story.independent));
    }
    facts.push(plain(&briefing.title));
    let mut lines = vec![link(story), facts.join(" · ")];
    if !story.summary.is_empty() {
        lines.push(plain(&story.summary));
    }
    let mut others: Vec<&str> = Vec::new();
    for report in story.sources.iter().skip(1) {
        if !others.contains(&report.name.as_str()) && others.len() < MAX_OUTLETS {
            others.push(&report.name);
        }
    }
    if !others.is_empty() {
        lines.push(format!("{}{}{}", labels.also, labels.colon, plain(&others.join(labels.comma))));
    }
    lines.join("\n")
}

/// Returns the text for an alert.
pub(super) fn alert(briefing: &Briefing, alert: &AlertNews, news: &StoryNews) -> String {
    let labels = labels(briefing.language);
    let count = counted(labels.independent, alert.sources);
    format!("*{}{}{count}*\n{}", labels.alert, labels.colon, story(briefing, news))
}

/// Returns the text for stories beyond the limit.
pub(super) fn summary(briefing: &Briefing, summary: SummaryNews) -> String {
    let text = counted(labels(briefing.language).more, summary.stories);
    let text = match &briefing.page {
        Some(page) => format!("<{page}|{text}>"),
        None => text,
    };
    format!("{} · {text}", plain(&briefing.title))
}

fn link(story: &StoryNews) -> String {
    let title = plain(&story.title);
    match &story.link {
        // Of an address only a bar could end it early: it holds neither spaces nor angle brackets.
        Some(link) => format!("<{}|{title}>", link.replace('|', "%7C").replace('&', "&amp;")),
        None => title,
    }
}

/// Returns `text` as one line of plain text: by Slack's rules for `&`, `<` and `>`, without mentions and without the links and pictures of Markdown.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::new();
    for (place, c) in text.chars().filter(|c| !c.is_control()).enumerate() {
        if place == MAX_TEXT_CHARS {
            out.push('…');
            break;
        }
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' | ']' | '!' => {
                out.push(c);
                out.push(ZERO_WIDTH_SPACE);
            }
            // These would make the rest of the line bold, struck or code.
            '*' => out.push('∗'),
            '`' => out.push('ˋ'),
            '~' => out.push('∼'),
            c => out.push(c),
        }
    }
    out
}
