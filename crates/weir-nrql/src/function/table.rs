//! The rows of the function table, aggregators first, in the order of the language reference.

mod aggregator;
mod scalar;

use super::{Function, FunctionKind};
use aggregator::AGGREGATORS;
use scalar::SCALARS;

/// Every function of the language.
pub const FUNCTIONS: &[Function] = &ALL;

const ALL: [Function; AGGREGATORS.len() + SCALARS.len() + GROUPINGS.len()] = {
    let mut all = [GROUPINGS[0]; AGGREGATORS.len() + SCALARS.len() + GROUPINGS.len()];
    let (aggregators, others) = all.split_at_mut(AGGREGATORS.len());
    let (scalars, groupings) = others.split_at_mut(SCALARS.len());
    aggregators.copy_from_slice(AGGREGATORS);
    scalars.copy_from_slice(SCALARS);
    groupings.copy_from_slice(GROUPINGS);
    all
};

const GROUPINGS: &[Function] = &[
    row(
        FunctionKind::Facet,
        "buckets",
        "attribute, ceiling, n",
        1,
        Some(3),
        "n equal ranges from 0 to the ceiling",
    ),
    row(
        FunctionKind::Facet,
        "dimensions",
        "[include: {…} | exclude: {…}]",
        0,
        Some(0),
        "one group for each series of a metric",
    )
    .named(&["include", "exclude"]),
];

const fn row(
    kind: FunctionKind,
    name: &'static str,
    parameters: &'static str,
    min_arguments: usize,
    max_arguments: Option<usize>,
    doc: &'static str,
) -> Function {
    Function {
        name,
        aliases: &[],
        kind,
        parameters,
        min_arguments,
        max_arguments,
        named_arguments: &[],
        doc,
    }
}

impl Function {
    const fn named(mut self, names: &'static [&'static str]) -> Function {
        self.named_arguments = names;
        self
    }

    const fn alias(mut self, names: &'static [&'static str]) -> Function {
        self.aliases = names;
        self
    }
}
