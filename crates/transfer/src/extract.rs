//! The other way: a schema of PostgreSQL becomes a SQLite file, for a copy to work on.
//!
//! A database that was [moved there](crate::Run) comes back as what it was, with what has been written since: its own
//! statements make the file, its codecs the cells, and what a rule of the plan changed or left behind is what it was
//! again, unless somebody has written to it. Tables that came later are added; so are columns, at the end. Any other becomes what comes nearest, and what cannot be said in
//! SQLite is listed. PostgreSQL is read at one moment, and the file is there when it is complete, or not at all.

mod catalogue;
mod cell;
mod default;
mod error;
mod file;
mod fill;
mod foreign;
mod remembered;
mod restore;
mod rows;
mod unfit;

use std::path::{Path, PathBuf};

use serde::Serialize;
use sqlx::{Connection as _, PgConnection};

pub use self::error::ExtractError;

use self::file::NewFile;
use self::fill::TableCopy;
use self::remembered::Remembered;
use self::rows::pour;
use crate::progress::Event;
use crate::run::notes::Notes;
use crate::sqlite::Kept;
use crate::{LeftBehind, MovedTable, Progress, Target};

/// A copy of a schema of PostgreSQL as a SQLite file.
#[derive(Debug, Clone)]
pub struct Extract {
    target: Target,
    schema: String,
    out: PathBuf,
}

/// What a copy came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Extracted {
    /// The tables, in order.
    pub tables: Vec<MovedTable>,
    /// What SQLite cannot hold as it is: the first thousand of such cells. PostgreSQL's text stands in their place, or
    /// NULL where no text can stand.
    pub unfit: Vec<Unfit>,
    /// How many such cells there are.
    pub unfit_cells: u64,
    /// What stays behind.
    pub left_behind: Vec<LeftBehind>,
    /// What SQLite finds wrong in the copy, such as rows that point to nothing.
    pub problems: Vec<String>,
}

/// A value that SQLite cannot hold as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unfit {
    /// The table.
    pub table: String,
    /// What tells its row apart.
    pub key: Vec<String>,
    /// The column.
    pub column: String,
    /// What PostgreSQL has.
    pub value: String,
}

/// What there is to do.
#[derive(Debug, Default)]
struct Work {
    /// Statements, each with what it makes, before rows come.
    before: Vec<(String, String)>,
    tables: Vec<TableCopy>,
    remembered: Option<Remembered>,
    /// Statements, each with what it makes, when all rows are there.
    after: Vec<(String, String)>,
    /// What AUTOINCREMENT had given when the database was moved.
    sequences: Vec<(String, Option<i64>)>,
    /// What sequences have given since.
    counted: Vec<(String, i64)>,
    left_behind: Vec<LeftBehind>,
}

impl Work {
    fn leave(&mut self, what: String, because: &str) {
        self.left_behind.push(LeftBehind { what, because: because.to_owned() });
    }
}

/// How many cells are listed that SQLite cannot hold.
const LISTED: i64 = 1000;

type Result<T> = std::result::Result<T, ExtractError>;

impl Extract {
    /// A copy of a schema, as a file that is not there yet.
    pub fn new(target: Target, schema: &str, out: &Path) -> Self {
        Self { target, schema: schema.to_owned(), out: out.to_owned() }
    }

    /// Makes it.
    ///
    /// # Errors
    /// When PostgreSQL cannot be read, or the file cannot be written. Then there is no file.
    pub async fn run(&self, progress: &Progress) -> Result<Extracted> {
        let mut file = NewFile::begin(&self.out)?;
        let mut control = self.target.connect().await?;
        let failed = |cause| self.target.failed("to be read", cause);
        let begin = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let mut unit = control.begin_with(begin).await.map_err(failed)?;
        // Rows that this user may not see are not left out in silence.
        sqlx::raw_sql("SET LOCAL row_security = off").execute(&mut *unit).await.map_err(failed)?;
        let work = self.prepare(&mut file, &mut unit).await?;
        let (file, extracted) = self.fill(file, &work, &mut unit, progress).await?;
        self.complete(file, work, extracted).await
    }

