//! The date that a page displays near its headline. The head of the page may state another one: that of the last change, or that of a
//! migration of the site.

use super::date::{self, is_ambiguous, is_publication_line, publication_date_in_line};
use super::date_line::names_weekday;
use super::foreign::is_foreign;
use crate::extract::normalize::{alphanumeric_key, collapse_whitespace};
use crate::model::Timestamp;
use scraper::ElementRef;

/// The least number of digits in a date, as in `5 mai 24`.
const MIN_DATE_DIGITS: usize = 3;
/// The longest line that counts as a date.
const MAX_DATE_LINE_CHARS: usize = 64;
/// The longest line that labels the next one, such as `Updated:`.
const MAX_LABEL_CHARS: usize = 24;
/// The number of lines before and after the headline that are near it.
const LINES_BEFORE: usize = 5;
const LINES_AFTER: usize = 12;
/// The number of lines before the headline that are adjacent to it.
const ADJACENT_LINES: usize = 2;
/// A longer text starts the body of the article: dates after it belong to the body.
const MAX_LINE_BYTES: usize = 280;
/// The number of lines with dates, and of headings, that are kept.
const MAX_DATE_LINES: usize = 200;
const MAX_HEADINGS: usize = 300;
/// A headline with this many letters and digits is recognised by its beginning.
const MIN_PREFIX_CHARS: usize = 24;
/// The size of a text that may be a headline without a heading element.
const HEADLINE_BYTES: std::ops::RangeInclusive<usize> = 20..=200;
/// Words that label the date of publication, in the line before it.
const PUBLISHED_LABELS: &[&str] = &["publi", "posted", "veröffentlicht", "erschienen", "نشر"];
/// Words before the date of the first publication, anywhere on the page.
const FIRST_PUBLISHED_PHRASES: &[&str] = &[
    "originally published on",
    "first published on",
    "publié initialement le",
    "initialement publié le",
];
/// Words that mark the date of a change.
const MODIFIED_WORDS: &[&str] = &[
    "updat",
    "modif",
    "mis à jour",
    "maj ",
    "mise à jour",
    "revis",
    "review",
    "last",
    "aktualis",
    "actualiz",
    "atualiz",
    "stand:",
    "تحديث",
    "sabunta",
];

/// The lines of a page that may be dates, and the headings, in document order.
#[derive(Debug, Default)]
pub(in crate::extract) struct VisibleDates {
    /// Whether ambiguous numeric dates have the month first.
    pub month_first: bool,
    line_count: usize,
    previous_line: String,
    /// The line numbers of texts longer than [`MAX_LINE_BYTES`].
    body_lines: Vec<usize>,
    date_lines: Vec<DateLine>,
    headings: Vec<Heading>,
}

#[derive(Debug)]
struct Heading {
    /// The line number.
    line: usize,
    text: String,
    /// Whether it is an element `h1`, `h2` or `h3`.
    is_heading_element: bool,
    is_h1: bool,
}

#[derive(Debug)]
struct DateLine {
    /// The line number.
    line: usize,
    text: String,
    /// The `datetime` attribute.
    datetime: Option<String>,
    role: DateRole,
    /// Whether it may be the current date, which sites display in their header: it is outside the article, or names the weekday.
    may_be_today: bool,
    /// Whether the line before it is a text, which the date may belong to.
    follows_text: bool,
}

/// What a page says about a date.
#[derive(Debug, PartialEq)]
enum DateRole {
    Unstated,
    Modified,
    /// The line before labels it as the date of publication.
    Published,
    /// It is explicitly the date of first publication, and counts anywhere on the page.
    FirstPublished,
}

impl DateLine {
    /// Returns the date of the `datetime` attribute, else that in the text.
    fn day(&self, month_first: bool) -> Option<Timestamp> {
        let datetime = self.datetime.as_deref().and_then(date::parse);
        datetime.or_else(|| publication_date_in_line(&self.text, self.role != DateRole::Unstated, month_first))
    }
}

