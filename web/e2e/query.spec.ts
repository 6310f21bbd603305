import { expect, expectAccessible, openPage, row, THEMES, test } from './fixtures';

const LAG = 'SELECT latest(totalLag) FROM KafkaConsumerGroupSample FACET consumerGroup';

for (const theme of THEMES) {
  test.describe(`in ${theme}`, () => {
    test.use({ colorScheme: theme });

    test('a link with a query shows its answer as bars, table and JSON', async ({
      weirPage: page,
    }) => {
      await openPage(page, `/query?q=${encodeURIComponent(LAG)}`);
      await expect(page.getByRole('rowheader', { name: 'orders-enricher' })).toBeVisible();
      await expect(page.getByText('184,220')).toBeVisible();
      await expect(page.getByText(/\d+ ms · .* rows? read · .* matched/)).toBeVisible();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Table' }).click();
      await expect(page).toHaveURL(/view=table/);
      await expect(row(page, 'Rows of the result', 'settlement')).toContainText('412');
      await page.reload();
      await expect(row(page, 'Rows of the result', 'settlement')).toContainText('412');
    });

    test('a query over time is drawn as lines', async ({ weirPage: page }) => {
      await openPage(page, `/query?q=${encodeURIComponent(`${LAG} TIMESERIES SINCE 1 hour ago`)}`);
      await expect(page.getByRole('img', { name: /Result over time/ })).toBeVisible();
      const line = page.getByRole('listitem').filter({ hasText: 'orders-enricher' });
      await expect(line).toContainText('184 k');
      await expectAccessible(page);
    });

    test('a wrong query shows where it is wrong', async ({ weirPage: page }) => {
      await openPage(
        page,
        `/query?q=${encodeURIComponent('SELECT count(*) FORM KafkaTopicSample')}`,
      );
      const problem = page.getByRole('alert');
      await expect(problem).toContainText('FORM');
      await expect(problem).toContainText('^^^^');
      await expect(page.locator('.cm-lintRange-error')).toHaveText('FORM');
      await expectAccessible(page);
    });
  });
}

// The browser reports the refused query on its console.
test.use({ provokes: /400.*\/api\/v1\/query/ });

test('a typed query runs with Ctrl+Enter, stands in the URL and in the history', async ({
  weirPage: page,
}) => {
  await openPage(page, '/query');
  await page.getByRole('textbox', { name: 'NRQL query' }).click();
  await page.keyboard.type('SELECT max(maxLag) FROM KafkaConsumerGroupSample');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('84,445')).toBeVisible();
  await expect(page).toHaveURL(/q=SELECT\+max\(maxLag\)/);
  await page.getByRole('button', { name: 'Queries run before' }).click();
  await expect(page.getByRole('button', { name: /SELECT max\(maxLag\).*ago/ })).toBeVisible();
});

test('the editor completes event types and attributes', async ({ weirPage: page }) => {
  await openPage(page, '/query');
  await page.getByRole('textbox', { name: 'NRQL query' }).click();
  await page.keyboard.type('SELECT count(*) FROM KafkaBro');
  await expect(page.getByRole('option', { name: /KafkaBrokerSample/ })).toBeVisible();
});

test('an example runs with a click, and the rows can be downloaded', async ({ weirPage: page }) => {
  await openPage(page, '/query');
  await page.getByRole('button', { name: /Which groups are furthest behind/ }).click();
  await expect(page.getByRole('rowheader', { name: 'orders-enricher' })).toBeVisible();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV' }).click();
  expect((await downloading).suggestedFilename()).toBe('weir.csv');
});
