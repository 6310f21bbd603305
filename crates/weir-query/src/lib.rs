//! NRQL to answers: planning, evaluation, New Relic's result shapes
