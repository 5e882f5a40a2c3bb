{%- from 'mxproof/settings.jinja' import settings, me, installed with context %}
# What Debian asks whoever installs Postfix; it is told the rest below.
postfix-answers:
  cmd.run:
    - name: |
        debconf-set-selections <<'END'
        postfix postfix/main_mailer_type select Internet Site
        postfix postfix/mailname string {{ me.name }}
        END
    - unless: {{ installed('postfix') }}

packages:
  cmd.run:
    - name: apt-get install --yes --no-install-recommends postfix pdns-server pdns-backend-pgsql pdns-tools certbot curl nftables rsync{{ ' unbound dns-root-data' if settings.resolver == '127.0.0.1' }}
    - env:
      - DEBIAN_FRONTEND: noninteractive
    - unless: {{ installed('postfix pdns-server pdns-backend-pgsql pdns-tools certbot curl nftables rsync' ~ (' unbound' if settings.resolver == '127.0.0.1' else '')) }}
    - require:
      - cmd: postfix-answers

# From the archive that apt knows, or from a folder with the files that `make deb` made.
mxproof-packages:
  cmd.run:
    - name: apt-get install --yes --no-install-recommends{% for name in ['', '-policyd', '-collect', '-tlsrpt', '-publish', '-watch'] %} {{ settings.packages ~ '/' if settings.packages }}mxproof{{ name }}{{ '_*.deb' if settings.packages }}{% endfor %}
    - env:
      - DEBIAN_FRONTEND: noninteractive
    - unless: {{ installed('mxproof mxproof-policyd mxproof-collect mxproof-tlsrpt mxproof-publish mxproof-watch') }}
    - require:
      - cmd: packages
