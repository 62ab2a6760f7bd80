//! What stands around each request, called in the process and without a socket.

mod application;
mod requests;
mod usual;

use std::fs::File;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use clap::ValueEnum;
use foundation::Ambient;
use guard::{Config, CsrfKey, Maintenance, Policy, Protection, RateLimits, RateRule};
use http::{Method, StatusCode};
use http_body_util::BodyExt as _;
use serde::Serialize;
use tower::Service as _;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use self::requests::Requests;
use crate::measure::{Sample, repeatedly};

/// The stacks that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stack {
    /// axum alone.
    Bare,
    /// As many layers as guard has, which hand the request on and do nothing.
    Idle,
    /// `guard::protect`, as the server puts it around its routes.
    Guard,
    /// The same with `log.level = "warn"`: no line of the access log.
    GuardSilent,
    /// tower-http, `tower_governor` and garde, set up for the same effect as far as they go.
    Usual,
    /// The same without a line for each request.
    UsualSilent,
}

/// For each kind of request.
#[derive(Debug, Serialize)]
pub(crate) struct Figures {
    get: Sample,
    post: Sample,
}

/// How many requests are sent between two looks at the clock.
const AT_ONCE: u64 = 100;

pub(crate) fn measure(stack: Stack, seconds: Duration) -> anyhow::Result<Figures> {
    let silent = matches!(stack, Stack::GuardSilent | Stack::UsualSilent);
    log(if silent { LevelFilter::WARN } else { LevelFilter::INFO })?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // Layers may need a runtime while they are made.
    let mut router = runtime.block_on(async { router(stack) })?;
    let mut requests = Requests::default();
    let mut run = |make: fn(&mut Requests) -> Request, expected: StatusCode| {
        repeatedly(seconds, || {
            runtime.block_on(async {
                for _ in 0..AT_ONCE {
                    send(&mut router, make(&mut requests), expected).await;
                }
            });
            AT_ONCE
        })
    };
    Ok(Figures { get: run(Requests::get, StatusCode::OK), post: run(Requests::post, StatusCode::CREATED) })
}

async fn send(router: &mut Router, request: Request, expected: StatusCode) {
    let Ok(response) = router.call(request).await;
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("a body").to_bytes();
    assert_eq!(parts.status, expected, "{}", String::from_utf8_lossy(&body));
}

/// As the server logs, text for people, but to a place where it is lost.
fn log(level: LevelFilter) -> anyhow::Result<()> {
    let nowhere = Arc::new(File::create("/dev/null")?);
    let lines = fmt::layer().with_ansi(false).with_writer(nowhere).with_filter(level);
    tracing_subscriber::registry().with(lines).init();
    Ok(())
}

fn router(stack: Stack) -> anyhow::Result<Router> {
    Ok(match stack {
        Stack::Bare => application::plain(),
        Stack::Idle => (0..GUARDS_LAYERS).fold(application::plain(), |router, _| {
            router.layer(from_fn(async |request: Request, next: Next| next.run(request).await))
        }),
        Stack::Guard | Stack::GuardSilent => guard::protect(application::strict(), protection()?),
        Stack::Usual | Stack::UsualSilent => usual::protect(application::checked())?,
    })
}

/// Those in `guard::protect` that are functions; its two others are tower's own.
const GUARDS_LAYERS: usize = 9;

fn protection() -> anyhow::Result<Protection> {
    let ambient = Ambient::system();
    let mut config = Config { origins: vec![requests::ORIGIN.to_owned()], ..Config::default() };
    // The bench asks more often than anybody may.
    config.rate_limits.api = serde_json::from_value("1000000 per 1s".into())?;
    Ok(Protection {
        rate_limits: RateLimits::in_process(config.rate_limits, ambient.clone()),
        rate_rules: rules(),
        config,
        ambient,
        csrf_key: CsrfKey::new(&[1; 32]),
        session_cookie: requests::COOKIE.to_owned(),
        maintenance: Maintenance::default(),
        going_on: &["/api/auth/login", "/api/auth/logout", "/api/auth/refresh", "/api/maintenance"],
    })
}

/// As many as the server has; none is about the routes here.
fn rules() -> Vec<RateRule> {
    const PATHS: [&str; 16] = [
        "/api/auth/signup",
        "/api/auth/login",
        "/api/auth/verify",
        "/api/auth/forgot",
        "/api/auth/reset",
        "/api/auth/refresh",
        "/api/auth/2fa/verify",
        "/api/auth/2fa/passkey/start",
        "/api/auth/2fa/passkey/finish",
        "/api/auth/passkey/start",
        "/api/auth/passkey/finish",
        "/api/auth/email",
        "/api/auth/password",
        "/api/auth/reauthenticate",
        "/api/auth/links/{id}",
        "/api/csp-report",
    ];
    PATHS.map(|path| RateRule::new(Method::POST, path, Policy::SignIn)).to_vec()
}
