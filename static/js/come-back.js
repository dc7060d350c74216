/** Whoever comes back to this page, the answer to a post, is shown its address: nothing is sent anew. */
history.replaceState(history.state, "", location.href);
