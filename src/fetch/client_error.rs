//! Sorts the errors of the HTTP client into the codes of `failure`.

use super::failure::{FailureCode, FetchError};
use super::resolver::LookupError;
use super::tls;
use crate::model::FailureReason;
use std::error::Error;
use std::io;

/// Sorts an error that came before the head of an answer.
pub(super) fn request_error(error: &reqwest::Error) -> FetchError {
    let dns = error.is_dns();
    let (connect, timeout) = (error.is_connect(), error.is_timeout());
    let chain = error_chain(error);
    // The system's resolver does not say why it failed, so that is tried.
    if lacks_descriptors(&chain) || (dns && no_descriptor_is_left()) {
        let detail = "this machine has no file descriptors left for connections";
        return FetchError::new(FailureCode::OutOfDescriptors, detail);
    }
    if let Some(lookup) = chain.iter().find_map(|cause| cause.downcast_ref::<LookupError>()) {
        return FetchError::new(lookup.reason(), lookup.to_string());
    }
    if timeout && connect {
        return FetchError::new(FailureReason::Connect, "no connection came about in time");
    }
    let code = if timeout {
        FailureReason::Timeout.into()
    } else if dns {
        FailureReason::Dns.into()
    } else if chain.iter().any(|cause| cause.is::<rustls::Error>()) {
        FailureReason::Tls.into()
    } else if connect {
        FailureReason::Connect.into()
    } else {
        code_of_end(&chain)
    };
    let certificate = chain.iter().find_map(|cause| cause.downcast_ref::<rustls::Error>());
    FetchError::new(code, certificate.map_or_else(|| root_cause(&chain), tls::describe_error))
}

/// Sorts an error that came with the body.
pub(super) fn body_error(error: &reqwest::Error) -> FetchError {
    let chain = error_chain(error);
    FetchError::new(code_of_end(&chain), root_cause(&chain))
}

/// Lists the error's causes from the outside in, those wrapped by an [`io::Error`] included: its `source` skips them.
fn error_chain<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    /// Ends a chain that contains itself.
    const MAX_CAUSES: usize = 32;
    let mut chain = vec![error];
    let mut last = error;
    while chain.len() < MAX_CAUSES {
        let wrapped = last.downcast_ref::<io::Error>().and_then(|io| io.get_ref());
        let next: Option<&'a (dyn Error + 'static)> = match wrapped {
            Some(inner) => Some(inner),
            None => last.source(),
        };
        let Some(next) = next else { break };
        chain.push(next);
        last = next;
    }
    chain
}

/// The numbers of the errors ENFILE and EMFILE, on every Unix: the machine, or this process, has as many open files as it may have.
const NO_DESCRIPTORS: [i32; 2] = [23, 24];

fn lacks_descriptors(chain: &[&(dyn Error + 'static)]) -> bool {
    let code = |cause: &&(dyn Error + 'static)| cause.downcast_ref::<io::Error>().and_then(io::Error::raw_os_error);
    chain.iter().filter_map(code).any(|code| NO_DESCRIPTORS.contains(&code))
}

/// Returns whether no file can be opened just now.
fn no_descriptor_is_left() -> bool {
    let opened = std::fs::File::open("/dev/null");
    opened.is_err_and(|error| error.raw_os_error().is_some_and(|code| NO_DESCRIPTORS.contains(&code)))
}

/// Tells a connection that ended in the middle of an answer from an answer that is not valid HTTP.
fn code_of_end(chain: &[&(dyn Error + 'static)]) -> FailureCode {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    let is_cut_off = chain.iter().any(|cause| match cause.downcast_ref::<io::Error>() {
        Some(io) => matches!(io.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof),
        // hyper has no other mark of it than its message.
        None => cause.to_string() == "connection closed before message completed",
    });
    if is_cut_off {
        FailureCode::CutOff
    } else {
        FailureReason::Protocol.into()
    }
}

/// Returns the innermost cause in words: it says what happened, the others only where.
fn root_cause(chain: &[&(dyn Error + 'static)]) -> String {
    chain.last().map(ToString::to_string).unwrap_or_default()
}
