//! TLS: the verifier of `tls = "allow-expired"`, and what is wrong with a certificate in words.

use crate::model::Timestamp;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use rustls_platform_verifier::Verifier;
use std::sync::Arc;

/// Makes a configuration that trusts what this machine trusts and `roots`, and accepts expired certificates. Another name or an
/// unknown issuer is refused as ever.
pub(super) fn allow_expired(roots: Vec<CertificateDer<'static>>) -> Result<ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let strict = Verifier::new_with_extra_roots(roots, Arc::clone(&provider))?;
    let verifier = AllowExpired { strict: Arc::new(strict) };
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut config = builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// Verifies as usual; an expired certificate is verified once more as of the last moment at which it was valid. So a chain still has to
/// lead to a trusted root, and the name has to match.
#[derive(Debug)]
struct AllowExpired {
    strict: Arc<dyn ServerCertVerifier>,
}

/// How many certificates of a chain may have expired, each at its own time.
const MAX_EXPIRED_CERTIFICATES: usize = 4;

impl ServerCertVerifier for AllowExpired {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let mut time = now;
        let mut verdict = self.strict.verify_server_cert(certificate, chain, name, ocsp, time);
        for _ in 0..MAX_EXPIRED_CERTIFICATES {
            let Err(Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. })) = &verdict else {
                break;
            };
            if *not_after >= time {
                break;
            }
            time = *not_after;
            verdict = self.strict.verify_server_cert(certificate, chain, name, ocsp, time);
        }
        verdict
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.strict.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.strict.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.strict.supported_verify_schemes()
    }
}

/// Returns what is wrong with a certificate, or with TLS, in words.
pub(super) fn describe_error(error: &Error) -> String {
    let day = |time: &UnixTime| {
        let time = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        Timestamp::from_unix(time).rfc3339().chars().take(10).collect::<String>()
    };
    match error {
        Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. }) => {
            format!("its certificate has expired, on {}", day(not_after))
        }
        Error::InvalidCertificate(CertificateError::Expired) => "its certificate has expired".to_owned(),
        Error::InvalidCertificate(CertificateError::NotValidYetContext { not_before, .. }) => {
            format!("its certificate is not valid before {}", day(not_before))
        }
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "its certificate comes from nobody we trust, or the server leaves out one in between".to_owned()
        }
        Error::InvalidCertificate(CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }) => {
            "its certificate is for another name".to_owned()
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, Issuer, KeyPair, date_time_ymd};
    use rustls::RootCertStore;
    use rustls::client::WebPkiServerVerifier;

    /// An authority, and a certificate of it for `feeds.example.org` that was valid in 2024.
    struct Issued {
        root: CertificateDer<'static>,
        certificate: CertificateDer<'static>,
    }

    fn issue(authority_name: &str) -> Issued {
        let key = KeyPair::generate().expect("a key");
        let mut authority = CertificateParams::new(Vec::new()).expect("parameters");
        authority.distinguished_name.push(rcgen::DnType::CommonName, authority_name);
        authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let root = authority.self_signed(&key).expect("a certificate").der().clone();
        let issuer = Issuer::new(authority, key);
        let mut own = CertificateParams::new(vec!["feeds.example.org".to_owned()]).expect("parameters");
        own.not_before = date_time_ymd(2024, 1, 1);
        own.not_after = date_time_ymd(2024, 12, 31);
        let own_key = KeyPair::generate().expect("a key");
        let certificate = own.signed_by(&own_key, &issuer).expect("a certificate").der().clone();
        Issued { root, certificate }
    }

    fn verifier(root: &CertificateDer<'static>) -> Arc<WebPkiServerVerifier> {
        let mut roots = RootCertStore::empty();
        roots.add(root.clone()).expect("a root");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        WebPkiServerVerifier::builder_with_provider(roots.into(), provider)
            .build()
            .expect("a verifier")
    }

    fn verdict(verifier: &dyn ServerCertVerifier, certificate: &CertificateDer<'_>, name: &str, year: i64) -> Result<(), String> {
        let moment = Timestamp::parse(&format!("{year}-06-01T00:00:00Z")).expect("a time");
        let moment = UnixTime::since_unix_epoch(std::time::Duration::from_secs(moment.unix().unsigned_abs()));
        let name = ServerName::try_from(name.to_owned()).expect("a name");
        let verdict = verifier.verify_server_cert(certificate, &[], &name, &[], moment);
        verdict.map(|_| ()).map_err(|error| describe_error(&error))
    }

    #[test]
    fn expiry_is_accepted_and_nothing_else() {
        let (trusted, unknown) = (issue("trusted"), issue("unknown"));
        let strict = verifier(&trusted.root);
        let lenient = AllowExpired { strict: strict.clone() };
        let name = "feeds.example.org";
        assert_eq!(verdict(&*strict, &trusted.certificate, name, 2024), Ok(()));
        let expired = Err("its certificate has expired, on 2024-12-31".to_owned());
        assert_eq!(verdict(&*strict, &trusted.certificate, name, 2026), expired);
        assert_eq!(verdict(&lenient, &trusted.certificate, name, 2026), Ok(()));
        let refused = |certificate, name, year| verdict(&lenient, certificate, name, year).expect_err("refused");
        assert_eq!(
            refused(&trusted.certificate, "other.example.org", 2026),
            "its certificate is for another name"
        );
        assert!(refused(&unknown.certificate, name, 2026).starts_with("its certificate comes from nobody we trust"));
        assert_eq!(
            refused(&trusted.certificate, name, 2023),
            "its certificate is not valid before 2024-01-01"
        );
    }

    #[test]
    fn a_client_configuration_can_be_made() {
        assert!(allow_expired(vec![issue("trusted").root]).is_ok());
    }
}
