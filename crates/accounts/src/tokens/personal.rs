//! Personal access tokens: how programs sign in. Named, with scopes and an end, shown once, stored as a hash.

use audit::Entry;
use chrono::TimeDelta;
use foundation::{SecretString, Timestamp, Token, Uuid};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::entities::access_tokens::Model;
use crate::identity::{Credential, Known, Reauthenticated};
use crate::mail::Notice;
use crate::visitor::Visitor;
use crate::{Accounts, AccountsError, Role, actions, queries};

/// What every token begins with, so that people and scanners of source code know one when they see it.
const PREFIX: &str = "mst_";
/// How many tokens a user may have.
const MOST: u64 = 50;
/// How exactly `last_used_at` is kept.
const USED_RESOLUTION: TimeDelta = TimeDelta::minutes(5);

/// What a token may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Scope {
    /// To read what its owner can read.
    Read,
    /// To change what its owner can change, in the applications. Never the account itself.
    Write,
    /// To run the installation, while its owner is an administrator.
    Admin,
}

impl Scope {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::Read, Self::Write, Self::Admin].into_iter().find(|scope| scope.as_str() == name)
    }
}

/// The scopes of a stored token. A name that this version does not know allows nothing.
pub(crate) fn scopes_of(stored: &str) -> Vec<Scope> {
    stored.split(' ').filter_map(Scope::parse).collect()
}

/// A wish for a token.
pub(crate) struct NewAccessToken {
    pub(crate) name: String,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) lifetime: TimeDelta,
}

impl Accounts {
    /// Makes a token. Its text is answered this once.
    ///
    /// # Errors
    /// [`AccountsError::NotAllowed`] when a user who is no administrator wants the scope `admin`;
    /// [`AccountsError::TooMany`]; when the database fails.
    pub(crate) async fn create_access_token(
        &self,
        who: &Reauthenticated,
        wish: NewAccessToken,
        visitor: &Visitor,
    ) -> Result<(SecretString, Model), AccountsError> {
        let user = who.user();
        let NewAccessToken { name, mut scopes, lifetime } = wish;
        if scopes.contains(&Scope::Admin) && user.role != Role::Admin {
            return Err(AccountsError::NotAllowed);
        }
        scopes.sort_unstable();
        scopes.dedup();
        let (token, now) = (Token::generate(&self.ambient), self.ambient.now());
        let row = Model {
            id: self.ambient.new_id(),
            user_id: user.id,
            name,
            token_hash: token.hash().to_vec(),
            scopes: scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" "),
            created_at: now,
            expires_at: now + lifetime,
            last_used_at: None,
        };
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                if queries::access_tokens::count(&*unit, user.id).await? >= MOST {
                    return Err(AccountsError::TooMany);
                }
                queries::access_tokens::insert(&*unit, row.clone()).await?;
                let details = json!({ "token": row.id, "name": row.name, "scopes": row.scopes });
                let entry = Entry::of_user(user.id, actions::TOKEN_CREATE, &visitor.source).with(details);
                self.ledger.record(&*unit, entry).await?;
                let notice = Notice::TokenCreated { name: row.name.clone() };
                self.notify(&unit, user, notice, &visitor.source).await?;
                Ok::<_, AccountsError>(unit.commit().await?)
            })
            .await?;
        self.wake_outbox();
        Ok((format!("{PREFIX}{}", token.reveal()).into(), row))
    }

    /// Ends one of a user's tokens at once.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`]; when the database fails.
    pub(crate) async fn revoke_access_token(
        &self,
        user: Uuid,
        id: Uuid,
        visitor: &Visitor,
    ) -> Result<(), AccountsError> {
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                if !queries::access_tokens::delete(&*unit, user, id).await? {
                    return Err(AccountsError::NotFound);
                }
                let entry = Entry::of_user(user, actions::TOKEN_REVOKE, &visitor.source);
                self.ledger.record(&*unit, entry.with(json!({ "token": id }))).await?;
                Ok::<_, AccountsError>(unit.commit().await?)
            })
            .await
    }

    /// Whose access token this is.
    pub(crate) async fn known_by_access_token(&self, text: &str) -> Result<Option<Known>, AccountsError> {
        let Some(token) = text.strip_prefix(PREFIX).and_then(Token::parse) else { return Ok(None) };
        let found = self.read(|| queries::access_tokens::find(self.store.reader(), token.hash())).await?;
        let now = self.ambient.now();
        let Some((token, user)) = found.filter(|(token, _)| now < token.expires_at) else { return Ok(None) };
        self.note_token_used(&token, now).await;
        Ok(Some(Known {
            has_second_factor: user.second_factor_since.is_some(),
            user: user.into(),
            credential: Credential::AccessToken(scopes_of(&token.scopes)),
            id: token.id,
            until: token.expires_at,
        }))
    }

    async fn note_token_used(&self, token: &Model, now: Timestamp) {
        if token.last_used_at.is_some_and(|used| now - used < USED_RESOLUTION) {
            return;
        }
        let id = token.id;
        let noted = self.in_one_unit(|unit| Box::pin(queries::access_tokens::note_used(&**unit, id, now)));
        if let Err(error) = noted.await {
            tracing::warn!(error = &error as &dyn std::error::Error, "a token's use was not noted");
        }
    }
}
