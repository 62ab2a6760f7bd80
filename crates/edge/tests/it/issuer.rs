//! Somebody who signs tokens, the way our own server does (`EdDSA`, key ids, a published key set), and in other ways.
#![allow(dead_code, reason = "not every test that uses it uses all of it")]

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, encode};
use serde_json::{Value, json};

pub(crate) const ISSUER: &str = "https://app.example.org";
pub(crate) const AUDIENCE: &str = "https://app.example.org/api";
/// When tokens of [`claims`] begin to count; they do for a quarter of an hour.
pub(crate) const EPOCH: i64 = 1_800_000_000;

/// What stands before an RSA key of 2048 bits in PKCS#8; the library wants it without.
const PKCS8_HEAD: usize = 26;

/// A key to sign with.
pub(crate) struct Signer {
    pub(crate) id: String,
    algorithm: Algorithm,
    pub(crate) secret: EncodingKey,
    pub(crate) public: DecodingKey,
}

impl Signer {
    pub(crate) fn ed25519(id: &str) -> Self {
        let pair = Ed25519KeyPair::generate().expect("a key");
        let private = pair.to_pkcs8v1().expect("a key can be written");
        Self {
            id: id.to_owned(),
            algorithm: Algorithm::EdDSA,
            secret: EncodingKey::from_ed_der(private.as_ref()),
            public: DecodingKey::from_ed_der(pair.public_key().as_ref()),
        }
    }

    pub(crate) fn p256(id: &str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
        let private = pair.to_pkcs8v1().expect("a key can be written");
        Self {
            id: id.to_owned(),
            algorithm: Algorithm::ES256,
            secret: EncodingKey::from_ec_der(private.as_ref()),
            public: DecodingKey::from_ec_der(pair.public_key().as_ref()),
        }
    }

    pub(crate) fn rsa(id: &str) -> Self {
        let pair = aws_lc_rs::rsa::KeyPair::generate(KeySize::Rsa2048).expect("a key");
        let private: aws_lc_rs::encoding::Pkcs8V1Der<'_> = pair.as_der().expect("a key can be written");
        let public = pair.public_key();
        let (n, e) = (public.modulus(), public.exponent());
        Self {
            id: id.to_owned(),
            algorithm: Algorithm::RS256,
            secret: EncodingKey::from_rsa_der(&private.as_ref()[PKCS8_HEAD..]),
            public: DecodingKey::from_rsa_raw_components(
                n.big_endian_without_leading_zero(),
                e.big_endian_without_leading_zero(),
            ),
        }
    }

    /// As it is published.
    pub(crate) fn published(&self) -> Value {
        let jwk = Jwk::from_decoding_key(&self.public, Some(self.algorithm)).expect("a key can be published");
        let mut jwk = serde_json::to_value(jwk).expect("JSON");
        jwk["kid"] = self.id.clone().into();
        jwk["use"] = "sig".into();
        jwk
    }

    /// The header of an access token.
    pub(crate) fn header(&self) -> Header {
        let mut header = Header::new(self.algorithm);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(self.id.clone());
        header
    }

    pub(crate) fn sign(&self, claims: &Value) -> String {
        self.sign_as(&self.header(), claims)
    }

    pub(crate) fn sign_as(&self, header: &Header, claims: &Value) -> String {
        encode(header, claims, &self.secret).expect("signed")
    }
}

/// A key set.
pub(crate) fn set(keys: &[&Signer]) -> Value {
    json!({ "keys": keys.iter().map(|key| key.published()).collect::<Vec<_>>() })
}

/// What our own server says of somebody.
pub(crate) fn claims(user: &str) -> Value {
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": user, "sid": "01900000-0000-7000-8000-000000000000",
        "iat": EPOCH, "nbf": EPOCH, "exp": EPOCH + 900,
    })
}

/// The claims with some of them changed; those that are null are left out.
pub(crate) fn but(mut claims: Value, changes: &Value) -> Value {
    let all = claims.as_object_mut().expect("claims");
    for (name, value) in changes.as_object().expect("changes") {
        all.insert(name.clone(), value.clone());
    }
    all.retain(|_, value| !value.is_null());
    claims
}

/// A token of parts that nobody checks.
pub(crate) fn unsigned(header: &Value, claims: &Value, signature: &[u8]) -> String {
    let part = |bytes: &[u8]| {
        let mut text = String::new();
        for chunk in bytes.chunks(3) {
            let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
                << (8 * (3 - chunk.len()));
            for at in 0..=chunk.len() {
                let six = usize::try_from(bits >> (18 - 6 * at) & 63).expect("small");
                text.push(char::from(
                    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[six],
                ));
            }
        }
        text
    };
    [header.to_string().as_bytes(), claims.to_string().as_bytes(), signature].map(part).join(".")
}
