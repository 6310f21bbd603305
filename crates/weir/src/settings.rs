//! From options and environment to a whole configuration: which file is read, and its problems as a
//! command's failure.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use weir_config::{Config, File, Flag, Input, Loaded, SoundSources};
use weir_types::ErrorCode;

use crate::failure::Failure;

/// Read without being named, where it exists.
const DEFAULT_FILE: &str = "weir.yaml";
/// A larger file is no configuration.
const FILE_BYTES_MAX: u64 = 1 << 20;

#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// Read this file instead of ./weir.yaml
    #[arg(long, value_name = "FILE", env = "WEIR_CONFIG", hide_env_values = true)]
    pub config: Option<PathBuf>,
}

/// Where a server keeps its data, as its configuration has it or as `--data` names it.
#[derive(Debug, Args)]
pub struct PlaceArgs {
    #[command(flatten)]
    pub config: ConfigArgs,
    /// The server's data folder (default ./weir-data)
    #[arg(long, value_name = "DIR")]
    pub data: Option<String>,
}

impl PlaceArgs {
    pub fn config(&self) -> Result<Config, Failure> {
        let flags = flags(&[("data_dir", "--data", self.data.as_ref())]);
        Ok(load(self.config.config.as_deref(), &flags)?.config)
    }
}

/// The configuration of `file` (or `./weir.yaml`, or none) under `flags` and the environment.
pub fn load(file: Option<&Path>, flags: &[Flag]) -> Result<Loaded, Failure> {
    Ok(weir_config::load(&Input { file: read(file)?, flags, env: &variable })?)
}

/// Its sources alone, those in which nothing is wrong.
pub fn load_sources(file: Option<&Path>, flags: &[Flag]) -> Result<SoundSources, Failure> {
    Ok(weir_config::load_sources(&Input { file: read(file)?, flags, env: &variable })?)
}

/// `Flag`s of the options that were given.
pub fn flags(options: &[(&'static str, &'static str, Option<&String>)]) -> Vec<Flag> {
    let given = options.iter().filter_map(|(key, name, value)| Some((*key, *name, (*value)?)));
    given.map(|(key, name, value)| Flag { key, name, value: value.clone() }).collect()
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn read(named: Option<&Path>) -> Result<Option<File>, Failure> {
    let path = named.unwrap_or(Path::new(DEFAULT_FILE));
    let name = path.display().to_string();
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(None);
        }
        Err(error) => return Err(unreadable(&name, &error.to_string())),
    };
    let mut text = String::new();
    let read = file.take(FILE_BYTES_MAX + 1).read_to_string(&mut text);
    if read.map_err(|e| unreadable(&name, &e.to_string()))? as u64 > FILE_BYTES_MAX {
        return Err(unreadable(&name, &format!("it is larger than {FILE_BYTES_MAX} bytes")));
    }
    Ok(Some(File { name, text }))
}

fn unreadable(name: &str, reason: &str) -> Failure {
    Failure::new(ErrorCode::InvalidRequest, format!("can't read {name}: {reason}"))
        .with_hint("correct the path; `weir config default` prints a file to start from")
}
