//! Sessions: how they begin, how long they last, and how they end.

use audit::Entry;
use chrono::TimeDelta;
use foundation::{ExposeSecret as _, SecretString, Timestamp, Token, Uuid};
use sea_orm::sea_query::StringLen;
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Unit;
use utoipa::ToSchema;

use crate::entities::{sessions, users};
use crate::identity::{Reauthenticated, Session};
use crate::mail::Notice;
use crate::queries::sessions::FoundSession;
use crate::tokens::access;
use crate::visitor::Visitor;
use crate::{Accounts, AccountsError, Config, actions, queries};

/// How exactly `last_seen_at` is kept, at most. Noting every request would turn every read into a write.
const SEEN_RESOLUTION: TimeDelta = TimeDelta::minutes(5);

/// By what a session was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum, Serialize, Deserialize, ToSchema)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(30))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A password.
    Password,
    /// A password and a code.
    PasswordAndCode,
    /// A password and a passkey.
    PasswordAndPasskey,
    /// A passkey alone.
    Passkey,
    /// The link that creates the first administrator.
    SetupLink,
    /// The link that confirms an address, and the password chosen with it.
    Confirmation,
}

/// What a browser gets when its session begins or goes on.
pub(crate) struct Credentials {
    pub(crate) session: Session,
    pub(crate) access: SecretString,
    pub(crate) access_expires_at: Timestamp,
    pub(crate) refresh: Token,
    /// Tells this browser apart from others, after the session too.
    pub(crate) device: Option<Token>,
}

/// What becomes of a session that somebody presents.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Valid,
    ValidNoteSeen,
    Over,
}

fn judge(
    created_at: Timestamp,
    last_seen_at: Timestamp,
    expires_at: Timestamp,
    now: Timestamp,
    config: &Config,
) -> Verdict {
    let idle = now - last_seen_at;
    let over = now >= expires_at
        || now - created_at >= delta(config.session_lifetime)
        || idle >= delta(config.session_idle_timeout);
    match over {
        true => Verdict::Over,
        false if idle >= SEEN_RESOLUTION.min(delta(config.session_idle_timeout) / 4) => {
            Verdict::ValidNoteSeen
        }
        false => Verdict::Valid,
    }
}

impl FoundSession {
    /// Whether it is worth nothing any more.
    pub(crate) fn is_over(&self, now: Timestamp, config: &Config) -> bool {
        self.judge(now, config) == Verdict::Over
    }

    pub(crate) fn judge(&self, now: Timestamp, config: &Config) -> Verdict {
        judge(self.created_at, self.last_seen_at, self.session.expires_at, now, config)
    }
}

/// A configured period, for arithmetic with timestamps.
pub(crate) fn delta(period: foundation::config::Period) -> TimeDelta {
    TimeDelta::from_std(period.as_duration()).unwrap_or(TimeDelta::MAX)
}

impl Accounts {
    /// Begins a session for a user who has shown who they are. The browser's session so far ends (OWASP ASVS 5.0,
    /// 7.2.4).
    pub(crate) async fn begin_session(
        &self,
        unit: &Unit,
        user: &users::Model,
        method: Method,
        visitor: &Visitor,
    ) -> Result<Credentials, AccountsError> {
        self.end_session_of(unit, visitor).await?;
        let device = self.recognise(unit, user, method, visitor).await?;
        let now = self.ambient.now();
        let session = sessions::Model {
            id: self.ambient.new_id(),
            user_id: user.id,
            created_at: now,
            last_seen_at: now,
            authenticated_at: now,
            expires_at: now + delta(self.config.session_lifetime),
            method,
            ip_address: visitor.source.ip_address.map(|address| address.to_string()),
            user_agent: visitor.source.user_agent.clone(),
        };
        let begun = Session { id: session.id, authenticated_at: now, expires_at: session.expires_at };
        queries::sessions::insert(&**unit, session).await?;
        queries::users::note_seen(&**unit, user.id, now).await?;
        let refresh = Token::generate(&self.ambient);
        let lifetime = delta(self.config.refresh_lifetime);
        queries::refresh_tokens::insert(&**unit, &self.ambient, begun.id, refresh.hash(), lifetime).await?;
        Ok(Credentials { device, ..self.credentials(user.id, begun, refresh).await? })
    }

