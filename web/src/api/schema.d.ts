// Made by `npm run gen:api` from docs/reference/openapi.json. Do not edit.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Abnormal partitions, worst first. */
        AbnormalPartitions: {
            items: components["schemas"]["Partition"][];
            /**
             * Format: int64
             * @description How many more there are.
             */
            left_out_count: number;
        };
        /** @description Every partition of one topic or broker, as the last cycle of its source knew them. */
        AllPartitions: {
            /** @description By topic and partition. */
            items: components["schemas"]["Partition"][];
            /**
             * Format: int64
             * @description How many more there are.
             */
            left_out_count: number;
        };
        /** @description What an editor shows. */
        AnalyzeAnswer: {
            /** @description Best first. */
            completions: components["schemas"]["QueryCompletion"][];
            /** @description Errors and warnings, in text order. */
            diagnostics: components["schemas"]["QueryDiagnostic"][];
            hover?: components["schemas"]["QueryHover"] | null;
            replace_length: number;
            /** @description The word that a completion replaces, in bytes. */
            replace_offset: number;
            /** @description How the text would be answered, a step a line; empty where it has errors. */
            steps: string[];
        };
        /** @description A text and a cursor in it, as an editor has them. */
        AnalyzeBody: {
            /** @description In bytes of the text; its end when absent. */
            cursor?: number | null;
            nrql: string;
        };
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
        Broker: components["schemas"]["Health"] & components["schemas"]["Freshness"] & {
            broker_id: string;
            /** @description `ONLINE`, `FENCED` or `OFFLINE`. */
            broker_status?: string | null;
            /** Format: double */
            bytes_in_per_sec?: number | null;
            /** Format: double */
            bytes_out_per_sec?: number | null;
            cluster: string;
            /** Format: double */
            cpu_system_percent?: number | null;
            /** Format: double */
            cpu_user_percent?: number | null;
            /** Format: int64 */
            disk_free_bytes?: number | null;
            /** Format: int64 */
            disk_total_bytes?: number | null;
            /** Format: int64 */
            disk_used_bytes?: number | null;
            /** Format: double */
            fetch_total_time_p99_ms?: number | null;
            host?: string | null;
            is_controller?: boolean | null;
            /** Format: int64 */
            leader_count?: number | null;
            /** Format: double */
            messages_in_per_sec?: number | null;
            /** Format: int64 */
            offline_log_dirs?: number | null;
            /** Format: int64 */
            partition_count?: number | null;
            /** Format: double */
            produce_total_time_p99_ms?: number | null;
            rack?: string | null;
            /** @description Why the status is not `ok`, worst first, each a sentence with its value. */
            reasons?: string[];
            /** Format: double */
            request_handler_idle_percent?: number | null;
            /**
             * Format: double
             * @description Round trip of our own request, measured by Weir.
             */
            request_latency_ms?: number | null;
            status: components["schemas"]["Status"];
            /** Format: int64 */
            under_replicated_partitions?: number | null;
        };
        /** @description One broker with what is wrong on it. */
        BrokerDetail: components["schemas"]["Broker"] & {
            /** @description Those with a replica on it, led by it or not. */
            abnormal_partitions: components["schemas"]["AbnormalPartitions"];
            /** Format: int64 */
            as_of_ms: number;
            /** @description Ids of all brokers of the cluster, ascending: for going to the one before and the next. */
            broker_ids: string[];
            /**
             * Format: int64
             * @description How many groups it coordinates.
             */
            coordinated_group_count: number;
            /** @description Those of its `log.dirs`, broken ones first; empty while it has not told of them. */
            log_dirs?: components["schemas"]["LogDir"][];
            partitions?: components["schemas"]["AllPartitions"] | null;
            schema: string;
        };
        /** @description One kind of question, and what came of it the last time it was asked. */
        Capability: {
            cluster: string;
            /**
             * @description The right that would answer, or why there is no answer; with `ok`, why the answer costs more
             *     than it would have to.
             */
            detail?: string | null;
            /** @description What is asked for, named for people. */
            question: string;
            source: string;
            state: components["schemas"]["CapabilityState"];
        };
        /**
         * @description What came of asking.
         * @enum {string}
         */
        CapabilityState: "ok" | "may_be_partial" | "denied" | "not_supported" | "failing";
        Cluster: components["schemas"]["Health"] & components["schemas"]["Freshness"] & {
            /** Format: int64 */
            active_controllers?: number | null;
            /**
             * Format: int64
             * @description One more loss stops acks=all writes to them.
             */
            at_min_isr_partitions?: number | null;
            /** Format: int64 */
            broker_count?: number | null;
            /** Format: double */
            bytes_in_per_sec?: number | null;
            /** Format: double */
            bytes_out_per_sec?: number | null;
            cluster: string;
            /** @description The id the cluster gave itself. */
            cluster_id?: string | null;
            /** Format: int64 */
            disk_free_bytes?: number | null;
            /** Format: int64 */
            disk_total_bytes?: number | null;
            /** Format: int64 */
            disk_used_bytes?: number | null;
            environment?: string | null;
            /**
             * Format: int64
             * @description Registered and fenced.
             */
            fenced_brokers?: number | null;
            /** Format: int64 */
            group_count?: number | null;
            kafka_version?: string | null;
            /** @description How that age is known: `exact`, `interpolated`, or `at_least` (it may be older). */
            lag_secs_method?: string | null;
            /** @description Lag of all groups, added, over the last hour, oldest first; gaps are null. */
            lag_trend: (number | null)[];
            /** Format: int64 */
            max_lag_messages?: number | null;
            /**
             * Format: double
             * @description Age of the oldest message not yet consumed, in the worst group that is not abandoned.
             */
            max_lag_secs?: number | null;
            /** Format: double */
            messages_in_per_sec?: number | null;
            /** @description `messages_in_per_sec` over the last hour, oldest first; gaps are null. */
            messages_in_trend: (number | null)[];
            /** Format: int64 */
            non_preferred_leaders?: number | null;
            /**
             * Format: int64
             * @description Registered, named by a replica list or seen lately, and not live; fenced ones included.
             */
            offline_brokers?: number | null;
            /** Format: int64 */
            offline_log_dirs?: number | null;
            /** Format: int64 */
            offline_partitions?: number | null;
            /** Format: int64 */
            partition_count?: number | null;
            /** @description `SELF_MANAGED`, `AWS_MSK` or `CONFLUENT_CLOUD`. */
            provider?: string | null;
            /** @description Why the status is not `ok`, worst first, each a sentence with its value. */
            reasons: string[];
            /** Format: int64 */
            reassigning_partitions?: number | null;
            /** @description Which configured source observes it. */
            source?: string | null;
            status: components["schemas"]["Status"];
            /** Format: int64 */
            topic_count?: number | null;
            /**
             * Format: int64
             * @description Lag of all groups of which it is known, added; unknown when it is of none.
             */
            total_lag_messages?: number | null;
            /** Format: int64 */
            under_min_isr_partitions?: number | null;
            /** Format: int64 */
            under_replicated_partitions?: number | null;
        };
        /** @description One cluster with what is worst inside it. */
        ClusterDetail: components["schemas"]["Cluster"] & {
            abnormal_partitions: components["schemas"]["AbnormalPartitions"];
            /** Format: int64 */
            as_of_ms: number;
            /** @description Worst first. */
            brokers: components["schemas"]["Broker"][];
            /** @description What the cluster lets Weir know, with the missing rights. */
            capabilities: components["schemas"]["Capability"][];
            /** @description Node id of the quorum's leader. */
            controller_id?: string | null;
            schema: string;
            /** @description The ten worst; resting groups are not among them. */
            worst_groups: components["schemas"]["Group"][];
            /** @description The ten worst. */
            worst_topics: components["schemas"]["Topic"][];
        };
        ErrorBody: {
            error: components["schemas"]["ApiError"];
        };
        EventType: {
            attributes: components["schemas"]["Attribute"][];
            doc: string;
            name: string;
        };
        /** @description One rule that took points. */
        Finding: {
            /** Format: double */
            points: number;
            /** @description An attribute of the sample, or what was looked at. */
            rule: string;
            /** @description The finding as a sentence. */
            text: string;
            /** @description The value that broke the rule, as text. */
            value: string;
        };
        Freshness: {
            /**
             * Format: double
             * @description Age of what is shown when the answer was made: of the sample, and of the older knowledge
             *     that a stale sample repeats.
             */
            age_secs: number;
            /**
             * Format: double
             * @description 0 to 1: share of what the source's cycle asked that was answered.
             */
            completeness?: number | null;
            /**
             * @description Its cluster has answered since and no longer has it: deleted, or no longer shown to us.
             *     Lists leave such things out.
             */
            gone?: boolean;
            /**
             * Format: int64
             * @description Epoch milliseconds of when what is shown was known: earlier where a stale sample repeats
             *     older knowledge.
             */
            known_at_ms?: number;
            /**
             * Format: int64
             * @description Epoch milliseconds of the newest sample.
             */
            sampled_at_ms: number;
            /** @description Older than two intervals of its source, or marked stale by the source itself. */
            stale: boolean;
        };
        Group: components["schemas"]["Health"] & components["schemas"]["Freshness"] & {
            /** @description No members, and a lag that no longer moves. */
            abandoned?: boolean | null;
            assignor?: string | null;
            cluster: string;
            coordinator_id?: string | null;
            group: string;
            /** @description `classic`, `consumer`, `share` or `streams`. */
            group_type?: string | null;
            /**
             * @description How that age is known: `exact`, `interpolated`, or `at_least` (it may be older, in this or in
             *     another partition).
             */
            lag_secs_method?: string | null;
            /** @description Burrow's words: `OK`, `WARN` or `ERR`. */
            lag_status?: string | null;
            /** @description Total lag over the last hour, oldest first; gaps are null. */
            lag_trend: (number | null)[];
            /**
             * Format: double
             * @description Change of the total lag, messages a second; above 0 it grows.
             */
            lag_velocity_per_sec?: number | null;
            /**
             * Format: int64
             * @description Unknown when the total is.
             */
            max_lag_messages?: number | null;
            /**
             * Format: double
             * @description Age of the oldest message not yet consumed, in the worst partition.
             */
            max_lag_secs?: number | null;
            /** Format: int64 */
            member_count?: number | null;
            /**
             * Format: int64
             * @description Deleted before they were consumed, in all partitions.
             */
            messages_lost?: number | null;
            /** Format: int64 */
            partition_count?: number | null;
            /** @description Why the status is not `ok`, each a sentence with its value. */
            reasons: string[];
            /**
             * Format: int64
             * @description Since Weir started.
             */
            rebalance_count?: number | null;
            /** @description Abandoned, or without members and with nothing wrong: at the end of lists by default. */
            resting?: boolean;
            /**
             * Format: double
             * @description Until the lag is gone at the present rates; unknown too when it grows.
             */
            secs_to_catch_up?: number | null;
            /**
             * Format: double
             * @description Until retention overtakes the first of its partitions.
             */
            secs_to_data_loss?: number | null;
            /** @description As the coordinator names it. */
            state?: string | null;
            status: components["schemas"]["Status"];
            /** Format: int64 */
            topic_count?: number | null;
            /**
             * Format: int64
             * @description Unknown when no partition has a commit, and when the lag of one with a commit is.
             */
            total_lag_messages?: number | null;
        };
        /** @description One group with its members and its partitions, worst lag first. */
        GroupDetail: components["schemas"]["Group"] & {
            /** Format: int64 */
            as_of_ms: number;
            /** @description By client id; empty when there are none or their right is missing. */
            members?: components["schemas"]["Member"][];
            partitions: components["schemas"]["GroupPartition"][];
            /** @description True when a limit cut the partitions. */
            partitions_truncated: boolean;
            schema: string;
        };
        GroupPartition: components["schemas"]["Freshness"] & {
            client_host?: string | null;
            client_id?: string | null;
            /**
             * Format: double
             * @description Since the poll that saw the committed offset move; unknown until Weir sees it move.
             */
            commit_age_secs?: number | null;
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
            /** @description `OK`, `WARN`, `REWIND`, `STALL` or `STOP`; unknown until enough has been seen. */
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
            /**
             * Format: double
             * @description Until retention overtakes the committed offset.
             */
            secs_to_data_loss?: number | null;
            topic: string;
        };
        /** @description What the newest sample says of its own health. */
        Health: {
            /**
             * @description The rules that took points, most points first; empty at 100.
             * @default []
             */
            health_findings: components["schemas"]["Finding"][];
            /**
             * @description Rules that took nothing because this source can't know their value.
             * @default []
             */
            health_not_checked: string[];
            /**
             * Format: double
             * @description 100 is best; unknown where too little is known for any score.
             * @default null
             */
            health_score: number | null;
        };
        List_Broker: {
            /**
             * Format: int64
             * @description Epoch milliseconds of the moment the answer speaks of.
             */
            as_of_ms: number;
            items: (components["schemas"]["Health"] & components["schemas"]["Freshness"] & {
                broker_id: string;
                /** @description `ONLINE`, `FENCED` or `OFFLINE`. */
                broker_status?: string | null;
                /** Format: double */
                bytes_in_per_sec?: number | null;
                /** Format: double */
                bytes_out_per_sec?: number | null;
                cluster: string;
                /** Format: double */
                cpu_system_percent?: number | null;
                /** Format: double */
                cpu_user_percent?: number | null;
                /** Format: int64 */
                disk_free_bytes?: number | null;
                /** Format: int64 */
                disk_total_bytes?: number | null;
                /** Format: int64 */
                disk_used_bytes?: number | null;
                /** Format: double */
                fetch_total_time_p99_ms?: number | null;
                host?: string | null;
                is_controller?: boolean | null;
                /** Format: int64 */
                leader_count?: number | null;
                /** Format: double */
                messages_in_per_sec?: number | null;
                /** Format: int64 */
                offline_log_dirs?: number | null;
                /** Format: int64 */
                partition_count?: number | null;
                /** Format: double */
                produce_total_time_p99_ms?: number | null;
                rack?: string | null;
                /** @description Why the status is not `ok`, worst first, each a sentence with its value. */
                reasons?: string[];
                /** Format: double */
                request_handler_idle_percent?: number | null;
                /**
                 * Format: double
                 * @description Round trip of our own request, measured by Weir.
                 */
                request_latency_ms?: number | null;
                status: components["schemas"]["Status"];
                /** Format: int64 */
                under_replicated_partitions?: number | null;
            })[];
            /**
             * Format: int64
             * @description How many meet the question and were cut by the limit.
             */
            left_out_count?: number;
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
                /**
                 * @description The right that would answer, or why there is no answer; with `ok`, why the answer costs more
                 *     than it would have to.
                 */
                detail?: string | null;
                /** @description What is asked for, named for people. */
                question: string;
                source: string;
                state: components["schemas"]["CapabilityState"];
            }[];
            /**
             * Format: int64
             * @description How many meet the question and were cut by the limit.
             */
            left_out_count?: number;
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
            items: (components["schemas"]["Health"] & components["schemas"]["Freshness"] & {
                /** Format: int64 */
                active_controllers?: number | null;
                /**
                 * Format: int64
                 * @description One more loss stops acks=all writes to them.
                 */
                at_min_isr_partitions?: number | null;
                /** Format: int64 */
                broker_count?: number | null;
                /** Format: double */
                bytes_in_per_sec?: number | null;
                /** Format: double */
                bytes_out_per_sec?: number | null;
                cluster: string;
                /** @description The id the cluster gave itself. */
                cluster_id?: string | null;
                /** Format: int64 */
                disk_free_bytes?: number | null;
                /** Format: int64 */
                disk_total_bytes?: number | null;
                /** Format: int64 */
                disk_used_bytes?: number | null;
                environment?: string | null;
                /**
                 * Format: int64
                 * @description Registered and fenced.
                 */
                fenced_brokers?: number | null;
                /** Format: int64 */
                group_count?: number | null;
                kafka_version?: string | null;
                /** @description How that age is known: `exact`, `interpolated`, or `at_least` (it may be older). */
                lag_secs_method?: string | null;
                /** @description Lag of all groups, added, over the last hour, oldest first; gaps are null. */
                lag_trend: (number | null)[];
                /** Format: int64 */
                max_lag_messages?: number | null;
                /**
                 * Format: double
                 * @description Age of the oldest message not yet consumed, in the worst group that is not abandoned.
                 */
                max_lag_secs?: number | null;
                /** Format: double */
                messages_in_per_sec?: number | null;
                /** @description `messages_in_per_sec` over the last hour, oldest first; gaps are null. */
                messages_in_trend: (number | null)[];
                /** Format: int64 */
                non_preferred_leaders?: number | null;
                /**
                 * Format: int64
                 * @description Registered, named by a replica list or seen lately, and not live; fenced ones included.
                 */
                offline_brokers?: number | null;
                /** Format: int64 */
                offline_log_dirs?: number | null;
                /** Format: int64 */
                offline_partitions?: number | null;
                /** Format: int64 */
                partition_count?: number | null;
                /** @description `SELF_MANAGED`, `AWS_MSK` or `CONFLUENT_CLOUD`. */
                provider?: string | null;
                /** @description Why the status is not `ok`, worst first, each a sentence with its value. */
                reasons: string[];
                /** Format: int64 */
                reassigning_partitions?: number | null;
                /** @description Which configured source observes it. */
                source?: string | null;
                status: components["schemas"]["Status"];
                /** Format: int64 */
                topic_count?: number | null;
                /**
                 * Format: int64
                 * @description Lag of all groups of which it is known, added; unknown when it is of none.
                 */
                total_lag_messages?: number | null;
                /** Format: int64 */
                under_min_isr_partitions?: number | null;
                /** Format: int64 */
                under_replicated_partitions?: number | null;
            })[];
            /**
             * Format: int64
             * @description How many meet the question and were cut by the limit.
             */
            left_out_count?: number;
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
            /**
             * Format: int64
             * @description How many meet the question and were cut by the limit.
             */
            left_out_count?: number;
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
            items: (components["schemas"]["Health"] & components["schemas"]["Freshness"] & {
                /** @description No members, and a lag that no longer moves. */
                abandoned?: boolean | null;
                assignor?: string | null;
                cluster: string;
                coordinator_id?: string | null;
                group: string;
                /** @description `classic`, `consumer`, `share` or `streams`. */
                group_type?: string | null;
                /**
                 * @description How that age is known: `exact`, `interpolated`, or `at_least` (it may be older, in this or in
                 *     another partition).
                 */
                lag_secs_method?: string | null;
                /** @description Burrow's words: `OK`, `WARN` or `ERR`. */
                lag_status?: string | null;
                /** @description Total lag over the last hour, oldest first; gaps are null. */
                lag_trend: (number | null)[];
                /**
                 * Format: double
                 * @description Change of the total lag, messages a second; above 0 it grows.
                 */
                lag_velocity_per_sec?: number | null;
                /**
                 * Format: int64
                 * @description Unknown when the total is.
                 */
                max_lag_messages?: number | null;
                /**
                 * Format: double
                 * @description Age of the oldest message not yet consumed, in the worst partition.
                 */
                max_lag_secs?: number | null;
                /** Format: int64 */
                member_count?: number | null;
                /**
                 * Format: int64
                 * @description Deleted before they were consumed, in all partitions.
                 */
                messages_lost?: number | null;
                /** Format: int64 */
                partition_count?: number | null;
                /** @description Why the status is not `ok`, each a sentence with its value. */
                reasons: string[];
                /**
                 * Format: int64
                 * @description Since Weir started.
                 */
                rebalance_count?: number | null;
                /** @description Abandoned, or without members and with nothing wrong: at the end of lists by default. */
                resting?: boolean;
                /**
                 * Format: double
                 * @description Until the lag is gone at the present rates; unknown too when it grows.
                 */
                secs_to_catch_up?: number | null;
                /**
                 * Format: double
                 * @description Until retention overtakes the first of its partitions.
                 */
                secs_to_data_loss?: number | null;
                /** @description As the coordinator names it. */
                state?: string | null;
                status: components["schemas"]["Status"];
                /** Format: int64 */
                topic_count?: number | null;
                /**
                 * Format: int64
                 * @description Unknown when no partition has a commit, and when the lag of one with a commit is.
                 */
                total_lag_messages?: number | null;
            })[];
            /**
             * Format: int64
             * @description How many meet the question and were cut by the limit.
             */
            left_out_count?: number;
            /** @description `weir/v1`: fields are added within it, never changed. */
            schema: string;
            /** @description True when a limit cut the list: what is shown is not all there is. */
            truncated: boolean;
        };
        List_LookupTable: {
            /**
             * Format: int64
             * @description Epoch milliseconds of the moment the answer speaks of.
             */
            as_of_ms: number;
            items: {
                /** @description In the order of the file. */
                columns: string[];
                /** @description Empty when none was given. */
                description: string;
                /** @description Stays the same when the table is replaced. */
                guid: string;
                name: string;
                /**
                 * Format: int64
                 * @description Without the header.
                 */
                row_count: number;
                /**
                 * Format: int64
                 * @description Of the CSV text.
                 */
                size_bytes: number;
                /** Format: int64 */
                updated_at_ms: number;
                /** @description The id of the key it was uploaded with; `local` for whoever needs none on the server's machine. */
                updated_by: string;
            }[];
            /**
             * Format: int64
             * @description How many meet the question and were cut by the limit.
             */
            left_out_count?: number;
            /** @description `weir/v1`: fields are added within it, never changed. */
            schema: string;
            /** @description True when a limit cut the list: what is shown is not all there is. */
            truncated: boolean;
        };
        List_SavedQuery: {
            /**
             * Format: int64
             * @description Epoch milliseconds of the moment the answer speaks of.
             */
            as_of_ms: number;
            items: {
                id: string;
                /** @description Whether that is who asks. */
                mine: boolean;
                name: string;
                nrql: string;
                /** @description The id of the key it was saved with; `local` for whoever needs none on the server's machine. */
                owner: string;
                /** @description Seen and changed by everyone of the account; one that is not, by whoever saved it alone. */
                shared: boolean;
                /** Format: int64 */
                updated_at_ms: number;
            }[];
            /**
             * Format: int64
             * @description How many meet the question and were cut by the limit.
             */
            left_out_count?: number;
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
            /**
             * Format: int64
             * @description How many meet the question and were cut by the limit.
             */
            left_out_count?: number;
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
            items: (components["schemas"]["Health"] & components["schemas"]["Freshness"] & {
                /**
                 * Format: int64
                 * @description One more loss stops acks=all writes to them.
                 */
                at_min_isr_partitions?: number | null;
                /** Format: double */
                bytes_in_per_sec?: number | null;
                /** Format: double */
                bytes_out_per_sec?: number | null;
                cleanup_policy?: string | null;
                cluster: string;
                /**
                 * Format: int64
                 * @description Groups with a commit or an assignment here.
                 */
                group_count?: number;
                /** Format: int64 */
                log_end_offset_sum?: number | null;
                /** Format: int64 */
                log_start_offset_sum?: number | null;
                /** Format: double */
                messages_in_per_sec?: number | null;
                /** Format: int64 */
                min_insync_replicas?: number | null;
                /** Format: int64 */
                non_preferred_leaders?: number | null;
                /** Format: int64 */
                offline_partitions?: number | null;
                /** Format: int64 */
                partition_count?: number | null;
                /** @description Why the status is not `ok`, worst first, each a sentence with its value. */
                reasons?: string[];
                /** Format: int64 */
                reassigning_partitions?: number | null;
                /** Format: int64 */
                replication_factor?: number | null;
                /**
                 * Format: int64
                 * @description -1 keeps for ever.
                 */
                retention_ms?: number | null;
                /**
                 * Format: int64
                 * @description Of all replicas on disk.
                 */
                size_bytes?: number | null;
                /**
                 * Format: int64
                 * @description Partitions whose leader is silent: their offsets are repeated.
                 */
                stale_partitions?: number | null;
                status: components["schemas"]["Status"];
                topic: string;
                /** Format: int64 */
                under_min_isr_partitions?: number | null;
                /** Format: int64 */
                under_replicated_partitions?: number | null;
                /** @description The two worst of them. */
                worst_groups?: components["schemas"]["TopicGroup"][];
            })[];
            /**
             * Format: int64
             * @description How many meet the question and were cut by the limit.
             */
            left_out_count?: number;
            /** @description `weir/v1`: fields are added within it, never changed. */
            schema: string;
            /** @description True when a limit cut the list: what is shown is not all there is. */
            truncated: boolean;
        };
        /** @description A directory a broker keeps partitions in. */
        LogDir: components["schemas"]["Freshness"] & {
            /** @description Why it is offline, as Kafka names errors: `KAFKA_STORAGE_ERROR (56)`. */
            error?: string | null;
            /** Format: int64 */
            free_bytes?: number | null;
            /** @description `ONLINE` or `OFFLINE`. */
            log_dir_status?: string | null;
            path: string;
            /** Format: int64 */
            replica_count?: number | null;
            status: components["schemas"]["Status"];
            /**
             * Format: int64
             * @description Of its volume, which it may share with others.
             */
            total_bytes?: number | null;
            /**
             * Format: int64
             * @description Of the replicas in it.
             */
            used_bytes?: number | null;
        };
        /** @description An uploaded table, without its rows. */
        LookupTable: {
            /** @description In the order of the file. */
            columns: string[];
            /** @description Empty when none was given. */
            description: string;
            /** @description Stays the same when the table is replaced. */
            guid: string;
            name: string;
            /**
             * Format: int64
             * @description Without the header.
             */
            row_count: number;
            /**
             * Format: int64
             * @description Of the CSV text.
             */
            size_bytes: number;
            /** Format: int64 */
            updated_at_ms: number;
            /** @description The id of the key it was uploaded with; `local` for whoever needs none on the server's machine. */
            updated_by: string;
        };
        Member: components["schemas"]["Freshness"] & {
            /**
             * Format: int64
             * @description How many partitions are assigned to it.
             */
            assigned_partitions?: number | null;
            client_host?: string | null;
            client_id?: string | null;
            member_id: string;
            /** @description `classic`, `consumer`, `share` or `streams`. */
            member_type?: string | null;
        };
        Partition: components["schemas"]["Freshness"] & {
            cluster: string;
            /** @description Node ids of the replicas that are in sync. */
            isr?: string[] | null;
            /** Format: int64 */
            isr_count?: number | null;
            /** @description Node id; null when there is no leader. */
            leader?: string | null;
            /** Format: int64 */
            log_end_offset?: number | null;
            /** Format: int64 */
            log_start_offset?: number | null;
            /** Format: int64 */
            partition: number;
            /** @description `OFFLINE`, `UNDER_MIN_ISR`, `UNDER_REPLICATED` or `OK`. */
            partition_status?: string | null;
            /** Format: int64 */
            replica_count?: number | null;
            /** @description Node ids, the preferred leader first; null where the source tells only how many. */
            replicas?: string[] | null;
            /**
             * Format: int64
             * @description Of the leader's log.
             */
            size_bytes?: number | null;
            status: components["schemas"]["Status"];
            topic: string;
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
        QueryCompletion: {
            /** @description One line; empty for keywords. */
            detail: string;
            insert: string;
            /** @description `keyword`, `function`, `event_type` or `attribute`. */
            kind: string;
            label: string;
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
        QueryHover: {
            length: number;
            offset: number;
            text: string;
            title: string;
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
        SavedQuery: {
            id: string;
            /** @description Whether that is who asks. */
            mine: boolean;
            name: string;
            nrql: string;
            /** @description The id of the key it was saved with; `local` for whoever needs none on the server's machine. */
            owner: string;
            /** @description Seen and changed by everyone of the account; one that is not, by whoever saved it alone. */
            shared: boolean;
            /** Format: int64 */
            updated_at_ms: number;
        };
        SavedQueryBody: {
            /** @description 1 to 80 characters; stands once among the shared queries, and once among one's own. */
            name: string;
            nrql: string;
            shared?: boolean;
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
        /** @description What trying a source out came to, step by step; the same as `weir sources test` prints. */
        SourceTest: {
            /** @description Whether every step went well. */
            ok: boolean;
            source: string;
            /** @description In the order they were taken. Steps after a failed one that needs it are left out. */
            steps: components["schemas"]["SourceTestStep"][];
        };
        SourceTestStep: {
            /** @description What was found, or exactly what is wrong. */
            detail: string;
            /**
             * @description `resolve`, `options`, `connect`, `tls`, `api versions`, `sasl`, `metadata`, `groups`,
             *     `offsets` or `rights`.
             */
            name: string;
            /** @description What to do about it, where the detail does not say it already. */
            next_step?: string | null;
            ok: boolean;
            /** Format: int64 */
            took_ms: number;
        };
        /**
         * @description Worst first when sorted.
         * @enum {string}
         */
        Status: "critical" | "warning" | "stale" | "unknown" | "ok";
        StoreStatus: {
            /** @description What sealing, merging or retention could not do at the last try. */
            maintenance_problem?: string | null;
            /** Format: int64 */
            memory_bytes: number;
            /** Format: int64 */
            oldest_at_ms?: number | null;
            /** Format: int64 */
            row_count: number;
            /**
             * Format: int64
             * @description Rows dropped before their retention because of the disk limit.
             */
            rows_dropped_early: number;
            /**
             * Format: int64
             * @description Of the sealed segments on disk.
             */
            segment_bytes: number;
            /** Format: int64 */
            series_count: number;
            /** @description `ok`, or why nothing is acknowledged any more. */
            state: string;
            /** Format: int64 */
            wal_bytes: number;
            writable: boolean;
        };
        Topic: components["schemas"]["Health"] & components["schemas"]["Freshness"] & {
            /**
             * Format: int64
             * @description One more loss stops acks=all writes to them.
             */
            at_min_isr_partitions?: number | null;
            /** Format: double */
            bytes_in_per_sec?: number | null;
            /** Format: double */
            bytes_out_per_sec?: number | null;
            cleanup_policy?: string | null;
            cluster: string;
            /**
             * Format: int64
             * @description Groups with a commit or an assignment here.
             */
            group_count?: number;
            /** Format: int64 */
            log_end_offset_sum?: number | null;
            /** Format: int64 */
            log_start_offset_sum?: number | null;
            /** Format: double */
            messages_in_per_sec?: number | null;
            /** Format: int64 */
            min_insync_replicas?: number | null;
            /** Format: int64 */
            non_preferred_leaders?: number | null;
            /** Format: int64 */
            offline_partitions?: number | null;
            /** Format: int64 */
            partition_count?: number | null;
            /** @description Why the status is not `ok`, worst first, each a sentence with its value. */
            reasons?: string[];
            /** Format: int64 */
            reassigning_partitions?: number | null;
            /** Format: int64 */
            replication_factor?: number | null;
            /**
             * Format: int64
             * @description -1 keeps for ever.
             */
            retention_ms?: number | null;
            /**
             * Format: int64
             * @description Of all replicas on disk.
             */
            size_bytes?: number | null;
            /**
             * Format: int64
             * @description Partitions whose leader is silent: their offsets are repeated.
             */
            stale_partitions?: number | null;
            status: components["schemas"]["Status"];
            topic: string;
            /** Format: int64 */
            under_min_isr_partitions?: number | null;
            /** Format: int64 */
            under_replicated_partitions?: number | null;
            /** @description The two worst of them. */
            worst_groups?: components["schemas"]["TopicGroup"][];
        };
        /** @description One topic with its groups and what is wrong in it. */
        TopicDetail: components["schemas"]["Topic"] & {
            abnormal_partitions: components["schemas"]["AbnormalPartitions"];
            /** Format: int64 */
            as_of_ms: number;
            /** @description All of its groups, worst first. */
            groups: components["schemas"]["TopicGroupDetail"][];
            partitions?: components["schemas"]["AllPartitions"] | null;
            schema: string;
        };
        /** @description Where one group stands on one topic. */
        TopicGroup: {
            group: string;
            /**
             * Format: int64
             * @description Of its partitions here, added; unknown without a commit, and when it is of one with a commit.
             */
            lag_messages?: number | null;
            /**
             * @description How that age is known: `exact`, `interpolated`, or `at_least` (it may be older, in this or in
             *     another partition).
             */
            lag_secs_method?: string | null;
            /** @description The worst verdict of its partitions here: `OK`, `WARN`, `REWIND`, `STALL` or `STOP`. */
            lag_status?: string | null;
            /**
             * Format: double
             * @description Of the worst partition here.
             */
            max_lag_secs?: number | null;
            /**
             * Format: int64
             * @description Of its partitions here, added.
             */
            messages_lost?: number | null;
            /**
             * Format: int64
             * @description Partitions here with a commit or an assignment.
             */
            partition_count: number;
            /**
             * Format: double
             * @description Until retention overtakes the first of its partitions here.
             */
            secs_to_data_loss?: number | null;
            /** @description Any of it is repeated from before. */
            stale: boolean;
        };
        /** @description A group of a topic, with what is known of the whole group. */
        TopicGroupDetail: components["schemas"]["TopicGroup"] & {
            /**
             * @description Total lag of the group over the last hour, other topics included, oldest first; gaps are
             *     null.
             */
            lag_trend: (number | null)[];
            /**
             * Format: double
             * @description Change of the total lag of the group, messages a second; above 0 it grows.
             */
            lag_velocity_per_sec?: number | null;
            /** Format: int64 */
            member_count?: number | null;
            /** Format: double */
            secs_to_catch_up?: number | null;
            state?: string | null;
            status?: components["schemas"]["Status"] | null;
        };
        Value: unknown;
        /** @description The answer. */
        Why: {
            /** @description The next step; null when there is nothing to do. */
            action?: string | null;
            /** Format: int64 */
            as_of_ms: number;
            attribute?: string | null;
            cluster?: string | null;
            event: string;
            /**
             * Format: int64
             * @description Epoch milliseconds of the newest data there is, in the window or before it.
             */
            newest_at_ms?: number | null;
            schema: string;
            /** @description The source that is spoken of, where it is one. */
            source?: string | null;
            step: components["schemas"]["WhyStep"];
            /** @description What was found, as a sentence. */
            text: string;
        };
        /**
         * @description Where on the way from a source to the page the data is missing, in the order of that way.
         * @enum {string}
         */
        WhyStep: "unknown_event" | "unknown_attribute" | "no_source" | "not_polled_yet" | "source_failing" | "not_from_this_source" | "right_missing" | "not_supported" | "request_failing" | "filtered_out" | "none_there" | "attribute_absent" | "stale" | "available";
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
