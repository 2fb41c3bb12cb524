//! Reads authors from the forms in which feeds write them.

use super::element::Element;
use super::plain_text::plain_name;
use crate::model::Author;
use crate::text::html_to_text::html_to_line;

/// Returns the author of a field: from the children of Atom's person construct, or from `mail (name)`, `name <mail>` and other forms on one
/// line.
pub(super) fn author(field: &Element<'_>) -> Author {
    let child = |names: [&str; 2]| {
        let found = field.children.iter().find(|child| names.contains(&&*child.name.local));
        found.map(|child| html_to_line(&child.text)).filter(|text| !text.is_empty())
    };
    if field.children.is_empty() {
        return one_line_author(&field.text);
    }
    let mut author = one_line_author(&child(["name", "title"]).unwrap_or_default());
    author.email = child(["email", "mbox"])
        .filter(|mail| mail.contains('@'))
        .map(plain_name)
        .or(author.email);
    author
}

/// Splits a line into a name and a mail address, each cut to a usual length.
pub(super) fn one_line_author(text: &str) -> Author {
    let author = split_line(text);
    Author {
        name: plain_name(author.name),
        email: author.email.map(plain_name),
    }
}

fn split_line(text: &str) -> Author {
    // The address in `Name <mail>` would be removed as a tag.
    let flat = if text.contains('@') {
        text.replace(['<', '>'], " ")
    } else {
        text.to_owned()
    };
    let flat = html_to_line(&flat);
    let is_mail = |word: &&str| {
        let word = word.trim_matches(['(', ')', '[', ']', ',', ';', '"']);
        word.split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@') && !host.contains('/'))
    };
    let mut mails = flat.split(' ').filter(is_mail);
    let Some(mail) = mails.next() else {
        return Author { name: flat, email: None };
    };
    // Of several addresses on one line the first counts, and of the names those before the second address.
    let second = mails.next().map_or(flat.len(), |mail| mail.as_ptr().addr() - flat.as_ptr().addr());
    let flat = &flat[..second];
    let email = mail.trim_matches(['(', ')', '[', ']', ',', ';', '"']);
    let email = email.strip_prefix("mailto:").unwrap_or(email).to_owned();
    let name = flat.replacen(mail, " ", 1);
    let name = name.trim().trim_end_matches([',', '-']).trim();
    let name = name.strip_prefix('(').and_then(|name| name.strip_suffix(')')).unwrap_or(name);
    Author {
        name: name
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .replace(" ,", ",")
            .trim_matches('"')
            .to_owned(),
        email: Some(email),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_split() {
        for (text, name, mail) in [
            ("a@b.example (Awa Traoré)", "Awa Traoré", Some("a@b.example")),
            ("Awa Traoré <a@b.example>", "Awa Traoré", Some("a@b.example")),
            ("Awa Traoré (a@b.example)", "Awa Traoré", Some("a@b.example")),
            ("a@b.example (Awa Traoré), c@b.example (Ali)", "Awa Traoré", Some("a@b.example")),
            ("Awa <a@b.example>, Ali <c@b.example>", "Awa, Ali", Some("a@b.example")),
            ("Awa <a@b.example>, Ali", "Awa, Ali", Some("a@b.example")),
            ("a@b.example", "", Some("a@b.example")),
            ("Awa &amp; Moussa", "Awa & Moussa", None),
            ("@awa", "@awa", None),
            ("mailto:a@b.example", "", Some("a@b.example")),
        ] {
            let author = one_line_author(text);
            assert_eq!((author.name.as_str(), author.email.as_deref()), (name, mail), "{text}");
        }
    }
}
