/* The few primitives of libcrypto that the program needs. Aborts where the library
 * cannot give randomness: there is no safe way to go on. */
#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>

#define SHA256_HEX 65

void sha256_hex(const void *data, size_t n, char out[SHA256_HEX]);
/* HMAC-SHA256 as standard base64 with padding: 44 characters and a terminator. */
#define HMAC_BASE64 45
void hmac_sha256_base64(const char *key, const void *data, size_t n, char out[HMAC_BASE64]);
void random_bytes(void *out, size_t n); /* at most INT_MAX of them */
/* `out` receives 2 * n hexadecimal digits and a terminator. */
void random_hex(char *out, size_t n);
/* Standard base64 with padding; `out` has room for BASE64_ROOM(n) bytes. */
#define BASE64_ROOM(n) (((n) + 2) / 3 * 4 + 1)
void base64_encode(const void *data, size_t n, char *out);
/* Decodes standard base64 with its padding. `out` has room for strlen(text) bytes. */
bool base64_decode(const char *text, unsigned char *out, size_t *n);
/* Constant time for equal lengths. */
bool secret_equal(const char *a, const char *b);

#endif
