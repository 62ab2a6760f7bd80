//! Passkeys: to sign in with, to complete a sign-in, and to look after.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use foundation::problem::ProblemDocument;
use foundation::{Problem, Timestamp, Uuid};
use garde::Validate;
use guard::ValidJson;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use webauthn_rs::prelude::{PublicKeyCredential, RegisterPublicKeyCredential};

use super::cookies;
use super::input::a_name;
use super::second_factor::shown;
use super::sign_in::welcomed;
use crate::entities::passkeys::Model;
use crate::identity::{Reauthenticated, SignedIn};
use crate::visitor::Visitor;
use crate::{Accounts, AccountsError, actions, queries};

/// What a browser needs to make or to use a passkey (W3C WebAuthn level 3, section 5.1).
#[derive(Serialize, ToSchema)]
pub(super) struct PasskeyOptions {
    /// For `parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`.
    #[serde(rename = "publicKey")]
    #[schema(value_type = Object)]
    public_key: Value,
}

impl PasskeyOptions {
    pub(super) fn new(options: &impl Serialize) -> Self {
        let mut options = serde_json::to_value(options).unwrap_or_default();
        Self { public_key: options["publicKey"].take() }
    }
}

/// What an authenticator answered, as `toJSON()` writes it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasskeyAnswer {
    /// The answer.
    #[garde(skip)]
    #[schema(value_type = Object)]
    credential: Value,
}

impl PasskeyAnswer {
    pub(super) fn credential(self) -> Result<PublicKeyCredential, AccountsError> {
        serde_json::from_value(self.credential).map_err(|_| AccountsError::PasskeyRefused)
    }
}

/// A new passkey.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPasskey {
    /// What to call it.
    #[garde(custom(a_name))]
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What the authenticator answered, as `toJSON()` writes it.
    #[garde(skip)]
    #[schema(value_type = Object)]
    credential: Value,
}

/// Another name for a passkey.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasskeyName {
    /// What to call it.
    #[garde(custom(a_name))]
    #[schema(min_length = 1, max_length = 100)]
    name: String,
}

/// A passkey.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Passkey)]
pub(super) struct PasskeyEntry {
    /// Its id.
    id: Uuid,
    /// What its owner calls it.
    name: String,
    /// When it was added.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When somebody last signed in with it.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
}

impl From<Model> for PasskeyEntry {
    fn from(Model { id, name, created_at, last_used_at, .. }: Model) -> Self {
        Self { id, name, created_at, last_used_at }
    }
}

/// Somebody's passkeys.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PasskeyList {
    /// The passkeys, oldest first.
    passkeys: Vec<PasskeyEntry>,
}

/// A passkey that was added.
#[derive(Serialize, ToSchema)]
pub(super) struct AddedPasskey {
    /// The passkey.
    passkey: PasskeyEntry,
    /// Backup codes, when it is the first second factor. Shown this once.
    backup_codes: Option<Vec<String>>,
}

