//! Texts for one of something and for several.

/// Returns the text for `count`: the form for one, or the form for several with the number in place of `#`.
#[must_use]
pub fn counted(forms: [&str; 2], count: usize) -> String {
    let [one, several] = forms;
    if count == 1 {
        one.to_owned()
    } else {
        several.replace('#', &count.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_has_a_form_of_its_own() {
        let texts = [0, 1, 2].map(|count| counted(["one copy", "# copies"], count));
        assert_eq!(texts, ["0 copies", "one copy", "2 copies"]);
    }
}
