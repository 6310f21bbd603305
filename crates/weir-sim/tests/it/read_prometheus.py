# Reads a page of /metrics from standard input; fails on a line it does not understand, on a family
# that comes twice, and on a sample that comes twice.
import sys

from prometheus_client.parser import text_string_to_metric_families

names, samples = [], set()
for family in text_string_to_metric_families(sys.stdin.read()):
    names.append(family.name)
    assert family.type == "gauge" and family.documentation, family
    for sample in family.samples:
        key = (sample.name, tuple(sorted(sample.labels.items())))
        assert sample.name == family.name and key not in samples, key
        samples.add(key)
assert len(names) == len(set(names)), "a family comes twice"
print("families", len(names))
print("samples", len(samples))
