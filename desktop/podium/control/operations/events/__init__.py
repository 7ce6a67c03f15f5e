"""Changes of instances, workers and attention as events of the API."""
