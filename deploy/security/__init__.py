"""Who may do what on a secured cluster: Kafka's ACLs and Elasticsearch's roles, stage by stage."""
