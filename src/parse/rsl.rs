//! Terms of Really Simple Licensing (RSL 1.0) in a feed: `rsl:content` with one or more `rsl:license`.

use super::element::Element;

/// What terms say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Terms<'a> {
    /// Whether they prohibit a use, or want more than an attribution for one. Terms that another document states count as such: they are not fetched.
    pub is_reserving: bool,
    /// The address of the licence that they name, as it is written.
    pub licence: Option<&'a str>,
}

impl<'a> Terms<'a> {
    /// Reads an element of the module, which is `rsl:content`, or an element in it where a publisher left that out.
    pub(super) fn read(element: &'a Element<'_>) -> Self {
        let mut terms = Self::default();
        let is_license = matches!(&*element.name.local, "license" | "permits" | "prohibits" | "payment" | "legal");
        let licences = element.children.iter().filter(|child| child.name.local == "license");
        let has_none = !is_license && licences.count() == 0;
        terms.is_reserving = has_none;
        terms.add(element);
        terms
    }

    fn add(&mut self, element: &'a Element<'_>) {
        match &*element.name.local {
            "prohibits" => self.is_reserving |= element.trimmed().is_some(),
            "payment" => {
                let kind = element.attribute("type").unwrap_or("free");
                self.is_reserving |= !["free", "attribution"].iter().any(|known| kind.eq_ignore_ascii_case(known));
            }
            "standard" | "custom" => self.licence = self.licence.or_else(|| element.trimmed()),
            _ => {}
        }
        for child in &element.children {
            self.add(child);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::parse::{Document, ParsedFeed, parse};

    fn feed(of_channel: &str, of_item: &str) -> ParsedFeed {
        let text = format!(
            "<rss version='2.0' xmlns:rsl='https://rslstandard.org/rsl' xmlns:dcterms='http://purl.org/dc/terms/'><channel>{of_channel}\
             <item><title>a</title><link>http://a.example/1</link>{of_item}</item></channel></rss>"
        );
        let bytes = text.as_bytes();
        parse(&Document {
            bytes,
            ..Document::default()
        })
        .expect("a feed")
    }

    #[test]
    fn terms_that_prohibit_or_want_payment_reserve() {
        let content = |terms: &str| format!("<rsl:content url='http://a.example/1'>{terms}</rsl:content>");
        for (terms, expected) in [
            (
                "<rsl:license><rsl:prohibits type='usage'>ai-all</rsl:prohibits></rsl:license>",
                true,
            ),
            (
                "<rsl:license><rsl:payment type='subscription'><rsl:custom>http://a.example/prices</rsl:custom></rsl:payment></rsl:license>",
                true,
            ),
            ("", true),
            ("<rsl:license><rsl:permits type='usage'>all</rsl:permits></rsl:license>", false),
            ("<rsl:license><rsl:payment type='attribution'/></rsl:license>", false),
        ] {
            let expected: &[&str] = if expected { &["rsl"] } else { &[] };
            let of_item = feed("", &content(terms));
            assert_eq!(of_item.entries[0].reservations, expected, "{terms}");
            assert_eq!(of_item.meta.reservations, [""; 0]);
            let of_channel = feed(&content(terms), "");
            assert_eq!(of_channel.meta.reservations, expected, "{terms}");
            assert_eq!(of_channel.entries[0].reservations, [""; 0]);
        }
    }

    #[test]
    fn the_licence_that_terms_name_is_that_of_the_entry() {
        let by = "https://creativecommons.org/licenses/by/4.0/";
        let terms = format!(
            "<rsl:content url='/'><rsl:license><rsl:payment type='attribution'><rsl:standard>{by}</rsl:standard></rsl:payment></rsl:license></rsl:content>"
        );
        let licence = |feed: &ParsedFeed| feed.entries[0].licence.as_ref().map(url::Url::to_string);
        assert_eq!(licence(&feed("", &terms)).as_deref(), Some(by));
        assert_eq!(feed(&terms, "").meta.licence.map(String::from).as_deref(), Some(by));
        let dublin = feed("", &format!("<dcterms:license>{by}</dcterms:license>"));
        assert_eq!(licence(&dublin).as_deref(), Some(by));
    }
}
