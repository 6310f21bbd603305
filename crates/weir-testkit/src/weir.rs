//! One `weir serve` process on a free port of loopback.

use std::io::Read;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::NamedTempFile;

use crate::http::{self, Response};

const READY_WITHIN: Duration = Duration::from_secs(30);
const STOP_WITHIN: Duration = Duration::from_secs(15);
const POLL: Duration = Duration::from_millis(20);

/// A running server; killed when dropped.
#[derive(Debug)]
pub struct WeirProcess {
    child: Child,
    addr: SocketAddr,
    data: PathBuf,
    stdout: NamedTempFile,
    stderr: NamedTempFile,
}

impl WeirProcess {
    /// Starts `BINARY serve --listen 127.0.0.1:PORT --data DATA MORE…` and waits until it is ready.
    /// `binary` is `env!("CARGO_BIN_EXE_weir")` in the tests of the binary's crate.
    pub fn start(
        binary: impl AsRef<Path>,
        data: impl AsRef<Path>,
        more: &[&str],
    ) -> Result<WeirProcess> {
        let mut process = WeirProcess::spawn(binary.as_ref(), data.as_ref(), more)?;
        process.wait_until_ready()?;
        Ok(process)
    }

    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    pub fn data(&self) -> &Path {
        &self.data
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The owner-only file in which this server leaves the key for local commands.
    pub fn credentials(&self) -> PathBuf {
        credentials_in(&self.data)
    }

    /// What it has written to standard output so far.
    pub fn stdout(&self) -> Result<String> {
        text_of(&self.stdout)
    }

    /// What it has written to standard error so far.
    pub fn stderr(&self) -> Result<String> {
        text_of(&self.stderr)
    }

    /// A key of the announcement, `user` or `ingest`; only the first start of a folder shows them.
    pub fn announced_key(&self, kind: &str) -> Result<String> {
        let stdout = self.stdout()?;
        let label = format!("{kind} key ");
        let after = stdout.split_once(&label).with_context(|| format!("no {label}in: {stdout}"))?.1;
        Ok(after.split_whitespace().next().unwrap_or_default().to_owned())
    }

    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> Result<Response> {
        http::get(self.addr, path, headers)
    }

    pub fn post(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Result<Response> {
        http::post(self.addr, path, headers, body)
    }

    /// A request of any method.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Response> {
        http::send(self.addr, method, path, headers, body)
    }

    /// `kill -9`: nothing of the process runs any more when this returns.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// SIGTERM, then waits for the end; what it wrote to standard error comes with it.
    pub fn stop(mut self) -> Result<(ExitStatus, String)> {
        let status = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status()?;
        if !status.success() {
            bail!("kill -TERM {} failed", self.pid());
        }
        let deadline = Instant::now() + STOP_WITHIN;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait()? {
                return Ok((status, self.stderr()?));
            }
            std::thread::sleep(POLL);
        }
        bail!("weir did not stop within {STOP_WITHIN:?}:\n{}", self.stderr()?)
    }

    fn spawn(binary: &Path, data: &Path, more: &[&str]) -> Result<WeirProcess> {
        let addr = free_address()?;
        let (stdout, stderr) = (NamedTempFile::new()?, NamedTempFile::new()?);
        let child = Command::new(binary)
            .args(["serve", "--listen", &addr.to_string(), "--data"])
            .arg(data)
            .args(more)
            .stdin(Stdio::null())
            .env("WEIR_CREDENTIALS", credentials_in(data))
            .stdout(stdout.reopen()?)
            .stderr(stderr.reopen()?)
            .spawn()
            .with_context(|| format!("start {}", binary.display()))?;
        Ok(WeirProcess { child, addr, data: data.to_owned(), stdout, stderr })
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let deadline = Instant::now() + READY_WITHIN;
        while Instant::now() < deadline {
            if self.get("/readyz", &[]).is_ok_and(|response| response.status == 200) {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("weir ended with {status} before it was ready:\n{}", self.stderr()?);
            }
            std::thread::sleep(POLL);
        }
        bail!("weir was not ready within {READY_WITHIN:?}:\n{}", self.stderr()?)
    }
}

impl Drop for WeirProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn credentials_in(data: &Path) -> PathBuf {
    data.join("credentials.json")
}

fn text_of(file: &NamedTempFile) -> Result<String> {
    let mut bytes = Vec::new();
    file.reopen()?.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// An address nobody listens on at this moment.
pub fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
