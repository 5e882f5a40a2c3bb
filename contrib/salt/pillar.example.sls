# What the states of mxproof are told. README.md says what each key is for; those without a comment there have no default.
mxproof:
  domains: [example.com]
  contact: postmaster@example.com
  servers:
    mx1: {name: mx1.example.com, ipv4: 192.0.2.25, ipv6: '2001:db8::25'}
    mx2: {name: mx2.example.com, ipv4: 192.0.2.26, ipv6: '2001:db8::26'}
  database:
    server: mx1
    passwords: {pdns: change-me, mxproof: change-me-too}
  powerdns:
    api_key: change-me-three
  acme:
    directory: https://acme-v02.api.letsencrypt.org/directory
