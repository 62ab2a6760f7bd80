//! HTTP: the paths under `/api/auth` and `/api/admin`, the public keys, and the development mailbox.

mod account;
mod activity;
mod address;
mod cookies;
mod input;
mod jwks;
mod mailbox;
mod me;
mod passkeys;
mod passwords;
mod people;
mod problem;
mod reauthentication;
mod second_factor;
mod sessions;
mod sign_in;
mod sign_up;
mod tokens;

use axum::extract::FromRef;
use guard::{Policy, RateRule};
use http::Method;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::{Accounts, Delivery};

/// Which routes have a limit of their own, by the client's network.
///
/// Ways to show who one is, where the password or a secret is verified before anybody is signed in; new accounts; and
/// what sends a mail. Refreshing is not among them: it happens by itself in every open page, and its secrets cannot be
/// guessed.
pub const RATE_RULES: &[RateRule] = &[
    RateRule::new(Method::POST, "/api/auth/login", Policy::SignIn),
    RateRule::new(Method::POST, "/api/auth/2fa/verify", Policy::SignIn),
    RateRule::new(Method::POST, "/api/auth/2fa/passkey/start", Policy::SignIn),
    RateRule::new(Method::POST, "/api/auth/2fa/passkey/finish", Policy::SignIn),
    RateRule::new(Method::POST, "/api/auth/passkey/start", Policy::SignIn),
    RateRule::new(Method::POST, "/api/auth/passkey/finish", Policy::SignIn),
    RateRule::new(Method::POST, "/api/auth/verify-email", Policy::SignIn),
    RateRule::new(Method::POST, "/api/auth/reset-password", Policy::SignIn),
    RateRule::new(Method::POST, "/api/auth/recover", Policy::SignIn),
    RateRule::new(Method::POST, "/api/auth/email/confirm", Policy::SignIn),
    RateRule::new(Method::POST, "/api/auth/signup", Policy::SignUp),
    RateRule::new(Method::POST, "/api/auth/setup", Policy::SignUp),
    RateRule::new(Method::POST, "/api/auth/forgot-password", Policy::Mail),
    RateRule::new(Method::POST, "/api/auth/resend-verification", Policy::Mail),
    RateRule::new(Method::POST, "/api/auth/email", Policy::Mail),
];

/// Every route of this room, for a program whose state contains [`Accounts`].
///
/// The development mailbox has a route only when mail stays here.
pub fn router<S>(delivery: &Delivery) -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    Accounts: FromRef<S>,
{
    let router = OpenApiRouter::new()
        .merge(entering())
        .merge(second_factors())
        .merge(own_account())
        .merge(administration())
        .routes(routes!(jwks::jwks));
    match delivery {
        Delivery::Mailbox => router.routes(routes!(mailbox::development_mailbox)),
        Delivery::Smtp { .. } => router,
    }
}

/// Getting an account, getting in, and getting out.
fn entering<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    Accounts: FromRef<S>,
{
    OpenApiRouter::new()
        .routes(routes!(sign_up::sign_up))
        .routes(routes!(sign_up::verify_email))
        .routes(routes!(sign_up::resend_verification))
        .routes(routes!(sign_up::set_up))
        .routes(routes!(sign_in::sign_in))
        .routes(routes!(sign_in::second_step))
        .routes(routes!(sign_in::refresh))
        .routes(routes!(sign_in::sign_out))
        .routes(routes!(passkeys::start_passkey_sign_in))
        .routes(routes!(passkeys::finish_passkey_sign_in))
        .routes(routes!(passkeys::start_passkey_second_step))
        .routes(routes!(passkeys::finish_passkey_second_step))
        .routes(routes!(passwords::forgot_password))
        .routes(routes!(passwords::reset_password))
        .routes(routes!(account::recover))
        .routes(routes!(address::confirm_email))
}

/// What somebody may use besides their password.
fn second_factors<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    Accounts: FromRef<S>,
{
    OpenApiRouter::new()
        .routes(routes!(second_factor::second_factors))
        .routes(routes!(second_factor::set_up_totp))
        .routes(routes!(second_factor::enable_totp))
        .routes(routes!(second_factor::disable_totp))
        .routes(routes!(second_factor::renew_backup_codes))
        .routes(routes!(passkeys::list_passkeys))
        .routes(routes!(passkeys::start_passkey_registration))
        .routes(routes!(passkeys::finish_passkey_registration))
        .routes(routes!(passkeys::rename_passkey, passkeys::remove_passkey))
}

/// What somebody does about their own account.
fn own_account<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    Accounts: FromRef<S>,
{
    OpenApiRouter::new()
        .routes(routes!(me::me))
        .routes(routes!(me::csrf_token))
        .routes(routes!(reauthentication::reauthenticate))
        .routes(routes!(reauthentication::start_passkey_reauthentication))
        .routes(routes!(reauthentication::finish_passkey_reauthentication))
        .routes(routes!(passwords::change_password))
        .routes(routes!(sessions::list_sessions, sessions::end_other_sessions))
        .routes(routes!(sessions::end_session))
        .routes(routes!(address::change_email))
        .routes(routes!(tokens::list_tokens, tokens::create_token))
        .routes(routes!(tokens::revoke_token))
        .routes(routes!(activity::own_activity))
        .routes(routes!(account::export_account))
        .routes(routes!(account::delete_account))
}

/// What administrators do about everybody.
fn administration<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    Accounts: FromRef<S>,
{
    OpenApiRouter::new()
        .routes(routes!(people::find_users))
        .routes(routes!(people::show_user))
        .routes(routes!(activity::user_activity))
        .routes(routes!(activity::audit_log))
        .routes(routes!(people::disable_user))
        .routes(routes!(people::enable_user))
        .routes(routes!(people::end_user_sessions))
        .routes(routes!(people::revoke_user_tokens))
        .routes(routes!(people::start_password_reset))
        .routes(routes!(people::start_recovery))
        .routes(routes!(people::set_user_role))
        .routes(routes!(people::end_everybodys_sessions))
}
