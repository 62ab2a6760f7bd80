//! What takes two requests: between them, the browser holds a token and the database remembers what it is for.

use chrono::TimeDelta;
use foundation::{Timestamp, Token, Uuid};
use sea_orm::sea_query::StringLen;
use sea_orm::{DeriveActiveEnum, EnumIter};
use store::Unit;

use crate::entities::ceremonies::Model;
use crate::queries::ceremonies::NewCeremony;
use crate::visitor::Visitor;
use crate::{Accounts, AccountsError, queries};

/// How long there is for the second request.
pub(crate) const CEREMONY_LIFETIME: TimeDelta = TimeDelta::minutes(5);

/// What is under way. A token of one kind is unknown to every other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(30))", rename_all = "snake_case")]
pub enum Kind {
    /// The password was right; the second factor is missing.
    SecondStep,
    /// A sign-in by passkey alone.
    PasskeySignIn,
    /// A passkey is being registered.
    PasskeyRegistration,
    /// Somebody who is signed in shows again who they are, by passkey.
    PasskeyReauthentication,
}

impl Accounts {
    /// Begins a ceremony: the token for the browser, and when it is too late.
    pub(crate) async fn begin_ceremony(
        &self,
        unit: &Unit,
        kind: Kind,
        user_id: Option<Uuid>,
        state: Option<String>,
    ) -> Result<(Token, Timestamp), AccountsError> {
        let token = Token::generate(&self.ambient);
        let new = NewCeremony { kind, token: token.hash(), user_id, state, lifetime: CEREMONY_LIFETIME };
        let expires_at = queries::ceremonies::insert(&**unit, &self.ambient, new).await?;
        Ok((token, expires_at))
    }

    /// The ceremony of this kind that a browser is in the middle of.
    pub(crate) async fn ceremony(&self, kind: Kind, visitor: &Visitor) -> Result<Model, AccountsError> {
        let token = visitor.ceremony.as_ref().map(Token::hash).ok_or(AccountsError::SignInOver)?;
        let now = self.ambient.now();
        let found = self.read(|| queries::ceremonies::find(self.store.reader(), kind, token, now)).await?;
        found.ok_or(AccountsError::SignInOver)
    }

    /// Ends a ceremony: what it is good for happens once.
    pub(crate) async fn end_ceremony(&self, unit: &Unit, ceremony: &Model) -> Result<(), AccountsError> {
        let ended = queries::ceremonies::end(&**unit, ceremony.id).await?;
        ended.then_some(()).ok_or(AccountsError::SignInOver)
    }
}
