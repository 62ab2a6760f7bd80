//! A rule about the application's database connections: three looks in a row at which nearly all were in use.
//!
//! It has no proof: connections in use are no events of chance, and it is enough that the rule has not fired.

use serde::{Deserialize, Serialize};

use super::bounds::Share;
use super::tally::PoolUse;

/// How many looks in a row are too many.
const LOOKS: usize = 3;

/// For how many seconds the application may tell nothing between two looks. A full pool often cannot tell.
const SILENCE: u32 = 10;

/// Watches the candidate's pool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pool {
    allowed: Share,
    /// The looks in a row at which it was too full, three at the most.
    full: Vec<PoolUse>,
    last: Option<PoolUse>,
    /// Seconds since the application last told of it.
    silent: u32,
}

impl Pool {
    pub(crate) fn new(allowed: Share) -> Self {
        Self { allowed, full: Vec::new(), last: None, silent: 0 }
    }

    pub(crate) fn take(&mut self, look: Option<PoolUse>) {
        let Some(look) = look else { return self.hear_nothing() };
        self.silent = 0;
        self.last = Some(look);
        if look.share() <= self.allowed.into() {
            self.full.clear();
            return;
        }
        if self.full.len() >= LOOKS {
            self.full.remove(0);
        }
        self.full.push(look);
    }

    fn hear_nothing(&mut self) {
        self.silent = self.silent.saturating_add(1);
        if self.silent > SILENCE {
            self.full.clear();
            self.last = None;
        }
    }

    /// The looks that were too many.
    pub(crate) fn fires(&self) -> Option<&[PoolUse]> {
        (self.full.len() >= LOOKS).then_some(&self.full)
    }

    /// Which part of the way to firing is gone.
    pub(crate) fn progress(&self) -> f64 {
        let parts = [0.0, 1.0 / 3.0, 2.0 / 3.0];
        parts.get(self.full.len()).copied().unwrap_or(1.0)
    }

    pub(crate) fn last(&self) -> Option<PoolUse> {
        self.last
    }

    pub(crate) fn allowed(&self) -> Share {
        self.allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: Option<PoolUse> = Some(PoolUse { used: 96, size: 100 });
    const FREE: Option<PoolUse> = Some(PoolUse { used: 95, size: 100 });

    fn fires(looks: &[Option<PoolUse>]) -> bool {
        let mut pool = Pool::new(Share::try_from(0.95).unwrap());
        for look in looks {
            pool.take(*look);
        }
        pool.fires().is_some()
    }

    #[test]
    fn three_full_looks_in_a_row_are_too_many() {
        assert!(fires(&[FULL, FULL, FULL]));
        assert!(fires(&[FREE, FULL, FULL, FULL, FULL]));
        assert!(!fires(&[FULL, FULL]));
        assert!(!fires(&[FULL, FULL, FREE, FULL]));
        assert!(!fires(&[FULL, FULL, FULL, FREE]));
        assert!(!fires(&[Some(PoolUse { used: 0, size: 0 }); 5]), "no pool is not full");
    }

    #[test]
    fn a_look_that_failed_is_none_but_a_long_silence_begins_anew() {
        assert!(fires(&[FULL, None, FULL, None, None, FULL]));
        let mut looks = vec![FULL, FULL];
        looks.extend([None; 11]);
        looks.push(FULL);
        assert!(!fires(&looks));
    }
}
