import { describe, expect, it } from 'vitest';
import { elapsedSecs } from './elapsed';
import { severityOf } from './Findings';
import { pastWord } from './Status';

describe('the age of what was answered', () => {
  it('grows on when the server is gone', () => {
    expect(elapsedSecs(10_000, 75_000)).toBe(65);
    expect(elapsedSecs(10_400, 10_000)).toBe(0);
  });
});

describe('a finding', () => {
  const finding = (rule: string, points: number) => severityOf({ rule, points });

  it('is as severe as the tile of its number', () => {
    expect(finding('underMinIsrPartitions', 40)).toBe('critical');
    expect(finding('brokers down', 20)).toBe('critical');
    expect(finding('offlinePartitions', 60)).toBe('critical');
    expect(finding('underReplicatedPartitions', 12)).toBe('warning');
  });
});

describe('a status that is repeated', () => {
  const word = (stale: boolean, score: number | null) =>
    pastWord({ status: 'critical', stale, health_score: score });

  it('is told as past; a dead broker is critical now', () => {
    expect(word(true, null)).toBe('Was critical');
    expect(word(true, 0)).toBeUndefined();
    expect(word(false, null)).toBeUndefined();
    expect(pastWord({ status: 'stale', stale: true, health_score: null })).toBeUndefined();
  });
});
