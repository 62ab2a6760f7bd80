//! Never more than allowed, and nobody left behind: by chance, over nodes that crash and whose leases run out.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

const CAPACITY: usize = 5;
const NODES: [&str; 3] = ["one", "two", "three"];

/// What happens to nodes that share a room.
#[derive(Debug, Clone)]
enum Step {
    /// A client comes to a node, which asks.
    Join(usize),
    /// One of a node's clients goes, and the node says so, or its word is lost on the way.
    Leave { node: usize, which: usize, is_heard: bool },
    /// A node dies without a word; it begins anew with nobody.
    Crash(usize),
    /// The lease of a node that died runs out.
    Expire(usize),
    /// A node says who is there, as each does now and then.
    Settle(usize),
    /// What is shared is lost.
    Forget,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let node = || 0..NODES.len();
    let step = prop_oneof![
        6 => node().prop_map(Step::Join),
        3 => (node(), 0..CAPACITY, any::<bool>()).prop_map(|(node, which, is_heard)| Step::Leave { node, which, is_heard }),
        1 => node().prop_map(Step::Crash),
        2 => node().prop_map(Step::Expire),
        2 => node().prop_map(Step::Settle),
        1 => Just(Step::Forget),
    ];
    proptest::collection::vec(step, 1..200)
}

/// The nodes as they are, and what they share.
struct World {
    /// Of each life of each node, its clients in the room.
    here: BTreeMap<Node, Vec<(SocketId, Person)>>,
    lives: [usize; NODES.len()],
    /// Nodes whose lease has not run out, dead ones among them.
    leases: BTreeSet<Node>,
    shared: Roster,
    clients: u128,
    /// Who saw whom: told of somebody, and not yet that they went.
    told: BTreeMap<Uuid, Person>,
}

impl World {
    fn new() -> Self {
        let here = NODES.iter().map(|node| (format!("{node}-0").into(), Vec::new())).collect();
        let leases = NODES.iter().map(|node| format!("{node}-0").into()).collect();
        let (shared, told) = (Roster::default(), BTreeMap::new());
        Self { here, lives: [0; NODES.len()], leases, shared, clients: 0, told }
    }

    fn name(&self, node: usize) -> Node {
        format!("{}-{}", NODES[node], self.lives[node]).into()
    }

    fn settle(&mut self, node: &Node, here: &[(SocketId, Person)]) {
        self.leases.insert(Arc::clone(node));
        let leases = &self.leases;
        self.shared.settle(node, here, CAPACITY, |node| leases.contains(node));
        let now = users(self.shared.seats.values());
        let change = Change::between(&self.told, &now);
        for person in change.joined {
            self.told.insert(person.user_id, person);
        }
        for person in change.left {
            assert!(self.told.remove(&person.user_id).is_some(), "nobody leaves who never came");
        }
    }

    /// Those whom what is shared has no seat for are sent away, as a node does that finds its memory lost.
    fn settle_all_of(&mut self, node: &Node) {
        let here = self.here[node].clone();
        self.settle(node, &here);
        let shared = &self.shared;
        let seated = here.into_iter().filter(|(socket, _)| shared.has(node, socket)).collect();
        self.here.insert(Arc::clone(node), seated);
    }

    fn step(&mut self, step: &Step) {
        match *step {
            Step::Join(node) => {
                let node = self.name(node);
                self.clients += 1;
                let person = Person {
                    user_id: Uuid::from_u128(self.clients % 7),
                    username: "somebody".into(),
                    joined_at: Timestamp::default(),
                };
                let socket: SocketId = self.clients.to_string().into();
                let mut here = self.here[&node].clone();
                here.push((socket, person));
                self.here.insert(Arc::clone(&node), here);
                self.settle_all_of(&node);
            }
            Step::Leave { node, which, is_heard } => {
                let node = self.name(node);
                let here = self.here.get_mut(&node).expect("a node that lives");
                if which < here.len() {
                    here.remove(which);
                }
                if is_heard {
                    self.settle_all_of(&node);
                }
            }
            Step::Crash(node) => {
                self.here.remove(&self.name(node));
                self.lives[node] += 1;
                self.here.insert(self.name(node), Vec::new());
            }
            Step::Expire(node) => {
                let living = self.name(node);
                let begins = format!("{}-", NODES[node]);
                self.leases.retain(|lease| *lease == living || !lease.starts_with(&begins));
            }
            Step::Settle(node) => self.settle_all_of(&self.name(node)),
            Step::Forget => {
                self.shared = Roster { version: self.shared.version, ..Roster::default() };
                self.leases.clear();
                // Nobody new is let in before all nodes that live have come back.
                for node in 0..NODES.len() {
                    self.settle_all_of(&self.name(node));
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn a_room_never_holds_more_than_it_may_and_loses_no_leave(steps in steps()) {
        let mut world = World::new();
        for step in &steps {
            world.step(step);
            prop_assert!(world.shared.seats.len() <= CAPACITY, "{step:?}");
            let sockets: usize = world.here.values().map(Vec::len).sum();
            prop_assert!(sockets <= CAPACITY, "{sockets} after {step:?}");
        }
        for node in 0..NODES.len() {
            world.step(&Step::Expire(node));
        }
        for node in 0..NODES.len() {
            world.step(&Step::Settle(node));
        }
        let there = world.here.values().flatten().map(|(_, person)| person);
        prop_assert_eq!(&world.told, &users(there), "who is there is who is believed to be there");
    }
}

#[test]
fn whoever_has_several_sockets_comes_with_the_first_and_goes_with_the_last() {
    let person = |second: i64| Person {
        user_id: Uuid::from_u128(1),
        username: "ann".into(),
        joined_at: Timestamp::from_timestamp(second, 0).expect("a time"),
    };
    let (none, one, two) = (users([]), users([&person(5)]), users([&person(5), &person(3)]));
    assert_eq!(Change::between(&none, &one).joined, [person(5)]);
    assert_eq!(Change::between(&one, &two), Change::default());
    assert_eq!(two[&Uuid::from_u128(1)].joined_at, person(3).joined_at);
    assert_eq!(Change::between(&two, &none).left, [person(3)]);
}
