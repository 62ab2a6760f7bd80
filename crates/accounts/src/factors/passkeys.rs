//! Passkeys (WebAuthn level 3): a second factor, and a sign-in of their own. Their holder always shows who they are to
//! the authenticator (user verification), so that a passkey alone is two factors.

mod authentication;
mod enrolment;

use foundation::{Token, Uuid};
use serde::Serialize;
use serde::de::DeserializeOwned;
use webauthn_rs::prelude::{Passkey, Url};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use crate::ceremony::Kind;
use crate::entities::{ceremonies, passkeys};
use crate::{Accounts, AccountsError};

/// The rules of passkeys for the site at this address. None for addresses without a name, such as 127.0.0.1: browsers
/// bind passkeys to names.
pub(crate) fn rules(public_url: &str, installation: &str) -> Option<Webauthn> {
    let url = Url::parse(public_url).ok()?;
    let name = url.domain()?;
    WebauthnBuilder::new(name, &url).ok()?.rp_name(installation).build().ok()
}

impl Accounts {
    fn passkey_rules(&self) -> Result<&Webauthn, AccountsError> {
        self.passkeys.as_ref().ok_or(AccountsError::PasskeysNeedName)
    }

    /// Begins a ceremony of its own for a challenge that was made.
    async fn begin_challenge(
        &self,
        kind: Kind,
        user: Option<Uuid>,
        state: &impl Serialize,
    ) -> Result<Token, AccountsError> {
        let state = written(state);
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let (token, _) = self.begin_ceremony(&unit, kind, user, Some(state.clone())).await?;
                unit.commit().await?;
                Ok(token)
            })
            .await
    }
}

/// What the library wants to remember, as it is stored.
fn written(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("what the library made can be written down")
}

fn read(row: &passkeys::Model) -> Result<Passkey, AccountsError> {
    serde_json::from_str(&row.credential).map_err(|_| AccountsError::PasskeyRefused)
}

/// How often the authenticator says that a passkey was used. The library keeps it, and shows it in this way only.
fn counter(row: &passkeys::Model) -> u64 {
    let stored: serde_json::Value = serde_json::from_str(&row.credential).unwrap_or_default();
    stored["cred"]["counter"].as_u64().unwrap_or_default()
}

fn state_of<T: DeserializeOwned>(ceremony: &ceremonies::Model) -> Result<T, AccountsError> {
    let state = ceremony.state.as_deref().ok_or(AccountsError::SignInOver)?;
    serde_json::from_str(state).map_err(|_| AccountsError::SignInOver)
}
