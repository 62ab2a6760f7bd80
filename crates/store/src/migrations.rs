//! Changes of the schema. They belong to the rooms; here they are put in order and run, up and down.

use sea_orm::{ConnectionTrait as _, DbBackend, DbErr, EntityTrait as _, IsolationLevel};
use sea_orm_migration::{
    IntoSchemaManagerConnection, MigrationTrait, MigratorTraitSelf, SchemaManager, seaql_migrations,
};

use serde::Serialize;

use crate::{Store, StoreError, Unit};

/// The migrations of one room, oldest first. Names start with the date and name the room:
/// `m20261122_000001_accounts_users`.
pub type RoomMigrations = fn() -> Vec<Box<dyn MigrationTrait>>;

/// All migrations of a program.
#[derive(Clone)]
pub struct Migrations(Vec<RoomMigrations>);

/// A migration and whether the database has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AppliedMigration {
    /// Its name.
    pub name: String,
    /// Whether the database has it.
    pub applied: bool,
}

impl Migrations {
    /// The migrations of these rooms.
    pub fn of(rooms: impl IntoIterator<Item = RoomMigrations>) -> Self {
        Self(rooms.into_iter().collect())
    }

    /// Applies everything that is pending, all or nothing; names what was applied.
    ///
    /// # Errors
    /// [`StoreError::NewerSchema`] when the database knows migrations that we do not.
    pub async fn up(&self, store: &Store) -> Result<Vec<String>, StoreError> {
        let unit = Self::begin_alone(store).await?;
        let pending = self.known(&*unit).await?.into_iter().filter(|migration| !migration.applied);
        let names = pending.map(|migration| migration.name).collect();
        MigratorTraitSelf::up(self, &*unit, None).await?;
        unit.commit().await?;
        Ok(names)
    }

    /// Takes back the newest `steps` migrations, all or nothing; names what was taken back.
    ///
    /// # Errors
    /// [`StoreError::NewerSchema`] when the database knows migrations that we do not.
    pub async fn down(&self, store: &Store, steps: u32) -> Result<Vec<String>, StoreError> {
        let unit = Self::begin_alone(store).await?;
        let applied = self.known(&*unit).await?.into_iter().filter(|migration| migration.applied);
        let mut names: Vec<String> = applied.map(|migration| migration.name).collect();
        names.reverse();
        names.truncate(steps as usize);
        MigratorTraitSelf::down(self, &*unit, Some(steps)).await?;
        unit.commit().await?;
        Ok(names)
    }

    /// Every migration and whether the database has it. Changes nothing.
    ///
    /// # Errors
    /// [`StoreError::NewerSchema`] when the database knows migrations that we do not.
    pub async fn status(&self, store: &Store) -> Result<Vec<AppliedMigration>, StoreError> {
        self.known(store.reader()).await
    }

    async fn known<'c>(
        &self,
        connection: impl IntoSchemaManagerConnection<'c>,
    ) -> Result<Vec<AppliedMigration>, StoreError> {
        let recorded = recorded(connection).await?;
        let names: Vec<String> =
            self.migrations().iter().map(|migration| migration.name().to_owned()).collect();
        let unknown: Vec<String> = recorded.iter().filter(|name| !names.contains(name)).cloned().collect();
        if !unknown.is_empty() {
            return Err(StoreError::NewerSchema { unknown });
        }
        Ok(names
            .into_iter()
            .map(|name| AppliedMigration { applied: recorded.contains(&name), name })
            .collect())
    }

    /// Begins the one unit in which all changes happen, alone: two nodes that start together must not both migrate.
    ///
    /// Read committed, so that whoever waited for the lock sees what was applied meanwhile. SQLite's write lock, which
    /// the unit holds, is enough there.
    async fn begin_alone(store: &Store) -> Result<Unit, StoreError> {
        let unit = store.begin_at(IsolationLevel::ReadCommitted).await?;
        if store.backend() == DbBackend::Postgres {
            // Any constant does; this one spells "mainstay" in ASCII.
            unit.execute_unprepared("SELECT pg_advisory_xact_lock(7881696745979404665)").await?;
        }
        Ok(unit)
    }
}

/// The names of the migrations the database has, oldest first.
async fn recorded<'c>(connection: impl IntoSchemaManagerConnection<'c>) -> Result<Vec<String>, DbErr> {
    let manager = SchemaManager::new(connection);
    if !manager.has_table("seaql_migrations").await? {
        return Ok(Vec::new());
    }
    let models = seaql_migrations::Entity::find().all(manager.get_connection()).await?;
    let mut names: Vec<String> = models.into_iter().map(|model| model.version).collect();
    names.sort();
    Ok(names)
}

impl MigratorTraitSelf for Migrations {
    fn migrations(&self) -> Vec<Box<dyn MigrationTrait>> {
        let mut all: Vec<_> = self.0.iter().flat_map(|room| room()).collect();
        all.sort_by(|a, b| a.name().cmp(b.name()));
        all
    }
}
