import { readFileSync } from 'node:fs';
import { expect, expectAccessible, openPage, row, THEMES, test, watchConsole } from './fixtures';

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
  const mine = page.getByRole('region', { name: 'Yours' });
  await expect(mine.getByRole('button', { name: /^Worst lag/ })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Share this query' }).click();
  await expect(page.getByText('Run the query first')).toBeVisible();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByText('84,445')).toBeVisible();
  await editor.fill('SELECT never_run');
  await page.getByRole('button', { name: 'Share this query' }).click();
  await expect(page.getByText('The link runs what was run last')).toBeVisible();
  const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
  expect(link).not.toContain('never_run');
  await expectAccessible(page);

  await page.goto(link);
  await expect(page.getByText('84,445')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Explain' })).toContainText('compute');
  await page.goto('/query');
  await page.getByRole('button', { name: 'Saved queries' }).click();
  await page.getByRole('button', { name: /^Worst lag/ }).click();
  await expect(page.getByText('84,445')).toBeVisible();
});

test('what others send and what was uploaded is completed too', async ({ page, startOwn }) => {
  const weir = await startOwn();
  await weir.ingest([{ eventType: 'PipelineRun', pipeline: 'nightly', durationSecs: 3 }]);
  await fetch(`${weir.url}/api/v1/lookup-tables/pipelineOwners`, { method: 'PUT', body: 'a\n1\n' });
  await openPage(page, `${weir.url}/query`);
  const editor = page.getByRole('textbox', { name: 'NRQL query' });
  await editor.click();
  await page.keyboard.type('SELECT count(*) FROM Pipe');
  await page.getByRole('option', { name: /PipelineRun/ }).click();
  await page.keyboard.type(' FACET pipe');
  await expect(page.getByRole('option', { name: /^pipeline/ })).toBeVisible();
  await editor.fill('SELECT * FROM look');
  await page.keyboard.press('End');
  await page.keyboard.type('u');
  await expect(page.getByRole('option', { name: /lookup\(pipelineOwners\)/ })).toBeVisible();
});

test('a query that is cancelled ends on the server too', async ({ page, startOwn }) => {
  const weir = await startOwn();
  await weir.ingest(Array.from({ length: 2000 }, (_, n) => ({ eventType: 'Load', k: 'x', n })));
  // Every row meets a hundred, twice: twenty million rows, which takes a while anywhere.
  const all = (alias: string) => `JOIN (FROM Load SELECT k, n AS ${alias} LIMIT 100) ON k`;
  const slow = `FROM Load ${all('a')} ${all('b')} SELECT uniqueCount(a * b)`;
  await openPage(page, `${weir.url}/query?q=${encodeURIComponent(slow)}`);
  await page.getByRole('button', { name: 'Cancel' }).click();
  // The server notes how each query ended.
  const ended = async () => {
    const nrql = `SELECT * FROM WeirQuery WHERE nrql LIKE '%FROM Load%' AND nrql NOT LIKE '%FROM WeirQuery%'`;
    const headers = { 'Content-Type': 'application/json' };
    const body = JSON.stringify({ nrql });
    const answer = await fetch(`${weir.url}/api/v1/query`, { method: 'POST', headers, body });
    return (await answer.json()).results;
  };
  await expect.poll(ended).toEqual([expect.objectContaining({ outcome: 'CANCELLED' })]);
});

test('saved queries are kept by the server: shared, renamed, replaced, deleted', async ({
  page,
  startOwn,
}) => {
  const weir = await startOwn();
  const errors = watchConsole(page);
  await page.addInitScript(() => {
    if (sessionStorage.getItem('kept') === null) {
      const kept = [{ name: 'from before', nrql: 'SELECT 1 FROM WeirQuery' }];
      localStorage.setItem('weir.saved-queries', JSON.stringify(kept));
      sessionStorage.setItem('kept', 'yes');
    }
  });
  const open = async (q: string) => {
    await openPage(page, `${weir.url}/query?q=${encodeURIComponent(q)}`);
    await page.getByRole('button', { name: 'Saved queries' }).click();
  };
  await open('SELECT count(*) FROM WeirQuery');
  const mine = page.getByRole('region', { name: 'Yours' });
  const shared = page.getByRole('region', { name: 'Shared with everyone' });
  await expect(mine.getByRole('button', { name: /^from before/ })).toBeVisible();
  expect(await page.evaluate(() => localStorage.getItem('weir.saved-queries'))).toBe('[]');

  await page.getByRole('textbox', { name: 'Name' }).fill('How many');
  await page.getByRole('checkbox', { name: /Share with everyone/ }).check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(shared.getByRole('button', { name: /^How many/ })).toBeVisible();
  await expectAccessible(page);

  // Another browser sees what is shared with everyone; with another key, that alone.
  const headers = { 'Api-Key': weir.userKey };
  const seen = await (await fetch(`${weir.url}/api/v1/saved-queries`, { headers })).json();
  expect(seen.items.map(({ name }: { name: string }) => name)).toEqual(['How many']);

  await shared.getByRole('button', { name: 'Rename How many' }).click();
  await page.getByRole('textbox', { name: 'New name' }).fill('How many queries');
  await page.keyboard.press('Enter');
  await expect(shared.getByRole('button', { name: /^How many queries/ })).toBeVisible();

  await open('SELECT max(durationMs) FROM WeirQuery');
  await page.getByRole('textbox', { name: 'Name' }).fill('from before');
  await page.getByRole('button', { name: 'Replace' }).click();
  await expect(mine.getByRole('button', { name: /^from before.*durationMs/ })).toBeVisible();
  await shared.getByRole('button', { name: 'Make private How many queries' }).click();
  await expect(mine.getByRole('button', { name: /^How many queries/ })).toBeVisible();
  await mine.getByRole('button', { name: 'Delete How many queries' }).click();
  await mine.getByRole('button', { name: 'Really delete How many queries' }).click();
  await expect(mine.getByRole('listitem')).toHaveCount(1);
  await mine.getByRole('button', { name: /^from before/ }).click();
  await expect(page).toHaveURL(/durationMs/);
  expect(errors).toEqual([]);
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
