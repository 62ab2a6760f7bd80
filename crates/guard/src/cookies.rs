//! Reads one cookie out of a request (RFC 6265 section 5.4), without believing a second one of the same name.

use std::borrow::Cow;

use cookie::Cookie;
use http::{HeaderMap, header};

/// How often a cookie was sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Presented<'a> {
    /// Never.
    None,
    /// As it was sent.
    Once(Cow<'a, str>),
    /// A neighbouring subdomain or a plain-http page can plant a second cookie of the same name; which of the two is
    /// ours cannot be told.
    Twice,
}

/// Finds a cookie. HTTP/2 clients may spread cookies over several headers (RFC 9113 section 8.2.3).
pub fn presented<'a>(headers: &'a HeaderMap, name: &str) -> Presented<'a> {
    let mut values = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .flatten()
        .filter(|cookie| cookie.name() == name)
        .map(|cookie| match cookie.value_raw() {
            Some(value) => Cow::Borrowed(value),
            None => Cow::Owned(cookie.value().to_owned()),
        });
    match (values.next(), values.next()) {
        (None, _) => Presented::None,
        (Some(value), None) => Presented::Once(value),
        (Some(_), Some(_)) => Presented::Twice,
    }
}

/// The value of a cookie that was sent exactly once, as it was sent.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<Cow<'a, str>> {
    match presented(headers, name) {
        Presented::Once(value) => Some(value),
        Presented::None | Presented::Twice => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (header::COOKIE, value.parse().expect("a value"))).collect()
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let all = headers(&["theme=dark; __Host-auth_token=abc-DEF_1; x=y"]);
        assert_eq!(presented(&all, "__Host-auth_token"), Presented::Once("abc-DEF_1".into()));
        assert_eq!(presented(&all, "auth_token"), Presented::None);
        assert_eq!(presented(&all, "__host-auth_token"), Presented::None);
        assert_eq!(presented(&headers(&["a=1", "b=2"]), "b"), Presented::Once("2".into()));
    }

    #[test]
    fn two_of_a_name_are_not_believed() {
        assert_eq!(presented(&headers(&["a=1; a=2"]), "a"), Presented::Twice);
        assert_eq!(presented(&headers(&["a=1", "a=1"]), "a"), Presented::Twice);
    }
}
