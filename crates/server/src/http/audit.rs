//! What proves the audit log, told to administrators. The log itself is told by the room of accounts, which knows names.

use accounts::Admin;
use audit::{Progress, Sealer};
use axum::Json;
use axum::extract::State as Part;
use foundation::problem::ProblemDocument;
use foundation::{Problem, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::State;
use crate::http::problem;

pub(crate) fn router() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(proof))
}

/// How far the audit log is held together, and by what.
#[derive(Debug, Serialize, ToSchema)]
struct AuditProof {
    /// How many entries have their place in the chain.
    entries: i64,
    /// How many wait for theirs: a moment, while the server runs.
    waiting: u64,
    /// How many entries the newest signature holds; none before the first.
    signed_entries: Option<i64>,
    /// When that was made.
    #[schema(value_type = Option<String>, format = DateTime)]
    signed_at: Option<Timestamp>,
    /// What verifies the signatures. Keep it outside of this installation.
    public_key: String,
}

/// How far the audit log is held together, and by what.
#[utoipa::path(get, path = "/api/admin/audit/proof", tag = "administration", responses(
    (status = 200, body = AuditProof),
    (status = 403, description = "`forbidden`", body = ProblemDocument, content_type = "application/problem+json"),
))]
async fn proof(Part(sealer): Part<Sealer>, _admin: Admin) -> Result<Json<AuditProof>, Problem> {
    let Progress { sequence, waiting, checkpoint } = sealer.progress().await.map_err(problem)?;
    Ok(Json(AuditProof {
        entries: sequence,
        waiting,
        signed_entries: checkpoint.as_ref().map(|checkpoint| checkpoint.sequence),
        signed_at: checkpoint.map(|checkpoint| checkpoint.created_at),
        public_key: sealer.public_key().to_string(),
    }))
}
