//! Language tags as feeds write them.

/// Returns `text` as a language tag (BCP 47) with hyphens; `None` when it does not have the form of one.
pub(super) fn language_tag(text: &str) -> Option<String> {
    let tag = text.trim().replace('_', "-");
    let fits = (2..=35).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (fits && tag.as_bytes()[..2].iter().all(u8::is_ascii_alphabetic)).then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tags_are_accepted() {
        assert_eq!(language_tag(" fr_FR ").as_deref(), Some("fr-FR"));
        assert_eq!(language_tag("ar-aa").as_deref(), Some("ar-aa"));
        assert_eq!(language_tag("Français"), None);
        assert_eq!(language_tag(""), None);
    }
}
