"""How the program is put together: settings, addresses, servers, tasks. Nothing else imports from here."""
