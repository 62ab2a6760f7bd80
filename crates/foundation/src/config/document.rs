//! What a person reads before writing a configuration: the commented default file and the JSON Schema.

use std::fmt::Write as _;

use schemars::{JsonSchema, schema_for};
use serde_json::Value;

use super::keys::{ANY, Key, keys};

/// The JSON Schema of a configuration, for editors that complete and check TOML.
pub fn schema<C: JsonSchema>() -> Value {
    schema_for!(C).to_value()
}

/// A configuration file in which every key stands with its meaning and its default, commented out.
pub fn default_file<C: JsonSchema>() -> String {
    let mut keys = keys::<C>();
    // TOML wants the keys of the root before the first section, and each section once.
    let mut sections = vec![Vec::new()];
    for key in &keys {
        let parents = parents(key);
        if !sections.contains(&parents) {
            sections.push(parents);
        }
    }
    keys.sort_by_key(|key| sections.iter().position(|section| *section == parents(key)));

    let mut file = String::from(
        "# Mainstay's settings. Every line that is commented out shows the default.\n\
         # Where an environment variable is named, it wins over this file.\n",
    );
    let mut section = String::new();
    for key in keys {
        let (name, parents) = key.path.split_last().expect("a key has a name");
        let parent = parents.join(".");
        if parent != section {
            // A section whose name the operator chooses is an example: there is none of it as yet.
            let mark = if parents.iter().any(|part| part == ANY) { "#" } else { "" };
            let _ = write!(file, "\n{mark}[{}]\n", parent.replace(ANY, "NAME"));
            section = parent;
        }
        file.push('\n');
        for line in key.description.lines() {
            let _ = writeln!(file, "{}", format!("# {line}").trim_end());
        }
        if let Some(variable) = key.variable() {
            let _ = writeln!(file, "# Environment: {variable}");
        }
        match &key.default {
            Some(default) => _ = writeln!(file, "#{name} = {}", toml_value(default)),
            None => _ = writeln!(file, "#{name} ="),
        }
    }
    file
}

fn parents(key: &Key) -> Vec<String> {
    key.path.split_last().map_or_else(Vec::new, |(_, parents)| parents.to_vec())
}

fn toml_value(value: &Value) -> String {
    // JSON's scalars and arrays of scalars are written the same way in TOML.
    value.to_string()
}
