//! Signatures of webhooks by HMAC-SHA256 (RFC 2104): the header of GitHub and WebSub, and those of Standard Webhooks.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::fmt::Write as _;

/// The beginning of a secret that is written as Standard Webhooks writes it: the key in Base64 follows.
const ENCODED_SECRET: &str = "whsec_";

/// Returns the headers that sign `body`, the message `id` of the time `timestamp` in Unix seconds.
pub(super) fn headers(secret: &str, id: &str, timestamp: i64, body: &[u8]) -> Vec<(&'static str, String)> {
    let encoded = secret.strip_prefix(ENCODED_SECRET).and_then(|text| BASE64.decode(text).ok());
    let standard_key = encoded.unwrap_or_else(|| secret.as_bytes().to_vec());
    let standard = hmac(&standard_key, &[id.as_bytes(), b".", timestamp.to_string().as_bytes(), b".", body]);
    let mut hex = String::with_capacity(64);
    for byte in hmac(secret.as_bytes(), &[body]) {
        let _ = write!(hex, "{byte:02x}");
    }
    vec![
        ("x-hub-signature-256", format!("sha256={hex}")),
        ("webhook-signature", format!("v1,{}", BASE64.encode(standard))),
    ]
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    #[test]
    fn signatures_are_those_of_the_documents() {
        let headers = |secret: &str, id: &str, timestamp, body: &str| super::headers(secret, id, timestamp, body.as_bytes());
        // The example of GitHub's documentation.
        let github = headers("It's a Secret to Everybody", "x", 0, "Hello, World!");
        let expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        assert_eq!(github[0], ("x-hub-signature-256", expected.to_owned()));
        // The example of the libraries of Standard Webhooks.
        let body = "{\"test\": 2432232314}";
        let standard = headers(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            body,
        );
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(standard[1], ("webhook-signature", expected.to_owned()));
    }
}
