//! Rebuilds the binary when the web UI that it embeds has changed.

fn main() {
    let built = std::path::Path::new("../../web/dist").is_dir();
    // A path that does not exist would count as changed every time; its parent tells when it appears.
    println!("cargo::rerun-if-changed=../../web{}", if built { "/dist" } else { "" });
}
