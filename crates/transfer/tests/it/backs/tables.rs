//! What PostgreSQL has got since the move.

use transfer::Progress;

use crate::follows::Moving;

#[tokio::test]
async fn tables_that_came_later_are_told() {
    let moving = Moving::from("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1);").await;
    moving.begin().await.unwrap_or_else(|error| panic!("{error}"));
    let mut follower = moving.follower().await;
    follower.cutover(&moving.turn(), &Progress::to_nobody()).await.unwrap_or_else(|error| panic!("{error}"));
    let told = follower.step_back().await.unwrap_or_else(|error| panic!("{error}"));
    let before = told.added_tables;
    let sql = "CREATE TABLE later (id int); CREATE VIEW seen AS SELECT * FROM later;
               CREATE TABLE \"In Parts\" (id int) PARTITION BY RANGE (id);
               CREATE TABLE part PARTITION OF \"In Parts\" DEFAULT; CREATE SCHEMA other; CREATE TABLE other.t (id int)";
    moving.postgres(sql).await.expect("runs");
    let told = follower.step_back().await.unwrap_or_else(|error| panic!("{error}"));
    let tables: Vec<_> = told.added_tables.difference(&before).map(String::as_str).collect();
    assert_eq!(tables, ["public.\"In Parts\"", "public.later"]);
}
