{%- from 'mxproof/settings.jinja' import settings with context %}
# Each server has a store of its own: mail goes out of one while the other is down.
/etc/mxproof/policyd.toml:
  file.managed:
    - contents: |
        collector = "unix:/var/spool/postfix/mxproof/tlsrpt"

        [dns]
        resolvers = ["{{ settings.resolver }}"]
        trust_ad = true

        [store]
        url = "sqlite:/var/lib/mxproof/policyd.db"

        [admin]
        http = "inet:127.0.0.1:8462"
        control = "unix:/run/mxproof/policyd.ctl"
    - require:
      - cmd: mxproof-packages

# It tells the collector of what Postfix cannot see, over a socket of Postfix's.
/etc/systemd/system/mxproof-policyd.service.d/collector.conf:
  file.managed:
    - makedirs: True
    - contents: |
        [Service]
        SupplementaryGroups=postfix

mxproof-policyd:
  service.running:
    - enable: True
    - watch:
      - file: /etc/mxproof/policyd.toml
      - file: /etc/systemd/system/mxproof-policyd.service.d/collector.conf
