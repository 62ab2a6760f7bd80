//! The pages people see: the web UI, embedded in the binary.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any};
use foundation::{Code, Problem};
use rust_embed::{EmbeddedFile, RustEmbed};
use tower_http::compression::CompressionLayer;

/// What `npm run build` made in `web/dist`. In a debug build the files are read when they are asked for.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct WebUi;

const INDEX: &str = "index.html";

/// Answers every path that is no route: with a file of the web UI, or with its first page, which knows the rest.
pub(crate) fn pages(with_development: bool) -> MethodRouter {
    any(move |request: Request<Body>| async move { page(&request, with_development) })
        .layer(CompressionLayer::new())
}

fn page(request: &Request<Body>, with_development: bool) -> Response {
    let (method, uri, headers) = (request.method(), request.uri(), request.headers());
    let path = uri.path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") || (path.starts_with("dev/") && !with_development) {
        return super::nothing().into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        let problem = Problem::new(Code::MethodNotAllowed, "Pages can only be read.");
        return ([(header::ALLOW, "GET, HEAD")], problem).into_response();
    }
    match WebUi::get(path).filter(|_| path != INDEX) {
        Some(file) => serve(path, file, headers),
        None if looks_like_a_file(uri) => StatusCode::NOT_FOUND.into_response(),
        None => match WebUi::get(INDEX) {
            Some(index) => serve(INDEX, index, headers),
            None => not_built(),
        },
    }
}

/// A missing picture or script must not be answered with a page.
fn looks_like_a_file(uri: &Uri) -> bool {
    uri.path().rsplit('/').next().is_some_and(|name| name.contains('.'))
}

fn serve(path: &str, file: EmbeddedFile, request: &HeaderMap) -> Response {
    let etag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16]));
    // Vite puts a hash into the name of every file in `assets`.
    let caching =
        if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = request.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let headers = [(header::ETAG, etag.clone()), (header::CACHE_CONTROL, caching.to_owned())];
    if known.is_some_and(|known| known.contains(&etag)) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let kind = HeaderValue::from_str(file.metadata.mimetype());
    let kind = kind.unwrap_or(HeaderValue::from_static("application/octet-stream"));
    (headers, [(header::CONTENT_TYPE, with_charset(&kind))], file.data).into_response()
}

fn with_charset(kind: &HeaderValue) -> HeaderValue {
    let text = kind.to_str().unwrap_or_default();
    let is_text = text.starts_with("text/") || text.ends_with("javascript") || text.ends_with("json");
    let with = is_text.then(|| HeaderValue::from_str(&format!("{text}; charset=utf-8")).ok()).flatten();
    with.unwrap_or_else(|| kind.clone())
}

/// For whoever typed `cargo run`: the API works, the pages are one command away.
fn not_built() -> Response {
    let page = include_str!("not_built.html");
    (StatusCode::SERVICE_UNAVAILABLE, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], page)
        .into_response()
}
