{%- from 'mxproof/settings.jinja' import settings with context %}
# What Postfix met is kept on this machine, whatever becomes of the database: Postfix waits for nobody.
/etc/sysctl.d/mxproof.conf:
  file.managed:
    - contents: net.unix.max_dgram_qlen = 512

# It counts when a socket is made. In a container that may not set it, whoever runs that has to.
collect-queue:
  cmd.run:
    - name: sysctl --quiet --load=/etc/sysctl.d/mxproof.conf && systemctl restart mxproof-collect.socket mxproof-collect.service
    - onlyif: test -w /proc/sys/net/unix/max_dgram_qlen
    - onchanges:
      - file: /etc/sysctl.d/mxproof.conf
    - require:
      - service: mxproof-collect

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
    - watch:
      - file: /etc/mxproof/collect.toml
