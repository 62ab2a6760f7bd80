//! Passwords: how they are hashed, and why a storm of sign-ins starves nobody. Which are accepted is in [`rules`].

mod change;
mod common;
mod desks;
mod rules;

use std::num::NonZero;
use std::sync::Arc;

use argon2::password_hash::phc;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use foundation::{Ambient, ExposeSecret as _, SecretString};

use self::desks::{Client, Desks, Memory};
pub(crate) use self::rules::{Context, Weakness, check_length};
use crate::{AccountsError, PasswordConfig};

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
    params: Params,
    ambient: Ambient,
    desks: Desks,
    /// Verified against when there is no such user, so that the answer takes as long as for one that exists.
    nobody: PasswordHash,
}

impl Passwords {
    pub(crate) fn new(config: &PasswordConfig, ambient: &Ambient) -> Self {
        let params =
            Params::new(config.memory_kib, config.passes, 1, None).expect("the configuration is validated");
        let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
        let parallel = if config.parallel == 0 { (processors - 1).max(1) } else { config.parallel };
        let nobody =
            hash(&params, &SecretString::from("nobody's password"), &ambient.random(), &mut Vec::new());
        let desks = Desks::new(parallel, config.queue);
        Self(Arc::new(Inner { params, ambient: ambient.clone(), desks, nobody }))
    }

    /// The hash to store for a password.
    ///
    /// # Errors
    /// [`AccountsError::Busy`] when too many are waiting for their turn.
    pub(crate) async fn hash(
        &self,
        password: &SecretString,
        client: Client,
    ) -> Result<PasswordHash, AccountsError> {
        let (this, password) = (self.0.clone(), password.clone());
        let work = move |memory: &mut Memory| hash(&this.params, &password, &this.ambient.random(), memory);
        self.0.desks.work(client, work).await
    }

    /// What is wrong with a password that somebody wants. Judged at a desk: it can take as long as a hash.
    ///
    /// # Errors
    /// [`AccountsError::Busy`] when too many are waiting for their turn.
    pub(crate) async fn weakness(
        &self,
        password: &SecretString,
        context: Context,
        client: Client,
    ) -> Result<Option<Weakness>, AccountsError> {
        let password = password.clone();
        let work = move |_: &mut Memory| rules::check(password.expose_secret(), &context).err();
        self.0.desks.work(client, work).await
    }

    /// Whether a hash was made with other parameters than those of today.
    pub(crate) fn is_outdated(&self, stored: &str) -> bool {
        let params = phc::PasswordHash::new(stored).ok().and_then(|hash| Params::try_from(&hash).ok());
        let cost = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
        params.is_none_or(|params| cost(&params) != cost(&self.0.params))
    }

    /// Whether a password is the one that was hashed. Without a hash the answer is no, after the same work.
    ///
    /// # Errors
    /// [`AccountsError::Busy`] when too many are waiting for their turn.
    pub(crate) async fn verify(
        &self,
        password: &SecretString,
        stored: Option<PasswordHash>,
        client: Client,
    ) -> Result<bool, AccountsError> {
        let (this, password) = (self.0.clone(), password.clone());
        let work = move |memory: &mut Memory| {
            let matches = matches(stored.as_ref().unwrap_or(&this.nobody), &password, memory);
            matches && stored.is_some()
        };
        self.0.desks.work(client, work).await
    }

    /// That a password is the one that was hashed.
    ///
    /// # Errors
    /// [`AccountsError::WrongPassword`]; [`AccountsError::Busy`] when too many are waiting for their turn.
    pub(crate) async fn check(
        &self,
        password: &SecretString,
        stored: Option<PasswordHash>,
        client: Client,
    ) -> Result<(), AccountsError> {
        let right = self.verify(password, stored, client).await?;
        right.then_some(()).ok_or(AccountsError::WrongPassword)
    }
}

/// The hash of a password under these parameters.
fn hash(params: &Params, password: &SecretString, salt: &[u8; 16], memory: &mut Memory) -> PasswordHash {
    let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
    fill(params, Version::V0x13, password, salt, memory, &mut output);
    let hash = phc::PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: params.try_into().expect("our own parameters can be written down"),
        salt: Some(phc::Salt::new(salt).expect("16 bytes are a salt")),
        hash: Some(phc::Output::new(&output).expect("32 bytes are a hash")),
    };
    PasswordHash(hash.to_string())
}

/// Whether a password has this hash. A hash that cannot be read belongs to no password.
fn matches(stored: &PasswordHash, password: &SecretString, memory: &mut Memory) -> bool {
    let Ok(parsed) = phc::PasswordHash::new(&stored.0) else { return false };
    let (Some(salt), Some(expected), Ok(params)) = (parsed.salt, parsed.hash, Params::try_from(&parsed))
    else {
        return false;
    };
    let Ok(version) = parsed.version.map_or(Ok(Version::V0x13), Version::try_from) else { return false };
    let mut output = vec![0; expected.len()];
    fill(&params, version, password, &salt, memory, &mut output);
    parsed.algorithm == Algorithm::Argon2id.ident()
        && verify_slices_are_equal(&output, expected.as_bytes()).is_ok()
}