    /// What a browser goes on with: a fresh access token, and this refresh token.
    pub(crate) async fn credentials(
        &self,
        user: Uuid,
        session: Session,
        refresh: Token,
    ) -> Result<Credentials, AccountsError> {
        let now = self.ambient.now();
        let access_expires_at = session.expires_at.min(now + delta(self.config.access_lifetime));
        let ring = self.ring().await?;
        let access = access::issue(ring.signer(), &self.parties, (user, session.id), now, access_expires_at);
        Ok(Credentials { session, access, access_expires_at, refresh, device: None })
    }

    /// Knows the browser again, or makes it known; a mail tells the user of a new one, unless the account begins with
    /// it.
    async fn recognise(
        &self,
        unit: &Unit,
        user: &users::Model,
        method: Method,
        visitor: &Visitor,
    ) -> Result<Option<Token>, AccountsError> {
        if let Some(device) = &visitor.device
            && queries::devices::is_known(&**unit, user.id, device.hash()).await?
        {
            queries::devices::note_seen(&**unit, user.id, device.hash(), self.ambient.now()).await?;
            return Ok(None);
        }
        if !matches!(method, Method::Confirmation | Method::SetupLink) {
            self.notify(unit, &user.clone().into(), Notice::NewDevice, &visitor.source).await?;
        }
        self.make_known(unit, user.id, visitor).await.map(Some)
    }

    /// Makes a browser one of this user's, by a new token: whoever copied the one before has nothing of it. Others who
    /// share the browser stay known there.
    pub(crate) async fn make_known(
        &self,
        unit: &Unit,
        user: Uuid,
        visitor: &Visitor,
    ) -> Result<Token, AccountsError> {
        let device = Token::generate(&self.ambient);
        if let Some(before) = &visitor.device {
            queries::devices::rename(&**unit, before.hash(), device.hash()).await?;
        }
        queries::devices::insert(&**unit, &self.ambient, user, device.hash()).await?;
        Ok(device)
    }

    /// Ends the session that a browser presents, whichever of its tokens it still has; answers whose it was. A refresh
    /// token that was used long ago is a replay here as well.
    pub(crate) async fn end_session_of(
        &self,
        unit: &Unit,
        visitor: &Visitor,
    ) -> Result<Option<(Uuid, Uuid)>, AccountsError> {
        let refresh = match &visitor.refresh {
            Some(refresh) => queries::refresh_tokens::find(&**unit, refresh.hash()).await?,
            None => None,
        };
        let session = match (&refresh, &visitor.access) {
            (Some(refresh), _) => Some(refresh.session_id),
            (None, Some(access)) => {
                self.verified(access.expose_secret()).await?.map(|verified| verified.session)
            }
            (None, None) => None,
        };
        let Some(session) = session else { return Ok(None) };
        let Some(found) = queries::sessions::find(&**unit, session).await? else {
            queries::sessions::end(&**unit, session).await?;
            return Ok(None);
        };
        if refresh.is_some_and(|refresh| self.is_replay(&refresh)) {
            self.end_stolen(unit, &found, visitor).await?;
            return Ok(None);
        }
        queries::sessions::end(&**unit, session).await?;
        Ok(Some((found.user.id, session)))
    }

    /// Where a user is signed in, last used first.
    pub(crate) async fn sessions_of(&self, user: Uuid) -> Result<Vec<sessions::Model>, AccountsError> {
        let now = self.ambient.now();
        let mut rows = self.read(|| queries::sessions::of(self.store.reader(), user, now)).await?;
        let is_over = |row: &sessions::Model| {
            judge(row.created_at, row.last_seen_at, row.expires_at, now, &self.config) == Verdict::Over
        };
        rows.retain(|row| !is_over(row));
        Ok(rows)
    }

