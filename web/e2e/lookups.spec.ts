import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, expectAccessible, openPage, row, THEMES, test, watchConsole } from './fixtures';

const OWNERS = 'topic,team\norders,checkout\npayments,money\n';

async function choose(page: Page, text: string) {
  const buffer = Buffer.from(text);
  await page
    .getByLabel('CSV file')
    .setInputFiles({ name: 'team owners.csv', mimeType: 'text/csv', buffer });
}

for (const theme of THEMES) {
  test.describe(`in ${theme}`, () => {
    test.use({ colorScheme: theme });

    test('a table is uploaded, queried, replaced, downloaded and deleted', async ({
      page,
      startOwn,
    }) => {
      const weir = await startOwn();
      const errors = watchConsole(page);
      await openPage(page, `${weir.url}/lookups`);
      await expect(page.getByText('No table was uploaded')).toBeVisible();
      await choose(page, OWNERS);
      await expect(page.getByLabel('Name')).toHaveValue('team_owners');
      await page.getByLabel('Description').fill('who to call');
      await page.getByRole('button', { name: 'Upload' }).click();
      await expect(page.getByText('team_owners is there with 2 rows.')).toBeVisible();
      const owners = row(page, 'Lookup tables', 'team_owners');
      await expect(owners).toContainText('topic, team');
      await expect(owners).toContainText('who to call');
      await expectAccessible(page);

      await owners.getByRole('link', { name: 'team_owners' }).click();
      await expect(row(page, 'Rows of the result', 'payments')).toContainText('money');
      await page.goBack();

      const downloading = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Download team_owners' }).click();
      expect(readFileSync(await (await downloading).path(), 'utf8')).toBe(OWNERS);

      await choose(page, 'topic\nx\n');
      await page.getByLabel('Name').fill('team_owners');
      await page.getByRole('button', { name: 'Upload' }).click();
      await expect(page.getByText('team_owners is there with 1 row.')).toBeVisible();

      await page.getByRole('button', { name: 'Delete team_owners' }).click();
      await page.getByRole('button', { name: 'Really delete team_owners' }).click();
      await expect(page.getByText('No table was uploaded')).toBeVisible();
      expect(errors).toEqual([]);
    });
  });
}

test('a file that is no table is told where it is wrong', async ({ page, startOwn }) => {
  const weir = await startOwn();
  await openPage(page, `${weir.url}/lookups`);
  await choose(page, 'topic,team\norders\n');
  await page.getByRole('button', { name: 'Upload' }).click();
  await expect(page.getByRole('alert')).toContainText('Line 2 has 1 fields, the header has 2');
  await expectAccessible(page);
  await expect(page.getByText('No table was uploaded')).toBeVisible();
});
