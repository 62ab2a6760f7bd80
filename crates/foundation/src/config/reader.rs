//! Reads a configuration from its file and the environment and reports every mistake at once.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Map, Value};

use super::keys::{Key, keys};
use super::{Alias, Mistake, Mistakes, Settings};

const PREFIX: &str = "MAINSTAY__";

/// Where settings come from. The environment wins over the file, and a `MAINSTAY__` variable over an alias.
#[derive(Debug, Default)]
pub struct Sources {
    /// The text of the configuration file, if there is one.
    pub file: Option<String>,
    /// Environment variables.
    pub environment: BTreeMap<String, String>,
}

impl Sources {
    /// The process's environment and the file at `path`.
    ///
    /// # Errors
    /// When the file cannot be read.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn of_this_process(path: Option<&PathBuf>) -> Result<Self, Mistakes> {
        let file = path.map(|path| {
            std::fs::read_to_string(path).map_err(|error| {
                let place = path.display().to_string();
                Mistakes(vec![Mistake::new(place, format!("the file cannot be read ({error})"))])
            })
        });
        // A variable that is not valid Unicode cannot be one of ours.
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Ok(Self { file: file.transpose()?, environment })
    }
}

/// One value that was given, and where.
struct Given<'a> {
    place: String,
    path: Vec<String>,
    key: &'a Key,
    value: Value,
}

impl<'a> Given<'a> {
    /// By a variable.
    fn by_text(variable: &str, key: &'a Key, text: &str) -> Self {
        Self { place: variable.to_owned(), path: key.path.clone(), key, value: key.value_of(text) }
    }
}

/// Reads and validates a whole configuration.
///
/// # Errors
/// Every unknown key, every value of the wrong type and every value out of its bounds, all at once.
pub fn read<C: Settings>(sources: &Sources, aliases: &[Alias]) -> Result<C, Mistakes> {
    let (config, mistakes) = read_with_mistakes(sources, aliases)?;
    if mistakes.is_empty() { Ok(config) } else { Err(Mistakes(mistakes)) }
}

/// Reads what is right of a configuration, and what is wrong with the rest.
///
/// # Errors
/// When it cannot be read at all.
pub fn read_with_mistakes<C: Settings>(
    sources: &Sources,
    aliases: &[Alias],
) -> Result<(C, Vec<Mistake>), Mistakes> {
    let keys = keys::<C>();
    let mut mistakes = Vec::new();

    let file = parsed_file(sources.file.as_deref())?;
    let mut given = from_file(&file, &keys, &mut mistakes);
    given.extend(from_aliases(sources, aliases, &keys));
    given.extend(from_variables(sources, &keys, &mut mistakes));

    // Each value is tried alone on top of the defaults, so that one mistake does not hide the next.
    given.retain(|given| match alone::<C>(given) {
        Ok(()) => true,
        Err(mistake) => {
            mistakes.push(mistake);
            false
        }
    });

    let mut tree = Value::Object(Map::new());
    let mut places = BTreeMap::new();
    for Given { place, path, value, .. } in given {
        places.insert(path.join("."), place);
        insert(&mut tree, &path, value);
    }
    let config: C = serde_json::from_value(tree)
        .map_err(|error| Mistakes(vec![Mistake::new("configuration", error.to_string())]))?;
    if let Err(report) = config.validate() {
        mistakes.extend(report.iter().map(|(path, error)| {
            let key = path.to_string();
            Mistake::new(places.get(&key).cloned().unwrap_or(key), error.to_string())
        }));
    }
    mistakes.extend(config.contradictions());
    Ok((config, mistakes))
}

fn parsed_file(text: Option<&str>) -> Result<Value, Mistakes> {
    let text = text.unwrap_or_default();
    toml::from_str(text).map_err(|error| Mistakes(vec![not_toml(text, &error)]))
}

fn from_file<'a>(file: &Value, keys: &'a [Key], mistakes: &mut Vec<Mistake>) -> Vec<Given<'a>> {
    let mut given = Vec::new();
    flatten(file, &mut Vec::new(), keys, &mut given, mistakes);
    given
}

/// Names the line but does not quote it: it may hold a password that only lacks its quotes.
fn not_toml(text: &str, error: &toml::de::Error) -> Mistake {
    let start = error.span().map_or(0, |span| span.start);
    let line = text.get(..start).unwrap_or(text).lines().count().max(1);
    Mistake::new(format!("the configuration file, line {line}"), error.message())
}

fn flatten<'a>(
    tree: &Value,
    path: &mut Vec<String>,
    keys: &'a [Key],
    given: &mut Vec<Given<'a>>,
    mistakes: &mut Vec<Mistake>,
) {
    let dotted = path.join(".");
    if let Some(key) = keys.iter().find(|key| key.is_at(path)) {
        given.push(Given { place: dotted, path: path.clone(), key, value: tree.clone() });
        return;
    }
    let is_section = keys.iter().any(|key| key.is_below(path));
    match tree {
        Value::Object(entries) if is_section => {
            for (name, value) in entries {
                path.push(name.clone());
                flatten(value, path, keys, given, mistakes);
                path.pop();
            }
        }
        _ if is_section => mistakes.push(Mistake::new(&dotted, format!("is a section; write [{dotted}]"))),
        _ => mistakes.push(unknown("key", &dotted, keys.iter().map(|key| key.dotted_like(path)))),
    }
}

fn from_aliases<'a>(sources: &Sources, aliases: &[Alias], keys: &'a [Key]) -> Vec<Given<'a>> {
    let find = |alias: &Alias| {
        let text = sources.environment.get(alias.variable).filter(|text| !text.is_empty())?;
        let key = keys.iter().find(|key| key.dotted() == alias.key)?;
        Some(Given::by_text(alias.variable, key, text))
    };
    aliases.iter().filter_map(find).collect()
}

fn from_variables<'a>(sources: &Sources, keys: &'a [Key], mistakes: &mut Vec<Mistake>) -> Vec<Given<'a>> {
    let mut given = Vec::new();
    for (variable, text) in sources.environment.iter().filter(|(name, _)| name.starts_with(PREFIX)) {
        match keys.iter().find(|key| key.variable().as_ref() == Some(variable)) {
            Some(key) => given.push(Given::by_text(variable, key, text)),
            None => mistakes.push(unknown("variable", variable, keys.iter().filter_map(Key::variable))),
        }
    }
    given
}

fn unknown(noun: &str, name: &str, known: impl Iterator<Item = String>) -> Mistake {
    let nearest = known.map(|k| (strsim::damerau_levenshtein(&k, name), k)).min().filter(|(d, _)| *d <= 4);
    let hint = match nearest {
        Some((_, known)) => format!("did you mean {known}?"),
        None => "`mainstay config default` lists all there are".to_owned(),
    };
    Mistake::new(name, format!("there is no such {noun}; {hint}"))
}

fn alone<C: Settings>(given: &Given<'_>) -> Result<(), Mistake> {
    let mut tree = Value::Object(Map::new());
    insert(&mut tree, &given.path, given.value.clone());
    match serde_json::from_value::<C>(tree) {
        Ok(_) => Ok(()),
        Err(_) if given.key.secret => Err(Mistake::new(&given.place, "must be text, in quotes")),
        Err(error) => Err(Mistake::new(&given.place, error.to_string())),
    }
}

fn insert(tree: &mut Value, path: &[String], value: Value) {
    let place = path.iter().fold(tree, |node, name| &mut node[name.as_str()]);
    *place = value;
}
