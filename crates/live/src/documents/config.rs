//! What an operator can set about shared documents.

use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Documents that are edited together.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(default, deny_unknown_fields)]
pub struct DocumentConfig {
    /// The largest change that is accepted, in bytes.
    #[garde(range(min = 64, max = 1024 * 1024))]
    pub max_update_bytes: usize,

    /// The largest document, in bytes, with what it remembers of earlier versions.
    #[garde(range(min = 1024, max = 64 * 1024 * 1024))]
    pub max_document_bytes: usize,

    /// The names of the texts that a document consists of. A change of anything else is refused.
    #[garde(length(min = 1, max = 20), inner(length(bytes, min = 1, max = 100)))]
    pub texts: Vec<String>,
}

impl Default for DocumentConfig {
    fn default() -> Self {
        Self {
            max_update_bytes: 48 * 1024,
            max_document_bytes: 1024 * 1024,
            texts: vec!["content".to_owned()],
        }
    }
}
