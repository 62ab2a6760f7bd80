//! What several files here need besides the house: an authenticator app, administrators, raw looks into the database.

use aws_lc_rs::hmac;
use chrono::TimeDelta;
use foundation::Clock as _;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use store::sea_orm::{ConnectionTrait as _, Statement};
use testkit::{Answer, Client};

use crate::browser::{sign_in, token_in};
use crate::house::{House, PASSWORD};

/// How long an authenticator app shows a code, in seconds.
const STEP: i64 = 30;

/// An authenticator app, made from RFC 6238 and RFC 4226 without the library that the house uses.
pub(crate) struct App {
    seed: Vec<u8>,
}

impl App {
    /// The app of somebody who typed the secret from the screen (base32, RFC 4648 section 6).
    pub(crate) fn typed(secret: &str) -> Self {
        let (mut bits, mut held, mut seed) = (0_u32, 0, Vec::new());
        for c in secret.bytes().filter(|c| *c != b' ') {
            let value = match c {
                b'A'..=b'Z' => c - b'A',
                b'2'..=b'7' => c - b'2' + 26,
                _ => panic!("{secret} is not base32"),
            };
            (bits, held) = (bits << 5 | u32::from(value), held + 5);
            if held >= 8 {
                held -= 8;
                seed.push(u8::try_from(bits >> held).expect("eight bits"));
                bits &= (1 << held) - 1;
            }
        }
        Self { seed }
    }

    pub(crate) fn seed(&self) -> &[u8] {
        &self.seed
    }

    /// The seed in hexadecimal, as a database might show it.
    pub(crate) fn seed_in_hex(&self) -> String {
        let digits = self.seed.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        digits.map(|digit| char::from_digit(digit.into(), 16).expect("a digit")).collect()
    }

    /// The code of the time step that is so many steps from now.
    pub(crate) fn code_in(&self, house: &House, steps: i64) -> String {
        let step = house.clock.now().timestamp().div_euclid(STEP) + steps;
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.seed);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let tag = tag.as_ref();
        let offset = usize::from(tag[19] & 15);
        let four: [u8; 4] = tag[offset..offset + 4].try_into().expect("four bytes");
        format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000)
    }

    pub(crate) fn code(&self, house: &House) -> String {
        self.code_in(house, 0)
    }

    /// Six digits that this app does not show now, nor did a moment ago.
    pub(crate) fn wrong_code(&self, house: &House) -> String {
        let shown = [-1, 0, 1].map(|steps| self.code_in(house, steps));
        ["111111", "222222", "333333", "444444"]
            .into_iter()
            .find(|code| !shown.iter().any(|shown| shown == code))
            .expect("three codes are not four")
            .to_owned()
    }

    /// Waits for the next code and reads it: the one before may have been used.
    pub(crate) fn next_code(&self, house: &House) -> String {
        house.clock.advance(TimeDelta::seconds(STEP));
        self.code(house)
    }
}

/// Sets an app up in a browser that has just signed in; gives the app and the backup codes, none beside a passkey.
pub(crate) async fn enrol(house: &House, client: &Client) -> (App, Vec<String>) {
    let setup = client.get("/api/auth/2fa/setup").await;
    assert_eq!(setup.status, StatusCode::OK, "{setup:?}");
    let app = App::typed(text(&setup.json(), "secret"));
    let answer = client.post("/api/auth/2fa/enable", &json!({ "code": app.code(house) })).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    let codes = answer.json()["backup_codes"].as_array().cloned().unwrap_or_default();
    let codes = codes.iter().map(|code| code.as_str().expect("text").to_owned()).collect();
    house.clock.advance(TimeDelta::seconds(STEP));
    (app, codes)
}

/// A browser in which `name` has given the right password and is asked for a second factor.
pub(crate) async fn half_way(house: &House, name: &str) -> Client {
    let client = house.client();
    let answer = sign_in(&client, &address_of(name), PASSWORD).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{answer:?}");
    client
}

pub(crate) async fn enter(client: &Client, code: &str) -> Answer {
    client.post("/api/auth/2fa/verify", &json!({ "code": code })).await
}

pub(crate) fn address_of(name: &str) -> String {
    format!("{name}@example.org")
}

/// A signed-in browser of the first administrator.
pub(crate) async fn administrator(house: &House, name: &str) -> Client {
    let link = house.accounts.setup_link().await.expect("asks").expect("nobody yet");
    let token = token_in(&link.reveal("https://example.org")).expect("a token");
    let client = house.client();
    let body = json!({ "token": token, "email": address_of(name), "username": name, "password": PASSWORD });
    let answer = client.post("/api/auth/setup", &body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    client
}

/// A signed-in browser of somebody who is given a role behind the program's back.
pub(crate) async fn member_as(house: &House, name: &str, role: &str) -> Client {
    let client = house.member(name).await;
    house.execute(&format!("UPDATE users SET role = '{role}' WHERE username = '{name}'")).await;
    client
}

/// The id of whoever is signed in.
pub(crate) async fn id_of(client: &Client) -> String {
    text(&client.get("/api/auth/me").await.json(), "id").to_owned()
}

/// A request with a body, or without one when it is null, as a page of the same origin would send it.
pub(crate) async fn call(client: &Client, method: Method, path: &str, body: &Value) -> Answer {
    let request = client.request(method, path).header("sec-fetch-site", "same-origin");
    client.send(if body.is_null() { request } else { request.json(body) }).await
}

/// A request of a program that has a token and no cookie.
pub(crate) async fn bearer(client: &Client, token: &str, method: Method, path: &str, body: &Value) -> Answer {
    let request = client.request(method, path).bearer_auth(token);
    client.send(if body.is_null() { request } else { request.json(body) }).await
}

pub(crate) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}"))
}

/// That an answer is this problem.
#[track_caller]
pub(crate) fn assert_problem(answer: &Answer, status: StatusCode, code: &str) {
    let kind = answer.header("content-type");
    assert_eq!((answer.status, answer.code().as_str()), (status, code), "{answer:?}");
    assert_eq!(kind, "application/problem+json", "{answer:?}");
}

#[track_caller]
pub(crate) fn assert_status(answer: &Answer, status: StatusCode) {
    assert_eq!(answer.status, status, "{answer:?}");
}

impl House {
    /// What `SELECT ... AS t` finds, as text.
    pub(crate) async fn text(&self, sql: &str) -> String {
        let statement = Statement::from_string(self.store.backend(), sql);
        let row = self.store.reader().query_one_raw(statement).await.expect("reads").expect("a row");
        row.try_get("", "t").expect("text")
    }

    /// What `SELECT ... AS b` finds, as bytes.
    pub(crate) async fn bytes(&self, sql: &str) -> Vec<u8> {
        let statement = Statement::from_string(self.store.backend(), sql);
        let row = self.store.reader().query_one_raw(statement).await.expect("reads").expect("a row");
        row.try_get("", "b").expect("bytes")
    }

    /// The text of the newest mail with this subject.
    pub(crate) async fn mail_about(&self, to: &str, subject: &str) -> Option<String> {
        let mails = self.mails(to).await;
        mails.into_iter().find(|mail| mail.subject == subject).map(|mail| mail.text)
    }

    /// How many mails with this subject an address has got.
    pub(crate) async fn mails_about(&self, to: &str, subject: &str) -> usize {
        self.mails(to).await.iter().filter(|mail| mail.subject == subject).count()
    }
}
