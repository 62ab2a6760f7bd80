//! HTTP: the paths under `/api/auth`, and the development mailbox.

mod cookie;
mod mailbox;
mod problem;
mod sessions;
mod sign_up;

use axum::extract::FromRef;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::{Accounts, Delivery};

pub use cookie::session_cookie;

/// Every route of this room, for a program whose state contains [`Accounts`].
///
/// The development mailbox has a route only when mail stays here.
pub fn router<S>(delivery: &Delivery) -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    Accounts: FromRef<S>,
{
    let router = OpenApiRouter::new()
        .routes(routes!(sign_up::sign_up))
        .routes(routes!(sign_up::verify_email))
        .routes(routes!(sign_up::resend_verification))
        .routes(routes!(sign_up::set_up))
        .routes(routes!(sessions::sign_in))
        .routes(routes!(sessions::sign_out))
        .routes(routes!(sessions::me))
        .routes(routes!(sessions::csrf_token));
    match delivery {
        Delivery::Mailbox => router.routes(routes!(mailbox::development_mailbox)),
        Delivery::Smtp { .. } => router,
    }
}
