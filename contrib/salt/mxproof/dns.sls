# DNS alone, on every server before anything else: an authority that looks at a proof asks whichever name server it likes.
include:
  - mxproof.packages
  - mxproof.resolver
  - mxproof.postgresql
  - mxproof.powerdns
