"""The daemon that collects what Postfix tells of its own deliveries: datagrams of libtlsrpt, added up by day in the journal."""