fn fill(
    params: &Params,
    version: Version,
    password: &SecretString,
    salt: &[u8],
    memory: &mut Memory,
    output: &mut [u8],
) {
    memory.resize(params.block_count(), Block::default());
    Argon2::new(Algorithm::Argon2id, version, params.clone())
        .hash_password_into_with_memory(password.expose_secret().as_bytes(), salt, output, memory)
        .expect("lengths and memory are right");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passwords(config: &PasswordConfig) -> Passwords {
        Passwords::new(config, &Ambient::system())
    }

    // ASVS 6.2.8, 11.4.2
    #[tokio::test]
    async fn passwords_are_verified_exactly() {
        let passwords = passwords(&PasswordConfig::default());
        let secret = SecretString::from(" pässwörd with spaces ");
        let hash = passwords.hash(&secret, None).await.expect("hashed");
        assert!(hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.0);
        assert!(passwords.verify(&secret, Some(hash.clone()), None).await.expect("verified"));
        for other in
            ["pässwörd with spaces", " PÄSSWÖRD WITH SPACES ", " pa\u{308}sswo\u{308}rd with spaces ", ""]
        {
            let verdict = passwords.verify(&other.into(), Some(hash.clone()), None).await.expect("verified");
            assert!(!verdict, "{other:?}");
        }
        assert!(!passwords.verify(&"nobody's password".into(), None, None).await.expect("verified"));
    }

    #[tokio::test]
    async fn hashes_of_other_parameters_are_verified_with_their_own() {
        let secret = SecretString::from("correct horse");
        let older = PasswordConfig { memory_kib: 32, passes: 5, ..PasswordConfig::default() };
        let hash = passwords(&older).hash(&secret, None).await.expect("hashed");
        let today = passwords(&PasswordConfig { memory_kib: 16, passes: 1, ..PasswordConfig::default() });
        assert!(today.verify(&secret, Some(hash.clone()), None).await.expect("verified"));
        assert!(!today.verify(&"wrong horse".into(), Some(hash), None).await.expect("verified"));
    }

    // What makes an unknown user take as long as a wrong password: both fill the whole memory.
    // ASVS 6.3.8
    #[tokio::test]
    async fn nobody_costs_as_much_as_somebody() {
        let config = PasswordConfig { memory_kib: 64, ..PasswordConfig::default() };
        let (somebody, nobody) = (passwords(&config), passwords(&config));
        let hash = passwords(&config).hash(&"correct horse".into(), None).await.expect("hashed");
        somebody.verify(&"wrong horse".into(), Some(hash), None).await.expect("verified");
        nobody.verify(&"wrong horse".into(), None, None).await.expect("verified");
        let filled = |passwords: &Passwords| {
            let memories = passwords.0.desks.memories.lock().expect("not poisoned");
            let blocks =
                memories.iter().flatten().filter(|block| block.as_ref().iter().any(|word| *word != 0));
            blocks.count()
        };
        assert_eq!((filled(&somebody), filled(&nobody)), (64, 64));
    }

    // A vector of the Argon2 reference implementation, as other programs write it.
    // ASVS 11.4.2
    #[tokio::test]
    async fn hashes_of_other_programs_are_understood_and_nonsense_is_not() {
        let passwords = passwords(&PasswordConfig { memory_kib: 8, ..PasswordConfig::default() });
        let verify = async |hash: &str| {
            let hash = PasswordHash::from_stored(hash.to_owned());
            passwords.verify(&"password".into(), Some(hash), None).await.expect("verified")
        };
        let known = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        assert!(verify(known).await);
        for nonsense in
            ["", "password", "$argon2id$", &known.replace("CTFh", "CTFi"), &known.replace("2id", "2i")]
        {
            assert!(!verify(nonsense).await, "{nonsense}");
        }
    }

    #[tokio::test]
    async fn the_same_password_has_another_hash_each_time() {
        let passwords = passwords(&PasswordConfig { memory_kib: 8, ..PasswordConfig::default() });
        let secret = SecretString::from("correct horse");
        let (one, two) = (
            passwords.hash(&secret, None).await.expect("hashed"),
            passwords.hash(&secret, None).await.expect("hashed"),
        );
        assert_ne!(one.0, two.0);
    }

    // ASVS 15.2.2
    #[tokio::test]
    async fn a_full_queue_turns_away_and_drains() {
        let passwords = passwords(&PasswordConfig { parallel: 1, queue: 3, ..PasswordConfig::default() });
        let secret = SecretString::from("correct horse");
        let all = futures::future::join_all((0..10).map(|_| passwords.hash(&secret, None))).await;
        assert_eq!(all.iter().filter(|outcome| matches!(outcome, Err(AccountsError::Busy))).count(), 7);
        assert!(passwords.hash(&secret, None).await.is_ok());
        assert!(passwords.0.desks.queue.waiting.lock().expect("not poisoned").is_empty());
    }

    #[tokio::test]
    async fn one_network_leaves_room_for_others() {
        let passwords = passwords(&PasswordConfig { parallel: 1, queue: 8, ..PasswordConfig::default() });
        let secret = SecretString::from("correct horse");
        let from = |address: &str| Some(address.parse().expect("an address"));
        let storm = (0..10).map(|n| passwords.hash(&secret, from(&format!("2001:db8::{n}"))));
        let visitor = passwords.hash(&secret, from("203.0.113.7"));
        let (storm, visitor) = tokio::join!(futures::future::join_all(storm), visitor);
        assert_eq!(storm.iter().filter(|outcome| outcome.is_ok()).count(), 2);
        assert!(visitor.is_ok());
    }
}
