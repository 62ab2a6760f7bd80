//! What may fail because of what the rows hold, of what is there already, or of what failed so before. That stops no move,
//! and is told.

use sqlx::{Connection as _, PgConnection};

use super::worker::Orders;
use super::{RunError, execute};
use crate::load::Filled;
use crate::target::TargetError;
use crate::{Definition, TableDefinition, Target};

/// What goes on in spite of a refusal.
type Trouble = Option<String>;

impl Orders {
    /// Makes an index. One that cannot be unique, since PostgreSQL takes more for the same than SQLite, is made without.
    pub(super) async fn index(&self, sql: &str, unit: &mut PgConnection) -> Result<Filled, RunError> {
        let Some(refusal) = attempt(&self.target, sql, unit).await? else { return Ok(Filled::default()) };
        let trouble = match sql.strip_prefix("CREATE UNIQUE ").filter(|_| refusal.is_of(UNIQUE)) {
            Some(rest) => {
                attempt(&self.target, &format!("CREATE {rest}"), unit).await?;
                format!(
                    "{}: PostgreSQL takes for the same what SQLite tells apart, or somebody else has written there; the \
                     index is not unique, and refuses nothing",
                    refusal.said
                )
            }
            None => format!("{}: the index stays behind", refusal.said),
        };
        Ok(told(Some(trouble)))
    }

    /// Makes the primary key of a table and its CHECK constraints, and lets its ids be counted on.
    pub(super) async fn key(
        &self,
        definition: &TableDefinition,
        unit: &mut PgConnection,
    ) -> Result<Filled, RunError> {
        if let Some(sql) = &definition.primary_key {
            // Only where its index is not unique, which has been told.
            attempt(&self.target, sql, unit).await?;
        }
        execute(&self.target, unit, definition.sequence.as_slice()).await?;
        let mut troubles = Vec::new();
        for check in &definition.checks {
            let refusal = attempt(&self.target, &check.add, unit).await?;
            let stays = refusal.map(|refusal| format!("{}: the CHECK stays behind", refusal.said));
            troubles.extend(match stays {
                Some(trouble) => Some(trouble),
                None => self.validated(&check.validate, unit).await?,
            });
        }
        Ok(told((!troubles.is_empty()).then(|| troubles.join("; "))))
    }

    /// Looks whether a foreign key holds.
    pub(super) async fn validate(&self, nth: usize, unit: &mut PgConnection) -> Result<Filled, RunError> {
        self.validated(&self.definition.foreign_keys[nth].validate, unit).await.map(told)
    }

    /// A constraint that does not hold stays as it is: what is there stays, what comes has to obey.
    async fn validated(&self, sql: &str, unit: &mut PgConnection) -> Result<Trouble, RunError> {
        let refusal = attempt(&self.target, sql, unit).await?.filter(|refusal| !refusal.is_of(MISSING));
        Ok(refusal.map(|refusal| {
            format!(
                "{}: what is there stays, and the constraint holds for what is written from now on",
                refusal.said
            )
        }))
    }
}

/// Makes what joins tables.
pub(super) async fn join(
    target: &Target,
    definition: &Definition,
    unit: &mut PgConnection,
) -> Result<Filled, RunError> {
    let mut troubles = Vec::new();
    for key in &definition.foreign_keys {
        let refusal = attempt(target, &key.add, unit).await?;
        troubles.extend(refusal.map(|refusal| format!("{}: the foreign key stays behind", refusal.said)));
    }
    for view in &definition.views {
        let refusal = attempt(target, &view.create, unit).await?;
        let what = &view.name;
        troubles.extend(refusal.map(|refusal| format!("{}: the view {what} stays behind", refusal.said)));
    }
    Ok(told((!troubles.is_empty()).then(|| troubles.join("; "))))
}

/// Runs a statement that what is there may stand in the way of.
async fn attempt(target: &Target, sql: &str, unit: &mut PgConnection) -> Result<Option<Refusal>, RunError> {
    let failed = |cause| target.failed(sql, cause);
    let mut attempt = unit.begin().await.map_err(failed)?;
    match execute(target, &mut attempt, &[sql.to_owned()]).await {
        Ok(()) => {
            attempt.commit().await.map_err(failed)?;
            Ok(None)
        }
        Err(TargetError::Refused { name, what, cause }) => match Refusal::of(&cause) {
            Some(refusal) => {
                attempt.rollback().await.map_err(failed)?;
                Ok(Some(refusal))
            }
            None => Err(TargetError::Refused { name, what, cause }.into()),
        },
        Err(error) => Err(error.into()),
    }
}

fn told(trouble: Trouble) -> Filled {
    Filled { trouble, ..Filled::default() }
}

/// There are two of the same.
const UNIQUE: &str = "23505";
/// A constraint that could not be made.
const MISSING: &str = "42704";
/// The user may not.
const FORBIDDEN: &str = "42501";
/// The classes of what stops nothing: data is out of a range, breaks a constraint, or is too long for an index; a statement
/// does not go with what is there; PostgreSQL cannot do it at all.
const CLASSES: [&str; 5] = ["22", "23", "54", "42", "0A"];

/// Why PostgreSQL refuses something that a move can do without.
struct Refusal {
    code: String,
    said: String,
}

impl Refusal {
    fn of(cause: &sqlx::Error) -> Option<Self> {
        let code = cause.as_database_error()?.code()?.into_owned();
        let stops_nothing = CLASSES.iter().any(|class| code.starts_with(class)) && code != FORBIDDEN;
        stops_nothing.then(|| Self { code, said: TargetError::said(cause) })
    }

    fn is_of(&self, code: &str) -> bool {
        self.code == code
    }
}