/// Begin to sign in with a passkey alone.
#[utoipa::path(post, path = "/api/auth/passkey/start", tag = "passkeys", extensions(("x-not-audited" = json!("begins a ceremony; what comes of it is on record"))), responses(
    (status = 200, body = PasskeyOptions),
    (status = 409, description = "`not_enabled`: the site is reached by a number", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn start_passkey_sign_in(State(accounts): State<Accounts>) -> Result<Response, Problem> {
    let (options, token) = accounts.start_passkey_sign_in().await?;
    Ok((cookies::ceremony(&token), Json(PasskeyOptions::new(&options))).into_response())
}

/// Sign in with a passkey alone.
#[utoipa::path(post, path = "/api/auth/passkey/finish", tag = "passkeys", extensions(("x-audit" = json!([actions::SIGN_IN]))), request_body = PasskeyAnswer, responses(
    (status = 200, body = super::me::Me),
    (status = 401, description = "`sign_in_expired`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 403, description = "`passkey_refused`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn finish_passkey_sign_in(
    State(accounts): State<Accounts>,
    visitor: Visitor,
    ValidJson(answer): ValidJson<PasskeyAnswer>,
) -> Result<Response, Problem> {
    let welcome = accounts.finish_passkey_sign_in(&answer.credential()?, &visitor).await?;
    Ok(welcomed(&accounts, StatusCode::OK, &welcome))
}

/// Begin the second step of a sign-in with a passkey.
#[utoipa::path(post, path = "/api/auth/2fa/passkey/start", tag = "passkeys", extensions(("x-not-audited" = json!("begins a ceremony; what comes of it is on record"))), responses(
    (status = 200, body = PasskeyOptions),
    (status = 401, description = "`sign_in_expired`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn start_passkey_second_step(
    State(accounts): State<Accounts>,
    visitor: Visitor,
) -> Result<Json<PasskeyOptions>, Problem> {
    Ok(Json(PasskeyOptions::new(&accounts.start_second_step_by_passkey(&visitor).await?)))
}

/// Complete a sign-in with a passkey.
#[utoipa::path(post, path = "/api/auth/2fa/passkey/finish", tag = "passkeys", extensions(("x-audit" = json!([actions::SIGN_IN, actions::SIGN_IN_SECOND_STEP]))), request_body = PasskeyAnswer, responses(
    (status = 200, body = super::me::Me),
    (status = 401, description = "`sign_in_expired`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 403, description = "`passkey_refused`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn finish_passkey_second_step(
    State(accounts): State<Accounts>,
    visitor: Visitor,
    ValidJson(answer): ValidJson<PasskeyAnswer>,
) -> Result<Response, Problem> {
    let welcome = accounts.finish_second_step_by_passkey(&answer.credential()?, &visitor).await?;
    Ok(welcomed(&accounts, StatusCode::OK, &welcome))
}

/// My passkeys.
#[utoipa::path(get, path = "/api/auth/passkeys", tag = "passkeys", responses(
    (status = 200, body = PasskeyList),
    (status = 401, description = "`unauthenticated`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn list_passkeys(
    State(accounts): State<Accounts>,
    who: SignedIn,
) -> Result<Json<PasskeyList>, Problem> {
    let rows = accounts.read(|| queries::passkeys::of(accounts.store.reader(), who.user.id)).await;
    let rows = rows.map_err(AccountsError::from)?;
    Ok(Json(PasskeyList { passkeys: rows.into_iter().map(PasskeyEntry::from).collect() }))
}

/// Begin to add a passkey.
#[utoipa::path(post, path = "/api/auth/passkeys/register/start", tag = "passkeys", extensions(("x-not-audited" = json!("begins a ceremony; what comes of it is on record"))), responses(
    (status = 200, body = PasskeyOptions),
    (status = 403, description = "`reauthentication_required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`too_many`, or `not_enabled`: the site is reached by a number", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn start_passkey_registration(
    State(accounts): State<Accounts>,
    who: Reauthenticated,
) -> Result<Response, Problem> {
    let (options, token) = accounts.start_passkey_registration(&who).await?;
    Ok((cookies::ceremony(&token), Json(PasskeyOptions::new(&options))).into_response())
}

/// Add the passkey that the browser made.
#[utoipa::path(post, path = "/api/auth/passkeys/register/finish", tag = "passkeys", extensions(("x-audit" = json!([actions::PASSKEY_ADD]))), request_body = NewPasskey, responses(
    (status = 201, body = AddedPasskey),
    (status = 401, description = "`sign_in_expired`: it took too long", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 403, description = "`passkey_refused` or `reauthentication_required`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn finish_passkey_registration(
    State(accounts): State<Accounts>,
    who: Reauthenticated,
    visitor: Visitor,
    ValidJson(new): ValidJson<NewPasskey>,
) -> Result<Response, Problem> {
    let credential: RegisterPublicKeyCredential =
        serde_json::from_value(new.credential).map_err(|_| AccountsError::PasskeyRefused)?;
    let (row, codes) =
        accounts.finish_passkey_registration(&who, new.name.trim(), &credential, &visitor).await?;
    let added = AddedPasskey { passkey: row.into(), backup_codes: codes.as_deref().map(shown) };
    Ok((StatusCode::CREATED, Json(added)).into_response())
}

/// Call a passkey something else.
#[utoipa::path(patch, path = "/api/auth/passkeys/{id}", tag = "passkeys", extensions(("x-audit" = json!([actions::PASSKEY_RENAME]))), request_body = PasskeyName, responses(
    (status = 200, body = PasskeyEntry),
    (status = 404, description = "`not_found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn rename_passkey(
    State(accounts): State<Accounts>,
    who: SignedIn,
    visitor: Visitor,
    Path(id): Path<Uuid>,
    ValidJson(body): ValidJson<PasskeyName>,
) -> Result<Json<PasskeyEntry>, Problem> {
    Ok(Json(accounts.rename_passkey(who.user.id, id, body.name.trim(), &visitor).await?.into()))
}

/// Remove a passkey.
#[utoipa::path(delete, path = "/api/auth/passkeys/{id}", tag = "passkeys", extensions(("x-audit" = json!([actions::PASSKEY_REMOVE]))), responses(
    (status = 204),
    (status = 403, description = "`reauthentication_required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn remove_passkey(
    State(accounts): State<Accounts>,
    who: Reauthenticated,
    visitor: Visitor,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    accounts.remove_passkey(&who, id, &visitor).await?;
    Ok(StatusCode::NO_CONTENT)
}
