//! Where browsers report what a content security policy forbade, and where administrators read it.

use accounts::{Admin, RequestSource};
use audit::Entry;
use axum::Json;
use axum::extract::State as Part;
use foundation::problem::ProblemDocument;
use foundation::{Problem, Timestamp, Uuid};
use guard::Violations;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::actions;
use crate::app::State;
use crate::csp_reports::CspReports;
use crate::http::problem;
use crate::queries::csp_reports::Model;

pub(crate) fn router() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(report)).routes(routes!(list, clear))
}

/// Something that a page's policy forbade.
#[derive(Debug, Serialize, ToSchema)]
struct CspReport {
    /// Its id.
    id: Uuid,
    /// The path of the page.
    page: String,
    /// The directive that forbade it; `others` for the rarest kinds, which made room when there were a thousand.
    directive: String,
    /// What was forbidden: `inline`, another origin, a scheme.
    blocked: String,
    /// Where the script stands that tried it.
    source: String,
    /// In which line.
    line: Option<i32>,
    /// How often it was reported.
    seen: i64,
    /// When it was reported first.
    #[schema(value_type = String, format = DateTime)]
    first_seen_at: Timestamp,
    /// When it was reported last.
    #[schema(value_type = String, format = DateTime)]
    last_seen_at: Timestamp,
}

/// What pages' policies forbade.
#[derive(Debug, Serialize, ToSchema)]
struct CspReportList {
    /// Each kind once, the one that came last first.
    reports: Vec<CspReport>,
}

impl From<Model> for CspReport {
    fn from(row: Model) -> Self {
        let Model { id, page, directive, blocked, source, line, seen, first_seen_at, last_seen_at, .. } = row;
        Self { id, page, directive, blocked, source, line, seen, first_seen_at, last_seen_at }
    }
}

/// Report what a page's content security policy forbade. For browsers.
#[utoipa::path(post, path = "/api/csp-report", tag = "operation",
    extensions(("x-not-audited" = json!("anybody can send it; counted by kind in a table of its own"))),
    request_body(content_type = "application/csp-report", content = Object),
    responses(
        (status = 204),
        (status = 400, description = "`malformed_request`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "`unsupported_media_type`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_requests`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
async fn report(
    Part(reports): Part<CspReports>,
    Violations(violations): Violations,
) -> Result<StatusCode, Problem> {
    reports.keep(&violations).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}

/// What pages' content security policies forbade.
#[utoipa::path(get, path = "/api/admin/csp-reports", tag = "administration", responses(
    (status = 200, body = CspReportList),
    (status = 403, description = "`forbidden`", body = ProblemDocument, content_type = "application/problem+json"),
))]
async fn list(Part(reports): Part<CspReports>, _admin: Admin) -> Result<Json<CspReportList>, Problem> {
    let rows = reports.all().await.map_err(problem)?;
    Ok(Json(CspReportList { reports: rows.into_iter().map(CspReport::from).collect() }))
}

/// Forget all reports about content security policies.
#[utoipa::path(delete, path = "/api/admin/csp-reports", tag = "administration",
    extensions(("x-audit" = json!([actions::CSP_REPORTS_CLEAR]))),
    responses(
        (status = 204),
        (status = 403, description = "`forbidden`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
async fn clear(
    Part(reports): Part<CspReports>,
    admin: Admin,
    RequestSource(source): RequestSource,
) -> Result<StatusCode, Problem> {
    let entry = Entry::of_installation(Some(admin.user().id), actions::CSP_REPORTS_CLEAR, &source);
    reports.clear(&entry).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
