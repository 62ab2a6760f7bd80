//! What the kernel says about processes of others.

use std::fs;
use std::str::FromStr;

/// The kernel counts in hundredths of a second on every system that Mainstay is built for.
const TICKS: f64 = 100.0;
/// In `/proc/PID/stat`, counted from the state.
const PARENT: usize = 1;
const OWN: [usize; 2] = [11, 12];
const OF_ENDED_CHILDREN: [usize; 2] = [13, 14];

/// A process and its children: PostgreSQL.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Family(u32);

impl FromStr for Family {
    type Err = std::num::ParseIntError;

    fn from_str(pid: &str) -> Result<Self, Self::Err> {
        pid.parse().map(Self)
    }
}

impl Family {
    /// Processor time of the process and its children, those included that have ended.
    pub(crate) fn cpu_seconds(self) -> f64 {
        let pid = self.0.to_string();
        let parent = stat(&pid).unwrap_or_default();
        let children = fs::read_dir("/proc").into_iter().flatten().flatten();
        let children = children.filter_map(|folder| stat(folder.file_name().to_str()?));
        let of_children = children
            .filter(|fields| fields.get(PARENT) == Some(&pid))
            .map(|fields| sum(&fields, &OWN))
            .sum::<f64>();
        (sum(&parent, &OWN) + sum(&parent, &OF_ENDED_CHILDREN) + of_children) / TICKS
    }
}

/// None when there is no such process, or it ended meanwhile.
fn stat(pid: &str) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    Some(fields.split_whitespace().map(str::to_owned).collect())
}

fn sum(fields: &[String], which: &[usize]) -> f64 {
    which.iter().filter_map(|field| fields.get(*field)?.parse::<f64>().ok()).sum()
}
