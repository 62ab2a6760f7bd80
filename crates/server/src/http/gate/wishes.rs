//! What administrators want of the gate.

use edge::rollout::{Draft, Order, PlanError, Slot};
use foundation::config::Period;
use foundation::{FieldError, Timestamp};
use garde::Validate;
use guard::text::Message;
use serde::Deserialize;
use utoipa::ToSchema;

/// A rollout to begin.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StartWish {
    /// Of which application.
    #[garde(skip)]
    pub(super) service: String,
    /// To which slot.
    #[garde(skip)]
    pub(super) to: Slot,
    /// How.
    #[garde(skip)]
    #[serde(default)]
    pub(super) plan: Draft,
}

/// What a rollout is told.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OrderWish {
    /// Of which application.
    #[garde(skip)]
    pub(super) service: String,
    /// What to do.
    #[garde(skip)]
    pub(super) order: Order,
}

/// Maintenance to begin.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CloseWish {
    /// Of which application.
    #[garde(skip)]
    pub(super) service: String,
    /// What to tell people: text, with the HTML elements b, i, em, strong and code.
    #[garde(skip)]
    pub(super) message: Option<Message>,
    /// Until when, presumably: a moment or a day, still to come and within a year.
    #[garde(skip)]
    #[serde(default, deserialize_with = "guard::moment")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) until: Option<Timestamp>,
}

/// A pause to begin.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PauseWish {
    /// Of which application.
    #[garde(skip)]
    pub(super) service: String,
    /// For how long requests wait at the most: `30s` or `5m`, up to 10 minutes.
    #[garde(skip)]
    #[schema(value_type = String)]
    pub(super) limit: Period,
}

/// Requests to let in again.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OpenWish {
    /// Of which application.
    #[garde(skip)]
    pub(super) service: String,
}

/// What is wrong with a plan, beside the field that it is wrong in.
pub(super) fn wrong_plan(error: &PlanError) -> FieldError {
    let field = match error {
        PlanError::Step(_) | PlanError::Steps(_) => "steps",
        PlanError::Hold(_) | PlanError::Holds { .. } => "holds",
        PlanError::Check { .. } => "check",
        PlanError::Long { what, .. } => what,
    };
    FieldError::new(format!("plan.{field}"), "plan", format!("cannot be followed: {error}"))
}
