//! Signing in, staying signed in, and signing out.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use foundation::problem::ProblemDocument;
use foundation::{Problem, SecretString, Timestamp};
use garde::Validate;
use guard::ValidJson;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::cookies;
use super::input::LONGEST_CODE;
use super::me::Me;
use crate::sign_in::{Factors, SecondStep, SignIn, Welcome};
use crate::visitor::Visitor;
use crate::{Accounts, AccountsError, Email, actions};

/// What somebody signs in with.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Login {
    /// The confirmed address.
    #[garde(length(chars, max = 320))]
    #[schema(format = "email", example = "ada@example.org")]
    email: String,
    /// The password, exactly as it was chosen.
    #[garde(skip)]
    #[schema(value_type = String, format = "password")]
    password: SecretString,
}

/// A code of the authenticator app, or a backup code.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SecondFactorCode {
    /// Six digits, or a backup code. Spaces do not matter.
    #[garde(length(chars, max = LONGEST_CODE))]
    pub(super) code: String,
}

/// The password was right; something else is needed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SecondStepNeeded {
    /// What can be shown: any one of these.
    methods: Vec<SecondFactorMethod>,
    /// When the sign-in has to be begun again.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Something to show besides the password.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum SecondFactorMethod {
    /// A code of an authenticator app.
    Totp,
    /// A backup code.
    BackupCode,
    /// A passkey.
    Passkey,
}

/// A session that goes on.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Refreshed {
    /// When the access token has to be renewed.
    #[schema(value_type = String, format = DateTime)]
    access_expires_at: Timestamp,
    /// When the session ends, whatever happens.
    #[schema(value_type = String, format = DateTime)]
    session_expires_at: Timestamp,
}

/// Hands a browser its session.
pub(super) fn welcomed(accounts: &Accounts, status: StatusCode, welcome: &Welcome) -> Response {
    let cookies = cookies::keep(accounts, &welcome.credentials);
    (status, cookies, Json(Me::of(accounts, welcome))).into_response()
}

/// Sign in.
///
/// The session is carried by the cookies `__Host-auth_token` and `__Host-refresh_token`, out of reach of scripts.
#[utoipa::path(post, path = "/api/auth/login", tag = "accounts", extensions(("x-audit" = json!([actions::SIGN_IN]))), request_body = Login, responses(
    (status = 200, body = Me, headers(("set-cookie" = String, description = "The session"))),
    (status = 202, description = "The password is right; a second factor is needed", body = SecondStepNeeded),
    (status = 401, description = "`invalid_credentials`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 429, description = "`too_many_requests`; see `Retry-After`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 503, description = "`busy`; see `Retry-After`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn sign_in(
    State(accounts): State<Accounts>,
    visitor: Visitor,
    ValidJson(credentials): ValidJson<Login>,
) -> Result<Response, Problem> {
    // Nobody can have an address that is none, and everybody can see that.
    let email = Email::parse(&credentials.email).ok_or(AccountsError::InvalidCredentials)?;
    match accounts.sign_in(&email, &credentials.password, &visitor).await? {
        SignIn::Done(welcome) => Ok(welcomed(&accounts, StatusCode::OK, &welcome)),
        SignIn::SecondStep(SecondStep { token, expires_at, factors }) => {
            let needed = SecondStepNeeded { methods: methods(factors), expires_at };
            Ok((StatusCode::ACCEPTED, cookies::ceremony(&token), Json(needed)).into_response())
        }
    }
}

fn methods(factors: Factors) -> Vec<SecondFactorMethod> {
    let Factors { totp, backup_codes, passkeys } = factors;
    [
        (totp, SecondFactorMethod::Totp),
        (passkeys, SecondFactorMethod::Passkey),
        (backup_codes, SecondFactorMethod::BackupCode),
    ]
    .into_iter()
    .filter_map(|(has, method)| has.then_some(method))
    .collect()
}

/// Complete a sign-in with a code.
#[utoipa::path(post, path = "/api/auth/2fa/verify", tag = "second factor", extensions(("x-audit" = json!([actions::SIGN_IN, actions::SIGN_IN_SECOND_STEP, actions::BACKUP_CODE_USE]))), request_body = SecondFactorCode, responses(
    (status = 200, body = Me),
    (status = 401, description = "`sign_in_expired`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 403, description = "`wrong_code`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 429, description = "`too_many_requests`; see `Retry-After`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn second_step(
    State(accounts): State<Accounts>,
    visitor: Visitor,
    ValidJson(body): ValidJson<SecondFactorCode>,
) -> Result<Response, Problem> {
    let welcome = accounts.sign_in_with_code(&body.code, &visitor).await?;
    Ok(welcomed(&accounts, StatusCode::OK, &welcome))
}

/// Stay signed in: exchange the refresh token.
///
/// A refresh token that was used a moment ago may be used again, by tabs that wake up together; one that was used
/// before ends the session.
#[utoipa::path(post, path = "/api/auth/refresh", tag = "accounts", extensions(("x-audit" = json!([actions::REFRESH_REPLAY]))), responses(
    (status = 200, body = Refreshed, headers(("set-cookie" = String, description = "The session"))),
    (status = 401, description = "`unauthenticated`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn refresh(State(accounts): State<Accounts>, visitor: Visitor) -> Result<Response, Problem> {
    match accounts.refresh(&visitor).await {
        Ok(credentials) => {
            let body = Refreshed {
                access_expires_at: credentials.access_expires_at,
                session_expires_at: credentials.session.expires_at,
            };
            Ok((cookies::keep(&accounts, &credentials), Json(body)).into_response())
        }
        Err(error @ AccountsError::SessionOver) => {
            Ok((cookies::forget(), Problem::from(error)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Sign out.
///
/// Ends the session if there is one; signing out twice is no error.
#[utoipa::path(post, path = "/api/auth/logout", tag = "accounts", extensions(("x-audit" = json!([actions::SIGN_OUT, actions::REFRESH_REPLAY]))), responses((status = 204)))]
pub(super) async fn sign_out(
    State(accounts): State<Accounts>,
    visitor: Visitor,
) -> Result<impl IntoResponse, Problem> {
    accounts.sign_out(&visitor).await?;
    // What this browser still shows or keeps of the account goes with it (W3C Clear Site Data).
    Ok((StatusCode::NO_CONTENT, cookies::forget(), [("clear-site-data", "\"cache\"")]))
}
