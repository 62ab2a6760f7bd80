//! The street gate, shown to administrators, and told what to do by them.
//!
//! An access token with the scope `admin` may do all of it, so that whatever delivers a release can begin its rollout; and
//! nobody is asked for a password while a bad release is out.

mod answers;
mod wishes;

use accounts::{Admin, RequestSource};
use axum::Json;
use axum::extract::State as Part;
use edge::rollout::Plan;
use edge::{ControlError, Deed, Told};
use foundation::problem::ProblemDocument;
use foundation::{Code, FieldError, Problem};
use guard::{ValidJson, ValidQuery};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::answers::{GateHistory, GateSeries, GateStatus, HistoryPart, Resolution, SeriesPart};
use self::wishes::{CloseWish, OpenWish, OrderWish, PauseWish, StartWish, wrong_plan};
use crate::actions;
use crate::app::State;
use crate::gate::{Gate, Wisher};
use crate::maintenance::Upkeep;

/// Where the gate is told something: releases come during maintenance, too.
pub(crate) const PATHS: [&str; 5] = [
    "/api/admin/edge/rollout/start",
    "/api/admin/edge/rollout/order",
    "/api/admin/edge/service/close",
    "/api/admin/edge/service/pause",
    "/api/admin/edge/service/open",
];

pub(crate) fn router() -> OpenApiRouter<State> {
    OpenApiRouter::new()
        .routes(routes!(gate_status))
        .routes(routes!(gate_series))
        .routes(routes!(gate_history))
        .routes(routes!(start_rollout))
        .routes(routes!(order_rollout))
        .routes(routes!(close_service))
        .routes(routes!(pause_service))
        .routes(routes!(open_service))
}

/// How the applications behind the gate stand, and their rollouts.
#[utoipa::path(get, path = "/api/admin/edge", tag = "releases", responses(
    (status = 200, body = GateStatus),
    (status = 403, description = "`forbidden`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 503, description = "`unavailable`: a gate is open and does not answer", body = ProblemDocument, content_type = "application/problem+json"),
))]
async fn gate_status(Part(gate): Part<Gate>, _admin: Admin) -> Result<Json<GateStatus>, Problem> {
    Ok(Json(gate.status().await.map_err(problem)?.into()))
}

/// What both slots of an application did lately, for charts.
#[utoipa::path(get, path = "/api/admin/edge/series", tag = "releases", params(SeriesPart), responses(
    (status = 200, body = GateSeries),
    (status = 403, description = "`forbidden`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: there is no such application", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 503, description = "`unavailable`: no gate is open", body = ProblemDocument, content_type = "application/problem+json"),
))]
async fn gate_series(
    Part(gate): Part<Gate>,
    _admin: Admin,
    ValidQuery(SeriesPart { service, by, after }): ValidQuery<SeriesPart>,
) -> Result<Json<GateSeries>, Problem> {
    let series = gate.series(&service, after).await.map_err(problem)?;
    let series = series
        .ok_or_else(|| Problem::new(Code::NotFound, "There is no such application behind the gate."))?;
    let moments = match by.unwrap_or(Resolution::Second) {
        Resolution::Second => series.seconds,
        Resolution::Minute => series.minutes,
    };
    Ok(Json(GateSeries { moments }))
}

/// What happened at the gate, newest first: decisions with their evidence, and what people ordered.
#[utoipa::path(get, path = "/api/admin/edge/history", tag = "releases", params(HistoryPart), responses(
    (status = 200, body = GateHistory),
    (status = 403, description = "`forbidden`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 503, description = "`unavailable`: no gate is open", body = ProblemDocument, content_type = "application/problem+json"),
))]
async fn gate_history(
    Part(gate): Part<Gate>,
    _admin: Admin,
    ValidQuery(part): ValidQuery<HistoryPart>,
) -> Result<Json<GateHistory>, Problem> {
    let (records, next) =
        gate.history(part.service.as_deref(), part.after, part.limit()).await.map_err(problem)?;
    Ok(Json(GateHistory { records, next }))
}

macro_rules! order {
    ($(#[$doc:meta])* $name:ident, $path:literal, $action:expr, $wish:ident, $deed:expr) => {
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "releases", extensions(("x-audit" = json!([$action]))), request_body = $wish, responses(
            (status = 200, body = Told),
            (status = 400, description = "`invalid_input`", body = ProblemDocument, content_type = "application/problem+json"),
            (status = 403, description = "`forbidden`", body = ProblemDocument, content_type = "application/problem+json"),
            (status = 409, description = "`gate_refused`: the gate says why, and what to do instead", body = ProblemDocument, content_type = "application/problem+json"),
            (status = 503, description = "`unavailable`: no gate is open", body = ProblemDocument, content_type = "application/problem+json"),
        ))]
        async fn $name(
            Part(gate): Part<Gate>,
            Part(upkeep): Part<Upkeep>,
            admin: Admin,
            RequestSource(source): RequestSource,
            ValidJson(wish): ValidJson<$wish>,
        ) -> Result<Json<Told>, Problem> {
            let deed: fn($wish, &Upkeep) -> Result<Deed, Problem> = $deed;
            let deed = deed(wish, &upkeep)?;
            let who = Wisher { admin: admin.user(), source: &source };
            Ok(Json(gate.give(who, deed).await.map_err(problem)?))
        }
    };
}

order! {
    /// Begin to roll out what runs in a slot.
    start_rollout, "/api/admin/edge/rollout/start", actions::ROLLOUT_ORDER, StartWish,
    |StartWish { service, to, plan }, _| {
        Plan::try_from(plan.clone()).map_err(|error| Problem::invalid(vec![wrong_plan(&error)]))?;
        Ok(Deed::Start { service, to, plan })
    }
}
order! {
    /// Tell a rollout what to do: `promote` to the next step, `pause`, `resume`, `abort`, or go `back`.
    order_rollout, "/api/admin/edge/rollout/order", actions::ROLLOUT_ORDER, OrderWish,
    |OrderWish { service, order }, _| Ok(Deed::Order { service, order })
}
order! {
    /// Begin maintenance of an application, or say anew until when and why: its visitors get a page instead.
    close_service, "/api/admin/edge/service/close", actions::GATE_ORDER, CloseWish,
    |CloseWish { service, until, message }, upkeep| {
        let until = until.map(|moment| upkeep.until(moment)).transpose();
        let until = until.map_err(|words| Problem::invalid(vec![FieldError::new("until", "range", words)]))?;
        Ok(Deed::Close { service, until: until.map(Into::into), message })
    }
}
order! {
    /// Let the requests to an application wait at the gate, for 10 minutes at the most.
    pause_service, "/api/admin/edge/service/pause", actions::GATE_ORDER, PauseWish,
    |PauseWish { service, limit }, _| Ok(Deed::Pause { service, limit })
}
order! {
    /// Let requests in again, after a pause or maintenance.
    open_service, "/api/admin/edge/service/open", actions::GATE_ORDER, OpenWish,
    |OpenWish { service }, _| Ok(Deed::Open { service })
}

fn closed() -> Problem {
    Problem::new(
        Code::Unavailable,
        "No gate is open with this server's data folder. Start one beside it: mainstay edge",
    )
}

fn problem(error: ControlError) -> Problem {
    match error {
        ControlError::Closed(..) => closed().because(error),
        ControlError::Refused(refused) => Problem::new(Code::GateRefused, refused.to_string()),
        ControlError::Unclear(_) => {
            let words = "The gate has not answered as it should. Is it of another version than this server?";
            Problem::new(Code::Unavailable, words).because(error)
        }
    }
}
