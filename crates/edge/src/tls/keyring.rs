//! Which certificate a client gets.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, RwLock};

use foundation::Timestamp;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::PROOF;
use super::certificate::Certificate;

/// All certificates. A handshake looks into it while they change.
#[derive(Debug)]
pub(super) struct Keyring(RwLock<Keys>);

#[derive(Debug, Default)]
struct Keys {
    /// From the operator's files, in their order.
    files: Vec<Certificate>,
    /// By domain, from an authority.
    issued: BTreeMap<String, Certificate>,
    /// By domain, what an authority is shown that looks whether the domain leads here.
    proofs: BTreeMap<String, Arc<CertifiedKey>>,
    by_name: ByName,
}

type ByName = HashMap<String, Vec<Arc<CertifiedKey>>>;

impl Keyring {
    pub(super) fn new(files: Vec<Certificate>) -> Self {
        let keyring = Self(RwLock::default());
        keyring.change(|keys| keys.files = files);
        keyring
    }

    /// Takes another certificate in the place of an operator's.
    pub(super) fn replace(&self, place: usize, certificate: Certificate) {
        self.change(|keys| keys.files[place] = certificate);
    }

    /// Takes a certificate that an authority has given.
    pub(super) fn issue(&self, domain: &str, certificate: Certificate) {
        self.change(|keys| drop(keys.issued.insert(domain.to_owned(), certificate)));
    }

    /// From when to when a certificate can be used that an authority has given.
    pub(super) fn life(&self, domain: &str) -> Option<(Timestamp, Timestamp)> {
        let keys = self.0.read().expect("nobody panics with it");
        keys.issued.get(domain).map(|certificate| (certificate.begins, certificate.expires))
    }

    /// Shows a proof to an authority, until it is forgotten.
    pub(super) fn prove(&self, domain: &str, proof: Arc<CertifiedKey>) {
        self.change(|keys| drop(keys.proofs.insert(domain.to_owned(), proof)));
    }

    pub(super) fn forget_proof(&self, domain: &str) {
        self.change(|keys| drop(keys.proofs.remove(domain)));
    }

    fn proof(&self, name: Option<&str>) -> Option<Arc<CertifiedKey>> {
        let keys = self.0.read().expect("nobody panics with it");
        keys.proofs.get(&name?.to_ascii_lowercase()).cloned()
    }

    fn change(&self, change: impl FnOnce(&mut Keys)) {
        let mut keys = self.0.write().expect("nobody panics with it");
        change(&mut keys);
        let mut by_name = ByName::new();
        for certificate in keys.all() {
            for name in &certificate.names {
                by_name.entry(name.clone()).or_default().push(Arc::clone(&certificate.key));
            }
        }
        keys.by_name = by_name;
    }

    /// The certificate for a name: one that has it, one for all names of its domain, or the first of all.
    fn find(&self, name: Option<&str>, fits: impl Fn(&CertifiedKey) -> bool) -> Option<Arc<CertifiedKey>> {
        let keys = self.0.read().expect("nobody panics with it");
        let named = |name: &str| keys.by_name.get(name)?.iter().find(|key| fits(key));
        let found = name.and_then(|name| {
            let name = name.to_ascii_lowercase();
            let domain = || Some(format!("*.{}", name.split_once('.')?.1));
            named(&name).or_else(|| named(&domain()?))
        });
        let first = || keys.all().map(|certificate| &certificate.key).find(|key| fits(key));
        found.or_else(first).cloned()
    }
}

impl Keys {
    fn all(&self) -> impl Iterator<Item = &Certificate> {
        self.files.iter().chain(self.issued.values())
    }
}

impl ResolvesServerCert for Keyring {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let mut protocols = hello.alpn().into_iter().flatten();
        if protocols.next() == Some(PROOF) && protocols.next().is_none() {
            return self.proof(hello.server_name());
        }
        let schemes = hello.signature_schemes();
        self.find(hello.server_name(), |key| key.key.choose_scheme(schemes).is_some())
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{KeyPair, PKCS_RSA_SHA256};
    use rustls::SignatureAlgorithm;

    use super::super::certificate::tests::certificate;
    use super::*;

    #[test]
    fn a_client_gets_the_certificate_of_the_name_it_asks_for() {
        let key = KeyPair::generate().expect("a key");
        let all: Vec<_> = [["first.example"], ["*.example.org"], ["vault.example.org"]]
            .iter()
            .map(|names| certificate(names, &key))
            .collect();
        let keyring = Keyring::new(all.clone());
        for (name, place) in [
            (Some("first.example"), 0),
            (Some("vault.example.org"), 2),
            (Some("VAULT.example.org"), 2),
            (Some("learn.example.org"), 1),
            (Some("a.learn.example.org"), 0),
            (Some("example.org"), 0),
            (Some("localhost"), 0),
            (None, 0),
        ] {
            let found = keyring.find(name, |_| true).expect("one");
            assert!(Arc::ptr_eq(&found, &all[place].key), "{name:?}");
        }
        keyring.replace(2, certificate(&["other.example.org"], &key));
        let found = keyring.find(Some("vault.example.org"), |_| true).expect("one");
        assert!(Arc::ptr_eq(&found, &all[1].key));
    }

    #[test]
    fn of_two_with_the_same_name_a_client_gets_what_it_understands() {
        let kinds = [KeyPair::generate(), KeyPair::generate_for(&PKCS_RSA_SHA256)];
        let all = kinds.map(|key| certificate(&["a.example"], &key.expect("a key")));
        let keyring = Keyring::new(all.to_vec());
        for (place, algorithm) in [SignatureAlgorithm::ECDSA, SignatureAlgorithm::RSA].into_iter().enumerate()
        {
            let found = keyring.find(Some("a.example"), |key| key.key.algorithm() == algorithm).expect("one");
            assert!(Arc::ptr_eq(&found, &all[place].key), "{algorithm:?}");
        }
        assert!(keyring.find(Some("a.example"), |_| false).is_none());
    }
}
