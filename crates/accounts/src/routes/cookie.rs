//! The session cookie.

use axum::response::{AppendHeaders, IntoResponseParts};
use cookie::{Cookie, SameSite, time};
use foundation::Token;
use http::header::SET_COOKIE;

use crate::{Accounts, SESSION_COOKIE};

/// The cookie that carries a session: out of reach of scripts, never sent by other sites' forms or scripts, only over
/// TLS (browsers make an exception for this machine).
pub fn session_cookie(token: &Token, lifetime: std::time::Duration) -> Cookie<'static> {
    let seconds = i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX);
    base(token.reveal().to_owned()).max_age(time::Duration::seconds(seconds)).build()
}

/// Sets the session cookie of this installation's lifetime.
pub(super) fn begin(accounts: &Accounts, token: &Token) -> impl IntoResponseParts + use<> {
    let lifetime = accounts.config.session_lifetime.as_duration();
    AppendHeaders([(SET_COOKIE, session_cookie(token, lifetime).to_string())])
}

/// Makes the browser forget the session.
pub(super) fn end() -> impl IntoResponseParts {
    AppendHeaders([(SET_COOKIE, base(String::new()).max_age(time::Duration::ZERO).build().to_string())])
}

fn base(value: String) -> cookie::CookieBuilder<'static> {
    Cookie::build((SESSION_COOKIE, value)).path("/").secure(true).http_only(true).same_site(SameSite::Lax)
}

#[cfg(test)]
mod tests {
    use super::*;
    use foundation::Ambient;

    #[test]
    fn has_every_protection_a_browser_offers() {
        let token = Token::generate(&Ambient::system());
        let text = session_cookie(&token, std::time::Duration::from_mins(1)).to_string();
        let attributes = text.split_once("; ").map(|(_, rest)| rest);
        assert_eq!(attributes, Some("HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=60"));
        assert!(text.starts_with("__Host-auth_token="), "{text}");
    }
}
