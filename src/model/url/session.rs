//! Ids of sessions, which content management systems add to the links of programs that keep no cookies.

/// The parameter of a path by which servlet containers pass a session (Jakarta Servlet, 7.1.3).
const SESSION_PATH_PARAMETER: &str = ";jsessionid=";
/// The fewest hexadecimal digits of a `sid` that is a session and not the number of a section.
const MIN_SESSION_DIGITS: usize = 16;

/// Returns whether a parameter of a query names the session of the program that read the page.
pub(super) fn is_session(pair: &str) -> bool {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    match name.to_ascii_lowercase().as_str() {
        "phpsessid" | "jsessionid" => true,
        "sid" => value.len() >= MIN_SESSION_DIGITS && value.bytes().all(|c| c.is_ascii_hexdigit()),
        _ => false,
    }
}

/// Returns a path without parameters that name a session.
pub(super) fn without_session(path: &str) -> String {
    let lower = path.to_ascii_lowercase();
    let mut out = String::with_capacity(path.len());
    let mut at = 0;
    while let Some(found) = lower[at..].find(SESSION_PATH_PARAMETER) {
        out.push_str(&path[at..at + found]);
        let value = at + found + SESSION_PATH_PARAMETER.len();
        at = lower[value..].find(['/', ';']).map_or(path.len(), |end| value + end);
    }
    out.push_str(&path[at..]);
    out
}
