"""The nouns of a mail domain, derived from evidence: policy, hosts, endpoints, trust."""
