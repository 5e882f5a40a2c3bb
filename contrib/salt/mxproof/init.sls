# Everything that mxproof offers, beside Postfix, PowerDNS with PostgreSQL and certbot. The order is that of the list.
include:
  - mxproof.packages
  - mxproof.resolver
  - mxproof.postgresql
  - mxproof.powerdns
  - mxproof.postfix
  - mxproof.certbot
  - mxproof.policyd
  - mxproof.collect
  - mxproof.tlsrpt
  - mxproof.publish
  - mxproof.watch
  - mxproof.firewall
  - mxproof.backup
