//! A small application: one answer that is read, and one body that is taken.

use axum::routing::{get, post};
use axum::{Json, Router};
use garde::Validate;
use guard::ValidJson;
use http::StatusCode;
use serde::{Deserialize, Serialize};

/// Who is signed in.
#[derive(Serialize)]
struct Person {
    id: u64,
    username: &'static str,
    email: &'static str,
    verified: bool,
    roles: [&'static str; 2],
}

/// What a trader sends.
#[derive(Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub(super) struct NewOrder {
    #[garde(length(chars, min = 1, max = 12))]
    pub(super) asset: String,
    #[garde(skip)]
    pub(super) side: Side,
    #[garde(range(min = 1, max = 1_000_000_000_000))]
    pub(super) quantity: u64,
    #[garde(inner(range(min = 1, max = 1_000_000_000_000)))]
    pub(super) limit_price: Option<u64>,
    #[garde(length(chars, max = 500))]
    pub(super) note: String,
    #[garde(length(max = 8), inner(length(chars, min = 1, max = 40)))]
    pub(super) tags: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Side {
    Buy,
    Sell,
}

/// What the trader gets to read.
#[derive(Serialize)]
struct Placed {
    id: u64,
    order: NewOrder,
}

async fn me() -> Json<Person> {
    Json(Person {
        id: 4711,
        username: "ada",
        email: "ada@example.org",
        verified: true,
        roles: ["trader", "learner"],
    })
}

fn placed(order: NewOrder) -> (StatusCode, Json<Placed>) {
    (StatusCode::CREATED, Json(Placed { id: 4712, order }))
}

/// Takes what serde takes.
pub(super) fn plain() -> Router {
    let place = async |Json(order): Json<NewOrder>| placed(order);
    Router::new().route("/api/me", get(me)).route("/api/orders", post(place))
}

/// Takes what keeps its rules too.
pub(super) fn checked() -> Router {
    let place = async |Json(order): Json<NewOrder>| match order.validate() {
        Ok(()) => Ok(placed(order)),
        Err(report) => Err((StatusCode::UNPROCESSABLE_ENTITY, report.to_string())),
    };
    Router::new().route("/api/me", get(me)).route("/api/orders", post(place))
}

/// Takes its body as Mainstay's routes do.
pub(super) fn strict() -> Router {
    let place = async |ValidJson(order): ValidJson<NewOrder>| placed(order);
    Router::new().route("/api/me", get(me)).route("/api/orders", post(place))
}
