use super::*;
use scraper::Html;

const PAGE: &str = "<html><head><meta property='og:title' content='Le fleuve'><script>x<y</script></head><body>\
    <div id=top class='page wide'><h1>Le <b>fleuve</b> monte</h1><p class=lead>Un</p><p>Deux <a href=/a>ici</a></p><p>Trois</p></div>\
    <div class=ads><p>Achetez</p><!-- fin --></div></body></html>";

fn texts(expression: &str) -> Vec<String> {
    let document = Html::parse_document(PAGE);
    let tree = Tree::new(&document);
    XPath::parse(expression)
        .expect("an expression")
        .texts(&tree, &Fuel::new(100_000))
        .expect("enough fuel")
}

fn one(expression: &str) -> String {
    texts(expression).join("|")
}

#[test]
fn paths_match_what_the_standard_says() {
    for (expression, expected) in [
        ("//h1", "Le fleuve monte"),
        ("/html/body/div[1]/p[2]", "Deux ici"),
        ("//p[1]", "Un|Achetez"),
        ("(//p)[1]", "Un"),
        ("//p[last()]", "Trois|Achetez"),
        ("//div[@id='top']/p[position() > 1]", "Deux ici|Trois"),
        ("//p[a]", "Deux ici"),
        ("//p[not(@class)][contains(., 'Tro')]", "Trois"),
        ("//a/@href", "/a"),
        ("//meta[@property=\"og:title\"]/@content", "Le fleuve"),
        ("//b/ancestor::div/@class", "page wide"),
        ("//p[@class='lead']/following-sibling::p", "Deux ici|Trois"),
        ("//p[.='Trois']/preceding-sibling::p[1]", "Deux ici"),
        ("//a/../text()", "Deux "),
        ("//div[contains(concat(' ', normalize-space(@class), ' '), ' ads ')]/p", "Achetez"),
        ("//*[self::h1 or self::b]", "Le fleuve monte|fleuve"),
        ("//h1 | //div[2]/p", "Le fleuve monte|Achetez"),
        ("//comment()", " fin "),
        ("id('top')/h1/b", "fleuve"),
        ("//b/following::p[1]", "Un"),
        ("//div[2]/preceding::b", "fleuve"),
        ("//DIV[@ID='top']/descendant::a", "ici"),
        ("//p/node()[self::text()][starts-with(., 'T')]", "Trois"),
    ] {
        assert_eq!(one(expression), expected, "{expression}");
    }
}

#[test]
fn values_are_those_of_the_standard() {
    for (expression, expected) in [
        ("count(//p)", "4"),
        ("substring('12345', 1.5, 2.6)", "234"),
        ("substring('12345', 0, 3)", "12"),
        ("substring-after(substring-before('a=b;c', ';'), '=')", "b"),
        ("translate('bar', 'abc', 'AB')", "BAr"),
        ("concat('a', 1 + 2 * 3, -1)", "a7-1"),
        ("string-length(normalize-space('  a  b '))", "3"),
        ("1 = '1' and not(2 < 1) or false()", "true"),
        ("number('x') = number('x')", "false"),
        ("//p = 'Un'", "true"),
        ("//p != 'Un'", "true"),
        ("count(//p) mod 3 = 1", "true"),
        ("8 div 2 - 1", "3"),
        ("round(2.5)", "3"),
        ("string(//nothing)", ""),
        ("local-name(//h1)", "h1"),
    ] {
        assert_eq!(one(expression), expected, "{expression}");
    }
}

#[test]
fn errors_say_what_is_wrong() {
    for (expression, part) in [
        ("//p[", "a step is missing"),
        ("//p]", "`]` is one too many"),
        ("//p[@class='x]", "a quote is not closed"),
        ("//p[matches(., 'x')]", "`matches()` is not a function"),
        ("//p[contains(.)]", "does not take 1"),
        ("namespace::x", "`namespace::` is not an axis"),
        ("$x", "`$` has no meaning"),
        ("", "a step is missing"),
    ] {
        let error = XPath::parse(expression).expect_err(expression);
        assert!(error.contains(part), "{expression}: {error}");
    }
}

#[test]
fn a_costly_expression_is_stopped() {
    let page = "<div>".repeat(200) + &"<p>x</p>".repeat(3_000);
    let document = Html::parse_document(&page);
    let tree = Tree::new(&document);
    for expression in [
        "//*[count(//*[count(//*) > 1]) > 1]",
        "//*//*//*//*//*",
        "//*[string-length(concat(/, /, /, /, /)) > 1]",
        "//p[. = //p[. = //p]]",
        "//*/preceding::*/following::*",
        "translate(/, /, /)",
    ] {
        let compiled = XPath::parse(expression).expect("an expression");
        assert_eq!(compiled.nodes(&tree, &Fuel::new(300_000)), Err(OutOfFuel), "{expression}");
    }
}

#[test]
fn nesting_and_chains_are_limited() {
    let deep = "(".repeat(1_000) + "1" + &")".repeat(1_000);
    assert!(XPath::parse(&deep).is_err_and(|error| error.contains("nested")));
    assert!(XPath::parse(&("1".to_owned() + &" + 1".repeat(900))).is_err_and(|error| error.contains("side by side")));
    assert!(XPath::parse(&"/a".repeat(3_000)).is_err_and(|error| error.contains("longer")));
    let many_predicates = "//a".to_owned() + &"[b]".repeat(1_300);
    assert!(XPath::parse(&many_predicates).is_ok());
}
