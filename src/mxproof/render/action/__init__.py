"""What an administrator acts with: zone lines, nsupdate scripts, PowerDNS patches, certbot commands, a runbook."""
