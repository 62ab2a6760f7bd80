//! Tokens of a former application, while people move: HS256, verified and never issued, until a date.

use foundation::{ExposeSecret as _, Timestamp, Uuid};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Map, Value};

use crate::identity::{Credential, Known};
use crate::{Accounts, AccountsError, LegacyTokens, queries};

const LONGEST: usize = 4_096;

/// Who a token of the former application is about.
#[derive(Debug, PartialEq, Eq)]
struct Claims {
    subject: String,
    issued_at: Option<i64>,
    expires_at: Timestamp,
}

/// What such a token says, if it is true and its time is now. It must have an end.
fn verify(settings: &LegacyTokens, token: &str, now: Timestamp) -> Option<Claims> {
    let (secret, until) = settings.secret.as_ref().zip(settings.until)?;
    if now >= until || token.len() > LONGEST {
        return None;
    }
    // Only this algorithm, whatever the token says; and never a key that it names.
    if decode_header(token).ok()?.alg != Algorithm::HS256 {
        return None;
    }
    let mut rules = Validation::new(Algorithm::HS256);
    (rules.validate_exp, rules.validate_aud) = (false, settings.audience.is_some());
    rules.set_required_spec_claims(&["exp"]);
    // The library compares a claim that is there; that it is there has to be asked for.
    if let Some(issuer) = &settings.issuer {
        rules.set_issuer(&[issuer]);
        rules.required_spec_claims.insert("iss".to_owned());
    }
    if let Some(audience) = &settings.audience {
        rules.set_audience(&[audience]);
        rules.required_spec_claims.insert("aud".to_owned());
    }
    let key = DecodingKey::from_secret(secret.expose_secret().as_bytes());
    let claims = decode::<Map<String, Value>>(token, &key, &rules).ok()?.claims;
    // A time that is there and cannot be read is no time that has come.
    let time = |name: &str| claims.get(name).map(|time| time.as_i64().ok_or(())).transpose().ok();
    let (exp, nbf, iat, now) = (time("exp")??, time("nbf")?, time("iat")?, now.timestamp());
    if exp <= now || [nbf, iat].into_iter().flatten().any(|begin| now < begin) {
        return None;
    }
    let subject = claims.get(&settings.subject_claim).and_then(Value::as_str)?;
    // PostgreSQL does not take a NUL in a question.
    let plain = !subject.contains('\0');
    let expires_at = Timestamp::from_timestamp(exp, 0)?.min(until);
    plain.then(|| Claims { subject: subject.to_owned(), issued_at: iat, expires_at })
}

/// Whose token of the former application this is: by the id they had there, or have here.
pub(crate) async fn known(accounts: &Accounts, token: &str) -> Result<Option<Known>, AccountsError> {
    let settings = &accounts.config.legacy_tokens;
    let Some(claims) = verify(settings, token, accounts.ambient.now()) else { return Ok(None) };
    let reader = accounts.store.reader();
    let mut user = accounts.read(|| queries::users::active_by_legacy_id(reader, &claims.subject)).await?;
    if let (None, Ok(id)) = (&user, Uuid::parse_str(&claims.subject)) {
        user = accounts.read(|| queries::users::active(reader, id)).await?;
    }
    let still_counts = |after: Option<Timestamp>| match (after, claims.issued_at) {
        (None, _) => true,
        (Some(after), Some(issued)) => issued > after.timestamp(),
        (Some(_), None) => false,
    };
    Ok(user.filter(|user| still_counts(user.tokens_valid_after)).map(|user| Known {
        has_second_factor: user.second_factor_since.is_some(),
        id: user.id,
        until: claims.expires_at,
        user: user.into(),
        credential: Credential::Legacy,
    }))
}
