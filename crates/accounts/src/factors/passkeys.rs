//! Passkeys (WebAuthn level 3): a second factor, and a sign-in of their own. Their holder always shows who they are to
//! the authenticator (user verification), so that a passkey alone is two factors.

use foundation::{Token, Uuid};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use store::Unit;
use webauthn_rs::prelude::{
    AuthenticationResult, CreationChallengeResponse, DiscoverableAuthentication, Passkey,
    PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential,
    RequestChallengeResponse, Url,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use super::backup_codes::BackupCode;
use crate::ceremony::Kind;
use crate::entities::{ceremonies, passkeys, users};
use crate::identity::{Reauthenticated, SignedIn};
use crate::mail::Notice;
use crate::sessions::Method;
use crate::sign_in::Welcome;
use crate::visitor::Visitor;
use crate::{Accounts, AccountsError, queries};

/// How many passkeys a user may have.
const MOST: u64 = 20;

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

    /// What a browser needs to make a passkey, and the token of this ceremony.
    ///
    /// # Errors
    /// [`AccountsError::PasskeysNeedName`]; [`AccountsError::TooMany`]; when the database fails.
    pub(crate) async fn start_passkey_registration(
        &self,
        who: &Reauthenticated,
    ) -> Result<(CreationChallengeResponse, Token), AccountsError> {
        let user = who.user();
        let existing = self.read(|| queries::passkeys::of(self.store.reader(), user.id)).await?;
        if existing.len() as u64 >= MOST {
            return Err(AccountsError::TooMany);
        }
        let known = existing.into_iter().map(|row| row.credential_id).collect();
        let (mut options, state) = self
            .passkey_rules()?
            .start_passkey_registration(user.id, &user.email, &user.username, Some(known))
            .map_err(|_| AccountsError::PasskeyRefused)?;
        if let Some(selection) = &mut options.public_key.authenticator_selection {
            // Kept on the authenticator where there is room: then it signs in without an address typed.
            selection.resident_key = Some(webauthn_rs_proto::ResidentKeyRequirement::Preferred);
        }
        let token = self.begin_challenge(Kind::PasskeyRegistration, Some(user.id), &state).await?;
        Ok((options, token))
    }

    /// Keeps the passkey that a browser made. The first factor of a user comes with backup codes.
    ///
    /// # Errors
    /// [`AccountsError::SignInOver`]; [`AccountsError::PasskeyRefused`]; when the database fails.
    pub(crate) async fn finish_passkey_registration(
        &self,
        who: &Reauthenticated,
        name: &str,
        credential: &RegisterPublicKeyCredential,
        visitor: &Visitor,
    ) -> Result<(passkeys::Model, Option<Vec<BackupCode>>), AccountsError> {
        let user = who.user();
        let ceremony = self.ceremony(Kind::PasskeyRegistration, visitor).await?;
        if ceremony.user_id != Some(user.id) {
            return Err(AccountsError::SignInOver);
        }
        let state: PasskeyRegistration = state_of(&ceremony)?;
        let passkey = self
            .passkey_rules()?
            .finish_passkey_registration(credential, &state)
            .map_err(|_| AccountsError::PasskeyRefused)?;
        let row = passkeys::Model {
            id: self.ambient.new_id(),
            user_id: user.id,
            credential_id: passkey.cred_id().clone(),
            name: name.to_owned(),
            credential: written(&passkey),
            created_at: self.ambient.now(),
            last_used_at: None,
        };
        let codes = BackupCode::set(&self.ambient);
        let is_first = self
            .retry
            .run(|| async {
                let unit = self.store.begin().await?;
                self.end_ceremony(&unit, &ceremony).await?;
                if queries::passkeys::by_credential(&*unit, &row.credential_id).await?.is_some() {
                    return Err(AccountsError::PasskeyRefused);
                }
                // Several can be begun while there is room for one.
                if queries::passkeys::count(&*unit, user.id).await? >= MOST {
                    return Err(AccountsError::TooMany);
                }
                queries::passkeys::insert(&*unit, row.clone()).await?;
                let before = queries::users::by_id(&*unit, user.id).await?;
                let is_first = before.is_some_and(|user| user.second_factor_since.is_none());
                self.note_factor(&unit, user.id).await?;
                if is_first {
                    self.store_backup_codes(&unit, user.id, &codes).await?;
                }
                self.announce(&unit, user, "passkey_add", Notice::PasskeyAdded, &visitor.source).await?;
                unit.commit().await?;
                Ok(is_first)
            })
            .await?;
        self.wake_outbox();
        Ok((row, is_first.then(|| codes.into())))
    }

    /// Gives a passkey another name.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`]; when the database fails.
    pub(crate) async fn rename_passkey(
        &self,
        user: Uuid,
        id: Uuid,
        name: &str,
        visitor: &Visitor,
    ) -> Result<passkeys::Model, AccountsError> {
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let row =
                    queries::passkeys::one_of(&*unit, user, id).await?.ok_or(AccountsError::NotFound)?;
                queries::passkeys::rename(&*unit, id, name).await?;
                let entry = audit::Entry::of_user(user, "passkey_rename", &visitor.source);
                audit::record(&*unit, &self.ambient, entry.with(json!({ "passkey": id }))).await?;
                unit.commit().await?;
                Ok(passkeys::Model { name: name.to_owned(), ..row })
            })
            .await
    }

    /// Removes a passkey; backup codes too, when no other factor is left.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`]; when the database fails.
    pub(crate) async fn remove_passkey(
        &self,
        who: &Reauthenticated,
        id: Uuid,
        visitor: &Visitor,
    ) -> Result<(), AccountsError> {
        let user = who.user();
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                queries::passkeys::one_of(&*unit, user.id, id).await?.ok_or(AccountsError::NotFound)?;
                queries::passkeys::delete(&*unit, id).await?;
                self.note_factor(&unit, user.id).await?;
                self.announce(&unit, user, "passkey_remove", Notice::PasskeyRemoved, &visitor.source).await?;
                Ok::<_, AccountsError>(unit.commit().await?)
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }

    /// What a browser needs to sign in with a passkey alone, whosever it is.
    ///
    /// # Errors
    /// [`AccountsError::PasskeysNeedName`]; when the database fails.
    pub(crate) async fn start_passkey_sign_in(
        &self,
    ) -> Result<(RequestChallengeResponse, Token), AccountsError> {
        let started = self.passkey_rules()?.start_discoverable_authentication();
        let (mut options, state) = started.map_err(|_| AccountsError::PasskeyRefused)?;
        options.mediation = None;
        let token = self.begin_challenge(Kind::PasskeySignIn, None, &state).await?;
        Ok((options, token))
    }

    /// Signs in whoever holds the passkey.
    ///
    /// # Errors
    /// [`AccountsError::SignInOver`]; [`AccountsError::PasskeyRefused`]; when the database fails.
    pub(crate) async fn finish_passkey_sign_in(
        &self,
        credential: &PublicKeyCredential,
        visitor: &Visitor,
    ) -> Result<Welcome, AccountsError> {
        let ceremony = self.ceremony(Kind::PasskeySignIn, visitor).await?;
        let id = credential.get_credential_id();
        let row = self.read(|| queries::passkeys::by_credential(self.store.reader(), id)).await?;
        let row = row.ok_or(AccountsError::PasskeyRefused)?;
        let state: DiscoverableAuthentication = state_of(&ceremony)?;
        let shown = self
            .passkey_rules()?
            .finish_discoverable_authentication_v2(credential, state, &read(&row)?)
            .map_err(|_| AccountsError::PasskeyRefused)?;
        self.sign_in_by_passkey(&ceremony, &row, &shown, Method::Passkey, visitor).await
    }

    /// What a browser needs for the second step of its sign-in.
    ///
    /// # Errors
    /// [`AccountsError::SignInOver`]; [`AccountsError::NotEnabled`] without any passkey; when the database fails.
    pub(crate) async fn start_second_step_by_passkey(
        &self,
        visitor: &Visitor,
    ) -> Result<RequestChallengeResponse, AccountsError> {
        let (ceremony, user) = self.pending_sign_in(visitor).await?;
        let (options, state) = self.challenge(user).await?;
        let (id, state) = (ceremony.id, written(&state));
        self.in_one_unit(|unit| Box::pin(queries::ceremonies::set_state(&**unit, id, Some(state.clone()))))
            .await?;
        Ok(options)
    }

    /// Completes a sign-in with a passkey of the user who gave the password.
    ///
    /// # Errors
    /// [`AccountsError::SignInOver`]; [`AccountsError::PasskeyRefused`]; when the database fails.
    pub(crate) async fn finish_second_step_by_passkey(
        &self,
        credential: &PublicKeyCredential,
        visitor: &Visitor,
    ) -> Result<Welcome, AccountsError> {
        let (ceremony, user) = self.pending_sign_in(visitor).await?;
        let (row, shown) = self.shown_passkey(user, &ceremony, credential).await?;
        self.sign_in_by_passkey(&ceremony, &row, &shown, Method::PasswordAndPasskey, visitor).await
    }

    /// What a browser needs to show again who is in front of it.
    ///
    /// # Errors
    /// [`AccountsError::NotEnabled`] without any passkey; when the database fails.
    pub(crate) async fn start_reauthentication_by_passkey(
        &self,
        who: &SignedIn,
    ) -> Result<(RequestChallengeResponse, Token), AccountsError> {
        let (options, state) = self.challenge(who.user.id).await?;
        let token = self.begin_challenge(Kind::PasskeyReauthentication, Some(who.user.id), &state).await?;
        Ok((options, token))
    }

    /// Begins the session anew for whoever holds a passkey of its user.
    ///
    /// # Errors
    /// [`AccountsError::SignInOver`]; [`AccountsError::PasskeyRefused`]; when the database fails.
    pub(crate) async fn finish_reauthentication_by_passkey(
        &self,
        who: &SignedIn,
        credential: &PublicKeyCredential,
        visitor: &Visitor,
    ) -> Result<Welcome, AccountsError> {
        let ceremony = self.ceremony(Kind::PasskeyReauthentication, visitor).await?;
        if ceremony.user_id != Some(who.user.id) {
            return Err(AccountsError::SignInOver);
        }
        let (row, shown) = self.shown_passkey(who.user.id, &ceremony, credential).await?;
        let welcome = self
            .retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let user = self.accept_passkey(&unit, &ceremony, &row, &shown).await?;
                let welcome = self.begin_anew(&unit, who, user, Method::Passkey, visitor).await?;
                unit.commit().await?;
                Ok::<_, AccountsError>(welcome)
            })
            .await?;
        self.wake_outbox();
        Ok(welcome)
    }

    async fn sign_in_by_passkey(
        &self,
        ceremony: &ceremonies::Model,
        row: &passkeys::Model,
        shown: &AuthenticationResult,
        method: Method,
        visitor: &Visitor,
    ) -> Result<Welcome, AccountsError> {
        let welcome = self
            .retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let user = self.accept_passkey(&unit, ceremony, row, shown).await?;
                let welcome = self.welcome(&unit, user, method, visitor).await?;
                unit.commit().await?;
                Ok::<_, AccountsError>(welcome)
            })
            .await?;
        self.wake_outbox();
        Ok(welcome)
    }

    /// Ends the ceremony, remembers the passkey's new counter, and gives its user if they may act.
    async fn accept_passkey(
        &self,
        unit: &Unit,
        ceremony: &ceremonies::Model,
        row: &passkeys::Model,
        shown: &AuthenticationResult,
    ) -> Result<users::Model, AccountsError> {
        self.end_ceremony(unit, ceremony).await?;
        let mut passkey = read(row)?;
        passkey.update_credential(shown);
        let credential = written(&passkey);
        queries::passkeys::note_used(&**unit, row.id, credential, self.ambient.now()).await?;
        queries::users::active(&**unit, row.user_id).await?.ok_or(AccountsError::PasskeyRefused)
    }

    /// A challenge to all passkeys of a user.
    async fn challenge(
        &self,
        user: Uuid,
    ) -> Result<(RequestChallengeResponse, PasskeyAuthentication), AccountsError> {
        let rows = self.read(|| queries::passkeys::of(self.store.reader(), user)).await?;
        if rows.is_empty() {
            return Err(AccountsError::NotEnabled);
        }
        let passkeys = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let started = self.passkey_rules()?.start_passkey_authentication(&passkeys);
        started.map_err(|_| AccountsError::PasskeyRefused)
    }

    /// The passkey that answered a challenge to this user's passkeys.
    async fn shown_passkey(
        &self,
        user: Uuid,
        ceremony: &ceremonies::Model,
        credential: &PublicKeyCredential,
    ) -> Result<(passkeys::Model, AuthenticationResult), AccountsError> {
        let state: PasskeyAuthentication = state_of(ceremony)?;
        let shown = self
            .passkey_rules()?
            .finish_passkey_authentication(credential, &state)
            .map_err(|_| AccountsError::PasskeyRefused)?;
        let row =
            self.read(|| queries::passkeys::by_credential(self.store.reader(), shown.cred_id())).await?;
        let row = row.filter(|row| row.user_id == user).ok_or(AccountsError::PasskeyRefused)?;
        Ok((row, shown))
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

fn state_of<T: DeserializeOwned>(ceremony: &ceremonies::Model) -> Result<T, AccountsError> {
    let state = ceremony.state.as_deref().ok_or(AccountsError::SignInOver)?;
    serde_json::from_str(state).map_err(|_| AccountsError::SignInOver)
}
