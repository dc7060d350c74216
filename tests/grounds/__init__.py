"""What tests stand on: databases, browsers, servers, mail servers, and a client that reads."""