    async fn prepare(&self, file: &mut NewFile, unit: &mut PgConnection) -> Result<Work> {
        let mut catalogue = catalogue::read(&self.target, &self.schema, unit).await?;
        let noted = Notes::new(&self.target, &self.schema).find(unit).await?;
        let kept = noted.and_then(|noted| Some((noted.definition.clone()?, noted)));
        let Some((kept, noted)) = kept else {
            catalogue.look(&self.target, unit).await?;
            let mut work = Work::default();
            foreign::add(&catalogue, catalogue.tables.iter(), std::iter::empty(), &mut work);
            work.left_behind.extend(catalogue.others);
            return create(file, work);
        };
        let unreadable = |error: serde_json::Error| ExtractError::Notes {
            schema: self.schema.clone(),
            detail: error.to_string(),
        };
        let kept: Kept = serde_json::from_str(&kept).map_err(unreadable)?;
        let work = restore::prepare(file, &kept, &noted, &catalogue)?;
        create(file, work)
    }

    async fn fill(
        &self,
        mut file: NewFile,
        work: &Work,
        unit: &mut PgConnection,
        progress: &Progress,
    ) -> Result<(NewFile, Extracted)> {
        let mut extracted = Extracted::default();
        for table in &work.tables {
            progress.tell(Event::Began(table.name.clone()));
            let (what, sql) = (format!("the rows of {}", table.name), table.copy_out());
            let copy = table.clone();
            let write = move |rows| {
                let is_whole = copy.fill(&file, rows, &mut extracted)?;
                Ok(((file, extracted), is_whole))
            };
            (file, extracted) = pour(&self.target, unit, &what, &sql, progress, write).await?;
            progress.tell(Event::Ended(table.name.clone()));
        }
        let Some(remembered) = work.remembered.clone() else { return Ok((file, extracted)) };
        let nobody = Progress::to_nobody();
        let (sql, cells) = (remembered::copy_out(&self.schema), remembered.clone());
        let write = move |rows| {
            let (lost, is_whole) = cells.restore(&file, rows)?;
            Ok(((file, lost), is_whole))
        };
        let (file, lost) = pour(&self.target, unit, "its notes", &sql, &nobody, write).await?;
        let sql = remembered::copy_out_rejected(&self.schema);
        let write = move |rows| {
            let is_whole = remembered.restore_rejected(&file, rows)?;
            Ok((file, is_whole))
        };
        let file = pour(&self.target, unit, "its notes", &sql, &nobody, write).await?;
        if lost > 0 {
            let what = format!("what {lost} cells were before the move");
            let because = "what was noted of them tells no row".to_owned();
            extracted.left_behind.push(LeftBehind { what, because });
        }
        Ok((file, extracted))
    }

    /// What comes when all rows are there.
    async fn complete(&self, file: NewFile, work: Work, mut extracted: Extracted) -> Result<Extracted> {
        let completing = tokio::task::spawn_blocking(move || {
            let mut left = work.left_behind;
            for (what, sql) in work.after {
                file.create_or_leave(what, &sql, &mut left)?;
            }
            sequences(&file, work.sequences, &work.counted)?;
            left.append(&mut extracted.left_behind);
            extracted.left_behind = left;
            (extracted.unfit, extracted.unfit_cells) = file.unfit(LISTED)?;
            extracted.problems = file.problems()?;
            file.finish()?;
            Ok(extracted)
        });
        completing.await.expect("completing does not panic")
    }
}

fn create(file: &NewFile, work: Work) -> Result<Work> {
    for (what, sql) in &work.before {
        file.run(what, sql)?;
    }
    Ok(work)
}

/// What AUTOINCREMENT has given last: the greatest of what it had given before the move, what sequences have given
/// since, and what there is.
fn sequences(file: &NewFile, before: Vec<(String, Option<i64>)>, counted: &[(String, i64)]) -> Result<()> {
    let there = file.tried("its sequences", crate::sqlite::sequences(file.connection()))?;
    let mut all = before;
    let later = counted.iter().map(|(name, last)| (name.clone(), Some(*last)));
    for (name, last) in later.chain(there) {
        match all.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(&name)) {
            Some((_, known)) => *known = last.max(*known),
            None => all.push((name, last)),
        }
    }
    let is_there = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence')";
    let is_there = file.connection().query_row(is_there, [], |row| row.get::<_, bool>(0));
    if !file.tried("its sequences", is_there)? {
        return Ok(());
    }
    file.run("its sequences", "DELETE FROM sqlite_sequence")?;
    let mut statement = file.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES (?1, ?2)")?;
    for (name, last) in all {
        file.tried("its sequences", statement.execute((name, last)))?;
    }
    Ok(())
}
