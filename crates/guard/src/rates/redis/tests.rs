//! The script in Redis and the function on paper say the same.

use foundation::Ambient;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use redis::AsyncTypedCommands as _;

use super::*;

/// What is found of earlier requests, as a distance to the present in microseconds.
fn found(rate: Rate) -> impl Strategy<Value = Option<i64>> {
    let refill = i64::try_from(rate.refill()).expect("small");
    let interval = i64::try_from(rate.interval).expect("small");
    prop_oneof![
        Just(None),
        (-refill..=3 * refill).prop_map(Some),
        (refill - 2 * interval..=refill + interval).prop_map(Some),
    ]
}

/// Rates whose intervals are long, so that nothing expires while it is looked at.
fn cases() -> impl Strategy<Value = (Rate, Option<i64>)> {
    let rates = (60_000_000..=86_400_000_000_u64, 1..=30_u32);
    let rates = rates.prop_map(|(interval, burst)| Rate { interval, burst });
    rates.prop_flat_map(|rate| (Just(rate), found(rate)))
}

struct Bench {
    connection: MultiplexedConnection,
    name: String,
}

impl Bench {
    async fn connect() -> Self {
        let client = Client::open(testkit::redis_url()).expect("an address");
        let connection = client.get_multiplexed_async_connection().await.expect("Redis answers");
        Self { connection, name: format!("mainstay:rate:test:{}", Ambient::system().new_id()) }
    }

    /// Whether script and function agree about a request that finds this.
    async fn compare(&mut self, rate: Rate, ahead: Option<i64>) {
        let (name, connection) = (&self.name, &mut self.connection);
        connection.del(name).await.expect("deletes");
        if let Some(ahead) = ahead {
            let (seconds, micros): (i64, i64) =
                redis::cmd("TIME").query_async(connection).await.expect("a time");
            connection.set(name, seconds * 1_000_000 + micros + ahead).await.expect("sets");
        }
        let before = connection.get(name).await.expect("reads");
        let mut question = SCRIPT.key(name);
        question.arg(rate.interval).arg(rate.refill());
        let (tat, now): (Micros, Micros) = question.invoke_async(connection).await.expect("answers");
        assert_eq!(tat.to_string(), before.unwrap_or_else(|| "0".to_owned()));

        let expected = decide(rate, tat, now);
        let kept = connection.get(name).await.expect("reads");
        assert_eq!(kept, Some(expected.tat.to_string()), "{rate:?} {ahead:?}: {expected:?}");
        if expected.tat != tat {
            let expires = connection.pttl(name).await.expect("answers");
            let redis::IntegerReplyOrNoOp::IntegerReply(millis) = expires else { panic!("{expires:?}") };
            let rest = usize::try_from((expected.tat - now).div_ceil(1000)).expect("small");
            assert!(millis <= rest && millis > rest / 2, "{millis} of {rest}");
        }
    }
}

#[test]
fn the_script_decides_as_the_function_does() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut bench = runtime.block_on(Bench::connect());
    let bench = std::cell::RefCell::new(&mut bench);
    let checked = TestRunner::default().run(&cases(), |(rate, ahead)| {
        runtime.block_on(bench.borrow_mut().compare(rate, ahead));
        Ok(())
    });
    checked.expect("they agree");
}

#[tokio::test]
async fn what_is_no_number_counts_as_nothing() {
    let Bench { mut connection, name } = Bench::connect().await;
    connection.set(&name, "nonsense").await.expect("sets");
    let rate = Rate { interval: 60_000_000, burst: 2 };
    let decision = ask(connection, rate, &name).await.expect("answers");
    assert_eq!(decision.verdict, super::super::gcra::Verdict::Passes { remaining: 1 });
}
