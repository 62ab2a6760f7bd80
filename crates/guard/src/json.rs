//! Reads JSON bodies strictly: nothing reaches a handler that its type and its rules do not allow.
//!
//! Three steps, each with its own answer: the text is JSON without a name given twice ([`strict`]); its values have
//! the right types ([`types`]); every rule of every field holds ([`rules`]). No answer repeats a value: it might be a
//! password.

mod rules;
mod strict;
mod types;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{FromRequest, Request};
use foundation::{Code, FieldError, Problem};
use http::{HeaderMap, header};
use serde::de::DeserializeOwned;

pub use rules::broken;

pub(crate) const SEND_JSON: &str = "Send the body as JSON, with the header Content-Type: application/json.";

/// What stands in for a field's name when the body as a whole is meant.
const WHOLE_BODY: &str = "$";

/// A JSON body that has the shape of `T` and keeps all of its rules.
///
/// `T` should have `#[serde(deny_unknown_fields)]`. The answers when a body is refused:
/// `unsupported_media_type`, `body_too_large`, `malformed_json` with line and column, or `invalid_input` with an entry
/// for the first field of the wrong type, or for all fields that break a rule. The entries' codes are `type`, `value`,
/// `missing`, `unknown`, `duplicate`, `choice`, `length`, and `invalid`, and for rules the name of the rule as garde
/// spells it (`length`, `range`, `email`, ...) or the code that was given to [`broken`].
#[derive(Debug, Clone, Copy)]
pub struct ValidJson<T>(pub T);

impl<S, T> FromRequest<S> for ValidJson<T>
where
    S: Send + Sync,
    T: DeserializeOwned + garde::Validate<Context = ()>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_plain_json(request.headers()) {
            return Err(Problem::new(Code::UnsupportedMediaType, SEND_JSON));
        }
        let body = Bytes::from_request(request, state).await.map_err(|rejection| unread(&rejection))?;
        parse(&body).map(Self)
    }
}

/// Whether the body says that it is JSON (RFC 8259; `+json`: RFC 6839), and not compressed. A page of another site
/// cannot send this type without asking first (Fetch standard, "CORS-safelisted request-header").
fn is_plain_json(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let compressed = headers.contains_key(header::CONTENT_ENCODING)
        && !text(header::CONTENT_ENCODING).is_some_and(|coding| coding.eq_ignore_ascii_case("identity"));
    let kind = text(header::CONTENT_TYPE).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let json = match essence.strip_prefix("application/") {
        Some(subtype) => {
            subtype == "json" || subtype.strip_suffix("+json").is_some_and(|name| !name.is_empty())
        }
        None => false,
    };
    json && !compressed
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
    strict::check(text).map_err(|flaw| match flaw {
        strict::Flaw::Syntax(reason) => malformed(&reason),
        strict::Flaw::Duplicate(field) => {
            Problem::invalid(vec![FieldError::new(field, "duplicate", "is given more than once")])
        }
    })?;
    // Lists would be taken for objects whose fields come in order, unknown and doubled ones too.
    if !text.trim_ascii_start().starts_with('{') {
        return Err(Problem::invalid(vec![FieldError::new(WHOLE_BODY, "type", "must be an object")]));
    }
    let value: T = types::read(text).map_err(|error| Problem::invalid(vec![error]))?;
    rules::check(&value, text).map_err(Problem::invalid)?;
    Ok(value)
}

fn malformed(reason: &str) -> Problem {
    Problem::new(Code::MalformedJson, format!("The body cannot be read as JSON: {reason}."))
}

/// A field's name for an answer. Clients make up names, too; an absurd one is cut.
fn shown(path: &str) -> String {
    const LONGEST: usize = 80;
    match path.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &path[..end]),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests;
