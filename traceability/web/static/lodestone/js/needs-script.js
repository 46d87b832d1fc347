// Shows what works with script alone, such as signing in with a passkey. Without this file it stays hidden.
for (const one of document.querySelectorAll("[data-needs-script]")) one.hidden = false;
