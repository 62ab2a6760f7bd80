//! Headers that only the gate may write: what a client says in them is removed. Pure.

use http::{HeaderMap, HeaderName};

use crate::proxy::names;

/// The names, and all that an application could take for them.
#[derive(Debug)]
pub(super) struct OwnHeaders {
    names: Vec<HeaderName>,
}

impl OwnHeaders {
    pub(super) fn new(names: impl IntoIterator<Item = HeaderName>) -> Self {
        Self { names: names.into_iter().collect() }
    }

    /// Removes them.
    pub(super) fn strip(&self, headers: &mut HeaderMap) {
        names::remove(headers, |name| self.names.iter().any(|ours| is_taken_for(name, ours.as_str())));
    }
}

/// CGI makes one variable of `X-User-Id` and of `x_user_id` (RFC 3875, 4.1.18), and some servers of everything that is
/// neither a letter nor a digit.
fn is_taken_for(name: &str, ours: &str) -> bool {
    let is_same = |(a, b): (u8, u8)| a == b || !(a.is_ascii_alphanumeric() || b.is_ascii_alphanumeric());
    name.len() == ours.len() && name.bytes().zip(ours.bytes()).all(is_same)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    // ASVS 4.1.3
    #[test]
    fn every_way_of_writing_a_name_is_removed() {
        let own = OwnHeaders::new([HeaderName::from_static("x-user-id"), HeaderName::from_static("x-roles")]);
        let names = ["x-user-id", "x_user_id", "x-user_id", "x.user.id", "X-USER-ID", "X_Roles", "x~roles"];
        let mut headers: HeaderMap = names
            .iter()
            .chain(&["x-user-id"])
            .chain(&["x-user-ids", "x-userid", "xuser-id", "user-id", "accept"])
            .map(|name| (name.parse::<HeaderName>().expect("a name"), HeaderValue::from_static("1")))
            .collect();
        own.strip(&mut headers);
        let mut left: Vec<_> = headers.keys().map(HeaderName::as_str).collect();
        left.sort_unstable();
        assert_eq!(left, ["accept", "user-id", "x-user-ids", "x-userid", "xuser-id"]);
    }
}
