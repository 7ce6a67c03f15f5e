"""What calls for a person: the alerts of all instances, and whether a person wants to hear them."""
