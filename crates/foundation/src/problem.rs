//! Every error a client may see: an RFC 9457 problem document with a stable code.
//!
//! Rooms have errors of their own that know no HTTP; each room turns them into a [`Problem`] in one place. Which
//! status a code answers with is decided in one table, here.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum_core::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $status:ident, $code:literal, $title:literal;)+) => {
        /// A stable, machine-readable name of what went wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* #[doc = $title] $name),+ }

        impl Code {
            /// Every code there is, for the API reference.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The code as clients compare it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// The HTTP status this code is answered with.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status),+ }
            }

            /// A short summary of the kind of problem.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title),+ }
            }
        }
    };
}

codes! {
    MalformedJson = BAD_REQUEST, "malformed_json", "The body is not valid JSON";
    MalformedRequest = BAD_REQUEST, "malformed_request", "The request is malformed";
    InvalidInput = BAD_REQUEST, "invalid_input", "Some fields are not valid";
    Unauthenticated = UNAUTHORIZED, "unauthenticated", "Sign in first";
    InvalidCredentials = UNAUTHORIZED, "invalid_credentials", "Sign-in refused";
    SignInExpired = UNAUTHORIZED, "sign_in_expired", "This sign-in is over";
    Forbidden = FORBIDDEN, "forbidden", "You may not do this";
    InsufficientScope = FORBIDDEN, "insufficient_scope", "This token may not do this";
    ReauthenticationRequired = FORBIDDEN, "reauthentication_required", "Confirm that it is you";
    SecondFactorRequired = FORBIDDEN, "second_factor_required", "A second factor is required";
    WrongPassword = FORBIDDEN, "wrong_password", "The password is wrong";
    WrongCode = FORBIDDEN, "wrong_code", "The code is wrong";
    PasskeyRefused = FORBIDDEN, "passkey_refused", "The passkey was refused";
    CrossSiteRequest = FORBIDDEN, "cross_site_request", "The request came from another site";
    CsrfTokenRequired = FORBIDDEN, "csrf_token_required", "A CSRF token is required";
    NotFound = NOT_FOUND, "not_found", "There is nothing here";
    LinkInvalid = NOT_FOUND, "link_invalid", "This link is not valid";
    MethodNotAllowed = METHOD_NOT_ALLOWED, "method_not_allowed", "This method is not allowed here";
    RequestTimeout = REQUEST_TIMEOUT, "request_timeout", "The request took too long";
    UsernameTaken = CONFLICT, "username_taken", "This username is taken";
    EmailTaken = CONFLICT, "email_taken", "This e-mail address has an account";
    AlreadyEnabled = CONFLICT, "already_enabled", "This is set up already";
    NotEnabled = CONFLICT, "not_enabled", "This is not set up";
    LastAdministrator = CONFLICT, "last_administrator", "Somebody has to run the installation";
    AccountDisabled = CONFLICT, "account_disabled", "The account is disabled";
    GateRefused = CONFLICT, "gate_refused", "The gate refuses";
    TooMany = CONFLICT, "too_many", "There are too many of these";
    LinkExpired = GONE, "link_expired", "This link has expired";
    LinkUsed = GONE, "link_used", "This link has been used";
    BodyTooLarge = PAYLOAD_TOO_LARGE, "body_too_large", "The body is too large";
    UnsupportedMediaType = UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", "The body must be JSON";
    TooManyRequests = TOO_MANY_REQUESTS, "too_many_requests", "Too many requests";
    Internal = INTERNAL_SERVER_ERROR, "internal", "Something went wrong on our side";
    BadGateway = BAD_GATEWAY, "bad_gateway", "The application did not answer";
    Busy = SERVICE_UNAVAILABLE, "busy", "The server is busy";
    Maintenance = SERVICE_UNAVAILABLE, "maintenance", "Maintenance is under way";
    Unavailable = SERVICE_UNAVAILABLE, "unavailable", "The service is not available";
    GatewayTimeout = GATEWAY_TIMEOUT, "gateway_timeout", "The application took too long";
}

/// What is wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// The field's name, as the client sent it.
    pub field: String,
    /// A stable name of the rule that was broken.
    pub code: String,
    /// The rule in words a person understands.
    pub message: String,
}

impl FieldError {
    /// A broken rule of a field.
    pub fn new(field: impl Into<String>, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), code: code.into(), message: message.into() }
    }
}

