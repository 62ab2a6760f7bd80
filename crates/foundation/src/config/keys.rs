//! Which keys a configuration has, read from its JSON Schema.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::Value;

/// Stands in a path for a name that the operator chooses.
pub(super) const ANY: &str = "*";

/// One key of a configuration.
#[derive(Debug, Clone)]
pub(super) struct Key {
    /// Section and name, for example `["store", "postgres", "max_connections"]`, or `["edge", "services", "*", "path"]`.
    pub(super) path: Vec<String>,
    /// The doc comment of the field.
    pub(super) description: String,
    /// The value a new installation starts with; `None` where there is none.
    pub(super) default: Option<Value>,
    /// Whether its value must never be repeated, not even in an error.
    pub(super) secret: bool,
    types: Vec<String>,
}

impl Key {
    pub(super) fn dotted(&self) -> String {
        self.path.join(".")
    }

    /// The environment variable that sets this key; none where the operator chooses a name.
    pub(super) fn variable(&self) -> Option<String> {
        let is_named = self.path.iter().any(|part| part == ANY);
        (!is_named).then(|| format!("MAINSTAY__{}", self.path.join("__").to_uppercase()))
    }

    /// Whether it stands at this path, or below it.
    pub(super) fn is_below(&self, path: &[String]) -> bool {
        let fits = |(ours, given): (&String, &String)| ours == ANY || ours == given;
        path.len() <= self.path.len() && self.path.iter().zip(path).all(fits)
    }

    /// Whether it stands exactly there.
    pub(super) fn is_at(&self, path: &[String]) -> bool {
        path.len() == self.path.len() && self.is_below(path)
    }

    /// Its path in words, with the names that were chosen in another one.
    pub(super) fn dotted_like(&self, path: &[String]) -> String {
        let part = |(at, ours): (usize, &String)| match path.get(at) {
            Some(chosen) if ours == ANY => chosen.clone(),
            _ => ours.clone(),
        };
        self.path.iter().enumerate().map(part).collect::<Vec<_>>().join(".")
    }

    /// What a variable's text means for this key: a list is written with commas, a number as a number.
    /// Text that does not fit is kept as text, so that the field's own error explains it.
    pub(super) fn value_of(&self, text: &str) -> Value {
        let is = |name: &str| self.types.iter().any(|t| t == name);
        if is("array") {
            return text.split(',').map(str::trim).filter(|item| !item.is_empty()).collect();
        }
        if is("integer") || is("number") || is("boolean") {
            return serde_json::from_str(text).unwrap_or_else(|_| text.into());
        }
        text.into()
    }
}

/// The schema with every part written out in place, so that it can be walked.
pub(super) fn inlined_schema<C: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12()
        .with(|settings| settings.inline_subschemas = true)
        .into_generator()
        .into_root_schema_for::<C>()
}

/// Every section (as a path with its description) and key of a configuration, in the order of declaration.
pub(super) fn keys<C: JsonSchema>() -> Vec<Key> {
    let mut found = Vec::new();
    walk(inlined_schema::<C>().as_value(), &mut Vec::new(), &mut found);
    found
}

fn walk(schema: &Value, path: &mut Vec<String>, found: &mut Vec<Key>) {
    if let Some(properties) = schema["properties"].as_object() {
        for (name, property) in properties {
            path.push(name.clone());
            walk(property, path, found);
            path.pop();
        }
        return;
    }
    if schema["additionalProperties"].is_object() {
        path.push(ANY.to_owned());
        walk(&schema["additionalProperties"], path, found);
        path.pop();
        return;
    }
    found.push(Key {
        path: path.clone(),
        description: schema["description"].as_str().unwrap_or_default().to_owned(),
        default: schema.get("default").filter(|default| !default.is_null()).cloned(),
        secret: schema["writeOnly"] == true,
        types: types(schema),
    });
}

fn types(schema: &Value) -> Vec<String> {
    match &schema["type"] {
        Value::String(one) => vec![one.clone()],
        Value::Array(many) => many.iter().filter_map(|t| t.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    }
}
