import { describe, expect, it } from 'vitest';
import { answerOf, bucket } from '../../chart/answer.fixture';
import { brokerLines, isSilent, sharedBounds } from './compare';

const row = (begin: number, broker: string, leaders: number | null) =>
  bucket(begin, { facet: broker, leaders, latency: 1, disk: null });

describe('brokers side by side', () => {
  const answer = answerOf(
    [row(0, '10', 4), row(60, '10', 6), row(0, '9', 5), row(0, '2', null)],
    ['brokerId'],
  );

  it('begin with the one asked about; the others follow by number', () => {
    expect(brokerLines(answer, '9').map(({ id }) => id)).toEqual(['9', '2', '10']);
    expect(brokerLines(answer, '7').map(({ id }) => id)).toEqual(['2', '9', '10']);
  });

  it('keep gaps as gaps, and share a scale from zero', () => {
    const lines = brokerLines(answer, '9');
    expect(lines[0]?.values.leaders).toEqual([5, null]);
    expect(sharedBounds(lines, 'leaders')).toEqual([0, 6]);
    expect(sharedBounds(lines, 'disk')).toEqual([0, 0]);
  });

  it('have no value of now once they are silent', () => {
    expect(isSilent([4, 4, null, null])).toBe(true);
    expect(isSilent([4, 4, 4, null])).toBe(false);
  });
});
