"""How window and worker talk: length-prefixed MessagePack messages over the worker's stdin and stdout."""
