//! Signing up, confirming the address, and the first administrator.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use foundation::problem::ProblemDocument;
use foundation::{Problem, SecretString};
use garde::Validate;
use guard::ValidJson;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::input::{a_length, a_username, an_address, check_password, email, identity, token};
use super::sign_in::welcomed;
use crate::visitor::Visitor;
use crate::{Accounts, actions};

/// A wish for an account.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignUp {
    /// An address that mail reaches.
    #[garde(custom(an_address))]
    #[schema(max_length = 254, format = "email", example = "ada@example.org")]
    email: String,
    /// The name others will see: 3 to 50 letters, digits, `_` and `-`.
    #[garde(custom(a_username))]
    #[schema(min_length = 3, max_length = 50, pattern = "^[A-Za-z0-9_-]+$", example = "ada")]
    username: String,
    /// 8 to 256 characters of any kind, that cannot be guessed from lists of passwords or from the address and the name.
    #[garde(custom(a_length))]
    #[schema(value_type = String, format = "password", min_length = 8, max_length = 256)]
    password: SecretString,
}

/// The first administrator, and the secret of the link that may create them.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Setup {
    /// What follows `#token=` in the link that the server printed.
    #[garde(skip)]
    #[schema(value_type = String)]
    token: SecretString,
    /// The administrator's address.
    #[garde(custom(an_address))]
    #[schema(max_length = 254, format = "email")]
    email: String,
    /// The name others will see: 3 to 50 letters, digits, `_` and `-`.
    #[garde(custom(a_username))]
    #[schema(min_length = 3, max_length = 50, pattern = "^[A-Za-z0-9_-]+$")]
    username: String,
    /// 8 to 256 characters of any kind, that cannot be guessed from lists of passwords or from the address and the name.
    #[garde(custom(a_length))]
    #[schema(value_type = String, format = "password", min_length = 8, max_length = 256)]
    password: SecretString,
}

/// The secret of a confirmation link, and the password that was chosen with it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VerifyEmail {
    /// What follows `#token=` in the link.
    #[garde(skip)]
    #[schema(value_type = String)]
    token: SecretString,
    /// The password that was chosen at the sign-up.
    #[garde(skip)]
    #[schema(value_type = String, format = "password")]
    password: SecretString,
}

/// The address whose confirmation should be sent again.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ResendVerification {
    /// The address that was signed up with.
    #[garde(custom(an_address))]
    #[schema(max_length = 254, format = "email")]
    email: String,
}

/// The request was taken; what follows goes by mail.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Accepted {
    /// What to do next.
    message: &'static str,
}

/// Create an account.
///
/// The answer is the same whether or not the address has an account already; a mail to it says which.
#[utoipa::path(post, path = "/api/auth/signup", tag = "accounts", extensions(("x-audit" = json!([actions::SIGN_UP]))), request_body = SignUp, responses(
    (status = 202, body = Accepted),
    (status = 400, description = "`invalid_input`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`username_taken`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 429, description = "`too_many_requests`; see `Retry-After`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn sign_up(
    State(accounts): State<Accounts>,
    visitor: Visitor,
    ValidJson(wish): ValidJson<SignUp>,
) -> Result<impl IntoResponse, Problem> {
    let (email, username) = identity(&wish.email, &wish.username)?;
    check_password(&accounts, &visitor, "password", &wish.password, email.clone(), username.clone()).await?;
    accounts.sign_up(&email, &username, &wish.password, &visitor).await?;
    Ok(accepted("We have sent a mail to this address. Follow the link in it to use the account."))
}

/// Confirm an address with the link from the mail and the password that was chosen, and sign in.
#[utoipa::path(post, path = "/api/auth/verify-email", tag = "accounts", extensions(("x-audit" = json!([actions::EMAIL_CONFIRM, actions::SIGN_IN]))), request_body = VerifyEmail, responses(
    (status = 200, body = super::me::Me),
    (status = 403, description = "`wrong_password`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`link_invalid`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`username_taken`: somebody else confirmed this name first", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 410, description = "`link_expired` or `link_used`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 429, description = "`too_many_requests`; see `Retry-After`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn verify_email(
    State(accounts): State<Accounts>,
    visitor: Visitor,
    ValidJson(body): ValidJson<VerifyEmail>,
) -> Result<Response, Problem> {
    let welcome = accounts.verify_email(&token(&body.token)?, &body.password, &visitor).await?;
    Ok(welcomed(&accounts, StatusCode::OK, &welcome))
}

/// Send the confirmation mail again.
///
/// The answer is the same whether or not there is something to confirm.
#[utoipa::path(post, path = "/api/auth/resend-verification", tag = "accounts", extensions(("x-not-audited" = json!("sends the mail of a sign-up that is on record once more"))), request_body = ResendVerification, responses(
    (status = 202, body = Accepted),
    (status = 400, description = "`invalid_input`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 429, description = "`too_many_requests`; see `Retry-After`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn resend_verification(
    State(accounts): State<Accounts>,
    visitor: Visitor,
    ValidJson(wish): ValidJson<ResendVerification>,
) -> Result<impl IntoResponse, Problem> {
    accounts.resend_verification(&email(&wish.email)?, &visitor).await?;
    Ok(accepted("We have sent a mail to this address. If there is something to confirm, it has a new link."))
}

/// Create the first administrator with the link that the server printed when it started.
#[utoipa::path(post, path = "/api/auth/setup", tag = "accounts", extensions(("x-audit" = json!([actions::ADMINISTRATOR_CREATE, actions::SIGN_IN]))), request_body = Setup, responses(
    (status = 201, description = "Signed in as the administrator", body = super::me::Me),
    (status = 404, description = "`link_invalid`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`username_taken` or `email_taken`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 410, description = "`link_expired` or `link_used`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn set_up(
    State(accounts): State<Accounts>,
    visitor: Visitor,
    ValidJson(wish): ValidJson<Setup>,
) -> Result<Response, Problem> {
    let (email, username) = identity(&wish.email, &wish.username)?;
    check_password(&accounts, &visitor, "password", &wish.password, email.clone(), username.clone()).await?;
    let link = token(&wish.token)?;
    let welcome = accounts.create_administrator(&link, &email, &username, &wish.password, &visitor).await?;
    Ok(welcomed(&accounts, StatusCode::CREATED, &welcome))
}

pub(super) fn accepted(message: &'static str) -> impl IntoResponse {
    (StatusCode::ACCEPTED, Json(Accepted { message }))
}
