import { type QueryClient, useQuery } from '@tanstack/react-query';
import { useView } from '../url/useView';
import { getJson, postJson, RequestError } from './client';
import type {
  Broker,
  Cluster,
  EventType,
  Group,
  GroupDetail,
  List,
  QueryAnswer,
  ServerStatus,
  Source,
  Topic,
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
export const useClusters = () => useList<Cluster>('/api/v1/clusters');
export const useBrokers = (cluster: string) =>
  useList<Broker>(`/api/v1/brokers${inCluster(cluster)}`);
export const useTopics = (cluster?: string) =>
  useList<Topic>(`/api/v1/topics${inCluster(cluster)}`);
export const useGroups = (cluster?: string) =>
  useList<Group>(`/api/v1/groups${inCluster(cluster)}`);

export function useCluster(cluster: string) {
  return useRefreshed<Cluster>(`/api/v1/clusters/${encodeURIComponent(cluster)}`);
}

export function useGroup(cluster: string, group: string) {
  const path = `/api/v1/clusters/${encodeURIComponent(cluster)}/groups/${encodeURIComponent(group)}`;
  return useRefreshed<GroupDetail>(path);
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

/** Asks everything on the page anew, but for the console, which runs when told. */
export function refreshAll(client: QueryClient) {
  return client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'console' });
}

function useList<T>(path: string) {
  return useRefreshed<List<T>>(path);
}

function useRefreshed<T>(path: string) {
  const { view } = useView();
  return useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => getJson<T>(path, signal),
    refetchInterval: view.refreshSecs === null ? false : view.refreshSecs * 1000,
  });
}

function inCluster(cluster?: string): string {
  return cluster === undefined ? '' : `?cluster=${encodeURIComponent(cluster)}`;
}

function isRefusal(error: Error): boolean {
  return error instanceof RequestError && error.status === 401;
}
