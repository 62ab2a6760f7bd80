//! The reader on a small configuration of the kind that rooms declare.

use std::collections::BTreeMap;

use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::*;
use crate::secret::{ExposeSecret, SecretString};

#[derive(Debug, Default, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
struct House {
    /// What people call it.
    #[garde(length(min = 1))]
    name: String,
    #[garde(dive)]
    door: Door,
    /// Its rooms, each with a name of its own.
    #[garde(dive)]
    rooms: BTreeMap<String, Room>,
}

#[derive(Debug, Default, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
struct Room {
    /// How many may sleep there.
    #[garde(range(max = 4))]
    beds: u32,
    #[garde(dive)]
    window: Window,
    /// Behind a section of its own, and before it in the file.
    #[garde(skip)]
    carpet: bool,
}

#[derive(Debug, Default, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
struct Window {
    /// Whether it is open.
    #[garde(skip)]
    open: bool,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
struct Door {
    /// How many may pass at once.
    #[garde(range(min = 1, max = 10))]
    width: u32,
    /// How long it stays open.
    #[garde(skip)]
    open_for: Period,
    /// Who is let in without a key.
    #[garde(skip)]
    guests: Vec<String>,
    /// The key.
    #[garde(skip)]
    #[serde(skip_serializing)]
    #[schemars(with = "Option<String>", extend("writeOnly" = true))]
    key: Option<SecretString>,
}

impl Default for Door {
    fn default() -> Self {
        Self { width: 2, open_for: Period::from_secs(30), guests: vec!["cat".into()], key: None }
    }
}

impl Settings for House {
    fn contradictions(&self) -> Vec<Mistake> {
        let nameless_key = self.door.key.is_some() && self.name == "keyless";
        if nameless_key { vec![Mistake::new("door.key", "a keyless house has no key")] } else { Vec::new() }
    }
}

const ALIASES: &[Alias] = &[Alias { variable: "DOOR_WIDTH", key: "door.width" }];

fn sources(file: &str, environment: &[(&str, &str)]) -> Sources {
    let environment: BTreeMap<_, _> =
        environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    Sources { file: Some(file.to_owned()), environment }
}

fn mistakes(file: &str, environment: &[(&str, &str)]) -> String {
    read::<House>(&sources(file, environment), ALIASES).expect_err("mistakes").to_string()
}

#[test]
fn environment_wins_over_alias_and_alias_over_file() {
    let file = "name = \"tower\"\n[door]\nwidth = 3\n";
    let house: House = read(&sources(file, &[]), ALIASES).expect("valid");
    assert_eq!((house.name.as_str(), house.door.width), ("tower", 3));

    let house: House = read(&sources(file, &[("DOOR_WIDTH", "4")]), ALIASES).expect("valid");
    assert_eq!(house.door.width, 4);

    let both = [("DOOR_WIDTH", "4"), ("MAINSTAY__DOOR__WIDTH", "5")];
    let house: House = read(&sources(file, &both), ALIASES).expect("valid");
    assert_eq!(house.door.width, 5);
}

// ASVS 13.3.1
#[test]
fn variables_carry_lists_periods_and_secrets() {
    let environment = [
        ("MAINSTAY__NAME", "7"),
        ("MAINSTAY__DOOR__GUESTS", "dog, owl"),
        ("MAINSTAY__DOOR__OPEN_FOR", "1h 30m"),
        ("MAINSTAY__DOOR__KEY", "12345"),
    ];
    let house: House = read(&sources("", &environment), ALIASES).expect("valid");
    assert_eq!(house.name, "7");
    assert_eq!(house.door.guests, ["dog", "owl"]);
    assert_eq!(house.door.open_for, Period::from_secs(5400));
    assert_eq!(house.door.key.as_ref().map(ExposeSecret::expose_secret), Some("12345"));
    assert!(!format!("{house:?}").contains("12345"));
}

#[test]
fn every_mistake_is_reported_at_once() {
    let file = "name = \"\"\ncolour = \"red\"\n[door]\nwidth = \"wide\"\nopen_for = \"soon\"\nwidht = 3\n";
    insta::assert_snapshot!(mistakes(file, &[("MAINSTAY__DOOR__HEIGHT", "2"), ("DOOR_WIDTH", "99")]), @r#"
    the configuration has 7 mistakes:
      - colour: there is no such key; `mainstay config default` lists all there are
      - door.widht: there is no such key; did you mean door.width?
      - MAINSTAY__DOOR__HEIGHT: there is no such variable; did you mean MAINSTAY__DOOR__WIDTH?
      - door.open_for: "soon" is not a length of time (expected number at 0); write 30s, 10m or 7days
      - door.width: invalid type: string "wide", expected u32
      - DOOR_WIDTH: greater than 10
      - name: length is lower than 1
    "#);
}

#[test]
fn contradictions_are_reported_beside_other_mistakes() {
    let text = mistakes("name = \"keyless\"\n[door]\nwidth = 11\nkey = \"k\"\n", &[]);
    insta::assert_snapshot!(text, @r#"
    the configuration has 2 mistakes:
      - door.width: greater than 10
      - door.key: a keyless house has no key
    "#);
}

#[test]
fn a_file_that_is_not_toml_is_reported_with_its_line_but_not_quoted() {
    let text = mistakes("name = \"tower\"\n[door]\nkey = hunter2\n", &[]);
    insta::assert_snapshot!(text, @r#"
    the configuration has 1 mistake:
      - the configuration file, line 3: string values must be quoted, expected literal string
    "#);
    assert!(!text.contains("hunter2"));
}

#[test]
fn a_secret_of_the_wrong_type_is_not_repeated() {
    insta::assert_snapshot!(mistakes("[door]\nkey = 12345\n", &[("MAINSTAY__NAME", "tower")]), @r#"
    the configuration has 1 mistake:
      - door.key: must be text, in quotes
    "#);
}

#[test]
fn sections_may_have_names_that_the_operator_chooses() {
    let file = "[rooms.attic]\nbeds = 2\n[rooms.attic.window]\nopen = true\n[rooms.cellar]\nbeds = 1";
    let house: House = read(&sources(file, &[("MAINSTAY__NAME", "x")]), &[]).expect("valid");
    let rooms: Vec<_> =
        house.rooms.iter().map(|(name, room)| (name.as_str(), room.beds, room.window.open)).collect();
    assert_eq!(rooms, [("attic", 2, true), ("cellar", 1, false)]);

    let file = "name = \"x\"\n[rooms.attic]\nbeds = 5\nbed = 1\n[rooms.hall]\nbeds = \"two\"\n[rooms.hall.window]\nopened = true";
    insta::assert_snapshot!(mistakes(file, &[("MAINSTAY__ROOMS__ATTIC__BEDS", "1")]), @r#"
    the configuration has 5 mistakes:
      - rooms.attic.bed: there is no such key; did you mean rooms.attic.beds?
      - rooms.hall.window.opened: there is no such key; did you mean rooms.hall.window.open?
      - MAINSTAY__ROOMS__ATTIC__BEDS: there is no such variable; `mainstay config default` lists all there are
      - rooms.hall.beds: invalid type: string "two", expected u32
      - rooms.attic.beds: greater than 4
    "#);
}

#[test]
fn the_default_file_names_every_key_and_reads_back_as_the_defaults() {
    let file = default_file::<House>();
    insta::assert_snapshot!(file, @r#"
    # Mainstay's settings. Every line that is commented out shows the default.
    # Where an environment variable is named, it wins over this file.

    # What people call it.
    # Environment: MAINSTAY__NAME
    #name = ""

    [door]

    # How many may pass at once.
    # Environment: MAINSTAY__DOOR__WIDTH
    #width = 2

    # How long it stays open.
    # Environment: MAINSTAY__DOOR__OPEN_FOR
    #open_for = "30s"

    # Who is let in without a key.
    # Environment: MAINSTAY__DOOR__GUESTS
    #guests = ["cat"]

    # The key.
    # Environment: MAINSTAY__DOOR__KEY
    #key =

    #[rooms.NAME]

    # How many may sleep there.
    #beds = 0

    # Behind a section of its own, and before it in the file.
    #carpet = false

    #[rooms.NAME.window]

    # Whether it is open.
    #open = false
    "#);
    let uncommented: String = file
        .lines()
        .map(|line| {
            line.strip_prefix('#')
                .filter(|rest| !rest.starts_with(' ') && !rest.ends_with('='))
                .unwrap_or(line)
        })
        .filter(|line| !line.starts_with('#') && !line.starts_with("name"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let house: House = read(&sources(&uncommented, &[("MAINSTAY__NAME", "x")]), &[]).expect("valid");
    assert_eq!(house.door.width, Door::default().width);
}
