//! PostgreSQL's `numeric` as bytes: groups of four decimal digits, the place of the first, a sign, and how many digits
//! are shown behind the point (`numeric_send` in PostgreSQL's `numeric.c`).

use rusqlite::types::Value;

const POSITIVE: u16 = 0x0000;
const NEGATIVE: u16 = 0x4000;
const INFINITY: u16 = 0xd000;
const NEGATIVE_INFINITY: u16 = 0xf000;
/// What PostgreSQL sends as the number of digits behind the point of what is infinite: a bit of how it keeps the sign.
const SHOWN_OF_INFINITY: u16 = 32;
/// How many decimal digits a group has.
const GROUP: i32 = 4;

/// An integer.
pub(super) fn integer(integer: i64, to: &mut Vec<u8>) {
    let digits = integer.unsigned_abs().to_string();
    write(integer < 0, digits.as_bytes(), 0, to);
}

/// A real, by its shortest digits.
pub(super) fn real(real: f64, to: &mut Vec<u8>) {
    if real.is_infinite() {
        let sign = if real > 0.0 { INFINITY } else { NEGATIVE_INFINITY };
        return header(0, 0, sign, SHOWN_OF_INFINITY, to);
    }
    // Such as `-1.25e-7`.
    let text = format!("{:e}", real.abs());
    let (mantissa, exponent) = text.split_once('e').expect("a mantissa and an exponent");
    let exponent: i32 = exponent.parse().expect("a number");
    let digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).collect();
    let behind_first = i32::try_from(digits.len()).expect("17 at most") - 1;
    write(real.is_sign_negative(), &digits, exponent - behind_first, to);
}

/// The number `digits * 10 ^ exponent`.
fn write(is_negative: bool, digits: &[u8], exponent: i32, to: &mut Vec<u8>) {
    // Zeros on the right until the exponent falls between two groups, and on the left until the first is full.
    let right = exponent.rem_euclid(GROUP);
    let length = i32::try_from(digits.len()).expect("few") + right;
    let left = (-length).rem_euclid(GROUP);
    let zeros = |count: i32| std::iter::repeat_n(b'0', usize::try_from(count).expect("not negative"));
    let padded: Vec<u8> = zeros(left).chain(digits.iter().copied()).chain(zeros(right)).collect();
    let group =
        |digits: &[u8]| digits.iter().fold(0_u16, |group, digit| group * 10 + u16::from(digit - b'0'));
    let mut groups: Vec<u16> = padded.chunks(4).map(group).collect();
    let mut weight = (exponent - right) / GROUP + i32::try_from(groups.len()).expect("few") - 1;
    while groups.last() == Some(&0) {
        groups.pop();
    }
    let leading = groups.iter().take_while(|group| **group == 0).count();
    groups.drain(..leading);
    weight -= i32::try_from(leading).expect("few");
    if groups.is_empty() {
        weight = 0;
    }
    let count = u16::try_from(groups.len()).expect("few");
    let weight = i16::try_from(weight).expect("a real has 309 digits at most before its point");
    let shown = u16::try_from((-exponent).max(0)).expect("a real has 324 digits at most behind its point");
    let sign = if is_negative && !groups.is_empty() { NEGATIVE } else { POSITIVE };
    header(count, weight, sign, shown, to);
    to.extend(groups.iter().flat_map(|group| group.to_be_bytes()));
}

fn header(count: u16, weight: i16, sign: u16, shown: u16, to: &mut Vec<u8>) {
    to.extend_from_slice(&count.to_be_bytes());
    to.extend_from_slice(&weight.to_be_bytes());
    to.extend_from_slice(&sign.to_be_bytes());
    to.extend_from_slice(&shown.to_be_bytes());
}

/// The number that was written: an integer when it is one of 64 bits, else the nearest real.
pub(super) fn read(bytes: &[u8]) -> Option<Value> {
    let (sign, digits, exponent) = match parts(bytes)? {
        Parts::Infinite(real) => return Some(Value::Real(real)),
        Parts::Finite { sign, digits, exponent } => (sign, digits, exponent),
    };
    if exponent >= 0 || digits.is_empty() {
        let zeros = "0".repeat(usize::try_from(exponent.max(0)).ok()?);
        if let Ok(integer) = format!("{sign}0{digits}{zeros}").parse() {
            return Some(Value::Integer(integer));
        }
    }
    format!("{sign}{digits}e{exponent}").parse().ok().map(Value::Real)
}

/// The digits of the number that was written, all of them; none when it is infinite or no number.
pub(super) fn digits(bytes: &[u8]) -> Option<String> {
    let Parts::Finite { sign, digits, exponent } = parts(bytes)? else { return None };
    let behind = usize::try_from((-exponent).max(0)).ok()?;
    let after = "0".repeat(usize::try_from(exponent.max(0)).ok()?);
    let padded = format!("{digits:0>behind$}{after}");
    let (whole, fraction) = padded.split_at(padded.len() - behind);
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

/// What a number consists of.
enum Parts {
    Infinite(f64),
    Finite { sign: &'static str, digits: String, exponent: i32 },
}

fn parts(bytes: &[u8]) -> Option<Parts> {
    let mut words = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    let (count, weight, sign, _) = (words.next()?, words.next()?.cast_signed(), words.next()?, words.next()?);
    let sign = match sign {
        POSITIVE => "",
        NEGATIVE => "-",
        INFINITY => return Some(Parts::Infinite(f64::INFINITY)),
        NEGATIVE_INFINITY => return Some(Parts::Infinite(f64::NEG_INFINITY)),
        _ => return None,
    };
    let digits = words.map(|group| format!("{group:04}")).collect::<Vec<_>>().concat();
    let exponent = (i32::from(weight) + 1 - i32::from(count)) * GROUP;
    Some(Parts::Finite { sign, digits, exponent })
}
