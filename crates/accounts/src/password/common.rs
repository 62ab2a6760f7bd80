//! The passwords that are tried first: fifty thousand that were found again and again in stolen collections.
//!
//! `common.txt` is sorted and has no capitals, and capitals are what it is packed with. A line holds 32 passwords. The
//! first stands in full; before each other one a capital says how much of its beginning it shares with the one before
//! it (A nothing, B one character, C two), and the rest follows. So a password takes four bytes, and the list is
//! searched as it lies in the binary. Where it is from: `common.md`.

use std::sync::LazyLock;

static LINES: LazyLock<Vec<&str>> = LazyLock::new(|| include_str!("common.txt").lines().collect());

/// Whether a password is among them, in whatever case.
pub(super) fn is_common(password: &str) -> bool {
    let password = password.to_lowercase();
    let later = LINES.partition_point(|line| first(line) <= password.as_str());
    let line = later.checked_sub(1).map(|before| LINES[before]);
    line.is_some_and(|line| unpack(line).contains(&password))
}

/// The one password of a line that can be read without the others.
fn first(line: &str) -> &str {
    line.split(|c: char| c.is_ascii_uppercase()).next().unwrap_or_default()
}

fn unpack(line: &str) -> Vec<String> {
    let (mut passwords, mut current) = (Vec::new(), String::new());
    for byte in line.bytes() {
        if byte.is_ascii_uppercase() {
            let shared = current[..usize::from(byte - b'A')].to_owned();
            passwords.push(std::mem::replace(&mut current, shared));
        } else {
            current.push(char::from(byte));
        }
    }
    passwords.push(current);
    passwords
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_long_sorted_in_lower_case_and_has_nothing_that_is_refused_anyway() {
        let all: Vec<_> = LINES.iter().flat_map(|line| unpack(line)).collect();
        assert_eq!(all.len(), 52_618);
        assert!(all.is_sorted_by(|one, next| one < next), "sorted, each once");
        assert!(all.iter().all(|password| password.len() >= 8 && *password == password.to_lowercase()));
        assert!(all.iter().all(|password| password.bytes().all(|b| b == b' ' || b.is_ascii_graphic())));
    }

    #[test]
    fn every_password_of_the_list_is_found_and_its_neighbours_are_not() {
        for password in LINES.iter().flat_map(|line| unpack(line)) {
            assert!(is_common(&password), "{password}");
            assert!(is_common(&password.to_uppercase()), "{password}");
            assert!(!is_common(&format!("{password}\u{1f511}")), "{password}");
        }
        for other in ["", "!", "~~~~~~~~~", "пароль123", "ﬀﬀﬀﬀﬀﬀﬀﬀ", "correct horse battery"]
        {
            assert!(!is_common(other), "{other}");
        }
    }

    // Named by several yearly counts of the most used passwords, none of which the list is made from.
    #[test]
    fn what_everybody_knows_is_in_it() {
        for known in "password 12345678 123456789 1234567890 qwertyuiop iloveyou sunshine princess football baseball \
                      superman trustno1 password1 password123 passw0rd p@ssw0rd qwerty123 1q2w3e4r 1qaz2wsx zaq12wsx \
                      11111111 00000000 88888888 87654321 abcd1234 asdfghjkl starwars whatever computer michelle \
                      jennifer corvette mercedes internet liverpool chelsea1 1234qwer 123123123 987654321 letmein1"
            .split_whitespace()
        {
            assert!(is_common(known), "{known}");
        }
    }
}
