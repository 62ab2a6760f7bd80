//! Signing in, completing a sign-in and showing again who one is, with a passkey.

use audit::Entry;
use foundation::{Token, Uuid};
use serde_json::json;
use store::Unit;
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, PasskeyAuthentication, PublicKeyCredential,
    RequestChallengeResponse,
};

use super::{counter, read, state_of, written};
use crate::ceremony::Kind;
use crate::entities::{ceremonies, passkeys, users};
use crate::identity::SignedIn;
use crate::sessions::Method;
use crate::sign_in::Welcome;
use crate::visitor::Visitor;
use crate::{Accounts, AccountsError, actions, queries};

impl Accounts {
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
        let owner = row.as_ref().map(|row| row.user_id);
        let welcome = self.sign_in_by_discovered_passkey(&ceremony, row, credential, visitor).await;
        let entry = Entry::of_stranger(owner, actions::SIGN_IN, &visitor.source);
        self.refusal_on_record(welcome, entry.with(json!({ "method": Method::Passkey }))).await
    }

    async fn sign_in_by_discovered_passkey(
        &self,
        ceremony: &ceremonies::Model,
        row: Option<passkeys::Model>,
        credential: &PublicKeyCredential,
        visitor: &Visitor,
    ) -> Result<Welcome, AccountsError> {
        let row = row.ok_or(AccountsError::PasskeyRefused)?;
        // WebAuthn level 3, section 7.2, step 6: it must name its owner, and truly.
        if credential.get_user_unique_id() != Some(row.user_id.as_bytes()) {
            return Err(AccountsError::PasskeyRefused);
        }
        let state: DiscoverableAuthentication = state_of(ceremony)?;
        let shown = self
            .passkey_rules()?
            .finish_discoverable_authentication_v2(credential, state, &read(&row)?)
            .map_err(|_| AccountsError::PasskeyRefused)?;
        self.sign_in_by_passkey(ceremony, &row, &shown, Method::Passkey, visitor).await
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
        let welcome = async {
            let (row, shown) = self.shown_passkey(user, &ceremony, credential).await?;
            self.sign_in_by_passkey(&ceremony, &row, &shown, Method::PasswordAndPasskey, visitor).await
        };
        let entry = Entry::of_stranger(Some(user), actions::SIGN_IN_SECOND_STEP, &visitor.source);
        self.refusal_on_record(welcome.await, entry).await
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
        let welcome = self.show_again_by_passkey(who, &ceremony, credential, visitor).await;
        let entry = Entry::of_user(who.user.id, actions::REAUTHENTICATE, &visitor.source);
        let welcome = self.refusal_on_record(welcome, entry).await?;
        self.wake_outbox();
        Ok(welcome)
    }

    async fn show_again_by_passkey(
        &self,
        who: &SignedIn,
        ceremony: &ceremonies::Model,
        credential: &PublicKeyCredential,
        visitor: &Visitor,
    ) -> Result<Welcome, AccountsError> {
        let (row, shown) = self.shown_passkey(who.user.id, ceremony, credential).await?;
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let user = self.accept_passkey(&unit, ceremony, &row, &shown).await?;
                let welcome = self.begin_anew(&unit, who, user, Method::Passkey, visitor).await?;
                unit.commit().await?;
                Ok::<_, AccountsError>(welcome)
            })
            .await
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
        let row = queries::passkeys::one_of(&**unit, row.user_id, row.id).await?;
        let row = row.ok_or(AccountsError::PasskeyRefused)?;
        let mut passkey = read(&row)?;
        // The library has compared it with what it was when the ceremony began; somebody may have been faster since.
        if shown.counter() != 0 && u64::from(shown.counter()) <= counter(&row) {
            return Err(AccountsError::PasskeyRefused);
        }
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
}
