//! Reads the query of an address as strictly as a body: each parameter once, none that is not known, all rules kept.

use std::borrow::Cow;

use axum::extract::FromRequestParts;
use foundation::{Code, Problem};
use http::request::Parts;
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use crate::json;

const MOST_BYTES: usize = 4096;
const MOST_PARAMETERS: usize = 64;

/// A query that has the parameters of `T` and keeps all of its rules.
///
/// A parameter is a text, a number or a truth value as in JSON, a choice, or an `Option` of these; there are no lists.
/// The answers when a query is refused: `malformed_request` for what cannot be decoded or is too long, and otherwise
/// `invalid_input` with the same entries as for [`ValidJson`](crate::ValidJson), where the same is said of `T`.
#[derive(Debug, Clone, Copy)]
pub struct ValidQuery<T>(pub T);

impl<T: DeserializeOwned + garde::Validate<Context = ()>> ValidQuery<T> {
    /// Reads what follows the `?` of an address.
    ///
    /// # Errors
    /// As for a request.
    pub fn from_text(query: &str) -> Result<Self, Problem> {
        let parameters = decode(query)?;
        json::read_words(parameters, query.len()).map(Self)
    }
}

impl<S, T> FromRequestParts<S> for ValidQuery<T>
where
    S: Send + Sync,
    T: DeserializeOwned + garde::Validate<Context = ()>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::from_text(parts.uri.query().unwrap_or_default())
    }
}

type Parameter<'a> = (Cow<'a, str>, Cow<'a, str>);

/// The names and values of a query, decoded as browsers encode them (URL standard, section 5.1).
fn decode(query: &str) -> Result<Vec<Parameter<'_>>, Problem> {
    if query.len() > MOST_BYTES {
        return Err(malformed(&format!("may have at most {MOST_BYTES} bytes")));
    }
    if !query.split('%').skip(1).all(begins_with_a_byte) {
        return Err(malformed("has a % that is not followed by two hexadecimal digits"));
    }
    let parameters: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    if parameters.len() > MOST_PARAMETERS {
        return Err(malformed(&format!("may have at most {MOST_PARAMETERS} parameters")));
    }
    // The decoder leaves this character where bytes are not UTF-8.
    let lossless = |(name, value): &Parameter<'_>| !name.contains('\u{fffd}') && !value.contains('\u{fffd}');
    if parameters.iter().all(lossless) { Ok(parameters) } else { Err(malformed("is not valid UTF-8")) }
}

fn begins_with_a_byte(text: &str) -> bool {
    text.as_bytes().first_chunk::<2>().is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

fn malformed(reason: &str) -> Problem {
    Problem::new(Code::MalformedRequest, format!("The query of the address {reason}."))
}

#[cfg(test)]
mod tests;