impl VisibleDates {
    /// Adds an element; elements must be added in document order.
    pub fn add_element(&mut self, element: ElementRef<'_>) {
        let name = element.value().name();
        if matches!(name, "script" | "style" | "noscript" | "option" | "textarea" | "title" | "template") {
            return;
        }
        let (mut own, mut digits) = (0, 0);
        for text in element.children().filter_map(|node| node.value().as_text()) {
            own += text.trim().len();
            digits += text.chars().filter(|c| c.is_numeric()).count();
        }
        let is_heading_element = matches!(name, "h1" | "h2" | "h3");
        if (is_heading_element || HEADLINE_BYTES.contains(&own)) && self.headings.len() < MAX_HEADINGS {
            let text: String = element.text().take(40).collect();
            self.headings.push(Heading {
                line: self.line_count + 1,
                text,
                is_heading_element,
                is_h1: name == "h1",
            });
        }
        let datetime = element.value().attr("datetime");
        if own == 0 && datetime.is_none() {
            return;
        }
        self.line_count += 1;
        let length: usize = element.text().map(str::len).take(40).sum();
        if length > MAX_LINE_BYTES {
            self.previous_line.clear();
            self.body_lines.push(self.line_count);
            return;
        }
        let may_be_date = digits >= MIN_DATE_DIGITS || datetime.is_some();
        if !may_be_date && length > MAX_LABEL_CHARS * 4 {
            self.previous_line.clear();
            return;
        }
        let text = collapse_whitespace(&element.text().take(40).collect::<String>());
        let has_capacity = self.date_lines.len() < MAX_DATE_LINES;
        if has_capacity
            && digits >= MIN_DATE_DIGITS
            && let Some(date) = first_publication(&text)
        {
            self.date_lines.push(DateLine {
                line: self.line_count,
                text: date,
                datetime: None,
                role: DateRole::FirstPublished,
                may_be_today: false,
                follows_text: false,
            });
        } else if has_capacity && may_be_date && text.chars().count() <= MAX_DATE_LINE_CHARS && !is_foreign(element) {
            let labelled =
                |words: &[&str]| self.previous_line.chars().count() <= MAX_LABEL_CHARS && contains_any(&self.previous_line, words);
            let role = if element.value().attr("pubdate").is_some() {
                DateRole::FirstPublished
            } else if contains_any(&text, MODIFIED_WORDS) || labelled(MODIFIED_WORDS) {
                DateRole::Modified
            } else if labelled(PUBLISHED_LABELS) {
                DateRole::Published
            } else {
                DateRole::Unstated
            };
            let is_date = datetime.is_some() || is_publication_line(&text, role != DateRole::Unstated);
            let is_headline = matches!(name, "h1" | "h2") && text.split_whitespace().count() > 4;
            if !is_date || is_headline {
                self.previous_line = text;
                return;
            }
            self.date_lines.push(DateLine {
                line: self.line_count,
                text: text.clone(),
                datetime: datetime.map(str::to_owned),
                role,
                may_be_today: is_outside_article(element) || names_weekday(&text),
                follows_text: self.headings.last().is_none_or(|heading| heading.line + 1 != self.line_count)
                    && is_text(&self.previous_line),
            });
        }
        self.previous_line = text;
    }

    /// Returns the explicit date of first publication, else (unless `only_first_publication`) the date nearest to the headline `title` that is not marked as that of a change.
    /// Ambiguous numeric dates are ignored, because they cannot contradict another date.
    pub fn near_headline(&self, title: &str, only_first_publication: bool) -> Option<Timestamp> {
        let first = self
            .date_lines
            .iter()
            .find(|date_line| date_line.role == DateRole::FirstPublished)
            .and_then(|date_line| date_line.day(self.month_first));
        if only_first_publication {
            return first;
        }
        let is_clear = |date_line: &DateLine| date_line.datetime.is_some() || !is_ambiguous(&date_line.text);
        let is_own = |date_line: &DateLine| date_line.role == DateRole::Published || !date_line.follows_text;
        first.or_else(|| self.nearest(title, |date_line| is_clear(date_line) && is_own(date_line)))
    }

    /// Returns the nearest date after the headline; or before it where it is labelled as the date of publication, or is adjacent and not the
    /// current date.
    pub fn after_headline(&self, title: &str) -> Option<Timestamp> {
        let headline = self.headline_line(title)?;
        let is_adjacent = |date_line: &DateLine| date_line.line + ADJACENT_LINES >= headline && !date_line.may_be_today;
        self.nearest(title, |date_line| {
            date_line.line >= headline || date_line.role == DateRole::Published || is_adjacent(date_line)
        })
    }

