/** What the palette offers and how it ranks it. */

import type { Broker, Cluster, Group, Topic } from '../api/types';

export interface PaletteEntry {
  id: string;
  kind: 'page' | 'cluster' | 'broker' | 'group' | 'topic';
  label: string;
  /** Where it lives, quiet. */
  note: string;
  target: Target;
}

/** A route and what fills it in. */
export interface Target {
  to: string;
  params?: Record<string, string>;
  search?: Record<string, string>;
}

export const ENTRIES_MAX = 50;

const PAGES: PaletteEntry[] = [
  page('Fleet', 'g h', '/'),
  page('Groups', 'g g', '/groups'),
  page('Topics', 'g t', '/topics'),
  page('Brokers', 'g b', '/brokers'),
  page('Clusters', 'g c', '/clusters'),
  page('Query', 'g q', '/query'),
  page('Lookup tables', 'g l', '/lookups'),
  page('Sources', 'g s', '/sources'),
];

/** Each once, however often it is given. */
export function paletteEntries(
  clusters: Cluster[],
  groups: Group[],
  topics: Topic[],
  brokers: Broker[],
): PaletteEntry[] {
  const things = [
    ...clusters.map(ofCluster),
    ...groups.map(ofGroup),
    ...topics.map(ofTopic),
    ...brokers.map(ofBroker),
  ];
  return [...PAGES, ...new Map(things.map((entry) => [entry.id, entry])).values()];
}

/** Best first: the name begins with the text, a word of it does, it holds the text, the cluster does. */
export function rank(entries: PaletteEntry[], text: string): PaletteEntry[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return entries.slice(0, ENTRIES_MAX);
  return entries
    .map((entry) => ({ entry, score: scoreOf(entry, wanted) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.entry.label.length - b.entry.label.length)
    .slice(0, ENTRIES_MAX)
    .map(({ entry }) => entry);
}

function scoreOf(entry: PaletteEntry, wanted: string): number {
  const label = entry.label.toLowerCase();
  if (label.startsWith(wanted)) return 4;
  if (label.split(/[^a-z0-9]+/).some((word) => word.startsWith(wanted))) return 3;
  if (label.includes(wanted)) return 2;
  return `${entry.kind} ${entry.note} ${label}`.toLowerCase().includes(wanted) ? 1 : 0;
}

function page(label: string, note: string, to: string): PaletteEntry {
  return { id: to, kind: 'page', label, note, target: { to } };
}

function ofCluster({ cluster }: Cluster): PaletteEntry {
  const target = { to: '/clusters/$cluster', params: { cluster } };
  return { id: `c:${cluster}`, kind: 'cluster', label: cluster, note: '', target };
}

function ofGroup({ cluster, group }: Group): PaletteEntry {
  const target = { to: '/clusters/$cluster/groups/$group', params: { cluster, group } };
  return { id: `g:${cluster}/${group}`, kind: 'group', label: group, note: cluster, target };
}

function ofTopic({ cluster, topic }: Topic): PaletteEntry {
  const target = { to: '/clusters/$cluster/topics/$topic', params: { cluster, topic } };
  return { id: `t:${cluster}/${topic}`, kind: 'topic', label: topic, note: cluster, target };
}

function ofBroker({ cluster, broker_id: broker }: Broker): PaletteEntry {
  const target = { to: '/clusters/$cluster/brokers/$broker', params: { cluster, broker } };
  const label = `Broker ${broker}`;
  return { id: `b:${cluster}/${broker}`, kind: 'broker', label, note: cluster, target };
}
