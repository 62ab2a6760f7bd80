//! Passwords: which are accepted, how they are hashed, and why a storm of sign-ins starves nobody.

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use foundation::{Ambient, ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;

use crate::{AccountsError, Email, PasswordConfig, Username};

/// The fewest characters of a password (NIST SP 800-63B section 5.1.1.2).
const SHORTEST: usize = 8;
/// The most: room for any passphrase, and a bound on the work that a request can cause.
const LONGEST: usize = 256;

/// Why a password is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weakness {
    Length,
    SameAsIdentity,
}

/// The rule: any Unicode, 8 to 256 characters, and not one's own address or name.
pub(crate) fn check(password: &str, email: &Email, username: &Username) -> Result<(), Weakness> {
    check_length(password)?;
    let lower = password.to_lowercase();
    if lower == email.key() || lower == username.key() {
        return Err(Weakness::SameAsIdentity);
    }
    Ok(())
}

pub(crate) fn check_length(password: &str) -> Result<(), Weakness> {
    if (SHORTEST..=LONGEST).contains(&password.chars().count()) { Ok(()) } else { Err(Weakness::Length) }
}

/// A password's Argon2id hash in the PHC string format, with its parameters and salt inside.
#[derive(Clone)]
pub(crate) struct PasswordHash(String);

impl PasswordHash {
    pub(crate) fn from_stored(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn into_stored(self) -> String {
        self.0
    }
}

/// Hashes and verifies with Argon2id (RFC 9106), only so many at a time: each takes its memory and a processor for
/// tens of milliseconds, and the rest of the application must go on meanwhile.
#[derive(Clone)]
pub(crate) struct Passwords(Arc<Inner>);

struct Inner {
    argon2: Argon2<'static>,
    ambient: Ambient,
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
    queue: usize,
    /// Verified against when there is no such user, so that the answer takes as long as for one that exists.
    nobody: PasswordHash,
}

impl Passwords {
    pub(crate) fn new(config: &PasswordConfig, ambient: &Ambient) -> Self {
        let params =
            Params::new(config.memory_kib, config.passes, 1, None).expect("the configuration is validated");
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
        let turns = if config.parallel == 0 { (processors - 1).max(1) } else { config.parallel };
        let nobody = hash(&argon2, &SecretString::from("nobody's password"), &ambient.random());
        Self(Arc::new(Inner {
            argon2,
            ambient: ambient.clone(),
            turns: Arc::new(Semaphore::new(turns)),
            waiting: AtomicUsize::new(0),
            queue: config.queue,
            nobody,
        }))
    }

    /// The hash to store for a password.
    ///
    /// # Errors
    /// [`AccountsError::Busy`] when too many are waiting for their turn.
    pub(crate) async fn hash(&self, password: &SecretString) -> Result<PasswordHash, AccountsError> {
        let (this, password) = (self.0.clone(), password.clone());
        self.in_turn(move || hash(&this.argon2, &password, &this.ambient.random())).await
    }

    /// Whether a password is the one that was hashed. Without a hash the answer is no, after the same work.
    ///
    /// # Errors
    /// [`AccountsError::Busy`] when too many are waiting for their turn.
    pub(crate) async fn verify(
        &self,
        password: &SecretString,
        stored: Option<PasswordHash>,
    ) -> Result<bool, AccountsError> {
        let (this, password) = (self.0.clone(), password.clone());
        self.in_turn(move || {
            let hash = stored.as_ref().unwrap_or(&this.nobody);
            let matches =
                this.argon2.verify_password(password.expose_secret().as_bytes(), hash.0.as_str()).is_ok();
            matches && stored.is_some()
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AccountsError> {
        let _place = Place::take(&self.0).ok_or(AccountsError::Busy)?;
        let turn = Arc::clone(&self.0.turns).acquire_owned().await.expect("never closed");
        // The turn goes along: work whose requester has gone away still takes a processor.
        let work = move || {
            let _turn = turn;
            work()
        };
        Ok(tokio::task::spawn_blocking(work).await.expect("hashing does not panic"))
    }
}

/// A place in the queue, given back when its owner is done or goes away.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(inner: &'a Inner) -> Option<Self> {
        let before = inner.waiting.fetch_add(1, Ordering::Relaxed);
        let place = Self(&inner.waiting);
        (before < inner.queue).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn hash(argon2: &Argon2<'_>, password: &SecretString, salt: &[u8; 16]) -> PasswordHash {
    let hash = argon2.hash_password_with_salt(password.expose_secret().as_bytes(), salt);
    PasswordHash(hash.expect("salt and length are in range").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passwords(config: &PasswordConfig) -> Passwords {
        Passwords::new(config, &Ambient::system())
    }

    fn identity() -> (Email, Username) {
        (Email::parse("ada@example.org").expect("valid"), Username::parse("ada-lovelace").expect("valid"))
    }

    #[test]
    fn lengths_count_characters_not_bytes() {
        let (email, username) = identity();
        let verdict = |password: &str| check(password, &email, &username);
        assert_eq!(verdict("ééééééé"), Err(Weakness::Length));
        assert_eq!(verdict("éééééééé"), Ok(()));
        assert_eq!(verdict(&"🔑".repeat(256)), Ok(()));
        assert_eq!(verdict(&"🔑".repeat(257)), Err(Weakness::Length));
    }

    #[test]
    fn ones_own_address_or_name_is_no_password() {
        let (email, username) = identity();
        assert_eq!(check("ADA@example.org", &email, &username), Err(Weakness::SameAsIdentity));
        assert_eq!(check("Ada-Lovelace", &email, &username), Err(Weakness::SameAsIdentity));
    }

    #[tokio::test]
    async fn passwords_are_verified_exactly() {
        let passwords = passwords(&PasswordConfig::default());
        let secret = SecretString::from(" pässwörd with spaces ");
        let hash = passwords.hash(&secret).await.expect("hashed");
        assert!(hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.0);
        assert!(passwords.verify(&secret, Some(hash.clone())).await.expect("verified"));
        for other in
            ["pässwörd with spaces", " PÄSSWÖRD WITH SPACES ", " pa\u{308}sswo\u{308}rd with spaces ", ""]
        {
            let verdict = passwords.verify(&other.into(), Some(hash.clone())).await.expect("verified");
            assert!(!verdict, "{other:?}");
        }
        assert!(!passwords.verify(&"nobody's password".into(), None).await.expect("verified"));
    }

    #[tokio::test]
    async fn the_same_password_has_another_hash_each_time() {
        let passwords = passwords(&PasswordConfig { memory_kib: 8, ..PasswordConfig::default() });
        let secret = SecretString::from("correct horse");
        let (one, two) =
            (passwords.hash(&secret).await.expect("hashed"), passwords.hash(&secret).await.expect("hashed"));
        assert_ne!(one.0, two.0);
    }

    #[tokio::test]
    async fn a_full_queue_turns_away_and_drains() {
        let passwords = passwords(&PasswordConfig { parallel: 1, queue: 3, ..PasswordConfig::default() });
        let secret = SecretString::from("correct horse");
        let all = futures::future::join_all((0..10).map(|_| passwords.hash(&secret))).await;
        assert_eq!(all.iter().filter(|outcome| matches!(outcome, Err(AccountsError::Busy))).count(), 7);
        assert!(passwords.hash(&secret).await.is_ok());
        assert_eq!(passwords.0.waiting.load(Ordering::Relaxed), 0);
    }
}
