//! Moments in all the forms that people give them.

use super::{case, prove};

#[tokio::test]
async fn moments() {
    prove(vec![
        case("milliseconds", "CREATE TABLE t (id INTEGER PRIMARY KEY, at DATETIME); INSERT INTO t VALUES (1, 1714570000123), (2, 0), (3, -1), (4, 253402300799999);")
            .types("t", "bigint!, timestamp with time zone")
            .finds("SELECT at FROM t ORDER BY id", ["2024-05-01 13:26:40.123+00", "1970-01-01 00:00:00+00", "1969-12-31 23:59:59.999+00", "9999-12-31 23:59:59.999+00"]),
        case("seconds", "CREATE TABLE t (id INTEGER PRIMARY KEY, at TIMESTAMP); INSERT INTO t VALUES (1, 1714570000), (2, 0), (3, -86400);")
            .types("t", "bigint!, timestamp with time zone")
            .finds("SELECT at FROM t ORDER BY id", ["2024-05-01 13:26:40+00", "1970-01-01 00:00:00+00", "1969-12-31 00:00:00+00"]),
        case("date 0", "CREATE TABLE t (id INTEGER PRIMARY KEY, at DATETIME, on_ DATE); INSERT INTO t VALUES (1, 0, 0);")
            .types("t", "bigint!, timestamp with time zone, bigint")
            .finds("SELECT at, on_ FROM t", ["1970-01-01 00:00:00+00|0"]),
        case("farther than PostgreSQL keeps", "CREATE TABLE t (id INTEGER PRIMARY KEY, at DATETIME); INSERT INTO t VALUES (1, 9223372036854775807), (2, 1714570000123);")
            .types("t", "bigint!, bigint")
            .finds("SELECT at FROM t ORDER BY id", ["9223372036854775807", "1714570000123"]),
        case("from the year 0 to 9999", "CREATE TABLE t (id INTEGER PRIMARY KEY, at DATETIME, d DATE); INSERT INTO t VALUES (1, '0000-01-01 00:00:00', '0000-01-01'), (2, '9999-12-31 23:59:59', '9999-12-31'), (3, '0001-01-01 00:00:00', '0001-12-31');")
            .types("t", "bigint!, timestamp without time zone, date")
            .finds("SELECT at, d FROM t ORDER BY id", ["0001-01-01 00:00:00 BC|0001-01-01 BC", "9999-12-31 23:59:59|9999-12-31", "0001-01-01 00:00:00|0001-12-31"]),
        case("the year -4713", "CREATE TABLE t (id INTEGER PRIMARY KEY, at DATETIME, ms DATETIME); INSERT INTO t VALUES (1, '-4713-11-24 12:00:00', -210866760000000), (2, '2024-05-01 00:00:00', 1714570000123);")
            .types("t", "bigint!, text, timestamp with time zone")
            .finds("SELECT at, ms FROM t ORDER BY id", ["-4713-11-24 12:00:00|4714-11-24 12:00:00+00 BC", "2024-05-01 00:00:00|2024-05-01 13:26:40.123+00"]),
        case("forms that are mixed", "CREATE TABLE t (id INTEGER PRIMARY KEY, at DATETIME); INSERT INTO t VALUES (1, '2024-05-01 10:00:00'), (2, 1714570000123), (3, '2024-05-01T10:00:00Z'), (4, 2460431.5);")
            .types("t", "bigint!, text")
            .finds("SELECT at FROM t ORDER BY id", ["2024-05-01 10:00:00", "1714570000123", "2024-05-01T10:00:00Z", "2460431.5"]),
        case("forms that are mixed, cast to one", "CREATE TABLE t (id INTEGER PRIMARY KEY, at DATETIME); INSERT INTO t VALUES (1, '2024-05-01 10:00:00'), (2, '2024-05-01'), (3, '2024-05-01T10:00:00Z'), (4, 2460431.5);")
            .edited("at = { type = \"text\" }", "at = { type = \"timestamp\", stored_as = \"2024-05-01 10:00:00\", misfits = \"cast\" }")
            .types("t", "bigint!, timestamp without time zone")
            .finds("SELECT at FROM t ORDER BY id", ["2024-05-01 10:00:00", "2024-05-01 00:00:00", "2024-05-01 10:00:00", "2024-05-01 00:00:00"])
            .ledger([
                "t [2] at text 2024-05-01 -> 2024-05-01 00:00:00 cast",
                "t [3] at text 2024-05-01T10:00:00Z -> 2024-05-01 10:00:00 cast",
                "t [4] at real 2460431.5 -> 2024-05-01 00:00:00 cast",
            ]),
        case("seconds among milliseconds", "CREATE TABLE t (id INTEGER PRIMARY KEY, at DATETIME); INSERT INTO t VALUES (1, 1714570000), (2, 1714570000123);")
            .types("t", "bigint!, timestamp with time zone")
            .finds("SELECT at FROM t ORDER BY id", ["1970-01-20 20:16:10+00", "2024-05-01 13:26:40.123+00"]),
        case("days of Julian's count", "CREATE TABLE t (id INTEGER PRIMARY KEY, at DATETIME); INSERT INTO t VALUES (1, 2460431.5), (2, 2460432.25);")
            .types("t", "bigint!, double precision")
            .finds("SELECT at FROM t ORDER BY id", ["2460431.5", "2460432.25"]),
        case("ISO with a zone", "CREATE TABLE t (id INTEGER PRIMARY KEY, z DATETIME, o DATETIME, w DATETIME); INSERT INTO t VALUES (1, '2024-05-01T10:00:00.123Z', '2024-05-01T10:00:00+02:00', '2024-05-01 10:00:00-11:30');")
            .types("t", "bigint!, timestamp with time zone, timestamp with time zone, timestamp with time zone")
            .finds("SELECT z, o, w FROM t", ["2024-05-01 10:00:00.123+00|2024-05-01 08:00:00+00|2024-05-01 21:30:00+00"]),
        case("ISO with several zones", "CREATE TABLE t (id INTEGER PRIMARY KEY, at DATETIME); INSERT INTO t VALUES (1, '2024-05-01T10:00:00+02:00'), (2, '2024-05-01T10:00:00-02:00');")
            .types("t", "bigint!, text"),
        case("ISO in many spellings", "CREATE TABLE t (id INTEGER PRIMARY KEY, a DATETIME, b DATETIME, c DATETIME, d DATETIME, e DATETIME); INSERT INTO t VALUES (1, '2024-05-01T10:00', '2024-05-01 10:00:00.5', '2024-05-01T10:00:00.123456', '2024-05-01', '2024-05-01T10:00:00.1234567Z');")
            .types("t", "bigint!, timestamp without time zone, timestamp without time zone, timestamp without time zone, date, text")
            .finds("SELECT a, b, c, d, e FROM t", ["2024-05-01 10:00:00|2024-05-01 10:00:00.5|2024-05-01 10:00:00.123456|2024-05-01|2024-05-01T10:00:00.1234567Z"]),
        case("what only looks like a moment", "CREATE TABLE t (id INTEGER PRIMARY KEY, a DATETIME, b DATE, c DATETIME, d DATETIME, e TIME); INSERT INTO t VALUES (1, '2024-02-30 10:00:00', '2024-5-1', '2024-05-01 24:00:00', '2024-05-01 10:00:60', '25:00');")
            .types("t", "bigint!, text, text, text, text, text")
            .same("SELECT a, b, c, d, e FROM t"),
        case("days and times of day", "CREATE TABLE t (id INTEGER PRIMARY KEY, d DATE, a TIME, b TIME, c TIME); INSERT INTO t VALUES (1, '2024-02-29', '13:45', '00:00:00', '23:59:59.999'), (2, '1582-10-10', '00:00', '23:59:59', '00:00:00.000');")
            .types("t", "bigint!, date, time without time zone, time without time zone, time without time zone")
            .finds("SELECT d, a, b, c FROM t ORDER BY id", ["2024-02-29|13:45:00|00:00:00|23:59:59.999", "1582-10-10|00:00:00|23:59:59|00:00:00"]),
        case("an empty text among moments", "CREATE TABLE t (id INTEGER PRIMARY KEY, at DATETIME); INSERT INTO t VALUES (1, '2024-05-01 10:00:00'), (2, ''), (3, '0000-00-00 00:00:00');")
            .types("t", "bigint!, text")
            .same("SELECT at FROM t ORDER BY id"),
    ])
    .await;
}
