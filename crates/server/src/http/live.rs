//! What goes on in live rooms, told to administrators.

use accounts::Admin;
use axum::Json;
use axum::extract::State as Part;
use foundation::Problem;
use foundation::problem::ProblemDocument;
use live::{Counts, Live, Reason, Status};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::State;

pub(crate) fn router() -> OpenApiRouter<State> {
    OpenApiRouter::new().routes(routes!(live_status))
}

/// What goes on in live rooms at this node. Counts are since its start.
#[derive(Debug, Serialize, ToSchema)]
struct LiveStatus {
    /// Open connections.
    connections: usize,
    /// Rooms with somebody of this node in them.
    rooms: usize,
    /// Connections of this node in rooms, once for each room.
    members: usize,
    /// How it stands with other nodes.
    cluster: LiveCluster,
    /// What clients said.
    messages: u64,
    /// What was sent to members of rooms, once for each.
    deliveries: u64,
    /// Messages that other nodes will not get, since what nodes share was away for too long. Their clients come to know.
    dropped: u64,
    /// How often somebody said or asked more than is allowed.
    limited: u64,
    /// How often somebody was not let in.
    refused: u64,
    /// Connections that ended, by reason.
    ends: Vec<LiveEnd>,
}

/// How it stands with other nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum LiveCluster {
    /// There are none.
    Alone,
    /// They are in reach.
    InReach,
    /// What nodes share does not answer: rooms go on here, and nobody new comes in.
    OutOfReach,
}

/// Connections that ended for one reason.
#[derive(Debug, Serialize, ToSchema)]
struct LiveEnd {
    /// `by_client`, `lost`, `ping_timeout`, `too_slow`, `malformed`, `too_large`, `refused`, `limit`, `by_server`, `stopping`,
    /// `expired`, `session_over` or `gap`.
    #[schema(value_type = String)]
    reason: &'static str,
    /// How many.
    count: u64,
}

/// What goes on in live rooms at this node.
#[utoipa::path(get, path = "/api/admin/live", tag = "administration", responses(
    (status = 200, body = LiveStatus),
    (status = 403, description = "`forbidden`", body = ProblemDocument, content_type = "application/problem+json"),
))]
async fn live_status(Part(live): Part<Live>, _admin: Admin) -> Result<Json<LiveStatus>, Problem> {
    Ok(Json(live.status().into()))
}

impl From<Status> for LiveStatus {
    fn from(status: Status) -> Self {
        let Status { connections, rooms, members, cluster, counts } = status;
        let Counts { messages, deliveries, limits, refusals, dropped, ends } = counts;
        let cluster = match cluster {
            None => LiveCluster::Alone,
            Some(true) => LiveCluster::InReach,
            Some(false) => LiveCluster::OutOfReach,
        };
        let ended = |(reason, count): (Reason, u64)| LiveEnd { reason: reason.name(), count };
        let ends = ends.into_iter().filter(|(_, count)| *count > 0).map(ended).collect();
        Self {
            connections,
            rooms,
            members,
            cluster,
            messages,
            deliveries,
            dropped,
            limited: limits,
            refused: refusals,
            ends,
        }
    }
}
