//! Recognises a request for donations below a text: a heading that asks the reader for support, and a few lines.

use super::block::Block;
use crate::text::fold::fold;
use std::sync::LazyLock;

/// The longest heading, in characters.
const MAX_HEADING_CHARS: usize = 140;
/// How many blocks the request has below its heading at most.
const MAX_BLOCKS: usize = 6;
/// How the headings begin: they address the reader.
const STARTS: &[&str] = &[
    "support the",
    "support our",
    "support us",
    "support independent",
    "support free",
    "support quality",
    "support good",
    "help us",
    "help keep",
    "keep our",
    "donate",
    "make a donation",
    "become a member",
    "become a supporter",
    "soutenez",
    "soutenir notre",
    "aidez-nous",
    "aidez notre",
    "faites un don",
    "faire un don",
    "devenez membre",
    "ادعم",
    "ادعموا",
    "ساندوا",
    "تبرع",
    "apoya ",
    "apoye ",
    "apoie ",
    "ajude-nos",
    "unterstützen sie",
    "tallafa",
    "ku tallafa",
    "taimaka wa",
];
/// Words of which the lines below the heading have one.
const WORDS: &[&str] = &[
    "journalism",
    "reporting",
    "donat",
    "support",
    "contribut",
    "reader",
    "please",
    "journalis",
    "presse",
    "lecteurs",
    "votre don",
    "votre soutien",
    "vos dons",
    "gratuit",
    "الصحافة",
    "تبرع",
    "دعمكم",
    "القراء",
    "periodismo",
    "jornalismo",
    "lectores",
    "leitores",
    "jarida",
    "gudunmawa",
];

static FOLDED_STARTS: LazyLock<Vec<String>> = LazyLock::new(|| STARTS.iter().map(|start| fold(start)).collect());
static FOLDED_WORDS: LazyLock<Vec<String>> = LazyLock::new(|| WORDS.iter().map(|word| fold(word)).collect());

/// Returns the index of the heading of a request for donations that reaches to the last block that is kept.
pub(super) fn donation_start(blocks: &[&Block<'_>], kept: &[bool]) -> Option<usize> {
    let last = kept.iter().rposition(|kept| *kept)?;
    let first_text = (0..=last).find(|at| kept[*at] && blocks[*at].is_long_paragraph())?;
    let above = (first_text + 1..=last).rev().filter(|at| kept[*at]).take(MAX_BLOCKS + 1);
    let headings: Vec<usize> = above.filter(|at| is_request(blocks[*at])).collect();
    let start = *headings.last()?;
    let has_words = (start..=last).filter(|at| kept[*at]).any(|at| {
        let folded = fold(&blocks[at].text);
        FOLDED_WORDS.iter().any(|word| folded.contains(word.as_str()))
    });
    has_words.then_some(start)
}

fn is_request(block: &Block<'_>) -> bool {
    let is_heading = block.is_heading() || block.is_bold();
    block.chars <= MAX_HEADING_CHARS && is_heading && {
        let folded = fold(&block.text);
        let text = folded.trim_start_matches(|c: char| !c.is_alphabetic());
        FOLDED_STARTS.iter().any(|start| text.starts_with(start.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::block::list_blocks;
    use super::*;
    use scraper::Html;

    const TEXT: &str = "<p>Le conseil du village a ouvert le nouveau puits lundi matin devant une foule nombreuse venue des environs.</p>";

    fn start(html: &str) -> Option<String> {
        let document = Html::parse_document(html);
        let blocks = list_blocks(&document);
        let blocks: Vec<&Block<'_>> = blocks.iter().collect();
        donation_start(&blocks, &vec![true; blocks.len()]).map(|at| blocks[at].text.clone())
    }

    #[test]
    fn a_request_below_the_text_is_found_by_its_heading() {
        let english = "<h3>Support the Lake Courier</h3><p>Our reporting needs its readers.</p>";
        assert_eq!(start(&format!("{TEXT}{english}")).as_deref(), Some("Support the Lake Courier"));
        let french = "<p><strong>Soutenez votre journal</strong></p><p>Sans ses lecteurs il ne paraît plus.</p>";
        assert_eq!(start(&format!("{TEXT}{french}")).as_deref(), Some("Soutenez votre journal"));
    }

    #[test]
    fn other_headings_ask_for_nothing() {
        for html in [
            format!("{TEXT}<h3>Support for farmers</h3><p>The readers of the plan approve.</p>"),
            format!("{TEXT}<h3>Soutenez la cause</h3><p>Il l’a dit lundi.</p>"),
            format!("<h3>Support the Lake Courier</h3><p>Our readers.</p>{TEXT}"),
            format!("{TEXT}<p>Support the Lake Courier, readers.</p>"),
        ] {
            assert_eq!(start(&html), None, "{html}");
        }
    }
}
