//! Signing in and out, and who I am.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use foundation::problem::ProblemDocument;
use foundation::{Problem, SecretString};
use garde::Validate;
use guard::ValidJson;
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::cookie;
use crate::session::presented_token;
use crate::{Accounts, AccountsError, CurrentUser, Email, User};

/// What somebody signs in with.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignIn {
    /// The confirmed address.
    #[garde(length(chars, max = 320))]
    #[schema(format = "email", example = "ada@example.org")]
    email: String,
    /// The password, exactly as it was chosen.
    #[garde(skip)]
    #[schema(value_type = String, format = "password")]
    password: SecretString,
}

/// A token that lets this session change something without saying where the request comes from.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CsrfToken {
    /// To be sent in the header `X-CSRF-Token`.
    token: String,
}

/// Sign in.
///
/// The session is carried by the cookie `__Host-auth_token`, out of reach of scripts.
#[utoipa::path(post, path = "/api/auth/login", tag = "accounts", request_body = SignIn, responses(
    (status = 200, body = User, headers(("set-cookie" = String, description = "The session"))),
    (status = 401, description = "`invalid_credentials`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 503, description = "`busy`; see `Retry-After`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn sign_in(
    State(accounts): State<Accounts>,
    headers: HeaderMap,
    ValidJson(credentials): ValidJson<SignIn>,
) -> Result<impl IntoResponse, Problem> {
    let previous = presented_token(&headers);
    let signed_in = match Email::parse(&credentials.email) {
        Some(email) => accounts.sign_in(&email, &credentials.password, previous.as_ref()).await,
        // Nobody can have such an address, and everybody can see that.
        None => Err(AccountsError::InvalidCredentials),
    };
    let (user, token) = signed_in?;
    Ok((cookie::begin(&accounts, &token), Json(user)))
}

/// Sign out.
///
/// Ends the session if there is one; signing out twice is no error.
#[utoipa::path(post, path = "/api/auth/logout", tag = "accounts", responses((status = 204)))]
pub(super) async fn sign_out(
    State(accounts): State<Accounts>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    if let Some(token) = presented_token(&headers) {
        accounts.sign_out(&token).await?;
    }
    // What this browser still shows or keeps of the account goes with it (W3C Clear Site Data).
    Ok((StatusCode::NO_CONTENT, cookie::end(), [("clear-site-data", "\"cache\"")]))
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/auth/me", tag = "accounts", responses(
    (status = 200, body = User),
    (status = 401, description = "`unauthenticated`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn me(current: CurrentUser) -> Json<User> {
    Json(current.user().clone())
}

/// A CSRF token for clients that send neither `Sec-Fetch-Site` nor `Origin`.
#[utoipa::path(get, path = "/api/auth/csrf", tag = "accounts", responses(
    (status = 200, body = CsrfToken),
    (status = 401, description = "`unauthenticated`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn csrf_token(
    State(accounts): State<Accounts>,
    _current: CurrentUser,
    headers: HeaderMap,
) -> Result<Json<CsrfToken>, Problem> {
    let session = presented_token(&headers).ok_or(AccountsError::InvalidCredentials)?;
    Ok(Json(CsrfToken { token: accounts.csrf_key.token_for(session.reveal()) }))
}
