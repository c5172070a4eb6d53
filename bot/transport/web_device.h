/* What a browser says it is, in two words out of a list of ours: enough to tell one's own
 * sessions apart, and nothing that a stranger could write into the store. Pure. */
#ifndef TRANSPORT_WEB_DEVICE_H
#define TRANSPORT_WEB_DEVICE_H

enum { WEB_DEVICE = 40 };

/* "Chrome/Android" of a User-Agent header; a part that is not known is left out, all of it
 * empty. `user_agent` may be NULL. */
void web_device(const char *user_agent, char out[WEB_DEVICE]);

#endif
