"""The transport between window and worker: length-prefixed MessagePack messages over the worker's stdin and stdout."""
