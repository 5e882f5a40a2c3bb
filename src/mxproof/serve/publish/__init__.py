"""The policy host: MTA-STS policies of many domains over HTTPS."""
