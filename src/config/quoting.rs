//! Texts as TOML writes them, for advice on what to write.

/// Returns a text as TOML writes it.
pub(super) fn quoted(text: &str) -> String {
    let is_plain = !text.contains(char::is_control);
    match (text.contains(['"', '\\']), text.contains('\'')) {
        (true, false) if is_plain => format!("'{text}'"),
        (true, true) if is_plain => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
        _ => toml_edit::Value::from(text).to_string(),
    }
}

/// Returns texts as TOML writes a list of them.
pub(super) fn quoted_list<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    format!("[{}]", texts.map(quoted).collect::<Vec<_>>().join(", "))
}
