import { expect, openPage, row, test } from './fixtures';

test('links lead from the fleet to the group, and back leads out again', async ({
  weirPage: page,
}) => {
  await openPage(page, '/');
  await page
    .getByRole('table', { name: 'Clusters' })
    .getByRole('link', { name: 'orders-eu' })
    .click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('orders-eu');
  await row(page, 'Groups', 'orders-enricher').getByRole('link').click();
  await expect(page).toHaveURL(/\/clusters\/orders-eu\/groups\/orders-enricher$/);
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('orders-eu');
  await page
    .getByRole('navigation', { name: 'Breadcrumb' })
    .getByRole('link', { name: 'Fleet' })
    .click();
  await expect(page).toHaveURL(/\/$/);
});

test('the chosen range is in the URL, goes along to other pages, and back undoes it', async ({
  weirPage: page,
}) => {
  await openPage(page, '/');
  await page.getByRole('button', { name: 'Time range' }).click();
  await page.getByRole('button', { name: 'Last 6 hours' }).click();
  await expect(page).toHaveURL(/\?from=now-6h$/);
  await page.getByRole('link', { name: 'Topics', exact: true }).click();
  await expect(page).toHaveURL(/\/topics\?from=now-6h$/);
  await page.goBack();
  await page.goBack();
  await expect(page).toHaveURL(/\/$/);
  await expect(page.getByRole('button', { name: 'Time range: Last 1 hour' })).toBeVisible();
});

test('a range that can not be read falls back and says so', async ({ weirPage: page }) => {
  await openPage(page, '/groups?from=last-week&refresh=1');
  await expect(page.getByText('from=last-week is no time')).toBeVisible();
  await expect(page.getByText('refresh=1 is not off')).toBeVisible();
  await expect(row(page, 'Groups', 'orders-enricher')).toContainText('184,220');
});

test('dragging over a chart zooms the page, and back zooms out', async ({ weirPage: page }) => {
  await openPage(page, '/');
  const plot = page.getByRole('img', { name: /Messages in by cluster/ });
  await plot.scrollIntoViewIfNeeded();
  const box = await plot.boundingBox();
  if (box === null) throw new Error('the chart has no place');
  await page.mouse.move(box.x + box.width * 0.4, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, box.y + 60, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=\d{4}-.*&to=\d{4}-/);
  await expect(page.getByText('figures and tables show the present')).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/\/$/);
});

test('a list is narrowed to what is wrong, and is a file', async ({ weirPage: page }) => {
  await openPage(page, '/brokers');
  await page.getByRole('combobox', { name: 'Which brokers' }).selectOption('Silent');
  await expect(page).toHaveURL(/only=stale/);
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(2);
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV' }).click();
  expect((await saved).suggestedFilename()).toBe('weir-brokers.csv');
});

test('a list of groups fits a narrow window with its lag', async ({ weirPage: page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openPage(page, '/groups');
  const lag = page.getByRole('columnheader', { name: 'Total lag' });
  const box = await lag.boundingBox();
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
});

test('sort and filter of a list are in its URL', async ({ weirPage: page }) => {
  await openPage(page, '/topics');
  const firstTopic = page.getByRole('table', { name: 'Topics' }).getByRole('row').nth(1);
  await page.getByRole('button', { name: 'Messages in' }).click();
  await expect(page).toHaveURL(/sort=-in/);
  await expect(firstTopic).toContainText('orders.created');
  await page.getByRole('button', { name: 'Messages in' }).click();
  await expect(firstTopic).toContainText('orders.audit');
  await page.keyboard.press('/');
  await page.keyboard.type('settled');
  await expect(page).toHaveURL(/q=settled/);
  await expect(page.getByText('1 of 3')).toBeVisible();
  await page.reload();
  await expect(firstTopic).toContainText('payments.settled');
  await page.getByRole('searchbox').fill('no such thing');
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await expect(firstTopic).toBeVisible();
});

test('the keyboard alone gets everywhere', async ({ weirPage: page }) => {
  await openPage(page, '/');
  await page.keyboard.press('j');
  await expect(page.getByRole('link', { name: 'orders-eu' }).first()).toBeFocused();
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await expect(page).toHaveURL(/\/topics$/);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeHidden();
  await page.keyboard.type('enricher');
  await expect(page.getByRole('option', { name: /orders-enricher/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('orders-enricher');
});

test('the chosen theme stays', async ({ weirPage: page }) => {
  await openPage(page, '/');
  await page.getByRole('button', { name: 'Dark theme' }).click();
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  const background = await page.evaluate(
    () => getComputedStyle(document.documentElement).backgroundColor,
  );
  expect(background).toBe('rgb(15, 19, 25)');
});
