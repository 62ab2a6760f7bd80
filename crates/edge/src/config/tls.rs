//! What an operator can set about HTTPS.

use std::net::SocketAddr;
use std::path::PathBuf;

use foundation::config::{Mistake, Period};
use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

/// Where certificates are got when nothing else is said.
const LETS_ENCRYPT: &str = "https://acme-v02.api.letsencrypt.org/directory";

/// HTTPS: HTTP/2 and HTTP/1.1 over TLS 1.3 and 1.2.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct TlsConfig {
    /// Where to listen for HTTPS, for example `["[::]:443"]`.
    #[garde(skip)]
    #[schemars(with = "Vec<String>")]
    pub listen: Vec<SocketAddr>,

    /// The certificates and their keys, as PEM files: `[{ certificate = "/etc/tls/app.pem", key = "/etc/tls/app.key" }]`.
    /// A client gets the one that has the name it asks for, and the first one when none has it. Files that change are
    /// read again; if they do not fit, what was read before stays.
    #[garde(skip)]
    pub certificates: Vec<CertificateFiles>,

    /// How often the files are looked at.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::HOUR)))]
    pub reload_every: Period,

    /// How long a client may take to agree on TLS.
    #[garde(custom(|period: &Period, (): &()| period.within(Period::SECOND, Period::MINUTE)))]
    pub handshake_timeout: Period,

    /// Whether plain HTTP leads to HTTPS: GET and HEAD are sent on (308), everything else is refused, since it has been
    /// sent in the clear already. Health checks and `/.well-known/acme-challenge/` are answered, and what a trusted proxy
    /// has got by HTTPS.
    #[garde(skip)]
    pub redirect_to_https: bool,

    /// The port at which people reach HTTPS, if that is not the one of the first address listened on.
    #[garde(skip)]
    pub public_port: Option<u16>,

    /// Certificates that are got, and renewed, without anybody's hand.
    #[garde(dive)]
    pub acme: AcmeConfig,
}

impl Default for TlsConfig {
    fn default() -> Self {
        Self {
            listen: Vec::new(),
            certificates: Vec::new(),
            reload_every: Period::from_secs(5),
            handshake_timeout: Period::from_secs(10),
            redirect_to_https: false,
            public_port: None,
            acme: AcmeConfig::default(),
        }
    }
}

/// A certificate and its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CertificateFiles {
    /// The certificate, followed by those that vouch for it.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// Certificates by ACME (RFC 8555), proved by TLS-ALPN-01: port 443 of each domain must lead to the gate.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct AcmeConfig {
    /// The names to get a certificate for, each one of its own. None: certificates come from files only.
    #[garde(custom(|list: &Vec<String>, (): &()| list.iter().try_for_each(|text| a_domain(text))))]
    pub domains: Vec<String>,

    /// Where the authority is asked. For trying things out, Let's Encrypt has
    /// `https://acme-staging-v02.api.letsencrypt.org/directory`.
    #[garde(custom(|url: &Url, (): &()| a_directory(url)))]
    #[schemars(with = "String")]
    pub directory: Url,

    /// The addresses to which the authority may write, for example `["ops@example.org"]`.
    #[garde(custom(|list: &Vec<String>, (): &()| list.iter().try_for_each(|text| a_contact(text))))]
    pub contact: Vec<String>,

    /// Whether you agree to the terms of the authority. Without that none gives a certificate.
    #[garde(skip)]
    pub agree_to_terms: bool,

    /// A certificate authority (PEM) to be trusted when the directory is asked, besides the public ones: for an
    /// authority of your own.
    #[garde(skip)]
    pub ca_file: Option<PathBuf>,
}

impl Default for AcmeConfig {
    fn default() -> Self {
        Self {
            domains: Vec::new(),
            directory: LETS_ENCRYPT.parse().expect("a URL"),
            contact: Vec::new(),
            agree_to_terms: false,
            ca_file: None,
        }
    }
}

