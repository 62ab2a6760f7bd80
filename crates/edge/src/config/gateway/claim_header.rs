//! Which header tells an application what: `x-user-id: sub` for a claim of a token, `x-user-id` for a header of an
//! answer.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use http::HeaderName;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// What no application can be told by a header: the gate, HTTP itself or the client says it in there.
const TAKEN: &[&str] = &[
    "accept",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    "forwarded",
    "host",
    "keep-alive",
    "origin",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
    "x-request-id",
];

/// A header that only the gate writes: a client's is removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PassedHeader(HeaderName);

impl PassedHeader {
    pub(crate) fn name(&self) -> &HeaderName {
        &self.0
    }
}

impl FromStr for PassedHeader {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let name: HeaderName =
            text.parse().map_err(|_| format!("{text:?} is no name of a header; write it like x-user-id"))?;
        if TAKEN.contains(&name.as_str()) {
            return Err(format!("{name} has a meaning of its own; take another name, like x-user-id"));
        }
        Ok(Self(name))
    }
}

impl TryFrom<String> for PassedHeader {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<PassedHeader> for String {
    fn from(header: PassedHeader) -> Self {
        header.0.as_str().to_owned()
    }
}

/// A header, and the claim of a token that it tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClaimHeader {
    header: PassedHeader,
    claim: String,
}

impl ClaimHeader {
    /// In place of a claim's name: all of them, as they stand in the token (JSON in base64url).
    pub(crate) const ALL: &str = "*";

    /// Tells a person's id, which every token has.
    pub(crate) fn of_subject() -> Self {
        Self { header: PassedHeader(HeaderName::from_static("x-user-id")), claim: "sub".to_owned() }
    }

    pub(crate) fn name(&self) -> &HeaderName {
        &self.header.0
    }

    pub(crate) fn claim(&self) -> &str {
        &self.claim
    }
}

impl FromStr for ClaimHeader {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form =
            || format!("{text:?} does not say which header tells what; write it like \"x-user-id: sub\"");
        // Names of claims may be addresses, with colons of their own.
        let (header, claim) = text.split_once(':').ok_or_else(form)?;
        let claim = claim.trim();
        if claim.is_empty() {
            return Err(form());
        }
        Ok(Self { header: header.trim().parse()?, claim: claim.to_owned() })
    }
}

impl TryFrom<String> for ClaimHeader {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<ClaimHeader> for String {
    fn from(header: ClaimHeader) -> Self {
        header.to_string()
    }
}

impl fmt::Display for ClaimHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.header.0, self.claim)
    }
}

impl JsonSchema for PassedHeader {
    fn schema_name() -> Cow<'static, str> {
        "PassedHeader".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "examples": ["x-user-id"] })
    }
}

impl JsonSchema for ClaimHeader {
    fn schema_name() -> Cow<'static, str> {
        "ClaimHeader".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "examples": ["x-user-id: sub"] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_and_a_claim_are_read_and_written_alike() {
        for text in ["x-user-id: sub", "x-roles: https://example.org/roles", "x-claims: *"] {
            let read: ClaimHeader = text.parse().expect(text);
            assert_eq!(read.to_string(), text);
        }
        let loose: ClaimHeader = " X-User-Id :sub ".parse().expect("spaces");
        assert_eq!(loose, ClaimHeader::of_subject());
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_words() {
        for (text, words) in [
            ("x-user-id", "like \"x-user-id: sub\""),
            ("x-user-id:", "like \"x-user-id: sub\""),
            ("x user: sub", "is no name of a header"),
            ("Authorization: sub", "has a meaning of its own"),
            ("Content-Length: sub", "has a meaning of its own"),
            ("x-forwarded-for: sub", "has a meaning of its own"),
        ] {
            let mistake = text.parse::<ClaimHeader>().expect_err(text);
            assert!(mistake.contains(words), "{mistake}");
        }
    }
}
