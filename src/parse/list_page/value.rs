//! Headlines and dates as elements of a list page state them.

use crate::model::Timestamp;
use crate::model::html_elements::is_block;
use crate::text::date::{is_zero_date, parse_date};
use crate::text::fold::fold;
use ego_tree::iter::Edge;
use scraper::{ElementRef, Node};

/// The shortest block within a link that may be a headline, in characters.
const MIN_BLOCK_CHARS: usize = 12;
/// The longest headline, in characters: a link around a whole entry has its text in it, too.
const MAX_TITLE_CHARS: usize = 300;
/// The most elements of a date in which an attribute is looked for.
const MAX_DATE_ELEMENTS: usize = 20;
/// The longest text in which a date is looked for, in characters.
const MAX_DATE_CHARS: usize = 160;
/// The longest date in a text, in words: `jeudi 12 mars 2026 à 14 h 30`.
const MAX_DATE_WORDS: usize = 8;
/// Before 1995 hardly a list page was published; what is older is a mistake of a program.
const EARLIEST_SECONDS: i64 = 788_918_400;
/// What links to an entry say besides its headline.
const CALLS_TO_READ: &[&str] = &[
    "lire la suite",
    "lire plus",
    "lire l'article",
    "lire la suite de",
    "continuer la lecture",
    "voir l'article",
    "en savoir plus",
    "voir plus",
    "la suite",
    "suite",
    "plus",
    "détails",
    "télécharger",
    "read more",
    "continue reading",
    "learn more",
    "more",
    "download",
    "اقرأ المزيد",
    "قراءة المزيد",
    "المزيد",
    "التفاصيل",
    "تحميل",
];

/// Returns the text of an element in one line, at most [`MAX_TITLE_CHARS`] of it.
pub(in crate::parse) fn line(element: ElementRef<'_>) -> String {
    let line = text_of(element).split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = line.char_indices().nth(MAX_TITLE_CHARS) else {
        return line;
    };
    let head = &line[..end];
    format!("{}…", head.rsplit_once(' ').map_or(head, |(words, _)| words))
}

/// Returns the text of an element; blocks and line breaks part words.
fn text_of(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    for edge in element.traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Text(own) => text.push_str(own),
                Node::Element(own) if parts_words(own.name()) => text.push(' '),
                _ => {}
            },
            Edge::Close(node) => {
                if node.value().as_element().is_some_and(|own| parts_words(own.name())) {
                    text.push(' ');
                }
            }
        }
    }
    text
}

fn parts_words(name: &str) -> bool {
    name == "br" || is_block(name)
}

/// Returns the first of several blocks in a link around a whole entry that may be its headline: neither its date nor a label of a few letters.
fn first_block(link: ElementRef<'_>) -> Option<String> {
    let is_leaf = |element: &ElementRef<'_>| {
        let mut within = element.descendants().skip(1).filter_map(ElementRef::wrap);
        is_block(element.value().name()) && !within.any(|element| is_block(element.value().name()))
    };
    let leaves = || link.descendants().skip(1).filter_map(ElementRef::wrap).filter(is_leaf);
    leaves().nth(1)?;
    let may_be = |text: &String| text.chars().count() >= MIN_BLOCK_CHARS && date_in(text, None).is_none();
    leaves().map(line).find(may_be)
}

/// A headline that was found without a selector, and how well it is known to be one.
#[derive(Debug, Default)]
pub(super) struct Headline {
    rank: u8,
    pub text: String,
}

impl Headline {
    /// Takes over what `link` says of its entry where that is better: a heading, else the text of the link, else a description of it.
    pub fn add(&mut self, link: ElementRef<'_>) {
        let is_heading = |element: &ElementRef<'_>| matches!(element.value().name(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
        let elements = || link.descendants().filter_map(ElementRef::wrap);
        if let Some(heading) = elements().find(is_heading).map(line).or_else(|| first_block(link)) {
            self.take(3, heading);
        }
        let rank = if link.ancestors().filter_map(ElementRef::wrap).any(|element| is_heading(&element)) {
            3
        } else {
            2
        };
        let text = line(link);
        if !is_call_to_read(&text) {
            self.take(rank, text);
        }
        let image = elements().find_map(|element| element.attr("alt"));
        for described in [link.attr("title"), link.attr("aria-label"), image].into_iter().flatten() {
            let described = described.split_whitespace().collect::<Vec<_>>().join(" ");
            if described.len() <= MAX_TITLE_CHARS && !is_call_to_read(&described) {
                self.take(1, described);
            }
        }
    }

    fn take(&mut self, rank: u8, text: String) {
        // Numbers and arrows alone lead to other pages of the list.
        let is_headline = text.chars().any(char::is_alphabetic);
        if is_headline && (rank, text.len()) > (self.rank, self.text.len()) {
            (self.rank, self.text) = (rank, text);
        }
    }
}

fn is_call_to_read(text: &str) -> bool {
    let said = words(text);
    CALLS_TO_READ.iter().any(|call| words(call) == said)
}

/// Returns whether a text begins with such words, as in "Lire la suite de …".
pub(in crate::parse) fn begins_with_call_to_read(text: &str) -> bool {
    let said = words(text);
    let begins_with = |call: &str| {
        said.strip_prefix(&words(call))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    // A single word, such as "plus", begins a headline as well.
    CALLS_TO_READ.iter().any(|call| call.contains(' ') && begins_with(call))
}

fn words(text: &str) -> String {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Returns the date that an element states, by an attribute or its text, read in `zone` where it names none; `None` for one that cannot be right.
///
/// # Errors
/// The beginning of its text, when that has a digit in it and is no date.
pub(in crate::parse) fn date(element: ElementRef<'_>, zone: Option<&str>) -> Result<Option<Timestamp>, String> {
    let elements = element.descendants().filter_map(ElementRef::wrap).take(MAX_DATE_ELEMENTS);
    let attributes = elements.flat_map(|element| ["datetime", "content", "title"].map(|name| element.attr(name)));
    let stated = attributes.flatten().find_map(|text| parse_date(text, zone));
    let text = line(element);
    let found = stated.or_else(|| date_in(&text, zone));
    if found.is_none() && text.contains(|c: char| c.is_numeric()) {
        return Err(text.chars().take(60).collect());
    }
    Ok(found.filter(|date| !is_zero_date(*date) && date.unix() >= EARLIEST_SECONDS))
}

/// Returns the date of a text, or the first that stands in it: `Publié le 12 mars 2026 par Awa`. Words that make a longer date are part of it.
fn date_in(text: &str, zone: Option<&str>) -> Option<Timestamp> {
    if let Some(date) = parse_date(text, zone) {
        return Some(date);
    }
    let short: String = text.chars().take(MAX_DATE_CHARS).collect();
    let words: Vec<&str> = short.split_whitespace().collect();
    let has_digit = |word: &&str| word.contains(|c: char| c.is_numeric());
    (0..words.len()).find_map(|start| {
        let longest = MAX_DATE_WORDS.min(words.len() - start);
        let within = |length: usize| words.get(start..start + length).unwrap_or_default();
        // A year or a number alone is no date.
        let is_whole = |length: &usize| *length >= 3 || within(*length).iter().any(|word| word.contains(['/', '.', '-']));
        let has_number = within(1).first().is_some_and(has_digit);
        let lengths = (1..=longest).rev().filter(|length| has_number && is_whole(length));
        lengths
            .map(|length| within(length).join(" "))
            .find_map(|part| parse_date(part.trim_matches(|c: char| !c.is_alphanumeric()), zone))
    })
}
