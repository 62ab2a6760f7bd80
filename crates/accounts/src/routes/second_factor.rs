//! The authenticator app and the backup codes.

use axum::Json;
use axum::extract::State;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use foundation::problem::ProblemDocument;
use foundation::{Problem, Timestamp};
use guard::ValidJson;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::sign_in::SecondFactorCode;
use crate::factors::backup_codes::BackupCode;
use crate::factors::qr::Qr;
use crate::identity::{Reauthenticated, SignedIn};
use crate::visitor::Visitor;
use crate::{Accounts, actions};

/// What somebody has besides their password.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SecondFactors {
    /// The authenticator app.
    totp: Option<TotpFactor>,
    /// How many backup codes are left.
    backup_codes_left: u64,
    /// Whether this installation wants a second factor.
    required: bool,
}

/// An authenticator app.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TotpFactor {
    /// When it was set up.
    #[schema(value_type = String, format = DateTime)]
    enabled_at: Timestamp,
}

/// What an authenticator app needs. Shown until a code of it is entered, for ten minutes at most.
#[derive(Serialize, ToSchema)]
pub(super) struct TotpSetup {
    /// The seed, to be typed: base32 in groups of four.
    secret: String,
    /// The same as an `otpauth` address.
    uri: String,
    /// The same as a picture: a `data:` address of a PNG.
    qr_png: String,
    /// The same as a picture made of characters, for terminals.
    qr_text: String,
}

/// An authenticator app is set up.
#[derive(Serialize, ToSchema)]
pub(super) struct TotpEnabled {
    /// Backup codes, shown this once; none when there were some already.
    backup_codes: Option<Vec<String>>,
}

/// Codes that are shown this once. Each works once, in the place of the second factor.
#[derive(Serialize, ToSchema)]
pub(super) struct BackupCodes {
    /// The codes.
    backup_codes: Vec<String>,
}

pub(super) fn shown(codes: &[BackupCode]) -> Vec<String> {
    codes.iter().map(|code| code.reveal().to_owned()).collect()
}

/// What I have besides my password.
#[utoipa::path(get, path = "/api/auth/2fa", tag = "second factor", responses(
    (status = 200, body = SecondFactors),
    (status = 401, description = "`unauthenticated`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn second_factors(
    State(accounts): State<Accounts>,
    who: SignedIn,
) -> Result<Json<SecondFactors>, Problem> {
    let factors = accounts.factors_of(who.user.id).await?;
    Ok(Json(SecondFactors {
        totp: factors.totp_since.map(|enabled_at| TotpFactor { enabled_at }),
        backup_codes_left: factors.backup_codes_left,
        required: accounts.wants_second_factor(who.user.role),
    }))
}

/// Begin to set up an authenticator app. Asked again within ten minutes, the answer is the same.
#[utoipa::path(get, path = "/api/auth/2fa/setup", tag = "second factor", extensions(("x-not-audited" = json!("begins an enrolment; what comes of it is on record"))), responses(
    (status = 200, body = TotpSetup),
    (status = 403, description = "`reauthentication_required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`already_enabled`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn set_up_totp(
    State(accounts): State<Accounts>,
    who: Reauthenticated,
) -> Result<Json<TotpSetup>, Problem> {
    let enrolment = accounts.enrol_totp(&who).await?;
    let qr = Qr::new(&enrolment.uri);
    let png = qr.as_ref().map(Qr::png).unwrap_or_default();
    Ok(Json(TotpSetup {
        secret: enrolment.seed.base32_grouped(),
        qr_png: format!("data:image/png;base64,{}", BASE64_STANDARD.encode(png)),
        qr_text: qr.as_ref().map(Qr::text).unwrap_or_default(),
        uri: enrolment.uri,
    }))
}

/// Finish setting up an authenticator app, with a code that it shows. The first factor ends all other sessions.
#[utoipa::path(post, path = "/api/auth/2fa/enable", tag = "second factor", extensions(("x-audit" = json!([actions::SECOND_FACTOR_ENABLE]))), request_body = SecondFactorCode, responses(
    (status = 200, body = TotpEnabled),
    (status = 403, description = "`wrong_code` or `reauthentication_required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`already_enabled`; `not_enabled` when it was not begun, or too long ago", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 429, description = "`too_many_requests`; see `Retry-After`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn enable_totp(
    State(accounts): State<Accounts>,
    who: Reauthenticated,
    visitor: Visitor,
    ValidJson(body): ValidJson<SecondFactorCode>,
) -> Result<Json<TotpEnabled>, Problem> {
    let codes = accounts.enable_totp(&who, &body.code, &visitor).await?;
    Ok(Json(TotpEnabled { backup_codes: codes.as_deref().map(shown) }))
}

/// Give the authenticator app up.
#[utoipa::path(post, path = "/api/auth/2fa/disable", tag = "second factor", extensions(("x-audit" = json!([actions::SECOND_FACTOR_DISABLE]))), responses(
    (status = 204),
    (status = 403, description = "`reauthentication_required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`not_enabled`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn disable_totp(
    State(accounts): State<Accounts>,
    who: Reauthenticated,
    visitor: Visitor,
) -> Result<StatusCode, Problem> {
    accounts.disable_totp(&who, &visitor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make new backup codes; the old ones stop working.
#[utoipa::path(post, path = "/api/auth/2fa/backup-codes", tag = "second factor", extensions(("x-audit" = json!([actions::BACKUP_CODES_RENEW]))), responses(
    (status = 200, body = BackupCodes),
    (status = 403, description = "`reauthentication_required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`not_enabled`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn renew_backup_codes(
    State(accounts): State<Accounts>,
    who: Reauthenticated,
    visitor: Visitor,
) -> Result<Json<BackupCodes>, Problem> {
    let codes = accounts.renew_backup_codes(&who, &visitor).await?;
    Ok(Json(BackupCodes { backup_codes: shown(&codes) }))
}
