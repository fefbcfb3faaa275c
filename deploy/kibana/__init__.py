"""The source of the dashboards (YAML, Vega), and what it compiles to (``remarkwire.ndjson``)."""
