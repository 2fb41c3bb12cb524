//! The word that was most likely meant, for "did you mean".

/// Names longer than this, in bytes, get no suggestion: no key is so long, and the cost of a distance is the product of the two lengths.
const MAX_NAME_BYTES: usize = 64;

/// Returns the candidate with the least optimal string alignment distance to `name`, and that distance, if it is at most a third of the
/// candidate's length. An equal distance prefers the earlier candidate.
pub(super) fn nearest<'c>(name: &str, candidates: impl Iterator<Item = &'c str>) -> Option<(&'c str, usize)> {
    if name.len() > MAX_NAME_BYTES {
        return None;
    }
    let name = name.to_lowercase();
    candidates
        .map(|candidate| (candidate, strsim::osa_distance(&name, candidate)))
        .filter(|(candidate, distance)| *distance <= 1.max(candidate.chars().count() / 3))
        .min_by_key(|(_, distance)| *distance)
        .map(|(candidate, distance)| (candidate, distance.max(1)))
}
