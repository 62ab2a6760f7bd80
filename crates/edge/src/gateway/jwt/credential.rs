//! Where in a request the token is. Pure.

use std::borrow::Cow;

use guard::Presented;
use http::{HeaderMap, header};

/// Where to look.
#[derive(Debug)]
pub(super) struct Place {
    cookie: Option<String>,
}

/// What was found there.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found<'h> {
    None,
    Token(Cow<'h, str>),
    /// More than one; somebody else may have planted the other.
    Unclear,
}

impl Place {
    pub(super) fn new(cookie: Option<&str>) -> Self {
        Self { cookie: cookie.map(str::to_owned) }
    }

    /// In `Authorization: Bearer` (RFC 6750, 2.1), or else in the cookie.
    pub(super) fn find<'h>(&self, headers: &'h HeaderMap) -> Found<'h> {
        let mut credentials = headers.get_all(header::AUTHORIZATION).iter();
        let first = credentials.next().and_then(|value| guard::bearer(value.to_str().ok()?));
        if credentials.next().is_some() {
            return Found::Unclear;
        }
        if let Some(token) = first {
            return Found::Token(token.into());
        }
        let Some(cookie) = &self.cookie else { return Found::None };
        match guard::presented(headers, cookie) {
            Presented::None => Found::None,
            Presented::Once(token) if token.is_empty() => Found::None,
            Presented::Once(token) => Found::Token(token),
            Presented::Twice => Found::Unclear,
        }
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn found(cookie: Option<&str>, headers: &[(&'static str, &'static str)]) -> String {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        let headers = headers.iter().map(pair).collect();
        match Place::new(cookie).find(&headers) {
            Found::None => "none".to_owned(),
            Found::Token(token) => token.into_owned(),
            Found::Unclear => "unclear".to_owned(),
        }
    }

    #[test]
    fn it_is_looked_for_where_it_may_be_and_nowhere_else() {
        let (bearer, cookie) = (("authorization", "bearer a.b.c"), ("cookie", "x=1; session=d.e.f; y=2"));
        assert_eq!(found(None, &[bearer, cookie]), "a.b.c");
        assert_eq!(found(None, &[cookie]), "none");
        assert_eq!(found(Some("session"), &[cookie]), "d.e.f");
        assert_eq!(found(Some("session"), &[bearer, cookie]), "a.b.c");
        assert_eq!(found(Some("Session"), &[cookie]), "none");
        for other in ["Basic eDp5", "Bearer", "Bearer ", "a.b.c", "bearer\ta.b.c"] {
            assert_eq!(found(None, &[("authorization", other)]), "none", "{other}");
        }
        assert_eq!(found(Some("session"), &[("cookie", "session=")]), "none");
    }

    // ASVS 15.3.7
    #[test]
    fn of_two_neither_is_believed() {
        let one = ("authorization", "Bearer a.b.c");
        assert_eq!(found(None, &[one, one]), "unclear");
        assert_eq!(found(None, &[("authorization", "Basic eDp5"), one]), "unclear");
        assert_eq!(found(Some("s"), &[("cookie", "s=1; s=2")]), "unclear");
        assert_eq!(found(Some("s"), &[("cookie", "s=1"), ("cookie", "s=1")]), "unclear");
    }
}
