import { describe, expect, it } from 'vitest';
import {
  bracketText,
  catchUpShort,
  catchUpText,
  formatVelocity,
  knownLagSecs,
  verdictRank,
  verdictWords,
} from './lag';
import { otherReasons } from './reasons';

describe('an age of lag', () => {
  it.each([
    ['interpolated', 38, 44, 'between 38s and 44s'],
    ['interpolated', null, null, 'from the polls around it'],
    [
      'at_least',
      40,
      null,
      'at least this old: how long it was behind before it was first seen is not known',
    ],
    ['exact', 5, 5, 'read from the log'],
    [null, null, null, ''],
  ])('known as %s from %s to %s', (method, low, high, text) => {
    expect(bracketText(method, low, high)).toBe(text);
  });
});

it('an age of at least nothing is not known; caught up is', () => {
  expect(knownLagSecs(0, 'at_least')).toBeNull();
  expect(knownLagSecs(40, 'at_least')).toBe(40);
  expect(knownLagSecs(0, 'exact')).toBe(0);
});

describe('catching up', () => {
  const group = {
    lag_status: 'WARN',
    total_lag_messages: 100,
    lag_velocity_per_sec: 5,
    secs_to_catch_up: null as number | null,
  };

  it('never ends while the lag grows or stands still', () => {
    expect(catchUpText(group)).toBe('never at this rate');
    expect(catchUpText({ ...group, lag_velocity_per_sec: 0 })).toBe('never at this rate');
    expect(catchUpShort(group)).toBe('never');
  });

  it('takes as long as the server says, and none where there is no lag', () => {
    expect(catchUpText({ ...group, secs_to_catch_up: 90 })).toBe('1m30s');
    expect(catchUpText({ ...group, total_lag_messages: 0 })).toBe('caught up');
    expect(catchUpText({ ...group, lag_status: 'OK' })).toBe('keeps up');
  });

  it('is unknown where the lag or its change is', () => {
    expect(catchUpText({ ...group, total_lag_messages: null })).toBeNull();
    expect(catchUpText({ ...group, lag_velocity_per_sec: null })).toBeNull();
  });

  it('has a direction', () => {
    expect(formatVelocity(2700)).toBe('growing by 2.7 k/s');
    expect(formatVelocity(-3)).toBe('shrinking by 3/s');
    expect(formatVelocity(0.05)).toBe('steady');
  });
});

it('the worst verdict sorts first, and no verdict nowhere', () => {
  expect((verdictRank('STOP') ?? 9) < (verdictRank('OK') ?? 0)).toBe(true);
  expect(verdictRank(null)).toBeNull();
});

it('verdicts have plain sentences, unknown words none', () => {
  expect(verdictWords('STALL')?.status).toBe('critical');
  expect(verdictWords('FINE')).toBeNull();
});

describe('reasons beyond the findings', () => {
  const of = {
    reasons: ['2 offline', 'abandoned', 'no answer'],
    health_findings: [{ text: '2 offline' }],
  };

  it('are kept apart from the age of something stale', () => {
    expect(otherReasons({ ...of, stale: true })).toEqual({
      others: ['abandoned'],
      age: 'no answer',
    });
    expect(otherReasons({ ...of, stale: false }).others).toEqual(['abandoned', 'no answer']);
  });
});
