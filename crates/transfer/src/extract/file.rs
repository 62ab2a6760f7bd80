//! The new file: made beside its place under another name, and put there when it is complete.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, Statement};

use super::unfit::UnfitCells;
use super::{ExtractError, Unfit};
use crate::LeftBehind;
use crate::sqlite::Kept;

/// A file that is being made. It is gone when it is dropped before it is complete.
#[derive(Debug)]
pub(super) struct NewFile {
    place: PathBuf,
    partial: PathBuf,
    /// None only when it is complete.
    connection: Option<Connection>,
    unfit: UnfitCells,
    /// How it keeps a journal when it is complete.
    journal_mode: &'static str,
}

/// What is kept besides, in words.
const UNFIT: &str = "notes about cells";

type Result<T> = std::result::Result<T, ExtractError>;

impl NewFile {
    /// Makes one for this place, where nothing may be.
    pub(super) fn begin(place: &Path) -> Result<Self> {
        if fs::symlink_metadata(place).is_ok() {
            return Err(ExtractError::Exists(place.to_owned()));
        }
        let mut partial = place.to_owned().into_os_string();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&partial);
        made.map_err(|source| match source.kind() {
            ErrorKind::AlreadyExists => ExtractError::Unfinished(partial.clone()),
            _ => unwritable(place, source),
        })?;
        let unfit = UnfitCells::none().map_err(|source| ExtractError::of(place, UNFIT, source))?;
        let mut file =
            Self { place: place.to_owned(), partial, connection: None, unfit, journal_mode: "DELETE" };
        file.connection = Some(file.tried("to be opened", Connection::open(&file.partial))?);
        // What its own triggers and checks would do has been done already.
        let quiet = file.connection().set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false);
        file.tried("its settings", quiet)?;
        file.run(
            "its settings",
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;
             PRAGMA ignore_check_constraints = ON; PRAGMA cell_size_check = OFF",
        )?;
        Ok(file)
    }

    pub(super) fn connection(&self) -> &Connection {
        self.connection.as_ref().expect("it is not complete")
    }

    /// Where it is as long as it is not complete.
    pub(super) fn partial(&self) -> &Path {
        &self.partial
    }

    /// Gives it the settings of another, as long as it is empty.
    pub(super) fn set_up(&mut self, like: &Kept) -> Result<()> {
        self.journal_mode = if like.is_wal { "WAL" } else { "DELETE" };
        let set = |name: &str, value: &dyn rusqlite::ToSql| {
            self.tried(name, self.connection().pragma_update(None, name, value))
        };
        set("page_size", &like.page_size)?;
        set("encoding", &like.encoding)?;
        set("auto_vacuum", &like.auto_vacuum)?;
        set("user_version", &like.user_version)?;
        set("application_id", &like.application_id)
    }

    pub(super) fn run(&self, what: &str, sql: &str) -> Result<()> {
        self.tried(what, self.connection().execute_batch(sql))
    }

    pub(super) fn prepare(&self, sql: &str) -> Result<Statement<'_>> {
        self.tried(sql, self.connection().prepare(sql))
    }

    pub(super) fn tried<T>(&self, what: &str, result: rusqlite::Result<T>) -> Result<T> {
        result.map_err(|source| ExtractError::of(&self.place, what, source))
    }

    /// Makes one thing by a statement that somebody else wrote.
    pub(super) fn create(&self, what: &str, sql: &str) -> Result<()> {
        // Nothing but what a schema consists of: neither ATTACH nor a second statement.
        let is_create = sql.get(..7).is_some_and(|word| word.eq_ignore_ascii_case("CREATE "));
        if !is_create {
            let source = rusqlite::Error::InvalidQuery;
            return Err(ExtractError::of(&self.place, what, source));
        }
        self.tried(what, self.connection().execute(sql, [])).map(|_| ())
    }

    /// Makes one thing, or says why not.
    pub(super) fn create_or_leave(&self, what: String, sql: &str, left: &mut Vec<LeftBehind>) -> Result<()> {
        match self.create(&what, sql) {
            Err(ExtractError::Refused { source, .. }) => {
                left.push(LeftBehind { what, because: source.to_string() });
                Ok(())
            }
            made => made,
        }
    }

    /// Notes a cell that it cannot hold, of the row with this key.
    pub(super) fn add_unfit(&self, cell: &Unfit, key: &str, field: &[u8]) -> Result<()> {
        self.tried(UNFIT, self.unfit.add(cell, key, field))
    }

    /// A cell for this field is what it was before the move.
    pub(super) fn restored(&self, table: &str, column: &str, key: &str, field: &[u8]) -> Result<()> {
        self.tried(UNFIT, self.unfit.restored(table, column, key, field))
    }

    /// The first cells that it cannot hold, and how many there are.
    pub(super) fn unfit(&self, most: i64) -> Result<(Vec<Unfit>, u64)> {
        self.tried(UNFIT, self.unfit.listed(most))
    }

    /// What SQLite finds wrong in it.
    pub(super) fn problems(&self) -> Result<Vec<String>> {
        let texts = |sql: &str| -> Result<Vec<String>> {
            let mut statement = self.prepare(sql)?;
            let rows = statement.query_map([], |row| row.get(0));
            self.tried(sql, rows.and_then(Iterator::collect))
        };
        let integrity =
            texts("SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'")?;
        let keys = texts(
            "SELECT format('%d rows of %s point to no row of %s', count(*), \"table\", parent) \
             FROM pragma_foreign_key_check GROUP BY \"table\", parent, fkid",
        );
        // A key that points to no table, or to columns that are not unique, cannot be looked at.
        let keys = match keys {
            Err(ExtractError::Refused { source, .. }) => vec![source.to_string()],
            keys => keys?,
        };
        Ok([integrity, keys].concat())
    }

    /// Puts it in its place.
    pub(super) fn finish(mut self) -> Result<()> {
        self.run("to be closed", &format!("PRAGMA journal_mode = {}", self.journal_mode))?;
        if let Some(connection) = self.connection.take() {
            let closed = connection.close().map_err(|(_, error)| error);
            self.tried("to be closed", closed)?;
        }
        let place = self.place.clone();
        File::open(&self.partial)
            .and_then(|file| file.sync_all())
            .map_err(|source| unwritable(&place, source))?;
        self.put().map_err(|source| match source.kind() {
            ErrorKind::AlreadyExists => ExtractError::Exists(place.clone()),
            _ => unwritable(&place, source),
        })
    }

    /// A link is made only where nothing is.
    fn put(&self) -> io::Result<()> {
        match fs::hard_link(&self.partial, &self.place) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                // Not every file system has links.
                fs::rename(&self.partial, &self.place)?;
            }
            linked => linked?,
        }
        let folder = self.place.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        drop(self.connection.take());
        // It is nothing, or what is left of a copy that has its place, or of one that never was complete.
        let _ = fs::remove_file(&self.partial);
    }
}

fn unwritable(path: &Path, source: io::Error) -> ExtractError {
    match source.kind() {
        ErrorKind::StorageFull => ExtractError::Full(path.to_owned()),
        _ => ExtractError::Unwritable { path: path.to_owned(), source },
    }
}
