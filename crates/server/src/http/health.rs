//! Whether the program works, and what a page must know before anybody signs in.

use audit::Sealer;
use axum::Json;
use axum::extract::State as Part;
use foundation::problem::ProblemDocument;
use foundation::{Code, Problem};
use guard::{Backing, RateLimits};
use serde::Serialize;
use store::Store;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::State;
use crate::maintenance::Upkeep;

pub(crate) fn router(development_mailbox: bool) -> OpenApiRouter<State> {
    let info = AppInfo { development_mailbox };
    OpenApiRouter::new().routes(routes!(health)).routes(routes!(app_info)).layer(axum::Extension(info))
}

/// The program works.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// Always `ok`; a program that does not work answers 503.
    #[schema(example = "ok")]
    status: &'static str,
    /// Where requests are counted: `process`, `redis`, or `process_while_redis_is_away`: each node alone, for now.
    #[schema(example = "process")]
    rate_limits: &'static str,
    /// Whether changes wait for maintenance to end.
    maintenance: bool,
    /// Whether the audit log is sealed: `sealed` within a second, or `behind` when that has not worked for half a
    /// minute. The log of the program says why.
    #[schema(example = "sealed")]
    audit_log: &'static str,
}

/// What a page must know before anybody signs in.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
struct AppInfo {
    /// Whether mail stays here and can be read at `/dev/mail`.
    development_mailbox: bool,
}

/// Whether the program and its database work.
#[utoipa::path(get, path = "/api/health", tag = "operation", responses(
    (status = 200, body = Health),
    (status = 503, description = "`unavailable`", body = ProblemDocument, content_type = "application/problem+json"),
))]
async fn health(
    Part(store): Part<Store>,
    Part(rate_limits): Part<RateLimits>,
    Part(upkeep): Part<Upkeep>,
    Part(sealer): Part<Sealer>,
) -> Result<Json<Health>, Problem> {
    store.ping().await.map_err(|error| {
        Problem::new(Code::Unavailable, "The database cannot be reached at this moment.").because(error)
    })?;
    let rate_limits = match rate_limits.backing() {
        Backing::Process => "process",
        Backing::Redis => "redis",
        Backing::ProcessWhileRedisIsAway => "process_while_redis_is_away",
    };
    let maintenance = upkeep.switch().current().is_some();
    let audit_log = if sealer.is_behind() { "behind" } else { "sealed" };
    Ok(Json(Health { status: "ok", rate_limits, maintenance, audit_log }))
}

/// What a page must know before anybody signs in.
#[utoipa::path(get, path = "/api/app", tag = "operation", responses((status = 200, body = AppInfo)))]
async fn app_info(axum::Extension(info): axum::Extension<AppInfo>) -> Json<AppInfo> {
    Json(info)
}
