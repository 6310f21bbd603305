import type { ApiError } from './types';

/** A request that did not succeed. `status` is 0 when no answer came at all. */
export class RequestError extends Error {
  constructor(
    readonly status: number,
    readonly body: ApiError,
  ) {
    super(body.message);
  }
}

const KEY_NAME = 'weir.key';
const listeners = new Set<() => void>();
let keyWanted = false;

/** The user key lives as long as the tab: it is never written to disk. */
export const userKey = {
  get: () => sessionStorage.getItem(KEY_NAME),
  set(key: string) {
    sessionStorage.setItem(KEY_NAME, key);
    want(false);
  },
  /** True after the server refused a request for want of a key. */
  isWanted: () => keyWanted,
  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

export function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return request<T>(path, { signal });
}

export function postJson<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const headers = { 'Content-Type': 'application/json' };
  return request<T>(path, { method: 'POST', headers, body: JSON.stringify(body), signal });
}

export function putText<T>(path: string, text: Blob | string): Promise<T> {
  return request<T>(path, { method: 'PUT', headers: { 'Content-Type': 'text/csv' }, body: text });
}

export function putJson<T>(path: string, body: unknown): Promise<T> {
  const headers = { 'Content-Type': 'application/json' };
  return request<T>(path, { method: 'PUT', headers, body: JSON.stringify(body) });
}

export function deleteJson<T>(path: string): Promise<T> {
  return request<T>(path, { method: 'DELETE' });
}

export async function getText(path: string): Promise<string> {
  return (await answerOf(path, {})).text();
}

async function request<T>(path: string, init: RequestInit): Promise<T> {
  return (await (await answerOf(path, init)).json()) as T;
}

async function answerOf(path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  const key = userKey.get();
  if (key) headers.set('Api-Key', key);
  const response = await fetch(path, { ...init, headers }).catch((error: unknown) => {
    if (init.signal?.aborted) throw error;
    throw new RequestError(0, { code: 'UNREACHABLE', message: 'the server does not answer' });
  });
  if (response.status === 401) want(true);
  if (!response.ok) throw new RequestError(response.status, await errorBody(response));
  return response;
}

async function errorBody(response: Response): Promise<ApiError> {
  try {
    const body = (await response.json()) as { error?: ApiError };
    if (body.error?.message) return body.error;
  } catch {
    // Not ours, a proxy's perhaps: the status is all there is to say.
  }
  return { code: 'UNEXPECTED', message: `the server answered with status ${response.status}` };
}

function want(wanted: boolean) {
  keyWanted = wanted;
  for (const listener of listeners) listener();
}
