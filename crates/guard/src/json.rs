//! Reads JSON bodies strictly: nothing reaches a handler that its type and its rules do not allow.
//!
//! Three steps: the text is JSON ([`node`]); its values have the types of the handler's, no more and no fewer
//! ([`reading`]); every rule of every field holds ([`rules`]). What the last two find is reported all at once
//! ([`mending`]). No answer repeats a value: it might be a password.

mod mending;
mod mistakes;
mod node;
mod path;
mod reading;
mod refusal;
mod rules;
mod stand_in;
mod word;

use std::borrow::Cow;

use axum::body::Bytes;
use axum::body::HttpBody as _;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{FromRequest, OptionalFromRequest, Request};
use foundation::{Code, FieldError, Problem};
use http::{HeaderMap, header};
use serde::de::DeserializeOwned;

use mistakes::Mistakes;
use node::{Members, Node};
pub use refusal::refused;
pub use rules::broken;

const SEND_PLAINLY: &str = "Send the body without compression, and without the header Content-Encoding.";
pub(crate) const SEND_JSON: &str = "Send the body as JSON, with the header Content-Type: application/json.";

/// A JSON body that has the shape of `T` and keeps all of its rules.
///
/// The answers when a body is refused: `unsupported_media_type`, `body_too_large`, `malformed_json` with line and
/// column, or `invalid_input` with an entry for everything that is wrong. The entries' codes are `type`, `value`,
/// `missing`, `unknown`, `duplicate`, `choice`, `length`, `invalid`, what a type gave to [`refused`], and for rules the
/// name of the rule as garde spells it (`length`, `range`, `email`, ...) or what was given to [`broken`]; and last,
/// when not all could be listed, `more`.
///
/// Unknown fields are refused, whether or not `T` says so. Only where serde copies what it reads, for `flatten`, `tag`
/// and `untagged`, `#[serde(deny_unknown_fields)]` is needed, and mistakes inside such a field are reported one by one.
/// A field that is renamed beyond case and underscores has to tell garde, too: `#[garde(rename = "type")]`.
#[derive(Debug, Clone, Copy)]
pub struct ValidJson<T>(pub T);

impl<T: DeserializeOwned + garde::Validate<Context = ()>> ValidJson<T> {
    /// Reads what does not come as a request's body, such as the message of a socket.
    ///
    /// # Errors
    /// As for a body.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Problem> {
        parse(bytes).map(Self)
    }
}

impl<S, T> FromRequest<S> for ValidJson<T>
where
    S: Send + Sync,
    T: DeserializeOwned + garde::Validate<Context = ()>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(Code::UnsupportedMediaType, SEND_JSON));
        }
        if is_compressed(request.headers()) {
            return Err(Problem::new(Code::UnsupportedMediaType, SEND_PLAINLY));
        }
        let body = Bytes::from_request(request, state).await.map_err(|rejection| unread(&rejection))?;
        Self::from_bytes(&body)
    }
}

/// A body that may be left out: then it has neither a type nor a byte.
impl<S, T> OptionalFromRequest<S> for ValidJson<T>
where
    S: Send + Sync,
    T: DeserializeOwned + garde::Validate<Context = ()>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Problem> {
        if !request.headers().contains_key(header::CONTENT_TYPE) && request.body().is_end_stream() {
            return Ok(None);
        }
        <Self as FromRequest<S>>::from_request(request, state).await.map(Some)
    }
}

/// Whether the body says that it is JSON (RFC 8259; `+json`: RFC 6839). A page of another site cannot send this type
/// without asking first (Fetch standard, "CORS-safelisted request-header").
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.strip_prefix("application/") {
        Some(subtype) => {
            subtype == "json" || subtype.strip_suffix("+json").is_some_and(|name| !name.is_empty())
        }
        None => false,
    }
}

fn is_compressed(headers: &HeaderMap) -> bool {
    let coding = headers.get(header::CONTENT_ENCODING);
    coding.is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

pub(crate) fn unread(rejection: &BytesRejection) -> Problem {
    match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
            Problem::new(Code::BodyTooLarge, crate::limits::TOO_LARGE)
        }
        _ => Problem::new(Code::MalformedRequest, "The body did not arrive completely."),
    }
}

fn parse<T: DeserializeOwned + garde::Validate<Context = ()>>(body: &[u8]) -> Result<T, Problem> {
    let text = str::from_utf8(body)
        .map_err(|error| malformed(&format!("it is not valid UTF-8 after byte {}", error.valid_up_to())))?;
    if text.trim_ascii().is_empty() {
        return Err(malformed("it is empty"));
    }
    let sent = Node::parse(text).map_err(|reason| malformed(&reason))?;
    if !matches!(sent, Node::Object(_)) {
        return Err(Problem::invalid(vec![FieldError::new(path::WHOLE, "type", "must be an object")]));
    }
    read(sent, text.len())
}

fn malformed(reason: &str) -> Problem {
    Problem::new(Code::MalformedJson, format!("The body cannot be read as JSON: {reason}."))
}

/// Reads a type from what was sent in `size` bytes, and checks its rules.
///
/// # Errors
/// `invalid_input`, with everything that is wrong.
fn read<T>(sent: Node<'_>, size: usize) -> Result<T, Problem>
where
    T: DeserializeOwned + garde::Validate<Context = ()>,
{
    match T::deserialize(&sent) {
        Ok(value) => match rules::broken_by(&value, &sent) {
            broken if broken.is_empty() => Ok(value),
            broken => Err(Mistakes::of(broken).into()),
        },
        Err(refusal) => Err(mending::mistakes::<T>(sent, size, refusal).into()),
    }
}

/// Reads a type from names and texts, such as those of a query of `size` bytes.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_words<'a, T>(
    words: impl IntoIterator<Item = (Cow<'a, str>, Cow<'a, str>)>,
    size: usize,
) -> Result<T, Problem>
where
    T: DeserializeOwned + garde::Validate<Context = ()>,
{
    let mut members = Members::default();
    for (name, text) in words {
        members.add(name, Node::Word(text));
    }
    read(Node::Object(members), size)
}

#[cfg(test)]
pub(crate) mod tests;
