import { type QueryClient, useQuery } from '@tanstack/react-query';
import { useView } from '../url/useView';
import { deleteJson, getJson, getText, postJson, putJson, putText, RequestError } from './client';
import type {
  Broker,
  BrokerDetail,
  Capability,
  Cluster,
  ClusterDetail,
  EventType,
  Group,
  GroupDetail,
  List,
  LookupTable,
  NrqlAnalysis,
  QueryAnswer,
  SavedQuery,
  SavedQueryBody,
  ServerStatus,
  Source,
  SourceTest,
  Status,
  Topic,
  TopicDetail,
  Why,
} from './types';

const STATUS_INTERVAL_MS = 10_000;
const RETRY_MAX_MS = 30_000;

/**
 * The server itself. The only query that retries by itself, so it alone decides whether the
 * connection is lost; when it answers again everything else is asked anew.
 */
export function useServerStatus() {
  return useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => getJson<ServerStatus>('/api/v1/status', signal),
    refetchInterval: STATUS_INTERVAL_MS,
    retry: (_count, error) => !isRefusal(error),
    retryDelay: (count) => Math.min(1000 * 2 ** count, RETRY_MAX_MS),
  });
}

export const useSources = () => useList<Source>('/api/v1/sources');
/** Asks a source's cluster step by step, now; aborting ends it on the server too. */
export function testSource(source: string, signal?: AbortSignal): Promise<SourceTest> {
  return postJson<SourceTest>(`/api/v1/sources/${encodeURIComponent(source)}/test`, {}, signal);
}

export const useLookupTables = () => useList<LookupTable>(LOOKUP_TABLES);
export const LOOKUP_TABLES = '/api/v1/lookup-tables';

export function uploadLookupTable(name: string, description: string, csv: Blob) {
  const path = withQuery(`${LOOKUP_TABLES}/${encodeURIComponent(name)}`, {
    description: description === '' ? undefined : description,
  });
  return putText<LookupTable>(path, csv);
}

/** The table as it was uploaded. */
export const lookupTableCsv = (name: string) =>
  getText(`${LOOKUP_TABLES}/${encodeURIComponent(name)}`);
export const deleteLookupTable = (name: string) =>
  deleteJson<LookupTable>(`${LOOKUP_TABLES}/${encodeURIComponent(name)}`);

/** The queries with names that one may see: one's own, and those shared with the account. */
export function useSavedQueries() {
  return useQuery({
    queryKey: [SAVED_QUERIES],
    queryFn: ({ signal }) => getJson<List<SavedQuery>>(SAVED_QUERIES, signal),
  });
}
export const SAVED_QUERIES = '/api/v1/saved-queries';

/** Keeps a new query, or what the one of this id says from now on. */
export const saveQuery = (body: SavedQueryBody, id?: string) =>
  id === undefined
    ? postJson<SavedQuery>(SAVED_QUERIES, body)
    : putJson<SavedQuery>(`${SAVED_QUERIES}/${id}`, body);
export const deleteSavedQuery = (id: string) => deleteJson<SavedQuery>(`${SAVED_QUERIES}/${id}`);

export const useClusters = () => useList<Cluster>('/api/v1/clusters');
export const useBrokers = (query?: ListQuery) => useList<Broker>('/api/v1/brokers', query);
export const useTopics = (query?: ListQuery) => useList<Topic>('/api/v1/topics', query);
export const useGroups = (query?: ListQuery) => useList<Group>('/api/v1/groups', query);

/** What the lists of brokers, topics and groups can be asked for; the server bounds them. */
export interface ListQuery {
  cluster?: string;
  /** Part of the name. */
  q?: string;
  /** `worst`, `name` or the field of a number; `-` before it turns the order round. */
  sort?: string;
  status?: Status;
  limit?: number;
}