    /// Ends one of a user's own sessions at once.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`]; when the database fails.
    pub(crate) async fn end_session(
        &self,
        who: &Reauthenticated,
        id: Uuid,
        visitor: &Visitor,
    ) -> Result<(), AccountsError> {
        let user = who.user().id;
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                if !queries::sessions::end_one_of(&*unit, user, id).await? {
                    return Err(AccountsError::NotFound);
                }
                let entry = Entry::of_user(user, actions::SESSION_END, &visitor.source);
                self.ledger.record(&*unit, entry.with(json!({ "session": id }))).await?;
                Ok(unit.commit().await?)
            })
            .await
    }

    /// Ends all sessions of a user but this one, and answers how many.
    pub(crate) async fn end_other_sessions(
        &self,
        who: &Reauthenticated,
        visitor: &Visitor,
    ) -> Result<u64, AccountsError> {
        let (user, current) = (who.user().id, who.0.session.id);
        self.retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let ended = self.end_sessions(&unit, user, Some(current)).await?;
                let this_one = visitor.device.as_ref().map(Token::hash);
                queries::devices::delete_of(&*unit, user, this_one).await?;
                let entry = Entry::of_user(user, actions::SESSIONS_END_OTHERS, &visitor.source);
                self.ledger.record(&*unit, entry.with(json!({ "ended": ended }))).await?;
                unit.commit().await?;
                Ok(ended)
            })
            .await
    }

    /// Notes that a session is in use. Whoever only wants to read is not turned away because this cannot be written.
    pub(crate) async fn note_seen(&self, user: Uuid, session: Uuid, now: Timestamp) {
        let noted = self
            .retry
            .run(|| async {
                let unit = self.store.begin().await?;
                self.note_seen_in(&unit, user, session, now).await?;
                Ok::<_, AccountsError>(unit.commit().await?)
            })
            .await;
        if let Err(error) = noted {
            tracing::warn!(error = &error as &dyn std::error::Error, %session, "a session's use was not noted");
        }
    }

    pub(crate) async fn note_seen_in(
        &self,
        unit: &Unit,
        user: Uuid,
        session: Uuid,
        now: Timestamp,
    ) -> Result<(), AccountsError> {
        queries::sessions::note_seen(&**unit, session, now).await?;
        Ok(queries::users::note_seen(&**unit, user, now).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use foundation::config::Period;

    #[test]
    fn sessions_end_when_their_time_is_over_whichever_comes_first() {
        let config = Config {
            session_lifetime: Period::from_secs(7 * 24 * 3600),
            session_idle_timeout: Period::DAY,
            ..Config::default()
        };
        let start = Timestamp::default();
        let at = |seen: TimeDelta, now: TimeDelta| {
            judge(start, start + seen, start + delta(config.session_lifetime), start + now, &config)
        };
        let (minutes, hours, days) = (TimeDelta::minutes, TimeDelta::hours, TimeDelta::days);
        assert_eq!(at(minutes(0), minutes(4)), Verdict::Valid);
        assert_eq!(at(minutes(0), minutes(5)), Verdict::ValidNoteSeen);
        assert_eq!(at(minutes(0), hours(24)), Verdict::Over);
        assert_eq!(at(hours(23), hours(24)), Verdict::ValidNoteSeen);
        assert_eq!(at(days(7) - minutes(1), days(7)), Verdict::Over);
        // With a short idle time-out, use is noted often enough that whoever stays active stays signed in.
        let short = Config { session_idle_timeout: Period::from_secs(60), ..config.clone() };
        let verdict = |idle| judge(start, start, start + days(7), start + TimeDelta::seconds(idle), &short);
        assert_eq!(
            [14, 15, 59, 60].map(verdict),
            [Verdict::Valid, Verdict::ValidNoteSeen, Verdict::ValidNoteSeen, Verdict::Over]
        );
        // A shorter lifetime set by the operator acts on sessions that exist.
        let stricter = Config { session_lifetime: Period::from_secs(3600), ..config };
        let verdict = judge(start, start + minutes(59), start + days(7), start + minutes(60), &stricter);
        assert_eq!(verdict, Verdict::Over);
    }
}
