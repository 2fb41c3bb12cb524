//! Reading a body: decoded piece by piece, never more than the cap, never behind the deadline.

use super::FailureCode;
use super::failure::Stop;
use reqwest::Response;
use reqwest::header::CONTENT_ENCODING;
use tokio::time::{Instant, timeout_at};

/// Reads the decoded body into `into`, at most `cap` bytes of it. What came before an error stays in `into`.
pub(super) async fn read(response: &mut Response, cap: u64, deadline: Instant, into: &mut Vec<u8>) -> Result<(), Stop> {
    refuse_unknown_encoding(response)?;
    let cap = usize::try_from(cap).unwrap_or(usize::MAX);
    // A length that is announced and too large is not even begun; one that is small is not trusted either.
    if response.content_length().is_some_and(|length| length > cap as u64) {
        return Err(too_large(cap));
    }
    loop {
        let Ok(piece) = timeout_at(deadline, response.chunk()).await else {
            return Err(Stop::new(FailureCode::Timeout, "the body did not end in time"));
        };
        let Some(piece) = piece.map_err(|error| Stop::of_body(&error))? else {
            return Ok(());
        };
        let room = cap - into.len();
        into.extend_from_slice(&piece[..piece.len().min(room)]);
        if piece.len() > room {
            return Err(too_large(cap));
        }
    }
}

/// The client decodes gzip, br, zstd and deflate and takes the header away. What is left over (stacked encodings
/// included) we never asked for.
fn refuse_unknown_encoding(response: &Response) -> Result<(), Stop> {
    let mut left = response
        .headers()
        .get_all(CONTENT_ENCODING)
        .iter()
        .map(|value| value.as_bytes().trim_ascii());
    match left.find(|name| !name.is_empty() && !name.eq_ignore_ascii_case(b"identity")) {
        None => Ok(()),
        Some(name) => {
            let name: String = String::from_utf8_lossy(name).chars().take(64).collect();
            Err(Stop::new(
                FailureCode::Encoding,
                format!("the encoding `{}` is not known", name.escape_debug()),
            ))
        }
    }
}

fn too_large(cap: usize) -> Stop {
    Stop::new(FailureCode::TooLarge, format!("the body is larger than {cap} bytes"))
}
