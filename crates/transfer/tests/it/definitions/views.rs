//! Views: each finds the same rows in the same order, here and there.

use std::fmt::Write as _;

use crate::moved::Moved;

const TABLES: &str = "
  CREATE TABLE user (id INTEGER PRIMARY KEY, name TEXT NOT NULL, nick TEXT COLLATE NOCASE, is_admin BOOLEAN, at DATETIME, meta JSON);
  INSERT INTO user VALUES (1, 'Ada', 'aDa', 1, '2024-05-01 10:00:00', '{}'), (2, 'bob', 'B', 0, '2024-05-02 10:00:00', NULL), (3, 'Çelik', NULL, 0, NULL, NULL), (4, 'Zoe', 'ada', NULL, NULL, '[]');
  CREATE TABLE post (id INTEGER PRIMARY KEY, author INT REFERENCES user, title TEXT, score INT, price DECIMAL, rate REAL);
  INSERT INTO post VALUES (10, 1, 'One', 7, 1.5, 0.1), (11, 1, 'Two', NULL, 2, 0.2), (12, 2, NULL, -3, NULL, NULL), (13, NULL, 'Lost', 4, 5, 1.0), (14, 2, 'One', 4, 0.25, 2.5);";

const VIEWS: &[&str] = &[
    "SELECT id, name FROM user",
    "SELECT * FROM user WHERE is_admin ORDER BY id",
    "SELECT u.*, p.title AS t FROM user AS u JOIN post p ON p.author = u.id ORDER BY p.id DESC",
    "SELECT u.name, p.title FROM user u LEFT JOIN post p ON p.author = u.id AND p.score > 0 ORDER BY u.name, p.title DESC",
    "SELECT user.name, post.id FROM user, post WHERE post.author = user.id ORDER BY 2",
    "SELECT a.id AS one, b.id AS two FROM user a CROSS JOIN user b ON a.id < b.id ORDER BY one, two",
    "SELECT count(*), count(score), sum(score), min(score), max(title), avg(score) FROM post",
    "SELECT author, count(*) AS posts, avg(score) AS mean FROM post GROUP BY author ORDER BY author",
    "SELECT u.name, count(p.id) AS posts FROM user u LEFT JOIN post p ON p.author = u.id GROUP BY u.id, u.name HAVING count(p.id) > 0 ORDER BY posts DESC, u.name",
    "SELECT count(DISTINCT title) FROM post",
    "SELECT DISTINCT title FROM post ORDER BY title",
    "SELECT title, score FROM post ORDER BY score DESC, title LIMIT 2 OFFSET 1",
    "SELECT id FROM post ORDER BY id LIMIT 3",
    "SELECT name FROM user WHERE nick = 'ADA' ORDER BY nick, id DESC",
    "SELECT nick FROM user ORDER BY nick, id",
    "SELECT name FROM user ORDER BY name",
    "SELECT id AS Id, CASE WHEN score > 3 THEN 'good' ELSE 'bad' END AS rank, 7 AS seven, 'x' AS letter FROM post ORDER BY rank, id",
    "SELECT v2.t FROM v2 WHERE v2.t LIKE 'o%'",
    "SELECT posts + 1 AS more FROM v7 ORDER BY more DESC",
    "SELECT max(at), sum(is_admin), min(price) FROM user JOIN post ON author = user.id",
    "SELECT sum(score) FROM post WHERE id > 1000",
];

const REFUSED: &[&str] = &[
    "SELECT author, title FROM post GROUP BY author",
    "SELECT name, count(*) FROM user",
    "SELECT sum(rate) FROM post",
    "SELECT avg(price) FROM post",
    "SELECT DISTINCT nick FROM user",
    "SELECT count(*) FROM user GROUP BY nick",
    "SELECT meta FROM user ORDER BY meta",
    "SELECT id FROM user UNION SELECT id FROM post",
    "SELECT group_concat(name) FROM user",
    "SELECT id FROM (SELECT id FROM user)",
    "SELECT name FROM user WHERE id IN (SELECT author FROM post)",
    "WITH x AS (SELECT 1) SELECT * FROM x",
    "SELECT id FROM user NATURAL JOIN post",
    "SELECT row_number() OVER (ORDER BY id) FROM user",
    "SELECT hex(name) FROM user",
    "SELECT NULL AS empty",
    "SELECT name FROM user LIMIT -1",
    "SELECT id FROM post ORDER BY id LIMIT 1, 2",
];

#[tokio::test]
async fn a_view_finds_the_same_rows_or_is_refused() {
    let mut sql = TABLES.to_owned();
    // Later ones first: one that speaks of another waits for it.
    for (place, view) in VIEWS.iter().enumerate().rev() {
        let _ = write!(sql, "CREATE VIEW v{place} AS {view};");
    }
    for (place, view) in REFUSED.iter().enumerate() {
        let _ = write!(sql, "CREATE VIEW refused{place} AS {view};");
    }
    sql += "CREATE TABLE gone (a); CREATE VIEW lost AS SELECT a FROM gone; DROP TABLE gone;";
    let mut moved = Moved::from(&sql).await;
    let mut refused: Vec<_> = (0..REFUSED.len()).map(|place| format!("the view refused{place}")).collect();
    refused.push("the view lost".to_owned());
    let left: Vec<_> =
        moved.definition.left_behind.iter().map(|left| format!("{}: {}", left.what, left.because)).collect();
    assert_eq!(moved.left(), refused, "{left:#?}");
    for (place, view) in VIEWS.iter().enumerate() {
        let columns = moved.found_before(&format!("SELECT name FROM pragma_table_xinfo('v{place}')"));
        for column in columns.into_iter().flatten() {
            let before = moved.found_before(&format!("SELECT CAST(\"{column}\" AS TEXT) FROM v{place}"));
            let after = moved.found(&format!("SELECT \"{column}\"::text FROM v{place}")).await;
            let same = |text: Option<String>| {
                text.map(|text| match text.as_str() {
                    "true" => "1".to_owned(),
                    "false" => "0".to_owned(),
                    _ => text.trim_end_matches(".0").to_owned(),
                })
            };
            let (before, after): (Vec<_>, Vec<_>) =
                (before.into_iter().map(same).collect(), after.into_iter().map(same).collect());
            assert_eq!(before, after, "{column} of {view}");
        }
    }
}
