const NAMES: Record<string, string> = {
  SELF_MANAGED: 'Self-managed',
  AWS_MSK: 'AWS MSK',
  CONFLUENT_CLOUD: 'Confluent Cloud',
};

/** A provider as people write it; one nobody knows stays as it is. */
export function providerName(provider: string | null): string | null {
  return provider === null ? null : (NAMES[provider] ?? provider);
}
