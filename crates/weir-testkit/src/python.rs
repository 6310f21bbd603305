//! A Python with packages of its own, kept for the next run.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The interpreter of the environment `name`, made at the first use, whole or not at all. Packages
/// are pinned (`duckdb==1.4.1`); other packages need another name.
pub fn environment(name: &str, packages: &[&str]) -> Result<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from).context("HOME is not set")?;
    let cache = match (std::env::var_os("WEIR_CACHE"), std::env::var_os("XDG_CACHE_HOME")) {
        (Some(cache), _) => PathBuf::from(cache),
        (None, Some(cache)) => PathBuf::from(cache).join("weir"),
        (None, None) => home.join(".cache/weir"),
    };
    let venv = cache.join(name);
    let (python, complete) = (venv.join("bin/python"), venv.join("complete"));
    if !complete.exists() {
        std::fs::create_dir_all(&cache)?;
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv))?;
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(packages))?;
        std::fs::write(&complete, "")?;
    }
    Ok(python)
}

fn run(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("{command:?}"))?;
    ensure!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}
