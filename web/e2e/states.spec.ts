import { expect, expectAccessible, openPage, THEMES, test, watchConsole } from './fixtures';
import { present } from './story';

for (const theme of THEMES) {
  test.describe(`in ${theme}`, () => {
    test.use({ colorScheme: theme });

    test('a server without sources says how to add one', async ({ page, startOwn }) => {
      const weir = await startOwn();
      const errors = watchConsole(page);
      await openPage(page, weir.url);
      await expect(page.getByText('weir serve --kafka host:port')).toBeVisible();
      await expect(page.getByText('weir demo')).toBeVisible();
      await expectAccessible(page);
      await openPage(page, `${weir.url}/groups`);
      await expect(page.getByText('No group was seen')).toBeVisible();
      await page.getByRole('button', { name: 'Why is this empty?' }).click();
      await expect(page.getByText('no source', { exact: true })).toBeVisible();
      await expect(page.getByText('--kafka HOST:PORT')).toBeVisible();
      await expectAccessible(page);
      expect(errors).toEqual([]);
    });
  });
}

test('a source that fails shows its last error', async ({ page, startOwn }) => {
  // Port 1 of this machine answers nobody.
  const weir = await startOwn('--kafka', '127.0.0.1:1');
  await openPage(page, weir.url);
  await expect(page.getByRole('heading', { name: 'No data came yet' })).toBeVisible();
  const source = page.getByRole('listitem').filter({ hasText: 'Failing' });
  await expect(source).toContainText('127.0.0.1:1');
  await expect(source).toContainText('weir sources test');
  await openPage(page, `${weir.url}/sources`);
  await expect(source).toContainText('127.0.0.1:1');
  await expectAccessible(page);
});

test('a server that goes away leaves the data standing and says so', async ({ page, startOwn }) => {
  const weir = await startOwn();
  await weir.ingest(present(Date.now()));
  await openPage(page, `${weir.url}/groups?refresh=5`);
  await expect(page.getByText('184,220')).toBeVisible();
  await weir.stop();
  await expect(page.getByText('offline, retrying')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('184,220')).toBeVisible();
});

test.describe('a key', () => {
  // The browser reports the refused requests on its console.
  test.use({ provokes: /401/ });

  test('that the server refuses leads to the sign-in form, and a good one back', async ({
    weirPage: page,
    weir,
  }) => {
    await page.addInitScript(() => {
      if (sessionStorage.getItem('weir.key') === null) {
        sessionStorage.setItem('weir.key', 'not-a-key');
      }
    });
    await page.goto('/groups');
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    await expectAccessible(page);
    await page.getByLabel('User key').fill(weir.userKey);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByText('184,220')).toBeVisible();
  });
});
