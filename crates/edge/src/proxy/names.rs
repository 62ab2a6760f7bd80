//! Names of headers that a target may take for others.

use http::{HeaderMap, HeaderName};

/// Removes those with an underscore. Many targets put headers into variables whose names know no hyphen (RFC 3875,
/// 4.1.18), so that `x_real_ip` arrives as `x-real-ip`, whatever was said about that one.
pub(super) fn drop_doubtful(headers: &mut HeaderMap) {
    let is_doubtful = |name: &&HeaderName| name.as_str().contains('_');
    while let Some(name) = headers.keys().find(is_doubtful).cloned() {
        headers.remove(name);
    }
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
        drop_doubtful(&mut headers);
        assert_eq!(headers.keys().collect::<Vec<_>>(), ["x-own"]);
    }
}
