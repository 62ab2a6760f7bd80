//! How long to wait after wrong passwords and codes, and between mails.
//!
//! There is no hard lock-out: whoever could lock an account by failing could keep its owner out for ever. Each failure
//! makes the next attempt wait longer instead, up to a limit that people can bear and guessing cannot. Failures are
//! counted in several buckets, each against another way of guessing ([`Kind`]), and the longest wait counts.
//! An attempt that has to wait is not made, and what is not made is not counted.
//!
//! A browser in which the account was signed in to before is judged by its own bucket alone. So no outsider keeps the
//! owner out, not with ten thousand machines, and not from the next desk in the same network.

use std::net::IpAddr;

use aws_lc_rs::hmac;
use chrono::TimeDelta;
use foundation::Timestamp;

use crate::CLOCK_SKEW;

/// What is counted together. An account is the e-mail address that was typed, whether or not somebody has it: what
/// does not exist must wait as long as what does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// One account from one network: somebody who tries one person's passwords.
    Pair,
    /// One account from all browsers it does not know: somebody who tries one person's passwords from many networks.
    Account,
    /// One network, all accounts: somebody who tries one password, or a stolen list of them, on many people. A school
    /// is one network too, so it may fail more often.
    Address,
    /// One site of the IPv6 Internet (a /48, which anybody rents and chooses the rest of), all accounts. A university is
    /// one site too.
    Site,
    /// One account from one browser that knows it: its owner, who mistypes, or who has borrowed or stolen the browser.
    Device,
    /// The second factor's codes for one account, after its right password: somebody who has the password.
    Code,
    /// Passwords and codes of one account from inside: by somebody who has a session of it, or a link that was mailed.
    /// Counted apart from [`Code`](Self::Code), so that whoever knows only the password keeps its owner from nothing.
    Again,
    /// Mails of one sort to one recipient, asked for from one network: somebody who is impatient.
    MailPair,
    /// Mails of one sort to one recipient: somebody who fills a letter box with our mail. Sorts are counted apart, so
    /// that nobody's sign-ups keep the owner's new password waiting; whoever asks for that again and again sends it.
    Mail,
    /// Mails asked for from one network: somebody who fills many letter boxes.
    MailAddress,
    /// Mails asked for from one site of the IPv6 Internet.
    MailSite,
}

/// What each kind allows.
struct Limits {
    /// So many failures are free.
    free: u32,
    /// The wait after them. Each further failure doubles it.
    first: TimeDelta,
    /// The longest wait.
    longest: TimeDelta,
}

impl Kind {
    /// What an attempt to sign in with a password is held against.
    pub(crate) const fn of_sign_in(known_browser: bool) -> &'static [Self] {
        if known_browser { &[Self::Device] } else { &[Self::Pair, Self::Account, Self::Address, Self::Site] }
    }

    #[expect(clippy::match_same_arms, reason = "a table: one line for each kind")]
    const fn limits(self) -> Limits {
        const SECOND: TimeDelta = TimeDelta::seconds(1);
        const MINUTE: TimeDelta = TimeDelta::minutes(1);
        const FIVE_MINUTES: TimeDelta = TimeDelta::minutes(5);
        const QUARTER: TimeDelta = TimeDelta::minutes(15);
        const HOUR: TimeDelta = TimeDelta::hours(1);
        match self {
            Self::Pair => Limits { free: 5, first: SECOND, longest: QUARTER },
            Self::Account => Limits { free: 20, first: SECOND, longest: FIVE_MINUTES },
            Self::Address => Limits { free: 50, first: SECOND, longest: QUARTER },
            Self::Site => Limits { free: 200, first: SECOND, longest: QUARTER },
            Self::Device => Limits { free: 10, first: SECOND, longest: QUARTER },
            Self::Code => Limits { free: 5, first: SECOND, longest: QUARTER },
            Self::Again => Limits { free: 5, first: SECOND, longest: QUARTER },
            Self::MailPair => Limits { free: 1, first: MINUTE, longest: HOUR },
            Self::Mail => Limits { free: 5, first: MINUTE, longest: QUARTER },
            Self::MailAddress => Limits { free: 10, first: MINUTE, longest: HOUR },
            Self::MailSite => Limits { free: 40, first: MINUTE, longest: HOUR },
        }
    }

    /// Goes into keys that are stored: never to be changed.
    const fn tag(self) -> &'static str {
        match self {
            Self::Pair => "pair",
            Self::Account => "account",
            Self::Address => "address",
            Self::Site => "site",
            Self::Device => "device",
            Self::Code => "code",
            Self::Again => "again",
            Self::MailPair => "mail_pair",
            Self::Mail => "mail",
            Self::MailAddress => "mail_address",
            Self::MailSite => "mail_site",
        }
    }
}

/// The failures in one bucket. Where mails are counted, each mail is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) failures: u32,
    pub(crate) last_at: Timestamp,
}

impl Tally {
    /// After so long without a failure a tally is as good as none.
    pub(crate) const FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(24);

    pub(crate) fn is_forgotten(&self, now: Timestamp) -> bool {
        now - self.last_at >= Self::FORGOTTEN_AFTER
    }

    /// How long the next attempt has to wait; `None` when it may be made.
    pub(crate) fn wait(&self, kind: Kind, now: Timestamp) -> Option<TimeDelta> {
        let elapsed = now - self.last_at;
        // A failure of the future: the clock was set back. Nobody waits until it has come round again; the attempt is
        // made, and if it fails it is counted with the others at the right time.
        if elapsed < -CLOCK_SKEW || self.is_forgotten(now) {
            return None;
        }
        let wait = self.delay(kind) - elapsed.max(TimeDelta::zero());
        (wait > TimeDelta::zero()).then_some(wait)
    }

    /// The wait as it begins.
    fn delay(&self, kind: Kind) -> TimeDelta {
        let Limits { free, first, longest } = kind.limits();
        let Some(doublings) = self.failures.checked_sub(free) else { return TimeDelta::zero() };
        2_i32
            .checked_pow(doublings)
            .and_then(|times| first.checked_mul(times))
            .unwrap_or(longest)
            .min(longest)
    }
}

/// Where a bucket's tally is found. Only this is stored: without the secret nobody can tell from it, not even by
/// trying, which addresses somebody signed in from.
pub(crate) fn key(kind: Kind, parts: &[&[u8]], secret: &hmac::Key) -> [u8; 32] {
    let mut context = hmac::Context::with_key(secret);
    for part in std::iter::once(kind.tag().as_bytes()).chain(parts.iter().copied()) {
        // Lengths keep `ab` `c` apart from `a` `bc`.
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    context.sign().as_ref().try_into().expect("HMAC-SHA-256 has 32 bytes")
}

/// The part of an address that its holder cannot choose freely: all of an IPv4 address, and of an IPv6 address the
/// first 64 bits, the least that a customer is given (RFC 6177).
pub(crate) fn network(address: IpAddr) -> Vec<u8> {
    match address.to_canonical() {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets()[..8].to_vec(),
    }
}

/// What an IPv6 address belongs to, one step further: the first 48 bits. An IPv4 address stands for itself here too.
pub(crate) fn site(address: IpAddr) -> Vec<u8> {
    let mut network = network(address);
    network.truncate(6);
    network
}

#[cfg(test)]
mod tests;
