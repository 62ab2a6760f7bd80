//! Names in PostgreSQL: 63 bytes at the most, and each once. Pure.

use std::collections::BTreeSet;

/// What PostgreSQL keeps of a name (`NAMEDATALEN` less one).
const LONGEST: usize = 63;

/// Names that were given in one place, such as a schema or a table.
#[derive(Debug, Default)]
pub(crate) struct Names(BTreeSet<String>);

/// Each table of PostgreSQL has columns of its own called so.
const SYSTEM_COLUMNS: [&str; 6] = ["tableoid", "cmax", "xmax", "cmin", "xmin", "ctid"];

impl Names {
    /// Those of the columns of a table.
    pub(crate) fn of_columns() -> Self {
        Self(SYSTEM_COLUMNS.map(str::to_owned).into())
    }

    /// The name that something gets: the one it has, or, where that is too long or taken, the same with a number.
    pub(crate) fn give(&mut self, wanted: &str) -> String {
        // SQLite takes a name that is none.
        let wanted = if wanted.is_empty() { "unnamed" } else { wanted };
        let given = (1..=u32::MAX).map(|number| fitted(wanted, number)).find(|name| !self.0.contains(name));
        let given = given.expect("there are numbers enough");
        self.0.insert(given.clone());
        given
    }
}

/// A name as it is written, or cut, with a number from the second on.
fn fitted(wanted: &str, number: u32) -> String {
    let tail = if number == 1 { String::new() } else { format!("_{number}") };
    let mut end = wanted.len().min(LONGEST - tail.len());
    while !wanted.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{tail}", &wanted[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_what_they_are_while_they_can() {
        let mut names = Names::default();
        for (wanted, given) in
            [("users", "users"), ("Users", "Users"), ("users", "users_2"), ("a \"b\"", "a \"b\"")]
        {
            assert_eq!(names.give(wanted), given);
        }
    }

    #[test]
    fn what_postgresql_has_itself_is_left_to_it() {
        let mut names = Names::of_columns();
        for (wanted, given) in [("xmin", "xmin_2"), ("XMIN", "XMIN"), ("oid", "oid"), ("", "unnamed")] {
            assert_eq!(names.give(wanted), given);
        }
    }

    #[test]
    fn long_names_are_cut_between_characters_and_stay_apart() {
        let mut names = Names::default();
        let long = "ä".repeat(40);
        let (one, two) = (names.give(&long), names.give(&long));
        assert_eq!(
            (one.as_str(), two.as_str()),
            ("ä".repeat(31).as_str(), format!("{}_2", "ä".repeat(30)).as_str())
        );
        assert!(one.len() <= LONGEST && two.len() <= LONGEST);
    }
}
