//! Wire types of the REST API, error body, and the HTTP client
