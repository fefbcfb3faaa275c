"""What every service stands on: settings, logging, metrics, health, Kafka and Elasticsearch connections."""
