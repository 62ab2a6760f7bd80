//! Where somebody is signed in.

use axum::Json;
use axum::extract::{Path, State};
use foundation::problem::ProblemDocument;
use foundation::{Problem, Timestamp, Uuid};
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::device::Device;
use crate::entities::sessions::Model;
use crate::identity::{Reauthenticated, SignedIn};
use crate::sessions::Method;
use crate::visitor::Visitor;
use crate::{Accounts, actions};

/// A place where somebody is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionEntry {
    /// Its id.
    id: Uuid,
    /// Whether it is the one that asks.
    current: bool,
    #[serde(flatten)]
    device: Device,
    /// The address it was begun from.
    ip_address: Option<String>,
    /// By what it was begun.
    signed_in_with: Method,
    /// When it was begun.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last used, to a few minutes.
    #[schema(value_type = String, format = DateTime)]
    last_seen_at: Timestamp,
    /// When it ends, whatever happens.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

impl SessionEntry {
    pub(super) fn new(row: Model, current: Option<Uuid>) -> Self {
        Self {
            id: row.id,
            current: Some(row.id) == current,
            device: Device::of(row.user_agent.as_deref().unwrap_or_default()),
            ip_address: row.ip_address,
            signed_in_with: row.method,
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
            expires_at: row.expires_at,
        }
    }
}

/// Where somebody is signed in, last used first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionList {
    /// The sessions.
    sessions: Vec<SessionEntry>,
}

/// What was ended.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Ended {
    /// How many sessions.
    pub(super) ended: u64,
}

/// Where I am signed in.
#[utoipa::path(get, path = "/api/auth/sessions", tag = "sessions", responses(
    (status = 200, body = SessionList),
    (status = 401, description = "`unauthenticated`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn list_sessions(
    State(accounts): State<Accounts>,
    who: SignedIn,
) -> Result<Json<SessionList>, Problem> {
    let current = Some(who.session.id);
    let rows = accounts.sessions_of(who.user.id).await?;
    Ok(Json(SessionList { sessions: rows.into_iter().map(|row| SessionEntry::new(row, current)).collect() }))
}

/// End one of my sessions.
#[utoipa::path(delete, path = "/api/auth/sessions/{id}", tag = "sessions", extensions(("x-audit" = json!([actions::SESSION_END]))), responses(
    (status = 204),
    (status = 403, description = "`reauthentication_required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn end_session(
    State(accounts): State<Accounts>,
    who: Reauthenticated,
    visitor: Visitor,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    accounts.end_session(&who, id, &visitor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End all of my sessions but this one.
#[utoipa::path(delete, path = "/api/auth/sessions", tag = "sessions", extensions(("x-audit" = json!([actions::SESSIONS_END_OTHERS]))), responses(
    (status = 200, body = Ended),
    (status = 403, description = "`reauthentication_required`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(super) async fn end_other_sessions(
    State(accounts): State<Accounts>,
    who: Reauthenticated,
    visitor: Visitor,
) -> Result<Json<Ended>, Problem> {
    Ok(Json(Ended { ended: accounts.end_other_sessions(&who, &visitor).await? }))
}
