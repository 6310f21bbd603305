/** The routes: names are stable, because links to them live in runbooks. */

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  retainSearchParams,
} from '@tanstack/react-router';
import { NotFound } from './pages/NotFound';
import { ErrorNote, Skeleton } from './parts/Loaded';
import { Shell } from './shell/Shell';
import { parseSearch, stringifySearch } from './url/search';
import type { ViewSearch } from './url/view';

export interface ListSearch {
  q?: string;
  sort?: string;
  /** `show`: resting groups too. */
  resting?: string;
  /** What the list is narrowed to: a status, or what is wrong. */
  only?: string;
  /** `yes`: more rows than the server sends unasked. */
  all?: string;
}

export interface TabSearch extends ListSearch {
  tab?: string;
}

export interface QuerySearch {
  q?: string;
  view?: string;
  /** `yes`: the steps of the query too. */
  explain?: string;
}

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  validateSearch: (search: Record<string, unknown>): ViewSearch =>
    texts(search, 'from', 'to', 'tz', 'refresh'),
  search: { middlewares: [retainSearchParams<ViewSearch>(['from', 'to', 'tz', 'refresh'])] },
});

const LIST = ['q', 'sort', 'resting', 'only', 'all'] as const;
const listSearch = (search: Record<string, unknown>): ListSearch => texts(search, ...LIST);
const tabSearch = (search: Record<string, unknown>): TabSearch => texts(search, ...LIST, 'tab');

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  staticData: { title: undefined },
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import('./pages/home/HomePage'), 'HomePage'),
});

const cluster = createRoute({
  getParentRoute: () => root,
  path: '/clusters/$cluster',
  validateSearch: tabSearch,
  component: lazyRouteComponent(() => import('./pages/cluster/ClusterPage'), 'ClusterPage'),
});

const broker = createRoute({
  getParentRoute: () => root,
  path: '/clusters/$cluster/brokers/$broker',
  component: lazyRouteComponent(() => import('./pages/broker/BrokerPage'), 'BrokerPage'),
});

const topic = createRoute({
  getParentRoute: () => root,
  path: '/clusters/$cluster/topics/$topic',
  component: lazyRouteComponent(() => import('./pages/topic/TopicPage'), 'TopicPage'),
});

const group = createRoute({
  getParentRoute: () => root,
  path: '/clusters/$cluster/groups/$group',
  validateSearch: tabSearch,
  component: lazyRouteComponent(() => import('./pages/group/GroupPage'), 'GroupPage'),
});

const clusters = createRoute({
  getParentRoute: () => root,
  path: '/clusters',
  staticData: { title: 'Clusters' },
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import('./pages/lists/ClustersPage'), 'ClustersPage'),
});

const brokers = createRoute({
  getParentRoute: () => root,
  path: '/brokers',
  staticData: { title: 'Brokers' },
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import('./pages/lists/BrokersPage'), 'BrokersPage'),
});

const groups = createRoute({
  getParentRoute: () => root,
  path: '/groups',
  staticData: { title: 'Groups' },
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import('./pages/lists/GroupsPage'), 'GroupsPage'),
});

const topics = createRoute({
  getParentRoute: () => root,
  path: '/topics',
  staticData: { title: 'Topics' },
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import('./pages/lists/TopicsPage'), 'TopicsPage'),
});

const sources = createRoute({
  getParentRoute: () => root,
  path: '/sources',
  staticData: { title: 'Sources' },
  component: lazyRouteComponent(() => import('./pages/sources/SourcesPage'), 'SourcesPage'),
});

const lookups = createRoute({
  getParentRoute: () => root,
  path: '/lookups',
  staticData: { title: 'Lookup tables' },
  component: lazyRouteComponent(() => import('./pages/lookups/LookupsPage'), 'LookupsPage'),
});

const query = createRoute({
  getParentRoute: () => root,
  path: '/query',
  staticData: { title: 'Query' },
  validateSearch: (search: Record<string, unknown>): QuerySearch =>
    texts(search, 'q', 'view', 'explain'),
  component: lazyRouteComponent(() => import('./pages/query/QueryPage'), 'QueryPage'),
});

const routeTree = root.addChildren([
  home,
  cluster,
  broker,
  topic,
  group,
  clusters,
  brokers,
  topics,
  groups,
  sources,
  query,
  lookups,
]);

export function makeRouter() {
  return createRouter({
    routeTree,
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPendingComponent: () => <Skeleton rows={8} />,
    defaultErrorComponent: ({ error, reset }) => (
      <ErrorNote
        error={error instanceof Error ? error : new Error(String(error))}
        onRetry={reset}
      />
    ),
    scrollRestoration: true,
  });
}

/** The named parameters that are there; what they say is judged where they are read. */
function texts<Name extends string>(search: Record<string, unknown>, ...names: Name[]) {
  const found = names.filter((name) => typeof search[name] === 'string');
  return Object.fromEntries(found.map((name) => [name, search[name]])) as {
    [name in Name]?: string;
  };
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
  interface StaticDataRouteOption {
    /** Last part of the breadcrumb and title of the tab. */
    title?: string;
  }
}
