//! SQLite metadata: keys now; dashboards, conditions, incidents later
