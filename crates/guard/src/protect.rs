//! The order of the gates.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use foundation::Ambient;
use tower_http::catch_panic::CatchPanicLayer;

use crate::origin::Origins;
use crate::{
    Config, CsrfKey, Maintenance, RateLimits, RateRule, access, answers, client, csrf, headers, limits,
    maintenance, rates, sanity,
};

/// What the gates need to know.
#[derive(Debug, Clone)]
pub struct Protection {
    /// The operator's settings, already validated.
    pub config: Config,
    /// Where request ids come from.
    pub ambient: Ambient,
    /// Binds CSRF tokens to sessions.
    pub csrf_key: CsrfKey,
    /// The name of the cookie that signs a browser in.
    pub session_cookie: String,
    /// Whether changes wait.
    pub maintenance: Maintenance,
    /// The paths of changes that do not wait.
    pub going_on: &'static [&'static str],
    /// What counts the requests.
    pub rate_limits: RateLimits,
    /// Which routes have a limit of their own.
    pub rate_rules: Vec<RateRule>,
}

/// Puts every gate around a router. Call it once, when all routes and fallbacks are in place: what is added afterwards
/// stands outside.
pub fn protect(router: Router, protection: Protection) -> Router {
    let Protection {
        config,
        ambient,
        csrf_key,
        session_cookie,
        maintenance,
        going_on,
        rate_limits,
        rate_rules,
    } = protection;
    let origins = Origins::new(&config.origins);
    let https = origins.any_https();
    let rules = Arc::new(csrf::Rules { origins, key: csrf_key, session_cookie });
    let proxies = Arc::new(client::Proxies::new(config.trusted_proxies));
    let closing = Arc::new(maintenance::Gate { maintenance, going_on, ambient: ambient.clone() });
    let counting = Arc::new(rates::Gate { limits: rate_limits, rules: rate_rules });
    // The layer added last is met first: read upwards.
    router
        .layer(from_fn_with_state(closing, maintenance::check))
        .layer(from_fn_with_state(rules, csrf::check))
        .layer(DefaultBodyLimit::disable()) // axum's own would stop at 2 MB, whatever the settings say
        .layer(from_fn_with_state(config.max_body_bytes, limits::body))
        .layer(from_fn_with_state(counting, rates::count))
        .layer(from_fn_with_state(proxies, client::find))
        .layer(from_fn(sanity::check))
        .layer(from_fn_with_state(config.request_timeout.as_duration(), limits::time))
        .layer(CatchPanicLayer::custom(answers::panicked))
        .layer(from_fn_with_state(https, headers::add))
        .layer(from_fn_with_state(ambient, access::attend))
}
