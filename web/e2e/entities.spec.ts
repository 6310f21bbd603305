import { expect, expectAccessible, openPage, row, test } from './fixtures';

test('w leads to the first reason, and the reason to where it can be seen', async ({
  weirPage: page,
}) => {
  await openPage(page, '/clusters/orders-eu');
  await expect(page.getByRole('region', { name: 'Why' })).toBeVisible();
  await page.keyboard.press('w');
  await expect(page.getByRole('link', { name: 'Open orders.created' }).first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/clusters\/orders-eu\/topics\/orders\.created$/);
  await expect(page).toHaveTitle(/orders\.created · weir$/);
});

test('parts of a cluster are in its URL, and keys open them', async ({ weirPage: page }) => {
  await openPage(page, '/clusters/orders-eu');
  await page
    .getByRole('navigation', { name: 'Parts' })
    .getByRole('link', { name: 'Topics' })
    .click();
  await expect(page).toHaveURL(/tab=topics$/);
  const parts = page.getByRole('navigation', { name: 'Parts' });
  await expect(parts.locator('[aria-current=page]')).toHaveText(/Topics/);
  await page.keyboard.press('b');
  await expect(page).toHaveURL(/tab=brokers$/);
  await expect(row(page, 'Brokers', 'broker5.eu')).toBeVisible();
  await page.getByRole('searchbox').fill('4');
  await expect(page).toHaveURL(/tab=brokers&q=4$/);
  await expect(row(page, 'Brokers', 'broker5.eu')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await page.goBack();
  await expect(parts.locator('[aria-current=page]')).toHaveText(/Topics/);
});

test('comma and full stop go from broker to broker', async ({ weirPage: page }) => {
  await openPage(page, '/clusters/orders-eu/brokers/5');
  await expect(page.getByRole('link', { name: 'Next: broker 1' })).toBeVisible();
  await page.keyboard.press('.');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Broker 1');
  await expect(page.getByRole('link', { name: 'Previous: broker 5' })).toBeVisible();
  await page.keyboard.press(',');
  await expect(page).toHaveURL(/brokers\/5$/);
});

test('resting groups are shown when asked for, and the URL says so', async ({ weirPage: page }) => {
  await openPage(page, '/groups');
  await page.getByRole('link', { name: 'Show it' }).click();
  await expect(page).toHaveURL(/resting=show$/);
  await expect(row(page, 'All groups', 'old-import')).toContainText('9,000,000');
  await page.getByRole('link', { name: 'Hide it' }).click();
  await expect(page).toHaveURL(/\/groups$/);
  await expect(row(page, 'All groups', 'old-import')).toHaveCount(0);
});

test('an empty chart says why when asked, and nothing moves', async ({ weirPage: page }) => {
  await openPage(page, '/clusters/orders-eu/topics/orders.audit');
  const chart = page.getByRole('region', { name: 'Size' });
  await chart.getByRole('button', { name: 'Why is this empty?' }).click();
  const before = await chart.boundingBox();
  await expect(chart.getByRole('status')).toContainText(/source|sizeBytes/);
  expect(await chart.boundingBox()).toEqual(before);
  await expectAccessible(page);
});

test.describe('a name nobody knows', () => {
  // The browser reports the refused request on its console.
  test.use({ provokes: /404/ });

  test('is answered with the one that was perhaps meant', async ({ weirPage: page }) => {
    await openPage(page, '/clusters/orders-eu/topics/orders.creatd');
    await expect(page.getByRole('alert')).toContainText('orders.created');
    await expectAccessible(page);
  });
});

test('twelve thousand topics are scrolled with a hundred rows in the page', async ({
  page,
  startOwn,
}) => {
  const weir = await startOwn();
  for (let from = 0; from < 12_000; from += 4000) {
    await weir.ingest(topicsFrom(Date.now(), from, 4000));
  }
  await openPage(page, `${weir.url}/topics?refresh=off`);
  await expect(page.getByText('2,000 of 12,000 topics are here')).toBeVisible();
  await page.getByRole('searchbox').fill('topic-11999');
  await expect(row(page, 'All topics', 'topic-11999')).toBeVisible();
  await page.getByRole('searchbox').fill('');
  await page.getByRole('link', { name: 'Show all' }).click();
  const table = page.getByRole('table', { name: 'All topics' });
  await expect(table).toHaveAttribute('aria-rowcount', '12001');
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await expect(table).toContainText('topic-11999');
  expect(await table.getByRole('row').count()).toBeLessThan(120);
});

test('a narrow page needs no sideways scrolling', async ({ weirPage: page }) => {
  await page.setViewportSize({ width: 375, height: 700 });
  for (const path of [
    '/',
    '/groups',
    '/sources',
    '/clusters/orders-eu',
    '/clusters/orders-eu/brokers/5',
    '/clusters/orders-eu/topics/orders.created',
    '/clusters/orders-eu/groups/orders-enricher',
  ]) {
    await openPage(page, path);
    await expect(page.getByRole('main').locator('.panel').first()).toBeVisible();
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(over, path).toBeLessThanOrEqual(0);
  }
});

function topicsFrom(at: number, from: number, count: number): object[] {
  return Array.from({ length: count }, (_, n) => ({
    eventType: 'KafkaTopicSample',
    timestamp: at,
    clusterName: 'large',
    topic: `topic-${String(from + n).padStart(5, '0')}`,
    partitionCount: 1,
  }));
}
