//! The names of requests.

use std::sync::atomic::{AtomicU64, Ordering};

use foundation::{Ambient, Uuid};
use http::HeaderValue;
use uuid::fmt::Hyphenated;

/// Makes names: time-ordered ids (`UUIDv7`) that differ by a count from a start nobody knows. They are no secrets, and
/// asking the machine for chance would cost each request a call of the system.
#[derive(Debug)]
pub(super) struct RequestIds {
    start: [u8; 2],
    next: AtomicU64,
}

impl RequestIds {
    pub(super) fn new(ambient: &Ambient) -> Self {
        Self { start: ambient.random(), next: AtomicU64::new(u64::from_be_bytes(ambient.random())) }
    }

    /// One that no other request has.
    pub(super) fn next(&self, ambient: &Ambient) -> HeaderValue {
        let number = self.next.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let mut tail = [0; 10];
        tail[..2].copy_from_slice(&self.start);
        tail[2..].copy_from_slice(&number);
        let millis = u64::try_from(ambient.now().timestamp_millis()).unwrap_or_default();
        value(uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid())
    }
}

/// Whether somebody else's is one that can be shown to people and stand in a log.
pub(super) fn is_one(id: &HeaderValue) -> bool {
    let is_fine = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:/=+@~".contains(byte);
    (1..=128).contains(&id.len()) && id.as_bytes().iter().all(is_fine)
}

fn value(id: Uuid) -> HeaderValue {
    let mut text = [0; Hyphenated::LENGTH];
    let text = id.hyphenated().encode_lower(&mut text);
    HeaderValue::from_str(text).expect("an id is made of letters and digits")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn somebody_elses_name_is_one_that_can_be_shown() {
        let is_fine = |text: &str| is_one(&HeaderValue::from_str(text).expect("a value"));
        assert!(is_fine("0192-ab:C.d_e/f=") && is_fine(&"x".repeat(128)));
        for text in ["", "<img src=x>", "a b", "a\"b", "a,b", &"x".repeat(129)] {
            assert!(!is_fine(text), "{text}");
        }
    }

    #[test]
    fn no_two_requests_have_the_same_name() {
        let ambient = Ambient::system();
        let ids = RequestIds::new(&ambient);
        let some: HashSet<_> = (0..10_000).map(|_| ids.next(&ambient)).collect();
        assert_eq!(some.len(), 10_000);
        let id: Uuid = some.iter().next().expect("one").to_str().expect("text").parse().expect("an id");
        assert_eq!(id.get_version_num(), 7);
    }
}