impl TlsConfig {
    /// What is fine alone and wrong together.
    pub(super) fn contradictions(&self, plain: &[SocketAddr]) -> Vec<Mistake> {
        let mut found = Vec::new();
        let mut refuse = |is_wrong: bool, key: &str, words: &str| {
            if is_wrong {
                found.push(Mistake::new(format!("edge.tls.{key}"), words));
            }
        };
        let is_on = !self.listen.is_empty();
        let has_certificates = !self.certificates.is_empty() || !self.acme.domains.is_empty();
        refuse(
            is_on && !has_certificates,
            "certificates",
            "HTTPS needs a certificate: name its files here, or domains in edge.tls.acme.domains",
        );
        refuse(
            !is_on && has_certificates,
            "listen",
            "nobody can use the certificates as long as HTTPS is listened for nowhere; write [\"0.0.0.0:443\"]",
        );
        refuse(
            !is_on && self.redirect_to_https,
            "redirect_to_https",
            "there is no HTTPS to lead to as long as edge.tls.listen is empty",
        );
        refuse(
            self.listen.iter().any(|address| address.port() != 0 && plain.contains(address)),
            "listen",
            "an address is listened on either for HTTPS or for plain HTTP; remove it here or in edge.listen",
        );
        refuse(
            !self.acme.domains.is_empty() && !self.acme.agree_to_terms,
            "acme.agree_to_terms",
            "read the terms of the authority and say true: without that it gives no certificate",
        );
        found
    }
}

fn a_domain(text: &str) -> garde::Result {
    if text.starts_with("*.") {
        return Err(garde::Error::new(format!(
            "{text:?} cannot be proved by TLS-ALPN-01: name each domain, or give a certificate of your own in \
             edge.tls.certificates"
        )));
    }
    let is_label = |label: &str| {
        let is_fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        !label.is_empty() && label.chars().all(is_fine)
    };
    let is_address = text.parse::<std::net::IpAddr>().is_ok();
    if text.contains('.') && text.split('.').all(is_label) && !is_address {
        return Ok(());
    }
    Err(garde::Error::new(format!(
        "{text:?} is no domain; write a whole name in small letters, like vault.example.org"
    )))
}

fn a_directory(url: &Url) -> garde::Result {
    if url.scheme() == "https" && url.has_host() {
        return Ok(());
    }
    Err(garde::Error::new(format!("must begin with https://, like {LETS_ENCRYPT}")))
}

fn a_contact(text: &str) -> garde::Result {
    let is_address = !text.contains([':', ',', ' '])
        && text.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'));
    if is_address {
        return Ok(());
    }
    Err(garde::Error::new(format!(
        "{text:?} is no mail address; write it like ops@example.org, without mailto:"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(config: &TlsConfig) -> Vec<String> {
        let plain = ["127.0.0.1:8000".parse().expect("an address")];
        let report = config.validate().err().map(|report| report.to_string().trim().to_owned());
        report.into_iter().chain(config.contradictions(&plain).iter().map(ToString::to_string)).collect()
    }

    fn has(config: &TlsConfig, words: &str) {
        let said = said(config);
        assert!(said.len() == 1 && said[0].contains(words), "{words}: {said:?}");
    }

    #[test]
    fn what_contradicts_itself_is_said() {
        let files = CertificateFiles { certificate: "a.pem".into(), key: "a.key".into() };
        let good = TlsConfig {
            listen: vec!["127.0.0.1:443".parse().expect("an address")],
            certificates: vec![files],
            ..TlsConfig::default()
        };
        assert!(said(&TlsConfig::default()).is_empty());
        assert!(said(&good).is_empty());
        has(&TlsConfig { certificates: Vec::new(), ..good.clone() }, "needs a certificate");
        has(&TlsConfig { listen: Vec::new(), ..good.clone() }, "nobody can use the certificates");
        has(&TlsConfig { redirect_to_https: true, ..TlsConfig::default() }, "no HTTPS to lead to");
        let listen = vec!["127.0.0.1:8000".parse().expect("an address")];
        has(&TlsConfig { listen, ..good.clone() }, "either for HTTPS or for plain HTTP");
        let acme = AcmeConfig { domains: vec!["a.example".to_owned()], ..AcmeConfig::default() };
        has(&TlsConfig { acme, ..good }, "say true");
    }

    #[test]
    fn what_no_authority_would_take_is_refused() {
        let with = |change: fn(&mut AcmeConfig)| {
            let mut tls = TlsConfig::default();
            change(&mut tls.acme);
            tls.validate().expect_err("refused").to_string()
        };
        for (words, text) in [
            ("cannot be proved", with(|acme| acme.domains = vec!["*.example.org".to_owned()])),
            ("is no domain", with(|acme| acme.domains = vec!["localhost".to_owned()])),
            ("is no domain", with(|acme| acme.domains = vec!["192.0.2.1".to_owned()])),
            ("is no domain", with(|acme| acme.domains = vec!["https://a.example".to_owned()])),
            (
                "must begin with https://",
                with(|acme| acme.directory = "http://a.example/".parse().expect("a URL")),
            ),
            ("no mail address", with(|acme| acme.contact = vec!["mailto:a@b.example".to_owned()])),
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
    }
}
