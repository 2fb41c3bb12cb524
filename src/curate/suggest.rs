//! The word that was most likely meant, for "did you mean".

/// Names longer than this, in bytes, get no suggestion: the cost of a distance is the product of the two lengths.
const MAX_NAME_BYTES: usize = 64;

/// Returns the candidate with the least edit distance to `name`, if it is close enough to be what was meant.
pub(super) fn nearest<'n>(name: &str, among: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    if name.len() > MAX_NAME_BYTES {
        return None;
    }
    among
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .filter(|(distance, known)| *distance <= 1.max(known.len() / 3))
        .min()
        .map(|(_, known)| known)
}
