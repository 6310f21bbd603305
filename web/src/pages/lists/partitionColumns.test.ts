import { expect, it } from 'vitest';
import { noneIsUnwell } from '../broker/BrokerPartitions';
import { outOfSync } from './partitionColumns';

it('the replica that is out of sync has a name where the source gives names', () => {
  expect(outOfSync({ replicas: ['1', '2', '5'], isr: ['2', '1'] })).toEqual(['5']);
  expect(outOfSync({ replicas: ['1'], isr: ['1'] })).toEqual([]);
  expect(outOfSync({ replicas: null, isr: null })).toBeNull();
});

it('of a broker that gives no answer nobody says that all is well', () => {
  expect(noneIsUnwell({ stale: false, broker_status: 'ONLINE' })).toContain('is well');
  expect(noneIsUnwell({ stale: true, broker_status: 'ONLINE' })).toContain('not known now');
  expect(noneIsUnwell({ stale: false, broker_status: 'OFFLINE' })).toContain('not known now');
});
