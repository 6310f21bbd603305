import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
import { startWeir, type WeirServer } from './server';
import { history, present } from './story';

interface TestFixtures {
  /** A page on the server with the story. Fails the test when the browser's console shows an error. */
  weirPage: Page;
  /** Starts another server, empty, that ends with the test. */
  startOwn: (...args: string[]) => Promise<WeirServer>;
  /** Failed requests the test provokes on purpose: the console may speak of these. */
  provokes: RegExp | null;
}

interface WorkerFixtures {
  weir: WeirServer;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  weir: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies from the pattern
    async ({}, use) => {
      const weir = await startWeir();
      await weir.ingest(history(Date.now()));
      await use(weir);
      await weir.stop();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ weir }, use) => use(weir.url),
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies from the pattern
  startOwn: async ({}, use) => {
    const started: WeirServer[] = [];
    await use(async (...args) => {
      const weir = await startWeir(...args);
      started.push(weir);
      return weir;
    });
    await Promise.all(started.map((weir) => weir.stop()));
  },
  provokes: [null, { option: true }],
  weirPage: async ({ page, weir, provokes }, use) => {
    const errors = watchConsole(page, provokes);
    await weir.ingest(present(Date.now()));
    await use(page);
    expect(errors, 'errors on the console').toEqual([]);
  },
});

export { expect };

export const THEMES = ['light', 'dark'] as const;

/** Opens a path and waits until its data and pictures stand. */
export async function openPage(page: Page, path: string) {
  await page.goto(path);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0);
}

export async function expectAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`,
  );
  expect(found).toEqual([]);
}

/** The row of a table that starts with this name. */
export function row(page: Page, table: string, name: string) {
  return page.getByRole('table', { name: table }).getByRole('row').filter({ hasText: name });
}

export function watchConsole(page: Page, expected: RegExp | null = null): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    const text = `${message.text()} ${message.location().url}`;
    if (message.type() === 'error' && !expected?.test(text)) errors.push(text);
  });
  return errors;
}
