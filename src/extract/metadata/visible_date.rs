//! The date that a page displays near its headline. The head of the page may state another one: that of the last change, or that of a
//! migration of the site.

use super::bylines::is_byline;
use super::date;
use super::date_line::{LineDate, date_of_line};
use super::date_place::DatePlaces;
use super::date_words::names_weekday;
use crate::extract::normalize::{alphanumeric_key, collapse_whitespace};
use crate::model::Timestamp;
use crate::text::date::DateOrder;
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
/// The least number of words of a text that is no byline and no label.
const MIN_TEXT_WORDS: usize = 4;
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
    line_count: usize,
    previous_line: String,
    /// The line numbers of texts longer than [`MAX_LINE_BYTES`].
    body_lines: Vec<usize>,
    /// The line numbers of texts that are neither date nor byline.
    text_lines: Vec<usize>,
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
    /// Whether it stands beside the names of the authors: after a byline, or in an element whose class names authors.
    is_beside_byline: bool,
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
    fn date(&self, order: DateOrder) -> Option<LineDate> {
        let datetime = self.datetime.as_deref().and_then(date::parse).map(|at| LineDate {
            at,
            is_ambiguous: false,
            is_plain: true,
        });
        datetime.or_else(|| date_of_line(&self.text, order))
    }
}

impl VisibleDates {
    /// Adds an element; elements must be added in document order.
    pub(super) fn add_element(&mut self, element: ElementRef<'_>, places: &mut DatePlaces) {
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
        if name != "h1" && digits < MIN_DATE_DIGITS && self.text_lines.len() < MAX_DATE_LINES && is_text(element) {
            self.text_lines.push(self.line_count);
        }
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
                is_beside_byline: false,
            });
        } else if has_capacity && may_be_date && text.chars().count() <= MAX_DATE_LINE_CHARS {
            let labelled =
                |words: &[&str]| self.previous_line.chars().count() <= MAX_LABEL_CHARS && contains_any(&self.previous_line, words);
            if element.value().attr("pubdate").is_none() && places.is_elsewhere(element) {
                self.previous_line = text;
                return;
            }
            let role = if element.value().attr("pubdate").is_some() {
                DateRole::FirstPublished
            } else if is_modified_line(&text) || labelled(MODIFIED_WORDS) {
                DateRole::Modified
            } else if labelled(PUBLISHED_LABELS) || contains_any(&text, PUBLISHED_LABELS) {
                DateRole::Published
            } else {
                DateRole::Unstated
            };
            self.date_lines.push(DateLine {
                line: self.line_count,
                text: text.clone(),
                datetime: datetime.map(str::to_owned),
                role,
                may_be_today: is_outside_article(element) || names_weekday(&text),
                is_beside_byline: is_beside_byline(element),
            });
        }
        self.previous_line = text;
    }

    /// Returns the explicit date of first publication, else the date nearest to the headline `title` that contradicts others: it is not marked
    /// as that of a change, nor ambiguous; it is labelled as the date of publication, or a line of its own with no other text between.
    pub(super) fn near_headline(&self, title: &str) -> Option<Timestamp> {
        let order = DateOrder::DayFirst;
        let first = self
            .date_lines
            .iter()
            .find(|date_line| date_line.role == DateRole::FirstPublished)
            .and_then(|date_line| date_line.date(order));
        let near = || {
            self.nearest(
                title,
                |_| order,
                |date_line, date| {
                    !date.is_ambiguous
                        && (date_line.role == DateRole::Published || date.is_plain && self.is_next_to_headline(title, date_line))
                },
            )
        };
        first.map(|date| date.at).or_else(near)
    }

    /// Returns the nearest date after the headline; or before it where it is labelled as the date of publication, or is adjacent and not the
    /// current date. Ambiguous ones are read in `order`.
    pub(super) fn after_headline(&self, title: &str, order: impl Fn(&str) -> DateOrder) -> Option<Timestamp> {
        let headline = self.headline_line(title)?;
        let is_adjacent = |date_line: &DateLine| date_line.line + ADJACENT_LINES >= headline && !date_line.may_be_today;
        self.nearest(title, order, |date_line, _| {
            date_line.line >= headline || date_line.role == DateRole::Published || is_adjacent(date_line)
        })
    }

    /// Returns the first date, wherever it stands, that is a line of its own beside the names of the authors.
    pub(super) fn beside_byline(&self, order: impl Fn(&str) -> DateOrder) -> Option<Timestamp> {
        let beside = self
            .date_lines
            .iter()
            .filter(|date_line| date_line.is_beside_byline && date_line.role != DateRole::Modified);
        let dates = beside.filter_map(|date_line| date_line.date(order(&date_line.text)));
        dates.filter(|date| date.is_plain).map(|date| date.at).next()
    }

    /// Returns the nearest date that is labelled as that of the publication.
    pub(super) fn labelled(&self, title: &str, order: impl Fn(&str) -> DateOrder) -> Option<Timestamp> {
        self.nearest(title, order, |date_line, _| date_line.role == DateRole::Published)
    }

    /// Returns the nearest date of a `time` element.
    pub(super) fn time_near_headline(&self, title: &str) -> Option<Timestamp> {
        self.nearest(
            title,
            |_| DateOrder::DayFirst,
            |date_line, _| date_line.datetime.is_some() && !date_line.may_be_today,
        )
    }

    /// Returns whether no other text than authors and labels stands between the headline and a date.
    fn is_next_to_headline(&self, title: &str, date_line: &DateLine) -> bool {
        let Some(headline) = self.headline_line(title) else { return false };
        let between = if headline < date_line.line {
            headline + 1..date_line.line
        } else {
            date_line.line + 1..headline
        };
        !self.text_lines.iter().any(|line| between.contains(line))
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
    fn nearest(&self, title: &str, order: impl Fn(&str) -> DateOrder, fits: impl Fn(&DateLine, &LineDate) -> bool) -> Option<Timestamp> {
        let headline = self.headline_line(title)?;
        let end = self.body_lines.iter().copied().find(|line| *line > headline).unwrap_or(usize::MAX);
        let is_near = |date_line: &&DateLine| {
            let near = headline.saturating_sub(LINES_BEFORE)..=end.min(headline + LINES_AFTER);
            near.contains(&date_line.line) && date_line.role != DateRole::Modified
        };
        let mut near: Vec<&DateLine> = self.date_lines.iter().filter(is_near).collect();
        // Lines after the headline count as nearer than lines before it.
        near.sort_by_key(|date_line| {
            date_line
                .line
                .checked_sub(headline)
                .unwrap_or(headline + LINES_AFTER - date_line.line)
        });
        near.into_iter()
            .filter_map(|date_line| Some((date_line, date_line.date(order(&date_line.text))?)))
            .find(|(date_line, date)| fits(date_line, date))
            .map(|(_, date)| date.at)
    }
}

