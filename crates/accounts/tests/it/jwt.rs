//! Access tokens by hand: taken apart, put together, and signed by whomever. Shares no code with what is tested.

use std::collections::BTreeSet;

use accounts::SESSION_COOKIE;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use foundation::Uuid;
use reqwest::Method;
use serde_json::{Value, json};
use store::sea_orm::{ConnectionTrait as _, Statement};
use testkit::{Answer, Client};

use crate::browser::session_of;
use crate::house::{House, ROOT_KEY};

pub(crate) fn base64(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn from_base64(text: &str) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(text).expect("base64url without padding")
}

/// The header and the claims of a token.
pub(crate) fn read(token: &str) -> (Value, Value) {
    let parts: Vec<_> = token.split('.').collect();
    assert_eq!(parts.len(), 3, "{token}");
    let json = |part| serde_json::from_slice(&from_base64(part)).expect("JSON");
    (json(parts[0]), json(parts[1]))
}

/// What a signature is made over.
pub(crate) fn message(header: &Value, claims: &Value) -> String {
    format!("{}.{}", base64(header.to_string()), base64(claims.to_string()))
}

pub(crate) fn signed_by(pair: &Ed25519KeyPair, header: &Value, claims: &Value) -> String {
    let message = message(header, claims);
    let signature = base64(pair.sign(message.as_bytes()));
    format!("{message}.{signature}")
}

/// A token whose signature is a message authentication code (HS256).
pub(crate) fn authenticated_by(key: &[u8], header: &Value, claims: &Value) -> String {
    let message = message(header, claims);
    let code = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message.as_bytes());
    format!("{message}.{}", base64(code))
}

/// Whether a token's signature holds, by a public key in base64url.
pub(crate) fn is_signed_by(token: &str, public: &str) -> bool {
    let (message, signature) = token.rsplit_once('.').expect("three parts");
    let key = UnparsedPublicKey::new(&ED25519, from_base64(public));
    key.verify(message.as_bytes(), &from_base64(signature)).is_ok()
}

/// Which key signed a browser's access token.
pub(crate) fn kid_of(client: &Client) -> String {
    read(&session_of(client)).0["kid"].as_str().expect("a key id").to_owned()
}

/// The public keys, by id.
pub(crate) async fn public_keys(client: &Client) -> Vec<(String, String)> {
    let answer = client.get("/.well-known/jwks.json").await;
    let text = |key: &Value, name: &str| key[name].as_str().expect("text").to_owned();
    let keys = answer.json()["keys"].as_array().expect("keys").clone();
    keys.iter().map(|key| (text(key, "kid"), text(key, "x"))).collect()
}

/// The ids of the public keys.
pub(crate) async fn key_ids(client: &Client) -> BTreeSet<String> {
    public_keys(client).await.into_iter().map(|(id, _)| id).collect()
}

/// A row of the table `keys`.
pub(crate) struct StoredKey {
    pub(crate) id: Uuid,
    pub(crate) purpose: String,
    pub(crate) sealed: Vec<u8>,
    pub(crate) public: Option<Vec<u8>>,
}

pub(crate) async fn stored_keys(house: &House) -> Vec<StoredKey> {
    let sql = "SELECT id, purpose, sealed, public FROM keys ORDER BY created_at, id";
    let statement = Statement::from_string(house.store.backend(), sql);
    let rows = house.store.reader().query_all_raw(statement).await.expect("reads");
    rows.iter()
        .map(|row| StoredKey {
            id: row.try_get("", "id").expect("an id"),
            purpose: row.try_get("", "purpose").expect("text"),
            sealed: row.try_get("", "sealed").expect("bytes"),
            public: row.try_get("", "public").expect("bytes or none"),
        })
        .collect()
}

/// The oldest key that signs, opened as whoever has both the database and the root key could: so that tests can make
/// tokens that are wrong in nothing but one thing.
pub(crate) async fn signing_key(house: &House) -> Ed25519KeyPair {
    let keys = stored_keys(house).await;
    let key = keys.iter().find(|key| key.purpose == "signing").expect("a key");
    Ed25519KeyPair::from_seed_unchecked(&opened(key)).expect("a seed")
}

fn opened(key: &StoredKey) -> Vec<u8> {
    let mut derived = [0; 32];
    let extracted = Salt::new(HKDF_SHA256, b"mainstay accounts").extract(&ROOT_KEY);
    extracted.expand(&[b"keys"], Bytes32).expect("short").fill(&mut derived).expect("short");
    let root = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &derived).expect("256 bits"));
    let (nonce, sealed) = key.sealed.split_at(12);
    let (nonce, place) =
        (Nonce::try_assume_unique_for_key(nonce).expect("96 bits"), format!("keys/{}", key.id));
    root.open_in_place(nonce, Aad::from(place), &mut sealed.to_vec())
        .expect("sealed by this root key")
        .to_vec()
}

struct Bytes32;

impl KeyType for Bytes32 {
    fn len(&self) -> usize {
        32
    }
}

/// What a token in the cookie, and the same token as a bearer's, are answered.
pub(crate) async fn presented(client: &Client, token: &str) -> [Answer; 2] {
    let request = || client.request(Method::GET, "/api/auth/me");
    [
        client.send(request().header("cookie", format!("{SESSION_COOKIE}={token}"))).await,
        client.send(request().header("authorization", format!("Bearer {token}"))).await,
    ]
}

/// A value with some of its members replaced; `null` removes one.
pub(crate) fn but(value: &Value, changes: Value) -> Value {
    let (mut value, Value::Object(changes)) = (value.clone(), changes) else { panic!("an object") };
    let members = value.as_object_mut().expect("an object");
    for (name, change) in changes {
        match change {
            Value::Null => drop(members.remove(&name)),
            change => drop(members.insert(name, change)),
        }
    }
    json!(value)
}
