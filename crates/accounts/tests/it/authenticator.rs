//! An authenticator made of software: what a phone or a security key does (WebAuthn level 3, sections 6 and 7), and
//! what a thief's would do.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::{Answer, Client};

use crate::house::House;
use crate::kit::{assert_problem, assert_status, text};

/// Where challenges are asked for and answered, below `/api/auth`: to sign in with a passkey alone, as the second step
/// of a sign-in, and to show again who one is.
pub(crate) const ALONE: &str = "passkey";
pub(crate) const SECOND: &str = "2fa/passkey";
pub(crate) const AGAIN: &str = "reauthenticate/passkey";

/// The house's public URL, as browsers write it.
pub(crate) const ORIGIN: &str = "https://xn--mnchen-3ya.example";
const RP: &str = "xn--mnchen-3ya.example";

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const KEY_FOLLOWS: u8 = 0x40;

/// A security key with one passkey. Its fields are what tests make it do wrong.
pub(crate) struct Authenticator {
    key: EcdsaKeyPair,
    pub(crate) id: Vec<u8>,
    /// Whom it is for, as the site called them.
    pub(crate) user_handle: Value,
    /// How often it has signed; a synchronised passkey always says 0.
    pub(crate) counter: u32,
    pub(crate) verifies_user: bool,
    pub(crate) origin: String,
    pub(crate) rp: String,
}

fn base64(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

impl Authenticator {
    /// A new key; `name` makes its credential id.
    pub(crate) fn new(name: &str) -> Self {
        Self {
            key: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key"),
            id: digest(&SHA256, name.as_bytes()).as_ref().to_vec(),
            user_handle: Value::Null,
            counter: 0,
            verifies_user: true,
            origin: ORIGIN.to_owned(),
            rp: RP.to_owned(),
        }
    }

    fn client_data(&self, kind: &str, challenge: &str) -> String {
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false })
            .to_string()
    }

    fn authenticator_data(&self, flags: u8) -> Vec<u8> {
        let verified = if self.verifies_user { VERIFIED } else { 0 };
        let mut data = digest(&SHA256, self.rp.as_bytes()).as_ref().to_vec();
        data.push(flags | PRESENT | verified);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// The public key as COSE writes it (RFC 9053 section 7.1.1): P-256, for ES256.
    fn cose_key(&self) -> Vec<u8> {
        let point = self.key.public_key().as_ref();
        let (x, y) = (&point[1..33], &point[33..65]);
        [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32][..], x, &[0x22, 0x58, 32], y].concat()
    }

    /// Makes the passkey for these options.
    pub(crate) fn make(&mut self, options: &Value) -> Value {
        self.user_handle = options["publicKey"]["user"]["id"].clone();
        let challenge = text(&options["publicKey"], "challenge");
        let mut data = self.authenticator_data(KEY_FOLLOWS);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).expect("short").to_be_bytes());
        data.extend(&self.id);
        data.extend(self.cose_key());
        // CBOR: {"fmt": "none", "attStmt": {}, "authData": data}.
        let length = u16::try_from(data.len()).expect("short").to_be_bytes();
        let object = [&b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59"[..], &length, &data].concat();
        json!({
            "id": base64(&self.id),
            "rawId": base64(&self.id),
            "type": "public-key",
            "authenticatorAttachment": "cross-platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64(self.client_data("webauthn.create", challenge)),
                "attestationObject": base64(object),
                "transports": ["usb"],
            },
        })
    }

    /// Answers the challenge in these options.
    pub(crate) fn answer(&mut self, options: &Value) -> Value {
        self.counter += u32::from(self.counter > 0);
        let client_data = self.client_data("webauthn.get", text(&options["publicKey"], "challenge"));
        let data = self.authenticator_data(0);
        let signed = [&data[..], digest(&SHA256, client_data.as_bytes()).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).expect("signs");
        json!({
            "id": base64(&self.id),
            "rawId": base64(&self.id),
            "type": "public-key",
            "authenticatorAttachment": "cross-platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64(client_data),
                "authenticatorData": base64(data),
                "signature": base64(signature),
                "userHandle": self.user_handle,
            },
        })
    }
}

/// Asks for options, below `/api/auth`.
pub(crate) async fn start(client: &Client, path: &str) -> Value {
    let answer = client.post(&format!("/api/auth/{path}/start"), &json!({})).await;
    assert_status(&answer, StatusCode::OK);
    answer.json()
}

/// Sends what the authenticator said.
pub(crate) async fn finish(client: &Client, path: &str, credential: &Value) -> Answer {
    client.post(&format!("/api/auth/{path}/finish"), &json!({ "credential": credential })).await
}

/// Challenge and answer.
pub(crate) async fn show(client: &Client, path: &str, authenticator: &mut Authenticator) -> Answer {
    let options = start(client, path).await;
    finish(client, path, &authenticator.answer(&options)).await
}

/// Adds a passkey to the account of who is signed in.
pub(crate) async fn add(client: &Client, authenticator: &mut Authenticator, name: &str) -> Answer {
    let options = start(client, "passkeys/register").await;
    let body = json!({ "name": name, "credential": authenticator.make(&options) });
    client.post("/api/auth/passkeys/register/finish", &body).await
}

/// A member with a passkey.
pub(crate) async fn holder(house: &House, name: &str) -> (Client, Authenticator) {
    let (client, mut key) = (house.member(name).await, Authenticator::new(name));
    assert_status(&add(&client, &mut key, "my key").await, StatusCode::CREATED);
    (client, key)
}

#[track_caller]
pub(crate) fn assert_refused(answer: &Answer) {
    assert_problem(answer, StatusCode::FORBIDDEN, "passkey_refused");
}
