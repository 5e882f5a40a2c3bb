"""DNS: messages, datagrams, and the look-up over several resolvers."""
