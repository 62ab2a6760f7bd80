//! Requests as a browser sends them.

use std::net::{Ipv4Addr, SocketAddr};

use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};

use super::application::{NewOrder, Side};

pub(super) const ORIGIN: &str = "https://app.example.org";
pub(super) const COOKIE: &str = "__Host-auth_token";

const HEADERS: [(&str, &str); 12] = [
    ("host", "app.example.org"),
    ("connection", "keep-alive"),
    ("sec-ch-ua-platform", "\"Linux\""),
    (
        "user-agent",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36",
    ),
    ("accept", "application/json"),
    ("sec-ch-ua", "\"Chromium\";v=\"150\", \"Not.A/Brand\";v=\"24\""),
    ("sec-fetch-site", "same-origin"),
    ("sec-fetch-mode", "cors"),
    ("sec-fetch-dest", "empty"),
    ("referer", "https://app.example.org/trade"),
    ("accept-encoding", "gzip, deflate, br, zstd"),
    ("accept-language", "en-GB,en;q=0.9"),
];

/// Makes one after the other, from some thousand addresses in turn.
pub(super) struct Requests {
    headers: HeaderMap,
    order: Vec<u8>,
    sent: u16,
}

impl Default for Requests {
    fn default() -> Self {
        let mut headers: HeaderMap = HEADERS
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .into_iter()
            .collect();
        // As long as an access token.
        let cookie = format!("{COOKIE}={}; theme=dark", "eyJhbGciOiJFZERTQSJ9.".repeat(20));
        headers.insert(header::COOKIE, cookie.parse().expect("a header's value"));
        let order = NewOrder {
            asset: "BTC".to_owned(),
            side: Side::Buy,
            quantity: 25_000_000,
            limit_price: Some(6_425_000),
            note: "First of the month, as agreed with \"Grace\"".to_owned(),
            tags: vec!["savings".to_owned(), "monthly".to_owned()],
        };
        Self { headers, order: serde_json::to_vec(&order).expect("JSON"), sent: 0 }
    }
}

impl Requests {
    pub(super) fn get(&mut self) -> Request {
        self.request(Method::GET, "/api/me", Body::empty())
    }

    pub(super) fn post(&mut self) -> Request {
        let body = Body::from(self.order.clone());
        let mut request = self.request(Method::POST, "/api/orders", body);
        let headers = request.headers_mut();
        headers.insert(header::ORIGIN, HeaderValue::from_static(ORIGIN));
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::CONTENT_LENGTH, self.order.len().into());
        request
    }

    fn request(&mut self, method: Method, path: &'static str, body: Body) -> Request {
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = http::Uri::from_static(path);
        request.headers_mut().clone_from(&self.headers);
        self.sent = (self.sent + 1) % 4096;
        let [high, low] = self.sent.to_be_bytes();
        let peer = SocketAddr::from((Ipv4Addr::new(10, 0, high, low), 50_000));
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    }
}
