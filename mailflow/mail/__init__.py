"""The wires: IMAP in, SMTP out. Knows messages, no duties. The only place with sockets."""
