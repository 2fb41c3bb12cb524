//! Makes the plain texts of a feed fit to stand beside other texts: titles, names and the like.

use super::limits::{MAX_LINE_BYTES, MAX_NAME_BYTES};
use crate::html::clean::remove_stray_direction;
use std::borrow::Cow;

/// Returns a line, at most [`MAX_LINE_BYTES`] of it, without controls that would change the direction of what stands after it.
pub(super) fn plain_line(mut line: String) -> String {
    line.truncate(line.floor_char_boundary(MAX_LINE_BYTES));
    match remove_stray_direction(&line) {
        Cow::Owned(kept) => kept.trim().to_owned(),
        Cow::Borrowed(_) => line,
    }
}

/// Returns a name like [`plain_line`], at most [`MAX_NAME_BYTES`] of it, cut between characters.
pub(super) fn plain_name(mut name: String) -> String {
    name.truncate(name.floor_char_boundary(MAX_NAME_BYTES));
    plain_line(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_lose_stray_controls_of_direction() {
        assert_eq!(plain_line("a \u{202e}gpj.exe".to_owned()), "a gpj.exe");
        assert_eq!(plain_line("\u{2067}ب\u{2069} c".to_owned()), "\u{2067}ب\u{2069} c");
        assert_eq!(plain_line("\u{202e} \u{2066}".to_owned()), "");
    }

    #[test]
    fn lines_are_bounded() {
        assert_eq!(plain_line("é".repeat(MAX_LINE_BYTES)), "é".repeat(MAX_LINE_BYTES / 2));
    }

    #[test]
    fn names_are_cut_before_their_direction_is_balanced() {
        let long = format!("\u{2067}{}\u{2069}", "é".repeat(MAX_NAME_BYTES));
        let name = plain_name(long);
        assert!(name.len() <= MAX_NAME_BYTES && name.chars().all(|c| c == 'é'), "{name}");
    }
}