    /// Returns the line number of the headline: of the first heading that matches `title`, else of the first `h1`.
    fn headline_line(&self, title: &str) -> Option<usize> {
        let title: Vec<char> = alphanumeric_key(title).chars().collect();
        let matches = |heading: &&Heading| !title.is_empty() && matches_headline(&heading.text, &title);
        let matching = self
            .headings
            .iter()
            .filter(matches)
            .max_by_key(|heading| (heading.is_heading_element, std::cmp::Reverse(heading.line)));
        matching
            .or_else(|| self.headings.iter().find(|heading| heading.is_h1))
            .map(|heading| heading.line)
    }

    /// Returns the date nearest to the headline for which `fits` is true, among the lines near it that do not mark a change.
    fn nearest(&self, title: &str, fits: impl Fn(&DateLine) -> bool) -> Option<Timestamp> {
        let headline = self.headline_line(title)?;
        let key: Vec<char> = alphanumeric_key(title).chars().collect();
        let end = self.body_lines.iter().copied().find(|line| *line > headline).unwrap_or(usize::MAX);
        let is_near = |date_line: &&DateLine| {
            let near = headline.saturating_sub(LINES_BEFORE)..=end.min(headline + LINES_AFTER);
            near.contains(&date_line.line)
                && date_line.role != DateRole::Modified
                && !matches_headline(&date_line.text, &key)
                && fits(date_line)
        };
        let mut near: Vec<&DateLine> = self.date_lines.iter().filter(is_near).collect();
        // Lines after the headline count as nearer than lines before it.
        near.sort_by_key(|date_line| {
            date_line
                .line
                .checked_sub(headline)
                .unwrap_or(headline + LINES_AFTER - date_line.line)
        });
        near.into_iter().find_map(|date_line| date_line.day(self.month_first))
    }
}

/// Returns whether a line equals the headline, or one is a prefix of the other of at least [`MIN_PREFIX_CHARS`]; only letters and digits in
/// lower case count.
fn matches_headline(line: &str, headline: &[char]) -> bool {
    let mut letters = line.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    for (at, wanted) in headline.iter().enumerate() {
        match letters.next() {
            Some(letter) if letter == *wanted => {}
            Some(_) => return false,
            None => return at >= MIN_PREFIX_CHARS,
        }
    }
    letters.next().is_none() || headline.len() >= MIN_PREFIX_CHARS
}

/// Returns the three words after a phrase such as "originally published on".
fn first_publication(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let begin = FIRST_PUBLISHED_PHRASES
        .iter()
        .find_map(|words| lower.find(words).map(|at| at + words.len()))?;
    let rest: Vec<&str> = lower[begin..].split_whitespace().take(3).collect();
    Some(rest.join(" ").trim_end_matches(['.', ',']).to_owned())
}

/// Returns whether an element is in a header, menu, footer or sidebar of the page, outside the article.
fn is_outside_article(element: ElementRef<'_>) -> bool {
    let landmarks = element
        .ancestors()
        .filter_map(ElementRef::wrap)
        .map(|ancestor| ancestor.value().name());
    let mut landmarks = landmarks.filter(|name| matches!(*name, "article" | "main" | "header" | "nav" | "footer" | "aside"));
    landmarks.next().is_some_and(|nearest| !matches!(nearest, "article" | "main"))
        && !landmarks.any(|name| matches!(name, "article" | "main"))
}

/// Returns whether a line has the words of a text, and is no byline or label.
fn is_text(line: &str) -> bool {
    let small = line
        .split_whitespace()
        .filter(|word| word.starts_with(char::is_lowercase) && word.len() > 2);
    small.count() >= 2 && !super::bylines::is_byline(line)
}

