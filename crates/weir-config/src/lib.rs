//! weir.yaml: layers, origins, and every problem with its line and fix
