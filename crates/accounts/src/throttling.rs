//! Counting failures in the database, so that they survive a restart and count on every node. What they cost is in
//! [`crate::throttle`].

use foundation::{Token, Uuid};

use crate::throttle::{Kind, Tally, key, network, site};
use crate::visitor::Visitor;
use crate::{Accounts, AccountsError, Email, queries};

/// An attempt that has been counted as a failure in advance: a thousand at the same time count as a thousand.
#[must_use]
pub(crate) struct Attempt {
    buckets: Vec<(Kind, [u8; 32])>,
    /// How many failures there would be with this one, in the bucket that has most.
    pub(crate) failures: u32,
}

impl Attempt {
    fn keys(&self, wanted: impl Fn(Kind) -> bool) -> Vec<[u8; 32]> {
        self.buckets.iter().filter(|(kind, _)| wanted(*kind)).map(|(_, key)| *key).collect()
    }
}

/// The sorts of mail that somebody can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    /// The confirmation of an address, at sign-up or again.
    Confirmation,
    /// A new password.
    Reset,
    /// Another address for an account.
    AddressChange,
}

impl Sort {
    /// Goes into keys that are stored: never to be changed.
    const fn tag(self) -> &'static str {
        match self {
            Self::Confirmation => "confirmation",
            Self::Reset => "reset",
            Self::AddressChange => "address_change",
        }
    }
}

impl Accounts {
    /// Counts an attempt to sign in with a password; `known` is the browser's token when it is known to this account.
    pub(crate) async fn attempt_password(
        &self,
        account: &str,
        visitor: &Visitor,
        known: Option<&Token>,
    ) -> Result<Attempt, AccountsError> {
        let (network, site) = (Self::network(visitor), Self::site(visitor));
        let buckets = Kind::of_sign_in(known.is_some()).iter().map(|kind| {
            let parts: &[&[u8]] = match kind {
                Kind::Device => &[account.as_bytes(), known.map_or("", Token::reveal).as_bytes()],
                Kind::Account => &[account.as_bytes()],
                Kind::Address => &[&network],
                Kind::Site => &[&site],
                _ => &[account.as_bytes(), &network],
            };
            (*kind, key(*kind, parts, &self.throttle_key))
        });
        self.attempt(buckets.collect()).await
    }

    /// Counts an attempt to complete a sign-in with a code.
    pub(crate) async fn attempt_code(&self, user: Uuid) -> Result<Attempt, AccountsError> {
        self.attempt(vec![(Kind::Code, key(Kind::Code, &[user.as_bytes()], &self.throttle_key))]).await
    }

    /// Counts an attempt to enter a password or a code by somebody who has a session of the account, or a link.
    pub(crate) async fn attempt_again(&self, user: Uuid) -> Result<Attempt, AccountsError> {
        self.attempt(vec![(Kind::Again, key(Kind::Again, &[user.as_bytes()], &self.throttle_key))]).await
    }

    /// Counts a mail that somebody asked for.
    pub(crate) async fn attempt_mail(
        &self,
        sort: Sort,
        to: &Email,
        visitor: &Visitor,
    ) -> Result<(), AccountsError> {
        let (address, network) = (to.key(), Self::network(visitor));
        let (sort, address) = (sort.tag().as_bytes(), address.as_bytes());
        let bucket = |kind, parts: &[&[u8]]| (kind, key(kind, parts, &self.throttle_key));
        let buckets = vec![
            bucket(Kind::MailPair, &[sort, address, &network]),
            bucket(Kind::Mail, &[sort, address]),
            bucket(Kind::MailAddress, &[&network]),
            bucket(Kind::MailSite, &[&Self::site(visitor)]),
        ];
        // A mail that was sent stays counted.
        self.attempt(buckets).await.map(drop)
    }

    fn network(visitor: &Visitor) -> Vec<u8> {
        visitor.source.ip_address.map(network).unwrap_or_default()
    }

    fn site(visitor: &Visitor) -> Vec<u8> {
        visitor.source.ip_address.map(site).unwrap_or_default()
    }

    /// Counts, unless it is too soon; then nothing is counted.
    async fn attempt(&self, buckets: Vec<(Kind, [u8; 32])>) -> Result<Attempt, AccountsError> {
        let now = self.ambient.now();
        let keys: Vec<_> = buckets.iter().map(|(_, key)| *key).collect();
        let failures = self
            .retry
            .run(|| async {
                let unit = self.store.begin_counting().await?;
                let counted =
                    queries::throttles::count(&*unit, keys.clone(), now, Tally::FORGOTTEN_AFTER).await?;
                let waits = counted.iter().filter_map(|row| {
                    let (kind, _) = buckets.iter().find(|(_, key)| key[..] == row.key)?;
                    let failures = u32::try_from(row.failures).unwrap_or(0).saturating_sub(1);
                    Tally { failures, last_at: row.previous_at }.wait(*kind, now)
                });
                if let Some(wait) = waits.max() {
                    // The unit is dropped: an attempt that is not made is not counted.
                    return Err(AccountsError::TooSoon(wait));
                }
                unit.commit().await?;
                Ok(counted.iter().map(|row| row.failures).max().unwrap_or_default())
            })
            .await?;
        Ok(Attempt { buckets, failures: u32::try_from(failures).unwrap_or_default() })
    }

    /// The attempt was none of a guesser: what tells this account's failures from one place is forgotten, and what
    /// counts a whole network, or an account's strangers, is as it was before.
    pub(crate) async fn forgive(&self, attempt: Attempt) -> Result<(), AccountsError> {
        let of_many = |kind| matches!(kind, Kind::Address | Kind::Site | Kind::Account);
        self.retry
            .run(|| async {
                let unit = self.store.begin_counting().await?;
                queries::throttles::take_back(&*unit, attempt.keys(of_many)).await?;
                queries::throttles::clear(&*unit, attempt.keys(|kind| !of_many(kind))).await?;
                Ok::<_, AccountsError>(unit.commit().await?)
            })
            .await
    }
}
