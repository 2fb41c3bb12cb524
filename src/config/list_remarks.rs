//! Lists of texts that are right, but hardly meant: several words within one text, or conditions that exclude each other.

use super::problem::{ConfigProblem, Place, Placed};
use super::quoting::quoted;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The lists that hold words, concepts or tags.
const LISTS: [&str; 10] = ["tags", "about", "any", "all", "none", "weak", "mask", "evidence", "use", "nostem"];
/// Fields of which an entry has one value.
const FIELDS_OF_ONE_VALUE: [&str; 4] = ["lang:", "source:", "kind:", "country:"];
/// How many remarks are made on one file.
const MAX_REMARKS: usize = 20;

/// Returns remarks on the lists of sources, topics and concepts in the file of this number.
pub(super) fn list_remarks(root: &DeTable<'_>, file: usize) -> Vec<ConfigProblem> {
    let tables = ["source", "topic", "concept"].into_iter().filter_map(|name| root.get(name));
    let tables = tables.flat_map(|value| match value.get_ref() {
        DeValue::Array(array) => array.iter().collect(),
        DeValue::Table(named) => named.values().collect(),
        _ => Vec::new(),
    });
    let mut found = Vec::new();
    for (key, value) in tables.filter_map(|value| value.get_ref().as_table()).flat_map(DeTable::iter) {
        let key: &str = key.get_ref();
        let DeValue::Array(array) = value.get_ref() else { continue };
        if !LISTS.contains(&key) {
            continue;
        }
        let texts: Vec<Placed> = array.iter().filter_map(|element| placed_text(element, file)).collect();
        found.extend(texts.iter().filter_map(several_in_one));
        if key == "all" {
            found.extend(never_both(&texts));
        }
        if found.len() >= MAX_REMARKS {
            break;
        }
    }
    found.sort_by_key(ConfigProblem::sort_key);
    found
}

fn placed_text(element: &Spanned<DeValue<'_>>, file: usize) -> Option<Placed> {
    let span = element.span();
    element.get_ref().as_str().map(|text| Placed {
        text: text.to_owned(),
        place: Place { file, span },
    })
}

/// Returns the remark on a text that seems meant as several, with a comma between them.
fn several_in_one(text: &Placed) -> Option<ConfigProblem> {
    const MARKS: [char; 7] = ['"', '“', '”', '„', '«', '»', ' '];
    let parts: Vec<&str> = text.text.split(',').map(str::trim).collect();
    let has_mark = parts.iter().enumerate().any(|(number, part)| {
        let is_behind = number > 0 && part.starts_with(['“', '„', '«', '”']);
        is_behind || number + 1 < parts.len() && part.ends_with(['”', '“', '»'])
    });
    // Values of fields, regular expressions and operators have commas of their own, and so have numbers in French.
    let has_operator = text.text.contains([':', '/', '(', '~', '"']);
    let is_number = parts
        .iter()
        .any(|part| part.is_empty() || part.starts_with(|c: char| c.is_ascii_digit()));
    if parts.len() < 2 || !has_mark && (has_operator || is_number) {
        return None;
    }
    let message = if has_mark {
        "typographic quotation marks and a comma stand within this text: it counts as one"
    } else {
        "a comma stands within this text: it counts as one"
    };
    let several: Vec<String> = parts.iter().map(|part| quoted(part.trim_matches(MARKS))).collect();
    Some(ConfigProblem {
        place: Some(text.place.clone()),
        message: message.to_owned(),
        help: Some(format!("for several texts write {}", several.join(", "))),
        also: None,
    })
}

/// Returns the remark on two elements of `all` of which an entry can meet one only.
fn never_both(texts: &[Placed]) -> Option<ConfigProblem> {
    FIELDS_OF_ONE_VALUE.into_iter().find_map(|field| {
        let mut named = texts.iter().filter_map(|text| Some((text, text.text.trim().strip_prefix(field)?)));
        let (first, value) = named.next()?;
        let (second, other) = named.find(|(_, other)| *other != value && !other.contains([',', '*']) && !value.contains([',', '*']))?;
        Some(ConfigProblem {
            place: Some(second.place.clone()),
            message: format!("nothing matches both: an entry has one value of `{field}`"),
            help: Some(format!("for either of the two write \"{field}{value},{other}\"")),
            also: Some(Placed {
                text: "here is the other".to_owned(),
                place: first.place.clone(),
            }),
        })
    })
}
