//! A certificate with its key.

use std::sync::Arc;

use foundation::Timestamp;
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// Why two texts are no certificate and its key.
#[derive(Debug, thiserror::Error)]
pub(super) enum CertificateError {
    #[error("there is no certificate in it; it must have BEGIN CERTIFICATE and END CERTIFICATE lines (PEM)")]
    NoCertificate,
    #[error("the certificate is damaged")]
    BrokenCertificate(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("there is no private key in it; it must have BEGIN PRIVATE KEY and END PRIVATE KEY lines (PEM)")]
    NoKey,
    #[error("the private key is damaged")]
    BrokenKey(#[source] pem::Error),
    #[error("the private key is of a kind that is not known here; make one with ECDSA, RSA or Ed25519")]
    UnknownKey(#[source] rustls::Error),
    #[error("the certificate belongs to another key")]
    OtherKey,
}

/// What a client is shown, and for which names.
#[derive(Debug, Clone)]
pub(super) struct Certificate {
    /// In small letters; a domain with `*.` in front stands for each name directly below it.
    pub(super) names: Vec<String>,
    pub(super) begins: Timestamp,
    pub(super) expires: Timestamp,
    pub(super) key: Arc<CertifiedKey>,
}

impl Certificate {
    /// From the texts of two PEM files.
    pub(super) fn parse(certificate: &[u8], key: &[u8]) -> Result<Self, CertificateError> {
        let chain = CertificateDer::pem_slice_iter(certificate).collect::<Result<Vec<_>, _>>();
        let chain = chain.map_err(|error| CertificateError::BrokenCertificate(error.into()))?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| match error {
            pem::Error::NoItemsFound => CertificateError::NoKey,
            error => CertificateError::BrokenKey(error),
        })?;
        let key = any_supported_type(&key).map_err(CertificateError::UnknownKey)?;
        let (names, begins, expires) = read(chain.first().ok_or(CertificateError::NoCertificate)?)?;
        let key = CertifiedKey::new(chain, key);
        match key.keys_match() {
            Ok(()) => Ok(Self { names, begins, expires, key: Arc::new(key) }),
            Err(rustls::Error::InconsistentKeys(_)) => Err(CertificateError::OtherKey),
            Err(error) => Err(CertificateError::BrokenCertificate(error.into())),
        }
    }
}

/// Its names, and its life.
fn read(certificate: &CertificateDer<'_>) -> Result<(Vec<String>, Timestamp, Timestamp), CertificateError> {
    let broken = |error: x509_parser::error::X509Error| CertificateError::BrokenCertificate(error.into());
    let (_, certificate) = X509Certificate::from_der(certificate).map_err(|error| broken(error.into()))?;
    let names = certificate.subject_alternative_name().map_err(broken)?;
    let names = names.iter().flat_map(|names| &names.value.general_names);
    let names = names.filter_map(|name| match name {
        GeneralName::DNSName(name) => Some(name.to_ascii_lowercase()),
        _ => None,
    });
    let validity = certificate.validity();
    let [begins, expires] = [validity.not_before, validity.not_after]
        .map(|time| Timestamp::from_timestamp(time.timestamp(), 0).unwrap_or(Timestamp::MAX_UTC));
    Ok((names.collect(), begins, expires))
}

#[cfg(test)]
pub(super) mod tests {
    use rcgen::{CertificateParams, KeyPair, PKCS_ED25519, PKCS_RSA_SHA256};

    use super::*;

    /// The texts of a certificate for some names, and of its key.
    pub(crate) fn texts(names: &[&str], key: &KeyPair) -> (String, String) {
        let names: Vec<_> = names.iter().map(ToString::to_string).collect();
        let certificate = CertificateParams::new(names).expect("names").self_signed(key).expect("signed");
        (certificate.pem(), key.serialize_pem())
    }

    pub(crate) fn certificate(names: &[&str], key: &KeyPair) -> Certificate {
        let (certificate, key) = texts(names, key);
        Certificate::parse(certificate.as_bytes(), key.as_bytes()).expect("a certificate and its key")
    }

    #[test]
    fn its_names_are_read_in_small_letters() {
        let key = KeyPair::generate().expect("a key");
        let names = ["Vault.Example.org", "*.example.org", "127.0.0.1"];
        assert_eq!(certificate(&names, &key).names, ["vault.example.org", "*.example.org"]);
        for kind in [&PKCS_ED25519, &PKCS_RSA_SHA256] {
            let key = KeyPair::generate_for(kind).expect("a key");
            assert_eq!(certificate(&["a.example"], &key).names, ["a.example"]);
        }
    }

    #[test]
    fn what_cannot_be_used_is_told_apart() {
        let own = KeyPair::generate().expect("a key");
        let (certificate, key) = texts(&["a.example"], &own);
        let (_, other) = texts(&[], &KeyPair::generate().expect("a key"));
        let broken = format!("{}AAAA{}", &certificate[..40], &certificate[44..]);
        let cut = &certificate[..certificate.len() / 2];
        for (certificate, key, words) in [
            ("", key.as_str(), "no certificate in it"),
            (key.as_str(), key.as_str(), "no certificate in it"),
            (certificate.as_str(), "", "no private key in it"),
            (certificate.as_str(), certificate.as_str(), "no private key in it"),
            (certificate.as_str(), other.as_str(), "belongs to another key"),
            (broken.as_str(), key.as_str(), "the certificate is damaged"),
            (cut, key.as_str(), "the certificate is damaged"),
            (certificate.as_str(), &key[..key.len() / 2], "the private key is damaged"),
        ] {
            let error = Certificate::parse(certificate.as_bytes(), key.as_bytes()).expect_err(words);
            assert!(error.to_string().contains(words), "{words}: {error}");
        }
    }
}
