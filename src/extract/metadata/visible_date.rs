//! The day that a page shows beside its headline, as its readers see it. The head of a page may say otherwise: systems write the day of
//! the last change there, or that on which the whole site was moved.

use super::date::{self, date_in_line};
use crate::extract::normalize::alphanumeric_key;
use crate::extract::normalize::collapse_whitespace;
use crate::model::Timestamp;
use scraper::ElementRef;

/// A date has at least so many digits, as in `5 mai 24`.
const DIGITS: usize = 3;
/// A line with a date is no longer than this, in characters.
const MAX_DATE_LINE_CHARS: usize = 64;
/// A line that only says what the next one is, such as `Updated:`, is no longer than this, in characters.
const LABEL: usize = 24;
/// So many lines before the headline and behind it are beside it.
const BEFORE: usize = 5;
const BEHIND: usize = 12;
/// So many lines before it are close to it.
const CLOSE: usize = 2;
/// A line with so much text, in bytes, begins the article: dates behind it are within it.
const BODY: usize = 280;
/// So many lines with dates, and so many headings, are looked at.
const MOST_DATED: usize = 200;
const MOST_HEADINGS: usize = 300;
/// A headline of so many letters and digits is known by its beginning.
const LONG_TITLE: usize = 24;
/// A line of so many bytes may be a headline that is no heading for machines.
const HEADLINE: std::ops::RangeInclusive<usize> = 20..=200;
/// Words that say a date is that of publication, as a line of their own.
const SAID: &[&str] = &["publi", "posted", "veröffentlicht", "erschienen", "نشر"];
/// Words before the day of the first publication, wherever they stand.
const FIRST: &[&str] = &[
    "originally published on",
    "first published on",
    "publié initialement le",
    "initialement publié le",
];
/// Words that say a date is that of a change.
const CHANGED: &[&str] = &[
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

/// The lines of a page that may hold dates, with their places.
#[derive(Debug, Default)]
pub(in crate::extract) struct Lines {
    count: usize,
    previous: String,
    /// The places of long lines.
    bodies: Vec<usize>,
    dated: Vec<Dated>,
    headings: Vec<Heading>,
}

#[derive(Debug)]
struct Heading {
    place: usize,
    text: String,
    /// Whether it is a heading for machines too.
    is_marked: bool,
    is_first_rank: bool,
}

#[derive(Debug)]
struct Dated {
    place: usize,
    text: String,
    /// What a `time` element says for machines.
    stated: Option<String>,
    said: Said,
    /// Whether it may be today's date, as sites show it in their head: it stands in the page's frame, or with the day of the week.
    is_perhaps_today: bool,
}

/// What a page says that a date is.
#[derive(Debug, PartialEq)]
enum Said {
    Nothing,
    Change,
    /// By the line before: that of publication.
    Publication,
    /// That of the first publication, so plainly that it counts wherever it stands.
    First,
}

impl Dated {
    fn day(&self) -> Option<Timestamp> {
        let stated = self.stated.as_deref().and_then(date::parse);
        stated.or_else(|| date_in_line(&self.text))
    }
}

/// Says whether only the custom of a country tells the day from the month, as in `12/11/25`.
fn is_doubtful(line: &str) -> bool {
    let parts: Vec<u32> = line
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|part| part.parse().ok())
        .collect();
    !line.contains(char::is_alphabetic) && parts.len() >= 3 && parts[0] != parts[1] && parts[..2].iter().all(|part| *part <= 12)
}

