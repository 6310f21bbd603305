/** The name a table can have, from the name of its file. */
export function tableNameOf(fileName: string): string {
  return fileName
    .replace(/\.[^.]*$/, '')
    .replace(/[^A-Za-z0-9_:]+/g, '_')
    .slice(0, 255);
}
