//! HTTP transport: routes, auth, error mapping
