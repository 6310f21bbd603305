/**
 * The wire types of `/api/v1` by the names the pages use. They come from the server's OpenAPI
 * document. The server sends every field; what is unknown is `null`, never 0 and never absent.
 */

import type { components } from './schema';

type Schemas = components['schemas'];

export type Status = Schemas['Status'];
export type Freshness = Required<Schemas['Freshness']>;
export type Cluster = Required<Schemas['Cluster']>;
export type Broker = Required<Schemas['Broker']>;
export type Topic = Required<Schemas['Topic']>;
export type Group = Required<Schemas['Group']>;
export type GroupPartition = Required<Schemas['GroupPartition']>;
export type Source = Required<Schemas['Source']>;
export type ServerStatus = Schemas['ServerStatus'];
export type EventType = Schemas['EventType'];
export type QueryDiagnostic = Schemas['QueryDiagnostic'];
export type QueryRow = Record<string, unknown>;

export interface GroupDetail extends Group {
  as_of_ms: number;
  /** Worst lag first. */
  partitions: GroupPartition[];
  /** True when a limit cut the partitions. */
  partitions_truncated: boolean;
}

export interface QueryAnswer
  extends Omit<Required<Schemas['QueryAnswer']>, 'results' | 'metadata'> {
  results: QueryRow[];
  metadata: Required<Schemas['QueryMetadata']>;
}

/** A failure: diagnostics only for queries, a hint where a next step is known. */
export type ApiError = Schemas['ApiError'];

/** The envelope of every list. */
export interface List<T> {
  schema: string;
  as_of_ms: number;
  items: T[];
  /** True when a limit cut the list: what is shown is not all there is. */
  truncated: boolean;
}
