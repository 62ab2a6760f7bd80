//! Views, triggers, and tables that are no tables.

use super::{case, prove};

const PEOPLE: &str = "CREATE TABLE p (id INTEGER PRIMARY KEY, name TEXT, age INT, city INT REFERENCES c); CREATE TABLE c (id INTEGER PRIMARY KEY, name TEXT);
    INSERT INTO c VALUES (1, 'Rome'), (2, 'Oslo'); INSERT INTO p VALUES (1, 'Ada', 36, 1), (2, 'Eve', NULL, 2), (3, 'Bob', 20, 1), (4, NULL, 50, NULL);";

#[tokio::test]
async fn objects() {
    prove(vec![
        case("views", format!("{PEOPLE} CREATE VIEW grown AS SELECT id, upper(name) AS n FROM p WHERE age >= 21;
            CREATE VIEW homes (who, town) AS SELECT p.name, c.name FROM p LEFT JOIN c ON c.id = p.city;
            CREATE VIEW counted AS SELECT city, count(*) AS people, max(age) AS oldest FROM p GROUP BY city; CREATE VIEW twice AS SELECT n FROM grown WHERE n IS NOT NULL;"))
            .same("SELECT id || coalesce(n, '-') FROM grown ORDER BY id")
            .same("SELECT coalesce(who, '-') || coalesce(town, '-') FROM homes ORDER BY 1")
            .same("SELECT people || '-' || coalesce(oldest, 0) FROM counted WHERE city IS NOT NULL ORDER BY 1")
            .same("SELECT n FROM twice ORDER BY n"),
        case("views that have no words in PostgreSQL", format!("{PEOPLE} CREATE VIEW hexed AS SELECT hex(name) FROM p; CREATE VIEW loose AS SELECT name, count(*) FROM p; CREATE VIEW over AS SELECT * FROM hexed;
            CREATE VIEW broken AS SELECT a FROM gone; CREATE VIEW fine AS SELECT name FROM c;"))
            .same("SELECT name FROM fine ORDER BY 1")
            .leaves(["the view hexed", "the view loose", "the view over", "the view broken"]),
        case("views of documents", "CREATE TABLE t (id INTEGER PRIMARY KEY, j JSON, at DATETIME, b BOOLEAN, r REAL); INSERT INTO t VALUES (1, '{}', 1714570000123, 1, 0.1), (2, '{}', 1714570000123, 0, 2.0);
            CREATE VIEW one AS SELECT DISTINCT j FROM t; CREATE VIEW two AS SELECT j, count(*) AS n FROM t GROUP BY j; CREATE VIEW three AS SELECT id FROM t WHERE j = '{}'; CREATE VIEW four AS SELECT id, j FROM t ORDER BY j, id;
            CREATE VIEW five AS SELECT j FROM t UNION SELECT j FROM t; CREATE VIEW six AS SELECT id, at, b FROM t WHERE b; CREATE VIEW seven AS SELECT count(DISTINCT j) AS n FROM t;")
            .same("SELECT CAST(id AS TEXT) FROM six")
            .leaves(["the view one", "the view two", "the view three", "the view four", "the view five", "the view seven"]),
        case("triggers", "CREATE TABLE t (id INTEGER PRIMARY KEY, n INT); CREATE TRIGGER up AFTER INSERT ON t BEGIN UPDATE t SET n = n + 1 WHERE id = new.id; END; CREATE VIEW v AS SELECT id FROM t; CREATE TRIGGER instead INSTEAD OF INSERT ON v BEGIN SELECT 1; END; INSERT INTO t VALUES (1, 1);")
            .finds("SELECT n FROM t", ["2"])
            .leaves(["the triggers up, instead"]),
        case("a table of full texts", "CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT); INSERT INTO t VALUES (1, 'hello'); CREATE VIRTUAL TABLE search USING fts5(body, content='t'); INSERT INTO search (search) VALUES ('rebuild'); CREATE TRIGGER fed AFTER INSERT ON t BEGIN INSERT INTO search (rowid, body) VALUES (new.id, new.body); END;")
            .finds("SELECT body FROM t", ["hello"])
            .finds("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()", ["1"])
            .leaves(["the trigger fed", "the table search"]),
        case("a table of boxes", "CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1); INSERT INTO boxes VALUES (1, 0, 1); CREATE TABLE t (a INT);")
            .finds("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()", ["1"])
            .leaves(["the table boxes"]),
    ])
    .await;
}
