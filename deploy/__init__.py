"""What Remarkwire runs on: services for one machine, compose files, images, Kibana objects, Prometheus rules."""
