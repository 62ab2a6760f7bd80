//! How long something takes: by the clock on the wall, and of the processor.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use serde::Serialize;

use crate::processes::Family;

/// What a measurement came to.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Sample {
    /// How many times it was done.
    pub(crate) count: u64,
    /// By the clock.
    pub(crate) seconds: f64,
    /// Of the processor, in this process.
    pub(crate) cpu_seconds: f64,
    /// Of the processor, in PostgreSQL's processes.
    pub(crate) database_cpu_seconds: f64,
}

/// Runs from the beginning of a measurement to its end.
pub(crate) struct Watch {
    begun: Instant,
    cpu: Duration,
    database: Option<(Family, f64)>,
}

impl Watch {
    pub(crate) fn start() -> Self {
        Self { begun: Instant::now(), cpu: cpu(), database: None }
    }

    /// Also looks at the processes of a database.
    pub(crate) fn start_with(database: Option<Family>) -> Self {
        let database = database.map(|family| (family, family.cpu_seconds()));
        Self { database, ..Self::start() }
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    pub(crate) fn stop(&self, count: u64) -> Sample {
        Sample {
            count,
            seconds: self.elapsed().as_secs_f64(),
            cpu_seconds: cpu().saturating_sub(self.cpu).as_secs_f64(),
            database_cpu_seconds: self.database.map_or(0.0, |(family, before)| family.cpu_seconds() - before),
        }
    }
}

/// Does something for so long, after doing it for a tenth as long without counting. `work` says how often it did it.
pub(crate) fn repeatedly(length: Duration, mut work: impl FnMut() -> u64) -> Sample {
    let warming_up = Watch::start();
    while warming_up.elapsed() < length / 10 {
        work();
    }
    let watch = Watch::start();
    let mut count = 0;
    while watch.elapsed() < length {
        count += work();
    }
    watch.stop(count)
}

/// Of all threads of this process, those included that have ended.
fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}
