//! Which HTML elements are blocks, parts of tables, headings, or void: the one list of each.
//!
//! A module that needs a different set composes it from these functions and states at that place what it adds or leaves out, and why.
//! What a parser does with an element is not decided here. Names are given in lower case.

/// Returns whether an element is a block: its start tag closes an open `p` (HTML standard, 13.2.6.4.7), and its text stands on lines of
/// its own. Parts of tables are not among them: see [`is_table_part`]. `br` is a line break within a block.
pub fn is_block(name: &str) -> bool {
    is_rare_block(name)
        || is_heading(name)
        || matches!(
            name,
            "address"
                | "article"
                | "aside"
                | "blockquote"
                | "center"
                | "dd"
                | "details"
                | "div"
                | "dl"
                | "dt"
                | "fieldset"
                | "figcaption"
                | "figure"
                | "footer"
                | "form"
                | "header"
                | "hr"
                | "li"
                | "main"
                | "nav"
                | "ol"
                | "p"
                | "pre"
                | "section"
                | "summary"
                | "table"
                | "ul"
        )
}

/// Returns whether an element is a block that feeds and articles seldom contain: obsolete, or newer than most sites.
pub fn is_rare_block(name: &str) -> bool {
    matches!(name, "dialog" | "dir" | "hgroup" | "listing" | "menu" | "search")
}

/// Returns whether an element is a part of a table that contains text: a caption, a group of rows, a row or a cell. `col` and `colgroup`
/// contain none.
pub fn is_table_part(name: &str) -> bool {
    is_cell(name) || matches!(name, "caption" | "tbody" | "tfoot" | "thead" | "tr")
}

/// Returns whether an element is a cell of a table.
pub fn is_cell(name: &str) -> bool {
    matches!(name, "td" | "th")
}

/// Returns whether an element is a heading, of any rank.
pub fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// Returns whether an element is void: it has no content and no end tag (HTML standard, 13.1.2).
pub fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area" | "base" | "br" | "col" | "embed" | "hr" | "img" | "input" | "link" | "meta" | "source" | "track" | "wbr"
    )
}
