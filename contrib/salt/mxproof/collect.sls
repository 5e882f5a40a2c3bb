{%- from 'mxproof/settings.jinja' import settings with context %}
# What Postfix met is kept on this machine, whatever becomes of the database: Postfix waits for nobody.
/etc/sysctl.d/mxproof.conf:
  file.managed:
    - contents: net.unix.max_dgram_qlen = 512

/etc/mxproof/collect.toml:
  file.managed:
    - contents: |
        [send]
        contact = "{{ settings.contact }}"
        through = "smtp://127.0.0.1:25"
        signed_elsewhere = true

        [store]
        url = "sqlite:/var/lib/mxproof/journal.db"

        [admin]
        http = "inet:127.0.0.1:8464"
    - require:
      - cmd: mxproof-packages

mxproof-collect:
  service.running:
    - enable: True
    - require:
      - file: /etc/sysctl.d/mxproof.conf
    - watch:
      - file: /etc/mxproof/collect.toml
