//! What there is to do, and what has to wait for what. Pure.

use std::fmt;

/// Something that is done by one transaction: all of it, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Task {
    /// Fill a table, or a part of it.
    Fill { table: usize, part: Part },
    /// Make an index of a table.
    Index { table: usize, nth: usize },
    /// Make the primary key of a table, and let its ids be counted on.
    Key { table: usize },
    /// Let PostgreSQL look at a table, for its plans.
    Analyse { table: usize },
    /// Make what joins tables: foreign keys and views.
    Join,
    /// Look whether a foreign key holds.
    Validate { nth: usize, table: usize },
}

/// Which rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// All.
    Whole,
    /// Those with a rowid from here to there.
    Rowids(i64, i64),
}

/// Tasks of a later stage wait for those of an earlier one: of their table, or of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Fill,
    Index,
    Key,
    Analyse,
    Join,
    Validate,
}

impl Task {
    fn stage(self) -> Stage {
        match self {
            Self::Fill { .. } => Stage::Fill,
            Self::Index { .. } => Stage::Index,
            Self::Key { .. } => Stage::Key,
            Self::Analyse { .. } => Stage::Analyse,
            Self::Join => Stage::Join,
            Self::Validate { .. } => Stage::Validate,
        }
    }

    /// The table it is about; none when it is about all.
    pub(crate) fn table(self) -> Option<usize> {
        match self {
            Self::Fill { table, .. }
            | Self::Index { table, .. }
            | Self::Key { table }
            | Self::Analyse { table }
            | Self::Validate { table, .. } => Some(table),
            Self::Join => None,
        }
    }
}

/// By this name it is noted as done: the same whenever the same database is moved by the same plan.
impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fill { table, part: Part::Whole } => write!(f, "fill {table}"),
            Self::Fill { table, part: Part::Rowids(from, to) } => write!(f, "fill {table} {from}..={to}"),
            Self::Index { table, nth } => write!(f, "index {table} {nth}"),
            Self::Key { table } => write!(f, "key {table}"),
            Self::Analyse { table } => write!(f, "analyse {table}"),
            Self::Join => write!(f, "join"),
            Self::Validate { nth, .. } => write!(f, "validate {nth}"),
        }
    }
}

/// What is to be done, and by whom something is being done.
#[derive(Debug)]
pub(crate) struct Schedule {
    waiting: Vec<Task>,
    running: Vec<Task>,
    /// How heavy each part of a table is, next to those of others.
    weights: Vec<u64>,
}

/// What somebody without work does now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// This.
    Begin(Task),
    /// Wait until another task is done.
    Wait,
    /// Go home.
    Finished,
}

impl Schedule {
    /// `weights`: by table.
    pub(crate) fn new(tasks: Vec<Task>, weights: Vec<u64>) -> Self {
        Self { waiting: tasks, running: Vec::new(), weights }
    }

    /// The next task: what is furthest along first, then what nobody is at, then the table with most ahead.
    pub(crate) fn next(&mut self) -> Next {
        let open = Open::of(self);
        let ready = self.waiting.iter().enumerate().filter(|(_, task)| open.lets(**task));
        let chosen = ready.max_by_key(|(place, task)| {
            (task.stage(), !self.is_somebody_at(**task), open.ahead(**task), std::cmp::Reverse(*place))
        });
        let Some((place, task)) = chosen.map(|(place, task)| (place, *task)) else {
            return if self.waiting.is_empty() { Next::Finished } else { Next::Wait };
        };
        self.waiting.remove(place);
        self.running.push(task);
        Next::Begin(task)
    }

    /// A task is done.
    pub(crate) fn done(&mut self, task: Task) {
        self.running.retain(|running| *running != task);
    }

    fn is_somebody_at(&self, task: Task) -> bool {
        self.running.iter().any(|running| running.table() == task.table())
    }
}

/// What is not done yet, table by table.
struct Open {
    /// The earliest stage of each table.
    stages: Vec<Option<Stage>>,
    /// And of all.
    stage: Option<Stage>,
    /// How much waits.
    ahead: Vec<u64>,
}

impl Open {
    fn of(schedule: &Schedule) -> Self {
        let tables = schedule.weights.len();
        let mut open = Self { stages: vec![None; tables], stage: None, ahead: vec![0; tables] };
        for task in schedule.waiting.iter().chain(&schedule.running) {
            let earlier = |stage: Option<Stage>| Some(stage.map_or(task.stage(), |it| it.min(task.stage())));
            open.stage = earlier(open.stage);
            if let Some(table) = task.table() {
                open.stages[table] = earlier(open.stages[table]);
            }
        }
        for table in schedule.waiting.iter().filter_map(|task| task.table()) {
            open.ahead[table] += schedule.weights[table];
        }
        open
    }

    /// Whether all that a task waits for is done.
    fn lets(&self, task: Task) -> bool {
        let earliest = match task.table() {
            Some(table) if task.stage() < Stage::Join => self.stages[table],
            _ => self.stage,
        };
        earliest.is_none_or(|stage| stage >= task.stage())
    }

    fn ahead(&self, task: Task) -> u64 {
        task.table().map_or(0, |table| self.ahead[table])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(table: usize, from: i64) -> Task {
        Task::Fill { table, part: Part::Rowids(from, from) }
    }

    fn schedule() -> Schedule {
        let tasks = vec![
            fill(0, 0),
            fill(1, 0),
            fill(1, 1),
            Task::Index { table: 0, nth: 0 },
            Task::Index { table: 0, nth: 1 },
            Task::Key { table: 0 },
            Task::Analyse { table: 0 },
            Task::Join,
            Task::Validate { nth: 0, table: 1 },
        ];
        Schedule::new(tasks, vec![1, 1])
    }

    #[test]
    fn two_share_the_work() {
        let mut schedule = schedule();
        let mut at = [None, None];
        let mut order = Vec::new();
        for turn in (0..2).cycle() {
            if let Some(task) = at[turn].take() {
                schedule.done(task);
            }
            match schedule.next() {
                Next::Begin(task) => {
                    order.push(task.to_string());
                    at[turn] = Some(task);
                }
                Next::Finished if at == [None, None] => break,
                Next::Wait | Next::Finished => {}
            }
        }
        assert_eq!(
            order,
            [
                "fill 0 0..=0",
                "fill 1 0..=0",
                "index 0 0",
                "index 0 1",
                "fill 1 1..=1",
                "key 0",
                "analyse 0",
                "join",
                "validate 0",
            ]
        );
    }

    #[test]
    fn what_comes_later_waits() {
        let mut schedule = Schedule::new(vec![fill(0, 0), Task::Join], vec![1]);
        let Next::Begin(first) = schedule.next() else { panic!("nothing") };
        assert_eq!(schedule.next(), Next::Wait);
        schedule.done(first);
        assert_eq!(schedule.next(), Next::Begin(Task::Join));
        assert_eq!(schedule.next(), Next::Finished);
    }
}
