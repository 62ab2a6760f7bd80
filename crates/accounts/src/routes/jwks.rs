//! The public keys, for whoever wants to verify an access token.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use foundation::{Problem, Uuid};
use http::header::CACHE_CONTROL;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Accounts;

/// A set of public keys (RFC 7517).
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct KeySet {
    /// The keys whose signatures count now.
    keys: Vec<PublicKey>,
}

/// A public key (RFC 8037).
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PublicKey {
    /// Always `OKP`.
    kty: &'static str,
    /// Always `Ed25519`.
    crv: &'static str,
    /// Always `EdDSA`.
    alg: &'static str,
    /// Always `sig`.
    #[serde(rename = "use")]
    purpose: &'static str,
    /// What tokens call it.
    kid: Uuid,
    /// The key, in base64url.
    x: String,
}

/// The keys that access tokens are signed with.
///
/// Verify `alg` (`EdDSA`), `typ` (`at+jwt`), `iss`, `aud`, `exp` and `nbf`. A token does not tell whether its session
/// has been ended since; ask `/api/auth/me` when that matters.
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "accounts", responses((status = 200, body = KeySet)))]
pub(super) async fn jwks(State(accounts): State<Accounts>) -> Result<impl IntoResponse, Problem> {
    let ring = accounts.ring().await?;
    let keys = ring.verifiers(accounts.ambient.now()).map(|key| PublicKey {
        kty: "OKP",
        crv: "Ed25519",
        alg: "EdDSA",
        purpose: "sig",
        kid: key.id,
        x: BASE64_URL_SAFE_NO_PAD.encode(&key.public),
    });
    let keys = keys.collect();
    // Short enough that a rotation is known long before the old key is gone.
    Ok(([(CACHE_CONTROL, "public, max-age=300")], Json(KeySet { keys })))
}
