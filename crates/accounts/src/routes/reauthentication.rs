//! Showing again who one is, before a sensitive change.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use foundation::problem::ProblemDocument;
use foundation::{Problem, SecretString, Timestamp};
use garde::Validate;
use guard::ValidJson;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::cookies;
use super::input::LONGEST_CODE;
use super::passkeys::{PasskeyAnswer, PasskeyOptions};
use crate::identity::SignedIn;
use crate::sign_in::Welcome;
use crate::visitor::Visitor;
use crate::{Accounts, actions};

/// Who one is, again.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reauthentication {
    /// The password.
    #[garde(skip)]
    #[schema(value_type = String, format = "password")]
    password: SecretString,
    /// A code of the authenticator app or a backup code, for who has a second factor.
    #[garde(inner(length(chars, max = LONGEST_CODE)))]
    #[serde(default)]
    code: Option<String>,
}

/// For how long sensitive changes are possible.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReauthenticatedUntil {
    /// Until when.
    #[schema(value_type = Option<String>, format = DateTime)]
    reauthenticated_until: Option<Timestamp>,
}

fn reauthenticated(accounts: &Accounts, welcome: &Welcome) -> Response {
    let until = accounts.reauthenticated_until(&welcome.credentials.session);
    let body = ReauthenticatedUntil { reauthenticated_until: until };
    (cookies::keep(accounts, &welcome.credentials), Json(body)).into_response()
}

/// Confirm that it is me: with the password, and a code if I have a second factor.
#[utoipa::path(post, path = "/api/auth/reauthenticate", tag = "accounts", extensions(("x-audit" = json!([actions::REAUTHENTICATE, actions::BACKUP_CODE_USE]))), request_body = Reauthentication, responses(
    (status = 200, body = ReauthenticatedUntil),
    (status = 403, description = "`wrong_password` or `wrong_code`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 429, description = "`too_many_requests`; see `Retry-After`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn reauthenticate(
    State(accounts): State<Accounts>,
    who: SignedIn,
    visitor: Visitor,
    ValidJson(body): ValidJson<Reauthentication>,
) -> Result<Response, Problem> {
    let welcome = accounts.reauthenticate(&who, &body.password, body.code.as_deref(), &visitor).await?;
    Ok(reauthenticated(&accounts, &welcome))
}

/// Begin to confirm with a passkey that it is me.
#[utoipa::path(post, path = "/api/auth/reauthenticate/passkey/start", tag = "passkeys", extensions(("x-not-audited" = json!("begins a ceremony; what comes of it is on record"))), responses(
    (status = 200, body = PasskeyOptions),
    (status = 409, description = "`not_enabled`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn start_passkey_reauthentication(
    State(accounts): State<Accounts>,
    who: SignedIn,
) -> Result<Response, Problem> {
    let (options, token) = accounts.start_reauthentication_by_passkey(&who).await?;
    Ok((cookies::ceremony(&token), Json(PasskeyOptions::new(&options))).into_response())
}

/// Confirm with a passkey that it is me.
#[utoipa::path(post, path = "/api/auth/reauthenticate/passkey/finish", tag = "passkeys", extensions(("x-audit" = json!([actions::REAUTHENTICATE]))), request_body = PasskeyAnswer, responses(
    (status = 200, body = ReauthenticatedUntil),
    (status = 401, description = "`sign_in_expired`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 403, description = "`passkey_refused`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn finish_passkey_reauthentication(
    State(accounts): State<Accounts>,
    who: SignedIn,
    visitor: Visitor,
    ValidJson(answer): ValidJson<PasskeyAnswer>,
) -> Result<Response, Problem> {
    let welcome = accounts.finish_reauthentication_by_passkey(&who, &answer.credential()?, &visitor).await?;
    Ok(reauthenticated(&accounts, &welcome))
}
