{%- from 'mxproof/settings.jinja' import settings, peers, first with context %}
{%- if settings.firewall %}
# Mail, names, policies; the database for the other server alone; ssh from where it is managed, or from anywhere.
/etc/nftables.conf:
  file.managed:
    - mode: '0755'
    - contents: |
        #!/usr/sbin/nft -f
        # Of this table alone: those of others, such as fail2ban and Docker, are left.
        table inet mxproof
        delete table inet mxproof
        table inet mxproof {
            chain input {
                type filter hook input priority filter; policy drop;
                ct state established,related accept
                iif lo accept
                meta l4proto { icmp, ipv6-icmp } accept
                tcp dport { 25, 53, 443, 465, 587, 993 } accept
                udp dport 53 accept
                {%- for network in settings.admin_networks %}
                {{ 'ip6' if ':' in network else 'ip' }} saddr {{ network }} tcp dport {{ settings.ssh_port }} accept
                {%- else %}
                tcp dport {{ settings.ssh_port }} accept
                {%- endfor %}
                {%- if first %}
                {%- for server in peers %}
                ip saddr {{ server.ipv4 }} tcp dport 5432 accept
                {%- endfor %}
                {%- endif %}
            }
        }
    - require:
      - cmd: packages

nftables:
  service.running:
    - enable: True
    - reload: True
    - watch:
      - file: /etc/nftables.conf
{%- endif %}
