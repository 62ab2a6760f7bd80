//! Making, naming and removing passkeys.

use foundation::{Token, Uuid};
use serde_json::json;
use webauthn_rs::prelude::{CreationChallengeResponse, PasskeyRegistration, RegisterPublicKeyCredential};

use super::{state_of, written};
use crate::ceremony::Kind;
use crate::entities::passkeys;
use crate::factors::backup_codes::BackupCode;
use crate::identity::Reauthenticated;
use crate::mail::Notice;
use crate::visitor::Visitor;
use crate::{Accounts, AccountsError, actions, queries};

/// How many passkeys a user may have.
const MOST: u64 = 20;

impl Accounts {
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
        let codes = self
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
                let codes = self.note_new_factor(&unit, who).await?;
                self.announce(&unit, user, actions::PASSKEY_ADD, Notice::PasskeyAdded, &visitor.source)
                    .await?;
                unit.commit().await?;
                Ok(codes)
            })
            .await?;
        self.wake_outbox();
        Ok((row, codes))
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
                let entry = audit::Entry::of_user(user, actions::PASSKEY_RENAME, &visitor.source);
                self.ledger.record(&*unit, entry.with(json!({ "passkey": id }))).await?;
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
                self.announce(&unit, user, actions::PASSKEY_REMOVE, Notice::PasskeyRemoved, &visitor.source)
                    .await?;
                Ok::<_, AccountsError>(unit.commit().await?)
            })
            .await?;
        self.wake_outbox();
        Ok(())
    }
}
