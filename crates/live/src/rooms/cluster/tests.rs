//! The script in Redis and the rule on paper say the same.

use std::collections::BTreeSet;

use foundation::{Ambient, Timestamp, Uuid};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::*;

const CAPACITY: usize = 4;
const ROOM: &str = "/study";

/// A node says which sockets it has, or its lease runs out.
#[derive(Debug, Clone)]
enum Step {
    Settle(usize, Vec<u8>),
    Expire(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let sockets = proptest::collection::btree_set(0..6_u8, 0..5).prop_map(|set| set.into_iter().collect());
    let settle = (0..3_usize, sockets).prop_map(|(node, sockets)| Step::Settle(node, sockets));
    proptest::collection::vec(prop_oneof![4 => settle, 1 => (0..3_usize).prop_map(Step::Expire)], 1..12)
}

/// Three nodes and what they should find.
struct Bench {
    clusters: Vec<Cluster>,
    expected: Roster,
    leases: BTreeSet<Node>,
}

impl Bench {
    async fn build() -> Self {
        let prefix = Ambient::system().new_id().to_string();
        let client = Client::open(testkit::redis_url()).expect("an address");
        let mut clusters = Vec::new();
        for node in ["one", "two", "three"] {
            let (cluster, _) = Cluster::new(client.clone(), &prefix, node.into(), Arc::default());
            *cluster.0.connection() = Some(cluster.0.connect().await.expect("Redis answers"));
            clusters.push(cluster);
        }
        Self { clusters, expected: Roster::default(), leases: BTreeSet::new() }
    }

    async fn step(&mut self, step: &Step) {
        match step {
            Step::Expire(node) => {
                let cluster = &self.clusters[*node];
                let mut connection = cluster.connection().expect("a connection");
                let mut command = redis::cmd("DEL");
                command.arg(cluster.0.names.lease(&cluster.0.node));
                command.exec_async(&mut connection).await.expect("Redis answers");
                self.leases.remove(&cluster.0.node);
            }
            Step::Settle(node, sockets) => {
                let cluster = &self.clusters[*node];
                let here: Vec<_> = sockets.iter().map(|socket| seat(*node, *socket)).collect();
                let found = cluster.settle(&ROOM.into(), &here, CAPACITY, None).await.expect("Redis answers");
                self.leases.insert(Arc::clone(&cluster.0.node));
                let before = self.expected.seats.clone();
                let leases = &self.leases;
                self.expected.settle(&cluster.0.node, &here, CAPACITY, |node| leases.contains(node));
                assert_eq!(found.roster.seats, self.expected.seats, "{step:?} after {before:?}");
            }
        }
    }
}

fn seat(node: usize, socket: u8) -> (SocketId, Person) {
    let (user_id, joined_at) = (Uuid::from_u128(socket.into()), Timestamp::default());
    (format!("{node}-{socket}").into(), Person { user_id, username: "somebody".into(), joined_at })
}

#[test]
fn the_script_settles_who_is_in_a_room_as_the_rule_does() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let tried = TestRunner::default().run(&steps(), |steps| {
        runtime.block_on(async {
            let mut bench = Bench::build().await;
            for step in &steps {
                bench.step(step).await;
            }
        });
        Ok(())
    });
    tried.expect("they agree");
}