impl Lines {
    /// Takes in an element, in the order of the page.
    pub fn add(&mut self, element: ElementRef<'_>) {
        let name = element.value().name();
        if matches!(name, "script" | "style" | "noscript" | "option" | "textarea" | "title" | "template") {
            return;
        }
        let (mut own, mut digits) = (0, 0);
        for text in element.children().filter_map(|node| node.value().as_text()) {
            own += text.trim().len();
            digits += text.chars().filter(|c| c.is_numeric()).count();
        }
        let is_marked = matches!(name, "h1" | "h2" | "h3");
        if (is_marked || HEADLINE.contains(&own)) && self.headings.len() < MOST_HEADINGS {
            let text: String = element.text().take(40).collect();
            self.headings.push(Heading {
                place: self.count + 1,
                text,
                is_marked,
                is_first_rank: name == "h1",
            });
        }
        let stated = element.value().attr("datetime");
        if own == 0 && stated.is_none() {
            return;
        }
        self.count += 1;
        let length: usize = element.text().map(str::len).take(40).sum();
        if length > BODY {
            self.previous.clear();
            self.bodies.push(self.count);
            return;
        }
        let holds_date = digits >= DIGITS || stated.is_some();
        if !holds_date && length > LABEL * 4 {
            self.previous.clear();
            return;
        }
        let text = collapse_whitespace(&element.text().take(40).collect::<String>());
        let is_room = self.dated.len() < MOST_DATED;
        if is_room
            && digits >= DIGITS
            && let Some(first) = first_publication(&text)
        {
            self.dated.push(Dated {
                place: self.count,
                text: first,
                stated: None,
                said: Said::First,
                is_perhaps_today: false,
            });
        } else if is_room && holds_date && text.chars().count() <= MAX_DATE_LINE_CHARS {
            let labelled = |words: &[&str]| self.previous.chars().count() <= LABEL && says(&self.previous, words);
            let said = if element.value().attr("pubdate").is_some() {
                Said::First
            } else if says(&text, CHANGED) || labelled(CHANGED) {
                Said::Change
            } else if labelled(SAID) {
                Said::Publication
            } else {
                Said::Nothing
            };
            self.dated.push(Dated {
                place: self.count,
                text: text.clone(),
                stated: stated.map(str::to_owned),
                said,
                is_perhaps_today: is_in_frame(element) || names_weekday(&text),
            });
        }
        self.previous = text;
    }

    /// Returns the date that a page says to be that of publication, else the nearest to the headline `title` that is not said to be that
    /// of a change. Dates of which only custom tells the day from the month say too little to contradict others.
    pub fn beside(&self, title: &str) -> Option<Timestamp> {
        let said = self.dated.iter().find(|dated| dated.said == Said::First).and_then(Dated::day);
        said.or_else(|| self.near(title, |dated| dated.stated.is_some() || !is_doubtful(&dated.text)))
    }

    /// Returns the nearest date behind the headline, or before it where it is said to be that of publication, or stands close to it and
    /// is not today's.
    pub fn behind(&self, title: &str) -> Option<Timestamp> {
        let headline = self.headline(title)?;
        let is_close = |dated: &Dated| dated.place + CLOSE >= headline && !dated.is_perhaps_today;
        self.near(title, |dated| {
            dated.place >= headline || dated.said == Said::Publication || is_close(dated)
        })
    }

    /// Returns the place of the headline: of the first line that tells it, else of the first heading of the first rank.
    fn headline(&self, title: &str) -> Option<usize> {
        let title: Vec<char> = alphanumeric_key(title).chars().collect();
        let tells = |heading: &&Heading| !title.is_empty() && agrees(&heading.text, &title);
        let told = self
            .headings
            .iter()
            .filter(tells)
            .max_by_key(|heading| (heading.is_marked, std::cmp::Reverse(heading.place)));
        told.or_else(|| self.headings.iter().find(|heading| heading.is_first_rank))
            .map(|heading| heading.place)
    }

    fn near(&self, title: &str, fits: impl Fn(&Dated) -> bool) -> Option<Timestamp> {
        let headline = self.headline(title)?;
        let end = self.bodies.iter().copied().find(|place| *place > headline).unwrap_or(usize::MAX);
        let is_near = |dated: &&Dated| {
            let near = headline.saturating_sub(BEFORE)..=end.min(headline + BEHIND);
            near.contains(&dated.place) && dated.said != Said::Change && fits(dated)
        };
        let mut near: Vec<&Dated> = self.dated.iter().filter(is_near).collect();
        // What stands behind is nearer than what stands before.
        near.sort_by_key(|dated| dated.place.checked_sub(headline).unwrap_or(headline + BEHIND - dated.place));
        near.into_iter().find_map(Dated::day)
    }
}

/// Says whether a line is the folded headline, or one begins as the other does at some length.
fn agrees(line: &str, headline: &[char]) -> bool {
    let mut letters = line.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    for (at, wanted) in headline.iter().enumerate() {
        match letters.next() {
            Some(letter) if letter == *wanted => {}
            Some(_) => return false,
            None => return at >= LONG_TITLE,
        }
    }
    letters.next().is_none() || headline.len() >= LONG_TITLE
}

/// Returns what follows words such as "originally published on", up to the end of the date.
fn first_publication(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let begin = FIRST.iter().find_map(|words| lower.find(words).map(|at| at + words.len()))?;
    let rest: Vec<&str> = lower[begin..].split_whitespace().take(3).collect();
    Some(rest.join(" ").trim_end_matches(['.', ',']).to_owned())
}

