//! Paths that applications may understand in another way than the gate does: some undo `%61`, leave out what stands behind a
//! `;`, or take `\\` for `/`, before they look where a request leads. Pure.

/// The path as the most obliging application would understand it, if that is another way to spell it. Small and capital
/// letters stay: where they are the same to an application, its path cannot be protected by itself.
pub(super) fn plain(path: &str) -> Option<String> {
    let is_odd = ["%", "//", "/.", ";", "\\"].iter().any(|odd| path.contains(odd));
    is_odd.then(|| resolved(&decoded(path)))
}

fn decoded(path: &str) -> String {
    let bytes = path.as_bytes();
    let (mut decoded, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(&byte) = bytes.get(at) {
        let escaped = bytes.get(at + 1..at + 3).filter(|_| byte == b'%').and_then(hexadecimal);
        decoded.push(escaped.unwrap_or(byte));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn hexadecimal(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// Without empty segments, dots and what stands behind a semicolon (RFC 3986, 5.2.4 and 3.3).
fn resolved(path: &str) -> String {
    let mut segments = Vec::new();
    for segment in path.split(['/', '\\']) {
        match segment.split(';').next().unwrap_or_default() {
            "" | "." => {}
            ".." => drop(segments.pop()),
            name => segments.push(name),
        }
    }
    format!("/{}", segments.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_is_spelt_otherwise_is_known_again() {
        for path in [
            "/%61dmin",
            "//admin",
            "/x/..%2fadmin",
            "/;/admin",
            "/admin;v=1",
            "/./admin",
            "/x/../admin",
            "/x%2f%2e%2e/admin",
            "/\\admin",
            "/%5cadmin",
            "/../admin/",
        ] {
            assert_eq!(plain(path).as_deref(), Some("/admin"), "{path}");
        }
        for path in ["/", "/admin", "/a/b.c", "/a.b/c-d_e~f"] {
            assert_eq!(plain(path), None, "{path}");
        }
        for (path, whole) in [("/%", "/%"), ("/a%zz", "/a%zz"), ("/%ff", "/\u{fffd}"), ("/a%2", "/a%2")] {
            assert_eq!(plain(path).as_deref(), Some(whole), "{path}");
        }
    }
}
