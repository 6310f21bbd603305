/** The words of the capability map. */

import type { Status } from '../../api/types';

export const STATES: Record<string, { status: Status; word: string }> = {
  ok: { status: 'ok', word: 'Answered' },
  may_be_partial: { status: 'warning', word: 'May be partial' },
  denied: { status: 'critical', word: 'Right missing' },
  failing: { status: 'critical', word: 'Failing' },
  not_supported: { status: 'unknown', word: 'Not supported' },
};

/** What the pages know from each question. */
export const GIVES: Record<string, string> = {
  metadata: 'brokers, topics, leaders, replicas',
  groups: 'which groups there are',
  'group members': 'members and assignments',
  'committed offsets': 'lag, verdicts, catch-up',
  'share group lag': 'lag of share groups',
  'log end offsets': 'lag, messages in',
  'log start offsets': 'messages lost, time to data loss',
  'metadata quorum': 'the controller',
  'topic configurations': 'min ISR, retention, cleanup',
  'log directories': 'disk used and free, sizes',
  'registered brokers': 'fenced and missing brokers',
  reassignments: 'partitions being moved',
};