/// The body of every error answer: RFC 9457 problem details, extended by `code`, `errors` and `request_id`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProblemDocument {
    /// A URI that names the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// A short summary of the kind of problem.
    pub title: String,
    /// The HTTP status, repeated for those who only keep the body.
    pub status: u16,
    /// A stable, machine-readable name of what went wrong.
    pub code: String,
    /// What happened in this case, and what to do.
    pub detail: String,
    /// What is wrong with each field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Name this when you ask the operator about the problem.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// An error on its way to a client.
#[derive(Debug, Clone)]
pub struct Problem {
    code: Code,
    detail: String,
    errors: Vec<FieldError>,
    retry_after: Option<Duration>,
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

impl Problem {
    /// A problem with words for the person who meets it: what happened, and what to do.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), errors: Vec::new(), retry_after: None, cause: None }
    }

    /// Something that is our fault. The cause is logged once and never sent.
    pub fn internal(cause: impl Error + Send + Sync + 'static) -> Self {
        Self::new(Code::Internal, "The request could not be completed. Please try again later.")
            .because(cause)
    }

    /// Fields that are not as they should be, all of them at once.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [only] => format!("{}: {}.", only.field, only.message),
            _ => format!("{} fields need your attention.", errors.len()),
        };
        Self { errors, ..Self::new(Code::InvalidInput, detail) }
    }

    /// Attaches what lies behind the problem, for the log only.
    pub fn because(mut self, cause: impl Error + Send + Sync + 'static) -> Self {
        self.cause = Some(Arc::new(cause));
        self
    }

    /// Tells the client when to try again.
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// When the client should try again, if that is known.
    pub fn wait(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The stable code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The error behind this problem and everything behind that, for the log.
    pub fn causes(&self) -> Option<String> {
        Some(with_causes(self.cause.as_deref()?))
    }

    /// The document sent to the client.
    pub fn document(&self, request_id: Option<String>) -> ProblemDocument {
        ProblemDocument {
            kind: format!("urn:mainstay:problem:{}", self.code.as_str()),
            title: self.code.title().to_owned(),
            status: self.code.status().as_u16(),
            code: self.code.as_str().to_owned(),
            detail: self.detail.clone(),
            errors: self.errors.clone(),
            request_id,
        }
    }

    /// The answer, with the id of the request it belongs to.
    pub fn respond(&self, request_id: Option<String>) -> Response {
        let body = serde_json::to_vec(&self.document(request_id)).unwrap_or_default();
        let mut response = (self.code.status(), body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(wait) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        }
        response
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.detail)
    }
}

impl Error for Problem {}

/// The answer carries the problem itself among its extensions, so that the outermost layer can log its causes once
/// and add the request's id.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.respond(None);
        response.extensions_mut().insert(self);
        response
    }
}

/// An error and everything behind it, in one line for the log.
pub fn with_causes(error: &dyn Error) -> String {
    let chain = std::iter::successors(Some(error), |&error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_unique_and_are_errors() {
        let unique: HashSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(unique.len(), Code::ALL.len());
        assert!(Code::ALL.iter().all(|c| c.status().is_client_error() || c.status().is_server_error()));
    }

    // ASVS 16.5.1
    #[test]
    fn the_cause_is_for_the_log_and_must_not_reach_the_client() {
        let problem = Problem::internal(std::io::Error::other("password=hunter2"));
        let sent = serde_json::to_string(&problem.document(None)).expect("serialisable");
        assert!(!sent.contains("hunter2"), "{sent}");
        assert_eq!(problem.causes().as_deref(), Some("password=hunter2"));
    }

    #[test]
    fn all_broken_fields_are_named_at_once() {
        let problem = Problem::invalid(vec![
            FieldError::new("email", "email", "must be an e-mail address"),
            FieldError::new("password", "length", "must have 8 to 256 characters"),
        ]);
        insta::assert_json_snapshot!(problem.document(Some("abc".into())), @r#"
        {
          "type": "urn:mainstay:problem:invalid_input",
          "title": "Some fields are not valid",
          "status": 400,
          "code": "invalid_input",
          "detail": "2 fields need your attention.",
          "errors": [
            {
              "field": "email",
              "code": "email",
              "message": "must be an e-mail address"
            },
            {
              "field": "password",
              "code": "length",
              "message": "must have 8 to 256 characters"
            }
          ],
          "request_id": "abc"
        }
        "#);
    }
}
