//! The API reference.

use axum::Router;
use utoipa::openapi::{ContactBuilder, InfoBuilder, License, OpenApi, OpenApiBuilder};
use utoipa_swagger_ui::{Config, SwaggerUi};

/// Title and introduction of the reference.
pub(crate) fn front_page() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Mainstay")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "A browser's session is carried by an HttpOnly cookie. Errors are problem documents (RFC 9457) with a \
             stable `code`; every answer names its request in `X-Request-Id`.",
        ))
        .contact(Some(ContactBuilder::new().name(Some("The operator of this installation")).build()))
        .license(Some(License::new("Apache-2.0")))
        .build();
    OpenApiBuilder::new().info(info).build()
}

/// The reference at `/docs` and the document it shows at `/api/openapi.json`.
pub(crate) fn reference(document: OpenApi) -> Router {
    // The base layout: the standalone one has a bar for opening other documents, and styles that the CSP forbids.
    let settings = Config::from("/api/openapi.json")
        .use_base_layout()
        .validator_url("none")
        .display_request_duration(true);
    SwaggerUi::new("/docs").config(settings).url("/api/openapi.json", document).into()
}
