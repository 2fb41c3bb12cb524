//! What is left out of markup, and the bounds.

use super::*;
use proptest::prelude::*;

fn limited(markup: &str) -> String {
    limit_complexity(markup, 1_000_000).into_owned()
}

#[test]
fn ordinary_markup_is_unchanged() {
    for markup in [
        "no markup, 3 < 4",
        "<p>Un <a href=\"/x?a=1&amp;b=2\" title='a > b'>lien</a><br>fin</p>",
        "<ul><li>un</li><li>deux</li></ul><table><tr><td>1</td></tr></table>",
        "<P>x</P>",
    ] {
        let out = limit_complexity(markup, 1000);
        assert!(out.eq_ignore_ascii_case(markup), "{out}");
    }
    assert!(matches!(limit_complexity("<p>x</p>", 1000), Cow::Borrowed(_)));
}

#[test]
fn scripts_styles_comments_and_svg_are_left_out() {
    assert_eq!(
        limited("a<script>if (1 < 2) { '<p>' }</script>b<style>p{}</style>c<!-- <p> -->d<!-->e<!--x--!>f<svg><style><p-q>x</style></svg>g"),
        "abcdefg"
    );
    assert_eq!(limited("<svg><path/><div>kept</div></svg>"), "<div>kept</div>");
    assert_eq!(limited("<select><option>1<title></select><p>kept</p>"), "<p>kept</p>");
    let data = "<script type=\"application/ld+json\">{\"a\":\"<p>\"}</script>";
    assert_eq!(limited(data), data);
}

#[test]
fn the_images_of_a_noscript_are_kept() {
    assert_eq!(
        limited("<p>x<noscript>Turn it on <img src=a.jpg></noscript></p>"),
        "<p>x<img src=a.jpg></p>"
    );
    assert_eq!(limited("<head><noscript><img src=t.gif></noscript></head><body>x"), "<head><body>x");
}

#[test]
fn foster_parenting_is_bounded() {
    let out = limited(&format!("<table>{}<tr><td>x</td></tr></table>", "y<br>".repeat(5000)));
    assert!(out.len() < 3000, "{}", out.len());
    assert!(out.ends_with("<tr><td>x</td></tr></table>"));
}

#[test]
fn hundreds_of_attributes_are_left_out() {
    let many = (0..5000).fold(String::new(), |all, n| all + &format!(" a{n}"));
    assert_eq!(limited(&format!("<p{many}>x</p>")), "<p>x</p>");
}

#[test]
fn the_size_is_cut_between_characters() {
    assert_eq!(limit_complexity("éé", 3), "é");
    assert_eq!(limit_complexity("<p>éé", 6), "<p>é");
}

proptest! {
    #[test]
    fn no_markup_panics_or_grows(markup in "(<[/!]?(div|p|b|a|table|td|tr|li|svg|title|script|select|noscript|template|button)( x=['\"]?)?>?|[ -~é]{0,3}|-->){0,120}") {
        let out = limited(&markup);
        prop_assert!(out.len() <= markup.len() * 3 + 100);
    }
}

#[test]
fn long_runs_of_text_are_split() {
    for unit in ["&", "«x", "a&amp;b"] {
        let text = unit.repeat(3 * MAX_TEXT_RUN_BYTES / unit.len());
        let cut = split_long_text(&text);
        assert!(cut.matches("<!---->").count() >= 2, "{unit}");
        assert_eq!(cut.replace("<!---->", ""), text);
        assert_eq!(limited(&format!("<p>{text}</p>")), format!("<p>{cut}</p>"));
    }
    let tag = format!("<a href=\"https://a.example/?{}\">x</a>", "a&".repeat(MAX_TEXT_RUN_BYTES));
    assert_eq!(split_long_text(&tag), tag);
}

#[test]
fn the_number_of_elements_is_bounded() {
    let markup = "<p>x</p>".repeat(MAX_ELEMENTS + 1000);
    let kept = limited(&markup).matches("<p>").count();
    assert!((MAX_ELEMENTS..=MAX_ELEMENTS + 1).contains(&kept), "{kept}");
}

