//! Joins the live rooms with those who know people: who somebody is, where they may go, and when their session ends.

mod attendance;
mod documents;

use std::sync::Arc;
use std::time::Duration;

use accounts::{Accounts, AccountsError, Endings};
use async_trait::async_trait;
use foundation::{ExposeSecret as _, Problem, SecretString, Timestamp};
use live::{Admission, Identities, Identity, Live, Refusal, RoomName};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

pub(crate) use self::attendance::Attendance;
pub(crate) use self::documents::DocumentStore;

/// How often it is looked which sessions have ended: who is here by one goes within a second.
const LOOKED_EVERY: Duration = Duration::from_millis(400);
/// How often all are asked about who are here, in case an ending was missed.
const ROUND: Duration = Duration::from_secs(30);

/// Knows people by their tokens.
pub(crate) struct People(pub(crate) Accounts);

#[async_trait]
impl Identities for People {
    async fn identify(&self, token: &SecretString) -> Result<Identity, Refusal> {
        let attendant = self.0.attend(token.expose_secret()).await.map_err(refusal)?;
        let accounts::Attendant { user, credential, expires_at } = attendant;
        Ok(Identity { user_id: user.id, username: user.username, credential, expires_at })
    }

    async fn renewed(&self, identity: &Identity) -> Result<Timestamp, Refusal> {
        self.0.attends_until(identity.credential).await.map_err(refusal)
    }
}

/// In the words of other answers.
fn refusal(error: AccountsError) -> Refusal {
    let problem = Problem::from(error);
    if let Some(causes) = problem.causes() {
        tracing::error!(causes, "somebody could not be let in");
    }
    Refusal::new(problem.document(None).detail).with_code(problem.code().as_str())
}

/// Lets everybody into the rooms that the operator opened, and nobody into any other.
pub(crate) struct OpenRooms(pub(crate) Arc<[String]>);

#[async_trait]
impl Admission for OpenRooms {
    async fn admit(&self, _: &Identity, room: &RoomName) -> Result<(), Refusal> {
        let is_meant = |pattern: &String| match pattern.strip_suffix('*') {
            Some(beginning) => room.room().starts_with(beginning),
            None => room.room() == pattern,
        };
        if room.course().is_none() && self.0.iter().any(is_meant) {
            return Ok(());
        }
        Err(Refusal::new("Access denied: Not enrolled in course").with_code("forbidden"))
    }
}

/// Looks after rooms until `stop`, sends all away, and writes down that they went.
pub(crate) async fn keep_rooms(live: Live, attendance: Attendance, stop: CancellationToken) {
    tokio::join!(live.run(stop.clone()), attendance.clone().run(stop));
    attendance.write_or_complain().await;
}

/// Sends away those whose session has ended, until `stop`.
pub(crate) async fn follow_endings(accounts: Accounts, live: Live, stop: CancellationToken) {
    let mut endings = None;
    let mut asked_at = Instant::now();
    while stop.run_until_cancelled(tokio::time::sleep(LOOKED_EVERY)).await.is_some() {
        if let Err(error) = look(&accounts, &live, &mut endings, &mut asked_at).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "it is not known which sessions have ended; it will be looked again"
            );
        }
    }
}

async fn look(
    accounts: &Accounts,
    live: &Live,
    endings: &mut Option<Endings>,
    asked_at: &mut Instant,
) -> Result<(), AccountsError> {
    let endings = match endings {
        Some(endings) => endings,
        none => none.insert(Endings::follow(accounts).await?),
    };
    live.end(&endings.next(accounts).await?);
    if asked_at.elapsed() >= ROUND {
        *asked_at = Instant::now();
        live.end(&accounts.ended_among(&live.credentials()).await?);
    }
    Ok(())
}
