{%- from 'mxproof/settings.jinja' import settings, me, first, installed with context %}
{%- if first %}
# The one database of both servers: zones for PowerDNS, and what mxproof keeps for both.
postgresql:
  cmd.run:
    - name: apt-get install --yes --no-install-recommends postgresql
    - env:
      - DEBIAN_FRONTEND: noninteractive
    - unless: {{ installed('postgresql') }}
  service.running:
    - enable: True
    - watch:
      - file: postgresql-addresses

postgresql-folder:
  cmd.run:
    - name: ln -s "$(ls -d /etc/postgresql/*/main | tail -n 1)" /etc/postgresql/mxproof
    - creates: /etc/postgresql/mxproof
    - require:
      - cmd: postgresql

postgresql-addresses:
  file.managed:
    - name: /etc/postgresql/mxproof/conf.d/mxproof.conf
    - contents: |
        listen_addresses = '127.0.0.1, {{ me.ipv4 }}'
    - require:
      - cmd: postgresql-folder

postgresql-who-may:
  file.blockreplace:
    - name: /etc/postgresql/mxproof/pg_hba.conf
    - marker_start: '# what follows is of the states of mxproof'
    - marker_end: '# end of what is of the states of mxproof'
    - append_if_not_found: True
    - content: |
        {%- for server in settings.servers.values() %}
        hostssl pdns    pdns    {{ server.ipv4 }}/32 scram-sha-256
        hostssl mxproof mxproof {{ server.ipv4 }}/32 scram-sha-256
        {%- endfor %}
    - require:
      - cmd: postgresql-folder

postgresql-reload:
  cmd.run:
    - name: systemctl reload postgresql
    - onchanges:
      - file: postgresql-who-may
    - require:
      - service: postgresql

{%- for name in ['pdns', 'mxproof'] %}
role-{{ name }}:
  cmd.run:
    - name: psql --quiet --set ON_ERROR_STOP=1 --command 'CREATE ROLE {{ name }} LOGIN'
    - runas: postgres
    - cwd: /
    - unless: psql --tuples-only --command "SELECT 'there' FROM pg_roles WHERE rolname = '{{ name }}'" | grep there
    - require:
      - service: postgresql

# A password stands in files that postgres alone reads, and in no command, whose words everybody sees.
{%- set folder = '/var/lib/mxproof-salt' %}
{%- set texts = {
  'sql': "ALTER ROLE %s PASSWORD '%s';" % (name, settings.database.passwords[name]),
  'pass': '127.0.0.1:*:*:%s:%s' % (name, settings.database.passwords[name]),
} %}
{%- for kind, text in texts.items() %}
{{ folder }}/{{ name }}.{{ kind }}:
  file.managed:
    - makedirs: True
    - user: postgres
    - mode: '0600'
    - show_changes: False
    - contents: {{ text | tojson }}
    - require:
      - cmd: postgresql
{%- endfor %}

# Also after the pillar has another one.
password-{{ name }}:
  cmd.run:
    - name: psql --quiet --set ON_ERROR_STOP=1 --file {{ folder }}/{{ name }}.sql
    - runas: postgres
    - cwd: /
    - unless: psql --no-password 'host=127.0.0.1 dbname=postgres user={{ name }} passfile={{ folder }}/{{ name }}.pass' --command 'SELECT 1'
    - require:
      - cmd: role-{{ name }}
      - file: {{ folder }}/{{ name }}.sql
      - file: {{ folder }}/{{ name }}.pass

database-{{ name }}:
  cmd.run:
    - name: createdb --owner={{ name }} {{ name }}
    - runas: postgres
    - cwd: /
    - unless: psql --tuples-only --command "SELECT 'there' FROM pg_database WHERE datname = '{{ name }}'" | grep there
    - require:
      - cmd: password-{{ name }}
{%- endfor %}

pdns-tables:
  cmd.run:
    - name: (echo 'SET ROLE pdns;'; cat /usr/share/pdns-backend-pgsql/schema/schema.pgsql.sql) | psql --quiet --set ON_ERROR_STOP=1 --single-transaction pdns
    - runas: postgres
    - cwd: /
    - unless: psql --tuples-only --command "SELECT to_regclass('domains')" pdns | grep domains
    - require:
      - cmd: database-pdns
      - cmd: packages
{%- endif %}
