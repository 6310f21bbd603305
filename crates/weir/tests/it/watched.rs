//! A real Weir process that watches a simulated cluster of this process.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::ensure;
use serde_json::Value as Json;
use weir_sim::{Sim, SimOptions, Story};
use weir_testkit::{WeirProcess, eventually};
use weir_types::{Clock, SystemClock};

use crate::command::Ended;

const WEIR: &str = env!("CARGO_BIN_EXE_weir");
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Watched {
    pub process: WeirProcess,
    _sim: Sim,
    _runtime: tokio::runtime::Runtime,
    _dir: tempfile::TempDir,
}

impl Watched {
    /// Watches a cluster `shop` that is this far into `story`; `more` stands below the source.
    pub fn start(story: Story, into_it: Duration, more: &str) -> Watched {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let begin = clock.now().saturating_sub(into_it);
        let options = SimOptions { story, begin, ..SimOptions::new(7, clock) };
        let sim = runtime.block_on(Sim::start(options)).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let config = dir.path().join("weir.yaml");
        let bootstrap = sim.bootstrap()[0];
        let text = format!(
            "sources:\n  - kafka:\n      name: shop\n      bootstrap: [{bootstrap}]\n      \
             interval: 1s\n{more}"
        );
        std::fs::write(&config, text).unwrap();
        let more = ["--config", config.to_str().unwrap()];
        let process = WeirProcess::start(WEIR, dir.path().join("data"), &more).unwrap();
        Watched { process, _sim: sim, _runtime: runtime, _dir: dir }
    }

    pub fn run(&self, args: &[&str]) -> Ended {
        let output = Command::new(WEIR)
            .args(args)
            .args(["--server", &self.process.url()])
            .env("WEIR_CREDENTIALS", self.process.credentials())
            .env("LANG", "C.UTF-8")
            .output()
            .unwrap();
        Ended {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Standard output once the command ends well and shows `text`.
    pub fn eventually(&self, args: &[&str], text: &str) -> String {
        let shown = eventually(PATIENCE, text, || {
            let ended = self.run(args);
            let is_shown = ended.code == 0 && ended.stdout.contains(text);
            ensure!(is_shown, "weir {args:?}: {}{}", ended.stdout, ended.stderr);
            Ok(ended.stdout)
        });
        shown.unwrap()
    }

    pub fn get(&self, path: &str) -> Json {
        self.process.get(path, &[]).unwrap().json().unwrap()
    }
}
