//! Exports of the audit log: whatever is made of one, what passes is made of the lines that were written.

#![no_main]

use audit::{ExportError, PublicKey, Trust, verify_export};

/// Of an installation that is no more.
const WRITTEN: &str = include_str!("../export.jsonl");

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    judge(bytes);
    judge(&changed(bytes));
});

fn judge(export: &[u8]) {
    let report = match verify_export(&mut &*export, Trust::Public(public_key()), Vec::new(), |_| ()) {
        Ok(report) => report,
        Err(ExportError::NoExport) => return,
        Err(error) => panic!("{error}"),
    };
    if report.is_whole() {
        let text = std::str::from_utf8(export).expect("as it was written");
        assert!(text.lines().skip(1).all(|line| WRITTEN.lines().any(|written| written == line)), "{text}");
    }
}

/// The export with some of its lines taken, doubled and moved, and a byte of it changed.
fn changed(choices: &[u8]) -> Vec<u8> {
    let lines: Vec<&[u8]> = WRITTEN.as_bytes().split_inclusive(|byte| *byte == b'\n').collect();
    let (header, rest) = lines.split_first().expect("lines");
    let Some(([position, mask], order)) = choices.split_first_chunk::<2>().map(|(head, order)| (*head, order))
    else {
        return Vec::new();
    };
    let picked = order.iter().map(|choice| rest[usize::from(*choice) % rest.len()]);
    let mut export: Vec<u8> = [*header].into_iter().chain(picked).flatten().copied().collect();
    let at = usize::from(position) * export.len() / 256;
    export[at] ^= mask;
    export
}

fn public_key() -> PublicKey {
    let header: serde_json::Value =
        serde_json::from_str(WRITTEN.lines().next().expect("a line")).expect("a header");
    PublicKey::parse(header["public_key"].as_str().expect("a key")).expect("a key")
}
