//! Signing up, confirming the address, and the first administrator.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use foundation::problem::ProblemDocument;
use foundation::{Code, ExposeSecret as _, Problem, SecretString, Token};
use garde::Validate;
use guard::{ValidJson, broken};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::cookie;
use crate::password::{self, Weakness};
use crate::{Accounts, AccountsError, Email, User, Username};

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
    /// 8 to 256 characters of any kind; not the address and not the name.
    #[garde(custom(a_password(&self.email, &self.username)))]
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
    /// 8 to 256 characters of any kind; not the address and not the name.
    #[garde(custom(a_password(&self.email, &self.username)))]
    #[schema(value_type = String, format = "password", min_length = 8, max_length = 256)]
    password: SecretString,
}

/// The secret of a confirmation link.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VerifyEmail {
    /// What follows `#token=` in the link.
    #[garde(skip)]
    #[schema(value_type = String)]
    token: SecretString,
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

/// An account whose address is confirmed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct VerifiedAccount {
    /// The confirmed address.
    email: String,
    /// The account's name.
    username: String,
}

/// Create an account.
///
/// The answer is the same whether or not the address has an account already; a mail to it says which.
#[utoipa::path(post, path = "/api/auth/signup", tag = "accounts", request_body = SignUp, responses(
    (status = 202, body = Accepted),
    (status = 400, description = "`invalid_input`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`username_taken`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn sign_up(
    State(accounts): State<Accounts>,
    ValidJson(wish): ValidJson<SignUp>,
) -> Result<impl IntoResponse, Problem> {
    let (email, username) = identity(&wish.email, &wish.username)?;
    accounts.sign_up(&email, &username, &wish.password).await?;
    Ok(accepted("We have sent a mail to this address. Follow the link in it to use the account."))
}

/// Confirm an address with the link from the mail.
#[utoipa::path(post, path = "/api/auth/verify-email", tag = "accounts", request_body = VerifyEmail, responses(
    (status = 200, body = VerifiedAccount),
    (status = 404, description = "`link_invalid`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`username_taken`: somebody else confirmed this name first", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 410, description = "`link_expired` or `link_used`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn verify_email(
    State(accounts): State<Accounts>,
    ValidJson(link): ValidJson<VerifyEmail>,
) -> Result<Json<VerifiedAccount>, Problem> {
    let User { email, username, .. } = accounts.verify_email(&token(&link.token)?).await?;
    Ok(Json(VerifiedAccount { email, username }))
}

/// Send the confirmation mail again.
///
/// The answer is the same whether or not there is something to confirm.
#[utoipa::path(post, path = "/api/auth/resend-verification", tag = "accounts", request_body = ResendVerification, responses(
    (status = 202, body = Accepted),
    (status = 400, description = "`invalid_input`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn resend_verification(
    State(accounts): State<Accounts>,
    ValidJson(wish): ValidJson<ResendVerification>,
) -> Result<impl IntoResponse, Problem> {
    let email = Email::parse(&wish.email).ok_or_else(unreadable)?;
    accounts.resend_verification(&email).await?;
    Ok(accepted("If there is something to confirm, a new mail is on its way to this address."))
}

/// Create the first administrator with the link that the server printed when it started.
#[utoipa::path(post, path = "/api/auth/setup", tag = "accounts", request_body = Setup, responses(
    (status = 201, description = "Signed in as the administrator", body = User),
    (status = 404, description = "`link_invalid`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`username_taken` or `email_taken`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 410, description = "`link_expired` or `link_used`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn set_up(
    State(accounts): State<Accounts>,
    ValidJson(wish): ValidJson<Setup>,
) -> Result<impl IntoResponse, Problem> {
    let (email, username) = identity(&wish.email, &wish.username)?;
    let link = token(&wish.token)?;
    let (user, session) = accounts.create_administrator(&link, &email, &username, &wish.password).await?;
    Ok((StatusCode::CREATED, cookie::begin(&accounts, &session), Json(user)))
}

fn accepted(message: &'static str) -> impl IntoResponse {
    (StatusCode::ACCEPTED, Json(Accepted { message }))
}

fn token(text: &SecretString) -> Result<Token, AccountsError> {
    Token::parse(text.expose_secret()).ok_or(AccountsError::LinkInvalid)
}

fn identity(email: &str, username: &str) -> Result<(Email, Username), Problem> {
    Email::parse(email).zip(Username::parse(username)).ok_or_else(unreadable)
}

/// For what validation has let through and parsing has not; the two are the same rule.
fn unreadable() -> Problem {
    Problem::new(Code::InvalidInput, "The e-mail address or the username is not valid.")
}

fn an_address(value: &str, (): &()) -> garde::Result {
    Email::parse(value)
        .map(drop)
        .ok_or_else(|| broken("email", "must be an e-mail address, such as ada@example.org"))
}

fn a_username(value: &str, (): &()) -> garde::Result {
    Username::parse(value).map(drop).ok_or_else(|| {
        broken("username", "must have 3 to 50 characters: letters without accents, digits, _ and -")
    })
}

fn a_password(email: &str, username: &str) -> impl FnOnce(&SecretString, &()) -> garde::Result {
    let identity = Email::parse(email).zip(Username::parse(username));
    move |value, ()| {
        let weakness = match &identity {
            Some((email, username)) => password::check(value.expose_secret(), email, username),
            None => password::check_length(value.expose_secret()),
        };
        weakness.map_err(|weakness| match weakness {
            Weakness::Length => broken("length", "must have 8 to 256 characters"),
            Weakness::SameAsIdentity => {
                broken("guessable", "must not be your e-mail address or your username")
            }
        })
    }
}
