// Fails when a part of the build is larger than its budget. Sizes are gzip -9 unless said otherwise.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const DIST = 'dist';
const KB = 1024;

const assets = readdirSync(`${DIST}/assets`).filter((name) => !name.endsWith('.br'));
const shell = [
  ...readFileSync(`${DIST}/index.html`, 'utf8').matchAll(/assets\/([\w.-]+\.js)/g),
].map((match) => match[1]);
const editor = assets.filter((name) => /^Editor-.*\.js$/.test(name));
const pages = assets.filter(
  (name) => name.endsWith('.js') && !shell.includes(name) && !editor.includes(name),
);

const rows = [
  ['shell', gzipped(shell), 190],
  ['pages and charts', gzipped(pages), 75],
  ['query editor', gzipped(editor), 115],
  ['css', gzipped(assets.filter((name) => name.endsWith('.css'))), 20],
  ['fonts', raw(assets.filter((name) => name.endsWith('.woff2'))), 50],
  ['everything, brotli', assets.reduce((sum, name) => sum + brotliOrRaw(name), 0), 450],
];

let failed = false;
for (const [part, bytes, limit] of rows) {
  const over = bytes > limit * KB;
  failed ||= over;
  const size = (bytes / KB).toFixed(1).padStart(7);
  console.log(`${over ? 'over' : 'ok  '}  ${part.padEnd(20)}${size} KB of ${limit} KB`);
}
process.exit(failed ? 1 : 0);

function gzipped(names) {
  return names.reduce((sum, name) => sum + gzipSync(read(name), { level: 9 }).length, 0);
}

function raw(names) {
  return names.reduce((sum, name) => sum + read(name).length, 0);
}

function brotliOrRaw(name) {
  const compressed = `${DIST}/assets/${name}.br`;
  return (existsSync(compressed) ? readFileSync(compressed) : read(name)).length;
}

function read(name) {
  return readFileSync(`${DIST}/assets/${name}`);
}
