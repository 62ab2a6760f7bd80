//! What an entry says, as 32 bytes that no other entry has.
//!
//! Where somebody was and what else there is to know can be erased later, at a person's wish. So the digest does not
//! contain them but commitments to them: a hash over a random salt and the value. Erasing takes the value and the salt;
//! the hash stays, says nothing to anybody who guesses, and the digest remains what it was.

use std::collections::BTreeMap;

use aws_lc_rs::digest::{Context, SHA256};
use sea_orm::ActiveEnum as _;
use serde_json::Value;

use crate::entities::entries::Model;

/// The output of SHA-256 and of HMAC-SHA-256.
pub(crate) type Hash = [u8; 32];

/// SHA-256 over fields, each with its length in front: no two lists of fields hash alike.
pub(crate) struct Framed(Context);

impl Framed {
    /// `kind` tells apart what is hashed for different reasons.
    pub(crate) fn new(kind: &str) -> Self {
        Self(Context::new(&SHA256)).field(kind.as_bytes())
    }

    pub(crate) fn field(mut self, bytes: &[u8]) -> Self {
        self.0.update(&(bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
        self
    }

    pub(crate) fn optional(self, bytes: Option<&[u8]>) -> Self {
        match bytes {
            Some(bytes) => self.field(&[1]).field(bytes),
            None => self.field(&[0]),
        }
    }

    pub(crate) fn finish(self) -> Hash {
        self.0.finish().as_ref().try_into().expect("SHA-256 has 32 bytes")
    }
}

/// Commits to where somebody was.
pub(crate) fn origin_hash(salt: &[u8], ip_address: Option<&str>, user_agent: Option<&str>) -> Hash {
    Framed::new("mainstay audit origin 1")
        .field(salt)
        .optional(ip_address.map(str::as_bytes))
        .optional(user_agent.map(str::as_bytes))
        .finish()
}

/// Commits to what else there is to know.
pub(crate) fn details_hash(salt: &[u8], details: Option<&Value>) -> Hash {
    let text = details.map(canonical);
    Framed::new("mainstay audit details 1").field(salt).optional(text.as_deref().map(str::as_bytes)).finish()
}

/// All of an entry but its place.
pub(crate) fn digest(entry: &Model) -> Hash {
    Framed::new("mainstay audit entry 1")
        .field(entry.id.as_bytes())
        .field(&entry.created_at.timestamp_micros().to_be_bytes())
        .optional(entry.user_id.as_ref().map(|id| id.as_bytes().as_slice()))
        .field(entry.action.as_bytes())
        .field(entry.resource.as_bytes())
        .optional(entry.resource_id.as_ref().map(|id| id.as_bytes().as_slice()))
        .field(entry.status.to_value().as_bytes())
        .field(&entry.origin_hash)
        .field(&entry.details_hash)
        .finish()
}

/// Whether something that can be erased is there and what it was, or gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// It is there.
    Kept,
    /// It is gone, as a whole and with its salt.
    Erased,
    /// It is not what was written.
    Changed,
}

/// What can be erased of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Personal {
    /// Where somebody was.
    pub(crate) origin: State,
    /// What else there is to know.
    pub(crate) details: State,
}

impl Personal {
    pub(crate) fn is_changed(self) -> bool {
        self.origin == State::Changed || self.details == State::Changed
    }
}

/// Looks at what can be erased of an entry.
pub(crate) fn personal(entry: &Model) -> Personal {
    let (address, agent) = (entry.ip_address.as_deref(), entry.user_agent.as_deref());
    let origin = match &entry.origin_salt {
        Some(salt) => state(origin_hash(salt, address, agent) == *entry.origin_hash),
        None => gone(address.is_none() && agent.is_none()),
    };
    let details = match &entry.details_salt {
        Some(salt) => state(details_hash(salt, entry.details.as_ref()) == *entry.details_hash),
        None => gone(entry.details.is_none()),
    };
    Personal { origin, details }
}

fn state(as_written: bool) -> State {
    if as_written { State::Kept } else { State::Changed }
}

fn gone(whole: bool) -> State {
    if whole { State::Erased } else { State::Changed }
}

/// Details in a form that both databases give back as it is, but for the order of its keys, which is sorted here.
///
/// PostgreSQL keeps no U+0000, and spells fractions its own way; these become text.
pub(crate) fn storable(details: &Value) -> Value {
    let text = |text: &str| text.replace('\0', "\u{fffd}");
    match details {
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (text(key), storable(value)))
            .collect::<BTreeMap<_, _>>()
            .into_iter()
            .collect(),
        Value::Array(values) => values.iter().map(storable).collect(),
        Value::String(string) => Value::String(text(string)),
        Value::Number(number) if number.is_f64() => Value::String(number.to_string()),
        Value::Number(_) | Value::Null | Value::Bool(_) => details.clone(),
    }
}

/// The text of details that is hashed: their keys sorted, whatever order a database gives them back in.
fn canonical(details: &Value) -> String {
    match details {
        Value::Object(members) => {
            let sorted: BTreeMap<_, _> = members.iter().collect();
            let members = sorted
                .iter()
                .map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), canonical(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        Value::Array(values) => format!("[{}]", values.iter().map(canonical).collect::<Vec<_>>().join(",")),
        Value::String(_) | Value::Number(_) | Value::Null | Value::Bool(_) => details.to_string(),
    }
}
