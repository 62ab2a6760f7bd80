//! The PostgreSQL that a database moves into: whether it can be reached, and whether it is fit for it.

use std::fmt;

use sqlx::postgres::{PgConnectOptions, PgDatabaseError};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, Row as _};
use thiserror::Error;

use crate::sqlite::quoted;

/// A database of PostgreSQL.
#[derive(Clone)]
pub struct Target {
    options: PgConnectOptions,
    name: String,
}

/// Without its address, which may hold a password.
impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The first version whose `numeric` has infinities, as reals of SQLite do.
const OLDEST: i32 = 140_000;

/// What is wrong with a target, in a sentence.
#[derive(Debug, Error)]
pub enum TargetError {
    /// Nobody answers, or not us.
    #[error("{name} cannot be reached: {}; is it running, and are address, name and password right?", Self::said(.cause))]
    Unreachable {
        /// Which, without secrets.
        name: String,
        /// What the driver says. Part of the sentence, and therefore not a source of its own.
        cause: sqlx::Error,
    },
    /// Something that shares connections stands between.
    #[error(
        "{name} is reached through a connection pooler (PgBouncer, for example), which does not keep what belongs to a session: \
         give the address of PostgreSQL itself"
    )]
    Pooled {
        /// Which.
        name: String,
    },
    /// It went away while we were at it.
    #[error(
        "the connection to {name} was lost: {}. What has arrived stays there. Do the same again; after \
         `mainstay transfer run`: mainstay transfer resume",
        Self::said(.cause)
    )]
    Lost {
        /// Which.
        name: String,
        /// What the driver says.
        cause: sqlx::Error,
    },
    /// It is too old.
    #[error("{name} is PostgreSQL {found}; version 14 or newer is needed")]
    TooOld {
        /// Which.
        name: String,
        /// What it is.
        found: String,
    },
    /// It does not keep all characters.
    #[error(
        "{name} has the encoding {encoding}, which does not have all characters; make a database with UTF8: \
         CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
    )]
    Encoding {
        /// Which.
        name: String,
        /// What it has.
        encoding: String,
    },
    /// The user may not.
    #[error("the user {user} may not {what} in {name}; let them: {remedy}")]
    Forbidden {
        /// Which.
        name: String,
        /// Who.
        user: String,
        /// What they would have to do.
        what: &'static str,
        /// How they may.
        remedy: String,
    },
    /// There is something already.
    #[error(
        "the schema {schema} of {name} is not empty: it has {}. Choose another with --schema, or say what to do with what \
         is there: --existing keep, or --existing drop", found.join(", ")
    )]
    NotEmpty {
        /// Which.
        name: String,
        /// The schema.
        schema: String,
        /// The first few of what it has.
        found: Vec<String>,
    },
    /// What is to be dropped is needed.
    #[error(
        "{name} does not drop what is there, for something else needs it: {}. Drop that yourself, or move into another schema", Self::said(.cause)
    )]
    Needed {
        /// Which.
        name: String,
        /// What it says, with what needs it.
        cause: sqlx::Error,
    },
    /// Somebody else is moving something there.
    #[error("another transfer into the schema {schema} of {name} is running; wait for it, or stop it")]
    Taken {
        /// Which.
        name: String,
        /// The schema.
        schema: String,
    },
    /// It is full.
    #[error(
        "{name} has no space left: {}. Make some, and do the same again; after `mainstay transfer run`: mainstay transfer resume",
        Self::said(.cause)
    )]
    Full {
        /// Which.
        name: String,
        /// What it says.
        cause: sqlx::Error,
    },
    /// A row does not fit into a page of its.
    #[error(
        "{name} refuses {what}: {}. A row of PostgreSQL has to fit into a page, which long texts and blobs need not, and \
         everything else has to: divide the table in SQLite, so that its columns are fewer", Self::said(.cause)
    )]
    RowTooLong {
        /// Which.
        name: String,
        /// What.
        what: String,
        /// What it says.
        cause: sqlx::Error,
    },
    /// It refuses something.
    #[error("{name} refuses {what}: {}", Self::said(.cause))]
    Refused {
        /// Which.
        name: String,
        /// What.
        what: String,
        /// What it says.
        cause: sqlx::Error,
    },
}

impl TargetError {
    /// An error's own words; PostgreSQL's come with the detail that names the culprit.
    pub(crate) fn said(error: &sqlx::Error) -> String {
        let Some(database) = error.as_database_error() else { return error.to_string() };
        let detail = database.try_downcast_ref::<PgDatabaseError>().and_then(PgDatabaseError::detail);
        match detail {
            Some(detail) => format!("{} ({})", database.message(), detail.trim_end_matches('.')),
            None => database.message().to_owned(),
        }
    }
}

