use super::*;
use proptest::prelude::*;

fn tamed(markup: &str) -> String {
    tame(markup, 1_000_000).into_owned()
}

#[test]
fn harmless_markup_is_passed_on_as_it_is() {
    for markup in [
        "no markup, 3 < 4",
        "<p>Un <a href=\"/x?a=1&amp;b=2\" title='a > b'>lien</a><br>fin</p>",
        "<ul><li>un</li><li>deux</li></ul><table><tr><td>1</td></tr></table>",
        "<P>x</P>",
    ] {
        let out = tame(markup, 1000);
        assert!(out.eq_ignore_ascii_case(markup), "{out}");
    }
    assert!(matches!(tame("<p>x</p>", 1000), Cow::Borrowed(_)));
}

#[test]
fn scripts_styles_comments_and_drawings_go() {
    assert_eq!(
        tamed("a<script>if (1 < 2) { '<p>' }</script>b<style>p{}</style>c<!-- <p> -->d<!-->e<!--x--!>f<svg><style><p-q>x</style></svg>g"),
        "abcdefg"
    );
    assert_eq!(tamed("<svg><path/><div>kept</div></svg>"), "<div>kept</div>");
    assert_eq!(tamed("<select><option>1<title></select><p>kept</p>"), "<p>kept</p>");
    let data = "<script type=\"application/ld+json\">{\"a\":\"<p>\"}</script>";
    assert_eq!(tamed(data), data);
}

#[test]
fn a_noscript_gives_its_images() {
    assert_eq!(
        tamed("<p>x<noscript>Turn it on <img src=a.jpg></noscript></p>"),
        "<p>x<img src=a.jpg></p>"
    );
    assert_eq!(tamed("<head><noscript><img src=t.gif></noscript></head><body>x"), "<head><body>x");
}

#[test]
fn tags_end_where_the_standard_says() {
    let names = |markup: &str| -> Vec<String> {
        pieces(markup)
            .filter_map(|piece| match piece {
                Piece::Open(tag) => Some(tag.name.into_owned()),
                _ => None,
            })
            .collect()
    };
    assert_eq!(names("<a \"><b>"), ["a", "b"], "a quote in a name opens nothing");
    assert_eq!(names("<a x=\"><b>\"><i>"), ["a", "i"]);
    assert_eq!(names("<a x=y\"><b>"), ["a", "b"]);
    assert_eq!(names("<a x=/><b>"), ["a", "b"]);
    assert_eq!(names("<a x = '><b>'><i>"), ["a", "i"]);
    assert_eq!(names("<a/x='><b>'><i>"), ["a", "i"]);
    assert_eq!(names("<b><a href=\"unclosed"), ["b"]);
    let Some(Piece::Open(tag)) = pieces("<IMG SRC=a.jpg Alt='x y' data-x = \"1\" async>").next() else {
        panic!("no tag");
    };
    let found: Vec<_> = tag.attributes().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(found, ["src=a.jpg", "alt=x y", "data-x=1", "async="]);
}

#[test]
fn what_stands_astray_in_a_table_is_bounded() {
    let out = tamed(&format!("<table>{}<tr><td>x</td></tr></table>", "y<br>".repeat(5000)));
    assert!(out.len() < 3000, "{}", out.len());
    assert!(out.ends_with("<tr><td>x</td></tr></table>"));
}

#[test]
fn hundreds_of_attributes_go() {
    let many = (0..5000).fold(String::new(), |all, n| all + &format!(" a{n}"));
    assert_eq!(tamed(&format!("<p{many}>x</p>")), "<p>x</p>");
}

#[test]
fn size_is_cut_at_a_character() {
    assert_eq!(tame("éé", 3), "é");
    assert_eq!(tame("<p>éé", 6), "<p>é");
}

proptest! {
    #[test]
    fn nothing_panics_or_deepens(markup in "(<[/!]?(div|p|b|a|table|td|tr|li|svg|title|script|select|noscript|template|button)( x=['\"]?)?>?|[ -~é]{0,3}|-->){0,120}") {
        let out = tamed(&markup);
        prop_assert!(out.len() <= markup.len() * 3 + 100);
    }
}

#[test]
fn long_runs_of_text_are_cut_for_parsers() {
    for unit in ["&", "«x", "a&amp;b"] {
        let text = unit.repeat(3 * LONGEST_RUN / unit.len());
        let cut = in_short_runs(&text);
        assert!(cut.matches("<!---->").count() >= 2, "{unit}");
        assert_eq!(cut.replace("<!---->", ""), text);
        assert_eq!(tamed(&format!("<p>{text}</p>")), format!("<p>{cut}</p>"));
    }
    let tag = format!("<a href=\"https://a.example/?{}\">x</a>", "a&".repeat(LONGEST_RUN));
    assert_eq!(in_short_runs(&tag), tag);
}

#[test]
fn no_more_elements_than_an_article_can_need_are_kept() {
    let markup = "<p>x</p>".repeat(MAX_ELEMENTS + 1000);
    let kept = tamed(&markup).matches("<p>").count();
    assert!((MAX_ELEMENTS..=MAX_ELEMENTS + 1).contains(&kept), "{kept}");
}
