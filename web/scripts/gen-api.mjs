// Writes src/api/schema.d.ts from the committed OpenAPI document; with --check, fails when the two differ.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const SOURCE = new URL('../../docs/reference/openapi.json', import.meta.url);
const TARGET = new URL('../src/api/schema.d.ts', import.meta.url);

// Only the types are wanted: the operations stay behind.
const { openapi, info, components } = JSON.parse(readFileSync(SOURCE, 'utf8'));
const types = astToString(await openapiTS({ openapi, info, paths: {}, components }));
const made = `// Made by \`npm run gen:api\` from docs/reference/openapi.json. Do not edit.\n\n${types}`;

if (!process.argv.includes('--check')) {
  writeFileSync(TARGET, made);
} else if (!existsSync(TARGET) || readFileSync(TARGET, 'utf8') !== made) {
  console.error(
    'src/api/schema.d.ts differs from docs/reference/openapi.json: run npm run gen:api',
  );
  process.exit(1);
}
