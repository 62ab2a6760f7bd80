//! An entry is written, or nothing is.

use audit::Entry;
use foundation::Uuid;
use store::sea_orm::DbBackend;

use crate::kit::{DONE, House, migrations, source};

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 16.5.3
    async fn a_database_that_swallows_an_entry_is_noticed(database) {
        let house = House::open(database);
        let swallow = match house.store.backend() {
            DbBackend::Sqlite => "CREATE TRIGGER swallow BEFORE INSERT ON audit_logs BEGIN SELECT RAISE(IGNORE); END",
            _ => "CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; \
                  CREATE TRIGGER swallow BEFORE INSERT ON audit_logs FOR EACH ROW EXECUTE FUNCTION swallow()",
        };
        house.execute(swallow).await;
        let unit = house.store.begin().await.expect("begins");
        house.ledger.record(&*unit, Entry::of_user(Uuid::nil(), DONE, &source())).await.expect_err("swallowed");
    }
}
