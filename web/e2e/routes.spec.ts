import type { Page } from '@playwright/test';
import { expect, expectAccessible, openPage, row, THEMES, test } from './fixtures';

/** Each route with values that only the story can have put there. */
const ROUTES: { name: string; path: string; shows: (page: Page) => Promise<void> }[] = [
  { name: 'Home', path: '/', shows: showsFleet },
  { name: 'Cluster', path: '/clusters/orders-eu', shows: showsCluster },
  { name: 'Group', path: '/clusters/orders-eu/groups/orders-enricher', shows: showsGroup },
  { name: 'Groups', path: '/groups', shows: showsGroups },
  { name: 'Topics', path: '/topics', shows: showsTopics },
  { name: 'Query', path: '/query', shows: showsConsole },
  { name: 'unknown route', path: '/no/such/page', shows: showsNotFound },
];

for (const theme of THEMES) {
  test.describe(`in ${theme}`, () => {
    test.use({ colorScheme: theme });
    for (const { name, path, shows } of ROUTES) {
      test(`${name} shows its values, is accessible and survives a reload`, async ({
        weirPage: page,
      }) => {
        await openPage(page, path);
        await shows(page);
        await expectAccessible(page);
        await page.reload();
        await shows(page);
        expect(new URL(page.url()).pathname).toBe(path);
      });
    }
  });
}

async function showsFleet(page: Page) {
  const orders = row(page, 'Clusters', 'orders-eu');
  await expect(orders).toContainText('184,220');
  await expect(orders).toContainText('Critical');
  await expect(orders).toContainText('54.8 k/s');
  const payments = row(page, 'Clusters', 'payments');
  await expect(payments).toContainText('Healthy');
  await expect(payments.getByRole('cell').nth(6), 'zero is zero').toHaveText('0');
  const sandbox = row(page, 'Clusters', 'sandbox');
  await expect(sandbox).toContainText('Silent');
  await expect(sandbox.getByRole('cell').nth(6), 'unknown is not zero').toContainText(
    'not reported',
  );
  await expect(tile(page, 'Brokers')).toContainText('9');
  await expect(tile(page, 'Max group lag')).toContainText('184,220');
  await expect(row(page, 'Consumer groups', 'settlement')).toContainText('412');
  await expect(legend(page, 'Messages in by cluster', 'orders-eu')).toBeVisible();
  await expect(legend(page, 'Largest group lag', 'orders-eu')).toContainText('184,220');
  await expect(page.getByText('orders-eu has 3 offline partitions')).toBeVisible();
  await expect(page).toHaveTitle('✖ 1 · Fleet · weir');
}

async function showsCluster(page: Page) {
  await expect(tile(page, 'Offline partitions')).toContainText('3');
  await expect(tile(page, 'Under-replicated')).toContainText('12');
  await expect(row(page, 'Brokers', 'broker2.eu')).toContainText('controller');
  await expect(row(page, 'Groups', 'orders-enricher')).toContainText('184,220');
  await expect(row(page, 'Topics', 'orders.created')).toContainText('52.1 k/s');
}

async function showsGroup(page: Page) {
  await expect(page.getByText('12 members')).toBeVisible();
  await expect(tile(page, 'Total lag')).toContainText('184,220');
  await expect(tile(page, 'Lag time')).toContainText('not reported');
  const partition = (number: number) =>
    page
      .getByRole('table', { name: 'Partitions' })
      .getByRole('row')
      .filter({
        has: page.getByRole('cell', { name: `${number}`, exact: true }),
      });
  await expect(partition(0).first()).toContainText('84,445');
  await expect(partition(0).first()).toContainText('enricher-4');
  await expect(partition(2).first()).toContainText('45');
  const never = partition(4).first();
  await expect(never).toContainText('the group never committed here');
  await expect(never).toContainText('500');
  await expect(legend(page, 'Lag of the worst partitions', 'orders.created / 0')).toBeVisible();
}

async function showsGroups(page: Page) {
  await expect(row(page, 'Groups', 'orders-enricher')).toContainText('184,220');
  await expect(row(page, 'Groups', 'settlement')).toContainText('412');
  const never = row(page, 'Groups', 'never-committed');
  await expect(never).toContainText('Unknown');
  await expect(never).toContainText('no partition has a committed offset');
}

async function showsTopics(page: Page) {
  await expect(row(page, 'Topics', 'payments.settled')).toContainText('1.5 GiB');
  await expect(row(page, 'Topics', 'orders.created')).toContainText('7d');
  await expect(row(page, 'Topics', 'orders.audit')).toContainText('for ever');
  await expect(row(page, 'Topics', 'orders.audit')).toContainText('0/s');
}

async function showsConsole(page: Page) {
  await expect(page.getByRole('textbox', { name: 'NRQL query' })).toBeVisible();
  await expect(
    page.getByRole('button', { name: /Which groups are furthest behind/ }),
  ).toBeVisible();
}

async function showsNotFound(page: Page) {
  await expect(page.getByRole('heading', { name: 'There is no page here' })).toBeVisible();
  await expect(page.getByRole('main').getByRole('link', { name: 'Groups' })).toBeVisible();
}

/** A line of a chart has an entry in its legend. */
function legend(page: Page, chart: string, series: string) {
  return page
    .getByRole('region', { name: chart })
    .getByRole('listitem')
    .filter({ hasText: series });
}

/** The tile with this label. */
function tile(page: Page, label: string) {
  return page.locator('.tile').filter({ has: page.getByText(label, { exact: true }) });
}
