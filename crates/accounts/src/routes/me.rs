//! Who I am.

use axum::Json;
use axum::extract::State;
use foundation::problem::ProblemDocument;
use foundation::{Code, Problem, Timestamp, Uuid};
use http::HeaderMap;
use serde::Serialize;
use utoipa::ToSchema;

use crate::identity::{Anybody, Credential, Known, Session};
use crate::sign_in::Welcome;
use crate::tokens::personal::Scope;
use crate::{Accounts, SESSION_COOKIE, User};

/// Somebody, as they see themselves.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Me {
    #[serde(flatten)]
    user: User,
    /// Whether there is a second factor.
    second_factor: bool,
    /// Whether this installation wants one.
    second_factor_required: bool,
    /// The session; none for an API client.
    session: Option<MySession>,
}

/// The session that somebody is signed in by.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MySession {
    /// Its id.
    id: Uuid,
    /// When it ends, whatever happens.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// Until when sensitive changes need no new confirmation.
    #[schema(value_type = Option<String>, format = DateTime)]
    reauthenticated_until: Option<Timestamp>,
}

/// A token that lets this session change something without saying where the request comes from.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CsrfToken {
    /// To be sent in the header `X-CSRF-Token`.
    token: String,
}

impl Me {
    fn new(accounts: &Accounts, user: User, second_factor: bool, session: Option<&Session>) -> Self {
        Self {
            second_factor,
            second_factor_required: accounts.wants_second_factor(user.role),
            session: session.map(|session| MySession {
                id: session.id,
                expires_at: session.expires_at,
                reauthenticated_until: accounts.reauthenticated_until(session),
            }),
            user,
        }
    }

    pub(super) fn of(accounts: &Accounts, welcome: &Welcome) -> Self {
        let Welcome { user, has_second_factor, credentials } = welcome;
        Self::new(accounts, user.clone(), *has_second_factor, Some(&credentials.session))
    }
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/auth/me", tag = "accounts", responses(
    (status = 200, body = Me),
    (status = 401, description = "`unauthenticated`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn me(
    State(accounts): State<Accounts>,
    Anybody(known): Anybody,
) -> Result<Json<Me>, Problem> {
    let Known { user, has_second_factor, credential, .. } = known;
    let session = match &credential {
        Credential::Session(session) => Some(session),
        Credential::AccessToken(scopes) if !scopes.contains(&Scope::Read) => {
            return Err(Problem::new(Code::InsufficientScope, "This token may not read."));
        }
        Credential::AccessToken(_) | Credential::Legacy => None,
    };
    Ok(Json(Me::new(&accounts, user, has_second_factor, session)))
}

/// A CSRF token for clients that send neither `Sec-Fetch-Site` nor `Origin`. It belongs to the present access token.
#[utoipa::path(get, path = "/api/auth/csrf", tag = "accounts", responses(
    (status = 200, body = CsrfToken),
    (status = 401, description = "`unauthenticated`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn csrf_token(
    State(accounts): State<Accounts>,
    _who: Anybody,
    headers: HeaderMap,
) -> Result<Json<CsrfToken>, Problem> {
    let cookie = guard::cookie(&headers, SESSION_COOKIE)
        .ok_or_else(|| Problem::new(Code::Unauthenticated, "Only a browser session has such a token."))?;
    Ok(Json(CsrfToken { token: accounts.csrf_key.token_for(&cookie) }))
}