fn page(markup: &str) -> String {
    limit_page(markup, 100_000).markup
}

#[test]
fn what_is_left_out_of_a_page_does_not_count() {
    let filler = "z".repeat(300_000);
    for markup in [
        format!("<script>{filler}</script><p>x</p>"),
        format!("<script type='application/json'>{filler}</script><p>x</p>"),
        format!("<style>{filler}</style><!--{filler}--><svg>{filler}</svg><p>x</p>"),
    ] {
        let limited = limit_page(&markup, 100_000);
        assert!(limited.markup == "<p>x</p>" && !limited.is_cut);
    }
    let image = format!("<img src='data:image/png;base64,{filler}' alt=\"a\"><p data-x='{filler}' id=i>x</p>");
    assert_eq!(page(&image), "<img alt=\"a\"><p id=\"i\">x</p>");
    let json_ld = format!(
        "<script type=application/ld+json>{}</script><p>x</p>",
        "1".repeat(MAX_JSON_LD_BYTES + 1)
    );
    assert_eq!(page(&json_ld), "<p>x</p>");
}

#[test]
fn a_page_that_is_cut_says_so() {
    let limited = limit_page(&"<p>abc</p>".repeat(20_000), 100_000);
    assert!(limited.is_cut && limited.markup.len() <= 100_020);
    let limited = limit_page(&"é".repeat(80_000), 100_000);
    assert!(limited.markup.len() <= 100_000);
    assert!(limit_page(&"<i></i>".repeat(MAX_ELEMENTS + 2), 1 << 20).is_cut);
    assert!(!limit_page(&"<p>abc</p>".repeat(100), 100_000).is_cut);
}

#[test]
fn the_article_in_a_noscript_is_read() {
    let paragraph = format!("<p>{}</p>", "mot ".repeat(40));
    let article = format!("<div>{paragraph}{paragraph}</div>");
    assert_eq!(
        page(&format!("<noscript>{article}</noscript><p>Un instant</p>")),
        format!("{article}<p>Un instant</p>")
    );
    // Other text is longer; a notice is one paragraph; one within another is not read.
    assert_eq!(page(&format!("<noscript>{article}</noscript>{article}")), article);
    assert_eq!(page(&format!("<NOSCRIPT>{paragraph}</NOSCRIPT><p>x</p>")), "<p>x</p>");
    assert!(page(&"<noscript>".repeat(30_000)).is_empty());
}

#[test]
fn a_declared_shadow_root_is_read() {
    assert_eq!(
        page("<x-y><template shadowrootmode=open><p>a</p></template></x-y>"),
        "<x-y><p>a</p></x-y>"
    );
    assert_eq!(page("<template><p>a</p></template><p>b</p>"), "<p>b</p>");
}

#[test]
fn images_are_written_that_elements_name() {
    for (markup, expected) in [
        (
            "<div style='background-image:url(a.jpg)'> </div>",
            "<div style='background-image:url(a.jpg)'> <img src=\"a.jpg\"></div>",
        ),
        ("<div data-bg=a.jpg>x</div>", "<div data-bg=a.jpg>x</div>"),
        ("<div data-bg=a.jpg><p></p></div>", "<div data-bg=a.jpg><p></p></div>"),
        (
            "<figure data-src=a.jpg><figcaption>x</figcaption></figure>",
            "<figure data-src=a.jpg><img src=\"a.jpg\"><figcaption>x</figcaption></figure>",
        ),
        (
            "<figure data-src=a.jpg></figure>",
            "<figure data-src=a.jpg><img src=\"a.jpg\"></figure>",
        ),
        (
            "<figure data-src=a.jpg><img src=b.jpg></figure>",
            "<figure data-src=a.jpg><img src=b.jpg></figure>",
        ),
    ] {
        assert_eq!(page(markup), expected);
        assert_eq!(limited(markup), expected, "in a feed");
    }
}
