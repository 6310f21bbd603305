import { type AddressInfo, createServer } from 'node:net';
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

test('a source is tried out on its page: what is wrong, and what to do', async ({
  page,
  startOwn,
}) => {
  const weir = await startOwn('--kafka', 'no-such-host.invalid:9092');
  const errors = watchConsole(page);
  await openPage(page, `${weir.url}/sources`);
  await page.getByRole('button', { name: 'Test kafka' }).click();
  const steps = page.getByRole('list', { name: 'Steps of the test of kafka' });
  const failed = steps.getByRole('listitem').filter({ hasText: 'Failed' });
  await expect(failed).toContainText(/resolve.*no-such-host\.invalid cannot be resolved/i);
  await expect(failed).toContainText("Next: check the host names and this machine's DNS");
  await expect(page.getByText('It fails at “resolve”')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Test kafka' })).toBeEnabled();
  await expectAccessible(page);
  expect(errors).toEqual([]);
});

test('a test of a source shows that it runs, and can be ended', async ({ page, startOwn }) => {
  // Takes connections and never answers.
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const weir = await startOwn('--kafka', `127.0.0.1:${port}`);
  await openPage(page, `${weir.url}/sources`);
  await page.getByRole('button', { name: 'Test kafka' }).click();
  await expect(page.getByRole('button', { name: 'Testing kafka…' })).toBeDisabled();
  await page.getByRole('button', { name: 'Cancel' }).click();
  // Were it still running on the server, that would refuse a second one at once.
  const second = () =>
    Promise.race([
      fetch(`${weir.url}/api/v1/sources/kafka/test`, { method: 'POST' }).then(
        ({ status }) => status,
        () => 0,
      ),
      new Promise((resolve) => setTimeout(() => resolve('running'), 500)),
    ]);
  await expect.poll(second).toBe('running');
  await page.getByRole('button', { name: 'Test kafka' }).click();
  await expect(page.getByText('A test of kafka is running already')).toBeVisible();
  silent.close();
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
