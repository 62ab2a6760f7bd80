//! Numbers as people read them.

/// A share as a percentage: `2 %`, `0.35 %`.
pub(crate) fn percent(share: f64) -> String {
    let hundredths = share * 100.0;
    let digits = if hundredths >= 10.0 { 1 } else { 2 };
    let text = format!("{hundredths:.digits$}");
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

/// A count with its thousands apart: `23,000`.
pub(crate) fn grouped(count: u64) -> String {
    grouped_digits(&count.to_string())
}

/// A count with its noun: `1 request`, `2 requests`.
pub(crate) fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(count))
}

/// Odds whose decimal logarithm is given, with the two digits that matter: `23,000 : 1`, and `10^27 : 1` where nobody
/// would count the zeros.
pub(crate) fn odds(log10: f64) -> String {
    if log10 >= 9.0 {
        return format!("10^{log10:.0} : 1");
    }
    let value = 10_f64.powf(log10);
    let unit = 10_f64.powf(log10.floor() - 1.0).max(1.0);
    let rounded = (value / unit).round() * unit;
    format!("{} : 1", grouped_digits(&format!("{rounded:.0}")))
}

fn grouped_digits(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An exact count as a number to reckon with; above 2^53 it loses what does not matter.
pub(crate) fn float(count: u64) -> f64 {
    const HALF: u32 = u32::BITS;
    let half = |bits: u64| f64::from(u32::try_from(bits & u64::from(u32::MAX)).expect("it has 32 bits"));
    half(count >> HALF) * 4_294_967_296.0 + half(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(
            [0.02, 0.0035, 0.171, 1.0, 0.0, 0.1].map(percent),
            ["2 %", "0.35 %", "17.1 %", "100 %", "0 %", "10 %"]
        );
        assert_eq!(
            [7, 999, 1000, 23_000, 1_234_567].map(grouped),
            ["7", "999", "1,000", "23,000", "1,234,567"]
        );
        assert_eq!(
            [0.0, 0.7, 4.0, 4.361_7, 8.9, 27.2].map(odds),
            ["1 : 1", "5 : 1", "10,000 : 1", "23,000 : 1", "790,000,000 : 1", "10^27 : 1"]
        );
        assert_eq!(
            [0, 1, 2].map(|count| counted(count, "request")),
            ["0 requests", "1 request", "2 requests"]
        );
    }

    #[test]
    fn counts_are_reckoned_with_as_they_are() {
        for (count, text) in [(0, "0"), (41, "41"), (1 << 32, "4294967296"), ((1 << 40) + 3, "1099511627779")]
        {
            assert_eq!(float(count).to_string(), text);
        }
    }
}
