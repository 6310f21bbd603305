/**
 * The wire types of `/api/v1` by the names the pages use. They come from the server's OpenAPI
 * document. The server sends every field; what is unknown is `null`, never 0 and never absent.
 */

import type { components } from './schema';

type Schemas = components['schemas'];

/** Every field is there, down to the last; only `null` says that a value is unknown. */
type Whole<T> = T extends readonly (infer Item)[]
  ? Whole<Item>[]
  : T extends object
    ? { [Field in keyof T]-?: Whole<Exclude<T[Field], undefined>> }
    : T;

export type Status = Schemas['Status'];
export type Freshness = Whole<Schemas['Freshness']>;
export type Health = Whole<Schemas['Health']>;
export type Finding = Schemas['Finding'];
export type Cluster = Whole<Schemas['Cluster']>;
export type ClusterDetail = Whole<Schemas['ClusterDetail']>;
export type Capability = Whole<Schemas['Capability']>;
export type Broker = Whole<Schemas['Broker']>;
export type BrokerDetail = Whole<Schemas['BrokerDetail']>;
export type LogDir = Whole<Schemas['LogDir']>;
export type Topic = Whole<Schemas['Topic']>;
export type TopicDetail = Whole<Schemas['TopicDetail']>;
export type TopicGroup = Whole<Schemas['TopicGroup']>;
export type TopicGroupDetail = Whole<Schemas['TopicGroupDetail']>;
export type Partition = Whole<Schemas['Partition']>;
export type AbnormalPartitions = Whole<Schemas['AbnormalPartitions']>;
export type AllPartitions = Whole<Schemas['AllPartitions']>;
export type Group = Whole<Schemas['Group']>;
export type GroupDetail = Whole<Schemas['GroupDetail']>;
export type GroupPartition = Whole<Schemas['GroupPartition']>;
export type Member = Whole<Schemas['Member']>;
export type Source = Whole<Schemas['Source']>;
export type SourceTest = Whole<Schemas['SourceTest']>;
export type SourceTestStep = Whole<Schemas['SourceTestStep']>;
export type LookupTable = Whole<Schemas['LookupTable']>;
export type SavedQuery = Whole<Schemas['SavedQuery']>;
export type SavedQueryBody = Whole<Schemas['SavedQueryBody']>;
export type Why = Whole<Schemas['Why']>;
export type ServerStatus = Schemas['ServerStatus'];
export type EventType = Schemas['EventType'];
export type QueryDiagnostic = Schemas['QueryDiagnostic'];
export type NrqlAnalysis = Whole<Schemas['AnalyzeAnswer']>;
export type QueryCompletion = Schemas['QueryCompletion'];
export type QueryRow = Record<string, unknown>;

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
  /** How many more meet the question. */
  left_out_count: number;
}
