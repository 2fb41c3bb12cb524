//! Ratios of counts, in the precision of features.

/// Returns the share of `part` in `whole`; 0 when there is nothing.
pub(super) fn ratio(part: usize, whole: usize) -> f32 {
    if whole == 0 { 0.0 } else { to_f32(part) / to_f32(whole) }
}

#[expect(clippy::cast_precision_loss, reason = "no page has 2^24 of anything")]
pub(super) fn to_f32(count: usize) -> f32 {
    count as f32
}
