import type { Page } from '@playwright/test';
import { expect, expectAccessible, openPage, row, THEMES, test } from './fixtures';

/** Each route with values that only the story can have put there. */
const ROUTES: { name: string; path: string; shows: (page: Page) => Promise<void> }[] = [
  { name: 'Home', path: '/', shows: showsFleet },
  { name: 'Cluster', path: '/clusters/orders-eu', shows: showsCluster },
  {
    name: 'Capabilities',
    path: '/clusters/orders-eu?tab=capabilities',
    shows: showsCapabilities,
  },
  { name: 'Broker', path: '/clusters/orders-eu/brokers/5', shows: showsBroker },
  { name: 'Topic', path: '/clusters/orders-eu/topics/orders.created', shows: showsTopic },
  { name: 'Group', path: '/clusters/orders-eu/groups/orders-enricher', shows: showsGroup },
  {
    name: 'Members',
    path: '/clusters/orders-eu/groups/orders-enricher?tab=members',
    shows: showsMembers,
  },
  { name: 'Clusters', path: '/clusters', shows: showsClusters },
  { name: 'Brokers', path: '/brokers', shows: showsBrokers },
  { name: 'Sources', path: '/sources', shows: showsSources },
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
        const { pathname, search } = new URL(page.url());
        expect(pathname + search).toBe(path);
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
  await expect(tile(page, 'Max lag time')).toContainText('≈ 1m58s');
  await expect(row(page, 'Consumer groups', 'settlement')).toContainText('412');
  await expect(legend(page, 'Messages in by cluster', 'orders-eu')).toBeVisible();
  await expect(legend(page, 'Lag time by cluster', 'orders-eu')).toContainText('1m58s');
  await expect(page.getByText('orders-eu has 3 offline partitions')).toBeVisible();
  await expect(page).toHaveTitle('✖ 1 · Fleet · weir');
}

async function showsCluster(page: Page) {
  await expect(page.getByText('Critical 9/100')).toBeVisible();
  const why = page.getByRole('region', { name: 'Why' });
  await expect(why).toContainText("3 partitions have no leader and can't be read or written");
  await expect(why.getByRole('link', { name: 'Open orders.created' }).first()).toBeVisible();
  await expect(why.getByRole('link', { name: 'Open broker 5' })).toBeVisible();
  await expect(why).toContainText('Not checked, because they are not known: offlineLogDirs');
  await expect(tile(page, 'Brokers')).toContainText('5 of 6');
  await expect(tile(page, 'Offline')).toContainText('3');
  await expect(tile(page, 'Under-replicated')).toContainText('12');
  await expect(tile(page, 'Under min ISR')).toContainText('9 at the minimum');
  await expect(page.getByText('1 TiB')).toBeVisible();
  await expect(row(page, 'Brokers', 'broker2.eu')).toContainText('controller');
  await expect(row(page, 'Brokers', 'broker5.eu')).toContainText('not among the live brokers');
  await expect(row(page, 'Groups', 'orders-enricher')).toContainText('184,220');
  await expect(row(page, 'Topics', 'orders.created')).toContainText('52.1 k/s');
  await expect(legend(page, 'Lag time', 'orders-enricher')).toContainText('1m58s');
}

async function showsCapabilities(page: Page) {
  // What agents send has no map: the page says what would make one.
  await expect(page.getByText('Nothing has been asked yet')).toBeVisible();
  await expect(page.getByRole('region', { name: 'CPU, heap' })).toBeVisible();
}

async function showsBroker(page: Page) {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Broker 5');
  await expect(page.getByText('Critical 0/100')).toBeVisible();
  await expect(tile(page, 'Leads')).toContainText('465');
  await expect(tile(page, 'Disk used')).toContainText('205 GiB');
  const others = page.getByRole('table', { name: 'side by side' });
  await expect(others.getByRole('row').nth(1)).toContainText('this one');
  await expect(others.getByRole('row')).toHaveCount(6);
  await expect(page.getByText('what it holds is not known now')).toBeVisible();
  await expect(page.getByRole('region', { name: 'CPU, heap' })).toContainText(/source|JMX/);
}

async function showsTopic(page: Page) {
  await expect(page.getByText('Critical 40/100')).toBeVisible();
  await expect(tile(page, 'Messages in')).toContainText('52.1 k/s');
  await expect(tile(page, 'Worst lag time')).toContainText('≥ 1m58s');
  await expect(row(page, 'Groups that read', 'orders-enricher')).toContainText('STALL');
  const unwell = page.getByRole('table', { name: 'Partitions that are not well' });
  await expect(unwell.getByRole('row').nth(1)).toContainText('Offline');
  await expect(unwell.getByRole('row').nth(2)).toContainText('2 of 3');
}

async function showsMembers(page: Page) {
  await expect(row(page, 'Members', 'enricher-9')).toContainText('/10.2.4.18');
}

async function showsClusters(page: Page) {
  await expect(row(page, 'All clusters', 'orders-eu')).toContainText('3 partitions have no leader');
  await expect(row(page, 'All clusters', 'sandbox')).toContainText('Silent');
}

async function showsBrokers(page: Page) {
  await expect(row(page, 'All brokers', 'broker5.eu')).toContainText('orders-eu');
  await expect(page.getByRole('table').getByRole('row').nth(1)).toContainText('broker5.eu');
  // Old figures step back; that the broker is down does not.
  const down = row(page, 'All brokers', 'broker5.eu');
  await expect(down).toHaveAttribute('data-stale', 'true');
  const dimmed = await down
    .getByRole('cell')
    .last()
    .evaluate((cell) => getComputedStyle(cell).color);
  await expect(down.locator('.status')).not.toHaveCSS('color', dimmed);
}

async function showsSources(page: Page) {
  await expect(page.getByText('weir sources test')).toBeVisible();
  await expect(page.getByText('weir demo')).toBeVisible();
}

async function showsGroup(page: Page) {
  await expect(page.getByText('12 members')).toBeVisible();
  await expect(tile(page, 'Total lag')).toContainText('184,220');
  await expect(tile(page, 'Lag time')).toContainText('≈ 1m58s');
  await expect(tile(page, 'Lag time').getByTitle('between 1m53s and 2m3s')).toBeVisible();
  await expect(tile(page, 'Catch-up')).toContainText('never');
  await expect(tile(page, 'Messages lost')).toContainText('more in 2h');
  await expect(page.getByText('WARN: moving, but falling behind')).toBeVisible();
  await expect(page.getByRole('img', { name: /Lag time of 5 partitions/ })).toBeVisible();
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
  await expect(legend(page, 'Lag time', 'orders.created / 0')).toBeVisible();
}

async function showsGroups(page: Page) {
  await expect(row(page, 'Groups', 'orders-enricher')).toContainText('184,220');
  await expect(row(page, 'Groups', 'settlement')).toContainText('412');
  const never = row(page, 'Groups', 'never-committed');
  await expect(never).toContainText('Unknown');
  await expect(never).toContainText('no partition has a committed offset');
  await expect(page.getByText('1 resting group hidden')).toBeVisible();
  await expect(row(page, 'Groups', 'old-import')).toHaveCount(0);
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
