//! Values that may be read from the environment.

/// A value that feeds.toml gives itself or as the name of an environment variable, so that no secret needs to be in a file.
#[derive(Clone, PartialEq, Eq)]
pub enum Secret {
    /// The value itself.
    Plain(String),
    /// The name of the environment variable that holds it.
    Env(String),
}

impl std::fmt::Debug for Secret {
    /// Prints the variable's name, never the value: a configuration may be logged.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Plain(_) => f.write_str("Plain(…)"),
            Self::Env(name) => write!(f, "Env({name})"),
        }
    }
}
