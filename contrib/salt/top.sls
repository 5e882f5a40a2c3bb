base:
  '*':
    - mxproof
