//! `weir keys`: on the data folder itself, so that they can be made where no key is known yet.

use clap::{Subcommand, ValueEnum};
use serde_json::json;
use weir_meta::{Key, KeyId, KeyKind, Keys, Meta, MetaError};
use weir_types::{AccountId, Clock, ErrorCode, SystemClock};

use crate::context::Context;
use crate::failure::Failure;
use crate::output::{Cell, Column, Format, Table};
use crate::settings::PlaceArgs;

/// Manage the keys of the server on this machine
///
/// User keys ask; ingest keys send events. Works on the data folder, with the server running or not.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// List keys, masked
    #[command(before_help = "\
Examples:
  weir keys list
  weir keys list --data /var/lib/weir -o json")]
    List {
        #[command(flatten)]
        place: PlaceArgs,
    },
    /// Make a key and print it, once
    #[command(before_help = "\
Examples:
  weir keys create user --label grafana
  weir keys create ingest")]
    Create {
        /// What the key is for: to ask, or to send events
        #[arg(value_enum)]
        kind: Kind,
        /// Say what uses it
        #[arg(long, value_name = "TEXT", default_value = "")]
        label: String,
        #[command(flatten)]
        place: PlaceArgs,
    },
    /// Make a key stop working, at once
    #[command(before_help = "\
Examples:
  weir keys revoke 3f2a90b1c4d5")]
    Revoke {
        /// The id that `weir keys list` shows
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        place: PlaceArgs,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    User,
    Ingest,
}

pub fn run(command: KeysCommand, context: &Context) -> Result<(), Failure> {
    match command {
        KeysCommand::List { place } => list(&open(&place)?, context),
        KeysCommand::Create { kind, label, place } => create(&open(&place)?, kind, &label, context),
        KeysCommand::Revoke { id, place } => {
            open(&place)?.revoke(&KeyId(id.clone())).map_err(meta_failure)?;
            context.output.note(&format!("key {id} no longer works"));
            Ok(())
        }
    }
}

fn list(keys: &Keys, context: &Context) -> Result<(), Failure> {
    let keys = keys.list().map_err(meta_failure)?;
    let document: Vec<_> = keys.iter().map(document_of).collect();
    context.output.data(&document, &table_of(&keys))
}

fn create(keys: &Keys, kind: Kind, label: &str, context: &Context) -> Result<(), Failure> {
    let kind = match kind {
        Kind::User => KeyKind::User,
        Kind::Ingest => KeyKind::Ingest,
    };
    let now = SystemClock.now();
    let new = keys.create(kind, AccountId::DEFAULT, label, now).map_err(meta_failure)?;
    let secret = new.secret.reveal();
    context.output.note(&format!("{} key {}, shown this once:", kind, new.key.id.0));
    match context.output.format {
        Format::Table | Format::Wide | Format::Csv => context.output.text(&format!("{secret}\n")),
        Format::Json | Format::Yaml => {
            let mut document = document_of(&new.key);
            document["key"] = json!(secret);
            context.output.data(&document, &Table::new(Vec::new()))
        }
    }
}

/// The keys of a data folder that a server has been started on.
fn open(place: &PlaceArgs) -> Result<Keys, Failure> {
    let config = place.config()?;
    let path = config.data_dir.join(crate::serve::META_FILE);
    if !path.exists() {
        let message = format!("{} holds no keys", config.data_dir.display());
        return Err(Failure::new(ErrorCode::NotFound, message)
            .with_hint("name the server's folder with --data; its first start makes the keys"));
    }
    Ok(Meta::open(&path).map_err(meta_failure)?.keys())
}

fn meta_failure(error: MetaError) -> Failure {
    let code = match error {
        MetaError::NoSuchKey(_) => ErrorCode::NotFound,
        _ => ErrorCode::Internal,
    };
    Failure::new(code, error.to_string())
}

fn document_of(key: &Key) -> serde_json::Value {
    json!({
        "id": key.id.0,
        "kind": key.kind.as_str(),
        "account_id": key.account.0,
        "label": key.label,
        "key": masked(key),
        "created_at_ms": key.created_at.as_millis(),
    })
}

fn table_of(keys: &[Key]) -> Table {
    let mut table = Table::new(vec![
        Column::word("ID", "id"),
        Column::word("KIND", "kind"),
        Column::word("KEY", "key"),
        Column::number("ACCOUNT", "account_id"),
        Column::name("LABEL", "label"),
        Column::number("AGE", "created_at_ms"),
    ]);
    let now = SystemClock.now();
    for key in keys {
        table.push(vec![
            Cell::text(&key.id.0),
            Cell::text(key.kind.as_str()),
            Cell::text(masked(key)),
            Cell::text(key.account.0.to_string()),
            if key.label.is_empty() { Cell::missing() } else { Cell::text(&key.label) },
            Cell::since(key.created_at, now),
        ]);
    }
    table
}

fn masked(key: &Key) -> String {
    format!("{}...", key.prefix)
}
