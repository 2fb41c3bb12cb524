//! Recognises lines between two paragraphs that belong to the text although they are unlike paragraphs: crossheads in elements of their own, and short
//! messages of social networks that the article quotes.

use super::block::Block;
use super::boilerplate_phrases;
use super::class_hints;
use scraper::ElementRef;

/// The longest crosshead, in characters.
const MAX_CROSSHEAD_CHARS: usize = 120;
/// The shortest one, in characters: a number or a letter alone is none.
const MIN_CROSSHEAD_CHARS: usize = 4;
/// How many elements around a line may have the name of a crosshead or of a quotation.
const NAMED_ANCESTORS: usize = 3;
/// Classes of the elements in which short messages of social networks are quoted.
const EMBEDDED_QUOTATION_CLASSES: &[&str] = &[
    "twitter-tweet",
    "twitter-quote",
    "x-post",
    "bluesky-embed",
    "mastodon-embed",
    "telegram-post",
];
/// Words of the classes of crossheads, besides those that hint at a headline.
const CROSSHEAD_WORDS: &[&str] = &[
    "intertitre",
    "inter-titre",
    "intertitle",
    "crosshead",
    "cross-head",
    "subhead",
    "sous-titre",
    "zwischentitel",
    "ladillo",
];

/// Returns whether `block` heads `next`, the paragraph below it: it is a heading by its element, in bold or by its class, and no call to something else.
pub(super) fn is_crosshead(block: &Block<'_>, next: &Block<'_>) -> bool {
    let is_short = (MIN_CROSSHEAD_CHARS..=MAX_CROSSHEAD_CHARS).contains(&block.chars);
    is_short
        && block.link_chars == 0
        && next.is_long_paragraph()
        && block.text.contains(char::is_alphabetic)
        && (block.is_heading() || block.is_bold() || is_named_crosshead(block))
        && shares_container(block, next)
        && boilerplate_phrases::count_phrases(&block.text.to_lowercase())
            .iter()
            .all(|count| *count == 0)
}

/// Returns whether a block is the text of a short message that the article quotes.
pub(super) fn is_embedded_quotation(block: &Block<'_>) -> bool {
    let around = block.ancestors().take(NAMED_ANCESTORS + 1);
    around
        .into_iter()
        .any(|element| element.value().classes().any(|class| EMBEDDED_QUOTATION_CLASSES.contains(&class)))
}

fn is_named_crosshead(block: &Block<'_>) -> bool {
    let headline = class_hints::bits_of_kinds(&["named headline"]);
    block.parent.value().classes().any(|class| {
        let lower = class.to_ascii_lowercase();
        CROSSHEAD_WORDS.iter().any(|word| lower.contains(word)) || class_hints::bits_of_name(class) & headline != 0
    })
}

/// Returns whether the element around a paragraph also contains the line: a line of another part of the page heads nothing here.
fn shares_container(block: &Block<'_>, next: &Block<'_>) -> bool {
    let Some(container) = next.parent.parent().and_then(ElementRef::wrap) else {
        return false;
    };
    block
        .ancestors()
        .take(NAMED_ANCESTORS + 1)
        .any(|element| element.id() == container.id())
}

#[cfg(test)]
mod tests {
    use super::super::block::list_blocks;
    use super::*;
    use scraper::Html;

    const TEXT: &str = "<p>Le conseil du village a ouvert le nouveau puits lundi matin devant une foule nombreuse venue des environs.</p>";

    fn is_head(head: &str) -> bool {
        let document = Html::parse_document(&format!("<div>{TEXT}{head}{TEXT}</div>"));
        let blocks = list_blocks(&document);
        let at = blocks.len() - 2;
        is_crosshead(&blocks[at], &blocks[at + 1])
    }

    #[test]
    fn a_line_in_an_element_of_its_own_heads_the_paragraph_below() {
        for head in [
            "<div class=intertitre>Une eau claire</div>",
            "<div><strong>Une eau claire</strong></div>",
            "<div class=wrap><h2>Une eau claire</h2></div>",
        ] {
            assert!(is_head(head), "{head}");
        }
        for head in [
            "<div>Une eau claire</div>",
            "<div class=intertitre><a href=/a>Une eau claire</a></div>",
            "<div class=intertitre>1</div>",
            "<div class=intertitre>Lire aussi : une eau claire</div>",
        ] {
            assert!(!is_head(head), "{head}");
        }
    }

    #[test]
    fn a_quoted_message_is_told_by_its_element() {
        let document = Html::parse_document("<blockquote class=twitter-tweet><p>L’eau coule.</p></blockquote><p>Fin</p>");
        let blocks = list_blocks(&document);
        assert!(is_embedded_quotation(&blocks[0]) && !is_embedded_quotation(&blocks[1]));
    }
}