fn contains_any(text: &str, words: &[&str]) -> bool {
    let lower = text.to_lowercase();
    words.iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::Html;

    fn lines(html: &str) -> VisibleDates {
        let mut lines = VisibleDates::default();
        for element in Html::parse_document(html).root_element().descendent_elements() {
            lines.add_element(element);
        }
        lines
    }

    fn near_headline(html: &str) -> Option<String> {
        lines(html).near_headline("Le puits", false).map(Timestamp::day)
    }

    #[test]
    fn the_nearest_date_counts() {
        for html in [
            "<p>3 mars 2024</p><h1>Le puits</h1><p>Texte.</p>",
            "<h1>Journal</h1><p>1 mai 2024</p><h2>Le puits</h2><p>Awa Diallo</p><p>3 mars 2024</p>",
            "<h1>Le puits</h1><span>Publié</span><span>3 mars 2024</span><p>5 mai 2024</p>",
            "<h1>Le puits</h1><time datetime='2024-03-03T10:00'>03/05/2024</time>",
            "<h1>Le puits</h1><p>5 mai 2025</p><footer><p>This article was originally published on 3 March 2024 and has been updated.</p></footer>",
            "<h1>Le puits</h1><p>5 mai 2025</p><footer><time pubdate datetime=2024-03-03>3/3</time></footer>",
        ] {
            assert_eq!(near_headline(html).as_deref(), Some("2024-03-03"), "{html}");
        }
    }

    #[test]
    fn changes_years_and_distant_dates_are_ignored() {
        for html in [
            "<h1>Le puits</h1><p>Mis à jour le 3 mars 2024</p>".to_owned(),
            "<h1>Le puits</h1><span>Last updated:</span><time>March 3, 2024</time>".to_owned(),
            "<h1>Le puits</h1><p>Les 10 puits de 2024</p><p>Mars 2024</p>".to_owned(),
            format!(
                "<h1>Le puits</h1><p>La foule devant le puits, le 3 mars 2024{}</p>",
                " à Niamey, au Niger".repeat(3)
            ),
            format!("<h1>Le puits</h1>{}<p>3 mars 2024</p>", "<p>Une ligne</p>".repeat(20)),
            "<p>3 mars 2024</p>".to_owned(),
            "<h1>Le puits</h1><p>03/04/2024</p>".to_owned(),
            format!("<h1>Le puits</h1><p>{}</p><p>3 mars 2024</p>", "L’eau coule. ".repeat(30)),
        ] {
            assert_eq!(near_headline(&html), None, "{html}");
        }
    }

    #[test]
    fn a_headline_may_lack_a_heading_element() {
        let html = "<h1>Journal</h1><p>5 mai 2025</p><div>Le puits du quartier coule enfin</div><p>2024•03•03</p>";
        let day = |title: &str| lines(html).near_headline(title, false).map(Timestamp::day);
        assert_eq!(day("Le puits du quartier coule enfin").as_deref(), Some("2024-03-03"));
        assert_eq!(
            day("Le puits du quartier coule enfin, après dix ans").as_deref(),
            Some("2024-03-03")
        );
        assert_eq!(day("Le pont").as_deref(), Some("2025-05-05"));
    }

    #[test]
    fn the_current_date_before_the_headline_is_ignored() {
        let lines = lines("<p>3 mars 2024</p><h1>Le puits</h1><p>1er mars 2024</p>");
        assert_eq!(lines.after_headline("Le puits").map(Timestamp::day).as_deref(), Some("2024-03-01"));
        let labelled = self::lines("<p>Published</p><p>3 mars 2024</p><h1>Le puits</h1>");
        assert_eq!(
            labelled.after_headline("Le puits").map(Timestamp::day).as_deref(),
            Some("2024-03-03")
        );
        let adjacent = self::lines("<main><p>3 mars 2024</p><p>5 min</p><h1>Le puits</h1></main>");
        assert_eq!(
            adjacent.after_headline("Le puits").map(Timestamp::day).as_deref(),
            Some("2024-03-03")
        );
        for today in [
            "<header><p>3 mars 2024</p></header><h1>Le puits</h1>",
            "<p>Dimanche 3 mars 2024</p><h1>Le puits</h1>",
            "<p>3 mars 2024</p><p>Accueil</p><p>Mali</p><p>Niger</p><h1>Le puits</h1>",
        ] {
            assert_eq!(self::lines(today).after_headline("Le puits"), None, "{today}");
        }
    }
}
