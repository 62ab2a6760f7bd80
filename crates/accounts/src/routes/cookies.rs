//! The cookies of this room: out of reach of scripts, only over TLS (browsers make an exception for this machine), and
//! for this host alone.

use std::time::Duration;

use axum::response::{AppendHeaders, IntoResponseParts};
use cookie::{Cookie, SameSite, time};
use foundation::{ExposeSecret as _, Timestamp, Token};
use http::HeaderName;
use http::header::SET_COOKIE;

use crate::ceremony::CEREMONY_LIFETIME;
use crate::housekeeping::DEVICES_KEPT;
use crate::sessions::Credentials;
use crate::{Accounts, DEVICE_COOKIE, REFRESH_COOKIE, SESSION_COOKIE, SIGN_IN_COOKIE};

type SetCookies = AppendHeaders<Vec<(HeaderName, String)>>;

/// Hands a browser the tokens of its session.
pub(super) fn keep(accounts: &Accounts, credentials: &Credentials) -> SetCookies {
    let now = accounts.ambient.now();
    let mut cookies = vec![
        // `Lax`: a link from elsewhere leads to a page where one is signed in.
        cookie(
            SESSION_COOKIE,
            credentials.access.expose_secret(),
            SameSite::Lax,
            until(credentials.access_expires_at, now),
        ),
        cookie(
            REFRESH_COOKIE,
            credentials.refresh.reveal(),
            SameSite::Strict,
            until(credentials.session.expires_at, now).min(accounts.config.refresh_lifetime.as_duration()),
        ),
        cookie(SIGN_IN_COOKIE, "", SameSite::Strict, Duration::ZERO),
    ];
    cookies.extend(credentials.device.as_ref().map(device));
    set(&cookies)
}

/// Tells a browser apart from others from now on.
pub(super) fn known(token: &Token) -> impl IntoResponseParts + use<> {
    set(&[device(token)])
}

fn device(token: &Token) -> Cookie<'static> {
    let kept = DEVICES_KEPT.to_std().unwrap_or_default();
    cookie(DEVICE_COOKIE, token.reveal(), SameSite::Lax, kept)
}

/// Remembers which ceremony a browser is in the middle of.
pub(super) fn ceremony(token: &Token) -> impl IntoResponseParts + use<> {
    let lifetime = CEREMONY_LIFETIME.to_std().unwrap_or_default();
    set(&[cookie(SIGN_IN_COOKIE, token.reveal(), SameSite::Strict, lifetime)])
}

/// Makes a browser forget its session. It stays known as a browser.
pub(super) fn forget() -> impl IntoResponseParts {
    let names = [(SESSION_COOKIE, SameSite::Lax), (REFRESH_COOKIE, SameSite::Strict)];
    set(&names.map(|(name, same_site)| cookie(name, "", same_site, Duration::ZERO)))
}

fn until(end: Timestamp, now: Timestamp) -> Duration {
    (end - now).to_std().unwrap_or_default()
}

fn cookie(name: &'static str, value: &str, same_site: SameSite, lifetime: Duration) -> Cookie<'static> {
    let seconds = i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX);
    Cookie::build((name, value.to_owned()))
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(same_site)
        .max_age(time::Duration::seconds(seconds))
        .build()
}

fn set(cookies: &[Cookie<'static>]) -> SetCookies {
    AppendHeaders(cookies.iter().map(|cookie| (SET_COOKIE, cookie.to_string())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    // ASVS 3.3.1, 3.3.2, 3.3.3
    #[test]
    fn have_every_protection_a_browser_offers() {
        let text = cookie(REFRESH_COOKIE, "value", SameSite::Strict, Duration::from_mins(1)).to_string();
        assert_eq!(text, "__Host-refresh_token=value; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=60");
        for name in [SESSION_COOKIE, REFRESH_COOKIE, SIGN_IN_COOKIE, DEVICE_COOKIE] {
            assert!(name.starts_with("__Host-"), "{name}");
        }
    }
}
