//! Refresh tokens: rotated on every use, and a replay ends what was stolen (RFC 9700 section 4.14.2).
//!
//! The successor of a token follows from it (HMAC by a key that only the nodes have). So all who use one at the same
//! time, as the tabs of a browser do after a nap, get the same successor, and there is one line of tokens, not a tree;
//! the database holds hashes only.

use audit::Entry;
use aws_lc_rs::hmac;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use foundation::{Timestamp, Token, Uuid};
use serde_json::json;
use store::Unit;

use crate::entities::refresh_tokens::Model;
use crate::identity::Session;
use crate::mail::Notice;
use crate::queries::sessions::FoundSession;
use crate::sessions::{Credentials, Verdict, delta};
use crate::visitor::Visitor;
use crate::{Accounts, AccountsError, CLOCK_SKEW, actions, queries};

/// How far the line is followed for somebody who presents a token that was used a moment ago. Each step is a refresh
/// within the reuse window.
const LONGEST_WALK: usize = 16;

/// What a refresh came to.
enum Refreshed {
    Alive {
        user: Uuid,
        session: Session,
        next: Token,
    },
    Over,
    /// Somebody presented a token long after it was used: a thief, or the victim of one.
    Replayed,
}

impl Accounts {
    /// The next tokens of a session, for whoever presents its newest refresh token, or one that was used a moment ago.
    ///
    /// # Errors
    /// [`AccountsError::SessionOver`] for everything else; when the database fails.
    pub(crate) async fn refresh(&self, visitor: &Visitor) -> Result<Credentials, AccountsError> {
        let presented = visitor.refresh.as_ref().ok_or(AccountsError::SessionOver)?;
        let refreshed = self
            .retry
            .run(|| async {
                let unit = self.store.begin().await?;
                let refreshed = self.refresh_in(&unit, presented, visitor).await?;
                unit.commit().await?;
                Ok::<_, AccountsError>(refreshed)
            })
            .await?;
        match refreshed {
            Refreshed::Alive { user, session, next } => self.credentials(user, session, next).await,
            Refreshed::Over => Err(AccountsError::SessionOver),
            Refreshed::Replayed => {
                self.wake_outbox();
                Err(AccountsError::SessionOver)
            }
        }
    }

    async fn refresh_in(
        &self,
        unit: &Unit,
        presented: &Token,
        visitor: &Visitor,
    ) -> Result<Refreshed, AccountsError> {
        let now = self.ambient.now();
        let Some(found) = queries::refresh_tokens::find(&**unit, presented.hash()).await? else {
            return Ok(Refreshed::Over);
        };
        let Some(session) = queries::sessions::find(&**unit, found.session_id).await? else {
            return Ok(Refreshed::Over);
        };
        if self.is_replay(&found) {
            self.end_stolen(unit, &session, visitor).await?;
            return Ok(Refreshed::Replayed);
        }
        let verdict = session.judge(now, &self.config);
        if verdict == Verdict::Over || found.expires_at <= now {
            return Ok(Refreshed::Over);
        }
        let next = self.rotate(unit, presented, found).await?;
        if verdict == Verdict::ValidNoteSeen {
            self.note_seen_in(unit, session.user.id, session.session.id, now).await?;
        }
        Ok(Refreshed::Alive { user: session.user.id, session: session.session, next })
    }

    /// Uses up a token and gives its successor; the newest one, if others were faster.
    async fn rotate(&self, unit: &Unit, presented: &Token, found: Model) -> Result<Token, AccountsError> {
        let now = self.ambient.now();
        let mut next = successor(&self.refresh_key, presented);
        if found.used_at.is_none() {
            queries::refresh_tokens::mark_used(&**unit, found.id, now).await?;
            let lifetime = delta(self.config.refresh_lifetime);
            let session = found.session_id;
            queries::refresh_tokens::insert(&**unit, &self.ambient, session, next.hash(), lifetime).await?;
            return Ok(next);
        }
        for _ in 0..LONGEST_WALK {
            match queries::refresh_tokens::find(&**unit, next.hash()).await? {
                Some(Model { used_at: Some(used_at), .. }) if self.is_recent(used_at, now) => {
                    next = successor(&self.refresh_key, &next);
                }
                _ => break,
            }
        }
        Ok(next)
    }

    /// Whether somebody presents a token long after it was used.
    pub(crate) fn is_replay(&self, token: &Model) -> bool {
        token.used_at.is_some_and(|used_at| !self.is_recent(used_at, self.ambient.now()))
    }

    /// Whether a token that was used then may be presented again. A token of the future was used by a node whose clock
    /// is ahead, or before this one's was set back a little; by more, no token becomes young.
    fn is_recent(&self, used_at: Timestamp, now: Timestamp) -> bool {
        let age = now - used_at;
        (-CLOCK_SKEW..delta(self.config.refresh_reuse_window)).contains(&age)
    }

    pub(crate) async fn end_stolen(
        &self,
        unit: &Unit,
        session: &FoundSession,
        visitor: &Visitor,
    ) -> Result<(), AccountsError> {
        queries::sessions::end(&**unit, session.session.id).await?;
        let details = json!({ "session": session.session.id });
        let entry =
            Entry::of_user(session.user.id, actions::REFRESH_REPLAY, &visitor.source).by(None).failed();
        self.ledger.record(&**unit, entry.with(details)).await?;
        self.notify(unit, &session.user, Notice::StolenSession, &visitor.source).await
    }
}

/// The token after this one.
fn successor(key: &hmac::Key, token: &Token) -> Token {
    let next = BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(key, token.reveal().as_bytes()));
    Token::parse(&next).expect("256 bits in base64url are a token")
}
