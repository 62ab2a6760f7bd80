//! Changing one's e-mail address.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use foundation::problem::ProblemDocument;
use foundation::{FieldError, Problem, SecretString};
use garde::Validate;
use guard::ValidJson;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::input::{an_address, email, token};
use super::sign_up::{Accepted, accepted};
use crate::identity::Reauthenticated;
use crate::visitor::Visitor;
use crate::{Accounts, actions};

/// A new address.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAddress {
    /// The address, which mail reaches.
    #[garde(custom(an_address))]
    #[schema(max_length = 254, format = "email")]
    new_email: String,
}

/// The secret of a link that confirms an address.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AddressLink {
    /// What follows `#token=` in the link.
    #[garde(skip)]
    #[schema(value_type = String)]
    token: SecretString,
}

/// An address that was confirmed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ConfirmedAddress {
    /// The address.
    email: String,
}

/// Ask for another address: a link goes there, and word of it to the present one.
#[utoipa::path(post, path = "/api/auth/email", tag = "accounts", extensions(("x-audit" = json!([actions::EMAIL_CHANGE_REQUEST]))), request_body = NewAddress, responses(
    (status = 202, body = Accepted),
    (status = 400, description = "`invalid_input`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 403, description = "`reauthentication_required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 429, description = "`too_many_requests`; see `Retry-After`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn change_email(
    State(accounts): State<Accounts>,
    who: Reauthenticated,
    visitor: Visitor,
    ValidJson(body): ValidJson<NewAddress>,
) -> Result<impl IntoResponse, Problem> {
    let new = email(&body.new_email)?;
    if new.as_str() == who.user().email {
        let words = "must be another one than your present address";
        return Err(Problem::invalid(vec![FieldError::new("new_email", "same_as_current", words)]));
    }
    accounts.ask_for_new_address(&who, &new, &visitor).await?;
    Ok(accepted("We have sent a mail to the new address. Follow the link in it to confirm the change."))
}

/// Confirm another address with the link from the mail.
#[utoipa::path(post, path = "/api/auth/email/confirm", tag = "accounts", extensions(("x-audit" = json!([actions::EMAIL_CHANGE]))), request_body = AddressLink, responses(
    (status = 200, body = ConfirmedAddress),
    (status = 404, description = "`link_invalid`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`email_taken`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 410, description = "`link_expired` or `link_used`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn confirm_email(
    State(accounts): State<Accounts>,
    visitor: Visitor,
    ValidJson(body): ValidJson<AddressLink>,
) -> Result<Json<ConfirmedAddress>, Problem> {
    let email = accounts.confirm_new_address(&token(&body.token)?, &visitor).await?;
    Ok(Json(ConfirmedAddress { email }))
}
