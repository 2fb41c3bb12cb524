//! Lists of feeds as tables of comma-separated values (RFC 4180), also with semicolons or tabs, as spreadsheets write them.

use super::columns::{Column, Columns, feed_of_row};
use super::listed_feed::FeedList;
use crate::model::Problem;
use crate::parse::one_line::printable_line;
use csv::{ReaderBuilder, StringRecord, Trim};

/// The separators of columns.
const SEPARATORS: [char; 3] = [',', ';', '\t'];
/// The most columns that are read.
const MAX_COLUMNS: usize = 200;

/// The first line names no column with addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("its first line names no column with the addresses of feeds: call it `url`")]
pub struct NoAddressColumn;

/// Reads a table whose first line names the columns.
///
/// # Errors
/// [`NoAddressColumn`] when none of them is known to hold addresses.
pub(super) fn read(text: &str) -> Result<FeedList, NoAddressColumn> {
    let (separator, text) = separator(text);
    let mut reader = ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(text.as_bytes());
    // A text is valid UTF-8, and records may be of any length: there is nothing that could fail.
    let mut records = reader.records().map_while(Result::ok);
    let names: Vec<String> = records
        .next()
        .unwrap_or_default()
        .iter()
        .take(MAX_COLUMNS)
        .map(str::to_owned)
        .collect();
    let known = Columns::new();
    let columns: Vec<Column> = names.iter().map(|name| known.column(name)).collect();
    let holds_address = |column: &Column| matches!(column, Column::Key(key) if key == "url" || key == "urls");
    if !columns.iter().any(holds_address) {
        return Err(NoAddressColumn);
    }
    let mut list = FeedList::default();
    let unknown: Vec<String> = names
        .iter()
        .zip(&columns)
        .filter(|(name, column)| **column == Column::Unknown && !name.is_empty())
        .map(|(name, _)| printable_line(name, 40))
        .collect();
    if !unknown.is_empty() {
        let detail = format!("columns that are not read: {}", unknown.join(", "));
        list.problems.push(Problem::new("unknown-column", detail));
    }
    for record in records.filter(|record: &StringRecord| record.iter().any(|cell| !cell.is_empty())) {
        let cells = record.iter().map(without_guard).zip(names.iter().zip(&columns));
        let row: Vec<(&str, &Column, &str)> = cells.map(|(cell, (name, column))| (name.as_str(), column, cell)).collect();
        list.push(feed_of_row(&row));
    }
    Ok(list)
}

/// Returns the separator of a table and its text: what a first line `sep=;` says, else the one that the first line has most of.
fn separator(text: &str) -> (u8, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let stated = first.trim_end().strip_prefix("sep=").and_then(|stated| stated.chars().next());
    if let Some(stated) = stated.filter(|stated| SEPARATORS.contains(stated)) {
        return (u8::try_from(stated).unwrap_or(b','), rest);
    }
    let count = |separator: &char| first.matches(*separator).count();
    let most = SEPARATORS.into_iter().rev().max_by_key(count).unwrap_or(',');
    (u8::try_from(most).unwrap_or(b','), text)
}

/// Returns a cell without the apostrophe that keeps a spreadsheet from calculating it; `export csv` writes one.
fn without_guard(cell: &str) -> &str {
    let rest = cell.trim_start_matches('\'');
    if rest.len() < cell.len() && rest.starts_with(['=', '+', '-', '@']) {
        &cell[1..]
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_quotes_and_names_of_columns_vary() {
        for text in [
            "url,title,tags,enabled\nhttps://a.example/,\"Le \"\"Matin\"\", jour\",\"mali, presse\",no\n",
            "\r\nXmlUrl;Name;Category;ENABLED\r\nhttps://a.example/;\"Le \"\"Matin\"\", jour\";mali,presse;false\r\n",
            "feed_url\ttitle\ttags\tenabled\tpassword\tcolour\nhttps://a.example/\tLe \"Matin\", jour\tmali,presse\t0\tx\tred",
            "sep=;\nfeed;name;tags;enabled\nhttps://a.example/;Le \"Matin\", jour;mali,presse;0",
        ] {
            let list = read(text.trim_start()).expect("a list");
            assert_eq!(list.feeds.len(), 1, "{text}");
            let feed = &list.feeds[0];
            let expected = serde_json::json!({"name": "Le \"Matin\", jour", "tags": ["mali", "presse"], "enabled": false});
            assert_eq!(serde_json::to_value(&feed.settings).expect("JSON"), expected, "{text}");
            assert_eq!(feed.not_taken.len(), usize::from(text.contains("password")));
            assert_eq!(list.problems.len(), usize::from(text.contains("colour")));
        }
    }

    #[test]
    fn guards_are_removed_and_nothing_else() {
        for (cell, name) in [("'=1+1", "=1+1"), ("''=x", "'=x"), ("'n Mali", "'n Mali"), ("-x", "-x"), ("'", "'")] {
            assert_eq!(without_guard(cell), name);
        }
    }

    #[test]
    fn a_table_without_addresses_is_none() {
        for text in ["", "https://a.example/\nhttps://b.example/", "name;title\n", "\u{0}"] {
            assert_eq!(read(text), Err(NoAddressColumn), "{text}");
        }
        let list = read("url\n\"https://a.example/\nhttps://b.example/").expect("a list");
        assert_eq!(list.feeds.len(), 1, "an open quote");
    }

    #[test]
    fn a_source_may_have_several_addresses_or_a_page() {
        let list =
            read("urls,list.link,site\nhttps://a.example/1 https://a.example/2,,\n,h2 a,https://b.example/\n,,\n,,https://c.example/\n")
                .expect("a list");
        let addresses: Vec<&str> = list.feeds.iter().map(|feed| feed.address.as_str()).collect();
        assert_eq!(addresses, ["https://a.example/1", "https://b.example/", ""]);
        assert!(list.feeds[2].refused.is_some());
    }
}
