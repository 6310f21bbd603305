import { readFileSync } from 'node:fs';
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

test('the editor marks errors while one types, explains words and the query, and keeps it', async ({
  weirPage: page,
}) => {
  await openPage(page, '/query?explain=yes');
  const editor = page.getByRole('textbox', { name: 'NRQL query' });
  await editor.click();
  await page.keyboard.type("SELECT max(maxLag) AS 'é' FORM Kafka");
  await expect(page.locator('.cm-lintRange-error').first()).toHaveText('FORM');
  await expect(page.getByText('A query with errors has no steps')).toBeVisible();

  await editor.fill("SELECT max(maxLag) AS 'é' FROM KafkaConsumerGr");
  await page.keyboard.press('End');
  await page.keyboard.type('o');
  await page.getByRole('option', { name: /KafkaConsumerGroupSample/ }).click();
  await expect(editor).toHaveText("SELECT max(maxLag) AS 'é' FROM KafkaConsumerGroupSample");
  await expect(page.locator('.cm-lintRange-error')).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Explain' })).toContainText(
    'scan KafkaConsumerGroupSample',
  );
  await editor.getByText('max', { exact: true }).hover();
  await expect(page.locator('.cm-nrql-hover')).toContainText('aggregator');
  await page.mouse.move(0, 0);

  await page.getByRole('button', { name: 'Saved queries' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Worst lag');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Kept in this browser only')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Share this query' }).click();
  const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
  await expectAccessible(page);

  await page.goto(link);
  await expect(page.getByText('84,445')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Explain' })).toContainText('compute');
  await page.goto('/query');
  await page.getByRole('button', { name: 'Saved queries' }).click();
  await page.getByRole('button', { name: /^Worst lag/ }).click();
  await expect(page.getByText('84,445')).toBeVisible();
});

test('the link of a query is copied', async ({ weirPage: page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openPage(page, `/query?q=${encodeURIComponent(LAG)}&view=table&tz=America/Lima`);
  await page.getByRole('button', { name: 'Share this query' }).click();
  await page.getByRole('button', { name: 'Copy' }).click();
  await expect(page.getByText('Copied.')).toBeVisible();
  const copied = new URL(await page.evaluate(() => navigator.clipboard.readText()));
  expect(Object.fromEntries(copied.searchParams)).toEqual({
    q: LAG,
    view: 'table',
    tz: 'America/Lima',
  });
});

test('an example runs with a click, and the rows can be downloaded', async ({ weirPage: page }) => {
  await openPage(page, '/query');
  await page.getByRole('button', { name: /Which groups are furthest behind/ }).click();
  await expect(page.getByRole('rowheader', { name: 'orders-enricher' })).toBeVisible();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV' }).click();
  const csv = await downloading;
  expect(csv.suggestedFilename()).toBe('weir.csv');
  const lines = readFileSync(await csv.path(), 'utf8').split('\r\n');
  const downloadingJson = page.waitForEvent('download');
  await page.getByRole('button', { name: 'JSON' }).last().click();
  const json = await downloadingJson;
  expect(json.suggestedFilename()).toBe('weir.json');
  const rows: object[] = JSON.parse(readFileSync(await json.path(), 'utf8'));
  expect(lines[0]?.split(',')).toEqual(Object.keys(rows[0] ?? {}));
  expect(lines).toHaveLength(rows.length + 1);
});
