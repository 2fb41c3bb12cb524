//! Finds the comments of readers by the heading above them: old pages put them into the element of the text, without a telling name.

use super::block::Block;
use super::element_range::ElementRange;
use crate::model::html_elements;
use crate::text::fold::fold;
use scraper::ElementRef;
use std::collections::HashSet;
use std::sync::LazyLock;

/// The longest heading, in characters.
const MAX_HEADING_CHARS: usize = 60;

/// What the heading of comments says besides a number. Whole headings only: a text may have a crosshead with such a word.
const HEADINGS: &[&str] = &[
    "commentaire",
    "commentaires",
    "vos commentaires",
    "les commentaires",
    "commentaires des lecteurs",
    "commentaires des internautes",
    "vos reactions",
    "vos avis",
    "votre avis",
    "votre reaction",
    "reactions des lecteurs",
    "reactions des internautes",
    "reagir",
    "reagissez",
    "reagir a cet article",
    "reagir a l'article",
    "laisser un commentaire",
    "laissez un commentaire",
    "laisser une reponse",
    "laissez une reponse",
    "ajouter un commentaire",
    "ecrire un commentaire",
    "poster un commentaire",
    "publier un commentaire",
    "un message, un commentaire",
    "donnez votre avis",
    "messages du forum",
    "forum de l'article",
    "comment",
    "comments",
    "your comments",
    "readers' comments",
    "reader comments",
    "readers comments",
    "user comments",
    "your reactions",
    "readers' reactions",
    "leave a comment",
    "leave a reply",
    "leave comment",
    "post a comment",
    "add a comment",
    "write a comment",
    "add comment",
    "join the conversation",
    "join the discussion",
    "have your say",
    "view comments",
    "comentario",
    "comentarios",
    "deja un comentario",
    "deja una respuesta",
    "deixe um comentario",
    "deixe uma resposta",
    "kommentare",
    "kommentar schreiben",
    "commenti",
    "lascia un commento",
    "ra'ayoyin masu karatu",
    "ra'ayoyinku",
    "bar sharhi",
    "ku bar sharhi",
    "rubuta ra'ayi",
    "تعليقات",
    "التعليقات",
    "تعليق",
    "تعليقات القراء",
    "تعليقات الزوار",
    "اراء القراء",
    "ردود القراء",
    "اترك تعليقا",
    "اترك تعليقك",
    "اترك ردا",
    "اضف تعليقا",
    "اضف تعليق",
    "اضافة تعليق",
    "اكتب تعليقا",
    "شارك برايك",
];
/// Words that head comments only together with a number.
const COUNTED_HEADINGS: &[&str] = &[
    "reaction",
    "reactions",
    "avis",
    "message",
    "messages",
    "reponse",
    "reponses",
    "response",
    "responses",
    "reply",
    "replies",
    "thought",
    "thoughts",
    "respuesta",
    "respuestas",
    "ردود",
    "اراء",
    "raayoyi",
    "ra'ayoyi",
    "sharhi",
];

/// How headings begin, folded, that name the article behind a number.
const COUNTED_STARTS: &[&str] = &[
    "thoughts on ",
    "thought on ",
    "responses to ",
    "comments on ",
    "reponses a ",
    "commentaires sur ",
    "reflexions sur ",
];

static FOLDED_HEADINGS: LazyLock<HashSet<String>> = LazyLock::new(|| HEADINGS.iter().map(|heading| fold(heading)).collect());
static FOLDED_COUNTED_HEADINGS: LazyLock<HashSet<String>> =
    LazyLock::new(|| COUNTED_HEADINGS.iter().map(|heading| fold(heading)).collect());

