//! The Generic Cell Rate Algorithm: how often something may happen, kept in one number.
//!
//! Source: "virtual scheduling" in ITU-T Recommendation I.371, made for the cells of ATM networks. Brandur Leach
//! described it for HTTP, and redis-cell brought it to Redis; both were read for the idea.
//!
//! The number is the theoretical arrival time (TAT): when the next request would arrive if requests came evenly. Each
//! one that is let through moves it on by one interval. It may run ahead of the clock by a whole burst and no further,
//! and where it lies in the past nothing was used up. So the longest anybody waits for one request is one interval.

/// Microseconds since 1970. Up to the year 2255 they are exact in the numbers of Lua, too (2^53).
pub(super) type Micros = u64;

/// What the algorithm needs to know of a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rate {
    /// How far apart requests are that come evenly, in microseconds; at least one.
    pub(super) interval: Micros,
    /// How many may come at once; at least one.
    pub(super) burst: u32,
}

impl Rate {
    /// How far the TAT may run ahead, and how long it takes until nothing is used up any more.
    pub(super) const fn refill(self) -> Micros {
        self.interval.saturating_mul(self.burst as Micros)
    }
}

/// What becomes of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decision {
    pub(super) verdict: Verdict,
    /// How long until nothing is used up any more.
    pub(super) reset_after: Micros,
    /// What is to be kept.
    pub(super) tat: Micros,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It may pass, and so many more at this moment.
    Passes { remaining: u32 },
    /// It may not; it may after so long, if nobody else comes first.
    MustWait { retry_after: Micros },
}

/// Decides about a request that arrives `now`. A TAT that was never kept is zero.
///
/// A TAT further ahead than it can come to be is of a clock that has been set back since. It tells nothing of the
/// present and counts as none: everybody has one burst more, and nobody waits until the old time has come round again.
pub(super) fn decide(rate: Rate, tat: Micros, now: Micros) -> Decision {
    let latest = now.saturating_add(rate.refill());
    let tat = if tat > latest { now } else { tat.max(now) };
    let next = tat.saturating_add(rate.interval);
    if next > latest {
        let verdict = Verdict::MustWait { retry_after: next - latest };
        return Decision { verdict, reset_after: tat - now, tat };
    }
    let remaining = u32::try_from((latest - next) / rate.interval).unwrap_or(u32::MAX);
    Decision { verdict: Verdict::Passes { remaining }, reset_after: next - now, tat: next }
}

#[cfg(test)]
mod tests;
