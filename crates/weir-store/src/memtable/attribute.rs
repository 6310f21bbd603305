//! The names of a table and the strings they held.

use std::sync::Arc;

use super::append_list::AppendList;

/// An attribute name and the dictionary of the strings it held.
pub struct Attribute {
    pub name: Arc<str>,
    pub strings: AppendList<Arc<str>>,
}

impl Attribute {
    pub fn new(name: Arc<str>) -> Self {
        Attribute { name, strings: AppendList::new() }
    }
}