/// Returns whether an element follows a byline, or is in an element whose class names authors.
fn is_beside_byline(element: ElementRef<'_>) -> bool {
    let has_byline = |line: ElementRef<'_>| is_byline(&line.text().take(8).collect::<String>());
    let names_authors = |class: &str| ["author", "byline"].iter().any(|part| class.to_ascii_lowercase().contains(part));
    let parent = element.parent().and_then(ElementRef::wrap);
    element.prev_siblings().find_map(ElementRef::wrap).is_some_and(has_byline)
        || parent.is_some_and(|parent| parent.value().classes().any(names_authors))
}

/// Returns whether the text of an element is neither byline nor label: it has at least [`MIN_TEXT_WORDS`] words, and two of them in lower case.
fn is_text(element: ElementRef<'_>) -> bool {
    let text: String = element.text().take(8).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    let lower = words.iter().filter(|word| word.starts_with(char::is_lowercase)).count();
    !is_byline(&text) && words.len() >= MIN_TEXT_WORDS && (lower >= 2 || !text.contains(char::is_uppercase))
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

/// Returns whether a line labels its first date as that of a change; in "Published 3 March, updated 5 March" it is that of the publication.
pub(super) fn is_modified_line(text: &str) -> bool {
    let lower = text.to_lowercase();
    let first = |words: &[&str]| words.iter().filter_map(|word| lower.find(word)).min();
    match (first(MODIFIED_WORDS), first(PUBLISHED_LABELS)) {
        (Some(modified), Some(published)) => modified < published,
        (modified, _) => modified.is_some(),
    }
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
        let mut places = DatePlaces::default();
        for element in Html::parse_document(html).root_element().descendent_elements() {
            places.note(element);
            lines.add_element(element, &mut places);
        }
        lines
    }

    fn near_headline(html: &str) -> Option<String> {
        lines(html).near_headline("Le puits").map(Timestamp::day)
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
        let day = |title: &str| lines(html).near_headline(title).map(Timestamp::day);
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
        assert_eq!(
            lines
                .after_headline("Le puits", |_| DateOrder::DayFirst)
                .map(Timestamp::day)
                .as_deref(),
            Some("2024-03-01")
        );
        let labelled = self::lines("<p>Published</p><p>3 mars 2024</p><h1>Le puits</h1>");
        assert_eq!(
            labelled
                .after_headline("Le puits", |_| DateOrder::DayFirst)
                .map(Timestamp::day)
                .as_deref(),
            Some("2024-03-03")
        );
        let adjacent = self::lines("<main><p>3 mars 2024</p><p>5 min</p><h1>Le puits</h1></main>");
        assert_eq!(
            adjacent
                .after_headline("Le puits", |_| DateOrder::DayFirst)
                .map(Timestamp::day)
                .as_deref(),
            Some("2024-03-03")
        );
        for today in [
            "<header><p>3 mars 2024</p></header><h1>Le puits</h1>",
            "<p>Dimanche 3 mars 2024</p><h1>Le puits</h1>",
            "<p>3 mars 2024</p><p>Accueil</p><p>Mali</p><p>Niger</p><h1>Le puits</h1>",
        ] {
            assert_eq!(
                self::lines(today).after_headline("Le puits", |_| DateOrder::DayFirst),
                None,
                "{today}"
            );
        }
    }
}
