//! What is measured of each block of a page. A figure says nothing by itself; the table of trees says what it is worth.

use super::hints::{self, HINTS};
use super::page_context::{Container, PageContext};
use super::phrases::{self, KINDS};
use crate::extract::metadata::date::date_in_line;
use crate::extract::normalize::alphanumeric_key;

/// A short line may be a date line, in characters.
const DATE_LINE: usize = 120;
/// The largest distance between blocks that is told, in blocks.
const FAR: usize = 99;
/// How many blocks before and behind are looked at together.
const WINDOW: usize = 5;

/// The figures of one block, by name.
pub(super) type FeatureVector = Vec<(&'static str, f32)>;

/// Returns which part of a whole something is; 0 when there is nothing.
pub(super) fn share(part: usize, whole: usize) -> f32 {
    if whole == 0 { 0.0 } else { number(part) / number(whole) }
}

#[expect(clippy::cast_precision_loss, reason = "no page has 2^24 of anything")]
fn number(count: usize) -> f32 {
    count as f32
}

fn flag(holds: bool) -> f32 {
    f32::from(u8::from(holds))
}

/// Measures each block of a page. All rows name the same figures in the same order.
pub(super) fn measure(scene: &PageContext<'_>) -> Vec<FeatureVector> {
    let around = Distances::new(scene);
    let rows = (0..scene.blocks.len()).map(|at| {
        let mut row = FeatureVector::with_capacity(128);
        text(&mut row, at, scene);
        form(&mut row, at, scene);
        structure(&mut row, at, scene);
        position(&mut row, at, scene, &around);
        neighbours(&mut row, at, scene);
        row
    });
    rows.collect()
}

/// What the text itself is like.
fn form(row: &mut FeatureVector, at: usize, scene: &PageContext<'_>) {
    let block = &scene.blocks[at];
    let text = block.text.as_str();
    let signs = Signs::of(text);
    row.push(("characters", number(block.chars)));
    row.push(("words", number(text.split(' ').count())));
    row.push(("linked", share(block.linked, block.chars)));
    row.push(("links", number(block.links)));
    row.push(("bold", share(block.bold, block.chars)));
    row.push(("capitals", share(signs.capitals, signs.letters)));
    row.push(("digits", share(signs.digits, block.chars)));
    row.push(("commas", number(signs.commas)));
    row.push(("sentence marks", number(signs.sentence_marks)));
    row.push(("begins", text.chars().next().map_or(0.0, begins)));
    row.push(("ends", text.chars().next_back().map_or(0.0, ends)));
    row.push(("mail or handle", flag(text.contains('@'))));
    let lower = text.to_lowercase();
    row.push(("address", flag(lower.contains("http") || lower.contains("www."))));
    let counts = phrases::count(&lower);
    row.extend((0..KINDS).map(|kind| (phrases::name(kind), number(counts[kind]))));
}

/// How often a text has signs of each kind.
#[derive(Default)]
struct Signs {
    letters: usize,
    capitals: usize,
    digits: usize,
    commas: usize,
    sentence_marks: usize,
}

impl Signs {
    fn of(text: &str) -> Self {
        let mut signs = Self::default();
        for sign in text.chars() {
            match sign {
                sign if sign.is_alphabetic() => {
                    signs.letters += 1;
                    signs.capitals += usize::from(sign.is_uppercase());
                }
                '0'..='9' => signs.digits += 1,
                ',' | '،' | ';' | '、' => signs.commas += 1,
                sign => signs.sentence_marks += usize::from(is_sentence_mark(sign)),
            }
        }
        signs
    }
}

fn is_sentence_mark(letter: char) -> bool {
    matches!(letter, '.' | '!' | '?' | '…' | '؟' | '。')
}

/// Returns the kind of the last sign: 1 for the end of a sentence, 2 for a closing quote or bracket, 3 and 4 for the marks within a
/// sentence, 5 for a letter or digit.
fn ends(last: char) -> f32 {
    match last {
        last if is_sentence_mark(last) => 1.0,
        '"' | '”' | '»' | '\'' | '’' | ')' | '“' => 2.0,
        ':' => 3.0,
        ',' | ';' => 4.0,
        last if last.is_alphanumeric() => 5.0,
        _ => 0.0,
    }
}

/// Returns the kind of the first sign: 1 and 2 for small and capital letters, 3 for digits, 4 for an opening quote, 5 for a bullet,
/// 6 for the signs of rights and of accounts, 7 for letters without capitals.
fn begins(first: char) -> f32 {
    match first {
        first if first.is_lowercase() => 1.0,
        first if first.is_uppercase() => 2.0,
        first if first.is_ascii_digit() => 3.0,
        '"' | '“' | '«' | '„' | '‘' | '\'' => 4.0,
        '*' | '•' | '-' | '–' | '—' | '►' | '»' | '>' | '|' => 5.0,
        '©' | '@' | '#' => 6.0,
        first if first.is_alphabetic() => 7.0,
        _ => 0.0,
    }
}

/// How the text relates to what the page tells of itself.
fn text(row: &mut FeatureVector, at: usize, scene: &PageContext<'_>) {
    let text = scene.blocks[at].text.as_str();
    let own = alphanumeric_key(text);
    let headline = scene.headline.as_str();
    let is_headline = !headline.is_empty() && own == headline;
    row.push(("headline", flag(is_headline)));
    row.push(("in headline", flag(!is_headline && own.len() > 8 && headline.contains(&own))));
    row.push((
        "holds headline",
        flag(!is_headline && headline.len() > 12 && own.contains(headline)),
    ));
    let authors = &scene.metadata.authors;
    let is_author = scene.authors.contains(&own);
    let names = |name: &str, longer: usize| name.len() > longer && text.contains(name);
    row.push(("author", flag(is_author)));
    row.push((
        "names author",
        flag(!is_author && authors.iter().any(|author| names(&author.name, 5))),
    ));
    row.push(("category", flag(scene.categories.contains(&own))));
    row.push((
        "names site",
        flag(scene.metadata.site.as_deref().is_some_and(|site| names(site, 3))),
    ));
    row.push(("date", flag(scene.blocks[at].chars < DATE_LINE && date_in_line(text).is_some())));
    row.push(("in JSON-LD", scene.told(text)));
    // Whether the page has a summary at all says nothing of its blocks.
    row.push(("in description", scene.described(text).max(0.0)));
    row.push(("same text", number(scene.times[at])));
    row.push(("repeated before", flag(scene.repeated[at])));
}

const TAGS: &[&str] = &[
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "blockquote",
    "td",
    "figcaption",
    "section",
    "article",
    "pre",
    "dd",
    "dt",
    "span",
    "button",
    "label",
    "header",
    "address",
];
/// Elements above a block that say what it belongs to, with the names of their figures.
const ABOVE: &[(&str, &str)] = &[
    ("article", "<article>"),
    ("main", "<main>"),
    ("aside", "<aside>"),
    ("nav", "<nav>"),
    ("footer", "<footer>"),
    ("header", "<header>"),
    ("form", "<form>"),
    ("figure", "<figure>"),
    ("table", "<table>"),
    ("ul", "<ul>"),
    ("ol", "<ol>"),
    ("blockquote", "<blockquote>"),
    ("section", "<section>"),
    ("a", "<a>"),
    ("dl", "<dl>"),
    ("details", "<details>"),
];
/// Returns which of the elements that say what a block belongs to has this name.
pub(super) fn above(name: &str) -> Option<usize> {
    ABOVE.iter().position(|(tag, _)| *tag == name)
}

/// Elements that group blocks.
const GROUPS: &[&str] = &[
    "div",
    "section",
    "article",
    "aside",
    "td",
    "main",
    "ul",
    "ol",
    "body",
    "blockquote",
    "figure",
    "header",
    "footer",
];

/// Which elements hold the block, and what else they hold.
fn structure(row: &mut FeatureVector, at: usize, scene: &PageContext<'_>) {
    let chain: Vec<&Container<'_>> = scene.chain(at).map(|place| &scene.containers[place]).collect();
    let main_container = scene.chain(at).position(|place| Some(place) == scene.main_container);
    let parent = chain[0];
    row.push((
        "tag",
        number(TAGS.iter().position(|tag| *tag == parent.name).map_or(0, |place| place + 1)),
    ));
    row.push(("steps to heart", main_container.map_or(-1.0, number)));
    row.push(("depth", number(chain.len())));
    row.push(("not shown", flag(parent.is_hidden)));
    // What lies above the heart is the page's frame, and is the same for all its blocks.
    let below = main_container.unwrap_or(chain.len());
    let mut above = [0.0; ABOVE.len()];
    let mut hinted = [0.0; HINTS];
    for (step, container) in chain.iter().enumerate().rev() {
        if let Some(place) = container.above {
            above[place] = if step < below { 2.0 } else { 1.0 };
        }
        // What body and the root are called says nothing of a block.
        let mut bits = if container.depth < 2 { 0 } else { container.hints };
        while bits != 0 {
            let kind = bits.trailing_zeros() as usize;
            bits &= bits - 1;
            hinted[kind] = match step {
                step if step >= below => 4.0,
                step => number(step.min(2) + 1),
            };
        }
    }
    row.extend(ABOVE.iter().zip(above).map(|((_, name), value)| (*name, value)));
    row.extend((0..HINTS).map(|kind| (hints::name(kind), hinted[kind])));
    let template = scene.templates[at];
    row.push(("template blocks", number(template.blocks)));
    row.push(("template share", share(template.chars, scene.chars)));
    row.push(("template linked", share(template.linked, template.chars)));
    row.push(("template length", share(template.chars, template.blocks)));
    let group = chain.iter().find(|container| GROUPS.contains(&container.name)).unwrap_or(&parent);
    row.push(("container share", share(group.real, scene.real_chars)));
    row.push(("container linked", share(group.linked, group.chars)));
    row.push(("container blocks", number(group.blocks)));
    row.push(("container kept", share(group.kept, group.chars)));
    row.push(("container real", share(group.real, group.chars)));
    let branch = scene.branch(at);
    let of = |figure: &dyn Fn(&Container<'_>) -> f32| branch.map_or(0.0, figure);
    row.push(("branch share", of(&|branch| share(branch.real, scene.real_chars))));
    row.push(("branch linked", of(&|branch| share(branch.linked, branch.chars))));
    row.push(("branch blocks", of(&|branch| number(branch.blocks))));
    row.push(("branch kept", of(&|branch| share(branch.kept, branch.chars))));
    row.push(("branch mean", of(&|branch| share(branch.chars, branch.blocks))));
}

/// How far each block is from the next kept paragraph, in blocks.
struct Distances {
    before: Vec<usize>,
    behind: Vec<usize>,
}

impl Distances {
    fn new(scene: &PageContext<'_>) -> Self {
        let count = scene.blocks.len();
        let walk = |order: &mut dyn Iterator<Item = usize>| {
            let mut found = vec![FAR; count];
            let mut distance = FAR;
            for at in order {
                found[at] = distance;
                let is_solid = scene.kept[at] && scene.real[at];
                distance = if is_solid { 1 } else { (distance + 1).min(FAR) };
            }
            found
        };
        Self {
            before: walk(&mut (0..count)),
            behind: walk(&mut (0..count).rev()),
        }
    }
}

/// Where the block stands.
fn position(row: &mut FeatureVector, at: usize, scene: &PageContext<'_>, around: &Distances) {
    row.push(("place", share(at, scene.blocks.len())));
    row.push(("first choice", flag(scene.kept[at])));
    row.push((
        "from headline",
        scene.headline_at.map_or(-100.0, |headline| number(at) - number(headline)),
    ));
    let main_container = scene.main_container.map(|place| &scene.containers[place]);
    let in_heart = main_container.map_or(-1.0, |main_container| {
        share(
            at.saturating_sub(main_container.first),
            main_container.last - main_container.first + 1,
        )
    });
    row.push(("place in heart", in_heart));
    row.push(("to text before", number(around.before[at])));
    row.push(("to text behind", number(around.behind[at])));
    for (blocks, linked, kept) in [
        (at.saturating_sub(WINDOW)..at, "linked before", "kept before"),
        (at + 1..(at + 1 + WINDOW).min(scene.blocks.len()), "linked behind", "kept behind"),
    ] {
        let blocks = blocks.map(|at| (&scene.blocks[at], scene.kept[at]));
        let sums = blocks.fold((0, 0, 0), |(chars, linked, kept), (block, is_kept)| {
            (
                chars + block.chars,
                linked + block.linked,
                kept + if is_kept { block.chars } else { 0 },
            )
        });
        row.push((linked, share(sums.1, sums.0)));
        row.push((kept, share(sums.2, sums.0)));
    }
}

/// What the blocks next to it are like.
fn neighbours(row: &mut FeatureVector, at: usize, scene: &PageContext<'_>) {
    let own = scene.blocks[at].parent.value().name();
    for (other, names) in [
        (
            at.checked_sub(1),
            ["previous characters", "previous linked", "previous kept", "previous tag is same"],
        ),
        (
            at.checked_sub(2),
            [
                "second previous characters",
                "second previous linked",
                "second previous kept",
                "second previous tag is same",
            ],
        ),
        (Some(at + 1), ["next characters", "next linked", "next kept", "next tag is same"]),
        (
            Some(at + 2),
            [
                "second next characters",
                "second next linked",
                "second next kept",
                "second next tag is same",
            ],
        ),
    ] {
        let block = other.and_then(|other| scene.blocks.get(other));
        let is_kept = other.is_some_and(|other| scene.kept.get(other) == Some(&true));
        row.push((names[0], block.map_or(-1.0, |block| number(block.chars))));
        row.push((names[1], block.map_or(-1.0, |block| share(block.linked, block.chars))));
        row.push((names[2], flag(is_kept)));
        row.push((names[3], flag(block.is_some_and(|block| block.parent.value().name() == own))));
    }
}