/// Returns the index of the first block of the comments and of the last: the heading of comments below the first long paragraph after the headline, and
/// what follows it in the element around it.
pub(super) fn find_comment_section(
    blocks: &[&Block<'_>],
    ranges: &[ElementRange<'_>],
    parents: &[usize],
    first_paragraph: Option<usize>,
) -> Option<(usize, usize)> {
    let first_paragraph = first_paragraph?;
    let heading = (first_paragraph + 1..blocks.len()).find(|at| {
        let block = blocks[*at];
        is_set_apart(block) && is_comment_heading(&block.text)
    })?;
    let outward = std::iter::successors(Some(parents[heading]), |index| ranges[*index].parent);
    let around = outward.map(|index| &ranges[index]).find(|range| range.last > heading);
    Some((heading, around.map_or(heading, |range| range.last)))
}

/// Returns whether a block stands as a heading: by its element, in bold, or behind the anchor of a forum.
fn is_set_apart(block: &Block<'_>) -> bool {
    let is_anchor = |element: ElementRef<'_>| {
        let value = element.value();
        matches!(
            value.attr("name").or(value.id()),
            Some("forum" | "comments" | "commentaires" | "reactions")
        )
    };
    let name = block.parent.value().name();
    block.chars <= MAX_HEADING_CHARS
        && block.link_chars * 2 <= block.chars
        && (html_elements::is_heading(name)
            || matches!(name, "legend" | "summary")
            || block.bold_chars * 2 > block.chars
            || block.elements().any(is_anchor))
}

/// Returns whether a line is the heading of comments, such as `Vos réactions (2)` or `3 comments`.
fn is_comment_heading(line: &str) -> bool {
    let folded = fold(line);
    let has_number = folded.contains(|c: char| c.is_numeric());
    let words = folded.trim_matches(|c: char| !c.is_alphabetic());
    FOLDED_HEADINGS.contains(words)
        || (has_number && (FOLDED_COUNTED_HEADINGS.contains(words) || COUNTED_STARTS.iter().any(|start| words.starts_with(start))))
}

#[cfg(test)]
mod tests {
    use super::super::block::list_blocks;
    use super::super::element_range::element_ranges;
    use super::*;
    use scraper::Html;

    const TEXT: &str = "<p>Le conseil du village a ouvert le nouveau puits lundi matin devant une foule nombreuse venue des environs.</p>";

    fn comments(html: &str) -> Vec<String> {
        let document = Html::parse_document(html);
        let blocks = list_blocks(&document);
        let blocks: Vec<&Block<'_>> = blocks.iter().collect();
        let (ranges, parents) = element_ranges(&blocks);
        let first = blocks.iter().position(|block| block.is_long_paragraph());
        let found = find_comment_section(&blocks, &ranges, &parents, first);
        found.map_or_else(Vec::new, |(first, last)| {
            blocks[first..=last].iter().map(|block| block.text.clone()).collect()
        })
    }

    #[test]
    fn what_follows_the_heading_of_comments_is_comments() {
        for heading in [
            "<h2>Vos réactions (2)</h2>",
            "<b>3 Comments</b>",
            "<h3>التعليقات</h3>",
            "<h4>2 réponses</h4>",
            "<h3>3 thoughts on “Le puits”</h3>",
        ] {
            let html = format!("<div>{TEXT}{heading}<div><b>Awa</b> le 5 mars<br>Bravo.</div></div><footer>Fin</footer>");
            let found = comments(&html);
            assert_eq!(found.last().map(String::as_str), Some("Awa le 5 mars Bravo."), "{heading}");
        }
    }

    #[test]
    fn crossheads_and_counters_are_no_heading_of_comments() {
        for html in [
            format!("<div>{TEXT}<h2>Réactions</h2>{TEXT}</div>"),
            format!("<div>{TEXT}<h2>Les commentaires du ministre</h2>{TEXT}</div>"),
            format!("<div>{TEXT}<p>2 commentaires</p>{TEXT}</div>"),
            format!("<div><h2>Commentaires</h2>{TEXT}</div>"),
        ] {
            assert!(comments(&html).is_empty(), "{html}");
        }
    }
}
