import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_TIMEOUT_MS = 30_000;
const TARGET_DIR = process.env.CARGO_TARGET_DIR ?? join(import.meta.dirname, '../../target');
const BINARY = process.env.WEIR_BIN ?? join(TARGET_DIR, 'debug/weir');

/** A Weir of its own, on a free port and an empty data folder that goes when it stops. */
export interface WeirServer {
  url: string;
  userKey: string;
  ingestKey: string;
  /** Sends events the way any agent does; they are visible when this returns. */
  ingest: (events: object[]) => Promise<void>;
  stop: () => Promise<void>;
}

export async function startWeir(...args: string[]): Promise<WeirServer> {
  if (!existsSync(BINARY))
    throw new Error(`no binary at ${BINARY}: cargo build -p weir, or set WEIR_BIN`);
  const data = mkdtempSync(join(tmpdir(), 'weir-e2e-'));
  const port = await freePort();
  const child = spawn(BINARY, ['serve', '--listen', `127.0.0.1:${port}`, '--data', data, ...args], {
    cwd: data,
    // A config or credentials of the person at this machine must not leak into the test.
    env: { PATH: process.env.PATH, HOME: data, XDG_CONFIG_HOME: data },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    await stopped(child);
    rmSync(data, { recursive: true, force: true });
  };
  try {
    const keys = await printedKeys(child);
    await answers(`${url}/readyz`);
    return { url, ...keys, ingest: (events) => ingest(url, keys.ingestKey, events), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The keys are shown once, on stdout, at the first start. */
function printedKeys(child: ChildProcess): Promise<{ userKey: string; ingestKey: string }> {
  return new Promise((resolve, reject) => {
    let printed = '';
    let logged = '';
    const timer = setTimeout(
      () => reject(new Error(`no keys were printed:\n${printed}${logged}`)),
      START_TIMEOUT_MS,
    );
    child.stderr?.on('data', (chunk) => {
      logged += chunk;
    });
    child.stdout?.on('data', (chunk) => {
      printed += chunk;
      const keys = new Map(
        [...printed.matchAll(/(user|ingest) key\s+(\S+)/g)].map((m) => [m[1], m[2]]),
      );
      const [userKey, ingestKey] = [keys.get('user'), keys.get('ingest')];
      if (userKey === undefined || ingestKey === undefined) return;
      clearTimeout(timer);
      resolve({ userKey, ingestKey });
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`weir ended with ${code}:\n${printed}${logged}`));
    });
  });
}

async function answers(url: string) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (
    !(await fetch(url).then(
      (response) => response.ok,
      () => false,
    ))
  ) {
    if (Date.now() > deadline) throw new Error(`${url} does not answer`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function ingest(url: string, key: string, events: object[]) {
  const response = await fetch(`${url}/v1/accounts/1/events`, {
    method: 'POST',
    headers: { 'Api-Key': key, 'Content-Type': 'application/json' },
    body: JSON.stringify(events),
  });
  if (!response.ok) throw new Error(`Event API: ${response.status} ${await response.text()}`);
}

function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(new Error('no port')),
      );
    });
  });
}
