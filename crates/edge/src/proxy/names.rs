//! Headers that are taken out by their names.

use http::{HeaderMap, HeaderName};

/// Removes those with such a name. The few that are there are looked at, not each that could be.
pub(crate) fn remove(headers: &mut HeaderMap, is_such: impl Fn(&str) -> bool) {
    let such: Vec<HeaderName> = headers.keys().filter(|name| is_such(name.as_str())).cloned().collect();
    for name in such {
        headers.remove(name);
    }
}

/// Whether a target may take it for another one. Many put headers into variables whose names know no hyphen (RFC 3875,
/// 4.1.18), so that `x_real_ip` arrives as `x-real-ip`, whatever was said about that one.
pub(super) fn is_doubtful(name: &str) -> bool {
    name.contains('_')
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn names_with_underscores_do_not_pass() {
        let pair = |name| (HeaderName::from_static(name), HeaderValue::from_static("1"));
        let mut headers: HeaderMap =
            ["x_real_ip", "x-own", "_", "x_real_ip", "content_length"].map(pair).into_iter().collect();
        remove(&mut headers, is_doubtful);
        assert_eq!(headers.keys().collect::<Vec<_>>(), ["x-own"]);
    }
}
