import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { brotliCopies } from './scripts/brotli.ts';

/** The server the dev pages talk to. */
const server = process.env.WEIR_URL ?? 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [react(), brotliCopies()],
  build: { target: 'es2023', assetsInlineLimit: 0, sourcemap: false },
  server: { proxy: { '/api': server } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'] },
});
