"""Reading what agents print: bytes in, typed updates and one report out, by the rules of an adapter."""
