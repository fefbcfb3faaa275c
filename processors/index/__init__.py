"""The sink: writes articles, reports, remarks and stories to Elasticsearch, or gives them up with a reason."""
