//! Whether the program says truly that it works.

use chrono::TimeDelta;
use serde_json::json;
use testkit::{TestAmbient, until};
use tokio_util::task::TaskTracker;

use crate::house::{House, rooms};

testkit::on_both_databases! {
    migrations: rooms();

    async fn a_program_that_works_says_so(database) {
        let house = House::open(database).await;
        let answer = house.client().get("/api/health").await;
        let works = json!({ "status": "ok", "rate_limits": "process", "maintenance": false, "audit_log": "sealed" });
        assert_eq!((answer.status.as_u16(), answer.json()), (200, works));
        assert_eq!(house.client().get("/api/app").await.json(), json!({ "development_mailbox": true }));
    }

    async fn it_says_where_requests_are_counted(database) {
        let house = House::with(database, |config| config.redis.url = Some(testkit::redis_url().into())).await;
        let answer = house.client().get("/api/health").await;
        assert_eq!((answer.json()["rate_limits"].clone(), answer.header("ratelimit-limit")), (json!("redis"), "100"));
    }

    async fn it_says_when_the_audit_log_is_not_sealed(database) {
        let TestAmbient { ambient, clock } = TestAmbient::default();
        let house = House::at(ambient, database, |_| ()).await;
        let audit_log = async || house.client().get("/api/health").await.json()["audit_log"].clone();
        clock.advance(TimeDelta::seconds(31));
        assert_eq!(audit_log().await, "behind", "no job runs");
        house.app.start_jobs(&TaskTracker::new(), &house.stop);
        until("the log to be sealed", async || (audit_log().await == "sealed").then_some(())).await;
    }

    // ASVS 16.5.2
    async fn a_program_without_its_database_says_so_and_stays(database) {
        let house = House::open(database).await;
        house.database.store.clone().close().await;
        let client = house.client();
        for _ in 0..2 {
            let answer = client.get("/api/health").await;
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (503, "unavailable"));
        }
        let sign_in = json!({ "email": "ada@example.org", "password": "correct horse battery" });
        let answer = client.post("/api/auth/login", &sign_in).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (503, "unavailable"));
        assert_ne!(answer.header("retry-after"), "");
        for technical in ["pool", "sqlx", "Pool", "connection"] {
            assert!(!answer.text.contains(technical), "{technical} in {}", answer.text);
        }
        assert_eq!(client.get("/api/app").await.status.as_u16(), 200, "what needs no database still works");
    }
}

// ASVS 16.5.2
#[tokio::test(flavor = "multi_thread")]
async fn a_postgresql_that_is_dropped_is_noticed() {
    let database = testkit::TestDatabase::postgres(&store::Migrations::of(rooms())).await;
    let house = House::open(database).await;
    let (server, name) = house.database.url.rsplit_once('/').expect("a name");
    let mut admin = <sqlx::PgConnection as sqlx::Connection>::connect(&format!("{server}/postgres"))
        .await
        .expect("connects");
    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
    sqlx::query(sqlx::AssertSqlSafe(drop)).execute(&mut admin).await.expect("dropped");
    for _ in 0..3 {
        let answer = house.client().get("/api/health").await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (503, "unavailable"));
    }
}
