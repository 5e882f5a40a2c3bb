{%- from 'mxproof/settings.jinja' import settings, me, peers, first, database with context %}
# Each server answers from the one database, and signs by itself with the keys that lie there.
/etc/powerdns/pdns.d/mxproof.conf:
  file.managed:
    - user: root
    - group: pdns
    - mode: '0640'
    - show_changes: False
    - contents: |
        launch=gpgsql
        gpgsql-host={{ database.ipv4 }}
        gpgsql-dbname=pdns
        gpgsql-user=pdns
        gpgsql-password={{ settings.database.passwords.pdns }}
        gpgsql-extra-connection-parameters=sslmode=require channel_binding=require
        gpgsql-dnssec=yes
        local-address={{ me.ipv4 }}, {{ me.ipv6 }}
        api=yes
        api-key={{ settings.powerdns.api_key }}
        webserver-address=127.0.0.1
        webserver-port=8081
        # What is written through one server is to be seen at the other at once.
        cache-ttl=0
        query-cache-ttl=0
        negquery-cache-ttl=0
        zone-cache-refresh-interval=0
        domain-metadata-cache-ttl=0
    - require:
      - cmd: packages

# Debian's file of a backend that is not used here.
/etc/powerdns/pdns.d/bind.conf:
  file.absent

pdns:
  service.running:
    - enable: True
    - watch:
      - file: /etc/powerdns/pdns.d/mxproof.conf
      - file: /etc/powerdns/pdns.d/bind.conf
{%- if first %}
    - require:
      - cmd: pdns-tables

# A zone is made once; what stands in it afterwards is yours, and that of mxproof publish.
{%- for domain in settings.domains %}
{%- set zone = '/var/lib/mxproof-salt/%s.zone' % domain %}
{{ zone }}:
  file.managed:
    - makedirs: True
    - replace: False
    - contents: |
        $ORIGIN {{ domain }}.
        $TTL {{ settings.ttl }}
        @ SOA {{ me.name }}. hostmaster.{{ domain }}. 1 3600 600 1209600 {{ [settings.ttl, 60] | min }}
        {%- for server in [me] + peers %}
        @ NS {{ server.name }}.
        @ MX {{ 10 * loop.index }} {{ server.name }}.
        mta-sts A {{ server.ipv4 }}
        mta-sts AAAA {{ server.ipv6 }}
        {%- if server.name.endswith('.' ~ domain) %}
        {{ server.name }}. A {{ server.ipv4 }}
        {{ server.name }}. AAAA {{ server.ipv6 }}
        {%- endif %}
        {%- endfor %}
        @ TXT "v=spf1 mx -all"

zone-{{ domain }}:
  cmd.run:
    - name: |
        pdnsutil load-zone {{ domain }} {{ zone }} && pdnsutil set-kind {{ domain }} native && pdnsutil secure-zone {{ domain }} && pdnsutil rectify-zone {{ domain }}
    - unless: pdnsutil list-all-zones | grep --line-regexp --fixed-strings {{ domain }}
    - require:
      - file: {{ zone }}
      - file: /etc/powerdns/pdns.d/mxproof.conf
      - cmd: pdns-tables
{%- endfor %}
{%- endif %}

/etc/mxproof/powerdns.key:
  file.managed:
    - user: root
    - group: mxproof
    - mode: '0640'
    - show_changes: False
    - contents: {{ settings.powerdns.api_key | string | tojson }}
    - require:
      - cmd: mxproof-packages
