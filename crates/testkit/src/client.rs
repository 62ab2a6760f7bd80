//! A client that keeps cookies as a browser on this machine would (`Secure` ones included).

use std::collections::BTreeMap;
use std::sync::Mutex;

use reqwest::header::{COOKIE, HeaderMap, SET_COOKIE};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;

/// A client of one server.
pub struct Client {
    base: String,
    http: reqwest::Client,
    cookies: Mutex<BTreeMap<String, String>>,
    address: Option<String>,
}

/// What a server answered.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
}

impl Answer {
    /// The body as JSON; `null` when it is empty.
    pub fn json(&self) -> Value {
        if self.text.is_empty() {
            return Value::Null;
        }
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error} in {:?}", self.text))
    }

    /// The stable code of a problem document.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// A header as text; empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// A client of servers on this machine, which speak no TLS: it need not read whom the machine trusts.
#[expect(
    clippy::disallowed_methods,
    reason = "guard's way out asks nobody on this machine, and tests nobody else"
)]
pub fn http() -> reqwest::ClientBuilder {
    reqwest::Client::builder().no_proxy().tls_certs_only([])
}

impl Client {
    /// A client without cookies.
    pub fn new(base: impl Into<String>) -> Self {
        let http = http().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        Self { base: base.into(), http, cookies: Mutex::default(), address: None }
    }

    /// The same client at another address, for a server that trusts the proxy at its own.
    pub fn at(self, address: impl Into<String>) -> Self {
        Self { address: Some(address.into()), ..self }
    }

    pub(crate) fn at_server(&self, base: String) -> Self {
        let cookies = self.cookies.lock().expect("not poisoned").clone();
        Self { base, http: self.http.clone(), cookies: Mutex::new(cookies), address: self.address.clone() }
    }

    /// A request that carries this client's cookies; for what [`get`](Self::get) and [`post`](Self::post) cannot say.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let cookies = self.cookies.lock().expect("not poisoned");
        let header: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.http.request(method, format!("{}{path}", self.base));
        let request = match &self.address {
            Some(address) => request.header("x-forwarded-for", address),
            None => request,
        };
        if header.is_empty() { request } else { request.header(COOKIE, header.join("; ")) }
    }

    /// Sends a request and keeps the cookies of the answer.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        for header in headers.get_all(SET_COOKIE) {
            self.keep(header.to_str().expect("text"));
        }
        Answer { status, headers, text: response.text().await.expect("text") }
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// Writes, as a page of the same origin would.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, path).header("sec-fetch-site", "same-origin").json(body);
        self.send(request).await
    }

    /// Writes by another method than POST, as a page of the same origin would.
    pub async fn write(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.send(self.request(method, path).header("sec-fetch-site", "same-origin").json(body)).await
    }

    /// Deletes, as a page of the same origin would.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path).header("sec-fetch-site", "same-origin")).await
    }

    /// Makes this client forget a cookie.
    pub fn drop_cookie(&self, name: &str) {
        self.cookies.lock().expect("not poisoned").remove(name);
    }

    /// The value of a cookie this client keeps.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().expect("not poisoned").get(name).cloned()
    }

    /// Makes this client keep a cookie it was never given.
    pub fn forge_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().expect("not poisoned").insert(name.to_owned(), value.to_owned());
    }

    fn keep(&self, set_cookie: &str) {
        let cookie = cookie::Cookie::parse(set_cookie).expect("a cookie");
        let mut cookies = self.cookies.lock().expect("not poisoned");
        if cookie.max_age().is_some_and(cookie::time::Duration::is_zero) {
            cookies.remove(cookie.name());
        } else {
            cookies.insert(cookie.name().to_owned(), cookie.value().to_owned());
        }
    }
}
