// Made by `npm run gen:api` from docs/reference/openapi.json. Do not edit.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ApiError: {
            code: string;
            /** @description Only for queries. */
            diagnostics?: components["schemas"]["QueryDiagnostic"][];
            /** @description The next step, where one is known. */
            hint?: string | null;
            message: string;
        };
        Attribute: {
            doc: string;
            /** @description `identity`, `state` or `measure`. */
            kind: string;
            name: string;
            /** @description Empty where there is none. */
            unit: string;
            /** @description `string`, `integer`, `number` or `boolean`. */
            value_type: string;
        };
        Broker: components["schemas"]["Freshness"] & {
            broker_id: string;
            broker_status?: string | null;
            cluster: string;
            host?: string | null;
            is_controller?: boolean | null;
            /** Format: int64 */
            leader_count?: number | null;
            /** Format: int64 */
            partition_count?: number | null;
            rack?: string | null;
            /** Format: double */
            request_latency_ms?: number | null;
            status: components["schemas"]["Status"];
            /** Format: int64 */
            under_replicated_partitions?: number | null;
        };
        /** @description One kind of question, and what came of it the last time it was asked. */
        Capability: {
            cluster: string;
            /** @description The right that would answer, or why there is no answer. */
            detail?: string | null;
            /** @description What is asked for, named for people. */
            question: string;
            source: string;
            /** @description `ok`, `may_be_partial`, `denied`, `not_supported` or `failing`. */
            state: string;
        };
        Cluster: components["schemas"]["Freshness"] & {
            /** Format: int64 */
            active_controllers?: number | null;
            /** Format: int64 */
            broker_count?: number | null;
            /** Format: double */
            bytes_in_per_sec?: number | null;
            /** Format: double */
            bytes_out_per_sec?: number | null;
            cluster: string;
            /** @description The id the cluster gave itself. */
            cluster_id?: string | null;
            environment?: string | null;
            /** Format: int64 */
            group_count?: number | null;
            kafka_version?: string | null;
            /** @description Lag of all groups, added, over the last hour, oldest first; gaps are null. */
            lag_trend: (number | null)[];
            /** Format: int64 */
            max_lag_messages?: number | null;
            /** Format: double */
            messages_in_per_sec?: number | null;
            /** @description `messages_in_per_sec` over the last hour, oldest first; gaps are null. */
            messages_in_trend: (number | null)[];
            /** Format: int64 */
            offline_partitions?: number | null;
            /** Format: int64 */
            partition_count?: number | null;
            /** @description `SELF_MANAGED`, `AWS_MSK` or `CONFLUENT_CLOUD`. */
            provider?: string | null;
            /** @description Why the status is not `ok`, worst first, each a sentence with its value. */
            reasons: string[];
            /** @description Which configured source observes it. */
            source?: string | null;
            status: components["schemas"]["Status"];
            /** Format: int64 */
            topic_count?: number | null;
            /**
             * Format: int64
             * @description Lag of all groups, added; unknown when no group has a commit.
             */
            total_lag_messages?: number | null;
            /** Format: int64 */
            under_replicated_partitions?: number | null;
        };
        ErrorBody: {
            error: components["schemas"]["ApiError"];
        };
        EventType: {
            attributes: components["schemas"]["Attribute"][];
            doc: string;
            name: string;
        };
        Freshness: {
            /**
             * Format: double
             * @description Age of that sample when the answer was made.
             */
            age_secs: number;
            /**
             * Format: double
             * @description 0 to 1: share of what the source's cycle asked that was answered.
             */
            completeness?: number | null;
            /**
             * Format: int64
             * @description Epoch milliseconds of the newest sample.
             */
            sampled_at_ms: number;
            /** @description Older than two intervals of its source, or marked stale by the source itself. */
            stale: boolean;
        };
        Group: components["schemas"]["Freshness"] & {
            abandoned?: boolean | null;
            assignor?: string | null;
            cluster: string;
            coordinator_id?: string | null;
            group: string;
            /** @description `classic`, `consumer`, `share` or `streams`. */
            group_type?: string | null;
            /** @description How that age is known: `exact`, `interpolated`, or `at_least` (it may be older). */
            lag_secs_method?: string | null;
            /** @description Burrow's words. */
            lag_status?: string | null;
            /** @description Total lag over the last hour, oldest first; gaps are null. */
            lag_trend: (number | null)[];
            /** Format: int64 */
            max_lag_messages?: number | null;
            /**
             * Format: double
             * @description Age of the oldest message not yet consumed, in the worst partition.
             */
            max_lag_secs?: number | null;
            /** Format: int64 */
            member_count?: number | null;
            /** Format: int64 */
            partition_count?: number | null;
            /** @description Why the status is not `ok`, each a sentence with its value. */
            reasons: string[];
            /** @description As the coordinator names it. */
            state?: string | null;
            status: components["schemas"]["Status"];
            /** Format: int64 */
            topic_count?: number | null;
            /**
             * Format: int64
             * @description Unknown when no partition has a commit.
             */
            total_lag_messages?: number | null;
        };
        /** @description One group with its partitions, worst lag first. */
        GroupDetail: components["schemas"]["Group"] & {
            /** Format: int64 */
            as_of_ms: number;
            partitions: components["schemas"]["GroupPartition"][];
            /** @description True when a limit cut the partitions. */
            partitions_truncated: boolean;
            schema: string;
        };
        GroupPartition: components["schemas"]["Freshness"] & {
            client_host?: string | null;
            client_id?: string | null;
            /**
             * Format: int64
             * @description Unknown when the group never committed here.
             */
            committed_offset?: number | null;
            /**
             * Format: int64
             * @description Unknown without a commit; never negative.
             */
            lag_messages?: number | null;
            /**
             * Format: double
             * @description Age of the oldest message not yet consumed; within `lag_secs_low` and `lag_secs_high`.
             */
            lag_secs?: number | null;
            /**
             * Format: double
             * @description Unknown when the age is only known from below.
             */
            lag_secs_high?: number | null;
            /** Format: double */
            lag_secs_low?: number | null;
            /** @description How that age is known: `exact`, `interpolated`, or `at_least` (it may be older). */
            lag_secs_method?: string | null;
            lag_status?: string | null;
            /** Format: int64 */
            log_end_offset?: number | null;
            /** Format: int64 */
            log_start_offset?: number | null;
            member_id?: string | null;
            /**
             * Format: int64
             * @description Deleted by retention before they were consumed.
             */
            messages_lost?: number | null;
            /** Format: int64 */
            partition: number;
            topic: string;
        };
        List_Broker: {
            /**
             * Format: int64
             * @description Epoch milliseconds of the moment the answer speaks of.
             */
            as_of_ms: number;
            items: (components["schemas"]["Freshness"] & {
                broker_id: string;
                broker_status?: string | null;
                cluster: string;
                host?: string | null;
                is_controller?: boolean | null;
                /** Format: int64 */
                leader_count?: number | null;
                /** Format: int64 */
                partition_count?: number | null;
                rack?: string | null;
                /** Format: double */
                request_latency_ms?: number | null;
                status: components["schemas"]["Status"];
                /** Format: int64 */
                under_replicated_partitions?: number | null;
            })[];
            /** @description `weir/v1`: fields are added within it, never changed. */
            schema: string;
            /** @description True when a limit cut the list: what is shown is not all there is. */
            truncated: boolean;
        };
        List_Capability: {
            /**
             * Format: int64
             * @description Epoch milliseconds of the moment the answer speaks of.
             */
            as_of_ms: number;
            items: {
                cluster: string;
                /** @description The right that would answer, or why there is no answer. */
                detail?: string | null;
                /** @description What is asked for, named for people. */
                question: string;
                source: string;
                /** @description `ok`, `may_be_partial`, `denied`, `not_supported` or `failing`. */
                state: string;
            }[];
            /** @description `weir/v1`: fields are added within it, never changed. */
            schema: string;
            /** @description True when a limit cut the list: what is shown is not all there is. */
            truncated: boolean;
        };
        List_Cluster: {
            /**
             * Format: int64
             * @description Epoch milliseconds of the moment the answer speaks of.
             */
            as_of_ms: number;
            items: (components["schemas"]["Freshness"] & {
                /** Format: int64 */
                active_controllers?: number | null;
                /** Format: int64 */
                broker_count?: number | null;
                /** Format: double */
                bytes_in_per_sec?: number | null;
                /** Format: double */
                bytes_out_per_sec?: number | null;
                cluster: string;
                /** @description The id the cluster gave itself. */
                cluster_id?: string | null;
                environment?: string | null;
                /** Format: int64 */
                group_count?: number | null;
                kafka_version?: string | null;
                /** @description Lag of all groups, added, over the last hour, oldest first; gaps are null. */
                lag_trend: (number | null)[];
                /** Format: int64 */
                max_lag_messages?: number | null;
                /** Format: double */
                messages_in_per_sec?: number | null;
                /** @description `messages_in_per_sec` over the last hour, oldest first; gaps are null. */
                messages_in_trend: (number | null)[];
                /** Format: int64 */
                offline_partitions?: number | null;
                /** Format: int64 */
                partition_count?: number | null;
                /** @description `SELF_MANAGED`, `AWS_MSK` or `CONFLUENT_CLOUD`. */
                provider?: string | null;
                /** @description Why the status is not `ok`, worst first, each a sentence with its value. */
                reasons: string[];
                /** @description Which configured source observes it. */
                source?: string | null;
                status: components["schemas"]["Status"];
                /** Format: int64 */
                topic_count?: number | null;
                /**
                 * Format: int64
                 * @description Lag of all groups, added; unknown when no group has a commit.
                 */
                total_lag_messages?: number | null;
                /** Format: int64 */
                under_replicated_partitions?: number | null;
            })[];
            /** @description `weir/v1`: fields are added within it, never changed. */
            schema: string;
            /** @description True when a limit cut the list: what is shown is not all there is. */
            truncated: boolean;
        };
        List_EventType: {
            /**
             * Format: int64
             * @description Epoch milliseconds of the moment the answer speaks of.
             */
            as_of_ms: number;
            items: {
                attributes: components["schemas"]["Attribute"][];
                doc: string;
                name: string;
            }[];
            /** @description `weir/v1`: fields are added within it, never changed. */
            schema: string;
            /** @description True when a limit cut the list: what is shown is not all there is. */
            truncated: boolean;
        };
        List_Group: {
            /**
             * Format: int64
             * @description Epoch milliseconds of the moment the answer speaks of.
             */
            as_of_ms: number;
            items: (components["schemas"]["Freshness"] & {
                abandoned?: boolean | null;
                assignor?: string | null;
                cluster: string;
                coordinator_id?: string | null;
                group: string;
                /** @description `classic`, `consumer`, `share` or `streams`. */
                group_type?: string | null;
                /** @description How that age is known: `exact`, `interpolated`, or `at_least` (it may be older). */
                lag_secs_method?: string | null;
                /** @description Burrow's words. */
                lag_status?: string | null;
                /** @description Total lag over the last hour, oldest first; gaps are null. */
                lag_trend: (number | null)[];
                /** Format: int64 */
                max_lag_messages?: number | null;
                /**
                 * Format: double
                 * @description Age of the oldest message not yet consumed, in the worst partition.
                 */
                max_lag_secs?: number | null;
                /** Format: int64 */
                member_count?: number | null;
                /** Format: int64 */
                partition_count?: number | null;
                /** @description Why the status is not `ok`, each a sentence with its value. */
                reasons: string[];
                /** @description As the coordinator names it. */
                state?: string | null;
                status: components["schemas"]["Status"];
                /** Format: int64 */
                topic_count?: number | null;
                /**
                 * Format: int64
                 * @description Unknown when no partition has a commit.
                 */
                total_lag_messages?: number | null;
            })[];
            /** @description `weir/v1`: fields are added within it, never changed. */
            schema: string;
            /** @description True when a limit cut the list: what is shown is not all there is. */
            truncated: boolean;
        };
        List_Source: {
            /**
             * Format: int64
             * @description Epoch milliseconds of the moment the answer speaks of.
             */
            as_of_ms: number;
            items: {
                cluster: string;
                /** Format: double */
                completeness?: number | null;
                /** Format: int64 */
                cycles_total: number;
                /** Format: int64 */
                failed_cycles_total: number;
                /** Format: int64 */
                interval_secs: number;
                kind: string;
                /** Format: int64 */
                last_cycle_at_ms?: number | null;
                /** Format: int64 */
                last_cycle_ms?: number | null;
                last_error?: string | null;
                /** Format: int64 */
                last_events_count: number;
                /** Format: int64 */
                last_success_at_ms?: number | null;
                name: string;
                /** Format: int64 */
                requests_total: number;
                /** @description `starting`, `ok`, `partial` or `failing`. */
                state: string;
                /** @description What it talks to, without secrets. */
                target: string;
            }[];
            /** @description `weir/v1`: fields are added within it, never changed. */
            schema: string;
            /** @description True when a limit cut the list: what is shown is not all there is. */
            truncated: boolean;
        };
        List_Topic: {
            /**
             * Format: int64
             * @description Epoch milliseconds of the moment the answer speaks of.
             */
            as_of_ms: number;
            items: (components["schemas"]["Freshness"] & {
                cleanup_policy?: string | null;
                cluster: string;
                /** Format: double */
                messages_in_per_sec?: number | null;
                /** Format: int64 */
                min_insync_replicas?: number | null;
                /** Format: int64 */
                offline_partitions?: number | null;
                /** Format: int64 */
                partition_count?: number | null;
                /** Format: int64 */
                replication_factor?: number | null;
                /** Format: int64 */
                retention_ms?: number | null;
                /** Format: int64 */
                size_bytes?: number | null;
                status: components["schemas"]["Status"];
                topic: string;
                /** Format: int64 */
                under_replicated_partitions?: number | null;
            })[];
            /** @description `weir/v1`: fields are added within it, never changed. */
            schema: string;
            /** @description True when a limit cut the list: what is shown is not all there is. */
            truncated: boolean;
        };
        /** @description Fields as NerdGraph's `NrdbResultContainer` has them, in snake_case. */
        QueryAnswer: {
            current_results?: {
                [key: string]: components["schemas"]["Value"];
            }[] | null;
            metadata: components["schemas"]["QueryMetadata"];
            other_result?: components["schemas"]["Value"] | null;
            previous_results?: {
                [key: string]: components["schemas"]["Value"];
            }[] | null;
            results: {
                [key: string]: components["schemas"]["Value"];
            }[];
            stats: components["schemas"]["QueryStats"];
            total_result?: components["schemas"]["Value"] | null;
        };
        QueryBody: {
            /**
             * Format: int64
             * @description The default account when absent.
             */
            account_id?: number | null;
            nrql: string;
            /**
             * Format: int64
             * @description 1 to 120; 30 when absent.
             */
            timeout_secs?: number | null;
        };
        /** @description One finding about a query; the same as the terminal shows. */
        QueryDiagnostic: {
            code: string;
            /** @description 1-based, in characters. */
            column: number;
            help?: string | null;
            length: number;
            /** @description 1-based. */
            line: number;
            message: string;
            /** @description In bytes of the query text. */
            offset: number;
            /** @description The finding as plain text with the line and a caret. */
            rendered: string;
            /** @description `error` or `warning`. */
            severity: string;
        };
        QueryMetadata: {
            /** Format: int64 */
            begin_ms: number;
            /** Format: int64 */
            end_ms: number;
            event_types: string[];
            facets?: string[] | null;
            /** @description Warnings and limits that were hit. */
            messages: string[];
        };
        QueryStats: {
            /** Format: int64 */
            inspected_count: number;
            /** Format: int64 */
            matched_count: number;
            /** Format: int64 */
            wall_clock_ms: number;
        };
        ServerStatus: {
            /** Format: int64 */
            account_id: number;
            environment: string;
            /** Format: int64 */
            now_ms: number;
            /** Format: int64 */
            started_at_ms: number;
            store: components["schemas"]["StoreStatus"];
            /** @description False when the binary was built without the web UI. */
            ui_built: boolean;
            version: string;
        };
        Source: {
            cluster: string;
            /** Format: double */
            completeness?: number | null;
            /** Format: int64 */
            cycles_total: number;
            /** Format: int64 */
            failed_cycles_total: number;
            /** Format: int64 */
            interval_secs: number;
            kind: string;
            /** Format: int64 */
            last_cycle_at_ms?: number | null;
            /** Format: int64 */
            last_cycle_ms?: number | null;
            last_error?: string | null;
            /** Format: int64 */
            last_events_count: number;
            /** Format: int64 */
            last_success_at_ms?: number | null;
            name: string;
            /** Format: int64 */
            requests_total: number;
            /** @description `starting`, `ok`, `partial` or `failing`. */
            state: string;
            /** @description What it talks to, without secrets. */
            target: string;
        };
        /**
         * @description Worst first when sorted.
         * @enum {string}
         */
        Status: "critical" | "warning" | "stale" | "unknown" | "ok";
        StoreStatus: {
            /** Format: int64 */
            memory_bytes: number;
            /** Format: int64 */
            oldest_at_ms?: number | null;
            /** Format: int64 */
            row_count: number;
            /**
             * Format: int64
             * @description Rows dropped before their retention because memory was full.
             */
            rows_dropped_early: number;
            /** Format: int64 */
            series_count: number;
            /** @description `ok`, or why nothing is acknowledged any more. */
            state: string;
            /** Format: int64 */
            wal_bytes: number;
            writable: boolean;
        };
        Topic: components["schemas"]["Freshness"] & {
            cleanup_policy?: string | null;
            cluster: string;
            /** Format: double */
            messages_in_per_sec?: number | null;
            /** Format: int64 */
            min_insync_replicas?: number | null;
            /** Format: int64 */
            offline_partitions?: number | null;
            /** Format: int64 */
            partition_count?: number | null;
            /** Format: int64 */
            replication_factor?: number | null;
            /** Format: int64 */
            retention_ms?: number | null;
            /** Format: int64 */
            size_bytes?: number | null;
            status: components["schemas"]["Status"];
            topic: string;
            /** Format: int64 */
            under_replicated_partitions?: number | null;
        };
        Value: unknown;
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