/// Says whether an element stands in the head, the menu or the foot of the page, not of its article.
fn is_in_frame(element: ElementRef<'_>) -> bool {
    let around = element.ancestors().filter_map(ElementRef::wrap).map(|around| around.value().name());
    let mut around = around.filter(|name| matches!(*name, "article" | "main" | "header" | "nav" | "footer" | "aside"));
    around.next().is_some_and(|nearest| !matches!(nearest, "article" | "main")) && !around.any(|name| matches!(name, "article" | "main"))
}

/// Beginnings of the days of the week in French, English, Hausa, Arabic, Spanish, Portuguese and German.
const WEEKDAYS: &[&str] = &[
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "litinin",
    "talata",
    "laraba",
    "alhamis",
    "juma",
    "asabar",
    "lahadi",
    "الاثنين",
    "الإثنين",
    "الثلاثاء",
    "الأربعاء",
    "الخميس",
    "الجمعة",
    "السبت",
    "الأحد",
    "lunes",
    "martes",
    "miércoles",
    "jueves",
    "viernes",
    "sábado",
    "domingo",
    "segunda",
    "terça",
    "quarta",
    "quinta",
    "sexta",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonntag",
];

fn names_weekday(text: &str) -> bool {
    says(text, WEEKDAYS)
}

fn says(text: &str, words: &[&str]) -> bool {
    let lower = text.to_lowercase();
    words.iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::Html;

    fn lines(html: &str) -> Lines {
        let mut lines = Lines::default();
        for element in Html::parse_document(html).root_element().descendent_elements() {
            lines.add(element);
        }
        lines
    }

    fn beside(html: &str) -> Option<String> {
        lines(html).beside("Le puits").map(Timestamp::day)
    }

    #[test]
    fn the_nearest_date_is_the_articles() {
        for html in [
            "<p>3 mars 2024</p><h1>Le puits</h1><p>Texte.</p>",
            "<h1>Journal</h1><p>1 mai 2024</p><h2>Le puits</h2><p>Awa Diallo</p><p>3 mars 2024</p>",
            "<h1>Le puits</h1><span>Publié</span><span>3 mars 2024</span><p>5 mai 2024</p>",
            "<h1>Le puits</h1><time datetime='2024-03-03T10:00'>03/05/2024</time>",
            "<h1>Le puits</h1><p>5 mai 2025</p><footer><p>This article was originally published on 3 March 2024 and has been updated.</p></footer>",
            "<h1>Le puits</h1><p>5 mai 2025</p><footer><time pubdate datetime=2024-03-03>3/3</time></footer>",
        ] {
            assert_eq!(beside(html).as_deref(), Some("2024-03-03"), "{html}");
        }
    }

    #[test]
    fn changes_years_and_far_dates_are_not_the_articles() {
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
            assert_eq!(beside(&html), None, "{html}");
        }
    }

    #[test]
    fn a_headline_need_not_be_marked() {
        let html = "<h1>Journal</h1><p>5 mai 2025</p><div>Le puits du quartier coule enfin</div><p>2024•03•03</p>";
        let day = |title: &str| lines(html).beside(title).map(Timestamp::day);
        assert_eq!(day("Le puits du quartier coule enfin").as_deref(), Some("2024-03-03"));
        assert_eq!(
            day("Le puits du quartier coule enfin, après dix ans").as_deref(),
            Some("2024-03-03")
        );
        assert_eq!(day("Le pont").as_deref(), Some("2025-05-05"));
    }

    #[test]
    fn before_the_headline_stands_today() {
        let lines = lines("<p>3 mars 2024</p><h1>Le puits</h1><p>1er mars 2024</p>");
        assert_eq!(lines.behind("Le puits").map(Timestamp::day).as_deref(), Some("2024-03-01"));
        let said = self::lines("<p>Published</p><p>3 mars 2024</p><h1>Le puits</h1>");
        assert_eq!(said.behind("Le puits").map(Timestamp::day).as_deref(), Some("2024-03-03"));
        let close = self::lines("<main><p>3 mars 2024</p><p>5 min</p><h1>Le puits</h1></main>");
        assert_eq!(close.behind("Le puits").map(Timestamp::day).as_deref(), Some("2024-03-03"));
        for today in [
            "<header><p>3 mars 2024</p></header><h1>Le puits</h1>",
            "<p>Dimanche 3 mars 2024</p><h1>Le puits</h1>",
            "<p>3 mars 2024</p><p>Accueil</p><p>Mali</p><p>Niger</p><h1>Le puits</h1>",
        ] {
            assert_eq!(self::lines(today).behind("Le puits"), None, "{today}");
        }
    }
}
