//! Tests of the rules for passwords.

use super::*;

fn verdict(password: &str) -> Result<(), Weakness> {
    verdict_of("ada.king+x@example.org", "ada-lovelace", password)
}

fn verdict_of(email: &str, username: &str, password: &str) -> Result<(), Weakness> {
    let email = Email::parse(email).expect("valid");
    let username = Username::parse(username).expect("valid");
    let names = ["Night School".to_owned(), "learn.berlin.example".to_owned()];
    check(password, &Context { email, username, names: names.into() })
}

#[test]
fn lengths_count_characters_not_bytes() {
    let long: String = "многобукв🔑 и ещё слова ".chars().cycle().take(256).collect();
    assert_eq!(verdict("éüñøåçê"), Err(Weakness::Length));
    assert_eq!(verdict("éüñøåçêß"), Ok(()));
    assert_eq!(verdict(&long), Ok(()));
    assert_eq!(verdict(&(long + "x")), Err(Weakness::Length));
}

#[test]
fn passphrases_of_every_script_are_welcome() {
    for good in [
        "correct horse battery",
        "correcthorsebatterystaple",
        "the second password of mine",
        "vier Tassen Kaffee am Morgen",
        "четыре чашки кофе",
        "夜の学校で勉強する",
        "ความลับของฉันเอง",
        "🔑🐘🌧️🎻🍉🧭🪴🚲",
        " spaces at the ends ",
        "x7#Kq!9z",
        "tr0ub4dor&3",
    ] {
        assert_eq!(verdict(good), Ok(()), "{good}");
    }
}

#[test]
fn no_kind_of_character_is_asked_for() {
    for good in ["gjwkqpxvzm", "GJWKQPXVZM", "5830175392", "§°¬¦¢µ¶·"] {
        assert_eq!(verdict(good), Ok(()), "{good}");
    }
}

#[test]
fn ones_own_address_or_name_is_no_password() {
    assert_eq!(verdict("ADA.King+x@example.org"), Err(Weakness::SameAsIdentity));
    assert_eq!(verdict("Ada-Lovelace"), Err(Weakness::SameAsIdentity));
    assert_eq!(
        verdict_of("zoë.müller@example.org", "zoe", "ZOË.MÜLLER@example.org"),
        Err(Weakness::SameAsIdentity)
    );
}

#[test]
fn what_many_use_is_refused_in_any_case() {
    for common in ["password", "Password1", "QWERTYUIOP", "iloveyou", "1q2w3e4r5t", "homelesspa"] {
        assert_eq!(verdict(common), Err(Weakness::TooCommon), "{common}");
    }
}

#[test]
fn names_digits_and_separators_alone_are_no_password() {
    for named in [
        "ada-lovelace-1815",
        "LovelaceAda",
        "ada.king",
        "King1815!",
        "adaadaada",
        "mainstay2026",
        "Mainstay/Mainstay",
        "Night-School-2026!!!",
        "nightschool",
        "learn.berlin",
        "Berlin+Ada=2026",
    ] {
        assert_eq!(verdict(named), Err(Weakness::ContextWord), "{named}");
    }
}

#[test]
fn a_longer_name_may_not_be_half_of_it() {
    assert_eq!(verdict("mainstayqzvkxwpj"), Err(Weakness::ContextWord));
    assert_eq!(verdict("qzvk-lovelace-wp"), Err(Weakness::ContextWord));
    assert_eq!(verdict("mainstayqzvkxwpjm"), Ok(()));
    assert_eq!(verdict("we all learn together at night"), Ok(()), "a sentence may mention where it is used");
}

#[test]
fn short_and_foreign_names_do_no_harm() {
    assert_eq!(verdict_of("a@example.org", "xy-", "a quiet afternoon"), Ok(()));
    assert_eq!(verdict_of("ıİß@example.org", "ada", "İstanbul'da bir gün"), Ok(()));
    assert_eq!(verdict_of("мария@пример.рф", "maria", "Мария-2026"), Err(Weakness::ContextWord));
}

#[test]
fn what_is_soon_guessed_is_refused() {
    for guessable in [
        "zzzzzzzzzzzzzzzz",
        "bcdefghijklmno",
        "12-03-1985",
        "l0v3l4c31",
        "M4in$tay7",
        "mnbvcxzasdf",
        "Hippopotamus",
    ] {
        assert_eq!(verdict(guessable), Err(Weakness::TooGuessable), "{guessable}");
    }
    assert_eq!(verdict(&"🔑".repeat(256)), Err(Weakness::TooGuessable));
    assert_eq!(verdict(&("z".repeat(100) + &"12".repeat(50))), Err(Weakness::TooGuessable));
}

#[test]
fn what_is_hard_to_guess_at_one_end_is_hard_to_guess() {
    let (dull, lively) = ("z".repeat(100), "four cups of coffee");
    assert_eq!(verdict(&format!("{dull}{lively}")), Ok(()));
    assert_eq!(verdict(&format!("{lively}{dull}")), Ok(()));
    assert_eq!(verdict(&format!("ж{dull}{lively}🔑")), Ok(()), "characters, not bytes");
}

#[test]
fn a_common_password_in_disguise_is_common() {
    for disguised in [
        " password1 ",
        "\u{ff50}\u{ff41}\u{ff53}\u{ff53}\u{ff57}\u{ff4f}\u{ff52}\u{ff44}\u{ff11}",
        "p\u{430}ssword1",
        "!!sunshine2024!!",
        "Password-Password",
        "password password password 9",
    ] {
        let verdict = verdict(disguised);
        assert!(
            matches!(verdict, Err(Weakness::TooCommon | Weakness::TooGuessable)),
            "{disguised}: {verdict:?}"
        );
    }
    for honest in [
        "sunshine over a wet meadow 2024",
        "\u{43f}\u{430}\u{440}\u{43e}\u{43b}\u{44c} \u{43d}\u{435} \u{434}\u{43b}\u{44f} \u{432}\u{441}\u{435}\u{445}",
    ] {
        assert_eq!(verdict(honest), Ok(()), "{honest}");
    }
}

#[test]
fn every_weakness_has_its_own_code() {
    use Weakness::{ContextWord, Length, SameAsIdentity, TooCommon, TooGuessable};
    let codes = [Length, SameAsIdentity, TooCommon, ContextWord, TooGuessable].map(Weakness::code);
    assert_eq!(codes, ["length", "same_as_identity", "too_common", "context_word", "too_guessable"]);
}