export function useList<Row>(path: string, query: ListQuery = {}, enabled = true) {
  const { view } = useView();
  const url = withQuery(path, query);
  return useQuery({
    queryKey: [path, query.cluster ?? null, url],
    queryFn: ({ signal }) => getJson<List<Row>>(url, signal),
    refetchInterval: view.refreshSecs === null ? false : view.refreshSecs * 1000,
    enabled,
    // The rows stay while they are asked for in another order, never those of another cluster.
    placeholderData: (previous, before) =>
      before?.queryKey[0] === path && before.queryKey[1] === (query.cluster ?? null)
        ? previous
        : undefined,
  });
}

export const useCluster = (cluster: string) =>
  useRefreshed<ClusterDetail>(`/api/v1/clusters/${encodeURIComponent(cluster)}`);
export const useCapabilities = (cluster: string) =>
  useList<Capability>(`/api/v1/clusters/${encodeURIComponent(cluster)}/capabilities`);
export const useBroker = (cluster: string, broker: string) =>
  useRefreshed<BrokerDetail>(entityPath(cluster, 'brokers', broker));
export const useTopic = (cluster: string, topic: string) =>
  useRefreshed<TopicDetail>(entityPath(cluster, 'topics', topic));
export const useGroup = (cluster: string, group: string) =>
  useRefreshed<GroupDetail>(entityPath(cluster, 'groups', group));

/** What looks empty: an event, an attribute of it, a window in epoch milliseconds. */
export interface WhyQuery {
  event: string;
  attr?: string;
  cluster?: string;
  from_ms?: number;
  to_ms?: number;
}

/** Why there is no data; the same answer as `weir why`. */
export function useWhy(query: WhyQuery, enabled = true) {
  const url = withQuery('/api/v1/why', query);
  return useQuery({
    queryKey: [url],
    queryFn: ({ signal }) => getJson<Why>(url, signal),
    enabled,
  });
}

/** The names NRQL knows; they change with a release of the server only. */
export function useSchema() {
  return useQuery({
    queryKey: ['schema'],
    queryFn: ({ signal }) => getJson<List<EventType>>('/api/v1/schema', signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/**
 * Answers one NRQL text; `write` gets the moment of asking, so that relative ranges move on.
 * The first part of `key` names what is asked about, the rest how.
 */
export function useNrql(key: readonly unknown[], write: (nowMs: number) => string) {
  const { view } = useView();
  return useQuery({
    queryKey: ['nrql', ...key],
    queryFn: ({ signal }) => askNrql(write(Date.now()), signal),
    refetchInterval: view.refreshSecs === null ? false : view.refreshSecs * 1000,
    // Old data stays while another range loads, never while another thing does.
    placeholderData: (previous, query) => (query?.queryKey[1] === key[0] ? previous : undefined),
  });
}

export function askNrql(nrql: string, signal?: AbortSignal): Promise<QueryAnswer> {
  return postJson<QueryAnswer>('/api/v1/query', { nrql }, signal);
}

/** What is wrong with a text, how it would be answered, and what stands at the byte `cursor`. */
export function analyzeNrql(
  nrql: string,
  cursor?: number,
  signal?: AbortSignal,
): Promise<NrqlAnalysis> {
  return postJson<NrqlAnalysis>('/api/v1/nrql/analyze', { nrql, cursor }, signal);
}

/** Asks everything on the page anew, but for the console, which runs when told. */
export function refreshAll(client: QueryClient) {
  return client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'console' });
}

function useRefreshed<T>(path: string) {
  const { view } = useView();
  return useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => getJson<T>(path, signal),
    refetchInterval: view.refreshSecs === null ? false : view.refreshSecs * 1000,
  });
}

function entityPath(cluster: string, kind: string, name: string): string {
  return `/api/v1/clusters/${encodeURIComponent(cluster)}/${kind}/${encodeURIComponent(name)}`;
}

function withQuery(path: string, query: object): string {
  const known = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(known.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? path : `${path}?${text}`;
}

function isRefusal(error: Error): boolean {
  return error instanceof RequestError && error.status === 401;
}
