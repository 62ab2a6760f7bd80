//! Cookies of HTTP/2, where a client may send each in a line of its own.

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

/// Joins them to the one line that HTTP/1.1 knows (RFC 9113, 8.2.3).
pub(super) fn join(headers: &mut HeaderMap) {
    let mut crumbs = headers.get_all(COOKIE).iter();
    let (Some(first), Some(second)) = (crumbs.next(), crumbs.next()) else { return };
    let all = [first, second].into_iter().chain(crumbs).map(HeaderValue::as_bytes);
    let line = all.collect::<Vec<_>>().join(b"; ".as_slice());
    if let Ok(line) = HeaderValue::from_bytes(&line) {
        headers.insert(COOKIE, line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crumbs_are_joined_in_their_order() {
        let cookie = |text| (COOKIE, HeaderValue::from_static(text));
        let mut headers: HeaderMap = [cookie("a=1"), cookie("b=2; c=3"), cookie("d=4")].into_iter().collect();
        join(&mut headers);
        assert_eq!(headers.get_all(COOKIE).iter().collect::<Vec<_>>(), ["a=1; b=2; c=3; d=4"]);
        let mut one: HeaderMap = [cookie("a=1; b=2")].into_iter().collect();
        join(&mut one);
        assert_eq!(one[COOKIE], "a=1; b=2");
        let mut none = HeaderMap::new();
        join(&mut none);
        assert!(none.is_empty());
    }
}
