//! Maintenance: told to everybody, begun and ended by administrators.

use accounts::{Admin, RequestSource};
use axum::Json;
use axum::extract::State as Part;
use foundation::problem::ProblemDocument;
use foundation::{FieldError, Problem, Timestamp};
use garde::Validate;
use guard::text::Message;
use guard::{Closure, ValidJson};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::actions;
use crate::app::State;
use crate::http::problem;
use crate::maintenance::{Initiator, Upkeep};

/// The path of what begins and ends it.
pub(crate) const PATH: &str = "/api/maintenance";

pub(crate) fn router() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(show, start, end))
}

/// Whether changes wait.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Maintenance)]
struct Shown {
    /// Whether they do. Everything can be read meanwhile.
    active: bool,
    /// Since when.
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Until when, presumably.
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// What the people who run the server say about it: HTML, of the elements b, i, em, strong and code.
    message: Option<Message>,
}

impl From<Option<Closure>> for Shown {
    fn from(closure: Option<Closure>) -> Self {
        let active = closure.is_some();
        let (since, until, message) = match closure {
            Some(Closure { since, until, message }) => (Some(since), until, message),
            None => (None, None, None),
        };
        Self { active, since, until, message }
    }
}

/// What to say about it.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct MaintenanceWish {
    /// What to tell people: text, with the HTML elements b, i, em, strong and code.
    #[garde(skip)]
    message: Option<Message>,
    /// Until when, presumably: a moment or a day, still to come and within a year.
    #[garde(skip)]
    #[serde(default, deserialize_with = "guard::moment")]
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

/// Whether changes wait.
#[utoipa::path(get, path = "/api/maintenance", tag = "operation", responses((status = 200, body = Shown)))]
async fn show(Part(upkeep): Part<Upkeep>) -> Json<Shown> {
    Json(upkeep.switch().current().into())
}

/// Let changes wait, or say anew until when and why. Signing in goes on, and so does all reading.
#[utoipa::path(post, path = "/api/maintenance", tag = "operation",
    extensions(("x-audit" = json!([actions::MAINTENANCE_START]))),
    request_body(content = Option<MaintenanceWish>),
    responses(
        (status = 200, body = Shown),
        (status = 400, description = "`invalid_input`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "`unauthenticated`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
async fn start(
    Part(upkeep): Part<Upkeep>,
    admin: Admin,
    RequestSource(source): RequestSource,
    wish: Option<ValidJson<MaintenanceWish>>,
) -> Result<Json<Shown>, Problem> {
    let MaintenanceWish { message, until } = wish.map(|ValidJson(wish)| wish).unwrap_or_default();
    let until = until.map(|moment| upkeep.until(moment)).transpose();
    let until = until.map_err(|words| Problem::invalid(vec![FieldError::new("until", "range", words)]))?;
    let who = Initiator { admin: Some(admin.user().id), source };
    Ok(Json(upkeep.start(&who, message, until).await.map_err(problem)?.into()))
}

/// Take changes again.
#[utoipa::path(delete, path = "/api/maintenance", tag = "operation",
    extensions(("x-audit" = json!([actions::MAINTENANCE_END]))),
    responses(
        (status = 204),
        (status = 401, description = "`unauthenticated`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`", body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
async fn end(
    Part(upkeep): Part<Upkeep>,
    admin: Admin,
    RequestSource(source): RequestSource,
) -> Result<StatusCode, Problem> {
    upkeep.end(&Initiator { admin: Some(admin.user().id), source }).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
