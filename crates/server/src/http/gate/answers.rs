//! What administrators are shown of the gate.

use edge::rollout::Slot;
use edge::{GateView, Moment, RolloutView, ServiceView, SlotView, Told};
use foundation::Timestamp;
use garde::Validate;
use guard::text::Message;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// How many records there are on a page at most.
const MOST: u64 = 100;
const USUAL: u64 = 20;

/// How the gate stands.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GateStatus {
    /// Whether a gate is open with this server's data folder. If not: `mainstay edge` opens one.
    is_open: bool,
    /// When one has looked.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    /// The applications behind it, by name.
    services: Vec<GateService>,
}

/// An application behind the gate.
#[derive(Debug, Serialize, ToSchema)]
struct GateService {
    /// Its name.
    name: String,
    /// The slot that everybody gets who is not drawn for the other one.
    live: Slot,
    /// Whether requests are let in: `open`, `paused` or `closed`.
    #[schema(value_type = GateEntrance)]
    gate: String,
    /// Until when they are not, as far as anybody knows.
    #[schema(value_type = Option<String>, format = DateTime)]
    gate_until: Option<Timestamp>,
    /// What people are told during maintenance, as safe HTML: text, with the elements b, i, em, strong and code.
    gate_message: Option<Message>,
    /// Both slots.
    slots: Vec<SlotView>,
    /// The newest rollout.
    rollout: Option<RolloutView>,
}

/// Whether requests are let in.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "the gate says it as a word; here are the words there are")]
enum GateEntrance {
    /// They are.
    Open,
    /// They wait.
    Paused,
    /// Maintenance.
    Closed,
}

impl From<Option<GateView>> for GateStatus {
    fn from(view: Option<GateView>) -> Self {
        let Some(GateView { at, services, .. }) = view else {
            return Self { is_open: false, at: None, services: Vec::new() };
        };
        Self { is_open: true, at: Some(at), services: services.into_iter().map(GateService::from).collect() }
    }
}

impl From<ServiceView> for GateService {
    fn from(view: ServiceView) -> Self {
        let ServiceView { name, live, gate, gate_until, gate_message, slots, rollout } = view;
        Self { name, live, gate, gate_until, gate_message, slots, rollout }
    }
}

/// Which part of the charts.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct SeriesPart {
    /// Of which application.
    #[garde(skip)]
    pub(super) service: String,
    /// How fine: the last ten minutes by the second, or the last day by the minute.
    #[garde(skip)]
    #[param(inline)]
    pub(super) by: Option<Resolution>,
    /// Only what is newer.
    #[garde(skip)]
    #[serde(default, deserialize_with = "guard::moment")]
    #[param(value_type = Option<String>, format = DateTime)]
    pub(super) after: Option<Timestamp>,
}

/// How fine.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Resolution {
    /// The last ten minutes.
    Second,
    /// The last day.
    Minute,
}

/// What both slots of an application did.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GateSeries {
    /// The oldest first.
    pub(super) moments: Vec<Moment>,
}

/// Which part of what happened.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct HistoryPart {
    /// Only to this application.
    #[garde(skip)]
    pub(super) service: Option<String>,
    /// What `next` of the page before was.
    #[garde(skip)]
    pub(super) after: Option<u64>,
    /// How many: 1 to 100.
    #[garde(skip)]
    limit: Option<u64>,
}

impl HistoryPart {
    /// How many were asked for, within what there may be.
    pub(super) fn limit(&self) -> usize {
        usize::try_from(self.limit.unwrap_or(USUAL).clamp(1, MOST)).unwrap_or(usize::MAX)
    }
}

/// A page of what happened, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GateHistory {
    /// What happened.
    pub(super) records: Vec<Told>,
    /// How to ask for what happened before; none at the end.
    pub(super) next: Option<u64>,
}
