"""A mail world in one process on loopback: DNS, HTTPS, SMTP and a certificate authority."""