impl Target {
    /// A database by its address. `name` is what a person calls it, without secrets.
    pub fn new(options: PgConnectOptions, name: &str) -> Self {
        let settings = [
            // The move's own statements take as long as they take.
            ("statement_timeout", "0"),
            ("idle_in_transaction_session_timeout", "0"),
            ("idle_session_timeout", "0"),
            // What has been taken is forgotten where it came from.
            ("synchronous_commit", "on"),
            ("TimeZone", "UTC"),
            ("DateStyle", "ISO"),
            ("bytea_output", "hex"),
            ("mainstay.direct", "yes"),
        ];
        let options =
            options.application_name("mainstay transfer").options(settings).disable_statement_logging();
        Self { options, name: name.to_owned() }
    }

    /// What a person calls it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A connection.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn connect(&self) -> Result<PgConnection, TargetError> {
        let name = || self.name.clone();
        let mut connection = PgConnection::connect_with(&self.options).await.map_err(|cause| {
            let is_pooler = cause.to_string().contains("unsupported startup parameter");
            if is_pooler {
                TargetError::Pooled { name: name() }
            } else {
                TargetError::Unreachable { name: name(), cause }
            }
        })?;
        // Not every version has the one, and no pooler passes on the other.
        let sql = "SELECT current_setting('mainstay.direct', true) = 'yes', \
                   (SELECT set_config(name, '0', false) FROM pg_catalog.pg_settings WHERE name = 'transaction_timeout')";
        let row = sqlx::query(sql).fetch_one(&mut connection).await;
        let row = row.map_err(|cause| TargetError::Unreachable { name: name(), cause })?;
        match row.get::<Option<bool>, _>(0) {
            Some(true) => Ok(connection),
            _ => Err(TargetError::Pooled { name: name() }),
        }
    }

    /// Whether it has a table of ours, by its full name.
    pub(crate) async fn has_table(
        &self,
        name: &str,
        connection: &mut PgConnection,
    ) -> Result<bool, TargetError> {
        let sql = "SELECT to_regclass($1) IS NOT NULL";
        let found = sqlx::query_scalar(sql).bind(name).fetch_one(connection).await;
        found.map_err(|cause| self.failed("to list its tables", cause))
    }

    /// What an error means that came while `what` was done.
    pub(crate) fn failed(&self, what: &str, cause: sqlx::Error) -> TargetError {
        let (name, what) = (self.name.clone(), what.to_owned());
        let code = cause
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .unwrap_or_default()
            .into_owned();
        match code.as_str() {
            // Out of disk, and the classes of broken connections and of servers that are stopped.
            "53100" => TargetError::Full { name, cause },
            "2BP01" => TargetError::Needed { name, cause },
            _ if code.starts_with("08") || code.starts_with("57P") => TargetError::Lost { name, cause },
            "" if matches!(cause, sqlx::Error::Io(_) | sqlx::Error::Tls(_)) => {
                TargetError::Lost { name, cause }
            }
            // Of the limits of that code, the only one that is of a row and not of an index.
            "54000" if TargetError::said(&cause).starts_with("row is too big") => {
                TargetError::RowTooLong { name, what, cause }
            }
            _ => TargetError::Refused { name, what, cause },
        }
    }

    /// Looks whether it is fit for a move.
    ///
    /// # Errors
    /// When it is not, or the user may not do there what a move needs.
    pub(crate) async fn check(&self, connection: &mut PgConnection, schema: &str) -> Result<(), TargetError> {
        let sql = "SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS shown, \
                   pg_encoding_to_char(encoding) AS encoding, current_user::text AS who, current_database()::text AS called, \
                   has_database_privilege(oid, 'CREATE') AS may_create, \
                   (SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace WHERE nspname = $1) AS may_fill \
                   FROM pg_database WHERE datname = current_database()";
        let failed = |cause| self.failed("to say what it is", cause);
        let row = sqlx::query(sql).bind(schema).fetch_one(connection).await.map_err(failed)?;
        let text = |column: &str| row.get::<String, _>(column);
        let name = self.name.clone();
        if row.get::<i32, _>("version") < OLDEST {
            return Err(TargetError::TooOld { name, found: text("shown") });
        }
        if text("encoding") != "UTF8" {
            return Err(TargetError::Encoding { name, encoding: text("encoding") });
        }
        let (user, database) = (text("who"), quoted(&text("called")));
        if !row.get::<bool, _>("may_create") {
            let remedy = format!("GRANT CREATE ON DATABASE {database} TO {}", quoted(&user));
            return Err(TargetError::Forbidden { name, user, what: "make schemas", remedy });
        }
        if row.get::<Option<bool>, _>("may_fill") == Some(false) {
            let remedy = format!("GRANT CREATE ON SCHEMA {} TO {}", quoted(schema), quoted(&user));
            return Err(TargetError::Forbidden { name, user, what: "make tables", remedy });
        }
        Ok(())
    }
}
