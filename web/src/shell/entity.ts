/** The thing a page is about, as its path names it. */
export interface EntityParams {
  cluster?: string;
  broker?: string;
  topic?: string;
  group?: string;
}

/** What stands inside a cluster; `undefined` on the page of the cluster itself. */
export function thingName({ broker, topic, group }: EntityParams): string | undefined {
  return group ?? topic ?? (broker === undefined ? undefined : `Broker ${broker}`);
}
